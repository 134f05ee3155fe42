/* bootstrap.h - intervals from figures that were computed again and again on resampled examples.
 *
 *     1000 resamples, 3 groups, 2 metrics of each  ->  figures[1000][2][3]  ->  95 % intervals
 *
 * The interval of one figure lies between two quantiles of its resamples. The gap between the groups that lie
 * farthest apart is never below 0 and grows with the number of groups even where all are alike, so quantiles
 * of its resamples would never reach 0. Its interval comes from all pairs of groups at once: c is what the
 * largest |difference - its mean| / deviation over all pairs stays below in 95 % of the resamples, and the
 * gap lies between the largest mean - c deviation, or 0, and the largest mean + c deviation. */
#ifndef NETC_METRICS_BOOTSTRAP_H
#define NETC_METRICS_BOOTSTRAP_H

#include <stdbool.h>

struct bootstrap {
    int resamples, figures, groups;
    float *values; /* [resamples][figures][groups]; NaN where a resample has none */
};

struct interval {
    double low, high; /* NaN: there is none */
};

void bootstrap_create(struct bootstrap *bootstrap, int resamples, int figures, int groups);
void bootstrap_release(struct bootstrap *bootstrap);
/* [figures][groups] of one resample. */
float *bootstrap_resample(const struct bootstrap *bootstrap, int resample);

/* Where 95 % of the resamples of a figure lie. */
struct interval bootstrap_interval(const struct bootstrap *bootstrap, int figure, int group);
/* Of the largest difference between two groups in any of the figures, with at least 95 % confidence; groups
 * that do not count are left out: is_counted[figure - first][group]. */
struct interval bootstrap_gap(const struct bootstrap *bootstrap, int first, int figures,
                              const bool *is_counted);

#endif
