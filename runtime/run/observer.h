/* observer.h - what a run shows while it trains: a bar on a terminal, a line an epoch elsewhere, and
 * history.csv in memory until the run is saved. It belongs to struct training as `observer`. */
#ifndef NETC_RUN_OBSERVER_H
#define NETC_RUN_OBSERVER_H

#include <stdbool.h>
#include <stdio.h>

#include "model.h"
#include "run/options.h"
#include "training.h"

struct observer {
    const struct model *model;
    enum progress_form form;              /* resolved: never PROGRESS_AUTO */
    double started, epoch_started, shown; /* seconds of a clock that never jumps */
    size_t seen;                          /* examples of this epoch so far */
    double loss;                          /* their sum of losses */
    double *seconds;                      /* [epochs] */
    struct training_epoch *rows;          /* [epochs] the history */
    int row_count;
    char divergence[512]; /* what training_diverged found */
};

bool observer_create(struct observer *observer, const struct model *model, enum progress_form form,
                     int epochs);
void observer_release(struct observer *observer);
void observer_write_history(const struct observer *observer, FILE *to);

double clock_seconds(void);
/* Ctrl-C once asks the loop to stop after its batch; a second one ends the program. */
void interruption_watch(void);

/* Names of the figures that a kind of output is judged by: "accuracy", or "rmse"; scale is 100 for shares. */
struct metric {
    const char *name; /* in files: accuracy, rmse */
    const char *unit; /* in tables: " %" or "" */
    double scale;
    double (*of)(const struct score *score);
};
const struct metric *metric_of(const struct model *model);

#endif
