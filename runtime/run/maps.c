/* maps.c - the answers at all positions of a picture as a line and as JSON. */
#include "run/maps.h"

#include <stdio.h>
#include <stdlib.h>

#include "run/figures.h"
#include "score.h"

int maps_channels(const struct model *model)
{
    return model->output_size / model_positions(model);
}

/* How many positions have each class as the most probable, or each yes. [maps_channels]; NULL: no memory */
static int *count_positions(const struct model *model, const real *prediction)
{
    const int channels = maps_channels(model), positions = model_positions(model);
    int *counts = calloc((size_t)channels, sizeof *counts);
    for (int p = 0; counts && p < positions; p++, prediction += channels) {
        if (model->output == OUTPUT_CATEGORICAL)
            counts[score_most_probable(prediction, channels)]++;
        else
            for (int k = 0; k < channels; k++)
                counts[k] += prediction[k] > (real)0.5;
    }
    return counts;
}

static void print_largest(const struct maps *maps, const int *counts)
{
    const int classes = maps_channels(maps->model), top = maps->top > 0 ? maps->top : classes;
    int below = model_positions(maps->model) + 1, last = -1;
    for (int i = 0; i < top; i++) {
        int largest = -1;
        for (int k = 0; k < classes; k++) {
            const bool is_next = counts[k] < below || (counts[k] == below && k > last);
            if (is_next && counts[k] > 0 && (largest < 0 || counts[k] > counts[largest]))
                largest = k;
        }
        const bool is_shown = largest >= 0 && 2000 * (int64_t)counts[largest] >= model_positions(maps->model);
        if (largest < 0 || (maps->top == 0 && !is_shown))
            break;
        char number[16];
        printf("  %s %.1f %%", figures_class_name(maps->names, largest, number, sizeof number),
               100.0 * counts[largest] / model_positions(maps->model));
        below = counts[largest];
        last = largest;
    }
}

void maps_print(const struct maps *maps, const real *prediction)
{
    const int channels = maps_channels(maps->model);
    int *counts = count_positions(maps->model, prediction);
    if (counts && maps->model->output == OUTPUT_CATEGORICAL)
        print_largest(maps, counts);
    else
        for (int k = 0; counts && k < channels; k++)
            printf("  %s%.1f %%", maps->names && channels == 1 ? maps->names[1] : "",
                   100.0 * counts[k] / model_positions(maps->model));
    free(counts);
}

/* What stands for one position: its class, its probability, or a list of them. */
static json_t *position_json(const struct model *model, const real *prediction)
{
    const int channels = maps_channels(model);
    if (model->output == OUTPUT_CATEGORICAL)
        return json_integer(score_most_probable(prediction, channels));
    if (channels == 1)
        return figures_json((double)prediction[0]);
    json_t *list = json_array();
    for (int k = 0; k < channels; k++)
        json_array_append_new(list, figures_json((double)prediction[k]));
    return list;
}

void maps_add_json(const struct maps *maps, const real *prediction, json_t *object)
{
    const struct model *model = maps->model;
    const int channels = maps_channels(model), positions = model_positions(model);
    int *counts = count_positions(model, prediction);
    json_t *shares = json_array(), *map = json_array();
    for (int k = 0; counts && k < channels; k++)
        json_array_append_new(shares, figures_json((double)counts[k] / positions));
    for (int y = 0; y < model->target_height; y++) {
        json_t *row = json_array();
        for (int x = 0; x < model->target_width; x++, prediction += channels)
            json_array_append_new(row, position_json(model, prediction));
        json_array_append_new(map, row);
    }
    json_object_set_new(object, "share", shares);
    json_object_set_new(object, model->output == OUTPUT_CATEGORICAL ? "map" : "probability", map);
    free(counts);
}
