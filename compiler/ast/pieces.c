/* pieces.c - tokens and comments of a text, in order, with what decides where they are written.
 *
 *     let n=[1, # one              LET NAME =  [ 1 ,  # one  2 ] with = is_declaring and [ is_spread, for a
 *        2]                        comment in it ends a line */
#include "ast/pieces.h"

#include "ast/parse.h"
#include "base/arena.h"
#include "net.tab.h"

bool piece_is_opener(const struct piece *piece)
{
    return piece->kind == '(' || piece->kind == '[' || piece->kind == '{';
}

bool piece_is_closer(const struct piece *piece)
{
    return piece->kind == ')' || piece->kind == ']' || piece->kind == '}';
}

bool piece_needs_blank(const struct piece *before, const struct piece *piece)
{
    if (piece->kind == '=' || before->kind == '=')
        return piece->is_declaring || before->is_declaring;
    switch (piece->kind) {
    case ')':
    case ']':
    case ',':
    case ';':
    case ':':
    case '*':
    case '/':
        return false;
    default:
        break;
    }
    switch (before->kind) {
    case '(':
    case '[':
    case CALL:
    case NEGATIVE:
    case '*':
    case '/':
        return false;
    default:
        return true;
    }
}

/* Line ends of the source between two places. */
static uint32_t count_newlines(const struct source *source, uint32_t from, uint32_t to)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++)
        count += source->bytes[i] == '\n';
    return count;
}

static uint32_t count_characters(struct span span)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < span.length; i++)
        count += ((unsigned char)span.source->bytes[span.offset + i] & 0xc0) != 0x80;
    return count;
}

/* A separator behind comments comes before them: `1 # one` and `, 2` become `1, # one` and `2`. */
static void pieces_add(struct pieces *pieces, struct piece piece)
{
    uint32_t place = pieces->count++;
    bool is_separator = piece.kind == ',' || piece.kind == ';';
    /* The separator that stood between two comments is before them both now. */
    if (piece.kind == COMMENT && piece.newlines == 0 && pieces->array[place - 1].kind == COMMENT)
        piece.newlines = 1;
    for (; is_separator && pieces->array[place - 1].kind == COMMENT; place--)
        pieces->array[place] = pieces->array[place - 1];
    pieces->array[place] = piece;
}

static void pieces_take(struct pieces *pieces, const struct parse *parse)
{
    uint32_t line = 0, read_to = 0;
    pieces->array = ARENA_ARRAY(parse->arena, struct piece, (size_t)parse->token_count + 1);
    for (int i = 0; i < parse->token_count; i++) {
        struct parse_token token = parse->tokens[i];
        if (token.kind == START_FILE || token.kind == END)
            continue;
        if (token.kind == NEWLINE) {
            pieces->array[pieces->count - 1].ends_statement = true;
            continue;
        }
        uint32_t newlines = count_newlines(parse->source, read_to, token.span.offset);
        line += newlines;
        newlines += pieces->count == 0;
        read_to = token.span.offset + token.span.length;
        uint32_t width = token.kind == COMMENT ? 0 : count_characters(token.span);
        pieces_add(
            pieces,
            (struct piece){
                .kind = token.kind, .span = token.span, .line = line, .newlines = newlines, .width = width});
    }
}

/* What the brackets hold, found at their closer, goes into the opener and the bracket around it. */
static void piece_close(struct pieces *pieces, struct piece *outer, struct piece *opener, uint32_t end)
{
    const struct piece *closer = &pieces->array[end];
    opener->end = end;
    if (opener->kind == '{')
        opener->is_spread = closer->line != opener->line && closer - opener > 1;
    else if (opener[1].newlines > 0 && closer - opener > 2)
        opener->is_spread = true;
    if (outer && outer->kind != '{') {
        outer->is_spread = outer->is_spread || opener->is_spread;
        outer->separator = outer->separator ? outer->separator : ',';
    }
}

static void pieces_match(struct pieces *pieces)
{
    struct piece *open[PARSE_DEPTH + 1] = {NULL}, *inner = NULL;
    uint32_t depth = 0, column = 0;
    for (uint32_t i = 0; i < pieces->count; i++) {
        struct piece *piece = &pieces->array[i];
        if (piece->kind == '=')
            piece->is_declaring = i > 1 && (piece[-2].kind == LET || piece[-2].kind == FILTER);
        column += i > 0 && piece_needs_blank(piece - 1, piece);
        piece->flat_start = column;
        column += piece->width;
        if (piece_is_closer(piece)) {
            depth--;
            piece_close(pieces, depth > 0 ? open[depth - 1] : NULL, inner, i);
        } else if (piece_is_opener(piece)) {
            open[depth++] = piece;
        } else if (inner && inner->kind != '{') {
            inner->is_spread = inner->is_spread || piece->kind == COMMENT;
            if (piece->kind == ';' || (piece->kind == '=' && !inner->separator))
                inner->separator = piece->kind == ';' ? ';' : ',';
        }
        inner = depth > 0 ? open[depth - 1] : NULL;
    }
}

/* The widest name of a setting that has something behind it; with `column`, pads them all to it. */
static uint32_t settings_pad(struct pieces *pieces, uint32_t opener, uint32_t column)
{
    uint32_t widest = 0;
    bool is_start = true;
    for (uint32_t i = opener + 1; i < pieces->array[opener].end; i++) {
        struct piece *piece = &pieces->array[i];
        int next = piece[1].kind;
        bool is_alone = piece->ends_statement || next == COMMENT || next == '}' || next == '{' || next == ':';
        if (is_start && piece->kind == NAME && !is_alone) {
            widest = piece->width > widest ? piece->width : widest;
            piece->padding = column ? column - piece->width : 0;
        }
        if (piece_is_opener(piece))
            i = piece->end;
        is_start = pieces->array[i].ends_statement || piece->kind == COMMENT;
    }
    return widest;
}

bool pieces_read(struct pieces *pieces, struct arena *arena, const struct source *source,
                 struct diagnostics *diagnostics)
{
    const struct parse *parse = parse_tokens(arena, source, diagnostics);
    if (!parse)
        return false;
    *pieces = (struct pieces){0};
    pieces_take(pieces, parse);
    pieces_match(pieces);
    for (uint32_t i = 0; i + 1 < pieces->count; i++) {
        if (pieces->array[i].kind == TRAIN)
            settings_pad(pieces, i + 1, settings_pad(pieces, i + 1, 0));
    }
    return true;
}
