/* export.c - everything that a judge needs to compute the same as a network: its weights, data, masks and
 * noise, and what the network makes of them, as JSON.
 *
 *     export NETWORK.json SEED            NETWORK.json: what `netc check --json` prints;
 *                                         SEED: of data and weights
 *     export NETWORK.json SEED digest     one line for each tensor instead (digest.h)
 *     export NETWORK.json SEED digest N   the same from weights that are one unit in the last place off, up
 *                                         or down as N says: how much the network makes of rounding
 *
 * predictions, every layer's result and the gradient by it; loss and gradients of a whole batch and of a part
 * of one; the parameters after each step of two epochs with a last, smaller batch. training_step_done is
 * wrapped (-Wl,--wrap), so the loop that takes them is the real one. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "digest.h"
#include "dropout.h"
#include "model.h"
#include "moved.h"
#include "noise.h"
#include "probe.h"
#include "problem.h"
#include "random.h"
#include "run/observer.h"
#include "run/weights.h"
#include "training.h"

extern const struct model checked_model;

enum { EPOCHS = 2, STEPS = 3 * EPOCHS, GRADIENT_STEP = 3 };

static void *net;
static json_t *steps;
static uint64_t moved; /* N of that; 0: as they are */

bool __real_training_step_done(struct training *run, int epoch, double loss, int count);
bool __wrap_training_step_done(struct training *run, int epoch, double loss, int count);

static json_t *reals(const real *numbers, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_real((double)numbers[i]));
    return list;
}

static void add_number(void *list, size_t element, real *number)
{
    (void)element;
    json_array_append_new(list, json_real((double)*number));
}

/* All tensors in the order of a file: of the parameters, or of their gradients. */
static json_t *tensors(real *from)
{
    json_t *all = json_object();
    for (int i = 0; i < checked_model.tensor_count; i++) {
        const struct model_tensor *tensor = &checked_model.tensors[i];
        json_t *list = json_array();
        weights_for_each(tensor, from, add_number, list);
        json_object_set_new(all, tensor->name, list);
    }
    return all;
}

static json_t *shapes(void)
{
    json_t *all = json_object();
    for (int i = 0; i < checked_model.tensor_count; i++) {
        const struct model_tensor *tensor = &checked_model.tensors[i];
        json_object_set_new(
            all, tensor->name,
            tensor->rank == 1 ? json_pack("[i]", tensor->filters)
            : tensor->rank == 2
                ? json_pack("[ii]", tensor->filters, tensor->channels * tensor->height * tensor->width)
                : json_pack("[iiii]", tensor->filters, tensor->channels, tensor->height, tensor->width));
    }
    return all;
}

bool __wrap_training_step_done(struct training *run, int epoch, double loss, int count)
{
    json_array_append_new(steps, json_pack("{s:f, s:i, s:o}", "loss", loss, "count", count, "parameters",
                                           tensors(model_parameters(&checked_model, net))));
    return __real_training_step_done(run, epoch, loss, count);
}

/* Each tensor from its own stream, none of it zero, so that every bias is used. */
static void disturb(void *context, size_t element, real *weight)
{
    *weight += (real)(0.4 * (random_uniform(5, *(uint64_t *)context, 1, (uint32_t)element) - 0.5));
}

/* Layers of these labels are what tests put in without a change of anything else: a dense layer that gives
 * what it gets, a convolution that gives zeros. */
static bool give(const struct model_tensor *tensor)
{
    const bool is_identity = strcmp(tensor->name, "identity.weight") == 0;
    if (!is_identity && strcmp(tensor->name, "nothing.weight") != 0)
        return false;
    for (int i = 0; i < tensor->filters; i++)
        for (int j = 0; j < tensor->channels; j++)
            model_parameters(&checked_model, net)[tensor->offset + model_tensor_at(tensor, i, j, 0, 0)] =
                is_identity && i == j;
    return true;
}

static void make_network(uint64_t seed)
{
    struct problem problem;
    free(net);
    net = weights_allocate_probed(&checked_model, seed, &problem);
    if (!net)
        exit(1);
    weights_initialise(&checked_model, net, seed);
    for (int i = 0; i < checked_model.tensor_count; i++) {
        if (give(&checked_model.tensors[i]))
            continue;
        uint64_t stream = random_stream(checked_model.tensors[i].name) + seed;
        weights_for_each(&checked_model.tensors[i], model_parameters(&checked_model, net), disturb, &stream);
        stream += moved;
        if (moved)
            weights_for_each(&checked_model.tensors[i], model_parameters(&checked_model, net),
                             move_by_rounding, &stream);
    }
}

