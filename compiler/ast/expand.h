/* expand.h - what expanding shares: the names in scope, computing values, putting in blocks. Only for ast/.
 */
#ifndef NETC_EXPAND_H
#define NETC_EXPAND_H

#include "ast/tree.h"

struct diagnostic;

enum declared_state {
    DECLARED_LATER,  /* a let or filter that is not computed yet */
    DECLARED_READY,  /* the same with its value */
    DECLARED_FAILED, /* with an error in it, which has been told */
    DECLARED_BLOCK,
};

/* A let, filter or block of the file. */
struct declared {
    const char *name; /* interned; NULL: a free place of the table */
    struct span span; /* of the name */
    enum declared_state state;
    bool is_filter;
    struct tree_value *written;  /* of a let or filter, as the file or -D has it */
    struct tree_value *computed; /* once DECLARED_READY */
    struct tree_block *block;
    int mark; /* of the search for blocks that call themselves: 0 not seen, 1 on the way, 2 done */
};

/* A parameter or a let inside a body; they hide what the file declares. */
struct binding {
    const struct binding *outer;
    const char *name;         /* interned */
    struct tree_value *value; /* computed; NULL: with an error in it, which has been told */
};

/* Grows while it is filled. */
struct expansion_list {
    void **elements;
    int count;
};

struct expansion {
    struct arena *arena;
    struct names *names;
    struct diagnostics *diagnostics;
    bool (*is_reserved)(const char *name); /* never NULL */
    struct expansion_list sources;         /* of struct source: read so far */
    struct expansion_list declarations;    /* of struct tree_declaration: of all files, in order */
    struct declared *table;                /* open addressing by the name's pointer */
    uint32_t capacity;                     /* a power of two, at least twice the names */
    bool lacks_include;                    /* names may come from a file that could not be read */
    const struct binding *bindings;        /* in scope, the innermost first */
    const struct tree_scope *scope;        /* of the statements that are being expanded */
    int depth;                             /* bodies above one another */
    int statement_count;                   /* expanded so far */
};

void expansion_add(struct expansion *expansion, struct expansion_list *list, void *element);

/* ast/include.c: lists the declarations of a file and of what it includes. */
void include_declarations(struct expansion *expansion, const struct tree *tree);

/* ast/scope.c: enters lets, filters and blocks, applies -D and computes. */
void expansion_declare(struct expansion *expansion, const struct tree_expansion *options);
/* The entry of the name, or the free one where it belongs. */
struct declared *expansion_find(const struct expansion *expansion, const char *name);
/* Adds the nearest declared value, or block, as help; false where there is none. */
bool expansion_suggest(const struct expansion *expansion, struct diagnostic *error, const char *wanted,
                       bool is_value);
/* A parameter or inner let comes into scope. */
void expansion_bind(struct expansion *expansion, const char *name, struct tree_value *value);
/* Tells when a let or parameter takes the name of a kind or word. */
bool expansion_check_name(struct expansion *expansion, const char *name, struct span span, const char *what);

/* ast/compute.c: the value with lets put in and operations done, itself when there is nothing to do; NULL
 * when that fails, which has been told. A name that is no let is an error when `is_strict`, else it stays. */
struct tree_value *value_compute(struct expansion *expansion, struct tree_value *value, bool is_strict);

/* ast/block.c: tells what is wrong with blocks as such: parameters that repeat or are never used, blocks that
 * call themselves. Those may not be called. */
void block_check_all(struct expansion *expansion);
/* The arguments of a call as bindings of the block's parameters, which become those of the expansion; false
 * when they do not fit, which has been told. */
bool block_bind(struct expansion *expansion, const struct tree_block *block,
                const struct tree_statement *call);

/* ast/expand.c: the statements of a body, expanded. */
struct tree_body *expand_body(struct expansion *expansion, const struct tree_body *body);

#endif
