/* verdict.c - is a batch known by heart, and if not, why may that be? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "overfit/overfit.h"
#include "run/figures.h"
#include "run_report/advice.h"

/* Of pixels, and of pictures that are their own target, some may stay wrong. */
#define MOST_OF_PIXELS 0.99
#define LOSS_LEFT 0.1
#define VARIANCE_LEFT 0.01
/* More than that is left where the steps got nowhere, or the second half of them. */
#define HARDLY_LESS 0.9

bool overfit_is_memorised(const struct overfit *overfit)
{
    const struct model *model = overfit->session.model;
    const struct score *now = &overfit->now, *first = &overfit->first;
    if (overfit->has_diverged)
        return false;
    if (metric_is_share(metric_of(model))) {
        if (model->target_is_input || model_positions(model) > 1)
            return score_accuracy(now) >= MOST_OF_PIXELS;
        return now->correct >= (double)now->values && score_loss(now) <= LOSS_LEFT * score_loss(first);
    }
    const double mean = now->target_sum / (double)now->values;
    const double spread = now->target_square - mean * now->target_sum;
    return now->squared_error <= VARIANCE_LEFT * (spread > 0 ? spread : first->squared_error);
}

/* What is to become 0; a density's loss has no such end. */
static double left_of(const struct overfit *overfit, const struct score *score)
{
    return metric_is_share(metric_of(overfit->session.model)) ? score->loss : score->squared_error;
}

/* An example as the network is given it. */
struct shown {
    real *input, *target;
    size_t input_size, target_size;
};

static int shown_compare(const void *left, const void *right)
{
    const struct shown *a = left, *b = right;
    const int order = memcmp(a->input, b->input, a->input_size * sizeof *a->input);
    return order ? order : memcmp(a->target, b->target, a->target_size * sizeof *a->target);
}

static void read_target(const struct overfit *overfit, int n, real *to)
{
    const struct model *model = overfit->session.model;
    const int positions = model_positions(model);
    if (model_has_class(model)) {
        *to = (real)examples_read_class(&overfit->examples, (size_t)n);
        return;
    }
    if (model->output != OUTPUT_CATEGORICAL) {
        examples_read_target(&overfit->examples, (size_t)n, to, model->target_size);
        return;
    }
    int32_t *classes = memory_resize(NULL, (size_t)positions, sizeof *classes);
    examples_read_classes(&overfit->examples, (size_t)n, classes, positions);
    for (int i = 0; i < positions; i++)
        to[i] = (real)classes[i];
    free(classes);
}

/* Examples that have the input of another, and another target: nobody can learn both. */
static int count_contradictions(const struct overfit *overfit)
{
    const struct model *model = overfit->session.model;
    const struct model_shape *shape = &model->input;
    const int count = overfit->batch.count, row = shape->width * shape->channels;
    const size_t input = (size_t)shape->height * (size_t)row;
    const size_t target =
        model->output == OUTPUT_CATEGORICAL ? (size_t)model_positions(model) : (size_t)model->target_size;
    int contradictions = 0;
    if (model->target_is_input)
        return 0;
    real *numbers = memory_resize(NULL, (size_t)count * (input + target), sizeof *numbers);
    struct shown *shown = memory_resize(NULL, (size_t)count, sizeof *shown);
    memset(numbers, 0, (size_t)count * (input + target) * sizeof *numbers);
    for (int n = 0; n < count; n++) {
        real *at = numbers + (size_t)n * (input + target);
        shown[n] = (struct shown){at, at + input, input, target};
        examples_read_input(&overfit->examples, (size_t)n, at, shape->height, row, row);
        read_target(overfit, n, at + input);
    }
    qsort(shown, (size_t)count, sizeof *shown, shown_compare);
    for (int n = 1; n < count; n++)
        contradictions += memcmp(shown[n].input, shown[n - 1].input, input * sizeof(real)) == 0 &&
                          shown_compare(&shown[n], &shown[n - 1]) != 0;
    free(shown);
    free(numbers);
    return contradictions;
}

static void print_contradictions(const struct overfit *overfit)
{
    const int contradictions = count_contradictions(overfit);
    if (contradictions)
        printf(
            "  %d of the %d examples have the input of another, and another target: both cannot be right\n",
            contradictions, overfit->batch.count);
}

/* As many equations as targets want as many unknowns. */
static void print_size(const struct overfit *overfit)
{
    const struct model *model = overfit->session.model;
    const long long targets = (long long)overfit->batch.count * model->target_size;
    long long parameters = 0;
    for (int i = 0; i < model->layer_count; i++)
        parameters += model->layers[i].parameters;
    if (!metric_is_share(metric_of(model)) && parameters < targets)
        printf("  %lld parameters are fewer than the %lld numbers of the batch\n", parameters, targets);
}

static void print_remedies(const struct overfit *overfit, const enum remedy *remedies)
{
    const struct session *session = &overfit->session;
    const struct advised advised = {.model = session->model,
                                    .normaliser = dataset_normaliser(session->data),
                                    .examples = (size_t)overfit->batch.count,
                                    .epochs = overfit->most,
                                    .text = model_source.text ? model_source.text : ""};
    char text[700];
    for (; *remedies != REMEDY_NONE; remedies++)
        if (advice_text(&advised, *remedies, text, sizeof text))
            printf("  %s\n", text);
}

void overfit_print_advice(const struct overfit *overfit)
{
    static const enum remedy diverged[] = {REMEDY_LOWER_RATE, REMEDY_STANDARDIZE, REMEDY_CLIP, REMEDY_NONE};
    static const enum remedy stuck[] = {REMEDY_STANDARDIZE, REMEDY_LOWER_RATE, REMEDY_HIGHER_RATE,
                                        REMEDY_NONE};
    static const enum remedy partly[] = {REMEDY_LESS_DROPOUT, REMEDY_LESS_PENALTY, REMEDY_WIDEN, REMEDY_NONE};
    const struct model_settings *settings = &overfit->session.model->settings;
    const double left = left_of(overfit, &overfit->now);
    const bool is_stuck = left > HARDLY_LESS * left_of(overfit, &overfit->first);
    printf("what to look at:\n");
    print_contradictions(overfit);
    if (overfit->has_diverged)
        print_remedies(overfit, diverged);
    else if (is_stuck)
        print_remedies(overfit, stuck);
    if (overfit->has_diverged || is_stuck)
        printf("  the rate that %s find-rate suggests\n", overfit->session.model->name);
    if (overfit->has_diverged)
        return;
    print_size(overfit);
    print_remedies(overfit, partly);
    if (settings->adversarial)
        printf("  leave out adversarial, which moves the batch in each step\n");
    if (left < HARDLY_LESS * left_of(overfit, &overfit->half))
        printf("  more steps, as it still falls: --epochs %d\n", 4 * overfit->most);
}
