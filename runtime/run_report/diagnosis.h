/* diagnosis.h - what the curves of a run say: a verdict, the numbers it rests on, and what to try.
 *
 *     validation loss 0.31 at the end, 0.26 in epoch 12, training loss still falling   ->   overfitting
 *
 * The rules stand in one table, in the order in which they are tried; the first that applies decides. */
#ifndef NETC_RUN_REPORT_DIAGNOSIS_H
#define NETC_RUN_REPORT_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of a run. Losses without penalty, mean per example. */
struct history {
    int count;                /* epochs that were completed */
    const double *train;      /* [count] */
    const double *validation; /* [count]; NULL: there was none */
    double test;              /* loss of the test split; NaN: there is none */
    bool is_density;          /* a loss that may fall below 0: likelihoods of real targets */
    double guess;       /* loss of who knows how frequent the classes are and nothing else; NaN: unknown */
    double unexplained; /* real targets: share of their variance that training leaves over; NaN */
    const char *divergence; /* what was no longer finite; NULL: nothing */
};

enum verdict {
    VERDICT_DIVERGED,
    VERDICT_UNTRAINED,
    VERDICT_SHORT,
    VERDICT_OVERFITTING,
    VERDICT_FALLING,
    VERDICT_UNDERFITTING,
    VERDICT_GOOD,
    VERDICT_UNCHECKED,
};

/* What may mend it; advice.c has how to say it for a network. */
enum remedy {
    REMEDY_NONE,
    REMEDY_EPOCHS,
    REMEDY_LOWER_RATE,
    REMEDY_HIGHER_RATE,
    REMEDY_WARMUP,
    REMEDY_CLIP,
    REMEDY_STANDARDIZE,
    REMEDY_WIDEN,
    REMEDY_LESS_DROPOUT,
    REMEDY_LESS_PENALTY,
    REMEDY_DROPOUT,
    REMEDY_PENALTY,
    REMEDY_AUGMENT,
    REMEDY_PATIENCE,
    REMEDY_DATA,
    REMEDY_VALIDATE,
};
enum { REMEDIES = 6 };

struct diagnosis {
    enum verdict verdict;
    const char *name;            /* "overfitting", for run.yaml */
    const enum remedy *remedies; /* [REMEDIES], the most promising first; REMEDY_NONE ends them */
    char sentence[512];
};

void diagnosis_make(struct diagnosis *diagnosis, const struct history *history);

#endif
