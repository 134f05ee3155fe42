/* safetensors_read.c - weights from a file into their panels, every number of the header checked first. */
#include "run/container.h"
#include "run/safetensors.h"
#include "run/weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"

/* Where a tensor's numbers stand, in bytes of the data. */
struct place {
    size_t begin, end;
    size_t width; /* of one number: 4 or 8; 0: the file lacks the tensor */
};

/* "6x1x5x5" */
static const char *print_shape(char *text, size_t size, const json_t *shape)
{
    size_t used = 0;
    snprintf(text, size, json_array_size(shape) ? "" : "of no shape");
    for (size_t i = 0; i < json_array_size(shape) && used + 24 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? "x" : "",
                                 (long long)json_integer_value(json_array_get(shape, i)));
    return text;
}

static bool check_shape(const struct container *container, const struct model_tensor *tensor,
                        const json_t *entry, struct problem *problem)
{
    json_t *expected = safetensors_shape(tensor), *found = json_object_get(entry, "shape");
    bool is_equal = json_equal(expected, found) == 1;
    if (!is_equal) {
        char have[128], want[128];
        problem_at(problem, container->path, 0, 0, "is of another network: '%s' is %s there and %s here",
                   tensor->name, print_shape(have, sizeof have, found),
                   print_shape(want, sizeof want, expected));
    }
    json_decref(expected);
    return is_equal;
}

/* Size of one number of the entry's type: 4 or 8, 0 for a type that is not read. */
static size_t entry_width(const json_t *entry)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    return !type ? 0 : strcmp(type, "F32") == 0 ? 4 : strcmp(type, "F64") == 0 ? 8 : 0;
}

static bool find_place(const struct container *container, const struct model_tensor *tensor,
                       struct place *place, struct problem *problem)
{
    const char *path = container->path;
    const json_t *entry = json_object_get(container->header, tensor->name);
    if (!entry && container->may_differ)
        return true;
    if (!json_is_object(entry))
        return problem_at(problem, path, 0, 0, "is of another network: it has no tensor '%s'", tensor->name);
    if (!check_shape(container, tensor, entry, problem))
        return false;
    place->width = entry_width(entry);
    if (!place->width)
        return problem_at(problem, path, 0, 0, "'%s' has numbers of another type than F32 and F64",
                          tensor->name);
    if (!container_offsets(entry, &place->begin, &place->end) ||
        place->end - place->begin != weights_count(tensor) * place->width)
        return problem_at(problem, path, 0, 0, "is damaged: the place of '%s' does not fit its shape",
                          tensor->name);
    if (place->end > container->data_length)
        return problem_at(problem, path, 0, 0,
                          "is cut off: '%s' ends at byte %zu of the data, but there are only %zu",
                          tensor->name, place->end, container->data_length);
    return true;
}

/* Is the entry no tensor of this network? */
static bool is_surplus(const struct model *model, const char *name)
{
    bool is_known = strcmp(name, "__metadata__") == 0;
    for (int i = 0; i < model->tensor_count && !is_known; i++)
        is_known = strcmp(model->tensors[i].name, name) == 0;
    return !is_known;
}

/* Entries that are neither a tensor of this network nor metadata as the format has them. */
static bool check_surplus(const struct container *container, const struct model *model,
                          struct problem *problem)
{
    const char *name;
    json_t *entry, *value;
    json_object_foreach(container->header, name, entry)
    {
        if (!container->may_differ && is_surplus(model, name))
            return problem_at(problem, container->path, 0, 0,
                              "is of another network: this one has no tensor '%s'", name);
    }
    const json_t *metadata = json_object_get(container->header, "__metadata__");
    bool is_good = !metadata || json_is_object(metadata);
    json_object_foreach((json_t *)metadata, name, value) is_good = is_good && json_is_string(value);
    return is_good ||
           problem_at(problem, container->path, 0, 0, "is damaged: its metadata are no object of strings");
}

/* Every byte of the data belongs to exactly one tensor, as far as they are known. */
static bool check_cover(const struct container *container, const struct model *model,
                        const struct place *places, struct problem *problem)
{
    size_t claimed = 0;
    for (int i = 0; i < model->tensor_count; i++) {
        claimed += places[i].end - places[i].begin;
        for (int j = 0; j < i; j++)
            if (places[i].begin < places[j].end && places[j].begin < places[i].end)
                return problem_at(problem, container->path, 0, 0, "is damaged: '%s' and '%s' overlap",
                                  model->tensors[j].name, model->tensors[i].name);
    }
    return claimed == container->data_length || container->may_differ ||
           problem_at(problem, container->path, 0, 0,
                      "is damaged: it has %zu bytes of data, but its tensors have %zu",
                      container->data_length, claimed);
}

