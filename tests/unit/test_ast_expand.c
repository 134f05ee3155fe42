/* test_ast_expand.c - lets, -D values and arithmetic. */
#include <criterion/criterion.h>

#include <string.h>

#include "test_front_support.h"

static const char *computed(const char *expression)
{
    struct arena *arena = arena_create();
    struct front front = front_expand(
        arena_format(arena, "let n = 4\nlet r = 0.5\nlet s = 3x5\nlet v = %s\nnet a {\nk v\n}\n", expression),
        NULL, 0);
    if (diagnostics_error_count(front.diagnostics) > 0)
        return front_print_headlines(&front);
    return front_print_value(&front, front_statement(front.expanded, 0)->items[0]->value);
}

Test(expand, computes)
{
    cr_expect_str_eq(computed("2*n"), "8");
    cr_expect_str_eq(computed("(n + 1)*2"), "10");
    cr_expect_str_eq(computed("(n - 1 - 1)"), "2");
    cr_expect_str_eq(computed("-n"), "-4");
    cr_expect_str_eq(computed("n/2"), "2");
    cr_expect_str_eq(computed("n/8"), "0.5");
    cr_expect_str_eq(computed("1/n/2"), "0.125");
    cr_expect_str_eq(computed("1/255"), "0.00392156862745098");
    cr_expect_str_eq(computed("n*r"), "2.0");
    cr_expect_str_eq(computed("10%*n"), "0.4");
    cr_expect_str_eq(computed("10%"), "10%");
    cr_expect_str_eq(computed("0.050"), "0.050");
    cr_expect_str_eq(computed("(n, n/2)"), "4x2");
    cr_expect_str_eq(computed("(n, -1)"), "(4, -1)");
    cr_expect_str_eq(computed("[n, 2*n, s, \"t\"]"), "[4, 8, 3x5, \"t\"]");
    cr_expect_str_eq(computed("[1 -n; n/2 r]"), "[1 -4; 2 0.5]");
    cr_expect_str_eq(computed("(0 - 9223372036854775807 - 1)"), "-9223372036854775808");
}

Test(expand, refuses_what_has_no_result)
{
    cr_expect_str_eq(computed("9223372036854775807*2"), "4:9: error: the result of this is too large\n");
    cr_expect_str_eq(computed("(9223372036854775807 + 1)"), "4:9: error: the result of this is too large\n");
    cr_expect_str_eq(computed("(0 - 9223372036854775807 - 2)"),
                     "4:9: error: the result of this is too large\n");
    cr_expect_str_eq(computed("(0 - 9223372036854775807 - 1)/-1"),
                     "4:9: error: the result of this is too large\n");
    cr_expect_str_eq(computed("1e300*1e300"), "4:9: error: the result of this is too large\n");
    cr_expect_str_eq(computed("n/(n - 4)"), "4:9: error: this divides by zero\n");
    cr_expect_str_eq(computed("r/0.0"), "4:9: error: this divides by zero\n");
    cr_expect_str_eq(computed("2*s"), "4:11: error: arithmetic needs numbers, and this is a size\n");
    cr_expect_str_eq(computed("-\"t\""), "4:10: error: arithmetic needs numbers, and this is a text\n");
    cr_expect_str_eq(computed("(n, r)"), "4:13: error: a size is made of whole numbers, and this is none\n");
    cr_expect_str_eq(computed("[n, m]"), "4:13: error: no let declares the name 'm'\n");
    cr_expect_str_eq(computed("v"), "4:9: error: 'v' is used before its let\n");
}

Test(expand, puts_lets_in_everywhere)
{
    struct front front =
        front_expand("let n = 4\nlet win = 3x3\nlet m = 2*n\nnet a {\n"
                     "c: conv n win pad=n/2 same pad=same relu dropout(m, n=n) f=[n, same] n=1\n}\n",
                     NULL, 0);
    cr_expect_str_eq(front_print_headlines(&front), "");
    cr_expect_str_eq(front_print_net(&front),
                     "c: conv 4 3x3 pad=2 same pad=same relu dropout(8, n=4) f=[4, same] n=1\n");
    struct span span = front_statement(front.expanded, 0)->items[1]->value->span;
    cr_expect_eq(span_line(span), 5, "messages point at the use");
    cr_expect_eq(span_column(span), 11);
    struct text quoted = text_create(front.arena);
    tree_print_statement(&quoted, front_statement(front.expanded, 0));
    cr_expect_str_eq(quoted.bytes,
                     "c: conv n win pad=n/2 same pad=same relu dropout(m, n=n) f=[n, same] n=1");
}

Test(expand, leaves_the_tree_as_written_alone)
{
    struct front front = front_expand("let n = 4\nnet a {\nc: conv [n, 2*n] d(n)\n}\n", NULL, 0);
    struct text text = text_create(front.arena);
    tree_print(&text, front.tree);
    cr_expect_str_eq(text.bytes, "let n = 4\n\nnet a {\n    c: conv [n, 2*n] d(n)\n}\n");
}

static void expect_errors(const char *text, const char *expected)
{
    struct front front = front_expand(text, NULL, 0);
    const char *errors = front_print_errors(&front, DIAGNOSTICS_TEXT);
    cr_expect(strstr(errors, expected), "%s", errors);
}

