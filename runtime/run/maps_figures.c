/* maps_figures.c - intersection over union of trained weights on a split.
 *
 *     class            IoU     recall  positions
 *     background   98.21 %    99.10 %    61.20 % */
#include <stdio.h>
#include <stdlib.h>

#include "data/pool.h"
#include "metrics/confusion.h"
#include "run/figures.h"
#include "run/maps.h"
#include "run/predictions.h"
#include "score.h"

struct counting {
    const struct model *model;
    const struct examples *examples;
    int32_t *classes; /* [positions] targets of an example, as the kind of output has them */
    real *answers;    /* [target_size] */
    struct confusion confusion;
};

static void count_positions(void *context, size_t example, const real *prediction)
{
    struct counting *counting = context;
    const struct model *model = counting->model;
    const int channels = maps_channels(model), positions = model_positions(model);
    if (model->output == OUTPUT_CATEGORICAL) {
        examples_read_classes(counting->examples, example, counting->classes, positions);
        for (int p = 0; p < positions; p++, prediction += channels)
            confusion_add(&counting->confusion, counting->classes[p],
                          score_most_probable(prediction, channels));
        return;
    }
    examples_read_target(counting->examples, example, counting->answers, model->target_size);
    for (int i = 0; i < model->target_size; i++)
        confusion_add_answer(&counting->confusion, i % channels, counting->answers[i] > (real)0.5,
                             prediction[i] > (real)0.5);
}

static void print_table(const struct maps *maps, const struct confusion *confusion, double positions)
{
    const bool is_class = maps->model->output == OUTPUT_CATEGORICAL;
    const bool is_one = confusion->classes == 1 && maps->names;
    const char *const *names = is_class ? maps->names : is_one ? maps->names + 1 : NULL;
    printf("mean IoU  %.2f %%\n", 100 * confusion_mean_iou(confusion));
    printf("\n  %-14s  %9s  %9s  %9s\n", is_class ? "class" : "yes or no", "IoU", "recall", "positions");
    for (int k = 0; k < confusion->classes; k++) {
        const struct class_counts *counts = &confusion->by_class[k];
        char number[16];
        printf("  %-14s", figures_class_name(names, k, number, sizeof number));
        figures_print_share(class_iou(counts));
        figures_print_share(class_recall(counts));
        figures_print_share((double)counts->examples / positions);
        printf("\n");
    }
}

static void add_json(const struct confusion *confusion, json_t *object)
{
    json_t *iou = json_array();
    for (int k = 0; k < confusion->classes; k++)
        json_array_append_new(iou, figures_json(class_iou(&confusion->by_class[k])));
    json_object_set_new(object, "mean_iou", figures_json(confusion_mean_iou(confusion)));
    json_object_set_new(object, "iou", iou);
}

void maps_evaluate(const struct maps *maps, void *net, const struct examples *examples, json_t *object)
{
    const struct model *model = maps->model;
    const size_t positions = (size_t)model_positions(model);
    struct counting counting = {.model = model, .examples = examples};
    counting.classes = memory_resize(NULL, positions, sizeof *counting.classes);
    counting.answers = memory_resize(NULL, (size_t)model->target_size, sizeof *counting.answers);
    confusion_create(&counting.confusion, maps_channels(model));
    predictions_visit(model, net, examples, count_positions, &counting);
    if (object)
        add_json(&counting.confusion, object);
    else
        print_table(maps, &counting.confusion, (double)(positions * examples->count));
    confusion_release(&counting.confusion);
    free(counting.classes);
    free(counting.answers);
}