static bool measures_batches(void)
{
    for (int i = 0; i < checked_model.tensor_count; i++)
        if (checked_model.tensors[i].init == INIT_RUNNING_MEAN)
            return true;
    return false;
}

/* Two whole batches and a part of one; a single example has no variance. */
static size_t example_count(uint64_t seed)
{
    const size_t batch = (size_t)checked_model.settings.batch, least = measures_batches() ? 2 : 1;
    const size_t rest = batch > least ? least + (size_t)seed % (batch - least) : batch;
    return 2 * batch + rest;
}

static json_t *targets_of(const struct examples *examples)
{
    json_t *all = json_array();
    const int positions = model_positions(&checked_model), size = checked_model.target_size;
    real *values = calloc((size_t)size * (size_t)positions + 1, sizeof *values);
    int32_t *classes = calloc((size_t)positions, sizeof *classes);
    for (size_t i = 0; i < examples->count && !checked_model.target_is_input; i++) {
        json_t *one = json_array();
        if (checked_model.output == OUTPUT_CATEGORICAL) {
            if (positions > 1)
                examples_read_classes(examples, i, classes, positions);
            else
                classes[0] = examples_read_class(examples, i);
            for (int k = 0; k < positions; k++)
                json_array_append_new(one, json_integer(classes[k]));
        } else {
            examples_read_target(examples, i, values, size);
            json_decref(one);
            one = reals(values, (size_t)size);
        }
        json_array_append_new(all, one);
    }
    free(values);
    free(classes);
    return all;
}

static json_t *inputs_of(const struct examples *examples)
{
    const struct model_shape *shape = &checked_model.input;
    const int row = shape->width * shape->channels;
    const size_t size = (size_t)shape->height * (size_t)row;
    real *values = malloc(size * sizeof *values);
    json_t *all = json_array();
    for (size_t i = 0; values && i < examples->count; i++) {
        examples_read_input(examples, i, values, shape->height, row, row);
        json_array_append_new(all, reals(values, size));
    }
    free(values);
    return all;
}

/* What a layer draws in a step for a whole batch: 1 and 0 of dropout, numbers of noise. */
static json_t *drawn(const json_t *layer, uint64_t seed, uint64_t step)
{
    const json_t *settings = json_object_get(layer, "settings"), *shape = json_object_get(layer, "shape");
    const uint64_t stream = random_stream(json_string_value(json_object_get(layer, "name")));
    const json_t *rate = json_object_get(settings, "rate");
    const double amount = json_number_value(rate ? rate : json_object_get(settings, "sigma"));
    size_t count = (size_t)checked_model.settings.batch;
    json_t *list = json_array();
    for (size_t i = 0; i < 3; i++)
        count *= (size_t)json_integer_value(json_array_get(shape, i));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, rate ? json_integer(dropout_keeps_element(
                                               (struct dropout){seed, stream, step, amount}, (uint32_t)i))
                                         : json_real((double)noise_of_element(
                                               (struct noise){seed, stream, step, amount}, (uint32_t)i)));
    return list;
}

static json_t *all_drawn(const json_t *network, uint64_t seed)
{
    json_t *all = json_object(), *layer;
    size_t i;
    json_array_foreach(json_object_get(network, "layers"), i, layer)
    {
        const char *kind = json_string_value(json_object_get(layer, "kind"));
        if (strcmp(kind, "dropout") != 0 && strcmp(kind, "noise") != 0)
            continue;
        json_t *of_steps = json_array();
        for (uint64_t step = 0; step < STEPS; step++)
            json_array_append_new(of_steps, drawn(layer, seed, step));
        json_object_set_new(all, json_string_value(json_object_get(layer, "name")), of_steps);
    }
    return all;
}

static json_t *gradients(const struct examples *examples, int count)
{
    const double loss = checked_model.gradient(net, examples, 0, count, GRADIENT_STEP);
    return json_pack("{s:i, s:f, s:o}", "count", count, "loss", loss, "parameters",
                     tensors(model_gradients(&checked_model, net)));
}

/* What a probe sees, as lists of lists: [layer][example]. */
static void keep(json_t *of_layers, int layer, int n, struct probe_view view)
{
    const size_t size = (size_t)probe_view_size(view);
    real *copy = malloc(size * sizeof *copy);
    if (!copy)
        exit(1);
    probe_copy(view, copy);
    json_array_set_new(json_array_get(of_layers, (size_t)layer), (size_t)n, reals(copy, size));
    free(copy);
}

