/* attribution.h - which parts of an input a unit's answer rests on.
 *
 *     gradient      d score / d input (Simonyan, Vedaldi, Zisserman 2013)
 *     SmoothGrad    its mean over noisy copies of the input (Smilkov et al. 2017)
 *     Grad-CAM      the maps of a convolution, each weighted by its mean gradient (Selvaraju et al. 2017) */
#ifndef NETC_LOOK_ATTRIBUTION_H
#define NETC_LOOK_ATTRIBUTION_H

#include <stdint.h>

#include "look/insight.h"

/* Copies, and the deviation of their noise as a share of the input's range. */
#define SMOOTH_COPIES 50
#define SMOOTH_SIGMA 0.15

/* As many numbers as the input has. */
void attribution_smooth(struct insight *insight, const struct map *input, struct unit unit, uint64_t seed,
                        struct map *to);
/* From what a layer gives and the gradient by it: relu(Σ_k mean(gradient_k) value_k), of the layer's size. */
void attribution_gradcam(const struct map *value, const struct map *gradient, struct map *to);
/* The layer to do this with: the last one whose result is as high and wide as that of the last convolution;
 * -1 without one. */
int attribution_gradcam_layer(const struct model *model);

#endif
