/* norm.h - what layers share that bring values to mean 0 and deviation 1: gain and bias of each channel. */
#ifndef NETC_LAYERS_NORM_H
#define NETC_LAYERS_NORM_H

#include "layers/catalogue.h"

#define NORM_EPS_ATTRIBUTE                                                                                   \
    {                                                                                                        \
        .name = "eps", .type = ATTRIBUTE_REAL, .position = -1, .fallback = "1e-5", .least = 0,               \
        .above_least = true, .most = 1, .meaning = "added to the variance"                                   \
    }

/* Numbers of `layer` for each channel: its parameter "weight" (the gain, 1 at first), "bias", …. */
struct parameter *norm_add_parameter(struct graph *graph, struct layer *layer, const char *name,
                                     struct shape shape, enum parameter_init init);
/* C1_BATCHNORM_PARAMETERS, the learned numbers. */
void norm_constants(struct writer *writer, const struct layer *layer);
/* False, and told, for more channels than the stack of a trainer has room for the sums of. */
bool norm_check_channels(struct shape input, struct shape_check *check);
/* A member of struct NET_parameters for each parameter. */
void norm_parameters(struct writer *writer, const struct layer *layer);
/* The loop over the channels, or those of this thread, without a brace. */
void norm_channels(struct writer *writer, const struct layer *layer);
/* Sums over the pixels of the batch that the shape alone orders: opens the loops over them, without a brace,
 * for a body that adds to norm_sum(name); norm_sums_close ends them. A row of an image is summed in the real
 * type, rows in double. */
void norm_sums_open(struct writer *writer, const struct layer *layer, const char *const *names);
void norm_sums_close(struct writer *writer, const struct layer *layer, const char *const *names);
/* "row_NAME[c]", or "NAME[c]" of a vector, which has no rows. */
const char *norm_sum(struct writer *writer, const struct layer *layer, const char *name);
/* dz = f'(z) dy of one element, in the place of dy; nothing without a fused activation. */
void norm_slope(struct writer *writer, const struct layer *layer);
/* "f(value)" of the fused activation. */
const char *norm_activated(struct writer *writer, const struct layer *layer, const char *value);
/* y = z, through the fused activation where there is one, inside an unbraced loop. */
void norm_store(struct writer *writer, const struct layer *layer, const char *y, const char *z);

/* Appends forward or backward; the latter reads input and result and writes the gradient by the input. */
void norm_forward(struct graph *graph, struct layer *layer, const struct operation *operation);
void norm_backward(struct graph *graph, struct layer *layer, const struct operation *operation);

#endif
