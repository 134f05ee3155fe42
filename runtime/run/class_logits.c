/* class_logits.c - the logits of every batch beside the targets of its examples. */
#include "run/class_logits.h"

#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/predictions.h"

int class_logits_classes(const struct model *model)
{
    return model->output == OUTPUT_CATEGORICAL ? model->target_size : 2;
}

struct visiting {
    const struct model *model;
    void *net;
    const struct examples *examples;
    class_logits_visit visit;
    void *context;
    int32_t *classes; /* [positions] of one example */
    real *answers;    /* [output_size] yes or no */
};

static void visit_example(void *context, size_t example, const real *prediction)
{
    const struct visiting *visiting = context;
    const struct model *model = visiting->model;
    const real *logit = prediction_logits(model, visiting->net, example);
    const int positions = model_positions(model);
    (void)prediction;
    if (model->output == OUTPUT_BERNOULLI) {
        examples_read_target(visiting->examples, example, visiting->answers, model->output_size);
        for (int i = 0; i < model->output_size; i++)
            visiting->visit(visiting->context, (const real[]){0, logit[i]}, 2, visiting->answers[i] > 0);
        return;
    }
    if (positions == 1)
        visiting->classes[0] = examples_read_class(visiting->examples, example);
    else
        examples_read_classes(visiting->examples, example, visiting->classes, positions);
    for (int i = 0; i < positions; i++, logit += model->target_size)
        visiting->visit(visiting->context, logit, model->target_size, visiting->classes[i]);
}

void class_logits_each(const struct model *model, void *net, const struct examples *examples,
                       class_logits_visit visit, void *context)
{
    struct visiting visiting = {
        .model = model, .net = net, .examples = examples, .visit = visit, .context = context};
    if (model->output == OUTPUT_CATEGORICAL)
        visiting.classes = memory_resize(NULL, (size_t)model_positions(model), sizeof *visiting.classes);
    else
        visiting.answers = memory_resize(NULL, (size_t)model->output_size, sizeof *visiting.answers);
    predictions_visit(model, net, examples, visit_example, &visiting);
    free(visiting.classes);
    free(visiting.answers);
}

struct gathering {
    real *logits;
    int32_t *targets;
    size_t count;
};

static void gather(void *context, const real *logit, int classes, int target)
{
    struct gathering *gathering = context;
    memcpy(gathering->logits + gathering->count * (size_t)classes, logit, (size_t)classes * sizeof *logit);
    gathering->targets[gathering->count++] = target;
}

struct calibration_rows class_logits_gather(const struct model *model, void *net,
                                            const struct examples *examples)
{
    const int classes = class_logits_classes(model);
    const size_t each = model->output == OUTPUT_CATEGORICAL ? (size_t)model_positions(model)
                                                            : (size_t)model->output_size,
                 count = examples->count * each;
    struct gathering gathering = {.logits = memory_resize(NULL, count * (size_t)classes, sizeof(real)),
                                  .targets = memory_resize(NULL, count, sizeof(int32_t))};
    class_logits_each(model, net, examples, gather, &gathering);
    return (struct calibration_rows){gathering.logits, gathering.targets, gathering.count, classes};
}
