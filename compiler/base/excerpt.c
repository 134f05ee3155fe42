/* excerpt.c - shows where in a line something is, for UTF-8, tabs and lines of any length.
 *
 *         7 |     edges: conv 4 15x15 relu
 *           |                   ^~~~~          */
#include "base/excerpt.h"

#include <string.h>

enum { TAB_STOP = 8, COLUMNS = 120, COLUMNS_BEFORE_CARET = 50, REPLACEMENT = 0xfffd };

#define COLOR_CARET "\033[01;32m"
#define COLOR_OFF "\033[m"

/* Decodes the character at `at`, before `end`; *length is how many bytes it takes. What is not UTF-8 is a
 * replacement character of one byte. */
static uint32_t decode_character(const unsigned char *at, const unsigned char *end, int *length)
{
    *length = 1;
    if (*at < 0x80)
        return *at;
    int size = *at >= 0xf0 && *at < 0xf8   ? 4
               : *at >= 0xe0 && *at < 0xf0 ? 3
               : *at >= 0xc2 && *at < 0xe0 ? 2
                                           : 0;
    if (size == 0 || end - at < size)
        return REPLACEMENT;
    uint32_t character = *at & (0x7fu >> size);
    for (int i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        character = character << 6 | (at[i] & 0x3fu);
    }
    *length = size;
    return character;
}

/* Columns that a terminal uses for it: 0 for combining marks, 2 for East Asian wide characters and emoji. */
static int character_width(uint32_t character)
{
    static const struct {
        uint32_t first, last;
        int width;
    } ranges[] = {
        {0x0300, 0x036f, 0}, {0x200b, 0x200f, 0},   {0x202a, 0x202e, 0},   {0x2060, 0x206f, 0},
        {0xfe00, 0xfe0f, 0}, {0xfeff, 0xfeff, 0},   {0x1100, 0x115f, 2},   {0x2e80, 0xa4cf, 2},
        {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2},   {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},
        {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (character >= ranges[i].first && character <= ranges[i].last)
            return ranges[i].width;
    }
    return 1;
}

/* Characters that move the cursor or reorder what follows must not reach the terminal. */
static bool is_unsafe(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           (character >= 0x200b && character <= 0x200f) || (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff;
}

/* Prints the bytes from `at` to `end` (to NULL: only measures) starting at `column`; returns the column
 * behind. */
static int print_run(FILE *to, const unsigned char *at, const unsigned char *end, int column)
{
    while (at < end) {
        int length;
        uint32_t character = decode_character(at, end, &length);
        int width = character == '\t'      ? TAB_STOP - column % TAB_STOP
                    : is_unsafe(character) ? 1
                                           : character_width(character);
        if (to && character == '\t')
            fprintf(to, "%*s", width, "");
        else if (to && (is_unsafe(character) || character == REPLACEMENT))
            fputs("\xef\xbf\xbd", to);
        else if (to)
            fwrite(at, 1, (size_t)length, to);
        at += length;
        column += width;
    }
    return column;
}

/* Moves `at` by up to `count` characters, back when negative, without leaving [first, last]. */
static const unsigned char *move_characters(const unsigned char *at, int count, const unsigned char *first,
                                            const unsigned char *last)
{
    for (; count < 0 && at > first; count++) {
        do
            at--;
        while (at > first && (*at & 0xc0) == 0x80);
    }
    for (; count > 0 && at < last; count--) {
        do
            at++;
        while (at < last && (*at & 0xc0) == 0x80);
    }
    return at;
}

void excerpt_print(FILE *to, struct span span, bool color)
{
    const struct source *source = span.source;
    int line = span_line(span);
    const unsigned char *bytes = (const unsigned char *)source->bytes;
    const unsigned char *first = bytes + source->lines[line - 1];
    const unsigned char *last =
        bytes + (line < source->line_count ? source->lines[line] - 1 : source->length);
    if (last > first && last[-1] == '\r')
        last--;
    if (last - first >= 3 && line == 1 && memcmp(first, "\xef\xbb\xbf", 3) == 0)
        first += 3;

    const unsigned char *caret = bytes + span.offset, *caret_end = caret + span.length;
    caret = caret < first ? first : caret > last ? last : caret;
    caret_end = caret_end < caret ? caret : caret_end > last ? last : caret_end;

    /* One character more than the columns has to be cut too when it is no wide one; so count columns, but
     * only as many bytes as could fit. */
    bool is_long = last - first > 4 * COLUMNS || print_run(NULL, first, last, 0) > COLUMNS;
    const unsigned char *from = first, *until = last;
    if (is_long) {
        from = move_characters(caret, -COLUMNS_BEFORE_CARET, first, last);
        until = move_characters(from, COLUMNS - 2, first, last);
        caret_end = caret_end > until ? until : caret_end;
    }
    int indent = from > first ? 1 : 0;
    fprintf(to, "%5d | %s", line, indent ? "…" : "");
    print_run(to, from, until, indent);
    fputs(until < last ? "…\n" : "\n", to);

    int column = print_run(NULL, from, caret, indent);
    int width = print_run(NULL, caret, caret_end, column) - column;
    fprintf(to, "      | %*s%s^", column, "", color ? COLOR_CARET : "");
    for (int i = 1; i < width; i++)
        fputc('~', to);
    fprintf(to, "%s\n", color ? COLOR_OFF : "");
}
