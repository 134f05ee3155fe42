/* test_ast_parse.c - text to tree: tokens, items, values, bodies, places. */
#include <criterion/criterion.h>

#include <string.h>

#include "test_front_support.h"

/* The first statement of a net that consists of it. */
static struct tree_statement *statement_of(struct front *front, const char *statement)
{
    struct arena *arena = arena_create();
    *front = front_parse(arena_format(arena, "net a {\n%s\n}\n", statement));
    cr_assert_eq(diagnostics_error_count(front->diagnostics), 0, "%s",
                 front_print_errors(front, DIAGNOSTICS_TEXT));
    return front_statement(front->tree, 0);
}

static void expect_span(struct span span, const char *text)
{
    cr_expect_eq(span.length, strlen(text));
    cr_expect_eq(strncmp(span.source->bytes + span.offset, text, strlen(text)), 0, "'%.*s' for '%s'",
                 (int)span.length, span.source->bytes + span.offset, text);
}

Test(parse, statement_has_label_kind_and_items)
{
    struct front front;
    struct tree_statement *c1 =
        statement_of(&front, "  c1 : conv 6 5x5  pad = 2 relu dropout(0.2)   # edges");
    cr_expect_str_eq(c1->label, "c1");
    cr_expect_str_eq(c1->kind, "conv");
    cr_assert_eq(c1->item_count, 5);
    cr_expect_eq(c1->items[0]->kind, TREE_ITEM_VALUE);
    cr_expect_eq(c1->items[0]->value->kind, TREE_INTEGER);
    cr_expect_eq(c1->items[0]->value->integer, 6);
    cr_expect_eq(c1->items[1]->value->kind, TREE_SIZE);
    cr_expect_eq(c1->items[2]->kind, TREE_ITEM_PAIR);
    cr_expect_str_eq(c1->items[2]->name, "pad");
    cr_expect_eq(c1->items[2]->value->integer, 2);
    cr_expect_eq(c1->items[3]->kind, TREE_ITEM_NAME);
    cr_expect_str_eq(c1->items[3]->name, "relu");
    cr_expect_eq(c1->items[4]->kind, TREE_ITEM_CALL);
    cr_assert_eq(c1->items[4]->argument_count, 1);
    cr_expect_float_eq(c1->items[4]->arguments[0]->value->real, 0.2, 1e-15);
    expect_span(c1->span, "c1 : conv 6 5x5  pad = 2 relu dropout(0.2)");
    expect_span(c1->label_span, "c1");
    expect_span(c1->kind_span, "conv");
    expect_span(c1->items[2]->span, "pad = 2");
    expect_span(c1->items[2]->name_span, "pad");
    expect_span(c1->items[4]->span, "dropout(0.2)");
    expect_span(c1->items[4]->name_span, "dropout");
}

Test(parse, statement_without_items_ends_with_its_kind)
{
    struct front front;
    expect_span(statement_of(&front, "flatten   # no more")->span, "flatten");
    expect_span(statement_of(&front, "f: flatten   ")->span, "f: flatten");
}

Test(parse, literals)
{
    struct front front;
    struct tree_statement *s =
        statement_of(&front, "k 9223372036854775807 .5 1e-4 2. 10% 28x28×1 \"a \\\"b\\\" \\\\ λ\" 0");
    cr_assert_eq(s->item_count, 8);
    cr_expect_eq(s->items[0]->value->integer, INT64_MAX);
    cr_expect_eq(s->items[1]->value->real, 0.5);
    cr_expect_eq(s->items[2]->value->real, 1e-4);
    cr_expect_eq(s->items[3]->value->kind, TREE_REAL);
    cr_expect_eq(s->items[4]->value->kind, TREE_PERCENT);
    cr_expect_eq(s->items[4]->value->real, 0.1);
    struct tree_value *size = s->items[5]->value;
    cr_assert_eq(size->element_count, 3);
    cr_expect_eq(size->elements[0]->integer, 28);
    cr_expect_eq(size->elements[2]->integer, 1);
    expect_span(size->elements[2]->span, "1");
    cr_expect_str_eq(s->items[6]->value->text, "a \"b\" \\ λ");
    cr_expect_eq(s->items[7]->value->kind, TREE_INTEGER);
}

