/* dataset.h - examples from the files that a data manifest names, checked against what the network expects.
 *
 *     fashion-mnist.yaml + four IDX files  ->  splits of examples, read one by one into the network's input
 *
 * A dataset holds every row of every file as found (bytes of images stay bytes); a split is a list of rows.
 * Scaling and standardising happen as an example is read, by the normaliser, which a trained model keeps. */
#ifndef NETC_DATASET_H
#define NETC_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "real.h"

struct manifest;
struct model;
struct problem;
struct dataset;
struct augment;

/* value_in_network = (value * scale - mean[k]) / deviation[k]; k is the feature of a vector, the channel of
 * an image. */
struct normaliser {
    double scale;                /* of the inputs; 1 where the manifest says nothing */
    int input_count;             /* 0: inputs are not standardised; else features or channels */
    double *input_mean;          /* [input_count] */
    double *input_deviation;     /* [input_count] what is divided by: deviation, norm or range; never 0 */
    int target_count;            /* 0: targets are not standardised */
    double *target_mean;         /* [target_count] */
    double *target_deviation;    /* [target_count] */
    int feature_count;           /* 0: the inputs were no columns of a CSV; predict then goes by place */
    const char *const *features; /* [feature_count] names of the columns, in the order of the inputs */
};

/* In what an input may be moved, for each channel of a picture or feature of a vector (data/space.c). */
struct input_space {
    int count;        /* input.channels */
    bool is_picture;  /* ε is in the data's own values, as scaled; else in those that the network sees */
    const real *unit; /* [count] how far one of ε goes in the network */
    const real *low, *high; /* [count] range of the data, as the network sees it */
};

/* How a column of a CSV divides the examples. */
struct grouping {
    const char *column;
    int count;
    const char *
        *names;  /* [count] "female", "40 <= age < 60"; numbers in their order, names in that of bytes */
    int32_t *of; /* [rows] the group of each row of the dataset */
};

/* One split: rows of a dataset in an order of their own. */
struct examples {
    const struct dataset *data;
    const uint32_t *rows; /* [count] */
    size_t count;
    const uint32_t *copies; /* [count] of its row's examples which one it is; NULL: each is the only one */
    const struct augment *augment; /* how each changes as it is read (augment.h); NULL: not at all */
    uint64_t seed;                 /* that the changes are drawn from, with the epoch */
    uint32_t epoch;
};

/* Reads the manifest and all files that it names. `model` says what is expected: shape of the input, kind,
 * number and range of the targets. NULL and a problem on any fault; nothing is written anywhere. */
struct dataset *dataset_open(const char *manifest, const struct model *model, struct problem *problem);
void dataset_close(struct dataset *data);

/* Divides the rows: test as the manifest says, validation as the model's settings say (a share, a count, or a
 * named split; stratified by class), drawn from the seed alone. Called once, before any of the splits is
 * used. */
bool dataset_divide(struct dataset *data, const struct model *model, uint64_t seed, struct problem *problem);
/* Leaves a share of the training split, stratified by class, drawn from the seed alone: a larger share holds
 * a smaller one. Validation and test stay whole. Called after dividing, before the normaliser is fitted. */
bool dataset_take_share(struct dataset *data, double share, uint64_t seed, struct problem *problem);
/* Of every other split the first `most` examples, for a run that only tries whether all works. */
void dataset_keep_few(struct dataset *data, size_t most);
double dataset_share(const struct dataset *data); /* 1: all of them */
const struct examples *dataset_train(const struct dataset *data);
const struct examples *dataset_validation(const struct dataset *data); /* count 0: there is none */
/* "train", "validation", "test" or any other split that the manifest names; NULL if there is none of that
 * name. */
const struct examples *dataset_split(const struct dataset *data, const char *name);

/* Was it drawn from another split, by the seed? Else its examples stand in files of their own. */
bool dataset_split_is_drawn(const struct dataset *data, const char *name);

