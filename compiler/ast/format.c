/* format.c - writes the pieces of a text one after the other, each on the line and column where it belongs.
 *
 *     [1 2; 3 4], spread    ->    `[` opens a deeper level, `;` ends a line, `]` goes back
 *
 * Where all of it fits on the line, blanks are all there is to decide. */
#include "ast/format.h"

#include <string.h>

#include "ast/parse.h"
#include "ast/pieces.h"
#include "base/text.h"
#include "net.tab.h"

enum { INDENT = 4, LINE_WIDTH = 100 };

struct layout {
    struct text *to;
    const struct piece *pieces;
    uint32_t count;
    uint32_t at;                             /* the piece that is written */
    const struct piece *spread[PARSE_DEPTH]; /* the openers over several lines that are open */
    uint32_t depth;                          /* how many */
    uint32_t flat_to;                        /* pieces up to this one are on one line */
    uint32_t column;                         /* of the line, in characters */
    bool is_line_done;                       /* what comes next begins a line */
};

static const struct piece *layout_before(const struct layout *layout)
{
    return layout->at > 0 ? &layout->pieces[layout->at - 1] : NULL;
}

static bool layout_is_inside(const struct layout *layout)
{
    return layout->depth > 0 && layout->spread[layout->depth - 1]->kind != '{';
}

/* What stands before on its line or on those above, a comment behind it passed over. */
static const struct piece *layout_code_before(const struct layout *layout)
{
    const struct piece *before = layout_before(layout);
    return before->kind == COMMENT && before->newlines == 0 ? before - 1 : before;
}

/* Whether net, train or block begins here, or comments that stand directly above it. */
static bool begins_section(const struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at];
    while (piece->kind == COMMENT && piece[1].newlines == 1)
        piece++;
    return piece->kind == NET || piece->kind == TRAIN || piece->kind == BLOCK;
}

static bool needs_empty_line(const struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at], *before = layout_code_before(layout);
    if (layout_is_inside(layout) || piece_is_closer(piece))
        return false;
    if (layout->depth > 0)
        return piece->newlines > 1 && before != layout->spread[layout->depth - 1];
    return piece->newlines > 1 || before->kind == '}' || (before->kind != COMMENT && begins_section(layout));
}

static void layout_begin_line(struct layout *layout)
{
    if (layout->at > 0)
        text_append(layout->to, "\n\n", needs_empty_line(layout) ? 2 : 1);
    layout->column = INDENT * layout->depth;
    text_format(layout->to, "%*s", (int)layout->column, "");
    layout->is_line_done = false;
}

static void layout_write_blanks(struct layout *layout, uint32_t count)
{
    text_format(layout->to, "%*s", (int)count, "");
    layout->column += count;
}

static void layout_write_comment(struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at];
    const char *text = piece->span.source->bytes + piece->span.offset;
    size_t length = piece->span.length;
    if (piece->newlines > 0)
        layout_begin_line(layout);
    else
        layout_write_blanks(layout, 2);
    while (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r')
        length--;
    text_append(layout->to, text, length);
    layout->is_line_done = true;
}

/* As written, but 3×3 is 3x3. */
static void layout_write_token(struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at];
    const char *text = piece->span.source->bytes + piece->span.offset, *end = text + piece->span.length;
    const char *by;
    while (piece->kind == LITERAL && (by = memmem(text, (size_t)(end - text), "×", 2))) {
        text_append(layout->to, text, (size_t)(by - text));
        text_append(layout->to, "x", 1);
        text = by + 2;
    }
    text_append(layout->to, text, (size_t)(end - text));
    layout->column += piece->width;
}

/* Whether a line may end between the pieces: at a blank directly inside the bracket, but not beside + or -.
 */
static bool is_gap(const struct piece *before, const struct piece *piece)
{
    bool is_operator = before->kind == '+' || before->kind == '-' || piece->kind == '+' || piece->kind == '-';
    return !is_operator && piece_needs_blank(before, piece);
}

/* Inside a spread ( or [: whether what cannot be parted from here on is too wide for the line. */
static bool overflows(const struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at], *last = piece;
    if (!layout_is_inside(layout) || !is_gap(layout_before(layout), piece))
        return false;
    for (;;) {
        if (piece_is_opener(last))
            last = &layout->pieces[last->end];
        if (piece_is_closer(last + 1) || last[1].kind == COMMENT || is_gap(last, last + 1))
            break;
        last++;
    }
    return layout->column + 1 + last->flat_start + last->width - piece->flat_start > LINE_WIDTH;
}

/* A bracket around one value, dropout(0.2), stays on the line. */
static bool is_breakable(const struct layout *layout, const struct piece *opener)
{
    return opener->is_spread || &layout->pieces[opener->end] - opener > (opener->kind == '{' ? 1 : 2);
}

/* How much stands behind a closer before the line may end. */
static uint32_t measure_tail(const struct layout *layout, const struct piece *closer)
{
    const struct piece *last = closer;
    bool is_inside = layout_is_inside(layout);
    while (!last->ends_statement && last[1].kind != 0 && last[1].kind != COMMENT &&
           !piece_is_closer(last + 1) && !(is_inside && is_gap(last, last + 1))) {
        last++;
        if (piece_is_opener(last) && is_breakable(layout, last))
            break;
        if (piece_is_opener(last))
            last = &layout->pieces[last->end];
    }
    return last->flat_start + last->width - closer->flat_start - closer->width;
}

/* An opener is written: decides whether all up to its closer stays on the line. */
static void layout_open(struct layout *layout)
{
    const struct piece *opener = &layout->pieces[layout->at], *closer = &layout->pieces[opener->end];
    uint32_t width = closer->flat_start + closer->width - opener->flat_start - opener->width;
    if (!is_breakable(layout, opener) ||
        (!opener->is_spread && layout->column + width + measure_tail(layout, closer) <= LINE_WIDTH)) {
        layout->flat_to = opener->end;
        return;
    }
    layout->spread[layout->depth++] = opener;
    layout->is_line_done = true;
}

static void layout_write(struct layout *layout)
{
    const struct piece *piece = &layout->pieces[layout->at], *before = layout_before(layout);
    bool is_flat = layout->flat_to > 0 && layout->at <= layout->flat_to;
    if (piece->kind == COMMENT) {
        layout_write_comment(layout);
        return;
    }
    if (piece_is_closer(piece) && !is_flat) {
        layout->depth--;
        layout->is_line_done = true;
    }
    if (!before || layout->is_line_done || (!is_flat && overflows(layout)))
        layout_begin_line(layout);
    else if (piece_needs_blank(before, piece))
        layout_write_blanks(layout, 1 + before->padding);
    layout_write_token(layout);
    if (is_flat)
        return;
    if (piece_is_opener(piece))
        layout_open(layout);
    else
        layout->is_line_done =
            layout_is_inside(layout) && piece->kind == layout->spread[layout->depth - 1]->separator;
}

bool format_source(struct text *to, struct arena *scratch, const struct source *source,
                   struct diagnostics *diagnostics)
{
    struct pieces pieces;
    if (!pieces_read(&pieces, scratch, source, diagnostics))
        return false;
    struct layout layout = {.to = to, .pieces = pieces.array, .count = pieces.count};
    for (; layout.at < layout.count; layout.at++) {
        layout_write(&layout);
        bool is_flat = layout.flat_to > 0 && layout.at < layout.flat_to;
        if (pieces.array[layout.at].ends_statement && !is_flat)
            layout.is_line_done = true;
    }
    if (layout.count > 0)
        text_append(to, "\n", 1);
    return true;
}
