/* maps.c - what `look` computes, on a small network with weights from a seed, in double: against finite
 * differences, against what PyTorch's hooks gave for the same weights, and against its own promises.
 *
 *     maps judged.expected      the test; a line for each part
 *     maps --save W.safetensors the weights, and the input as numbers on stdout, for tests/judges/look.py
 *     maps --numbers            what judged.expected has from PyTorch, from this program */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "look/attribution.h"
#include "look/maximise.h"
#include "noise.h"
#include "problem.h"
#include "random.h"
#include "run/safetensors.h"
#include "run/weights.h"

extern const struct model judged_model;
static const struct model *const model = &judged_model;
static bool has_failed;

static int layer_called(const char *label)
{
    for (int i = 0; i < model->layer_count; i++)
        if (strcmp(model->layers[i].label, label) == 0)
            return i;
    fprintf(stderr, "there is no layer %s\n", label);
    exit(1);
}

static void expect(bool is_good, const char *what)
{
    printf("%s - %s\n", is_good ? "ok" : "not ok", what);
    has_failed = has_failed || !is_good;
}

static void disturb(void *context, size_t element, real *weight)
{
    *weight += (real)(0.4 * random_uniform(3, random_stream(context), 0, (uint32_t)element) - 0.1);
}

/* Biases, gains and running statistics are not what they are at first. */
static void *make_network(void)
{
    struct problem problem = {{0}};
    void *net = weights_allocate_probed(model, 1, &problem);
    weights_initialise(model, net, 1);
    for (int i = 0; i < model->tensor_count; i++)
        if (model->tensors[i].rank == 1)
            weights_for_each(&model->tensors[i], model_parameters(model, net), disturb,
                             (void *)model->tensors[i].name);
    return net;
}

static void make_input(struct map *input, uint64_t seed)
{
    map_create(input, model->input.height, model->input.width, model->input.channels);
    for (size_t i = 0; i < map_size(input); i++)
        input->values[i] = random_uniform(seed, random_stream("input"), 0, (uint32_t)i);
}

