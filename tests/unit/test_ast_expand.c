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

Test(expand, writes_blocks_and_repeats_out)
{
    struct front front =
        front_expand("let w = 4\nblock pair(n, k=2*n) {\nlet m = (n + k)\na: conv n\nconv m relu(k)\n}\n"
                     "block deep(n) {\nx: pair(n, k=1)\nmaxpool n\n}\nnet a {\n"
                     "s: pair(w)\nr: repeat w/2 { deep(3)\nb: dense w }\npair(1)\nconv w\n}\n",
                     NULL, 0);
    cr_expect_str_eq(front_print_errors(&front, DIAGNOSTICS_TEXT), "");
    cr_expect_str_eq(front_print_net(&front), "s_a: conv 4\nconv 12 relu(8)\n"
                                              "r_1_x_a: conv 3\nconv 4 relu(1)\nmaxpool 3\nr_1_b: dense 4\n"
                                              "r_2_x_a: conv 3\nconv 4 relu(1)\nmaxpool 3\nr_2_b: dense 4\n"
                                              "a: conv 1\nconv 3 relu(2)\nconv 4\n");
}

Test(expand, wants_every_parameter_used)
{
    struct front front =
        front_expand("block drop(r) { conv 2 dropout(r) }\nnet a {\ndrop(0.5)\n}\n", NULL, 0);
    cr_expect_str_eq(front_print_errors(&front, DIAGNOSTICS_TEXT), "");
    cr_expect_str_eq(front_print_net(&front), "conv 2 dropout(0.5)\n");
}

Test(expand, keeps_inner_lets_and_parameters_inside)
{
    expect_errors("block b(n) { conv n }\nnet a {\nb(2)\nconv 2*n\n}\n",
                  "4:8: error: no let declares the name 'n'");
    expect_errors("block b(n) { let m = n\nconv m }\nnet a {\nb(2)\nconv 2*m\n}\n",
                  "5:8: error: no let declares the name 'm'");
    expect_errors("block b(n) { conv n*w }\nnet a {\nlet w = 2\nb(2)\n}\n",
                  "1:21: error: no let declares the name 'w'");
    struct front front = front_expand("let n = 1\nblock b(n) { conv n }\nnet a {\nb(2)\nlet n = 3\n"
                                      "repeat 2 { let n = 2*n\nconv n }\nconv n\n}\n",
                                      NULL, 0);
    cr_expect_str_eq(front_print_net(&front), "conv 2\nconv 6\nconv 6\nconv 3\n");
}

Test(expand, bodies_of_joins_stay_bodies)
{
    struct front front = front_expand("net a {\nresidual { repeat 2 { relu } } shortcut { }\n}\n", NULL, 0);
    const struct tree_statement *residual = front_statement(front.expanded, 0);
    cr_assert_eq(residual->body_count, 2);
    cr_expect_eq(residual->bodies[0]->statement_count, 2);
    cr_expect_eq(residual->bodies[1]->statement_count, 0);
    cr_expect_str_eq(residual->bodies[1]->name, "shortcut");
}

Test(expand, ends_what_grows_without_bound)
{
    expect_errors("block a(n) { b(n) }\nblock b(n) { a(n) }\nnet x { a(1) }\n",
                  "error: block 'a' calls itself through this line");
    expect_errors("net a {\nrepeat 10000 { repeat 10000 { repeat 10000 { } } }\n}\n",
                  "error: a net may have at most 20000 statements and words");
}

Test(expand, refuses_calls_and_braces_where_none_belong)
{
    expect_errors("net a {\ndropout(0.2, n=3)\n}\n",
                  "2:1: error: 'dropout' takes its values without parentheses");
    expect_errors("net a {\ndropout(0.2, n=3)\n}\n", "help: write 'dropout 0.2 n=3'\n");
    expect_errors("net a {\nbasic(2)\n}\n", "2:1: error: no block 'basic' is declared");
    expect_errors("block basic(n) { k }\nnet a {\nbasik(2)\n}\n", "help: did you mean 'basic'?");
}