Test(parse, greek_and_latin_lambda_are_one_word)
{
    struct front front = front_parse("train {\nλ l2=1\nlambda l2=1\n}");
    cr_expect_eq(front_statement(front.tree, 0)->kind, front_statement(front.tree, 1)->kind);
    cr_expect_str_eq(front_statement(front.tree, 0)->kind, "lambda");
    expect_span(front_statement(front.tree, 0)->span, "λ l2=1");
}

static void expect_values(const char *items, const char *expected)
{
    struct front front;
    struct arena *arena = arena_create();
    struct tree_statement *s = statement_of(&front, arena_format(arena, "k %s", items));
    struct text text = text_create(arena);
    for (int i = 0; i < s->item_count; i++) {
        text_format(&text, i ? " | " : "");
        if (s->items[i]->value)
            tree_print_value(&text, s->items[i]->value);
        else
            text_format(&text, "%s", s->items[i]->name);
    }
    cr_expect_str_eq(text.bytes, expected, "'%s' read as '%s'", items, text.bytes);
}

Test(parse, blanks_decide_what_minus_and_parentheses_mean)
{
    expect_values("n -1", "n | -1");
    expect_values("-1 -n", "-1 | -n");
    expect_values("(n -1)", "(n - 1)");
    expect_values("(n-1)", "(n - 1)");
    expect_values("2*n 3x3", "2*n | 3x3");
    expect_values("2 * n/3 k", "2*n/3 | k");
    expect_values("2*-n", "2*-n");
    expect_values("n (n + 1)", "n | (n + 1)");
    expect_values("2*(n + 1)*-(k - 1)", "2*(n + 1)*-(k - 1)");
    expect_values("(2 - (3 - n))/(4/k)", "(2 - (3 - n))/(4/k)");
    expect_values("(2 + 3*n)", "(2 + 3*n)");
    expect_values("[1 0 -1; 1 0 -1]", "[1 0 -1; 1 0 -1]");
    expect_values("[1 - 1 2]", "[1 - 1 2]");
    expect_values("[n - 1, -n, 2*n + 1]", "[n - 1, -n, 2*n + 1]");
    expect_values("(k, 2*k) (3, 3, 1)", "(k, 2*k) | 3x3x1");
    expect_values("[[1, 2], []]", "[[1, 2], []]");
    expect_values("[5]", "[5]");
}

Test(parse, name_directly_before_a_parenthesis_is_a_call)
{
    struct front front;
    struct tree_statement *s =
        statement_of(&front, "k dropout(0.2) dropout (0.2) leaky_relu(slope = -1, 2) relu()");
    cr_assert_eq(s->item_count, 5);
    cr_expect_eq(s->items[0]->kind, TREE_ITEM_CALL);
    cr_expect_eq(s->items[1]->kind, TREE_ITEM_NAME);
    cr_expect_eq(s->items[2]->kind, TREE_ITEM_VALUE);
    cr_assert_eq(s->items[3]->argument_count, 2);
    cr_expect_eq(s->items[3]->arguments[0]->kind, TREE_ITEM_PAIR);
    cr_expect_eq(s->items[4]->argument_count, 0);

    s = statement_of(&front, "s2: basic(2*width, stride=2)");
    cr_expect(s->is_call);
    cr_expect_str_eq(s->kind, "basic");
    cr_expect_eq(s->item_count, 2);
    expect_span(s->span, "s2: basic(2*width, stride=2)");
}

