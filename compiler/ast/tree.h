/* tree.h - a .net file exactly as it was written: statements, items, values. It knows no kinds and holds no
 * shapes.
 *
 *     c1: conv 6 5x5 pad=2 relu dropout(0.2)
 *
 * is a statement with label "c1", kind "conv" and the items value 6, value 5x5, pair pad=2, name relu, call
 * dropout. */
#ifndef NETC_TREE_H
#define NETC_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/source.h"

enum tree_value_kind {
    TREE_INTEGER, /* 64                      integer */
    TREE_REAL,    /* 1e-4 .5                 real */
    TREE_PERCENT, /* 10%                     real, as the share: 0.1 */
    TREE_SIZE,    /* 5x5 28x28x1 (k, k)      elements: each a TREE_INTEGER, after expansion too */
    TREE_STRING,  /* "a.yaml"                text, unescaped */
    TREE_LIST,    /* [a, b]                  elements */
    TREE_MATRIX,  /* [1 0 -1; 1 0 -1]        elements, row after row; columns */
    TREE_NAME, /* width                   text; gone after expansion unless it is a word in value position */
    TREE_OPERATION, /* a * b, a - b, -a        operator, elements[0], elements[1]; gone after expansion */
};

struct tree_value {
    enum tree_value_kind kind;
    struct span span;
    int64_t integer;
    double real;
    const char *text; /* interned for names; of numbers and sizes as written, NULL for computed ones */
    struct tree_value **elements;
    int element_count;
    int columns;     /* of a matrix */
    int depth;       /* values above one another, for the limit on it */
    bool has_failed; /* could not be read, which has been told */
    char operation;  /* + - * / or ~ for the unary minus */
};

enum tree_item_kind {
    TREE_ITEM_VALUE, /* 6           value */
    TREE_ITEM_PAIR,  /* pad=2       name, value */
    TREE_ITEM_NAME,  /* relu        name: a word, or a value where a let of that name is in scope */
    TREE_ITEM_CALL,  /* dropout(0.2), leaky_relu(slope=0.2)   name, arguments */
};

struct tree_item {
    enum tree_item_kind kind;
    struct span span;      /* the whole item */
    struct span name_span; /* of the name before = or ( */
    const char *name;      /* interned */
    struct tree_value *value;
    struct tree_item **arguments; /* of a call: values and pairs */
    int argument_count;
};

struct tree_body {    /* { … } or  shortcut { … } */
    const char *name; /* NULL for the first */
    struct span span;
    struct tree_statement **statements;
    int statement_count;
};

struct tree_let {
    struct span span, name_span;
    const char *name;
    struct tree_value *value;
};

/* Where a statement of a block or repeat came to stand. */
struct tree_statement;
struct tree_scope {
    const struct tree_scope *outer;
    const struct tree_statement *call; /* or the repeat */
    const char *label;                 /* its label, whole: "s1"; NULL without */
    const char *prefix;                /* of the labels in it: "s1_2" of s1_2_a; NULL: none */
    const struct origin *origin;       /* the calls that led here, for notes; NULL without */
};

struct tree_statement {
    struct span span;  /* label to last item, without bodies */
    const char *label; /* interned; NULL without one */
    struct span label_span;
    const char *kind; /* interned: conv, dense, batch, λ (as "lambda"), a block's name, … */
    struct span kind_span;
    bool is_call; /* basic(width): the arguments are `items` */
    /* Could not be read, or is not supported yet, and that has been told: nothing can be said about it or
     * what depends on it. Its label and kind may be missing (NULL and ""), items and bodies may be empty. */
    bool has_failed;
    const struct tree_statement *written; /* what it was before expansion; NULL before */
    const struct tree_scope *scope;       /* after expansion: NULL outside of blocks and repeats */
    const struct tree_let *let;           /* of kind "let": inside a body, until it ends */
    struct tree_item **items;
    int item_count;
    struct tree_body **bodies;
    int body_count;
};

struct tree_include {
    struct span span, path_span;
    const char *path;
};
struct tree_filter {
    struct span span, name_span;
    const char *name;
    struct tree_value *value;
};
struct tree_parameter {
    struct span span; /* of the name */
    const char *name;
    struct tree_value *value; /* default or NULL */
};
struct tree_block {
    struct span span, name_span;
    const char *name;
    struct tree_parameter **parameters;
    int parameter_count;
    struct tree_body *body;
};

/* One declaration of the file; the file is their list in source order. */
enum tree_declaration_kind { TREE_LET, TREE_INCLUDE, TREE_FILTER, TREE_BLOCK, TREE_NET, TREE_TRAIN };

struct tree_declaration {
    enum tree_declaration_kind kind;
    struct span span;
    struct tree_let *let;
    struct tree_include *include;
    struct tree_filter *filter;
    struct tree_block *block;
    const char *name; /* of the net */
    struct span name_span;
    struct tree_body *body; /* of net and train */
};

struct tree {
    const struct source *source;   /* the file itself */
    const struct source **sources; /* after expansion: it, and what it includes, in the order of reading */
    int source_count;
    struct tree_declaration **declarations;
    int declaration_count;
};

struct arena;
struct names;
struct diagnostics;

/* ast/parse.c: text to tree. Recovers at statements and braces, so the tree holds what could be read even
 * when errors were told. Never NULL. */
struct tree *tree_parse(struct arena *arena, struct names *names, const struct source *source,
                        struct diagnostics *diagnostics);

/* ast/expand.c: tree to tree with includes read, blocks and repeats put in as often as they are called, every
 * let (and -D override) put in and every expression computed, so that each value is one of INTEGER … MATRIX
 * or a NAME that is no let. Labels of blocks and repeats get the prefix of their call: s1_2_a. What remains
 * is one net and at most one train; a second one and a missing net are told. A statement with an error in it
 * `has_failed`. `options` may be NULL. Integers stay integers (checked for overflow; a quotient that is not
 * whole becomes a REAL), percentages count as their share in arithmetic. Spans keep pointing at what was
 * written. */
struct tree_override {
    const char *name;
    const char *text;
}; /* -D name=text */

struct tree_expansion {
    const struct tree_override *overrides;
    int override_count;
    bool (*is_reserved)(const char *name); /* kinds, words and settings, which no let may be called */
};

struct tree *tree_expand(struct arena *arena, struct names *names, const struct tree *tree,
                         const struct tree_expansion *options, struct diagnostics *diagnostics);

/* ast/print.c: one canonical line per statement, blanks normalised, comments dropped, names and expressions
 * as written ("c1: conv 2*n 3x3 pad=1 relu"). */
struct text;
void tree_print_statement(struct text *to, const struct tree_statement *statement);
void tree_print_value(struct text *to, const struct tree_value *value);
void tree_print(struct text *to, const struct tree *tree);

#endif
