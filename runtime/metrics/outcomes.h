/* outcomes.h - what a network made of each example of a split, kept as what metrics are sums of: a metric of
 * any part of the split, or of examples drawn from it, is then some additions away.
 *
 *     class 3 taken for 5           ->  values 1, hits 0; of class 3: examples 1, of class 5: predicted 1
 *     target 2, mean 2.5, sigma 1   ->  values 1, squared error .25, absolute error .5, inside 1, … */
#ifndef NETC_METRICS_OUTCOMES_H
#define NETC_METRICS_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

struct examples;

/* The sums of some examples, [outcomes.length] numbers; errors are in the units that the network sees. */
enum outcome_sum {
    SUM_VALUES,  /* targets: one an example, or many */
    SUM_HITS,    /* of classes: targets that were predicted */
    SUM_CLASSES, /* from here on three of each class, as struct class_counts: examples, predicted, hits */
    SUM_SQUARED_ERROR = SUM_HITS, /* of real targets */
    SUM_ABSOLUTE_ERROR,
    SUM_TARGET,
    SUM_TARGET_SQUARE,
    SUM_INSIDE, /* targets within the 95 % interval of a normal output */
    SUMS_OF_REALS,
};

/* Networks with more classes than that have none looked at one by one. */
enum { OUTCOME_CLASSES_MOST = 100 };

#define OUTCOME_DEVIATIONS 1.959963984540054 /* to both sides of the mean, which hold 95 % of a normal */

struct outcomes {
    const struct model *model;
    size_t count;                 /* examples */
    bool is_class;                /* classes, or yes and no; else real targets */
    int classes;                  /* looked at one by one. 1: the second of two classes, or a yes */
    double unit;                  /* of a real target in those of the data */
    size_t length;                /* of sums */
    int32_t *target, *prediction; /* [count] where each example has one class; else NULL */
    double *sums;                 /* [count][length] elsewhere */

    const struct examples *examples; /* that are taken, and room for the targets of one */
    int32_t *read_classes;
    real *read_targets;
};

/* Room for a split; `unit`: what an error in the network's units is multiplied by. Every example of it is
 * then taken, by predictions_visit(…, outcomes_take, outcomes). */
void outcomes_create(struct outcomes *outcomes, const struct model *model, const struct examples *examples,
                     double unit);
void outcomes_take(void *context, size_t example, const real *prediction);
/* An example of each pair of classes, which stay the caller's. */
void outcomes_from_classes(struct outcomes *outcomes, const struct model *model, int32_t *target,
                           int32_t *prediction, size_t count);
void outcomes_release(struct outcomes *outcomes);

/* Adds the sums of one example. */
void outcomes_add(const struct outcomes *outcomes, size_t example, double *sums);
/* Adds an example that nobody saw, from two random words: a hit or a miss, of a random class taken for a
 * random other one; the errors of real targets are those of a random example. */
void outcomes_add_made_up(const struct outcomes *outcomes, bool is_hit, uint32_t first, uint32_t second,
                          double *sums);

/* A metric of the examples that were added up; NaN where they have none. */
struct outcome_metric {
    const char *name;  /* in files: false_positive_rate */
    const char *title; /* in tables */
    bool is_share;     /* 0 … 1, shown in per cent */
    double (*of)(const struct outcomes *outcomes, const double *sums);
};
/* Those of the network's output, ended by a NULL; the first is the one that groups are judged by: accuracy,
 * which is best high, or RMSE. */
const struct outcome_metric *const *outcomes_metrics(const struct outcomes *outcomes);

/* What parity compares, one class against all others. */
enum outcome_rate { RATE_SELECTED, RATE_TRUE_POSITIVE, RATE_FALSE_POSITIVE, RATES };
double outcomes_rate(const struct outcomes *outcomes, const double *sums, enum outcome_rate rate, int class);

#endif
