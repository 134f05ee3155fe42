/* plan.h - the points of a sweep, the trainers that they need, and the runs that are made of them.
 *
 *     4 rates x 2 batches = 8 points, 2 trainers (a rate is read at start, a batch is compiled in);
 *     with 3 seeds 24 runs */
#ifndef NETC_SWEEP_PLAN_H
#define NETC_SWEEP_PLAN_H

#include "command/building.h"
#include "sweep/sweep.h"

struct sweep_point {
    struct sweep_value *values; /* [axis_count] */
    int trainer;                /* that runs it */
    const char *settings;       /* what that reads at start (runtime/run/at_start.h) */
    size_t settings_length;
};

enum trainer_state { TRAINER_WANTED, TRAINER_MAKING, TRAINER_MADE, TRAINER_FAILED };

struct sweep_trainer {
    struct building building;
    uint64_t hash; /* of header and code */
    enum trainer_state state;
    const char *path; /* of the binary in the folder of the sweep */
};

enum run_state {
    RUN_PENDING,
    RUN_GOING,
    RUN_DONE,
    RUN_DIVERGED, /* its last good weights are kept, its figures do not count */
    RUN_FAILED,   /* the trainer could not do it: `why` */
};

struct figure {
    const char *name; /* "validation loss" */
    double value;
};

struct sweep_run {
    int number; /* from 1; its folder is called so */
    int point;
    int share, seed;    /* places in the lists of the sweep */
    int round;          /* of halving, from 0 */
    const char *budget; /* of that round: epochs, or a share; NULL: the model's own */
    int before;         /* warm: the run whose weights it begins with; -1: none */
    enum run_state state;
    const char *why; /* of a run that diverged or failed */
    struct figure *figures;
    int figure_count;
    int epochs_done, best_epoch;
    double examples; /* that it trained on */
    double *weights; /* [weight_count of the plan], where they are collected */
};

struct plan {
    struct sweep *sweep;
    const struct options *options;
    const struct tuning *tuning; /* of the model on this machine; NULL without */
    struct sweep_point *points;
    int point_count;
    struct sweep_trainer *trainers;
    int trainer_count;
    struct sweep_run *runs; /* of all rounds so far */
    int run_count, run_room;
    int rounds;         /* 1, or those of halving */
    int last_round;     /* that was run */
    const char *folder; /* DIR */
    const char *const
        *weight_names; /* [weight_count] of collected weights: columns of the data, or indices */
    int weight_count;
};

/* sweep/plan.c: draws the points, checks that the language takes every one of them and emits their trainers;
 * false when errors were told. */
bool plan_make(struct plan *plan);
/* The runs of a round over `points`; epochs or share of halving as its budget. */
void plan_add_runs(struct plan *plan, const int *points, int count, int round);
/* What must be the same when a sweep goes on, one line each. */
struct text plan_identity(const struct plan *plan);
/* One of lists that a sweep need not have: the share and seed of a run as texts, NULL: the model's own. */
const char *run_share(const struct plan *plan, const struct sweep_run *run);
const char *run_seed(const struct plan *plan, const struct sweep_run *run);
/* Whose weights a warm run begins with: the nearest before it that has any; NULL: none. */
const struct sweep_run *run_predecessor(const struct plan *plan, const struct sweep_run *run);

/* sweep/demand.c: does the model have what the sweep wants of it? False when it is told what not. */
bool demand_check(struct sweep *sweep);
/* Of a point's network, whose weights must be those of the others. */
bool demand_check_point(const struct plan *plan, const struct sweep_point *point, const struct graph *graph);

/* sweep/rounds.c: budgets of halving, and who is in the next round. */
int rounds_count(const struct sweep *sweep);
const char *rounds_budget(const struct sweep *sweep, int round);
/* The points of the round behind `round`, by the measure of that one's runs; fills points, returns their
 * count.
 */
int rounds_keep(const struct plan *plan, int round, int *points);

#endif
