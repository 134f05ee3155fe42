/* check.h - from the tree to the graph: every name, value and shape is checked here, and errors are told
 * where they stand. What passes holds for the rest of the compiler.
 *
 *     statement "c1: conv 6 5x5 relu"    ->    layers c1 (conv) and c1_relu, their values, forward nodes */
#ifndef NETC_CHECK_H
#define NETC_CHECK_H

#include "ast/tree.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "layers/catalogue.h"

/* A layer's name, and what a reference to it means. */
struct label_entry {
    const char *name;     /* NULL: a free place */
    struct layer *layer;  /* that is called so */
    struct layer *result; /* of its statement: the layer itself, or the last word behind it */
    int repeats;          /* of a derived name: how often it was wanted again, c1_relu_2 … */
};

struct label_table {
    struct label_entry *entries; /* open addressing, names without regard to case */
    uint32_t capacity;           /* a power of two, at least twice the names */
    uint32_t count;
};

/* A layer that takes its measure over the batch: where it stands, for what train { } says of batches. */
struct batch_measure {
    const struct layer *layer;
    struct span span; /* of its kind */
    const struct origin *origin;
    struct batch_measure *next;
};

struct check {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct tree *tree;
    struct graph *graph;
    struct label_table labels;
    struct layer *current;             /* whose result the next layer takes; NULL before the input */
    const char *last_label;            /* what unlabelled layers are called after */
    const struct tree_scope *scope;    /* of the statement that is read */
    const struct tree_statement *next; /* behind the statement that is read, in its body; NULL at the end */
    int path_depth;                    /* paths above one another around it */
    bool failed;                       /* the current layer has no shape: what follows is silent */
    struct span output_span;           /* of the output statement; source NULL before it */
    struct batch_measure *measures, **measures_end; /* in the order of the layers */
};

/* The graph of a parsed and expanded tree, with all layers and the settings of training; NULL when errors
 * were told. */
struct graph *check_tree(struct arena *arena, const struct tree *tree, struct diagnostics *diagnostics);

/* check/settings.c: reads values, pairs and flags among `items` into one setting per attribute. Words that
 * are no flags are passed over (the caller looks at them). `owner` names the statement in messages: "conv
 * 'c1'". */
struct setting *settings_read(struct check *check, const struct attribute *attributes, const char *owner,
                              struct span span, struct tree_item *const *items, int count);

/* check/unknown.c: an error about a name that nothing has, with what was probably meant: the nearest of the
 * names offered to `suggestion`, or where the name belongs. `what` is "key", "word", … */
void report_unknown(struct check *check, enum code code, const char *what, const char *name, struct span span,
                    const char *owner, const struct suggestion *suggestion);

/* The place of what a statement chooses by that name (catalogue_choice); -1, and the error `code`, where it
 * is none of them. */
int choice_find(struct check *check, const struct tree_statement *statement, const struct tree_item *name,
                enum code code);

/* check/statements.c: the statements of net { } or a path, whose layers are put behind check->current. */
void check_read_body(struct check *check, const struct tree_body *body);
/* A layer of known kind, name and settings; then its result, from `inputs` when it joins them, else from the
 * current one. Silent where an input or the settings failed already. */
struct layer *check_add_layer(struct check *check, const struct layer_kind *kind, const char *name,
                              struct setting *settings, struct span span);
void check_finish_layer(struct check *check, struct layer *layer, struct span kind_span);
/* "conv 'c1'", or "maxpool" without a label. */
const char *check_owner(struct check *check, const struct tree_statement *statement);

/* check/join.c: reads the paths of a residual, add or concat and gives their results to the layer. */
void join_read(struct check *check, const struct tree_statement *statement, const struct layer_kind *kind,
               struct setting *settings, struct value ***joined, int *count);
/* Tells that a statement takes no { }, at the brace. */
void join_refuse_bodies(struct check *check, const struct tree_statement *statement);

/* check/labels.c: the names of all layers so far. */
void label_add(struct check *check, struct layer *layer);
/* By its name without regard to case, or NULL. */
struct label_entry *label_find(const struct check *check, const char *name);
/* May the label be used? Tells what speaks against it. */
bool label_check(struct check *check, const struct tree_statement *statement);
/* The same for the name of a net, which names files and a struct. */
bool net_name_check(struct check *check, const char *name, struct span span);
/* The name of an unlabelled layer: c1_maxpool, or c1_maxpool_2 for the second of the kind behind that label.
 */
const char *label_derive(struct check *check, const char *kind);
/* What may not be the name of a let: kinds, words, settings. */
bool name_is_reserved(const char *name);

/* check/train.c: train { } or, without one, its defaults. */
void train_check(struct check *check, const struct tree_body *body);

#endif
