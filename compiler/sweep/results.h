/* results.h - what the runs of a sweep came to: read from their folders, and put together by point.
 *
 *     runs/0007/run.yaml    ->    validation loss 0.2871, accuracy 0.8997, best epoch 12
 *     seeds 1, 2, 3         ->    0.2862 ± 0.0011 */
#ifndef NETC_SWEEP_RESULTS_H
#define NETC_SWEEP_RESULTS_H

#include "sweep/plan.h"

struct statistic {
    int count;
    double mean, deviation; /* of the sample; 0 of a single one */
};

/* All seeds of a point, and of a share where there are several. */
struct result {
    int point, share, round;
    int run; /* the first of its runs, in plan->runs; the others stand behind it */
    int runs, done;
    int rank; /* 1: the best; 0: a run of it did not come to an end, so it has none */
    double examples;
    struct statistic *figures; /* [figure_count] of the runs that are done */
};

struct results {
    struct result *rows; /* in the order of the runs */
    int count;
    const char *const *figures; /* "train loss", "train rmse", "validation loss", … as any run has them */
    int figure_count;
    int measure; /* the figure that ranks; -1: no run has it */
    bool is_higher_better;
};

/* Of one round of halving; of every other sweep, 0. */
struct results results_of(const struct plan *plan, int round);
/* Places of rows as a reader wants them: a grid as it is, draws by rank, those without one last. [count] */
const int *results_order(const struct plan *plan, const struct results *results);
/* The row that is best; NULL without any. */
const struct result *results_best(const struct results *results);
/* Is a setting worth a column? One with a single value is the same everywhere. */
bool results_show(const struct sweep *sweep, int axis);
/* "λ.l1=0.1 batch=64" of a point: the settings that differ; "" where none does. */
const char *results_point(const struct plan *plan, int point);
/* The same of a row, with its share where it has one. */
const char *results_label(const struct plan *plan, const struct result *row);

/* sweep/outcome.c: what the folder of a run says. True when the run has come to an end, so that it need not
 * go on: state, figures and weights are set. */
bool outcome_read(struct plan *plan, struct sweep_run *run);
/* Can it go on where it was interrupted? */
bool outcome_is_begun(const struct plan *plan, const struct sweep_run *run);
/* DIR/runs/0007 */
const char *run_folder(const struct plan *plan, const struct sweep_run *run);

/* sweep/weights.c: the weights of the layer that the sweep collects, of every run that is done. */
void weights_read(struct plan *plan);

#endif