/* Number `element` of a tensor as this program computes with it. */
static real number_at(const struct container *container, const struct place *place, size_t element)
{
    const unsigned char *from = container->data + place->begin + element * place->width;
    float single;
    double twice;
    if (place->width == sizeof single) {
        memcpy(&single, from, sizeof single);
        return (real)single;
    }
    memcpy(&twice, from, sizeof twice);
    return (real)twice;
}

static bool check_numbers(const struct container *container, const struct model_tensor *tensor,
                          const struct place *place, struct problem *problem)
{
    for (size_t i = 0; place->width && i < weights_count(tensor); i++)
        if (!isfinite(number_at(container, place, i)))
            return problem_at(problem, container->path, 0, 0,
                              "number %zu of '%s' is not finite, or too large for this trainer", i + 1,
                              tensor->name);
    return true;
}

static bool check_tensors(const struct container *container, const struct model *model, struct place *places,
                          struct problem *problem)
{
    for (int i = 0; i < model->tensor_count; i++)
        if (!find_place(container, &model->tensors[i], &places[i], problem))
            return false;
    if (!check_surplus(container, model, problem) || !check_cover(container, model, places, problem))
        return false;
    for (int i = 0; i < model->tensor_count; i++)
        if (!check_numbers(container, &model->tensors[i], &places[i], problem))
            return false;
    return true;
}

struct reading {
    const struct container *container;
    const struct place *place;
};

static void read_number(void *context, size_t element, real *weight)
{
    const struct reading *reading = context;
    *weight = number_at(reading->container, reading->place, element);
}

/* Loads the file and checks it and puts its tensors into `net`; then `places` says which it had. */
static bool container_read(struct container *container, const struct model *model, void *net,
                           struct place *places, struct problem *problem)
{
    bool is_good = places || problem_at(problem, container->path, 0, 0, "cannot be read: memory ran out");
    is_good =
        is_good && container_open(container, problem) && check_tensors(container, model, places, problem);
    for (int i = 0; is_good && i < model->tensor_count; i++)
        if (places[i].width)
            weights_for_each(&model->tensors[i], model_parameters(model, net), read_number,
                             &(struct reading){container, &places[i]});
    return is_good;
}

bool safetensors_read(const char *path, const struct model *model, void *net, json_t **metadata,
                      struct problem *problem)
{
    struct container container = {.path = path, .what = "model file"};
    struct place *places = calloc((size_t)model->tensor_count + 1, sizeof *places);
    bool is_good = container_read(&container, model, net, places, problem);
    *metadata = is_good ? json_incref(json_object_get(container.header, "__metadata__")) : NULL;
    container_release(&container);
    free(places);
    return is_good;
}

static void add_name(json_t *names, const char *name)
{
    json_array_append_new(names, json_string(name));
}

bool safetensors_read_shared(const char *path, const struct model *model, void *net,
                             struct safetensors_shared *shared, struct problem *problem)
{
    struct container container = {.path = path, .what = "model file", .may_differ = true};
    struct place *places = calloc((size_t)model->tensor_count + 1, sizeof *places);
    const char *name;
    json_t *entry;
    *shared = (struct safetensors_shared){json_array(), json_array(), json_array()};
    bool is_good = container_read(&container, model, net, places, problem);
    for (int i = 0; is_good && i < model->tensor_count; i++)
        add_name(places[i].width ? shared->taken : shared->missing, model->tensors[i].name);
    json_object_foreach(container.header, name, entry)
    {
        if (is_surplus(model, name))
            add_name(shared->unused, name);
    }
    if (is_good && !json_array_size(shared->taken)) {
        problem_at(problem, path, 0, 0, "has no tensor of this network");
        const char *first = json_string_value(json_array_get(shared->unused, 0));
        if (first)
            problem_help(problem, "tensors are found by name: it has '%.60s', this network has '%.60s'",
                         first, model->tensors[0].name);
        is_good = false;
    }
    container_release(&container);
    free(places);
    return is_good;
}

void safetensors_shared_release(struct safetensors_shared *shared)
{
    json_decref(shared->taken);
    json_decref(shared->missing);
    json_decref(shared->unused);
    *shared = (struct safetensors_shared){0};
}
