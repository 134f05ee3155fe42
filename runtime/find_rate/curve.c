/* curve.c - when a curve of losses has diverged, what it is without its noise, and where it falls fastest. */
#include "find_rate/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/pool.h"

/* Of the least: a loss that exceeds so many times it has diverged. */
enum { TIMES_LEAST = 4 };
/* Of the steps that were wanted: a slope is measured over so many to both sides. */
enum { SLOPE_PART = 20 };
/* Of the fall from the first to the least loss: so far above the least a loss may be before it has risen. */
#define NEAR_LEAST 0.05
/* Of the rate at which it rises: a rate to train with lies between. What is less is slow, and its losses fell
 * as the first steps from first weights do; what is more leaves no room for what a longer training meets. */
#define SUGGESTED_FROM 0.1
#define SUGGESTED_TO (1 / 3.0)
/* Deviations of its noise by which a smoothed loss must have fallen. */
enum { CERTAIN = 3 };

double rate_curve_rate(const struct rate_curve *curve, int step)
{
    const double share = curve->most > 1 ? (double)step / (curve->most - 1) : 0;
    return step == curve->most - 1 ? curve->high : curve->low * pow(curve->high / curve->low, share);
}

/* Losses that only swing, as momentum makes them, do not rise above the first; where the first is itself
 * least, losses have some times its size. A density's logarithm has no zero to count from: there it is 1 at
 * least. */
static double limit_of(const struct rate_curve *curve)
{
    const double size = curve->may_be_negative ? fmax(fabs(curve->least), 1) : fabs(curve->least);
    return fmax(curve->least + (TIMES_LEAST - 1) * size, curve->first);
}

bool rate_curve_add(struct rate_curve *curve, double loss)
{
    if (!isfinite(loss)) {
        curve->end = RATES_NOT_FINITE;
        return false;
    }
    curve->rate[curve->count] = rate_curve_rate(curve, curve->count);
    curve->loss[curve->count++] = loss;
    curve->sum = curve->keep * curve->sum + loss;
    curve->weight = curve->keep * curve->weight + 1;
    const double average = curve->sum / curve->weight;
    if (curve->count == 1 || average < curve->least) {
        curve->least = average;
        curve->least_at = curve->count - 1;
    }
    /* Fewer are no average: all of them are the first. */
    if (curve->count * (1 - curve->keep) <= 1 || curve->count == 1)
        curve->first = curve->count == 1 ? average : fmax(curve->first, average);
    curve->limit = limit_of(curve);
    if (average > curve->limit)
        curve->end = RATES_DIVERGED;
    return curve->end == RATES_DONE;
}

double rate_curve_limited(const struct rate_curve *curve, int step)
{
    const double loss = curve->loss[step];
    return step > curve->least_at ? fmin(loss, curve->limit) : loss;
}

/* From the left, then from the right; what both have is counted once. */
static void smooth(struct rate_curve *curve)
{
    const int count = curve->count;
    double *weights = memory_resize(NULL, (size_t)count, sizeof *weights), sum = 0, weight = 0;
    for (int i = 0; i < count; i++) {
        curve->smooth[i] = sum = curve->keep * sum + rate_curve_limited(curve, i);
        weights[i] = weight = curve->keep * weight + 1;
    }
    sum = weight = 0;
    for (int i = count - 1; i >= 0; i--) {
        curve->smooth[i] = (curve->smooth[i] + sum) / (weights[i] + weight);
        sum = curve->keep * (sum + rate_curve_limited(curve, i));
        weight = curve->keep * (weight + 1);
    }
    free(weights);
}

/* Deviation of a smoothed loss, of independent noise: its weights' squares add up to (1 - k)(1 + k²) / (1 +
 * k)³, their sum being 1. */
static double noise_of(const struct rate_curve *curve, int count)
{
    const double k = curve->keep;
    double squares = 0;
    for (int i = 0; i < count; i++)
        squares += (rate_curve_limited(curve, i) - curve->smooth[i]) *
                   (rate_curve_limited(curve, i) - curve->smooth[i]);
    return sqrt(squares / count * (1 - k) * (1 + k * k) / ((1 + k) * (1 + k) * (1 + k)));
}

/* Of the line of least squares through the steps around it. Steps lie at equal distances of the logarithm. */
static double slope_at(const struct rate_curve *curve, int step, int last)
{
    const int reach = curve->most / SLOPE_PART > 1 ? curve->most / SLOPE_PART : 1;
    const int from = step > reach ? step - reach : 0, to = step + reach < last ? step + reach : last;
    const double middle = 0.5 * (from + to);
    double product = 0, square = 0;
    for (int i = from; i <= to; i++) {
        product += (i - middle) * curve->smooth[i];
        square += (i - middle) * (i - middle);
    }
    return square > 0 ? product / square : 0;
}

/* The last that is near the least. */
static int find_edge(const struct rate_curve *curve, int least)
{
    const double near = curve->smooth[least] + NEAR_LEAST * (curve->smooth[0] - curve->smooth[least]);
    int edge = least;
    for (int i = least; i < curve->count; i++)
        if (curve->smooth[i] <= near)
            edge = i;
    return edge;
}

static double find_steepest(const struct rate_curve *curve, int edge)
{
    const double from = SUGGESTED_FROM * curve->rate[edge], to = SUGGESTED_TO * curve->rate[edge];
    double steepest = INFINITY,
           found = sqrt(from * to); /* where so few rates were tried that none lies there */
    for (int i = 0; i <= edge; i++) {
        if (curve->rate[i] < from || curve->rate[i] > to)
            continue;
        const double slope = slope_at(curve, i, edge);
        if (slope < steepest) {
            steepest = slope;
            found = curve->rate[i];
        }
    }
    return found;
}

/* To the two digits that a setting is written with. */
static double rounded(double rate)
{
    char text[32];
    snprintf(text, sizeof text, "%.1e", rate);
    return strtod(text, NULL);
}

struct rate_finding rate_curve_finish(struct rate_curve *curve)
{
    struct rate_finding finding = {0};
    if (!curve->count)
        return finding;
    smooth(curve);
    for (int i = 1; i < curve->count; i++)
        if (curve->smooth[i] < curve->smooth[finding.least])
            finding.least = i;
    const double fall = curve->smooth[0] - curve->smooth[finding.least];
    finding.has_fallen = fall > 0 && fall > CERTAIN * noise_of(curve, finding.least + 1);
    finding.edge = find_edge(curve, finding.least);
    if (finding.has_fallen)
        finding.suggested = rounded(find_steepest(curve, finding.edge));
    return finding;
}
