/* density.h - how far the logits of an example lie from those of the training data: a normal distribution for
 * each class.
 *
 *     logits {9 1 0} {8 0 1} … of class 0, …  ->  mean, covariance and share of each class
 *     logits {2 1 2}                          ->  log Σ_k share_k N(z | mean_k, covariance_k) = -14.2
 *
 * (Mukhoti, Kirsch, van Amersfoort, Torr, Gal: Deep Deterministic Uncertainty, CVPR 2023, on logits.) The
 * covariance of a class is drawn towards the one of all, the less so the more examples it has (Friedman:
 * Regularized Discriminant Analysis, 1989). */
#ifndef NETC_METRICS_DENSITY_H
#define NETC_METRICS_DENSITY_H

#include <stdbool.h>

#include "metrics/calibration.h"

/* With more classes than that the covariances would outweigh the network. */
enum { DENSITY_CLASSES_MOST = 32 };

struct density {
    int classes;    /* 0: there is none */
    double *share;  /* [classes] of the examples; 0: the class has none and takes no part */
    double *mean;   /* [classes][classes] */
    double *factor; /* [classes][classes][classes] lower triangles L, L Lᵀ is the covariance */
};

/* Fits to logits and their classes; false, and nothing to release, where classes are too many or examples are
 * fewer than two of a class in the mean. */
bool density_fit(struct density *density, const struct calibration_rows *rows);
/* Room for one whose numbers are known. */
void density_create(struct density *density, int classes);
void density_release(struct density *density);

/* The logarithm of the density; lower than for any training data: unlike them. */
double density_log(const struct density *density, const real *logit);

#endif