Test(parse, newlines_are_blanks_in_brackets_only)
{
    struct front front = front_parse("net a {\nk [1,\n  2,   # two\n\n 3] relu\nm (4\n + 5)\n}\n");
    cr_expect_eq(diagnostics_error_count(front.diagnostics), 0);
    cr_expect_eq(front_statement(front.tree, 0)->item_count, 2);
    cr_expect_eq(front_statement(front.tree, 0)->items[0]->value->element_count, 3);
    cr_expect_str_eq(front_statement(front.tree, 1)->kind, "m");
    cr_expect_null(front_statement(front.tree, 2));
}

Test(parse, bodies)
{
    struct front front;
    struct tree_statement *s =
        statement_of(&front, "r: residual {\n a: conv 6\n relu\n} shortcut { p: conv 6 }");
    cr_assert_eq(s->body_count, 2);
    cr_expect_null(s->bodies[0]->name);
    cr_expect_eq(s->bodies[0]->statement_count, 2);
    cr_expect_str_eq(s->bodies[1]->name, "shortcut");
    cr_expect_str_eq(s->bodies[1]->statements[0]->label, "p");
    expect_span(s->span, "r: residual");
    expect_span(s->bodies[1]->span, "shortcut { p: conv 6 }");
    s = statement_of(&front, "repeat 2 { basic(width) }");
    cr_expect(s->bodies[0]->statements[0]->is_call);
}

Test(parse, declarations_in_source_order)
{
    struct front front =
        front_parse("let n = 4\ninclude \"b.net\"\nfilter e = [1 0; 0 1]\n"
                    "block b(n, stride=1) {\n conv n\n}\nnet a { input 3 }\ntrain { seed 1 }");
    cr_expect_eq(diagnostics_error_count(front.diagnostics), 0);
    const enum tree_declaration_kind kinds[] = {TREE_LET,   TREE_INCLUDE, TREE_FILTER,
                                                TREE_BLOCK, TREE_NET,     TREE_TRAIN};
    cr_assert_eq(front.tree->declaration_count, 6);
    for (int i = 0; i < 6; i++)
        cr_expect_eq(front.tree->declarations[i]->kind, kinds[i]);
    cr_expect_str_eq(front.tree->declarations[1]->include->path, "b.net");
    struct tree_block *block = front.tree->declarations[3]->block;
    cr_assert_eq(block->parameter_count, 2);
    cr_expect_null(block->parameters[0]->value);
    cr_expect_eq(block->parameters[1]->value->integer, 1);
    cr_expect_str_eq(front.tree->declarations[4]->name, "a");
    expect_span(front.tree->declarations[4]->span, "net a");
    expect_span(front.tree->declarations[0]->let->name_span, "n");
}

Test(parse, declaration_words_are_names_elsewhere)
{
    struct front front =
        front_parse("net train {\n include: conv 6 block filter=net\n}\ntrain { validate train }");
    cr_expect_eq(diagnostics_error_count(front.diagnostics), 0, "%s", front_print_headlines(&front));
    cr_expect_str_eq(front_statement(front.tree, 0)->label, "include");
}

Test(parse, accepts_windows_lines_a_byte_order_mark_and_no_last_newline)
{
    struct front front =
        front_parse("\xef\xbb\xbfnet a {\r\n    input 3\r\n    c: conv 6 # x\r\n}\r\ntrain { seed 1 }");
    cr_expect_eq(diagnostics_error_count(front.diagnostics), 0, "%s", front_print_headlines(&front));
    cr_expect_eq(front.tree->declaration_count, 2);
    cr_expect_eq(front_statement(front.tree, 1)->item_count, 1);
    expect_span(front_statement(front.tree, 0)->span, "input 3");
}

Test(parse, empty_texts_have_empty_trees)
{
    const char *const texts[] = {"", "\n\n", "# only a comment", "\xef\xbb\xbf", " \t\r\n"};
    for (int i = 0; i < 5; i++) {
        struct front front = front_parse(texts[i]);
        cr_expect_eq(front.tree->declaration_count, 0);
        cr_expect_eq(diagnostics_error_count(front.diagnostics), 0);
    }
}