/* The normaliser in force: fitted to the training split, or the one of a trained model, whose counts must be
 * 0 or those of the network: input.channels and target_size. */
bool dataset_fit_normaliser(struct dataset *data, const struct model *model, struct problem *problem);
void dataset_use_normaliser(struct dataset *data, const struct normaliser *normaliser);
const struct normaliser *dataset_normaliser(const struct dataset *data);

const struct input_space *dataset_input_space(const struct dataset *data);

const char *const *dataset_classes(const struct dataset *data,
                                   int *count); /* names; count 0: the manifest has none */
const char *const *dataset_targets(const struct dataset *data,
                                   int *count); /* target columns of a CSV, else count 0 */
const char *const *dataset_features(const struct dataset *data,
                                    int *count); /* input columns of a CSV, else count 0 */
/* The manifest's `group`, in its order; count 0: it names none. */
const struct grouping *dataset_groupings(const struct dataset *data, int *count);
/* What was opened; of single files an empty one. */
const struct manifest *dataset_manifest(const struct dataset *data);
/* SHA-256 of all files' bytes in the order of the manifest, as 64 hex digits. */
const char *dataset_fingerprint(const struct dataset *data);
/* What was found, for people: "train 60000 and test 10000 examples of 28x28x1 in 10 classes, values 0 to 1".
 * Ends without a newline; may have several lines. */
const char *dataset_summary(const struct dataset *data);

/* What a step takes of a split: `count` examples from number `first` on, of `order` or, where that is NULL,
 * as they stand. */
struct batch {
    const struct examples *examples;
    const uint32_t *order;
    size_t first;
    int count;
};

/* Up to `most` of them. */
static inline struct batch batch_of(const struct examples *examples, const uint32_t *order, size_t first,
                                    int most)
{
    const size_t left = examples->count - first;
    return (struct batch){examples, order, first, left < (size_t)most ? (int)left : most};
}

/* Asks for the memory of example number `i` of a split, which is read soon. */
void examples_fetch(const struct examples *examples, size_t i);

/* The number in the split of example n of a batch, which is read now. In their new order examples come from
 * far away in memory: one that is read a little later is asked for. */
static inline size_t batch_example(const struct batch *batch, int n)
{
    enum { AHEAD = 4 };
    const size_t i = batch->first + (size_t)n;
    if (!batch->order)
        return i;
    if (n + AHEAD < batch->count)
        examples_fetch(batch->examples, batch->order[i + AHEAD]);
    return batch->order[i];
}

/* Example number `i` of a split, normalised, into `rows` rows of `row_length` reals that start `stride` reals
 * apart: an image with a border around it in memory, or one row for a vector. */
void examples_read_input(const struct examples *examples, size_t i, real *to, int rows, int row_length,
                         int stride);
int32_t examples_read_class(const struct examples *examples, size_t i); /* 0 … classes-1 */
/* The classes of all positions of a picture, row by row; they move with it where it is augmented. */
void examples_read_classes(const struct examples *examples, size_t i, int32_t *to, int positions);
void examples_read_target(const struct examples *examples, size_t i, real *to, int count); /* normalised */

/* Which group of a grouping example number `i` of a split belongs to. */
static inline int32_t examples_group(const struct examples *examples, const struct grouping *grouping,
                                     size_t i)
{
    return grouping->of[examples->rows[i]];
}

/* A single file for `predict`: .csv (one example a line), .idx/.gz, .pgm, .png. The examples become a dataset
 * without targets with one split, "predict", named by file (and line or index where it holds several). */
struct dataset *dataset_open_inputs(const char *const *paths, int path_count, const struct model *model,
                                    const struct normaliser *normaliser, struct problem *problem);
const char *dataset_example_name(const struct dataset *data, size_t i);

/* `count` examples made up from a seed, as the train split: for gradient checks and benchmarks. */
struct dataset *dataset_from_seed(const struct model *model, size_t count, uint64_t seed);
/* The values of one made-up example, to be changed in place. */
double *dataset_input_of(struct dataset *data, size_t row);

#endif