static json_t *seen_values, *seen_gradients;

static void keep_value(void *context, int layer, int n, struct probe_view view)
{
    (void)context;
    keep(seen_values, layer, n, view);
}

static void keep_gradient(void *context, int layer, int n, struct probe_view view)
{
    (void)context;
    keep(seen_gradients, layer, n, view);
}

static json_t *empty_lists(int count)
{
    json_t *lists = json_array();
    for (int i = 0; i < checked_model.layer_count; i++) {
        json_t *list = json_array();
        for (int n = 0; n < count; n++)
            json_array_append_new(list, json_null());
        json_array_append_new(lists, list);
    }
    return lists;
}

/* In evaluation mode: every layer's result, and the gradient of each example's loss by it. */
static json_t *probed(const struct examples *examples, int count)
{
    const struct probe probe = {.unit = PROBE_LOSS, .value = keep_value, .gradient = keep_gradient};
    json_t *labels = json_array();
    for (int i = 0; i < checked_model.layer_count; i++)
        json_array_append_new(labels, json_string(checked_model.layers[i].label));
    seen_values = empty_lists(count);
    seen_gradients = empty_lists(count);
    checked_model.probe(net, examples, 0, count, &probe);
    return json_pack("{s:o, s:o, s:o}", "labels", labels, "values", seen_values, "gradients", seen_gradients);
}

static json_t *train(const struct examples *examples, uint64_t seed)
{
    struct examples validation = *examples; /* the first batch, where the network is validated at all */
    validation.count = checked_model.settings.validate ? (size_t)checked_model.settings.batch : 0;
    static const struct normaliser normaliser = {.scale = 1};
    struct observer observer;
    struct training run = {.model = &checked_model,
                           .epochs = EPOCHS,
                           .seed = seed,
                           .train = examples,
                           .validation = &validation,
                           .observer = &observer};
    json_t *orders = json_array();
    run.at = (struct training_standing){.epoch = 1, .least = INFINITY, .lowest = INFINITY};
    run.order = calloc(examples->count + 1, sizeof *run.order);
    if (!run.order || !observer_create(&observer, &checked_model, &normaliser, PROGRESS_NONE, EPOCHS))
        exit(1);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        json_t *order = json_array();
        training_shuffle(&run, epoch);
        for (size_t i = 0; i < examples->count; i++)
            json_array_append_new(order, json_integer(run.order[i]));
        json_array_append_new(orders, order);
    }
    steps = json_array();
    checked_model.train(net, &run);
    observer_release(&observer);
    free(run.order);
    return json_pack("{s:o, s:o, s:o}", "orders", orders, "steps", steps, "kept",
                     tensors(model_parameters(&checked_model, net)));
}

int main(int count, char **words)
{
    json_t *network = count >= 3 && count <= 5 ? json_load_file(words[1], 0, NULL) : NULL,
           *all = json_object();
    if (!network)
        return 2;
    const uint64_t seed = strtoull(words[2], NULL, 10);
    const int batch = checked_model.settings.batch;
    moved = count == 5 ? strtoull(words[4], NULL, 10) : 0;
    make_network(seed);
    struct dataset *data = dataset_from_seed(&checked_model, example_count(seed), seed);
    const struct examples *examples = dataset_train(data);
    json_object_set_new(all, "shapes", shapes());
    json_object_set_new(all, "parameters", tensors(model_parameters(&checked_model, net)));
    json_object_set_new(all, "inputs", inputs_of(examples));
    json_object_set_new(all, "targets", targets_of(examples));
    json_object_set_new(all, "drawn", all_drawn(network, seed));
    const real *prediction = checked_model.predict(net, examples, 0, batch);
    json_object_set_new(all, "prediction",
                        reals(prediction, (size_t)batch * (size_t)checked_model.output_size));
    json_object_set_new(all, "probe", probed(examples, batch));
    /* Running statistics and the number of the step move with each pass in training: each begins anew. */
    json_object_set_new(all, "whole", gradients(examples, batch));
    make_network(seed);
    json_object_set_new(all, "part", gradients(examples, (int)(examples->count - 2 * (size_t)batch)));
    make_network(seed);
    json_t *trained = train(examples, seed);
    json_object_update_new(all, trained);
    if (count > 3) {
        digest_print(all);
    } else {
        json_dumpf(all, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
        printf("\n");
    }
    json_decref(all);
    json_decref(network);
    dataset_close(data);
    free(net);
    return 0;
}