/* What PyTorch is asked, too. The unit of a convolution counts as its mean over the positions. */
static const struct question {
    const char *name, *layer;
    int channel;
    const char *at; /* Grad-CAM at this layer; NULL: the gradient by the input */
} questions[] = {
    {"gradient of a class", "g", 3, NULL},
    {"gradient of a unit", "f", 5, NULL},
    {"gradient of a channel", "c", 2, NULL},
    {"gradient of a channel beside a shortcut", "b_batchnorm", 1, NULL},
    {"Grad-CAM at the last convolution", "g", 1, "c"},
    {"Grad-CAM behind a shortcut", "g", 4, "r"},
    {"Grad-CAM at the first convolution", "g", 4, "a"},
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

static void answer(struct insight *insight, const struct map *input, const struct question *question,
                   struct map *to)
{
    const struct unit unit = {layer_called(question->layer), question->channel};
    *to = (struct map){0};
    insight_ask(insight, input, &unit, 1);
    if (!question->at) {
        map_copy(to, &insight->dinput[0]);
        return;
    }
    int at = layer_called(question->at);
    attribution_gradcam(&insight->value[at], &insight->gradient[at], to);
}

static void print_numbers(struct insight *insight, const struct map *input)
{
    for (int i = 0; i < QUESTIONS; i++) {
        struct map map;
        answer(insight, input, &questions[i], &map);
        printf("%s:", questions[i].name);
        for (size_t j = 0; j < map_size(&map); j++)
            printf(" %.17g", map.values[j]);
        printf("\n");
        map_release(&map);
    }
}

/* 1e-5 of the largest number of the map. */
static void compare(struct insight *insight, const struct map *input, FILE *expected,
                    const struct question *question)
{
    struct map map;
    double worst = 0;
    char name[200];
    size_t count = 0;
    answer(insight, input, question, &map);
    if (fscanf(expected, " %199[^:]:", name) != 1 || strcmp(name, question->name) != 0)
        worst = INFINITY;
    for (double wanted; count < map_size(&map) && fscanf(expected, "%lf", &wanted) == 1; count++)
        worst = fmax(worst, fabs(map.values[count] - wanted));
    expect(count == map_size(&map) && map_largest(&map) > 0 && worst <= 1e-5 * map_largest(&map),
           question->name);
    map_release(&map);
}

static void check_differences(struct insight *insight, const struct map *input)
{
    const struct unit unit = {layer_called("g"), 2};
    const double step = 1e-6;
    struct map gradient = {0}, moved = {0};
    double worst = 0;
    insight_ask(insight, input, &unit, 1);
    map_copy(&gradient, &insight->dinput[0]);
    map_copy(&moved, input);
    for (size_t i = 0; i < map_size(input); i++) {
        double score[2];
        for (int j = 0; j < 2; j++) {
            moved.values[i] = input->values[i] + (j ? step : -step);
            insight_ask(insight, &moved, &unit, 1);
            score[j] = insight->score[0];
        }
        moved.values[i] = input->values[i];
        worst = fmax(worst, fabs((score[1] - score[0]) / (2 * step) - gradient.values[i]));
    }
    expect(map_largest(&gradient) > 0 && worst <= 1e-6 * map_largest(&gradient),
           "the gradient is that of finite differences");
    map_release(&gradient);
    map_release(&moved);
}

/* Copies of one batch do not disturb each other: each alone gives the same. */
static void check_batches(struct insight *insight)
{
    enum { COUNT = 7 };
    struct map inputs[COUNT], together[COUNT] = {{0}};
    struct unit units[COUNT];
    bool is_same = true;
    for (int i = 0; i < COUNT; i++) {
        make_input(&inputs[i], 10 + (uint64_t)i);
        units[i] = (struct unit){layer_called(i % 2 ? "c" : "g"), i % 5};
    }
    insight_ask(insight, inputs, units, COUNT);
    for (int i = 0; i < COUNT; i++)
        map_copy(&together[i], &insight->dinput[i]);
    for (int i = 0; i < COUNT; i++) {
        insight_ask(insight, &inputs[i], &units[i], 1);
        for (size_t j = 0; j < map_size(&together[i]); j++)
            is_same = is_same && fabs(together[i].values[j] - insight->dinput[0].values[j]) < 1e-12;
        map_release(&inputs[i]);
        map_release(&together[i]);
    }
    expect(is_same, "examples of a batch, each with a unit of its own, are as each alone");
}

/* SmoothGrad by its definition, copy by copy: noise of 15 % of the input's range, a mean of 50 gradients. */
static void smooth_by_hand(struct insight *insight, const struct map *input, struct unit unit, struct map *to)
{
    double low = input->values[0], high = low;
    for (size_t i = 0; i < map_size(input); i++) {
        low = fmin(low, input->values[i]);
        high = fmax(high, input->values[i]);
    }
    map_create(to, input->height, input->width, input->channels);
    for (uint64_t copy = 0; copy < 50; copy++) {
        const struct noise noise = {1, random_stream("smoothgrad"), copy, 0.15 * (high - low)};
        struct map noisy = {0};
        map_copy(&noisy, input);
        for (size_t i = 0; i < map_size(input); i++)
            noisy.values[i] += (double)noise_of_element(noise, (uint32_t)i);
        insight_ask(insight, &noisy, &unit, 1);
        for (size_t i = 0; i < map_size(input); i++)
            to->values[i] += insight->dinput[0].values[i] / 50;
        map_release(&noisy);
    }
}

static void check_smooth(struct insight *insight, const struct map *input)
{
    const struct unit unit = {layer_called("g"), 0};
    struct map smooth, other, wanted;
    double worst = 0, apart = 0;
    attribution_smooth(insight, input, unit, 1, &smooth);
    attribution_smooth(insight, input, unit, 2, &other);
    smooth_by_hand(insight, input, unit, &wanted);
    for (size_t i = 0; i < map_size(input); i++) {
        worst = fmax(worst, fabs(smooth.values[i] - wanted.values[i]));
        apart = fmax(apart, fabs(smooth.values[i] - other.values[i]));
    }
    expect(map_largest(&wanted) > 0 && worst < 1e-12, "SmoothGrad is the mean of 50 noisy gradients");
    expect(apart > 1e-3 * map_largest(&wanted), "of another seed it is another");
    map_release(&smooth);
    map_release(&other);
    map_release(&wanted);
}

static void check_maximise(struct insight *insight)
{
    enum { COUNT = 8 };
    struct unit units[COUNT];
    struct maximise_result results[COUNT], again[COUNT];
    struct look_range range;
    bool is_higher = true, is_within = true, is_same = true, is_true = true;
    look_range_create(&range, 3);
    for (int c = 0; c < 3; c++) {
        range.low[c] = -0.5;
        range.high[c] = 1.5;
    }
    for (int i = 0; i < COUNT; i++)
        units[i] = (struct unit){layer_called(i < 5 ? "g" : "c"), i < 5 ? i : i - 5};
    maximise(insight, units, COUNT, &range, 1, results);
    maximise(insight, units, COUNT, &range, 1, again);
    for (int i = 0; i < COUNT; i++) {
        const struct map *input = &results[i].input;
        is_higher = is_higher && results[i].after > results[i].before + (i < 5 ? 1.5 : 0.5);
        insight_ask(insight, input, &units[i], 1);
        is_true = is_true && fabs(insight->score[0] - results[i].after) < 1e-9;
        for (size_t j = 0; j < map_size(input); j++) {
            is_within = is_within && input->values[j] >= -0.5 && input->values[j] <= 1.5;
            is_same = is_same && input->values[j] == again[i].input.values[j];
        }
        printf("# unit %d of %s: %.3f to %.3f\n", units[i].channel, model->layers[units[i].layer].label,
               results[i].before, results[i].after);
        map_release(&results[i].input);
        map_release(&again[i].input);
    }
    expect(is_higher, "what excites a unit raises it: a class by 1.5, a channel by 0.5");
    expect(is_true, "the scores are those of the pictures");
    expect(is_within, "pixels stay in their range");
    expect(is_same, "the same seed gives the same picture");
    look_range_release(&range);
}

static int check(struct insight *insight, const struct map *input, const char *path)
{
    FILE *expected = fopen(path, "r");
    if (!expected) {
        perror(path);
        return 1;
    }
    for (int i = 0; i < QUESTIONS; i++)
        compare(insight, input, expected, &questions[i]);
    fclose(expected);
    expect(attribution_gradcam_layer(model) == layer_called("c_dropout"),
           "Grad-CAM takes what is behind the last convolution");
    check_differences(insight, input);
    check_batches(insight);
    check_smooth(insight, input);
    check_maximise(insight);
    return has_failed;
}

int main(int argc, char **argv)
{
    struct problem problem = {{0}};
    void *net = make_network();
    struct insight insight;
    struct map input;
    int end = 0;
    if (argc < 2 || !insight_open(&insight, model, net, &problem))
        return 1;
    make_input(&input, 5);
    if (argc == 3 && strcmp(argv[1], "--save") == 0) {
        json_t *metadata = json_object();
        end = !safetensors_write(argv[2], model, net, metadata, &problem);
        json_decref(metadata);
        for (size_t i = 0; i < map_size(&input); i++)
            printf("%.17g\n", input.values[i]);
    } else if (strcmp(argv[1], "--numbers") == 0) {
        print_numbers(&insight, &input);
    } else {
        end = check(&insight, &input, argv[1]);
    }
    insight_close(&insight);
    map_release(&input);
    free(net);
    return end;
}
