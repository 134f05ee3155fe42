/* test_ast_format.c - formatting changes blanks and line ends alone: the tree, and every comment, stay; what
 * is formatted stays as it is. Tried on every .net file of the project and on rearrangements of them. */
#include <criterion/criterion.h>

#include <glob.h>
#include <string.h>
#include <time.h>

#include "ast/format.h"
#include "ast/parse.h"
#include "net.tab.h"
#include "test_front_support.h"

static const char *const patterns[] = {
    PROJECT_FOLDER "/models/*.net",       PROJECT_FOLDER "/examples/*/*.net",
    PROJECT_FOLDER "/tests/golden/*.net", PROJECT_FOLDER "/tests/errors/*.net",
    PROJECT_FOLDER "/tests/fmt/*.net",    PROJECT_FOLDER "/tests/*/included/*.net",
};
enum { PATTERNS = sizeof patterns / sizeof patterns[0], REARRANGEMENTS = 12 };

/* NULL when it has syntax errors. */
static struct text *formatted(struct arena *arena, const char *bytes, size_t length)
{
    struct text *result = ARENA_NEW(arena, struct text);
    *result = text_create(arena);
    const struct source *source = source_from_text(arena, "a.net", bytes, length);
    return format_source(result, arena, source, diagnostics_create(arena)) ? result : NULL;
}

static const char *printed_tree(struct arena *arena, const char *bytes, size_t length)
{
    struct front front = front_parse_bytes(bytes, length);
    struct text text = text_create(arena);
    tree_print(&text, front.tree);
    const char *copy = arena_copy(arena, text.bytes, text.length);
    arena_release(front.arena);
    return copy;
}

/* The comments one a line, without blanks at their ends. */
static const char *list_comments(struct arena *arena, const char *bytes, size_t length)
{
    const struct source *source = source_from_text(arena, "a.net", bytes, length);
    const struct parse *parse = parse_tokens(arena, source, diagnostics_create(arena));
    struct text text = text_create(arena);
    for (int i = 0; i < parse->token_count; i++) {
        struct span span = parse->tokens[i].span;
        if (parse->tokens[i].kind != COMMENT)
            continue;
        while (strchr(" \t\r", source->bytes[span.offset + span.length - 1]))
            span.length--;
        text_append(&text, source->bytes + span.offset, span.length);
        text_append(&text, "\n", 1);
    }
    return text.bytes;
}

static void expect_kept(const char *what, const char *bytes, size_t length)
{
    struct arena *arena = arena_create();
    const struct text *once = formatted(arena, bytes, length);
    cr_assert(once, "%s: does not parse:\n%s", what, bytes);
    const struct text *twice = formatted(arena, once->bytes, once->length);
    cr_assert(twice, "%s: formatted, it does not parse:\n%s\n---\n%s", what, bytes, once->bytes);
    cr_expect_str_eq(twice->bytes, once->bytes, "%s: formatted again it differs:\n%s\n---\n%s\n---\n%s", what,
                     bytes, once->bytes, twice->bytes);
    cr_expect_str_eq(printed_tree(arena, once->bytes, once->length), printed_tree(arena, bytes, length),
                     "%s: another tree:\n%s\n---\n%s", what, bytes, once->bytes);
    cr_expect_str_eq(list_comments(arena, once->bytes, once->length), list_comments(arena, bytes, length),
                     "%s: other comments:\n%s\n---\n%s", what, bytes, once->bytes);
    arena_release(arena);
}

static uint32_t random_below(uint32_t *state, uint32_t limit)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % limit;
}

static void add_blanks(struct text *to, uint32_t *state, bool needs_one)
{
    static const char *const blanks[] = {"", " ", "   ", "\t", " \r"};
    text_format(to, "%s%s", blanks[random_below(state, 5)], needs_one ? " " : "");
}

/* Comments and line ends; a comment needs one behind it. */
static void add_lines(struct text *to, uint32_t *state, bool needs_one)
{
    static const char *const ends[] = {"\n", "\r\n", "\n\n", "\n \t\n\r\n\n"};
    static const char *const comments[] = {
        "#", "# λ × [ ( { \" }", "#tight  \t", "# one, two; three",
        "# a comment so long that no bracket in front of it fits on its line"};
    uint32_t count = random_below(state, 3) + needs_one;
    for (uint32_t i = 0; i < count; i++) {
        add_blanks(to, state, false);
        if (random_below(state, 3) == 0)
            text_format(to, "%s", comments[random_below(state, 5)]);
        text_format(to, "%s", ends[random_below(state, 4)]);
    }
    add_blanks(to, state, false);
}

static bool is_sign(int kind)
{
    return kind == '+' || kind == '-' || kind == NEGATIVE;
}

