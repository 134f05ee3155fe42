/* answers.h - what `predict` says of an example: a prediction, and how sure the network is of it.
 *
 *     logits {4 1 0}, temperature 1.3          ->  {.87 .09 .04}
 *     20 samples with dropout                  ->  {.81 .12 .07}, entropy .60, of which .11 by the network's
 *                                                  own doubt
 *     mean 2, sigma .3; samples 1.9 2.2 …      ->  mean 2.02, deviation .33: .3 of the data, .13 of the
 *                                                  network
 *
 * Probabilities are taken at the temperature of calibration. Samples (Gal and Ghahramani: Dropout as a
 * Bayesian Approximation, ICML 2016) are passes with dropout on: predictive entropy is that of their mean,
 * mutual information what of it their difference explains; the rest is doubt that more training data would
 * not take away. */
#ifndef NETC_RUN_ANSWERS_H
#define NETC_RUN_ANSWERS_H

#include "dataset.h"
#include "model.h"
#include "run/certainty.h"

/* The answers to one batch, in the units that the network sees. */
struct answers {
    const struct model *model;
    const struct certainty *certainty;
    int samples; /* 0: one pass without dropout */
    uint64_t seed;
    int rows;                          /* distributions over classes, each with its entropy, per example */
    double *value;                     /* [batch][output_size], means over samples */
    double *spread;                    /* [batch][target_size] variance of real targets between samples */
    double *entropy;                   /* [batch][rows] of the mean, in nats */
    double *information;               /* [batch][rows] entropy of the mean - mean of the entropies */
    int *best;                         /* [batch] the most probable class */
    struct familiarity_scores *scores; /* [batch]; where certainty->has_thresholds */
};

struct answer {
    const double *value;       /* [output_size] */
    const double *entropy;     /* [rows]; NULL without samples, as the next */
    const double *information; /* [rows] */
    int best;
    bool is_unlike; /* not like the training data */
    const struct familiarity_scores *scores;
    const double *spread; /* [target_size]; NULL without samples */
};

void answers_create(struct answers *answers, const struct model *model, const struct certainty *certainty,
                    int samples, uint64_t seed);
void answers_release(struct answers *answers);
/* Asks the network about up to a batch of examples. */
void answers_take(struct answers *answers, void *net, const struct examples *examples, size_t first,
                  int count);
/* The answer to example n of the batch. */
struct answer answers_of(const struct answers *answers, int n);

/* The deviation of target k given the network (aleatoric), between samples (epistemic), and of both together.
 * NaN where the output has none; 0 between samples without them. */
double answer_aleatoric(const struct answers *answers, const struct answer *answer, int k);
double answer_epistemic(const struct answer *answer, int k);
double answer_deviation(const struct answers *answers, const struct answer *answer, int k);

#endif
