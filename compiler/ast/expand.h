/* expand.h - what expanding shares: the declared names, and computing values. Only for ast/. */
#ifndef NETC_EXPAND_H
#define NETC_EXPAND_H

#include "ast/tree.h"

struct diagnostic;

enum declared_state {
    DECLARED_LATER,   /* a let that is not computed yet */
    DECLARED_READY,   /* a let with its value */
    DECLARED_FAILED,  /* a let with an error in it, which has been told */
    DECLARED_PLANNED, /* a block or filter: not supported yet, which has been told */
};

struct declared {
    const char *name; /* interned; NULL: a free place of the table */
    struct span span; /* of the name */
    enum declared_state state;
    struct tree_value *written;  /* of a let, as the file or -D has it */
    struct tree_value *computed; /* once DECLARED_READY */
};

struct expansion {
    struct arena *arena;
    struct names *names;
    struct diagnostics *diagnostics;
    struct declared *table; /* open addressing by the name's pointer */
    uint32_t capacity;      /* a power of two, at least twice the names */
    bool has_include;       /* names may come from elsewhere */
};

/* The entry of the name, or the free one where it belongs. */
struct declared *expansion_find(const struct expansion *expansion, const char *name);

/* Adds the nearest declared let, or block, as help. */
void expansion_suggest(const struct expansion *expansion, struct diagnostic *error, const char *wanted,
                       bool is_let);

/* ast/compute.c: the value with lets put in and operations done, itself when there is nothing to do; NULL
 * when that fails, which has been told. A name that is no let is an error when `is_strict`, else it stays. */
struct tree_value *value_compute(struct expansion *expansion, struct tree_value *value, bool is_strict);

#endif
