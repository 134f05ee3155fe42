/* test_ast_errors.c - recovery: several errors in one run, no cascades, and no input that harms. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test_front_support.h"

static void expect_headlines(const char *text, const char *expected)
{
    struct front front = front_expand(text, NULL, 0);
    const char *headlines = front_print_headlines(&front);
    cr_expect_str_eq(headlines, expected, "%s", headlines);
}

Test(errors, do_not_end_the_reading)
{
    struct front front =
        front_parse("let n =\nnet a {\ninput 3\nc1: conv pad=\nd: dense 5\nc3:\n}\ntrain {\nseed 1\n5\n}\n");
    cr_expect_str_eq(front_print_headlines(&front), "1:5: error: expected a value after 'n ='\n"
                                                    "4:10: error: expected a value after 'pad='\n"
                                                    "6:1: error: expected a layer after the label 'c3'\n"
                                                    "10:1: error: a line starts with a word, not with '5'\n");
    cr_assert_eq(front.tree->declaration_count, 2);
    cr_expect(!front_statement(front.tree, 0)->has_failed);
    cr_expect(front_statement(front.tree, 1)->has_failed);
    cr_expect_str_eq(front_statement(front.tree, 2)->label, "d");
    cr_expect(front_statement(front.tree, 3)->has_failed);
}

Test(errors, in_bodies_leave_what_follows)
{
    struct front front =
        front_parse("net a {\nr: residual {\nconv pad=\nrelu\n} shortcut 5 {\nconv 6 =\n}\nd: dense 5\n}\n");
    cr_expect_str_eq(front_print_headlines(&front), "3:6: error: expected a value after 'pad='\n"
                                                    "5:12: error: expected '{', found '5'\n"
                                                    "6:8: error: '=' does not fit here after '6'\n");
    cr_expect_str_eq(front_statement(front.tree, 1)->label, "d");
}

Test(errors, of_open_brackets_point_at_the_opener)
{
    expect_headlines("net a {\nd: dense (5\nrelu\n}\n", "2:10: error: '(' is never closed with ')'\n");
    expect_headlines("net a {\nd: dense [5\nc: conv 6\n}\n", "2:10: error: '[' is never closed with ']'\n");
    expect_headlines("net a {\nd: dense [5\n}\n", "2:10: error: '[' is never closed with ']'\n");
    expect_headlines("net a {\nd: dense (5 {\n}\n}\n", "2:10: error: '(' is never closed with ')'\n");
    expect_headlines("net a {\nd: dense 5\n", "1:7: error: '{' is never closed with '}'\n");
    expect_headlines("net a {\nrepeat 2 {\nd: dense [5", "3:10: error: '[' is never closed with ']'\n");
    expect_headlines(
        "net a {\nd: dense 5\nnet b {\ninput 3\n}\n",
        "1:7: error: '{' is not closed before 'net'\n3:1: error: a file has exactly one 'net'\n");
}

Test(errors, in_neighbouring_lines_are_all_told)
{
    expect_headlines("net a {\n5\n6\nd:\n7\n}\n", "2:1: error: a line starts with a word, not with '5'\n"
                                                  "3:1: error: a line starts with a word, not with '6'\n"
                                                  "4:1: error: expected a layer after the label 'd'\n"
                                                  "5:1: error: a line starts with a word, not with '7'\n");
}

Test(errors, in_brackets_end_with_their_line)
{
    expect_headlines(
        "net a {\nc: conv (5, 5 pad=2\nd: dense pad=\n}\n",
        "2:15: error: expected ',' or ')', found 'pad'\n3:10: error: expected a value after 'pad='\n");
    expect_headlines("net a {\nc: conv (5, 5 pad) + [2\n}\n",
                     "2:15: error: expected ',' or ')', found 'pad'\n");
}

Test(errors, of_a_brace_on_the_next_line_are_one)
{
    struct front front = front_expand("net a\n\n  {\n    input 3\n}\n", NULL, 0);
    cr_expect_str_eq(front_print_headlines(&front),
                     "3:3: error: '{' has to stand at the end of the line before\n");
    cr_expect_str_eq(front_print_net(&front), "input 3\n");
}

Test(errors, of_commas_and_signs_say_what_to_write)
{
    struct front front = front_parse("net a {\ndropout 0,05\nd: dense n + 1\nd: dense n - 1\n}\n");
    const char *text = front_print_errors(&front, DIAGNOSTICS_TEXT);
    cr_expect(strstr(text, "2:9: error: a number is written with a decimal point, not with a comma"));
    cr_expect(strstr(text, "help: write 0.05\n"));
    cr_expect(strstr(text, "3:12: error: '+' between values needs parentheses around it"));
    cr_expect(strstr(text, "4:12: error: '-' between values needs parentheses around it"));
    expect_headlines("net a {\ndropout (0,05)\n}\n", "2:12: error: a whole number does not start with 0\n");
}

Test(errors, of_numbers_fail_their_statement_silently)
{
    struct front front =
        front_expand("net a {\nd: dense 99999999999999999999\nc: conv 5x99999999999999999999\n"
                     "r: dense 1e999\ns: dense [1 2; 3]\n}\n",
                     NULL, 0);
    cr_expect_eq(diagnostics_error_count(front.diagnostics), 4);
    for (int i = 0; i < 4; i++)
        cr_expect(front_statement(front.expanded, i)->has_failed, "statement %d", i);
}

Test(errors, of_unreadable_text_are_one)
{
    struct front front = front_parse_bytes("net a {\n\0 input\0 }", 18);
    cr_expect_str_eq(front_print_headlines(&front),
                     "2:1: error: this file is not UTF-8 text: it has the byte 0x00 here\n");
    const char *const broken[] = {"let a = \"\x80\"", "# \xc0\xaf", "# \xed\xa0\x80", "# \xf4\x90\x80\x80",
                                  "# \xe2\x82"};
    for (int i = 0; i < 5; i++) {
        front = front_parse(broken[i]);
        cr_expect_eq(diagnostics_error_count(front.diagnostics), 1, "text %d", i);
        cr_expect(strstr(front_print_headlines(&front), "not UTF-8"), "text %d", i);
    }
}

/* `text` repeated until it has about `length` bytes. */
static const char *repeated(const char *text, size_t length)
{
    size_t size = strlen(text), count = length / size;
    char *result = calloc(count * size + 1, 1);
    for (size_t i = 0; i < count; i++)
        memcpy(result + i * size, text, size);
    return result;
}

