/* scan.c - turns matched text into tokens with values.
 *
 *     28x28x1   LITERAL, a size of three integers        10%   LITERAL, the percentage 0.1
 *     basic(    CALL, then '('                           n -1  NAME, NEGATIVE, LITERAL: two values */
#include "ast/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ast/build.h"
#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "base/text.h"
#include "net.tab.h"

static const char *span_text(struct span span)
{
    return span.source->bytes + span.offset;
}

int scan_name(struct parse *parse, struct span span, union NET_STYPE *token, bool is_call)
{
    static const struct {
        const char *text;
        int kind;
    } keywords[] = {
        {"let", LET},     {"include", INCLUDE}, {"filter", FILTER},
        {"block", BLOCK}, {"net", NET},         {"train", TRAIN},
    };
    const char *text = span_text(span);
    bool is_greek = memcmp(text, "λ", 2) == 0;
    token->name =
        is_greek ? names_intern(parse->names, "lambda", 6) : names_intern(parse->names, text, span.length);
    if (is_call)
        return CALL;
    /* Words of declarations are ordinary names everywhere else; only a let may stand in a body. */
    if (scan_is_inside(parse) || !scan_is_line_start(parse))
        return NAME;
    if (parse->depth > 0)
        return strcmp(token->name, "let") == 0 ? LET : NAME;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strcmp(token->name, keywords[i].text) == 0)
            return keywords[i].kind;
    }
    return NAME;
}

/* The digits as an integer; tells when they are too many. */
static struct tree_value *read_integer(struct parse *parse, struct span span)
{
    const char *text = span_text(span);
    struct tree_value *value = build_literal(parse, TREE_INTEGER, span);
    for (uint32_t i = 0; i < span.length && !value->has_failed; i++) {
        if (__builtin_mul_overflow(value->integer, 10, &value->integer) ||
            __builtin_add_overflow(value->integer, text[i] - '0', &value->integer)) {
            diagnostics_error(parse->diagnostics, E0104, span,
                              "this number is too large: the largest is %lld", (long long)INT64_MAX);
            value->has_failed = true;
        }
    }
    return value;
}

int scan_integer(struct parse *parse, struct span span, union NET_STYPE *token)
{
    const char *text = span_text(span);
    token->value = read_integer(parse, span);
    if (span.length > 1 && text[0] == '0') {
        struct diagnostic *error =
            diagnostics_error(parse->diagnostics, E0103, span, "a whole number does not start with 0");
        if (span.offset > 1 && text[-1] == ',' && text[-2] >= '0' && text[-2] <= '9')
            diagnostic_help(error, "the decimal point is '.', as in 0.05");
    }
    return LITERAL;
}

static struct tree_value *read_real(struct parse *parse, enum tree_value_kind kind, struct span span)
{
    struct tree_value *value = build_literal(parse, kind, span);
    errno = 0;
    value->real = strtod(span_text(span), NULL);
    if (errno == ERANGE && value->real > 1)
        diagnostics_error(parse->diagnostics, E0104, span,
                          "this number is too large: the largest is about 1.8e308");
    else if (errno == ERANGE)
        diagnostics_error(parse->diagnostics, E0104, span, "this number is too small: it would become 0");
    value->has_failed = errno == ERANGE;
    return value;
}

int scan_real(struct parse *parse, struct span span, union NET_STYPE *token)
{
    token->value = read_real(parse, TREE_REAL, span);
    return LITERAL;
}

int scan_percent(struct parse *parse, struct span span, union NET_STYPE *token)
{
    token->value = read_real(parse, TREE_PERCENT, span);
    token->value->real /= 100;
    return LITERAL;
}

int scan_size(struct parse *parse, struct span span, union NET_STYPE *token)
{
    const char *text = span_text(span);
    struct parse_list *parts = NULL;
    for (uint32_t i = 0; i < span.length;) {
        struct span part = {span.source, span.offset + i, 0};
        while (i < span.length && text[i] >= '0' && text[i] <= '9')
            i++;
        part.length = span.offset + i - part.offset;
        parts = build_list(parse, parts, read_integer(parse, part));
        while (i < span.length && (text[i] < '0' || text[i] > '9'))
            i++;
    }
    token->value = build_sequence(parse, TREE_SIZE, span, parts);
    return LITERAL;
}

int scan_comma_number(struct parse *parse, struct span span, union NET_STYPE *token)
{
    const char *text = span_text(span);
    const char *comma = memchr(text, ',', span.length);
    int before = (int)(comma - text), after = (int)(span.length - (uint32_t)before - 1);
    token->value = build_literal(parse, TREE_REAL, span);
    token->value->has_failed = true;
    if (memchr(comma + 1, ',', (size_t)after)) {
        struct diagnostic *error = diagnostics_error(parse->diagnostics, E0108, span,
                                                     "commas separate values only inside ( ) and [ ]");
        if (span.length < 40)
            diagnostic_help(error, "write the list [%.*s]", (int)span.length, text);
        return LITERAL;
    }
    struct diagnostic *error = diagnostics_error(
        parse->diagnostics, E0108, span, "a number is written with a decimal point, not with a comma");
    if (span.length < 40)
        diagnostic_help(error, "write %.*s.%.*s", before, text, after, comma + 1);
    return LITERAL;
}

