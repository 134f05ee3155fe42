/* probe.h - operations that only the passes of a probe have (passes/probe.c). */
#ifndef NETC_LAYERS_PROBE_H
#define NETC_LAYERS_PROBE_H

#include "ir/graph.h"

/* A result, and the gradient by one, that is complete: the caller of the probe may look at it. */
extern const struct operation probe_look_at_value, probe_look_at_gradient;
/* Of the output layer: the gradient of the number that a probe is about, by what the last layer gives. */
extern const struct operation probe_start;
/* dz of a layer that an activation is fused into, without the gradients of its weights. */
extern const struct operation probe_slope;

#endif
