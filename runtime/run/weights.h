/* weights.h - a network's memory and its first weights.
 *
 *     seed 1, tensor "c1.weight", init he  ->  uniform in ± √(6 / fan_in), whatever other layers there are */
#ifndef NETC_RUN_WEIGHTS_H
#define NETC_RUN_WEIGHTS_H

#include "model.h"

struct problem;

/* One zeroed block of model->memory bytes, 64-byte aligned, with the network created in it. NULL without
 * memory. */
void *weights_allocate(const struct model *model, uint64_t seed, struct problem *problem);
/* The same with room for model->probe, where it has one. */
void *weights_allocate_probed(const struct model *model, uint64_t seed, struct problem *problem);
/* He et al. 2015 and Glorot and Bengio 2010 in their uniform forms. Element i of a tensor is number i in the
 * order of a model file, so neither panels nor other layers change it. */
void weights_initialise(const struct model *model, void *net, uint64_t seed);

/* Calls with the position in memory of each element, in the order of a model file. */
typedef void (*weights_visit)(void *context, size_t element, real *weight);
void weights_for_each(const struct model_tensor *tensor, real *parameters, weights_visit visit,
                      void *context);

/* Elements of a tensor in a file. */
size_t weights_count(const struct model_tensor *tensor);
/* Exact zeros among them. */
size_t weights_count_zeros(const struct model_tensor *tensor, const real *parameters);
/* The first tensor with a NaN or Inf, or NULL. */
const struct model_tensor *weights_find_not_finite(const struct model *model, void *net);

#endif
