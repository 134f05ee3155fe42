/* familiarity.h - is an example like the training data at all? Three scores of its logits, larger for what is
 * familiar, and thresholds that keep 95 % of the examples that they are fitted to.
 *
 *     a sneaker    softmax .98  energy -11.3  log density -13     familiar
 *     a digit      softmax .97  energy  -9.8  log density -71     unlike the training data
 *
 * softmax: the largest probability (Hendrycks and Gimpel, ICLR 2017). energy: -T log Σ e^(z/T) (Liu, Wang,
 * Owens, Li, NeurIPS 2020), which is low for what is familiar: its negative is the score. density: density.h.
 * What decides is energy or density: either may find an example unlike. Each finds what the other does not;
 * a small largest probability, though, is a doubt between classes more often than a picture of none. */
#ifndef NETC_METRICS_FAMILIARITY_H
#define NETC_METRICS_FAMILIARITY_H

#include <stdbool.h>
#include <stddef.h>

#include "metrics/density.h"

enum familiarity_score { SCORE_SOFTMAX, SCORE_ENERGY, SCORE_DENSITY, FAMILIARITY_SCORES };

struct familiarity_scores { /* of an example, or thresholds of them */
    double of[FAMILIARITY_SCORES];
};

#define FAMILIARITY_KEEPS 0.95

struct familiarity {
    double temperature; /* of softmax and energy */
    struct density density;
    struct familiarity_scores alone;    /* the least that is familiar by one score alone */
    struct familiarity_scores together; /* by energy or density, -Inf for softmax: what decides */
};

/* Name of a score in files and tables: "softmax". */
const char *familiarity_score_name(enum familiarity_score score);

/* Density's is 0 where there is none. */
struct familiarity_scores familiarity_measure(const struct familiarity *familiarity, const real *logit,
                                              int classes);
/* Sets the thresholds by the scores of `count` examples, at least one; 95 % of them or more are familiar
 * then. */
void familiarity_fit(struct familiarity *familiarity, const struct familiarity_scores *scores, size_t count);
bool familiarity_is_unlike(const struct familiarity *familiarity, const struct familiarity_scores *scores);

/* Area under the ROC curve: the probability that a familiar example has a larger score than a strange one, a
 * tie counting as half. NaN where one of them has none. */
double familiarity_auroc(const double *familiar, size_t familiar_count, const double *strange,
                         size_t strange_count);

#endif
