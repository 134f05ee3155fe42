/* yaml_tree.h - a small YAML text as a tree of nodes that know where they stand.
 *
 *     test: { file: a.csv }   ->   mapping { "test": mapping { "file": scalar "a.csv" } }
 *
 * Anchors, aliases, tags, merges and second documents are refused: neither a data manifest nor a sweep needs
 * any, and with them a few lines can grow to gigabytes. */
#ifndef NETC_FORMATS_YAML_TREE_H
#define NETC_FORMATS_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

enum { YAML_BYTES = 1 << 20 }; /* that a text has at most */

struct yaml_node {
    enum yaml_kind kind;
    const char *text;         /* of a scalar */
    int line, column;         /* from 1, in characters */
    int length;               /* of a scalar as written, quotes and all, where it is on one line; else 1 */
    int count;                /* items of a sequence, pairs of a mapping */
    struct yaml_node **keys;  /* [count] of a mapping: scalars, each once */
    struct yaml_node **items; /* [count] items or the pairs' values */
};

/* Where nodes and their texts live: zeroed memory of whoever wants the tree. */
struct yaml_memory {
    void *(*get)(void *owner, size_t size);
    void *owner;
};

struct yaml_fault {
    int line, column; /* 0: about the whole text */
    char sentence[256];
};

/* The only document of the text, or NULL and a fault. `what` is what the text is, for sentences: "a data
 * manifest". */
struct yaml_node *yaml_parse(const char *bytes, size_t length, const char *what, struct yaml_memory memory,
                             struct yaml_fault *fault);
/* The value of a key; NULL if the mapping has no such key. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

#endif