/* The same tokens with other blanks, line ends and comments between them. */
static struct text rearranged(struct arena *arena, const struct parse *parse, uint32_t *state)
{
    struct text text = text_create(arena);
    const char *bytes = parse->source->bytes;
    int depth = 0;
    uint32_t from = 0;
    for (int i = 1; i < parse->token_count; i++) {
        const struct parse_token *token = &parse->tokens[i], *before = token - 1;
        bool is_line_start = before->kind == NEWLINE || before->kind == START_FILE || before->kind == '{';
        depth -= token->kind == ')' || token->kind == ']';
        if (token->kind == COMMENT || token->kind == END)
            continue;
        if (token->kind == NEWLINE) {
            /* One that stands for the '}' behind it may be there or not. */
            if (token->span.length > 0 || random_below(state, 2) == 0)
                add_lines(&text, state, true);
        } else if (before->kind != CALL && (is_sign(token->kind) || is_sign(before->kind))) {
            text_append(&text, bytes + from, token->span.offset - from);
        } else if (before->kind != CALL) {
            bool is_free = is_line_start || depth > 0 || before->kind == COMMENT;
            if (is_free && random_below(state, 4) == 0)
                add_lines(&text, state, false);
            bool is_bracket = token->kind < 128 || before->kind < 128;
            add_blanks(&text, state, before->kind == COMMENT || !is_bracket || token->kind == '(');
        }
        if (token->kind != NEWLINE)
            text_append(&text, bytes + token->span.offset, token->span.length);
        depth += token->kind == '(' || token->kind == '[';
        from = token->span.offset + token->span.length;
    }
    add_lines(&text, state, false);
    return text;
}

/* A file that parses, itself and rearranged. Gives how many texts were tried. */
static int try_file(const char *path)
{
    struct arena *arena = arena_create();
    const char *why;
    const struct source *source = source_read(arena, path, &why);
    cr_assert(source, "%s", path);
    const struct parse *parse = parse_tokens(arena, source, diagnostics_create(arena));
    int count = 0;
    if (parse) {
        uint32_t state = 4;
        expect_kept(path, source->bytes, source->length);
        const char *tree = printed_tree(arena, source->bytes, source->length);
        for (count = 1; count <= REARRANGEMENTS; count++) {
            struct text text = rearranged(arena, parse, &state);
            cr_assert_str_eq(printed_tree(arena, text.bytes, text.length), tree,
                             "rearranging changed %s:\n%s", path, text.bytes);
            expect_kept(path, text.bytes, text.length);
        }
    }
    arena_release(arena);
    return count;
}

Test(format, keeps_the_tree_and_the_comments_of_every_file)
{
    int count = 0;
    for (int i = 0; i < PATTERNS; i++) {
        glob_t files;
        cr_assert_eq(glob(patterns[i], 0, NULL, &files), 0, "%s", patterns[i]);
        for (size_t j = 0; j < files.gl_pathc; j++)
            count += try_file(files.gl_pathv[j]);
        globfree(&files);
    }
    cr_expect_gt(count, 500, "only %d texts", count);
}

static void expect_formatted(const char *text, const char *expected)
{
    struct arena *arena = arena_create();
    const struct text *once = formatted(arena, text, strlen(text));
    cr_assert(once);
    cr_expect_str_eq(once->bytes, expected, "%s", once->bytes);
    expect_kept("pinned", text, strlen(text));
    arena_release(arena);
}

Test(format, ends_with_one_line_end)
{
    expect_formatted("", "");
    expect_formatted(" \n\t\n", "");
    expect_formatted("\xef\xbb\xbf# only this", "# only this\n");
    expect_formatted("\n\n# a\r\n\r\n\r\n# b \t\r\n\n", "# a\n\n# b\n");
    expect_formatted("let a = 1\n\n\n", "let a = 1\n");
}

Test(format, leaves_a_text_with_errors_alone)
{
    struct arena *arena = arena_create();
    struct text text = text_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena);
    const char *broken = "net a {\n    input 4 5,\n}\n";
    const struct source *source = source_from_text(arena, "a.net", broken, strlen(broken));
    cr_expect_not(format_source(&text, arena, source, diagnostics));
    cr_expect_eq(diagnostics_error_count(diagnostics), 1);
    cr_expect_eq(text.length, 0);
    arena_release(arena);
}

/* Seconds for `count` times the part, ten million characters in all. */
static double time_format(const char *head, const char *part, const char *tail)
{
    struct arena *arena = arena_create();
    struct text text = text_create(arena);
    text_format(&text, "%s", head);
    while (text.length < 10000000)
        text_append(&text, part, strlen(part));
    text_format(&text, "%s", tail);
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    cr_expect(formatted(arena, text.bytes, text.length));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    arena_release(arena);
    return (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}

/* What takes a fraction of a second would take hours if anything were quadratic. */
Test(format, takes_time_that_grows_with_the_text)
{
    static const struct {
        const char *head, *part, *tail;
    } texts[] = {
        {"net a {\n", "c1 : conv 6 3x3 relu # note\n", "}\n"},
        {"net a {\n", "# note\n", "}\n"},
        {"let a = [1", "# note\n", ", 2]\n"},
        {"let a = [1", ", 12345", "]\n"},
        {"let a = [1", " 12345", "]\n"},
        {"let a = [1", ", [1 2; (3 + 4) 5]", "]\n"},
        {"net a { c", " f(1, 2)", "}\n"},
        {"train {\n", "seed 1\n", "}\n"},
        {"# head\n", "# note\n", "net a { input 4 }\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double seconds = time_format(texts[i].head, texts[i].part, texts[i].tail);
        cr_expect_lt(seconds, 30, "%s: %.1f s", texts[i].part, seconds);
    }
}
