/* test_base_diagnostics.c - how messages look, as text and as JSON lines. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "test_front_support.h"

struct fixture {
    struct front front;
    const struct source *source;
};

static struct fixture fixture_create(const char *text)
{
    struct fixture fixture = {0};
    fixture.front.arena = arena_create();
    fixture.front.diagnostics = diagnostics_create(fixture.front.arena);
    fixture.source = source_from_text(fixture.front.arena, "models/a.net", text, strlen(text));
    return fixture;
}

static struct span place(const struct fixture *fixture, const char *part)
{
    const char *at = strstr(fixture->source->bytes, part);
    return (struct span){fixture->source, (uint32_t)(at - fixture->source->bytes), (uint32_t)strlen(part)};
}

static const char *printed(const struct fixture *fixture)
{
    return front_print_errors(&fixture->front, DIAGNOSTICS_TEXT);
}

static void tell(struct fixture *fixture, const char *part)
{
    diagnostics_error(fixture->front.diagnostics, E0109, place(fixture, part), "wrong");
}

Test(diagnostics, have_place_excerpt_notes_and_help)
{
    struct fixture fixture = fixture_create("net a {\n    input 12x12\n    edges: conv 4 15x15 relu\n}\n");
    struct diagnostic *error =
        diagnostics_error(fixture.front.diagnostics, E0401, place(&fixture, "15x15"),
                          "conv '%s' has kernel 15x15, but its input is only 12x12", "edges");
    diagnostic_note(error, place(&fixture, "input"), "'input' has this size here");
    diagnostic_help(error, "use a kernel of at most %s, or pad=2", "12x12");
    cr_expect_str_eq(printed(&fixture),
                     "models/a.net:3:19: error: conv 'edges' has kernel 15x15, but its input is only 12x12\n"
                     "    3 |     edges: conv 4 15x15 relu\n"
                     "      |                   ^~~~~\n"
                     "models/a.net:2:5: note: 'input' has this size here\n"
                     "help: use a kernel of at most 12x12, or pad=2\n");
}

Test(diagnostics, without_a_place_have_no_excerpt)
{
    struct fixture fixture = fixture_create("");
    diagnostics_error(fixture.front.diagnostics, E0204, (struct span){0}, "-D n: the file has no 'let n'");
    cr_expect_str_eq(printed(&fixture), "error: -D n: the file has no 'let n'\n");
}

Test(diagnostics, align_carets_behind_tabs_and_wide_characters)
{
    struct fixture fixture = fixture_create("\ta\tbad\nλß bad2\n漢字 bad3\ne\xcc\x81 bad4");
    const char *const parts[] = {"bad\n", "bad2", "bad3", "bad4"};
    for (int i = 0; i < 4; i++)
        tell(&fixture, parts[i]);
    cr_expect_str_eq(printed(&fixture), "models/a.net:1:4: error: wrong\n"
                                        "    1 |         a       bad\n"
                                        "      |                 ^~~\n"
                                        "models/a.net:2:4: error: wrong\n"
                                        "    2 | λß bad2\n"
                                        "      |    ^~~~\n"
                                        "models/a.net:3:4: error: wrong\n"
                                        "    3 | 漢字 bad3\n"
                                        "      |      ^~~~\n"
                                        "models/a.net:4:4: error: wrong\n"
                                        "    4 | e\xcc\x81 bad4\n"
                                        "      |   ^~~~\n");
}

Test(diagnostics, of_several_lines_show_the_first)
{
    struct fixture fixture = fixture_create("one [two\r\nthree] four\r\n");
    tell(&fixture, "[two\r\nthree]");
    cr_expect_str_eq(printed(&fixture), "models/a.net:1:5: error: wrong\n"
                                        "    1 | one [two\n"
                                        "      |     ^~~~\n");
}

Test(diagnostics, at_the_end_point_behind_the_text)
{
    struct fixture fixture = fixture_create("one");
    diagnostics_error(fixture.front.diagnostics, E0109, (struct span){fixture.source, 3, 0}, "wrong");
    cr_expect_str_eq(printed(&fixture), "models/a.net:1:4: error: wrong\n    1 | one\n      |    ^\n");
}

Test(diagnostics, send_no_control_characters_to_a_terminal)
{
    struct fixture fixture = fixture_create("a \033[2J\xe2\x80\xae \xff bad");
    tell(&fixture, "bad");
    cr_expect_str_eq(printed(&fixture), "models/a.net:1:11: error: wrong\n"
                                        "    1 | a \ufffd[2J\ufffd \ufffd bad\n"
                                        "      |           ^~~\n");
}

Test(diagnostics, cut_long_lines_around_the_caret)
{
    char text[5000];
    memset(text, 'x', sizeof text);
    memcpy(text + 2000, " bad ", 5);
    text[sizeof text - 1] = '\0';
    struct fixture fixture = fixture_create(text);
    tell(&fixture, "bad");
    const char *line = strchr(printed(&fixture), '\n') + 1;
    const char *end = strchr(line, '\n');
    /* 8 columns in front, 120 of the line; each of the two ellipses has three bytes for its one column. */
    cr_expect_eq(end - line, 8 + 120 + 4);
    const char *caret = strchr(end + 1, '^');
    cr_expect_eq(caret - (end + 1), strstr(line, "bad") - line - 2, "one ellipsis stands before it");
}

