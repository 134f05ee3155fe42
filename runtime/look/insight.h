/* insight.h - a trained network that is asked about inputs: what each of its layers gives, and how what a
 * unit gives depends on the input and on every layer before it.
 *
 *     insight_ask(&insight, &picture, &(struct unit){9, 4}, 1);
 *     insight.score[0]           logit 4
 *     insight.dinput[0]          28x28x1: its gradient by the picture
 *     insight.value[3]           10x10x16 from layer c3; insight.gradient[3] is of logit 4 by these
 *
 * Everything is as in evaluation: no dropout, no noise, running statistics. */
#ifndef NETC_LOOK_INSIGHT_H
#define NETC_LOOK_INSIGHT_H

#include <stdbool.h>

#include "look/map.h"
#include "model.h"

struct problem;

/* A unit of a vector, or a channel of an image, which counts as its mean over the positions. Layers are
 * numbers in the table of layers. */
struct unit {
    int layer, channel;
};

struct insight {
    const struct model *model;
    void *net;
    int batch;
    struct dataset *carrier;      /* examples whose place the inputs take */
    double *score;                /* [batch] of each example's unit */
    struct map *dinput;           /* [batch] gradient of that by the input */
    struct map *value, *gradient; /* [layers] of the first example; layer 0 is the input */
};

bool insight_open(struct insight *insight, const struct model *model, void *net, struct problem *problem);
void insight_close(struct insight *insight);

/* Up to a batch of inputs, each as the network reads it, and for each of them a unit; `units` NULL: results
 * alone. */
void insight_ask(struct insight *insight, const struct map *inputs, const struct unit *units, int count);

#endif
