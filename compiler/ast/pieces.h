/* pieces.h - what a formatter needs to know of each token and comment of a text. Only for ast/format.c. */
#ifndef NETC_AST_PIECES_H
#define NETC_AST_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/source.h"

struct arena;
struct diagnostics;

struct piece {
    int kind; /* a token as the grammar numbers it, or COMMENT */
    struct span span;
    uint32_t line;       /* of the source, from 0 */
    uint32_t newlines;   /* line ends between the piece before and this one; 1 more before the first */
    uint32_t width;      /* in characters; 0 of comments, which count for no width */
    uint32_t flat_start; /* the column if everything before it stood on one line */
    uint32_t padding;    /* further blanks behind the name of a setting in train { } */
    bool ends_statement; /* what comes next is on a line of its own */
    bool is_declaring;   /* the '=' of let and filter */
    uint32_t end;        /* of an opener: the index of its closer */
    bool is_spread;      /* of an opener: cannot stand on one line */
    char separator;      /* of a ( or [ over several lines: what ends a line, 0: lines are filled */
};

struct pieces {
    struct piece *array; /* `count` of them, then one of kind 0: the end of the file */
    uint32_t count;
};

/* False when the text has syntax errors, which are told. */
bool pieces_read(struct pieces *pieces, struct arena *arena, const struct source *source,
                 struct diagnostics *diagnostics);

bool piece_is_opener(const struct piece *piece);
bool piece_is_closer(const struct piece *piece);
/* Whether a blank stands between the two when they are on one line. */
bool piece_needs_blank(const struct piece *before, const struct piece *piece);

#endif
