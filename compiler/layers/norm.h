/* norm.h - what layers share that bring values to mean 0 and deviation 1: a gain and a bias for each channel.
 */
#ifndef NETC_LAYERS_NORM_H
#define NETC_LAYERS_NORM_H

#include "layers/catalogue.h"

/* Numbers of `layer` for each channel: its parameter "weight" (the gain, 1 at first), "bias", …. */
struct parameter *norm_add_parameter(struct graph *graph, struct layer *layer, const char *name,
                                     struct shape shape, enum parameter_init init);
/* C1_BATCHNORM_PARAMETERS, the learned numbers. */
void norm_constants(struct writer *writer, const struct layer *layer);
/* A member of struct NET_parameters for each parameter. */
void norm_parameters(struct writer *writer, const struct layer *layer);
/* "f(value)" where an activation is fused, else the value itself. */
const char *norm_activated(struct writer *writer, const struct layer *layer, const char *value);

/* Appends forward or backward; the latter reads input and result and writes the gradient by the input. */
void norm_forward(struct graph *graph, struct layer *layer, const struct operation *operation);
void norm_backward(struct graph *graph, struct layer *layer, const struct operation *operation);

#endif
