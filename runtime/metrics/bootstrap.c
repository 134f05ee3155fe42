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

/* The groups between which a gap is sought. */
struct gap {
    const struct bootstrap *bootstrap;
    int first, figures;
    struct spread *spreads; /* [figures][groups] */
    const bool *is_counted; /* [figures][groups] */
};

/* The largest |difference - its mean| / deviation of a resample, over all pairs. */
static double largest_distance(const struct gap *gap, int resample)
{
    const int groups = gap->bootstrap->groups;
    double largest = 0;
    for (int f = 0; f < gap->figures; f++) {
        const struct spread *spreads = gap->spreads + f * groups;
        for (int i = 1; i < groups; i++)
            for (int j = 0; j < i; j++) {
                if (!gap->is_counted[f * groups + i] || !gap->is_counted[f * groups + j])
                    continue;
                const double off = value_of(gap->bootstrap, resample, gap->first + f, i) - spreads[i].mean -
                                   value_of(gap->bootstrap, resample, gap->first + f, j) + spreads[j].mean;
                const double distance = fabs(off) / sqrt(spreads[i].variance + spreads[j].variance);
                largest = distance > largest ? distance : largest; /* NaN is not larger */
            }
    }
    return largest;
}

/* With c deviations to both sides of each pair's difference. */
static struct interval gap_within(const struct gap *gap, double c)
{
    const int groups = gap->bootstrap->groups;
    struct interval interval = {0, NAN};
    for (int f = 0; f < gap->figures; f++) {
        const struct spread *spreads = gap->spreads + f * groups;
        for (int i = 1; i < groups; i++)
            for (int j = 0; j < i; j++) {
                if (!gap->is_counted[f * groups + i] || !gap->is_counted[f * groups + j])
                    continue;
                const double difference = fabs(spreads[i].mean - spreads[j].mean);
                const double reach = c * sqrt(spreads[i].variance + spreads[j].variance);
                interval.low = fmax(interval.low, difference - reach);
                interval.high = fmax(interval.high, difference + reach); /* fmax passes over a NaN */
            }
    }
    if (isnan(interval.high))
        interval.low = NAN;
    return interval;
}

struct interval bootstrap_gap(const struct bootstrap *bootstrap, int first, int figures,
                              const bool *is_counted)
{
    const int groups = bootstrap->groups;
    struct gap gap = {bootstrap, first, figures, NULL, is_counted};
    gap.spreads = memory_resize(NULL, (size_t)figures * (size_t)groups, sizeof *gap.spreads);
    double *distances = memory_resize(NULL, (size_t)bootstrap->resamples, sizeof *distances);
    for (int f = 0; f < figures; f++)
        for (int g = 0; g < groups; g++)
            gap.spreads[f * groups + g] = spread_of(bootstrap, first + f, g);
    for (int b = 0; b < bootstrap->resamples; b++)
        distances[b] = largest_distance(&gap, b);
    qsort(distances, (size_t)bootstrap->resamples, sizeof *distances, number_by_size);
    const struct interval interval = gap_within(&gap, quantile(distances, bootstrap->resamples, CONFIDENCE));
    free(distances);
    free(gap.spreads);
    return interval;
}
