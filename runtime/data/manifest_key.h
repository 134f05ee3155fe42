/* manifest_key.h - what reading the keys and values of a manifest is made of: tables of keys, faults told at
 * a node, a misspelt word with the nearest known one.
 *
 *     { "scale", read_scale }, …  +  "scael: 1/255"   ->   unknown key 'scael'; did you mean 'scale'? */
#ifndef NETC_DATA_MANIFEST_KEY_H
#define NETC_DATA_MANIFEST_KEY_H

#include "data/manifest.h"

struct manifest_reading {
    struct manifest *manifest;
    struct pool *pool;
    struct problem *problem;
};

struct manifest_key {
    const char *name;
    bool (*read)(struct manifest_reading *reading, const struct yaml_node *value);
};

/* A fault at a node; returns false. */
bool node_refuse(struct manifest_reading *reading, const struct yaml_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* False and a problem that says what is wanted if the node is of another kind. */
bool node_is(struct manifest_reading *reading, const struct yaml_node *node, enum yaml_kind kind,
             const char *wanted);
/* Index of the scalar's text in a list; -1 and a problem, with the nearest word, if it is not in there. */
int node_choose(struct manifest_reading *reading, const struct yaml_node *node, const char *what,
                const char *const *words, int count);

const struct manifest_key *manifest_find_key(const struct manifest_key *keys, int count, const char *name);
bool manifest_refuse_key(struct manifest_reading *reading, const struct yaml_node *key,
                         const struct manifest_key *keys, int count);
/* Every pair of a mapping by its key's function. */
bool manifest_read_keys(struct manifest_reading *reading, const struct yaml_node *mapping,
                        const struct manifest_key *keys, int count);

/* The value of `group`: one column, or a list of them. */
bool manifest_read_groups(struct manifest_reading *reading, const struct yaml_node *value);

/* Whether the whole text is one finite decimal number; `1e-4` and `.5` are, `0x10`, `nan` and "" are not. */
bool text_is_number(const char *text, double *number);

#endif
