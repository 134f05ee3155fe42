/* groups.h - every metric by group, the worst group, and the gaps between groups under fairlearn's names,
 * with 95 % intervals that tell a gap from chance.
 *
 *     by sex      1 (44 examples): accuracy 70 %, selected 41 %     2 (44): accuracy 75 %, selected 61 %
 *     demographic parity difference .20, 95 % 0 to .40: may be chance
 *
 * The intervals are a bootstrap's, 1000 resamples drawn from the seed. Each group keeps its size: of a group
 * of n examples n are drawn with replacement from its own and two made-up ones, a hit and a miss of any class
 * (of real targets: two of all examples, one inside and one outside of its interval). Without these three
 * examples that all are right would count as certain; with them a rate of 3 in 3 is resampled as 4 in 5 would
 * be (Agresti and Caffo: Simple and Effective Confidence Intervals for Proportions, 2000). */
#ifndef NETC_METRICS_GROUPS_H
#define NETC_METRICS_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset.h"
#include "metrics/bootstrap.h"
#include "metrics/outcomes.h"

enum { GROUPS_RESAMPLES = 1000, GROUP_GAPS_MOST = 3 };

/* The largest difference between two groups. Of several classes it is that of the class, against all others,
 * for which it is largest. */
struct group_gap {
    const char *name;         /* in files: demographic_parity_difference */
    const char *title;        /* for people: "demographic parity difference" */
    bool is_share;            /* of shares, 0 … 1 */
    double value;             /* NaN: fewer than two groups have the figure */
    struct interval interval; /* a low of 0: may be chance */
    bool has_ratio;
    double ratio;  /* fairlearn's: the least of smallest / largest */
    int low, high; /* the two groups; one and the same where all are alike */
    int class;     /* -1: it is about no single one */
};

struct group_metrics {
    const struct grouping *grouping;
    size_t *examples;                            /* [groups] */
    const struct outcome_metric *const *metrics; /* [metric_count] */
    int metric_count;
    double *overall;            /* [metric_count] of all examples */
    double *values;             /* [metric_count][groups]; NaN: the group has none */
    struct interval *intervals; /* [metric_count][groups] */
    int worst;                  /* by the first metric */
    struct group_gap gaps[GROUP_GAPS_MOST];
    int gap_count;
};

/* `examples` are those whose outcomes were gathered, in their order. */
void groups_measure(struct group_metrics *groups, const struct outcomes *outcomes,
                    const struct grouping *grouping, const struct examples *examples, uint64_t seed);
void groups_release(struct group_metrics *groups);

/* Is any group better than the worst? */
bool groups_differ(const struct group_metrics *groups);
/* More than chance explains? */
bool group_gap_is_certain(const struct group_gap *gap);
/* What the gaps say and what they do not, with the sizes that it rests on. */
const char *groups_sentence(const struct group_metrics *groups, char *text, size_t size);

#endif