static void expect_quick_errors(const char *what, const char *text)
{
    clock_t start = clock();
    struct front front = front_expand(text, NULL, 0);
    cr_expect_gt(diagnostics_error_count(front.diagnostics), 0, "%s", what);
    front_print_errors(&front, DIAGNOSTICS_TEXT);
    /* Generous: sanitizers make this ten times slower. */
    cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 10.0, "%s", what);
}

Test(errors, of_hostile_texts_come_quickly)
{
    const char *const pieces[] = {"(",   "[",    "{ ", "net a {\n", "- ",  "2*",   "! ",
                                  "}\n", "\"\n", "\"", "9x",        "9",   "0,5 ", "é",
                                  "x",   "a(",   "a ", "a=1 ",      "a: ", "1 ",   "let a = (a + b)\n",
                                  "}{"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        expect_quick_errors(pieces[i], repeated(pieces[i], 1000000));
    struct arena *arena = arena_create();
    expect_quick_errors("chain", arena_format(arena, "let a = %s1\n", repeated("2*", 100000)));
    expect_quick_errors("row", arena_format(arena, "let a = [%s", repeated("1 ", 1000000)));
}

Test(errors, of_random_tokens_do_no_harm)
{
    static const char *const tokens[] = {
        "net", "train", "let",   "conv",   "c1",      ":",  "=",    "5",      "5x5", "10%", "0.5", "(",
        ")",   "[",     "]",     "{",      "}",       "+",  "-",    "*",      "/",   ",",   ";",   "\"s\"",
        "\"",  "# c",   "λ",     "×",      "\n",      "\n", "\n",   "1e5",    "a(",  "!",   "é",   "//",
        "0,5", "a",     "block", "filter", "include", "b",  "\r\n", "repeat", " "};
    struct arena *arena = arena_create();
    uint32_t state = 12345;
    for (int round = 0; round < 200; round++) {
        struct text text = text_create(arena);
        for (int i = 0; i < 1000; i++) {
            state = state * 1664525u + 1013904223u;
            text_format(&text, state & 0x100 ? "%s " : "%s",
                        tokens[(state >> 16) % (sizeof tokens / sizeof *tokens)]);
        }
        struct front front = front_expand(text.bytes, NULL, 0);
        cr_expect_gt(diagnostics_error_count(front.diagnostics), 0);
        front_print_errors(&front, DIAGNOSTICS_JSON);
        front_print_errors(&front, DIAGNOSTICS_TEXT);
        struct text printed = text_create(arena);
        tree_print(&printed, front.tree);
    }
}
