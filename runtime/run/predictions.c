/* predictions.c - a split in batches, and each of their examples to a function. */
#include "run/predictions.h"

void predictions_visit(const struct model *model, void *net, const struct examples *examples,
                       prediction_visit visit, void *context)
{
    struct batch batch = {0};
    for (size_t first = 0; first < examples->count; first += (size_t)batch.count) {
        batch = batch_of(examples, NULL, first, model->settings.batch);
        const real *prediction = model->predict(net, examples, first, batch.count);
        for (int n = 0; n < batch.count; n++)
            visit(context, first + (size_t)n, prediction + (size_t)n * (size_t)model->output_size);
    }
}
