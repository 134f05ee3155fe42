/* maps_figures.c - intersection over union of trained weights on a split.
 *
 *     class            IoU    recall  positions
 *     background   98.21 %   99.10 %    61.20 % */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics/overlap.h"
#include "run/figures.h"
#include "run/maps.h"

/* Targets of one example, as the kind of output has them. */
struct aims {
    int32_t *classes; /* [positions] */
    real *answers;    /* [target_size] */
};

static void add_example(struct overlap *overlap, const struct model *model, const struct examples *examples,
                        size_t i, const real *prediction, struct aims *aims)
{
    const int positions = model_positions(model);
    if (model->output == OUTPUT_CATEGORICAL) {
        examples_read_classes(examples, i, aims->classes, positions);
        overlap_add_classes(overlap, prediction, aims->classes, positions);
    } else {
        examples_read_target(examples, i, aims->answers, model->target_size);
        overlap_add_answers(overlap, prediction, aims->answers, positions);
    }
}

static bool add_split(struct overlap *overlap, const struct model *model, void *net,
                      const struct examples *examples)
{
    const size_t batch = (size_t)model->settings.batch;
    struct aims aims = {calloc((size_t)model_positions(model), sizeof(int32_t)),
                        calloc((size_t)model->target_size, sizeof(real))};
    const bool has_memory = aims.classes && aims.answers;
    for (size_t first = 0; has_memory && first < examples->count; first += batch) {
        const size_t left = examples->count - first;
        const int count = (int)(left < batch ? left : batch);
        const real *prediction = model->predict(net, examples, first, count);
        for (int n = 0; n < count; n++, prediction += model->output_size)
            add_example(overlap, model, examples, first + (size_t)n, prediction, &aims);
    }
    free(aims.classes);
    free(aims.answers);
    return has_memory;
}

static void print_share(double share)
{
    if (isnan(share))
        printf("  %9s", "");
    else
        printf("  %7.2f %%", 100 * share);
}

static void print_table(const struct maps *maps, const struct overlap *overlap)
{
    const bool is_class = maps->model->output == OUTPUT_CATEGORICAL;
    const char *const *names = is_class                             ? maps->names
                               : overlap->count == 1 && maps->names ? maps->names + 1
                                                                    : NULL;
    printf("mean IoU  %.2f %%\n", 100 * overlap_mean_iou(overlap));
    printf("\n  %-14s  %9s  %9s  %9s\n", is_class ? "class" : "yes or no", "IoU", "recall", "positions");
    for (int k = 0; k < overlap->count; k++) {
        const struct overlap_class *class = &overlap->classes[k];
        char number[16];
        printf("  %-14s", figures_class_name(names, k, number, sizeof number));
        print_share(overlap_iou(class));
        print_share(overlap_recall(class));
        print_share((double)class->there / (double)overlap->positions);
        printf("\n");
    }
}

bool maps_evaluate(const struct maps *maps, void *net, const struct examples *examples, json_t *object)
{
    struct overlap overlap = overlap_create(maps_channels(maps->model));
    bool has_memory = overlap.classes && add_split(&overlap, maps->model, net, examples);
    if (has_memory && object) {
        json_t *iou = json_array();
        for (int k = 0; k < overlap.count; k++)
            json_array_append_new(iou, figures_json(overlap_iou(&overlap.classes[k])));
        json_object_set_new(object, "mean_iou", figures_json(overlap_mean_iou(&overlap)));
        json_object_set_new(object, "iou", iou);
    } else if (has_memory) {
        print_table(maps, &overlap);
    }
    overlap_release(&overlap);
    return has_memory;
}
