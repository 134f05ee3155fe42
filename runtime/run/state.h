/* state.h - the file `state` in the folder of a run: everything that it takes to go on after any
 * interruption, to the same bytes as without one.
 *
 *     runs/lenet5-1/state            newest
 *     runs/lenet5-1/state.previous   the one before, where the newest should be damaged
 *
 * Weights, the optimizer's memory, best weights and averages lie in it as in memory (struct model's pieces),
 * so only the same trainer can go on; beside them where the run stands (struct training_standing), its
 * history, and what must not have changed: model, data, seed, epochs. The form is that of container.h. */
#ifndef NETC_RUN_STATE_H
#define NETC_RUN_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "run/container.h"
#include "run/observer.h"

struct problem;

/* Writes states of a run while it goes. */
struct state_keeper {
    const struct model *model;
    void *net;
    struct training *run;
    const char *folder;
    json_t *metadata;     /* strings: what a run that goes on must share, and where its data are */
    double every_seconds; /* 0: by steps */
    uint64_t every_steps; /* 0: by time */
    double written;       /* when the last was, by the clock; 0: none yet */
    uint64_t steps;       /* since then */
    bool has_failed;      /* one could not be written, which is told once */
};

/* What a run that goes on must share, as strings. */
json_t *state_identity(const struct training *run, const struct dataset *data);

/* At the start of an epoch, which is the end of the one before; of many short ones, at most one a second. */
void state_keep_epoch(struct state_keeper *keeper);
/* After a step: when it is time, or the run is to stop. */
void state_keep_step(struct state_keeper *keeper, bool is_last);
/* A finished run needs none. */
void state_remove(const char *folder);

/* A state that was read. */
struct state {
    char path[4096];
    struct container container;
    const json_t *metadata;
};

/* The newest state of a folder that is whole. Where that is the one before the newest, says so on stderr. */
bool state_open(struct state *state, const char *folder, struct problem *problem);
/* A text of its metadata; "" without. */
const char *state_text(const struct state *state, const char *name);
/* Is it of this run? The problem names what differs. */
bool state_fits(const struct state *state, const struct model *model, json_t *identity,
                struct problem *problem);
/* Puts network, run and history where they were. */
bool state_restore(const struct state *state, void *net, struct training *run, struct problem *problem);
void state_close(struct state *state);

#endif