Test(expand, helps_with_unknown_and_repeated_names)
{
    expect_errors("let width = 4\nnet a { d: dense widht*2 }",
                  "a.net:2:18: error: no let declares the name 'widht'\n");
    expect_errors("let width = 4\nnet a { d: dense widht*2 }", "help: did you mean 'width'?\n");
    expect_errors("let n = 4\nlet n = 5\nnet a { k n }",
                  "a.net:2:5: error: 'n' is declared twice\n    2 | let n = 5\n"
                  "      |     ^\na.net:1:5: note: the first one is here\n");
    expect_errors("let b = c\nlet c = 1\nnet a { k b }", "a.net:2:5: note: the let is here\n");
    expect_errors("let conv = 4\nnet a { k 1 }", "a.net:1:5: error: 'conv' is a word of the language");
}

Test(expand, tells_a_failed_let_once)
{
    struct front front = front_expand("let n = 1/0\nlet m = n\nnet a {\nk n\nk 2*m\nk 1\n}\n", NULL, 0);
    cr_expect_str_eq(front_print_headlines(&front), "1:9: error: this divides by zero\n");
    cr_expect_str_eq(front_print_net(&front), "k (failed)\nk (failed)\nk 1\n");
}

Test(expand, takes_values_from_the_command_line)
{
    const struct tree_override overrides[] = {{"n", "8"}, {"s", "(n, 2*n)"}};
    struct front front =
        front_expand("let n = 4\nlet s = 3x3\nlet m = 2*n\nnet a {\nk n s m\n}\n", overrides, 2);
    cr_expect_str_eq(front_print_errors(&front, DIAGNOSTICS_TEXT), "");
    cr_expect_str_eq(front_print_net(&front), "k 8 8x16 16\n");
}

static const char *override_errors(const char *name, const char *text)
{
    const struct tree_override override = {name, text};
    struct front front = front_expand("let width = 4\nnet a {\nk width\n}\n", &override, 1);
    return front_print_errors(&front, DIAGNOSTICS_TEXT);
}

Test(expand, refuses_bad_values_from_the_command_line)
{
    cr_expect_str_eq(override_errors("widht", "8"),
                     "error: -D widht: the file has no 'let widht'\nhelp: did you mean 'width'?\n");
    cr_expect_str_eq(override_errors("a", "8"), "error: -D a: the file has no 'let a'\n");
    cr_expect_str_eq(override_errors("width", "0,5"),
                     "-D width:1:1: error: a number is written with a decimal point, not with a comma\n"
                     "    1 | 0,5\n      | ^~~\nhelp: write 0.5\n");
    cr_expect_str_eq(
        override_errors("width", ""),
        "-D width:1:1: error: expected a value, found the end of the file\n    1 | \n      | ^\n");
    cr_expect(strstr(override_errors("width", "8 9"), "-D width:1:3: error: "));
    cr_expect(strstr(override_errors("width", "8\n9"), "-D width:2:1: error: "));
    cr_expect(strstr(override_errors("width", "(8"), "-D width:1:1: error: '(' is never closed"));
    cr_expect(
        strstr(override_errors("width", "hight"), "-D width:1:1: error: no let declares the name 'hight'"));
    cr_expect(strstr(override_errors("width", "\xff"), "not UTF-8"));
}

Test(expand, wants_one_net_and_at_most_one_train)
{
    expect_errors("train { seed 1 }\n", "a.net:1:1: error: this file declares no 'net'\n");
    expect_errors("", "a.net:1:1: error: this file declares no 'net'\n");
    expect_errors("net a { k 1 }\nnet b { k 2 }\n", "a.net:2:1: error: a file has exactly one 'net'\n");
    expect_errors("net a { k 1 }\ntrain { s 2 }\ntrain { s 3 }\n",
                  "a.net:3:1: error: a file has at most one 'train'\n");
    struct front front = front_expand("net a { k 1 }\nlet n = 1\nnet b { k 2 }\n", NULL, 0);
    cr_expect_eq(front.expanded->declaration_count, 2, "the first net, and the let");
    cr_expect_str_eq(front_print_net(&front), "k 1\n");
}

Test(expand, says_not_yet_once)
{
    struct front front =
        front_expand("filter edge = [1 0 -1]\nblock b(n) {\nconv n\n}\ninclude \"x.net\"\nnet a {\n"
                     "s: b(6)\nr: repeat 2 { b(6) }\nresidual { conv nn*2 }\nc: conv filters=[edge]\n"
                     "add { path { k } path { k } }\nconcat with=s\nk foreign*2\n}\n",
                     NULL, 0);
    cr_expect_str_eq(front_print_headlines(&front), "1:1: error: 'filter' is not supported yet\n"
                                                    "2:1: error: 'block' is not supported yet\n"
                                                    "5:1: error: 'include' is not supported yet\n"
                                                    "8:4: error: 'repeat' is not supported yet\n"
                                                    "9:1: error: 'residual' is not supported yet\n"
                                                    "11:1: error: 'add' is not supported yet\n"
                                                    "12:1: error: 'concat' is not supported yet\n");
    cr_expect_str_eq(front_print_net(&front),
                     "s: b() (failed)\nr: repeat (failed)\nresidual (failed)\n"
                     "c: conv (failed)\nadd (failed)\nconcat (failed)\nk (failed)\n");
}

Test(expand, refuses_calls_and_braces_where_none_belong)
{
    expect_errors("net a {\ndropout(0.2, n=3)\n}\n",
                  "2:1: error: 'dropout' takes its values without parentheses");
    expect_errors("net a {\ndropout(0.2, n=3)\n}\n", "help: write 'dropout 0.2 n=3'\n");
    expect_errors("net a {\nbasic(2)\n}\n", "2:1: error: no block 'basic' is declared");
    expect_errors("block basic(n) { k }\nnet a {\nbasik(2)\n}\n", "help: did you mean 'basic'?");
    expect_errors("net a {\nconv 6 { relu }\n}\n", "2:8: error: 'conv' takes no { }");
}
