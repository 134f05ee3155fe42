/* power_law.h - the learning curve y = a + b n^-c through measured points (Hestness et al. 2017): what a
 * figure comes to with more examples.
 *
 *     errors 0.31, 0.22, 0.16, 0.13 of 600, 1800, 6000, 18000 examples    ->    a 0.07, b 3.6, c 0.42 */
#ifndef NETC_SWEEP_POWER_LAW_H
#define NETC_SWEEP_POWER_LAW_H

#include <stdbool.h>

struct power_law {
    double a, b, c;
    double a_error, b_error, c_error; /* standard errors; a_error is NAN where a is held at 0 */
    double covariance[3][3];          /* of a, b, c; zero in a's row where that is held */
    double deviation;                 /* of the points, as a share of the curve */
    int count;
};

/* Least squares of the relative residuals (y - f(n)) / y: figures fall by orders of magnitude, and each point
 * counts the same. For every c the best a >= 0 and b are linear; c is found by golden section; standard
 * errors are those of Gauss and Newton at the optimum. False: fewer than four different n, or nothing that
 * falls. */
bool power_law_fit(const double *n, const double *y, int count, struct power_law *law);
double power_law_at(const struct power_law *law, double n);
/* The standard error of that, from the covariance of a, b and c alone. */
double power_law_error_at(const struct power_law *law, double n);

#endif
