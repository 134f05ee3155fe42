/* maximise.c - steps of one length along the blurred gradient. */
#include "look/maximise.h"

#include <math.h>
#include <stdlib.h>

#include "data/pool.h"
#include "noise.h"

enum { STEPS = 160 };
/* As shares of the range */
#define START 0.1
#define START_NOISE 0.02
#define RATE 0.03
/* Of the distance to 0, each step */
#define PULL 0.05
/* As shares of the picture's smaller side */
#define BLUR_FIRST 0.107
#define BLUR_LAST 0.036
#define SHIFT 0.11

static double width_of(const struct look_range *range, size_t i)
{
    size_t c = i % (size_t)range->channels;
    return range->high[c] - range->low[c];
}

static double within(const struct look_range *range, size_t i, double value)
{
    size_t c = i % (size_t)range->channels;
    return fmin(fmax(value, range->low[c]), range->high[c]);
}

static int smaller_side(const struct map *map)
{
    return map->height < map->width ? map->height : map->width;
}

/* The start is the same for every unit, so that what differs in the end is the units' doing. */
static void start(struct map *to, const struct model_shape *shape, const struct look_range *range,
                  uint64_t seed)
{
    const struct noise noise = {.seed = seed, .stream = random_stream("maximise"), .sigma = START_NOISE};
    map_create(to, shape->height, shape->width, shape->channels);
    for (size_t i = 0; i < map_size(to); i++) {
        double share = START + (double)noise_of_element(noise, (uint32_t)i);
        to->values[i] = within(range, i, within(range, i, 0) + share * width_of(range, i));
    }
}

/* By so many rows and columns; what leaves at one side comes in at the other. */
static void roll(struct map *to, const struct map *from, int down, int across)
{
    const int height = from->height, width = from->width;
    map_create(to, height, width, from->channels);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < from->channels; c++)
                *map_at(to, (y + down + height) % height, (x + across + width) % width, c) =
                    *map_at(from, y, x, c);
}

static void step(struct map *input, struct map *gradient, const struct look_range *range, int number)
{
    double sum = 0, side = smaller_side(input);
    map_blur(gradient, BLUR_FIRST * side * pow(BLUR_LAST / BLUR_FIRST, (double)number / STEPS));
    for (size_t i = 0; i < map_size(gradient); i++) {
        gradient->values[i] *= width_of(range, i); /* of the score by shares of the range */
        sum += gradient->values[i] * gradient->values[i];
    }
    double length = sqrt(sum / (double)map_size(gradient));
    for (size_t i = 0; i < map_size(input); i++) {
        double *value = &input->values[i], goal = within(range, i, 0);
        if (length > 0)
            *value += RATE * width_of(range, i) * gradient->values[i] / length;
        *value = within(range, i, goal + (1 - PULL) * (*value - goal));
    }
}

/* All units of one part of a batch take step `number`. */
static void climb(struct insight *insight, const struct unit *units, int count,
                  const struct look_range *range, uint64_t seed, int number, struct map *inputs)
{
    const uint64_t stream = random_stream("maximise.shift");
    const int most = (int)(SHIFT * smaller_side(inputs));
    const uint32_t choices = 2 * (uint32_t)most + 1;
    uint32_t element = 0;
    const int down = (int)random_below(seed, stream, (uint32_t)number, &element, choices) - most,
              across = (int)random_below(seed, stream, (uint32_t)number, &element, choices) - most;
    struct map *rolled = memory_resize(NULL, (size_t)count, sizeof *rolled);
    for (int n = 0; n < count; n++)
        roll(&rolled[n], &inputs[n], down, across);
    insight_ask(insight, rolled, units, count);
    for (int n = 0; n < count; n++) {
        struct map gradient;
        roll(&gradient, &insight->dinput[n], -down, -across);
        step(&inputs[n], &gradient, range, number);
        map_release(&gradient);
        map_release(&rolled[n]);
    }
    free(rolled);
}

void maximise(struct insight *insight, const struct unit *units, int count, const struct look_range *range,
              uint64_t seed, struct maximise_result *results)
{
    struct map *inputs = memory_resize(NULL, (size_t)count, sizeof *inputs);
    for (int i = 0; i < count; i++)
        start(&inputs[i], &insight->model->input, range, seed);
    for (int first = 0; first < count; first += insight->batch) {
        const int part = count - first < insight->batch ? count - first : insight->batch;
        insight_ask(insight, inputs + first, units + first, part);
        for (int n = 0; n < part; n++)
            results[first + n].before = insight->score[n];
        for (int number = 0; number < STEPS; number++)
            climb(insight, units + first, part, range, seed, number, inputs + first);
        insight_ask(insight, inputs + first, units + first, part);
        for (int n = 0; n < part; n++)
            results[first + n].after = insight->score[n];
    }
    for (int i = 0; i < count; i++)
        results[i].input = inputs[i];
    free(inputs);
}
