/* probe.h - operations that only the passes of a probe have (passes/probe.c). */
#ifndef NETC_LAYERS_PROBE_H
#define NETC_LAYERS_PROBE_H

#include "emit/writer.h"
#include "ir/graph.h"

/* Where the numbers of an example stand, as probe.h takes it: "probe_row(&net->value.c1[0][0][0][0],
 * C1_SIZE)", or, inside a border, in several rows. */
const char *probe_place(struct writer *writer, const struct value *value);

/* A result, and the gradient by one, that is complete: the caller of the probe may look at it. */
extern const struct operation probe_look_at_value, probe_look_at_gradient;
/* Of the output layer: the gradient of the number that a probe is about, by what the last layer gives. */
extern const struct operation probe_start;
/* dz of a layer that an activation is fused into, without the gradients of its weights. */
extern const struct operation probe_slope;

#endif
