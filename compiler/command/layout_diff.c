/* layout_diff.c - a unified diff of two texts that differ in blanks and line ends, in linear time: lines
 * belong together when as many characters that are no blanks stand before them.
 *
 *     "a{\nb  1\n}\n", "a {\n    b 1\n}\n"      @@ -1,3 +1,3 @@   -a{   -b  1   +a {   +    b 1    }      */
#include "command/layout_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { CONTEXT = 3 };

struct side {
    const char *at, *end; /* what is left, from the line on */
    size_t length;        /* of the line, with its end */
    size_t position;      /* characters that are no blanks before the line */
    size_t weight;        /* and in it */
};

struct diff_line {
    char mark; /* ' ', '-' or '+' */
    const char *bytes;
    size_t length;
};

struct diff {
    struct arena *arena;
    struct diff_line *lines;
    size_t count;
};

static bool is_counted(char byte)
{
    bool is_continuation = ((unsigned char)byte & 0xc0) == 0x80;
    return !is_continuation && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n';
}

static void side_measure(struct side *side)
{
    const char *end = memchr(side->at, '\n', (size_t)(side->end - side->at));
    side->length = (size_t)(end ? end + 1 - side->at : side->end - side->at);
    side->weight = 0;
    for (size_t i = 0; i < side->length; i++)
        side->weight += is_counted(side->at[i]);
}

static struct side side_start(const char *bytes, size_t length)
{
    struct side side = {.at = bytes, .end = bytes + length};
    /* A byte order mark is no character of the text. */
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        side.position = (size_t)-1;
    side_measure(&side);
    return side;
}

/* The side's line goes into the diff; the next one is looked at. */
static void diff_take(struct diff *diff, struct side *side, char mark)
{
    ARENA_GROW(diff->arena, diff->lines, diff->count);
    diff->lines[diff->count++] = (struct diff_line){mark, side->at, side->length};
    side->position += side->weight;
    side->at += side->length;
    side_measure(side);
}

static void diff_compare(struct diff *diff, struct side old, struct side new)
{
    while (old.at < old.end || new.at < new.end) {
        bool is_same = old.length == new.length &&memcmp(old.at, new.at, old.length) == 0;
        if (old.position == new.position && is_same) {
            diff_take(diff, &new, ' ');
            old.position += old.weight;
            old.at += old.length;
            side_measure(&old);
            continue;
        }
        /* An empty line has the position of the line below it. */
        bool takes_new = old.position == new.position ? new.weight == 0 && new.length > 0 && old.weight > 0
                                                      : new.position < old.position;
        if (old.at == old.end || (takes_new && new.at < new.end))
            diff_take(diff, &new, '+');
        else
            diff_take(diff, &old, '-');
    }
}

static void print_range(struct text *to, char sign, size_t line, size_t count)
{
    text_format(to, count == 1 ? "%c%zu" : "%c%zu,%zu", sign, count ? line + 1 : line, count);
}

static void print_lines(struct text *to, const struct diff_line *lines, size_t count, char mark)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].mark != mark)
            continue;
        text_append(to, &mark, 1);
        text_append(to, lines[i].bytes, lines[i].length);
        if (lines[i].bytes[lines[i].length - 1] != '\n')
            text_format(to, "\n\\ No newline at end of file\n");
    }
}

static void print_hunk(struct text *to, const struct diff_line *lines, size_t count, size_t old_line,
                       size_t new_line)
{
    size_t olds = 0, news = 0;
    for (size_t i = 0; i < count; i++) {
        olds += lines[i].mark != '+';
        news += lines[i].mark != '-';
    }
    text_append(to, "@@ ", 3);
    print_range(to, '-', old_line, olds);
    text_append(to, " ", 1);
    print_range(to, '+', new_line, news);
    text_append(to, " @@\n", 4);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; lines[i].mark != ' ' && end < count && lines[end].mark != ' ';)
            end++;
        print_lines(to, lines + i, end - i, lines[i].mark == ' ' ? ' ' : '-');
        if (lines[i].mark != ' ')
            print_lines(to, lines + i, end - i, '+');
    }
}

/* Where the hunk ends that `start` begins: changes with at most twice the context between them, and context.
 */
static size_t find_end(const struct diff *diff, size_t start)
{
    size_t end = start;
    for (size_t i = start; i < diff->count && i <= end + 2 * CONTEXT; i++)
        end = diff->lines[i].mark != ' ' ? i + 1 : end;
    return end + CONTEXT < diff->count ? end + CONTEXT : diff->count;
}

void layout_diff(struct text *to, const char *path, const char *old, size_t old_length, const char *new,
                 size_t new_length)
{
    struct diff diff = {.arena = to->arena};
    diff_compare(&diff, side_start(old, old_length), side_start(new, new_length));
    size_t old_line = 0, new_line = 0, shown = 0;
    for (size_t i = 0; i < diff.count; i++) {
        if (diff.lines[i].mark == ' ' || i < shown) {
            old_line += diff.lines[i].mark != '+';
            new_line += diff.lines[i].mark != '-';
            continue;
        }
        if (shown == 0)
            text_format(to, "--- %s\n+++ %s\n", path, path);
        size_t before = i - shown < CONTEXT ? i - shown : CONTEXT;
        shown = find_end(&diff, i);
        print_hunk(to, diff.lines + i - before, shown - i + before, old_line - before, new_line - before);
        i--;
    }
}
