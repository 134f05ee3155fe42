/* learning.h - a figure against the number of training examples, for each point of a sweep over shares. */
#ifndef NETC_SWEEP_LEARNING_H
#define NETC_SWEEP_LEARNING_H

#include "sweep/power_law.h"
#include "sweep/results.h"

struct learning_curve {
    int point;
    int count; /* shares whose runs are done */
    double *examples, *mean, *deviation;
    bool has_law;
    struct power_law law; /* through the figures of all runs, one by one */
};

/* One for each point, in their order; none without several shares or where the figure should rise. */
int learning_curves(const struct plan *plan, const struct results *results, struct learning_curve **curves);
/* "test error = 0.062 (± 0.004) + 1.94 (± 0.2) n^-0.391 (± 0.012) of n training examples." */
const char *learning_law(const struct plan *plan, const struct results *results,
                         const struct learning_curve *curve);
/* How far the runs are from it, and what it promises of more examples; "" without a law. */
const char *learning_outlook(struct arena *arena, const struct learning_curve *curve);

#endif
