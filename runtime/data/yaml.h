/* yaml.h - a small YAML file as a tree of nodes that know where they stand.
 *
 *     test: { file: a.csv }   ->   mapping { "test": mapping { "file": scalar "a.csv" } }
 *
 * Anchors, aliases, tags, merges and second documents are refused: a manifest needs none, and with them a
 * few lines can grow to gigabytes. */
#ifndef NETC_DATA_YAML_H
#define NETC_DATA_YAML_H

#include <stdbool.h>

struct pool;
struct problem;

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    const char *text;         /* of a scalar */
    int line, column;         /* from 1, in characters */
    int count;                /* items of a sequence, pairs of a mapping */
    struct yaml_node **keys;  /* [count] of a mapping: scalars, each once */
    struct yaml_node **items; /* [count] items or the pairs' values */
};

/* The only document of the file, or NULL and a problem. At most 1 MiB and 64 levels. */
struct yaml_node *yaml_read(const char *path, struct pool *pool, struct problem *problem);
/* The value of a key; NULL if the mapping has no such key. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

#endif
