/* coverage.h - intervals of a normal distribution about its mean, and how many targets lie in them.
 *
 *     95 %                                  ->  1.96 deviations to both sides
 *     target 2.9, mean 2, deviation 0.5     ->  within 95 % and 90 %, not within 50 % */
#ifndef NETC_METRICS_COVERAGE_H
#define NETC_METRICS_COVERAGE_H

#include <stddef.h>

/* How many deviations to both sides of the mean hold that share of a normal distribution, 0 < share < 1. */
double coverage_deviations(double share);

/* The intervals that are looked at. */
enum { COVERAGE_LEVELS = 3 };
struct coverage_level {
    double share;      /* 0.95 */
    double deviations; /* coverage_deviations of it */
};
extern const struct coverage_level coverage_levels[COVERAGE_LEVELS]; /* 50, 90 and 95 % */

struct coverage {
    size_t targets;
    size_t inside[COVERAGE_LEVELS];
};

void coverage_add(struct coverage *coverage, double target, double mean, double deviation);
/* The share of the targets inside; that of the level itself where the deviations are right. */
double coverage_share(const struct coverage *coverage, int level);

#endif
