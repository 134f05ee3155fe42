/* table.c - columns of texts; one that is too long keeps the end that tells it apart. */
#include "compare/table.h"

#include <string.h>

enum { WIDEST = 34, GAP = 2 };

/* Columns on a terminal: bytes that begin a character. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* The text from its nth character on. */
static const char *skip(const char *text, int characters)
{
    while (*text && characters > 0) {
        text++;
        while (((unsigned char)*text & 0xc0) == 0x80)
            text++;
        characters--;
    }
    return text;
}

static void add_padded(struct text *to, const char *text, const char *mark, int width)
{
    const int long_by = width_of(text) - WIDEST;
    struct text cell = text_create(to->arena);
    if (long_by > 0 && strchr(text, '/'))
        text_format(&cell, "…%s", skip(text, long_by + 1)); /* of a path, its end */
    else
        text_format(&cell, "%.*s%s", (int)(skip(text, WIDEST - 1 + (long_by <= 0)) - text), text,
                    long_by > 0 ? "…" : "");
    text_format(to, "%s%s", cell.bytes, mark);
    for (int i = width_of(cell.bytes) + width_of(mark); i < width; i++)
        text_format(to, " ");
}

static const char *text_of(const struct row *row, int run)
{
    return row->texts[run] ? row->texts[run] : "-";
}

static int width_of_run(const struct comparison *comparison, int run)
{
    int widest = width_of(comparison->runs[run].name);
    for (int i = 0; i < comparison->row_count; i++) {
        const struct row *row = &comparison->rows[i];
        const int width = width_of(text_of(row, run)) + (row->is_best[run] ? 2 : 0);
        widest = width > widest ? width : widest;
    }
    return widest < WIDEST ? widest : WIDEST;
}

static int width_of_names(const struct comparison *comparison)
{
    int widest = 0;
    for (int i = 0; i < comparison->row_count; i++) {
        const int width = width_of(comparison->rows[i].name);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void end_line(struct text *to)
{
    while (to->length && to->bytes[to->length - 1] == ' ')
        to->bytes[--to->length] = 0;
    text_format(to, "\n");
}

static void print_block(struct text *to, const struct comparison *comparison, int first, int end)
{
    const int names = width_of_names(comparison);
    text_format(to, "%*s", names, "");
    for (int run = first; run < end; run++) {
        text_format(to, "%*s", GAP, "");
        add_padded(to, comparison->runs[run].name, "", width_of_run(comparison, run));
    }
    end_line(to);
    for (int i = 0; i < comparison->row_count; i++) {
        const struct row *row = &comparison->rows[i];
        if (i > 0 && row->is_figure && !comparison->rows[i - 1].is_figure)
            text_format(to, "\n");
        text_format(to, "%s%*s", row->name, names - width_of(row->name), "");
        for (int run = first; run < end; run++) {
            text_format(to, "%*s", GAP, "");
            add_padded(to, text_of(row, run), row->is_best[run] ? " *" : "", width_of_run(comparison, run));
        }
        end_line(to);
    }
}

void table_print(struct text *to, const struct comparison *comparison, int columns)
{
    for (int first = 0, end; first < comparison->run_count; first = end) {
        int width = width_of_names(comparison);
        for (end = first; end < comparison->run_count; end++) {
            width += GAP + width_of_run(comparison, end);
            if (columns > 0 && width > columns && end > first)
                break;
        }
        if (first > 0)
            text_format(to, "\n");
        print_block(to, comparison, first, end);
    }
}