int scan_bad_number(struct parse *parse, struct span span)
{
    const char *text = span_text(span);
    struct diagnostic *error =
        diagnostics_error(parse->diagnostics, E0103, span, "'%.*s%s' is neither a number, a size nor a name",
                          span.length > 40 ? 40 : (int)span.length, text, span.length > 40 ? "…" : "");
    const char *by = memchr(text, 'x', span.length);
    if (memchr(text, 'X', span.length))
        diagnostic_help(error, "sizes are written with a small x, as in 5x5");
    else if (by && strspn(text, "0123456789") == (size_t)(by - text) && by + 1 < text + span.length)
        diagnostic_help(error, "a size from names is written in parentheses, as in (5, k)");
    return INVALID;
}

int scan_string(struct parse *parse, struct span span, union NET_STYPE *token)
{
    const char *text = span_text(span);
    struct text unescaped = text_create(parse->arena);
    for (uint32_t i = 1; i + 1 < span.length; i++) {
        const char *character = &text[i];
        if (*character == '\\') {
            character = &text[++i];
            if (*character == 'n' || *character == 't') {
                character = *character == 'n' ? "\n" : "\t";
            } else if (*character != '"' && *character != '\\') {
                struct span escape = {span.source, span.offset + i - 1, 2};
                struct diagnostic *error =
                    diagnostics_error(parse->diagnostics, E0105, escape, "an unknown escape in a text");
                diagnostic_help(error, "the escapes are \\\" \\\\ \\n and \\t");
            }
        }
        text_append(&unescaped, character, 1);
    }
    token->value = build_literal(parse, TREE_STRING, span);
    token->value->text = unescaped.bytes;
    return STRING;
}

int scan_open_string(struct parse *parse, struct span span)
{
    struct span opener = {span.source, span.offset, 1};
    diagnostics_error(parse->diagnostics, E0105, opener, "this text is not closed with '\"' on its line");
    return INVALID;
}

void scan_comment(struct parse *parse, struct span span)
{
    scan_keep_token(parse, COMMENT, span);
}

void scan_bad_comment(struct parse *parse, struct span span)
{
    struct span slashes = {span.source, span.offset, 2};
    diagnostics_error(parse->diagnostics, E0101, slashes, "a comment starts with '#', not with '//'");
}

/* How many bytes the character at `text` has; the text is known to be UTF-8. */
static int character_length(const char *text)
{
    unsigned char first = (unsigned char)*text;
    return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_letter_of_name(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/* Does the text in front of `end` end in this word? */
static bool ends_in_word(const char *text, size_t end, const char *word)
{
    const size_t length = strlen(word);
    return end >= length && memcmp(text + end - length, word, length) == 0 &&
           (end == length || !is_letter_of_name(text[end - length - 1]));
}

/* Is `at` in what stands behind "data" or "include": a path without its quotes? */
static bool is_in_path(const char *text, size_t at)
{
    size_t end = at;
    while (end > 0 && !is_blank(text[end - 1]) && text[end - 1] != '\n' && text[end - 1] != '"')
        end--;
    const size_t start = end;
    while (end > 0 && is_blank(text[end - 1]))
        end--;
    return end < start && (ends_in_word(text, end, "data") || ends_in_word(text, end, "include"));
}

const char *scan_help_of_path(struct span span)
{
    const char *text = span.source->bytes;
    return is_in_path(text, span.offset) ? "a path stands in quotes, as in \"data.yaml\"" : NULL;
}

/* What a '.' or '~' was meant for: "data mnist.yaml" wants quotes, and "nn.Linear" another name. NULL: nobody
 * knows. */
static const char *help_of_mark(struct span span)
{
    const char *text = span_text(span), *of_path = scan_help_of_path(span);
    if (of_path || *text == '~')
        return of_path;
    return span.offset > 0 && is_letter_of_name(text[-1]) ? "a name has no '.'" : NULL;
}

int scan_bad_characters(struct parse *parse, struct span span)
{
    static const struct {
        const char *character, *help;
    } look_alikes[] = {
        {"%", "a percentage is written without a blank, as in 10%"},
        {"×", "a size is written without blanks, as in 5x5"},
        {"'", "a text stands in double quotes, as in \"data.yaml\""},
        {"“", "a text stands in straight quotes, as in \"data.yaml\""},
        {"”", "a text stands in straight quotes, as in \"data.yaml\""},
        {"−", "the minus sign is '-'"},
        {"–", "the minus sign is '-'"},
        {"\u00a0", "this is a no-break space: replace it with an ordinary one"},
        {"^", "powers are not among the operators + - * /"},
    };
    /* One mistake a line is enough: what follows a first one is often its other end. */
    if (parse->is_recovering)
        return INVALID;
    const char *text = span_text(span);
    int length = character_length(text);
    struct diagnostic *error;
    if ((unsigned char)*text < 0x20 || *text == 0x7f)
        error = diagnostics_error(parse->diagnostics, E0101, span,
                                  "the control character U+%04X is not allowed here", (unsigned)*text);
    else
        error = diagnostics_error(parse->diagnostics, E0101, span,
                                  *text == '\'' ? "\"%.*s\" means nothing here" : "'%.*s' means nothing here",
                                  length, text);
    const char *of_mark = *text == '.' || *text == '~' ? help_of_mark(span) : NULL;
    if (of_mark)
        diagnostic_help(error, "%s", of_mark);
    for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++) {
        if (strncmp(text, look_alikes[i].character, strlen(look_alikes[i].character)) == 0)
            diagnostic_help(error, "%s", look_alikes[i].help);
    }
    return INVALID;
}
