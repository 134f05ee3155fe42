/* class_logits.h - what a network says about the class of each target of a split: its logits, and the truth.
 *
 *     output categorical      {z_0 … z_K-1}, class     one for each example, or for each of its positions
 *     output bernoulli        {0 z}, 0 or 1            one for each yes or no */
#ifndef NETC_RUN_CLASS_LOGITS_H
#define NETC_RUN_CLASS_LOGITS_H

#include "dataset.h"
#include "metrics/calibration.h"
#include "model.h"

/* Classes of one target: K, or 2 of yes and no. */
int class_logits_classes(const struct model *model);

typedef void (*class_logits_visit)(void *context, const real *logit, int classes, int target);
/* One after the other, in the order of the split. */
void class_logits_each(const struct model *model, void *net, const struct examples *examples,
                       class_logits_visit visit, void *context);
/* All of them; to be freed: logits and targets. */
struct calibration_rows class_logits_gather(const struct model *model, void *net,
                                            const struct examples *examples);

#endif
