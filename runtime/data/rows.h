/* rows.h - what a dataset is made of, for the files of this folder.
 *
 *     train.csv, test.csv  ->  rows 0 to 441 and 442 to 530, one array of inputs, one of targets */
#ifndef NETC_DATA_ROWS_H
#define NETC_DATA_ROWS_H

#include "data/manifest.h"
#include "data/pool.h"
#include "data/store.h"
#include "dataset.h"
#include "model.h"
#include "sha256.h"

struct csv;

struct split {
    const char *name;
    uint32_t *rows; /* [examples.count], ascending */
    struct examples examples;
};

struct dataset {
    struct pool pool;         /* all that is small */
    struct manifest manifest; /* zero where single files were opened */

    struct model_shape input; /* what the network expects, from here to target_size */
    size_t input_size;        /* values of one input */
    enum model_output output;
    bool has_targets; /* of their own: not those of a network whose target is the input */
    int target_size;
    int target_height, target_width; /* of the image of positions that have targets; 0: there is none */
    int positions;                   /* 1 without */

    struct store inputs;  /* [rows][input_size] */
    struct store targets; /* [rows][target_size], or [rows][positions] classes; nothing for one class each */
    int32_t *classes;     /* [rows]; NULL without classes, or where each position has one */
    const char **names;   /* [rows] of single files: how messages and tables call them; else NULL */
    struct grouping *groupings; /* [manifest.group_count] */
    double *least, *most;       /* [channels] range of the inputs over all rows, as in the file */

    struct split *splits; /* [split_count], with room for a drawn test and validation */
    int split_count;
    struct examples train, validation;
    double share; /* of the training rows that was taken; 0: all */

    const char **class_names, **target_names, **feature_names;
    int class_count, target_count, feature_count;
    struct normaliser normaliser;
    real *seen; /* [channels][256] what a byte is to the network, standardised; NULL: not known */
    struct input_space space;
    struct sha256 hash; /* of the files read so far */
    char fingerprint[SHA256_HEX];
    char *summary;
};

/* A value of the file as the network sees it; `k` is its feature or channel. */
static inline real normaliser_apply(const struct normaliser *normaliser, int k, double value)
{
    value *= normaliser->scale;
    return (real)(normaliser->input_count == 0
                      ? value
                      : (value - normaliser->input_mean[k]) / normaliser->input_deviation[k]);
}

/* `count` values of the inputs from number `at` on, the first of a pixel, as the network sees them. */
void normaliser_read(const struct dataset *data, size_t at, real *restrict to, int count);

/* Appends the rows of a split's files. */
bool rows_load_idx(struct dataset *data, const struct manifest_split *split, struct problem *problem);
bool rows_load_csv(struct dataset *data, const struct manifest_split *split, struct problem *problem);
/* Appends the inputs of a file that has no targets, and their names. */
bool rows_load_idx_inputs(struct dataset *data, const char *path, struct problem *problem);
bool rows_load_csv_inputs(struct dataset *data, const char *path, struct problem *problem);

/* Groups (rows_group.c): the columns of an open CSV that divide its rows, or NULL and a problem; room for
 * rows up to `count`; the groups of the row read last; all names once every file is read. */
int *groups_find_columns(struct dataset *data, const struct csv *csv, struct problem *problem);
void groups_make_room(struct dataset *data, size_t count);
bool groups_read_row(struct dataset *data, const struct csv *csv, const int *columns, size_t row,
                     struct problem *problem);
bool groups_settle(struct dataset *data, struct problem *problem);
/* Does a column divide the rows? Such a one is an input only where `inputs` names it. */
bool groups_use_column(const struct dataset *data, const char *name);

/* Place of the named column in an open CSV; -1 and a problem, at its node of the manifest if it has one. */
int rows_find_column(const struct dataset *data, const struct csv *csv, const struct yaml_node *node,
                     const char *name, struct problem *problem);
/* A list of [count] strings with one more, from the pool. */
const char **rows_add_text(struct dataset *data, const char **list, int count, const char *text);
/* "28x28x1" or "10 features". */
const char *rows_print_shape(const struct model_shape *shape, char *text, size_t length);
/* An empty dataset for what the network expects. */
struct dataset *rows_create(const struct model *model);
/* Values of a target vector in a file: a class takes one. */
int rows_target_columns(const struct dataset *data);
/* Has each example one class? */
bool rows_have_class(const struct dataset *data);
/* "28x28", or "28x28x3" of bernoulli with three targets a position; "10" without positions. */
const char *rows_print_target(const struct dataset *data, char *text, size_t length);

/* Why a target cannot be one of the network's output, or NULL: "output poisson wants 0 or more". */
const char *rows_target_fault(const struct dataset *data, double value);

/* Range and unit of the inputs under the normaliser in force. */
void rows_settle_space(struct dataset *data);
/* Writes the text of dataset_summary anew. */
void rows_summarise(struct dataset *data);

#endif
