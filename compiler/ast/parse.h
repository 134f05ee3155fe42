/* parse.h - what scanner, grammar and builders share while one text is read. Only for them. */
#ifndef NETC_PARSE_H
#define NETC_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "ast/tree.h"
#include "base/source.h"

struct arena;
struct names;
struct diagnostics;

/* PARSE_DEPTH: open brackets and braces; PARSE_CHAIN: operators above one another in an expression. */
enum { PARSE_DEPTH = 200, PARSE_CHAIN = 500, PARSE_RECENT = 3 };

struct parse_token {
    int kind; /* as the grammar numbers it; 0 is the end */
    struct span span;
};

struct parse_bracket {
    char opener; /* ( [ or { */
    struct span span;
};

/* Elements while their number is not known yet. */
struct parse_list {
    void **elements;
    int count;
};

struct parse {
    struct arena *arena;
    struct names *names;
    const struct source *source;
    struct diagnostics *diagnostics;
    uint32_t offset; /* of the next character to be scanned */

    int start;                               /* the token that says what is parsed, until it is given out */
    struct parse_token held;                 /* scanned, but braces have to be closed before it */
    bool is_held;                            /* `held` waits */
    int close_to;                            /* how many brackets may stay open when `held` is given out */
    struct parse_token recent[PARSE_RECENT]; /* the last tokens given out, the newest first */
    struct parse_bracket brackets[PARSE_DEPTH]; /* open ones: braces first, then ( and [ */
    int depth;
    bool is_recovering; /* the rest of the line is skipped, so its closers may close nothing */
    bool has_given_up;  /* nested too deeply: told, and nothing more is read */

    struct parse_list *declarations; /* of struct tree_declaration */
    struct tree_value *value;        /* what parse_value gives */

    bool keeps_tokens;          /* for ast/format.c */
    struct parse_token *tokens; /* all that were given out, and the comments, in the order of the text */
    int token_count;
};

/* ast/parse.c: the text with its tokens kept; NULL when errors were told. */
struct parse *parse_tokens(struct arena *arena, const struct source *source, struct diagnostics *diagnostics);

/* ast/layout.c: the grammar's yylex; tokens of grammar/net.l with line ends and missing braces put right. */
union NET_STYPE;
int scan_next_token(union NET_STYPE *token, struct span *span, void *scanner, struct parse *parse);
bool scan_is_inside(const struct parse *parse);     /* ( ) or [ ] */
bool scan_ends_value(int kind);                     /* a token that a value can end with */
bool scan_is_line_start(const struct parse *parse); /* the newest token opens a line */
void scan_report_unclosed(struct parse *parse);     /* tells so of the innermost */
void scan_drop_brackets(struct parse *parse);       /* forgets ( and [ that no closer will come for */
void scan_keep_token(struct parse *parse, int kind, struct span span); /* where tokens are kept */
/* ast/scan.c: what to do about a mark in a path behind "data" that has no quotes; NULL: it stands elsewhere.
 */
const char *scan_help_of_path(struct span span);

/* ast/unexpected.c: tells that the newest token does not fit; `expected` are the grammar's names of those
 * that do. */
void parse_report_unexpected(struct parse *parse, const char *const *expected, int expected_count);

/* Tells that something is nested too deeply, once, and ends the reading. */
void parse_report_depth(struct parse *parse, struct span span);

/* ast/parse.c: one value, as -D gives it; NULL when errors were told. */
struct tree_value *parse_value(struct arena *arena, struct names *names, const struct source *source,
                               struct diagnostics *diagnostics);

#endif
