/* coverage.c - quantiles of the normal distribution by Newton's method on erfc, and counts of targets. */
#include "metrics/coverage.h"

#include <math.h>

const struct coverage_level coverage_levels[COVERAGE_LEVELS] = {
    {0.50, 0.6744897501960817}, {0.90, 1.6448536269514722}, {0.95, 1.959963984540054}};

/* Solves log erfc(z / √2) = log(1 - share). The left side falls and is concave: a step from below goes too
 * far, and all others come down to the root. */
double coverage_deviations(double share)
{
    const double outside = log1p(-share), farthest = 37; /* where erfc is still above 0 */
    double z = 0;
    for (int i = 0; i < 100; i++) {
        const double tail = erfc(z / M_SQRT2), slope = -exp(-z * z / 2) * sqrt(2 / M_PI) / tail;
        const double step = (log(tail) - outside) / slope;
        z = fmin(z - step, farthest);
        if (fabs(step) <= 1e-15 * z)
            break;
    }
    return z;
}

void coverage_add(struct coverage *coverage, double target, double mean, double deviation)
{
    coverage->targets++;
    for (int level = 0; level < COVERAGE_LEVELS; level++)
        coverage->inside[level] += fabs(target - mean) <= coverage_levels[level].deviations * deviation;
}

double coverage_share(const struct coverage *coverage, int level)
{
    return coverage->targets ? (double)coverage->inside[level] / (double)coverage->targets : 0;
}
