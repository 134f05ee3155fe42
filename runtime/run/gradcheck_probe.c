/* gradcheck_probe.c - what a probe gives against central differences in evaluation mode:
 *
 *     d loss / d result, d logit / d result       of every layer and the input: the result is moved in its
 *                                                 look
 *     d result / d input                          of one unit of every layer, seeded in its look
 *
 * Each example has a number of its own, so two are enough to see that they are kept apart. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dataset.h"
#include "probe.h"
#include "random.h"
#include "run/gradcheck_parts.h"

enum { EXAMPLES = 2, SAMPLES = 240 /* of a network */, LEAST = 2, MOST = 12 /* of a layer */ };

struct peek {
    const struct model *model;
    void *net;
    const struct examples *examples;
    struct gradcheck_tally *tally;
    struct probe probe;
    uint64_t seed;
    real **gradients; /* [layer][EXAMPLES * its size] of the number in question */
    /* What is moved, and of which example: -1 of none. */
    int moved_layer, moved_number, example;
    double by, size; /* `size` is what the number was before */
    /* The number in question where it is not the loss: of a layer's result. */
    int layer, number;
    double seen;
};

static size_t layer_size(const struct model *model, int layer)
{
    const struct model_shape *shape = &model->layers[layer].shape;
    return (size_t)shape->height * (size_t)shape->width * (size_t)shape->channels;
}

/* Zeros behind a relu are ties for a maxpool, where no difference is a gradient: all numbers of the layer in
 * question are a little off. */
static void part_ties(const struct peek *peek, int n, struct probe_view view)
{
    const uint32_t size = (uint32_t)probe_view_size(view);
    for (uint32_t i = 0; i < size; i++)
        *probe_number(view, (int)i) +=
            (real)(1e-3 * random_uniform(peek->seed, random_stream("ties"), 5, (uint32_t)n * size + i));
}

static void look_at_value(void *context, int layer, int n, struct probe_view view)
{
    struct peek *peek = context;
    if (layer == peek->moved_layer)
        part_ties(peek, n, view);
    if (n != peek->example)
        return;
    if (layer == peek->moved_layer) {
        real *number = probe_number(view, peek->moved_number);
        peek->size = fabs((double)*number);
        *number = (real)((double)*number + peek->by);
    }
    if (layer == peek->layer)
        peek->seen = (double)*probe_number(view, peek->number);
}

static void look_at_gradient(void *context, int layer, int n, struct probe_view view)
{
    const struct peek *peek = context;
    if (peek->probe.unit == PROBE_NOTHING && layer == peek->layer)
        *probe_number(view, peek->number) += 1;
    probe_copy(view, peek->gradients[layer] + (size_t)n * layer_size(peek->model, layer));
}

/* The number in question of the example. */
static double number_at(struct peek *peek, double by)
{
    double loss[EXAMPLES];
    struct probe probe = peek->probe;
    peek->by = by;
    probe.loss = loss;
    probe.gradient = NULL;
    peek->model->probe(peek->net, peek->examples, 0, peek->tally->count, &probe);
    return probe.unit == PROBE_LOSS ? loss[peek->example] : peek->seen;
}

static double difference(void *context, double step)
{
    double above = number_at(context, step), below = number_at(context, -step);
    return (above - below) / (2 * step);
}

static void find_gradients(struct peek *peek, int layer)
{
    peek->moved_layer = layer;
    peek->example = -1;
    peek->model->probe(peek->net, peek->examples, 0, peek->tally->count, &peek->probe);
}

static double largest_of(const struct peek *peek, int layer)
{
    double largest = 0;
    for (size_t i = 0; i < (size_t)peek->tally->count * layer_size(peek->model, layer); i++)
        largest = fmax(largest, fabs((double)peek->gradients[layer][i]));
    return largest;
}

/* Some numbers of the layer's result, drawn from the seed: how far the number in question follows each. */
static void check_layer(struct peek *peek, int layer, int samples, const char *what)
{
    const size_t size = layer_size(peek->model, layer), total = size * (size_t)peek->tally->count;
    const char *label = peek->model->layers[layer].label;
    double worst = 0, scale = 0;
    char name[512];
    find_gradients(peek, layer);
    const double largest = largest_of(peek, layer);
    for (int i = 0; i < samples; i++) {
        double uniform = random_uniform(peek->seed, random_stream(label), 3, (uint32_t)i);
        size_t at = total <= (size_t)samples ? (size_t)i % total : (size_t)(uniform * (double)total);
        peek->example = (int)(at / size);
        peek->moved_number = (int)(at % size);
        double least = gradcheck_floor(number_at(peek, 0), largest);
        double error = gradcheck_error(peek->tally, difference, peek, (double)peek->gradients[layer][at],
                                       peek->size, GRADCHECK_TOLERANCE * least);
        worst = fmax(worst, error / least);
        scale = fmax(scale, least);
    }
    snprintf(name, sizeof name, "%s by %s", what, label);
    gradcheck_report(peek->tally, name, worst * scale, scale);
}

static void check_number(struct peek *peek, int unit, int samples)
{
    const int last = peek->model->layer_count - 2;
    char what[32];
    peek->probe.unit = unit;
    peek->layer = last;
    peek->number = unit;
    if (unit == PROBE_LOSS)
        peek->layer = -1;
    snprintf(what, sizeof what, unit == PROBE_LOSS ? "loss" : "unit %d", unit);
    for (int layer = last; layer >= 0; layer--)
        check_layer(peek, layer, samples, what);
}

static void check_seeds(struct peek *peek)
{
    char what[256];
    peek->probe.unit = PROBE_NOTHING;
    for (int layer = peek->model->layer_count - 2; layer > 0; layer--) {
        const char *label = peek->model->layers[layer].label;
        peek->layer = layer;
        peek->number = (int)(random_uniform(peek->seed, random_stream(label), 4, 0) *
                             (double)layer_size(peek->model, layer));
        snprintf(what, sizeof what, "%s[%d]", label, peek->number);
        check_layer(peek, 0, LEAST, what);
    }
}

void gradcheck_probe(const struct model *model, void *net, struct dataset *data, uint64_t seed,
                     struct gradcheck_tally *tally)
{
    struct peek peek = {
        .model = model, .net = net, .examples = dataset_train(data), .tally = tally, .seed = seed};
    const int layers = model->layer_count, share = SAMPLES / layers;
    const int samples = share < LEAST ? LEAST : share > MOST ? MOST : share;
    bool is_good = true;
    tally->count = model->settings.batch < EXAMPLES ? model->settings.batch : EXAMPLES;
    peek.probe = (struct probe){.context = &peek, .value = look_at_value, .gradient = look_at_gradient};
    peek.gradients = calloc((size_t)layers, sizeof *peek.gradients);
    for (int i = 0; i < layers && peek.gradients; i++) {
        peek.gradients[i] = calloc(EXAMPLES * layer_size(model, i), sizeof **peek.gradients);
        is_good = is_good && peek.gradients[i];
    }
    if (peek.gradients && is_good) {
        check_number(&peek, PROBE_LOSS, samples);
        check_number(&peek, (int)layer_size(model, layers - 2) - 1, samples);
        check_seeds(&peek);
    } else {
        tally->has_failed = true;
    }
    for (int i = 0; i < layers && peek.gradients; i++)
        free(peek.gradients[i]);
    free(peek.gradients);
}
