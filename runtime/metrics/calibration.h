/* calibration.h - do the probabilities of a classifier mean what they say, and a temperature that mends them.
 *
 *     logits {2 0 0}, class 0  ->  p .787 .107 .107: NLL .24, Brier .07, a hit in the bin (.733, .8]
 *
 * Everything is computed from logits in double: a probability in float may be 0 where its logit is not -Inf.
 * The temperature T divides them, p = softmax(z / T) (Guo, Pleiss, Sun, Weinberger: On Calibration of Modern
 * Neural Networks, ICML 2017). Logarithms of probabilities serve as logits; a yes or no with the logit z is
 * {0 z}. */
#ifndef NETC_METRICS_CALIBRATION_H
#define NETC_METRICS_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "real.h"

enum { CALIBRATION_BINS = 15 };

/* The examples whose largest probability lies in (b / 15, (b + 1) / 15]. */
struct calibration_bin {
    size_t examples;
    double confidence; /* sum of their largest probabilities */
    double correct;    /* of them, hit by the most probable class */
};

/* Sums over a split. */
struct calibration {
    size_t examples;
    double loss;  /* sum of -log p[target] */
    double brier; /* sum of Σ_k (p[k] - [k = target])²; half of it for two classes, as scikit-learn */
    struct calibration_bin bins[CALIBRATION_BINS];
};

void calibration_add(struct calibration *calibration, const real *logit, int classes, int target,
                     double temperature);

double calibration_nll(const struct calibration *calibration);   /* mean per example, in nats */
double calibration_brier(const struct calibration *calibration); /* mean per example */
/* Expected calibration error: mean over examples of |accuracy - confidence| of their bin. */
double calibration_ece(const struct calibration *calibration);
double calibration_confidence(const struct calibration_bin *bin); /* mean; 0 for an empty bin */
double calibration_accuracy(const struct calibration_bin *bin);   /* share, 0 … 1 */

/* log Σ_k e^(z[k] / T) */
double calibration_log_sum(const real *logit, int classes, double temperature);
/* probability[k] = e^(z[k] / T) / Σ */
void calibration_softmax(const real *logit, int classes, double temperature, double *probability);

/* Logits of a split as a temperature is fitted to them. */
struct calibration_rows {
    const real *logits;     /* [count][classes] */
    const int32_t *targets; /* [count] */
    size_t count;
    int classes;
};

/* The temperature with the least NLL. False where there is none, *temperature 1 then: the NLL falls to the
 * end as T goes to 0 (every target has the largest logit) or to infinity (logits that tell nothing of the
 * target). */
bool calibration_fit(const struct calibration_rows *rows, double *temperature);

/* -Σ p log p, in nats */
double calibration_entropy(const double *probability, int classes);

#endif
