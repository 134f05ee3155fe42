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
    const struct normaliser *normaliser;  /* for errors in the units of the data */
    enum progress_form form;              /* resolved: never PROGRESS_AUTO */
    double started, epoch_started, shown; /* seconds of a clock that never jumps */
    size_t seen;                          /* examples of this epoch so far */
    double loss;                          /* their sum of losses */
    double *seconds;                      /* [epochs] */
    struct training_epoch *rows;          /* [epochs] the history */
    int row_count;
    char divergence[512]; /* what training_diverged found */
};

/* `normaliser` turns errors into the units of the data; it is the one of the training split. */
bool observer_create(struct observer *observer, const struct model *model,
                     const struct normaliser *normaliser, enum progress_form form, int epochs);
void observer_release(struct observer *observer);
/* The progress bar in at most `columns` columns, in place of the line before. */
void observer_print_bar(const struct training *run, int epoch, double now, size_t columns, FILE *to);
void observer_write_history(const struct observer *observer, FILE *to);

double clock_seconds(void);
/* Ctrl-C once asks the loop to stop after its batch; a second one ends the program. A reader of the progress
 * that goes away (`train | head`) does not end the training. */
void interruption_watch(void);

#endif
