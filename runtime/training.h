/* training.h - what the generated training loop and the commands of a trainer share: the settings and data of
 * a run, and what the loop tells while it goes. The loop itself is in the generated file. */
#ifndef NETC_TRAINING_H
#define NETC_TRAINING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset.h"
#include "score.h"

struct model;

enum training_end {
    TRAINING_COMPLETE,    /* all epochs done */
    TRAINING_TIME,        /* the model's limit */
    TRAINING_PATIENCE,    /* the monitored figure did not improve for `patience` epochs */
    TRAINING_INTERRUPTED, /* Ctrl-C */
    TRAINING_DIVERGED,    /* NaN or Inf */
};

/* One row of history.csv. */
struct training_epoch {
    int epoch;               /* from 1 */
    struct score train;      /* running, over the batches of the epoch, dropout on */
    struct score validation; /* examples = 0: no validation */
    double rate;             /* of the last step */
    bool is_best;            /* these weights are kept for now */
};

/* Where a run stands: what its state keeps of the loop, as it lies in memory. */
struct training_standing {
    int epoch;                  /* from 1; of a run that begins, 1 */
    int plateau;                /* epochs since the schedule's figure was lowest */
    int averaged;               /* epochs in the average */
    int epochs_done;            /* complete ones */
    int best_epoch;             /* whose weights are in place at the end; 0: the initial ones */
    size_t first;               /* examples of the epoch that are done */
    double least;               /* the best epoch's figure; INFINITY: none yet */
    double lowest;              /* the schedule's */
    struct training_epoch row;  /* of the epoch so far */
    struct training_epoch best; /* the best epoch's */
};

struct training {
    const struct model *model;
    int epochs;    /* the model's, or --epochs */
    uint64_t seed; /* the model's, or --seed */
    const struct examples *train;
    const struct examples *validation; /* count 0: none */
    uint32_t *order;                   /* [train->count] order of the examples in this epoch */
    void *observer;                    /* progress, history: belongs to the functions below */

    struct balance *balance; /* `train` is its epoch; NULL: of the data as they are */

    struct state_keeper *keeper; /* writes states; NULL: nobody does */
    bool is_resumed;             /* the network and `at` come from a state */

    /* Filled as the loop goes and when it ends. */
    struct training_standing at;
    enum training_end end;
    uint64_t steps;
};

/* Wall time since the run began. */
double training_seconds(const struct training *run);
/* run->order becomes the permutation of this epoch: a function of seed, epoch and count only. A balanced
 * epoch is drawn before it, from seed and epoch. */
void training_shuffle(struct training *run, int epoch);
/* The row of this epoch: a new one, or where a resumed run was within it. Shuffles, and keeps a state. */
struct training_epoch *training_epoch_begin(struct training *run, int epoch);
/* After every step. `loss` is the batch's sum of losses over its `count` examples. Returns false when the run
 * is to stop now (Ctrl-C): the loop then leaves as after a complete run, with the best weights. */
bool training_step_done(struct training *run, int epoch, double loss, int count);
/* After every epoch: prints it and appends it to the history. */
void training_epoch_done(struct training *run, const struct training_epoch *row);
/* The loss of a step was not finite: looks for the first layer whose value or weights are not, tells it, and
 * sets run->end. `net` is the network as the step left it. */
void training_diverged(struct training *run, void *net, int epoch, uint64_t step, int count);

/* After every epoch, before its weights may be kept: are all of them finite? If not, tells the first tensor
 * that is not, sets run->end and returns false. `step` is the number of the last step. */
bool training_weights_hold(struct training *run, void *net, int epoch, uint64_t step);

#endif
