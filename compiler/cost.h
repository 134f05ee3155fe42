/* cost.h - what a network takes: numbers that it learns, bytes that training in float needs. */
#ifndef NETC_COST_H
#define NETC_COST_H

#include <stdbool.h>
#include <stdint.h>

struct graph;
struct diagnostics;

struct cost {
    int64_t parameters; /* learned numbers */
    int64_t frozen;     /* numbers that training leaves alone */
    int64_t running;    /* statistics that training measures */
    int64_t flop;       /* of the forward pass of one example */
    int64_t memory;     /* bytes of training in float, of which `values` for the arena */
    int64_t values;
    int64_t groups; /* of gradients that groups of examples sum apart */
    int64_t row;    /* bytes of one copy of the parameters */
    int copies; /* of the parameters: weights, gradients, best weights, what the optimizer keeps, an average
                 */
};

/* Needs the memory plan. */
struct cost cost_of(const struct graph *graph);
/* False, and told with the layers that cost most, when `limit` in train { } is exceeded. */
bool cost_check(const struct graph *graph, struct diagnostics *diagnostics);

#endif
