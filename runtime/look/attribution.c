/* attribution.c - gradients, averaged and weighted. */
#include "look/attribution.h"

#include <math.h>
#include <string.h>

#include "noise.h"

static double range_of(const struct map *map)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < map_size(map); i++) {
        low = fmin(low, map->values[i]);
        high = fmax(high, map->values[i]);
    }
    return high > low ? high - low : 0;
}

/* What copy number `copy` has of the input. */
static void make_copy(struct map *to, const struct map *input, uint64_t seed, int copy)
{
    const struct noise noise = {.seed = seed,
                                .stream = random_stream("smoothgrad"),
                                .step = (uint64_t)copy,
                                .sigma = SMOOTH_SIGMA * range_of(input)};
    map_create(to, input->height, input->width, input->channels);
    for (size_t i = 0; i < map_size(input); i++)
        to->values[i] = input->values[i] + (double)noise_of_element(noise, (uint32_t)i);
}

void attribution_smooth(struct insight *insight, const struct map *input, struct unit unit, uint64_t seed,
                        struct map *to)
{
    const int batch = insight->model->settings.batch;
    struct map copies[SMOOTH_COPIES];
    struct unit units[SMOOTH_COPIES];
    map_create(to, input->height, input->width, input->channels);
    for (int i = 0; i < SMOOTH_COPIES; i++) {
        make_copy(&copies[i], input, seed, i);
        units[i] = unit;
    }
    for (int first = 0; first < SMOOTH_COPIES; first += batch) {
        int count = SMOOTH_COPIES - first < batch ? SMOOTH_COPIES - first : batch;
        insight_ask(insight, copies + first, units, count);
        for (int n = 0; n < count; n++)
            for (size_t i = 0; i < map_size(to); i++)
                to->values[i] += insight->dinput[n].values[i] / SMOOTH_COPIES;
    }
    for (int i = 0; i < SMOOTH_COPIES; i++)
        map_release(&copies[i]);
}

void attribution_gradcam(const struct map *value, const struct map *gradient, struct map *to)
{
    map_create(to, value->height, value->width, 1);
    for (int c = 0; c < value->channels; c++) {
        double weight = map_mean(gradient, c);
        for (int y = 0; y < value->height; y++)
            for (int x = 0; x < value->width; x++)
                *map_at(to, y, x, 0) += weight * *map_at(value, y, x, c);
    }
    for (size_t i = 0; i < map_size(to); i++)
        to->values[i] = fmax(to->values[i], 0);
}

/* The layer that owns a tensor: "c3.weight" -> c3. */
static int layer_of(const struct model *model, const struct model_tensor *tensor)
{
    size_t length = strcspn(tensor->name, ".");
    for (int i = 0; i < model->layer_count; i++)
        if (strlen(model->layers[i].label) == length &&
            strncmp(model->layers[i].label, tensor->name, length) == 0)
            return i;
    return -1;
}

int attribution_gradcam_layer(const struct model *model)
{
    int last = -1;
    for (int i = 0; i < model->tensor_count; i++)
        if (model->tensors[i].rank == 4)
            last = layer_of(model, &model->tensors[i]);
    if (last < 0)
        return -1;
    const struct model_shape shape = model->layers[last].shape;
    for (int i = last + 1; i < model->layer_count - 1; i++)
        if (model->layers[i].shape.height == shape.height && model->layers[i].shape.width == shape.width &&
            !model->layers[i].shape.is_vector)
            last = i;
    return last;
}
