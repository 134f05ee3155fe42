/* safetensors_read.c - weights from a file into their panels, every number of the header checked first. */
#include "run/safetensors.h"
#include "run/weights.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "problem.h"

static const size_t most_header = (size_t)64 << 20;

/* A file in memory, and what its header says. */
struct container {
    const char *path;
    unsigned char *bytes;
    size_t length;
    const unsigned char *data; /* behind the header */
    size_t data_length;
    json_t *header;
};

static bool container_load(struct container *container, struct problem *problem)
{
    FILE *stream = fopen(container->path, "rb");
    struct stat status;
    if (!stream)
        return problem_at(problem, container->path, 0, 0, "cannot be read: %s", strerror(errno));
    bool is_file = fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode);
    container->length = is_file ? (size_t)status.st_size : 0;
    container->bytes = is_file ? malloc(container->length + 1) : NULL;
    bool is_read =
        container->bytes && fread(container->bytes, 1, container->length, stream) == container->length;
    fclose(stream);
    if (is_read)
        return true;
    return problem_at(problem, container->path, 0, 0,
                      is_file ? "cannot be read whole" : "is no regular file");
}

static bool container_parse(struct container *container, struct problem *problem)
{
    if (container->length < 8)
        return problem_at(problem, container->path, 0, 0, "is no model file: it has only %zu bytes",
                          container->length);
    uint64_t header = 0;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | container->bytes[i];
    if (header > most_header)
        return problem_at(problem, container->path, 0, 0,
                          "is no model file: its header would have %llu bytes", (unsigned long long)header);
    if (header > container->length - 8)
        return problem_at(problem, container->path, 0, 0,
                          "is cut off: it has %zu bytes, its header alone needs %llu", container->length,
                          (unsigned long long)header + 8);
    json_error_t error;
    container->header =
        json_loadb((const char *)container->bytes + 8, (size_t)header, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(container->header))
        return problem_at(problem, container->path, 0, 0, "is no model file: its header is no JSON object");
    container->data = container->bytes + 8 + header;
    container->data_length = container->length - 8 - (size_t)header;
    return true;
}

/* "6x1x5x5" */
static void print_shape(char *text, size_t size, const json_t *shape)
{
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < json_array_size(shape) && used + 24 < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? "x" : "",
                                 (long long)json_integer_value(json_array_get(shape, i)));
}

static bool check_shape(const struct container *container, const struct model_tensor *tensor,
                        const json_t *entry, struct problem *problem)
{
    json_t *expected = safetensors_shape(tensor), *found = json_object_get(entry, "shape");
    bool is_equal = json_equal(expected, found) == 1;
    if (!is_equal) {
        char have[128], want[128];
        print_shape(have, sizeof have, found);
        print_shape(want, sizeof want, expected);
        problem_at(problem, container->path, 0, 0, "is of another network: '%s' is %s there and %s here",
                   tensor->name, have, want);
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

/* Where the numbers of a tensor begin, or NULL with a problem. */
static const unsigned char *find_numbers(const struct container *container, const struct model_tensor *tensor,
                                         size_t *width, struct problem *problem)
{
    const char *path = container->path;
    const json_t *entry = json_object_get(container->header, tensor->name);
    if (!json_is_object(entry)) {
        problem_at(problem, path, 0, 0, "is of another network: it has no tensor '%s'", tensor->name);
        return NULL;
    }
    if (!check_shape(container, tensor, entry, problem))
        return NULL;
    *width = entry_width(entry);
    if (!*width) {
        problem_at(problem, path, 0, 0, "'%s' has numbers of another type than F32 and F64", tensor->name);
        return NULL;
    }
    const json_t *offsets = json_object_get(entry, "data_offsets");
    json_int_t begin = json_integer_value(json_array_get(offsets, 0)),
               end = json_integer_value(json_array_get(offsets, 1));
    size_t need = weights_count(tensor) * *width;
    if (json_array_size(offsets) != 2 || begin < 0 || end < begin || (uint64_t)(end - begin) != need) {
        problem_at(problem, path, 0, 0, "is damaged: the place of '%s' does not fit its shape", tensor->name);
        return NULL;
    }
    if ((uint64_t)end > container->data_length) {
        problem_at(problem, path, 0, 0,
                   "is cut off: '%s' ends at byte %llu of the data, but there are only %zu", tensor->name,
                   (unsigned long long)end, container->data_length);
        return NULL;
    }
    return container->data + begin;
}

/* Tensors that this network does not have, and bytes that no tensor claims. */
static bool check_surplus(const struct container *container, const struct model *model,
                          struct problem *problem)
{
    const char *name;
    json_t *entry;
    size_t most = 0;
    json_object_foreach(container->header, name, entry)
    {
        bool is_known = strcmp(name, "__metadata__") == 0;
        for (int i = 0; i < model->tensor_count && !is_known; i++)
            is_known = strcmp(model->tensors[i].name, name) == 0;
        if (!is_known)
            return problem_at(problem, container->path, 0, 0,
                              "is of another network: this one has no tensor '%s'", name);
        size_t end = (size_t)json_integer_value(json_array_get(json_object_get(entry, "data_offsets"), 1));
        most = end > most ? end : most;
    }
    if (most != container->data_length)
        return problem_at(problem, container->path, 0, 0,
                          "is damaged: %zu bytes of data, but its tensors end at %zu", container->data_length,
                          most);
    return true;
}

struct reading {
    const unsigned char *numbers;
    size_t width;
};

static void read_number(void *context, size_t element, real *weight)
{
    const struct reading *reading = context;
    const unsigned char *from = reading->numbers + element * reading->width;
    float single;
    double twice;
    if (reading->width == sizeof single) {
        memcpy(&single, from, sizeof single);
        *weight = (real)single;
    } else {
        memcpy(&twice, from, sizeof twice);
        *weight = (real)twice;
    }
}

static bool read_tensors(struct container *container, const struct model *model, void *net,
                         struct problem *problem)
{
    size_t width;
    if (!container_load(container, problem) || !container_parse(container, problem))
        return false;
    for (int i = 0; i < model->tensor_count; i++)
        if (!find_numbers(container, &model->tensors[i], &width, problem))
            return false;
    if (!check_surplus(container, model, problem))
        return false;
    for (int i = 0; i < model->tensor_count; i++) {
        struct reading reading = {.numbers = find_numbers(container, &model->tensors[i], &width, problem),
                                  .width = width};
        weights_for_each(&model->tensors[i], model->parameters(net), read_number, &reading);
    }
    return true;
}

bool safetensors_read(const char *path, const struct model *model, void *net, json_t **metadata,
                      struct problem *problem)
{
    struct container container = {.path = path};
    bool is_read = read_tensors(&container, model, net, problem);
    *metadata = is_read ? json_incref(json_object_get(container.header, "__metadata__")) : NULL;
    json_decref(container.header);
    free(container.bytes);
    return is_read;
}
