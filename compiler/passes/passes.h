/* passes.h - the passes between checking and emission, in the order of pipeline.c. Each begins its file with
 * three lines: what it needs, what it gives, what it keeps. */
#ifndef NETC_PASSES_H
#define NETC_PASSES_H

#include "ir/graph.h"

struct pass {
    const char *name; /* for --dump-after */
    void (*run)(struct graph *graph);
};

extern const struct pass pipeline[]; /* ends with a NULL name */

/* Runs all passes and verifies the graph after each; what `dump_after` names is printed into `dump`. Ends the
 * process with exit code 3 when a pass leaves a graph that does not hold. */
void pipeline_run(struct graph *graph, const char *dump_after, struct text *dump);

void pass_share(struct graph *graph);
void pass_fuse(struct graph *graph);
void pass_backward(struct graph *graph);
void pass_schedule(struct graph *graph);
void pass_probe(struct graph *graph);
void pass_team(struct graph *graph);
void pass_chain(struct graph *graph);
void pass_tune(struct graph *graph);
/* "forward": what tuning calls the part of a layer that a tiling serves; NULL: it is never tuned. */
const char *tune_part(int use);
void pass_memory(struct graph *graph);
/* The most reals that are needed at one time: no plan can do with less. */
int64_t memory_least(const struct graph *graph);

#endif
