/* layout.c - line ends, brackets and braces: what the scanner must remember between tokens, and how it mends
 * what is left open, so that one missing brace is one error.
 *
 *     net a { input 4 }    ->    NET NAME { NAME LITERAL NEWLINE } NEWLINE
 *
 * A '}' ends its line, and so does the end of the file. */
#include <string.h>

#include "ast/scan.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "net.tab.h"

int net_lex(union NET_STYPE *token, struct span *span, void *scanner);

bool scan_is_inside(const struct parse *parse)
{
    return parse->depth > 0 && parse->brackets[parse->depth - 1].opener != '{';
}

void parse_report_depth(struct parse *parse, struct span span)
{
    if (!parse->has_given_up)
        diagnostics_error(parse->diagnostics, E0107, span,
                          "nested too deeply: at most %d brackets and braces may be open", PARSE_DEPTH);
    parse->has_given_up = true;
    parse->depth = 0;
}

bool scan_ends_value(int kind)
{
    return kind == LITERAL || kind == STRING || kind == NAME || kind == ')' || kind == ']';
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

/* Whether '-' or '+' belongs to the value behind it: `-1` after a blank does, but not in `(n -1)`, where
 * nothing but an operator can follow n. */
static bool is_sign(const struct parse *parse, struct span span)
{
    if (!scan_ends_value(parse->recent[0].kind))
        return true;
    if (scan_is_inside(parse) && parse->brackets[parse->depth - 1].opener == '(')
        return false;
    const char *at = parse->source->bytes + span.offset;
    return span.offset > 0 && is_blank(at[-1]) && !is_blank(at[1]);
}

static int open_bracket(struct parse *parse, struct span span, char opener)
{
    if (parse->depth == PARSE_DEPTH) {
        parse_report_depth(parse, span);
        return INVALID;
    }
    parse->brackets[parse->depth++] = (struct parse_bracket){opener, span};
    return opener;
}

static char closer_of(char opener)
{
    return opener == '(' ? ')' : opener == '[' ? ']' : '}';
}

static int close_bracket(struct parse *parse, struct span span, char closer)
{
    struct parse_bracket *open = parse->depth > 0 ? &parse->brackets[parse->depth - 1] : NULL;
    if (open && closer_of(open->opener) == closer) {
        parse->depth--;
        return closer;
    }
    if (parse->is_recovering)
        return 0;
    struct diagnostic *error =
        diagnostics_error(parse->diagnostics, E0106, span, "'%c' closes nothing", closer);
    if (scan_is_inside(parse)) {
        diagnostic_note(error, open->span, "'%c' is still open", open->opener);
        parse->depth--;
    }
    return closer == '}' ? 0 : INVALID;
}

void scan_report_unclosed(struct parse *parse)
{
    const struct parse_bracket *open = &parse->brackets[parse->depth - 1];
    diagnostics_error(parse->diagnostics, E0106, open->span, "'%c' is never closed with '%c'", open->opener,
                      closer_of(open->opener));
}

void scan_drop_brackets(struct parse *parse)
{
    while (scan_is_inside(parse))
        parse->depth--;
}

int scan_operator(struct parse *parse, struct span span)
{
    char operator= parse->source->bytes[span.offset];
    switch (operator) {
    case '(':
    case '[':
        return open_bracket(parse, span, operator);
    case ')':
    case ']':
        return close_bracket(parse, span, operator);
    case '-':
        return is_sign(parse, span) ? NEGATIVE : operator;
    case '+':
        if (is_sign(parse, span) && scan_is_inside(parse) &&
            !is_blank(parse->source->bytes[span.offset + 1])) {
            diagnostics_error(parse->diagnostics, E0109, span, "a positive value is written without '+'");
            return 0;
        }
        return operator;
    default:
        return operator;
    }
}

bool scan_is_line_start(const struct parse *parse)
{
    int before = parse->recent[0].kind;
    return before == NEWLINE || before == START_FILE || before == '{';
}

int scan_newline(struct parse *parse, struct span span)
{
    /* Nobody looks at what is opened behind an error, so it must not swallow the lines that follow. */
    if (parse->is_recovering && scan_is_inside(parse) &&
        span_line(parse->brackets[parse->depth - 1].span) == span_line(span))
        scan_drop_brackets(parse);
    if (scan_is_inside(parse) || scan_is_line_start(parse))
        return 0;
    const char *bytes = parse->source->bytes;
    uint32_t next = span.offset;
    while (is_blank(bytes[next]))
        next++;
    if (bytes[next] != '{')
        return NEWLINE;
    struct span brace = {span.source, next, 1};
    diagnostics_error(parse->diagnostics, E0109, brace, "'{' has to stand at the end of the line before");
    return 0;
}

/* Whether the name opens a net or train although a brace is still open: `train {` and `net a {` are no
 * statements. */
static bool is_declaration_inside(const struct parse *parse, int kind, struct span span)
{
    if (kind != NAME || parse->depth == 0 || scan_is_inside(parse) || !scan_is_line_start(parse))
        return false;
    const char *at = parse->source->bytes + span.offset;
    bool is_net = span.length == 3 && memcmp(at, "net", 3) == 0;
    if (!is_net && !(span.length == 5 && memcmp(at, "train", 5) == 0))
        return false;
    at += span.length;
    at += strspn(at, " \t");
    if (is_net)
        at += strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    return at[strspn(at, " \t")] == '{';
}

static int hold_token(struct parse *parse, int kind, struct span span, int close_to)
{
    parse->held = (struct parse_token){kind, span};
    parse->is_held = true;
    parse->close_to = close_to;
    return 0;
}

/* Tells of what is open but should not be when this token comes, and holds the token until it is closed.
 * Gives the token that comes first, 0 for none but those that release_token gives. */
static int settle_token(struct parse *parse, int kind, struct span span)
{
    const struct parse_bracket *open = parse->depth > 0 ? &parse->brackets[parse->depth - 1] : NULL;
    bool is_brace = kind == '{' || kind == '}';
    if ((is_brace || kind == END) && scan_is_inside(parse)) {
        diagnostics_error(parse->diagnostics, E0106, open->span, "'%c' is never closed with '%c'",
                          open->opener, closer_of(open->opener));
        scan_drop_brackets(parse);
        hold_token(parse, kind, span, kind == END ? 0 : parse->depth);
        return INVALID;
    }
    if (kind == END && open) {
        scan_report_unclosed(parse);
        return hold_token(parse, kind, span, 0);
    }
    if (is_declaration_inside(parse, kind, span)) {
        int length = (int)span.length;
        const char *word = parse->source->bytes + span.offset;
        struct diagnostic *error = diagnostics_error(parse->diagnostics, E0106, open->span,
                                                     "'{' is not closed before '%.*s'", length, word);
        diagnostic_note(error, span, "'%.*s' cannot stand inside { }", length, word);
        return hold_token(parse, length == 3 ? NET : TRAIN, span, 0);
    }
    if (is_brace || kind == END)
        return hold_token(parse, kind, span, parse->depth);
    return kind;
}

/* The next of the tokens that close what is open before the held one, at last the held one itself; 0 when it
 * is dropped. */
static int release_token(struct parse *parse, struct span *span)
{
    int kind = parse->held.kind;
    *span = parse->held.span;
    bool is_closing = parse->depth > parse->close_to;
    if ((is_closing || kind != '{') && !scan_is_line_start(parse) && parse->recent[0].kind != START_VALUE) {
        span->length = 0;
        return NEWLINE;
    }
    if (is_closing) {
        span->length = 0;
        parse->depth--;
        return '}';
    }
    parse->is_held = false;
    return kind == '{'   ? open_bracket(parse, *span, '{')
           : kind == '}' ? close_bracket(parse, *span, '}')
                         : kind;
}

static int next_token(union NET_STYPE *token, struct span *span, void *scanner, struct parse *parse)
{
    if (parse->start) {
        int start = parse->start;
        parse->start = 0;
        *span = (struct span){parse->source, parse->offset, 0};
        return start;
    }
    for (;;) {
        if (parse->has_given_up) {
            *span = (struct span){parse->source, parse->offset, 0};
            return END;
        }
        int kind = 0;
        if (!parse->is_held) {
            int scanned = net_lex(token, span, scanner);
            if (scanned == END)
                *span = (struct span){parse->source, parse->offset, 0};
            kind = settle_token(parse, scanned, *span);
        }
        if (kind == 0) {
            bool is_end = parse->held.kind == END;
            kind = release_token(parse, span);
            if (kind == END && is_end)
                return END;
        }
        if (kind != 0)
            return kind;
    }
}

void scan_keep_token(struct parse *parse, int kind, struct span span)
{
    if (!parse->keeps_tokens)
        return;
    ARENA_GROW(parse->arena, parse->tokens, parse->token_count);
    parse->tokens[parse->token_count++] = (struct parse_token){kind, span};
}

int scan_next_token(union NET_STYPE *token, struct span *span, void *scanner, struct parse *parse)
{
    int kind = next_token(token, span, scanner, parse);
    for (int i = PARSE_RECENT - 1; i > 0; i--)
        parse->recent[i] = parse->recent[i - 1];
    parse->recent[0] = (struct parse_token){kind, *span};
    scan_keep_token(parse, kind, *span);
    parse->is_recovering = kind == INVALID || (parse->is_recovering && kind != NEWLINE);
    return kind;
}
