/* unexpected.c - says in a user's words why a token does not fit, from the tokens around it.
 *
 *     conv 6 5x5 pad=               expected a value after 'pad='
 *     dense n + 1                   '+' between values needs parentheses here */
#include <stdarg.h>
#include <string.h>

#include "ast/parse.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/text.h"
#include "net.tab.h"

enum { LONGEST_QUOTE = 40 };

/* A token as a message names it: "'}'", "the end of the line". */
static const char *describe_token(struct parse *parse, struct parse_token token)
{
    if (token.kind == NEWLINE || token.span.length == 0)
        return token.kind == END ? "the end of the file" : "the end of the line";
    int length = token.span.length > LONGEST_QUOTE ? LONGEST_QUOTE : (int)token.span.length;
    const char *text = token.span.source->bytes + token.span.offset;
    /* No character is cut in two. */
    while ((uint32_t)length < token.span.length && length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    bool is_string = token.kind == STRING;
    return arena_format(parse->arena, "%s%.*s%s%s", is_string ? "" : "'", length, text,
                        (uint32_t)length < token.span.length ? "…" : "", is_string ? "" : "'");
}

/* "expected WHAT, found TOKEN"; at the end of a line the place is what stands before it. */
static struct diagnostic *report_expected(struct parse *parse, struct span before, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct diagnostic *report_expected(struct parse *parse, struct span before, const char *format, ...)
{
    struct text what = text_create(parse->arena);
    va_list arguments;
    va_start(arguments, format);
    text_format_list(&what, format, arguments);
    va_end(arguments);
    struct parse_token found = parse->recent[0];
    bool is_end = found.kind == NEWLINE || found.kind == END || found.span.length == 0;
    if (is_end && before.length > 0)
        return diagnostics_error(parse->diagnostics, E0109, before, "expected %s", what.bytes);
    return diagnostics_error(parse->diagnostics, E0109, found.span, "expected %s, found %s", what.bytes,
                             describe_token(parse, found));
}

/* Tokens that are a mistake wherever they stand where they do. */
static bool report_token(struct parse *parse)
{
    struct parse_token found = parse->recent[0], before = parse->recent[1];
    bool is_value_before = scan_ends_value(before.kind);
    struct diagnostic *error;
    switch (found.kind) {
    case ';':
        if (!is_value_before || scan_is_inside(parse))
            return false;
        diagnostics_error(parse->diagnostics, E0109, found.span,
                          "a statement ends with its line, without ';'");
        return true;
    case '+':
    case '-':
        if (!is_value_before || scan_is_inside(parse) || parse->recent[2].kind == NET)
            return false;
        error = diagnostics_error(parse->diagnostics, E0110, found.span,
                                  "'%c' between values needs parentheses around it", found.kind);
        diagnostic_help(error, "write (a %c b): without parentheses only '*' and '/' join values",
                        found.kind);
        return true;
    case ',':
        if (!is_value_before || scan_is_inside(parse))
            return false;
        diagnostics_error(parse->diagnostics, E0109, found.span,
                          "values are separated by blanks here, not by commas");
        return true;
    case ':':
        if (before.kind != NAME)
            return false;
        diagnostics_error(parse->diagnostics, E0109, found.span,
                          "a label can only stand at the start of a statement");
        return true;
    case '=':
        if (before.kind != NAME)
            return false;
        error = diagnostics_error(parse->diagnostics, E0109, found.span,
                                  "a statement does not start with 'name ='");
        if (parse->depth == 0)
            diagnostic_help(error, "to give a value a name, write 'let' before it");
        else
            diagnostic_help(error, "leave out the '=': a setting and its value are separated by a blank");
        return true;
    default:
        return false;
    }
}

/* Parts of declarations. */
static bool report_declaration(struct parse *parse)
{
    struct parse_token before = parse->recent[1], two_before = parse->recent[2];
    const char *word = describe_token(parse, before);
    struct span both = two_before.span.length > 0 ? span_join(two_before.span, before.span) : before.span;
    switch (before.kind) {
    case LET:
    case FILTER:
        report_expected(parse, before.span, "a name after %s", word);
        return true;
    case NET:
        diagnostic_help(report_expected(parse, before.span, "the network's name after 'net'"),
                        "the generated C is called after it: net lenet5 { … }");
        return true;
    case BLOCK:
        diagnostic_help(report_expected(parse, before.span, "a name and its parameters after 'block'"),
                        "'(' stands directly behind the name: block basic(n) { … }");
        return true;
    case INCLUDE:
        report_expected(parse, before.span, "a path in quotes after 'include'");
        return true;
    case TRAIN:
        report_expected(parse, before.span, "'{' after 'train'");
        return true;
    case NAME:
        if (two_before.kind == NET) {
            struct diagnostic *error =
                report_expected(parse, both, "'{' after 'net %.*s'", (int)before.span.length,
                                before.span.source->bytes + before.span.offset);
            if (parse->recent[0].kind == '-' || parse->recent[0].kind == NEGATIVE)
                diagnostic_help(error, "a name is letters, digits and '_'");
        } else if (two_before.kind == LET || two_before.kind == FILTER)
            report_expected(parse, both, "'=' after %s", word);
        else
            return false;
        return true;
    default:
        return false;
    }
}

/* Places where only a value, or only a statement, can follow. */
static bool report_missing(struct parse *parse)
{
    struct parse_token before = parse->recent[1], two_before = parse->recent[2];
    struct span both = two_before.span.length > 0 ? span_join(two_before.span, before.span) : before.span;
    struct diagnostic *error;
    switch (before.kind) {
    case '=':
        if (two_before.kind != NAME)
            return false;
        report_expected(parse, both, "a value after %s",
                        describe_token(parse, (struct parse_token){NAME, both}));
        return true;
    case ':':
        error = report_expected(parse, both, "a layer after the label %s", describe_token(parse, two_before));
        if (scan_ends_value(parse->recent[0].kind))
            diagnostic_help(error, "in train { } a setting stands without ':'");
        return true;
    case '+':
    case '-':
    case '*':
    case '/':
    case NEGATIVE:
    case '(':
    case '[':
    case ',':
    case ';':
        report_expected(parse, before.span, "a value after %s", describe_token(parse, before));
        return true;
    case START_VALUE:
        report_expected(parse, before.span, "a value");
        return true;
    case NEWLINE:
    case START_FILE:
    case '{':
        diagnostics_error(parse->diagnostics, E0109, parse->recent[0].span,
                          "a line starts with a word, not with %s", describe_token(parse, parse->recent[0]));
        return true;
    case '}':
        report_expected(parse, before.span, "a new line after '}'");
        return true;
    default:
        return false;
    }
}

/* Whether the line is a statement of its own, so that the bracket that was opened on a line before lacks its
 * closer. */
static bool is_new_statement(const struct parse *parse, const struct parse_bracket *open)
{
    struct parse_token found = parse->recent[0], before = parse->recent[1];
    if (span_line(open->span) == span_line(found.span))
        return false;
    return found.kind == ':' || found.kind == '=' || span_line(before.span) != span_line(found.span);
}

static void report_generally(struct parse *parse, const struct parse_bracket *open,
                             const char *const *expected, int expected_count)
{
    struct parse_token found = parse->recent[0], before = parse->recent[1];
    struct diagnostic *error;
    if (open && scan_ends_value(before.kind)) {
        error = report_expected(parse, before.span, "',' or '%c'", open->opener == '(' ? ')' : ']');
    } else if (expected_count > 0 && expected_count <= 4) {
        struct text list = text_create(parse->arena);
        for (int i = 0; i < expected_count; i++)
            text_append_choice(&list, expected[i], i + 1 == expected_count);
        error = report_expected(parse, before.span, "%s", list.bytes);
    } else {
        error = diagnostics_error(parse->diagnostics, E0109, found.span, "%s does not fit here after %s",
                                  describe_token(parse, found), describe_token(parse, before));
        const char *help = found.kind == '/' ? scan_help_of_path(found.span) : NULL;
        if (help)
            diagnostic_help(error, "%s", help);
    }
    if (open)
        diagnostic_note(error, open->span, "'%c' is opened here", open->opener);
}

void parse_report_unexpected(struct parse *parse, const char *const *expected, int expected_count)
{
    struct parse_token found = parse->recent[0];
    const struct parse_bracket *open = scan_is_inside(parse) ? &parse->brackets[parse->depth - 1] : NULL;
    bool is_told = found.kind == INVALID || parse->has_given_up;
    bool is_unclosed = open && is_new_statement(parse, open);
    if (!is_told && is_unclosed)
        scan_report_unclosed(parse);
    else if (!is_told && !report_token(parse) && !report_declaration(parse) && !report_missing(parse))
        report_generally(parse, open, expected, expected_count);
    /* Without its closer a bracket would swallow the lines that follow; one that was opened on a line before
     * goes on. */
    if (is_unclosed || (open && span_line(open->span) == span_line(found.span)))
        scan_drop_brackets(parse);
    parse->is_recovering = true;
}
