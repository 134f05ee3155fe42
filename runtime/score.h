/* score.h - loss and metrics of a split, summed batch by batch.
 *
 * The generated code adds each batch with the function of its output kind; the commands print the means. */
#ifndef NETC_SCORE_H
#define NETC_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include "real.h"

struct score {
    size_t examples; /* examples added */
    size_t values;   /* targets added: examples x length of the target; = examples or positions for classes */
    double loss;     /* sum over examples, penalty left out */
    double correct;  /* classes: targets that the most probable class (or p > 1/2) hits */
    double squared_error;  /* real targets: sum of (y - mean)^2 */
    double absolute_error; /* real targets: sum of |y - mean| */
    double target_sum;     /* real targets: sum of y, for R^2 */
    double target_square;  /* real targets: sum of y^2 */
};

/* prediction[n][classes] probabilities, target[n] the class. `loss` is the batch's sum. */
void score_add_categorical(struct score *score, double loss, const real *prediction, const int32_t *target,
                           int count, int classes);
/* The same for each position of a picture: prediction[n][position][classes], target[n][position]. */
void score_add_positions(struct score *score, double loss, const real *prediction, const int32_t *target,
                         int count, int positions, int classes);
/* prediction[n][size] probabilities, target[n][size] 0 or 1. */
void score_add_bernoulli(struct score *score, double loss, const real *prediction, const real *target,
                         int count, int size);
/* prediction[n][stride] begins with `size` means; target[n][size]. */
void score_add_values(struct score *score, double loss, const real *prediction, int stride,
                      const real *target, int count, int size);

/* Of the losses of a batch. */
static inline double score_sum(const double *loss, int count)
{
    double sum = 0;
    for (int n = 0; n < count; n++)
        sum += loss[n];
    return sum;
}

/* The most probable of some classes; of equal ones the first. */
static inline int score_most_probable(const real *probability, int classes)
{
    int most = 0;
    for (int k = 1; k < classes; k++)
        if (probability[k] > probability[most])
            most = k;
    return most;
}

double score_loss(const struct score *score);      /* mean per example */
double score_accuracy(const struct score *score);  /* share, 0 … 1 */
double score_rmse(const struct score *score);      /* in the units that the network sees */
double score_r_squared(const struct score *score); /* 1 - Σ(y-ŷ)² / Σ(y-ȳ)², over all targets together */

#endif
