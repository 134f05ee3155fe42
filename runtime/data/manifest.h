/* manifest.h - a data manifest, checked as far as it can be without opening the data.
 *
 *     format: csv                          ->  format CSV, splits { "train": diabetes.csv },
 *     train: { file: diabetes.csv }            test_share 0.2, standardize_inputs DEVIATION
 *     test: 20%
 *     standardize: inputs
 *
 * Nodes are kept where a later fault must be told at its place in the manifest. */
#ifndef NETC_DATA_MANIFEST_H
#define NETC_DATA_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "formats/yaml_tree.h"

struct pool;
struct problem;

enum manifest_format { FORMAT_IDX, FORMAT_CSV };
enum manifest_standardize { STANDARDIZE_NONE, STANDARDIZE_DEVIATION, STANDARDIZE_NORM, STANDARDIZE_RANGE };

struct manifest_split {
    const char *name;             /* "train", "test", "dev" */
    const struct yaml_node *node; /* its mapping */
    const char *inputs;           /* path of the file of inputs, or of the CSV with everything */
    const char *targets;          /* path; NULL for a CSV */
};

enum { GROUPS_MOST = 100 }; /* of one column */

/* A column whose values divide the examples: `group: sex`, or a number cut at edges. */
struct manifest_group {
    const struct yaml_node *node; /* the column's name */
    const char **edges;           /* [edge_count] as written */
    double *limits;               /* [edge_count] the same as numbers, rising */
    int edge_count;               /* 0: each value is a group of its own */
};

struct manifest {
    const char *path;
    const char *folder; /* what paths are relative to; "" or ends with a slash */
    enum manifest_format format;
    struct manifest_split *splits; /* [split_count] as they stand */
    int split_count;
    struct manifest_group *groups; /* [group_count] as they stand */
    int group_count;
    double test_share;  /* of train's rows that become test; 0: none */
    int64_t test_count; /* the same as a number; 0: none */
    double scale;       /* of the inputs; 1 if not given */
    enum manifest_standardize standardize_inputs;
    enum manifest_standardize standardize_targets; /* NONE or DEVIATION */

    const struct yaml_node *test;         /* the share or count; NULL without */
    const struct yaml_node *classes;      /* sequence of names; NULL without */
    const struct yaml_node *inputs;       /* sequence of columns; NULL without */
    const struct yaml_node *targets;      /* sequence of columns; NULL without */
    const struct yaml_node *standardized; /* value of 'standardize'; NULL without */
};

/* All memory comes from the pool. False and a problem on any fault, a missing file among them. */
bool manifest_read(struct manifest *manifest, const char *path, struct pool *pool, struct problem *problem);
/* What one key of a manifest means, as a text; "" where it is not given. */
enum { MANIFEST_MEANING_TEXT = 120 };
struct manifest_meaning {
    const char *key; /* "scale", "columns.inputs"; "splits" for the names of all of them */
    char text[MANIFEST_MEANING_TEXT];
};

/* Of key number i; false behind the last. Names of files and folders are none: the data have a fingerprint.
 */
bool manifest_tell_meaning(const struct manifest *manifest, int i, struct manifest_meaning *meaning);
/* The split of that name; NULL if there is none. */
const struct manifest_split *manifest_find_split(const struct manifest *manifest, const char *name);

#endif