Test(diagnostics, keep_a_line_of_120_columns_whole)
{
    char text[121];
    memset(text, 'x', sizeof text);
    memcpy(text + 117, "bad", 4);
    struct fixture fixture = fixture_create(text);
    tell(&fixture, "bad");
    cr_expect_null(strstr(printed(&fixture), "…"));
}

Test(diagnostics, are_told_once_and_counted_beyond_twenty)
{
    struct fixture fixture = fixture_create("0123456789012345678901234567890");
    for (uint32_t i = 0; i < 23; i++) {
        struct span span = {fixture.source, i, 1};
        diagnostic_help(diagnostics_error(fixture.front.diagnostics, E0109, span, "wrong"), "none");
        if (i < 20)
            diagnostics_error(fixture.front.diagnostics, E0109, span, "wrong");
    }
    cr_expect_eq(diagnostics_error_count(fixture.front.diagnostics), 23);
    const char *text = printed(&fixture);
    int errors = 0;
    for (const char *at = text; (at = strstr(at, ": error: ")); at++)
        errors++;
    cr_expect_eq(errors, 20);
    cr_expect_str_eq(text + strlen(text) - 14, "3 more errors\n");
    tell(&fixture, "0");
    cr_expect(diagnostics_is_full(fixture.front.diagnostics));
}

Test(diagnostics, as_json_have_one_object_a_line)
{
    struct fixture fixture = fixture_create("a\nλ \"b\\\n");
    struct diagnostic *error = diagnostics_error(fixture.front.diagnostics, E0105, place(&fixture, "\"b\\"),
                                                 "not \"closed\"\t\\ λ\n");
    diagnostic_note(error, place(&fixture, "a\nλ"), "first");
    diagnostic_note(error, (struct span){0}, "second");
    diagnostics_error(fixture.front.diagnostics, E0204, (struct span){0}, "no place");
    cr_expect_str_eq(
        front_print_errors(&fixture.front, DIAGNOSTICS_JSON),
        "{\"file\":\"models/a.net\",\"line\":2,\"column\":3,\"end_line\":2,\"end_column\":6,"
        "\"code\":\"E0105\",\"severity\":\"error\",\"message\":\"not \\\"closed\\\"\\u0009\\\\ λ\\u000a\","
        "\"notes\":[{\"file\":\"models/a.net\",\"line\":1,\"column\":1,\"end_line\":2,\"end_column\":2,"
        "\"message\":\"first\"},{\"file\":null,\"line\":null,\"column\":null,\"end_line\":null,"
        "\"end_column\":null,\"message\":\"second\"}],\"help\":null}\n"
        "{\"file\":null,\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null,"
        "\"code\":\"E0204\",\"severity\":\"error\",\"message\":\"no place\",\"notes\":[],\"help\":null}\n");
}

Test(diagnostics, codes_have_name_and_meaning)
{
    cr_expect_str_eq(code_name(E0101), "E0101");
    cr_expect_str_eq(code_name(E0206), "E0206");
    cr_expect_str_eq(code_meaning(E0206), "a division by zero");
}
