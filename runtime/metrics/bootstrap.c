/* bootstrap.c - quantiles and deviations of resampled figures. */
#include "metrics/bootstrap.h"

#include <math.h>
#include <stdlib.h>

#include "data/pool.h"

#define CONFIDENCE 0.95

void bootstrap_create(struct bootstrap *bootstrap, int resamples, int figures, int groups)
{
    *bootstrap = (struct bootstrap){.resamples = resamples, .figures = figures, .groups = groups};
    bootstrap->values =
        memory_resize(NULL, (size_t)resamples * (size_t)figures * (size_t)groups, sizeof *bootstrap->values);
}

void bootstrap_release(struct bootstrap *bootstrap)
{
    free(bootstrap->values);
}

float *bootstrap_resample(const struct bootstrap *bootstrap, int resample)
{
    return bootstrap->values + (size_t)resample * (size_t)bootstrap->figures * (size_t)bootstrap->groups;
}

static double value_of(const struct bootstrap *bootstrap, int resample, int figure, int group)
{
    return (double)bootstrap_resample(bootstrap, resample)[figure * bootstrap->groups + group];
}

static int number_by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Of `count` sorted numbers, between neighbours in proportion. */
static double quantile(const double *sorted, int count, double share)
{
    const double at = share * (count - 1);
    const int below = (int)at, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

struct interval bootstrap_interval(const struct bootstrap *bootstrap, int figure, int group)
{
    struct interval interval = {NAN, NAN};
    int count = 0;
    double *sorted = memory_resize(NULL, (size_t)bootstrap->resamples, sizeof *sorted);
    for (int b = 0; b < bootstrap->resamples; b++) {
        const double value = value_of(bootstrap, b, figure, group);
        if (!isnan(value))
            sorted[count++] = value;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, number_by_size);
    if (2 * count > bootstrap->resamples) {
        interval.low = quantile(sorted, count, (1 - CONFIDENCE) / 2);
        interval.high = quantile(sorted, count, (1 + CONFIDENCE) / 2);
    }
    free(sorted);
    return interval;
}

/* A figure of a group over the resamples that have it. */
struct spread {
    double mean, variance;
};

static struct spread spread_of(const struct bootstrap *bootstrap, int figure, int group)
{
    double sum = 0, square = 0;
    int count = 0;
    for (int b = 0; b < bootstrap->resamples; b++) {
        const double value = value_of(bootstrap, b, figure, group);
        sum += isnan(value) ? 0 : value;
        count += !isnan(value);
    }
    const double mean = sum / count; /* NaN without any */
    for (int b = 0; b < bootstrap->resamples; b++) {
        const double off = value_of(bootstrap, b, figure, group) - mean;
        square += isnan(off) ? 0 : off * off;
    }
    return (struct spread){mean, count > 1 ? square / (count - 1) : NAN};
}

/* Two groups between which a gap may lie. */
struct pair {
    int figure, i, j;
    const struct spread *of_i, *of_j;
    double deviation; /* of the difference between them */
};

struct gap {
    const struct bootstrap *bootstrap;
    struct spread *spreads; /* [figures][groups] */
    struct pair *pairs;
    int pair_count;
};

/* All pairs of groups that count, in each figure: is_counted[figures][groups]. */
static void gap_create(struct gap *gap, const struct bootstrap *bootstrap, int first, int figures,
                       const bool *is_counted)
{
    const int groups = bootstrap->groups;
    const size_t cells = (size_t)figures * (size_t)groups, of_a_group = (size_t)(groups - 1);
    *gap = (struct gap){.bootstrap = bootstrap};
    gap->spreads = memory_resize(NULL, cells, sizeof *gap->spreads);
    gap->pairs = memory_resize(NULL, cells * of_a_group / 2, sizeof *gap->pairs);
    for (int f = 0; f < figures; f++) {
        struct spread *spreads = gap->spreads + f * groups;
        for (int i = 0; i < groups; i++) {
            spreads[i] = spread_of(bootstrap, first + f, i);
            for (int j = 0; j < i; j++)
                if (is_counted[f * groups + i] && is_counted[f * groups + j])
                    gap->pairs[gap->pair_count++] = (struct pair){
                        first + f,   i,           j,
                        &spreads[i], &spreads[j], sqrt(spreads[i].variance + spreads[j].variance)};
        }
    }
}

static void gap_release(struct gap *gap)
{
    free(gap->spreads);
    free(gap->pairs);
}

/* The largest |difference - its mean| / deviation of a resample, over all pairs. */
static double largest_distance(const struct gap *gap, int resample)
{
    double largest = 0;
    for (const struct pair *pair = gap->pairs; pair < gap->pairs + gap->pair_count; pair++) {
        const double off = value_of(gap->bootstrap, resample, pair->figure, pair->i) - pair->of_i->mean -
                           value_of(gap->bootstrap, resample, pair->figure, pair->j) + pair->of_j->mean;
        const double distance = fabs(off) / pair->deviation;
        largest = distance > largest ? distance : largest; /* NaN is not larger */
    }
    return largest;
}

/* With c deviations to both sides of each pair's difference. */
static struct interval gap_within(const struct gap *gap, double c)
{
    struct interval interval = {0, NAN};
    for (const struct pair *pair = gap->pairs; pair < gap->pairs + gap->pair_count; pair++) {
        const double difference = fabs(pair->of_i->mean - pair->of_j->mean), reach = c * pair->deviation;
        interval.low = fmax(interval.low, difference - reach);
        interval.high = fmax(interval.high, difference + reach); /* fmax passes over a NaN */
    }
    if (isnan(interval.high))
        interval.low = NAN;
    return interval;
}

struct interval bootstrap_gap(const struct bootstrap *bootstrap, int first, int figures,
                              const bool *is_counted)
{
    struct gap gap;
    gap_create(&gap, bootstrap, first, figures, is_counted);
    double *distances = memory_resize(NULL, (size_t)bootstrap->resamples, sizeof *distances);
    for (int b = 0; b < bootstrap->resamples; b++)
        distances[b] = largest_distance(&gap, b);
    qsort(distances, (size_t)bootstrap->resamples, sizeof *distances, number_by_size);
    const struct interval interval = gap_within(&gap, quantile(distances, bootstrap->resamples, CONFIDENCE));
    free(distances);
    gap_release(&gap);
    return interval;
}
