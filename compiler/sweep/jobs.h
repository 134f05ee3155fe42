/* jobs.h - the processes of a sweep: trainers that are compiled, runs that train, several at a time. */
#ifndef NETC_SWEEP_JOBS_H
#define NETC_SWEEP_JOBS_H

#include "sweep/results.h"

struct jobs {
    struct plan *plan;
    int most;        /* at a time */
    int threads;     /* of each run */
    int first, end;  /* runs of this round */
    bool is_stopped; /* somebody wants an end: runs keep their states and stop */
    /* A run has come to an end, or was at one when the sweep went on. */
    void (*tell)(struct jobs *jobs, const struct sweep_run *run);
    int told;
};

/* Makes every run of the round that is not done, and waits for all. False when something fails that would
 * fail for every other run as well, which has been told. */
bool jobs_run(struct jobs *jobs);

#endif
