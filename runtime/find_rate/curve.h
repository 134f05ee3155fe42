/* curve.h - losses of steps at growing rates, and the rate that they speak for (Smith: Cyclical Learning
 * Rates for Training Neural Networks, 2017).
 *
 *     rates 1e-6 … 10, losses 2.30 … 0.61 … 9.4   ->   steepest at 0.021, least at 0.3, stopped at 1.4 */
#ifndef NETC_FIND_RATE_CURVE_H
#define NETC_FIND_RATE_CURVE_H

#include <stdbool.h>

enum rate_end { RATES_DONE, RATES_DIVERGED, RATES_NOT_FINITE };

struct rate_curve {
    int most;             /* steps that were wanted */
    double low, high;     /* rates of the first and the last of them */
    double keep;          /* a neighbour's weight in the smoothed loss; 0: it is the loss itself */
    bool may_be_negative; /* the losses: they are densities */

    int count;      /* losses that were taken, all finite */
    double *rate;   /* [most] */
    double *loss;   /* [most] */
    double *smooth; /* [most] set by rate_curve_finish */
    double limit;   /* what their average must not exceed */
    enum rate_end end;

    double sum, weight; /* of the average so far */
    double first;       /* that it was when it was one */
    double least;       /* that it was, and at which step */
    int least_at;
};

/* The rate of a step: equal ratios from low to high. */
double rate_curve_rate(const struct rate_curve *curve, int step);
/* Takes the loss of the next step, measured before it. False: it has diverged, and no step is to follow. */
bool rate_curve_add(struct rate_curve *curve, double loss);

/* A loss as it counts: what was made while it diverged, at most as the limit. */
double rate_curve_limited(const struct rate_curve *curve, int step);

struct rate_finding {
    bool has_fallen;  /* else nothing is suggested */
    int least;        /* step of the least smoothed loss */
    int edge;         /* and of the last that is near it: then it rises */
    double suggested; /* from a tenth to a third of the edge's rate, where the loss falls fastest over its
                         logarithm; in two digits */
};
/* Smooths: each loss is a mean with those around it, whose weights fall by `keep` from step to step. Both
 * sides count alike, so the curve is not late; one that exceeds the limit in the end counts as the limit. */
struct rate_finding rate_curve_finish(struct rate_curve *curve);

#endif
