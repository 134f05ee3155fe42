/* predictions.h - what a network predicts for every example of a split, one after the other. */
#ifndef NETC_RUN_PREDICTIONS_H
#define NETC_RUN_PREDICTIONS_H

#include "dataset.h"
#include "model.h"

/* Gets the number of an example in the split and [output_size] reals that hold until the next call. */
typedef void (*prediction_visit)(void *context, size_t example, const real *prediction);
void predictions_visit(const struct model *model, void *net, const struct examples *examples,
                       prediction_visit visit, void *context);

/* Of the example that is being visited: what its probabilities were made of, [output_size]. */
static inline const real *prediction_logits(const struct model *model, void *net, size_t example)
{
    return model_logits(model, net) + example % (size_t)model->settings.batch * (size_t)model->output_size;
}

#endif
