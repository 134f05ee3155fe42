/* tested.h - what trained weights make of a split that they were not trained on, gathered in one pass for all
 * sections of a report.
 *
 *     10,000 pictures  ->  confusion, calibration, the 24 most confident mistakes
 *     88 patients      ->  true and predicted values, σ, how many lie within 2 σ */
#ifndef NETC_RUN_REPORT_TESTED_H
#define NETC_RUN_REPORT_TESTED_H

#include "dataset.h"
#include "metrics/calibration.h"
#include "metrics/confusion.h"
#include "model.h"

enum {
    TESTED_MISTAKES = 24,
    TESTED_TARGETS = 4,    /* real targets whose values are kept */
    TESTED_VALUES = 50000, /* examples at most whose values are kept, evenly taken */
};

enum tested_kind {
    TESTED_CLASSES, /* one class for each example or position; a single yes or no is two classes */
    TESTED_LABELS,  /* several yes and no */
    TESTED_REALS,   /* real targets */
    TESTED_COPIES,  /* the input is the target */
};

/* A class that was wrong; or a copy, whose probability is its mean squared error. */
struct mistake {
    size_t example;
    int target, predicted;
    double probability;
};

/* Of one real target, in the units of the data. */
struct value_sums {
    double squared, absolute, target, target_square;
    size_t within; /* 2 sigma of the mean */
};

struct tested {
    const struct model *model;
    const struct normaliser *normaliser;
    const struct examples *examples;
    const char *split; /* "test", or "validation" or "train" where that is missing */
    enum tested_kind kind;

    int classes;                /* or labels */
    struct confusion confusion; /* TESTED_CLASSES; of labels only by_class is filled */
    struct calibration calibration;
    struct mistake mistakes[TESTED_MISTAKES]; /* the most confident first */
    int mistake_count;

    int targets;                  /* real ones */
    bool has_sigma;               /* the network tells it; else it is the target's RMSE */
    struct value_sums *sums;      /* [targets] */
    int kept;                     /* targets whose values are kept */
    size_t every, value_count;    /* of `every` examples one is kept */
    double *truth, *mean, *sigma; /* [kept][value_count] */
    double *inputs;               /* [value_count] of a network with one input; else NULL */

    void *scratch; /* of the pass: targets or classes of an example */
};

/* False where there is no example at all. */
bool tested_make(struct tested *tested, const struct model *model, void *net, const struct dataset *data);
void tested_release(struct tested *tested);

double tested_rmse(const struct tested *tested, int target);
double tested_r_squared(const struct tested *tested, int target);
/* Of value i of a kept target: what the network tells, else the target's RMSE. */
double tested_sigma(const struct tested *tested, int target, size_t i);
/* Share of the kept values within so many deviations. */
double tested_coverage(const struct tested *tested, int target, double deviations);

#endif
