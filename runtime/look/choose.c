/* choose.c - from names on the command line to numbers of classes, layers and units.
 *
 *     --class shrit    ->    error: there is no class 'shrit'    help: did you mean 'shirt'? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/nearest.h"
#include "data/pool.h"
#include "look/attribution.h"
#include "look/look.h"
#include "problem.h"

bool look_has_pictures(const struct look *look)
{
    return !look->model->input.is_vector;
}

/* Whether the last layer's units are classes or values that can be asked about one by one. */
static bool has_scores(const struct model *model)
{
    const struct model_shape *shape = &model->layers[model->layer_count - 2].shape;
    bool is_probability = model->output == OUTPUT_CATEGORICAL || model->output == OUTPUT_BERNOULLI;
    return !model->target_is_input && (is_probability || shape->height * shape->width == 1);
}

static void choose_scores(struct look *look)
{
    const struct model *model = look->model;
    look->score_layer = has_scores(model) ? model->layer_count - 2 : -1;
    if (look->score_layer < 0)
        return;
    int channels = model->layers[look->score_layer].shape.channels;
    look->score_count =
        model->output == OUTPUT_NORMAL && model->target_size < channels ? model->target_size : channels;
}

/* Names of the score layer's units; NULL where they have none. */
static const char *const *names_of(const struct look *look)
{
    const struct model_file *file = &look->trained.file;
    if (file->class_count && file->class_count == look->score_count)
        return file->classes;
    return file->target_name_count == look->score_count ? file->targets : NULL;
}

const char *look_class_name(const struct look *look, int class, char *number, size_t size)
{
    const char *const *names = names_of(look);
    if (names)
        return names[class];
    snprintf(number, size, "%d", class);
    return number;
}

/* A number below `count`, or -1. */
static int number_of(const char *text, int count)
{
    char *end;
    long number = strtol(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && !*end && number < count ? (int)number : -1;
}

static bool choose_class(struct look *look, struct problem *problem)
{
    const char *wanted = look->options->class, *const *names = names_of(look);
    look->class = -1;
    if (!wanted)
        return true;
    if (look->score_layer < 0)
        return problem_at(problem, look->model->name, 0, 0,
                          "--class makes no sense here: the network's output is a picture, not a class");
    for (int i = 0; names && i < look->score_count; i++)
        if (strcmp(names[i], wanted) == 0)
            look->class = i;
    if (look->class < 0)
        look->class = number_of(wanted, look->score_count);
    if (look->class >= 0)
        return true;
    problem_at(problem, look->model->name, 0, 0,
               "there is no class '%.100s': the network has %d, from 0 to %d", wanted, look->score_count,
               look->score_count - 1);
    if (names)
        nearest_help(problem, wanted, names, look->score_count);
    return false;
}

static bool choose_layer(struct look *look, struct problem *problem)
{
    const struct model *model = look->model;
    const char *wanted = look->options->layer;
    look->layer = -1;
    if (!wanted)
        return true;
    const char **names = memory_resize(NULL, (size_t)model->layer_count, sizeof *names);
    for (int i = 0; i < model->layer_count; i++) {
        names[i] = model->layers[i].label;
        if (strcmp(names[i], wanted) == 0)
            look->layer = i;
    }
    if (look->layer < 0) {
        problem_at(problem, model->name, 0, 0, "there is no layer '%.100s'", wanted);
        nearest_help(problem, wanted, names, model->layer_count);
    }
    free(names);
    if (look->layer == 0 || look->layer == model->layer_count - 1)
        return problem_at(problem, model->name, 0, 0, "--layer %s: take one between input and output",
                          wanted);
    return look->layer > 0;
}

static bool choose_unit(struct look *look, struct problem *problem)
{
    look->unit = -1;
    if (!look->options->unit)
        return true;
    const struct model_layer *layer = &look->model->layers[look->layer];
    look->unit = number_of(look->options->unit, layer->shape.channels);
    return look->unit >= 0 ||
           problem_at(problem, look->model->name, 0, 0,
                      "there is no unit '%.100s' in layer %s: it has %d, from 0 to %d", look->options->unit,
                      layer->label, layer->shape.channels, layer->shape.channels - 1);
}

bool look_choose(struct look *look, struct problem *problem)
{
    choose_scores(look);
    if (!choose_class(look, problem) || !choose_layer(look, problem) || !choose_unit(look, problem))
        return false;
    look->cam_layer = attribution_gradcam_layer(look->model);
    if (look->layer > 0) {
        const struct model_shape *shape = &look->model->layers[look->layer].shape;
        if (shape->height * shape->width > 1)
            look->cam_layer = look->layer;
    }
    return true;
}

void look_range_create(struct look_range *range, int channels)
{
    range->channels = channels;
    range->low = memory_resize(NULL, (size_t)channels * 2, sizeof *range->low);
    range->high = range->low + channels;
}

void look_range_release(struct look_range *range)
{
    free(range->low);
    *range = (struct look_range){0};
}

/* Without a scale nothing says what white is: then the inputs themselves do. */
static void widen_range(struct look *look)
{
    const struct examples *examples = dataset_split(look->data, "predict");
    const struct model_shape *shape = &look->model->input;
    int row = shape->width * shape->channels, size = shape->height * row;
    real *values = memory_resize(NULL, (size_t)size, sizeof *values);
    for (int i = 0; i < look->input_count; i++) {
        examples_read_input(examples, (size_t)i, values, shape->height, row, row);
        for (int j = 0; j < size; j++) {
            double *low = &look->range.low[j % shape->channels],
                   *high = &look->range.high[j % shape->channels];
            *low = fmin(*low, (double)values[j]);
            *high = fmax(*high, (double)values[j]);
        }
    }
    free(values);
}

void look_find_range(struct look *look)
{
    const struct normaliser *normaliser = &look->trained.file.normaliser;
    int channels = look->model->input.channels;
    struct look_range *range = &look->range;
    look_range_create(range, channels);
    for (int c = 0; c < channels; c++) {
        double mean = normaliser->input_count ? normaliser->input_mean[c] : 0,
               deviation = normaliser->input_count ? normaliser->input_deviation[c] : 1;
        bool is_known = normaliser->scale < 1;
        range->low[c] = is_known ? (0 - mean) / deviation : INFINITY;
        range->high[c] = is_known ? (1 - mean) / deviation : -INFINITY;
    }
    if (!(normaliser->scale < 1))
        widen_range(look);
}
