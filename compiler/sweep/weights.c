/* weights.c - the weights of one layer out of a run's model.safetensors, named after the columns of the data
 * where each belongs to one.
 *
 *     effect.weight [1, 10] of age, sex, …    ->    age 0, sex -155.3, …
 *     c1.weight [6, 1, 5, 5]                  ->    c1.weight[0][0][0][0], … */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "formats/container.h"
#include "sweep/results.h"

static void refuse(struct sweep_run *run, const char *why)
{
    run->state = RUN_FAILED;
    run->why = why;
}

/* Names of the inputs, which the file keeps of a CSV; a text, as JSON. */
static json_t *feature_names(const struct container *container)
{
    const json_t *metadata = json_object_get(container->header, "__metadata__");
    const char *text = json_string_value(json_object_get(metadata, "preparation"));
    json_t *preparation = text ? json_loads(text, 0, NULL) : NULL;
    json_t *features = json_incref(json_object_get(preparation, "features"));
    json_decref(preparation);
    return features;
}

/* "c1.weight[5][0][4][4]" of the last of [6, 1, 5, 5] */
static const char *index_name(struct arena *arena, const char *tensor, const json_t *shape, int number)
{
    const char *name = "";
    for (size_t i = json_array_size(shape); i-- > 0;) {
        const int size = (int)json_integer_value(json_array_get(shape, i));
        name = arena_format(arena, "[%d]%s", size > 0 ? number % size : 0, name);
        number /= size > 0 ? size : 1;
    }
    return arena_format(arena, "%s%s", tensor, name);
}

static void name_weights(struct plan *plan, const struct container *container, const char *tensor,
                         const json_t *shape, int count)
{
    struct arena *arena = plan->sweep->arena;
    json_t *features = feature_names(container);
    const char **names = ARENA_ARRAY(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        names[i] = json_array_size(features) == (size_t)count
                       ? arena_format(arena, "%s", json_string_value(json_array_get(features, (size_t)i)))
                       : index_name(arena, tensor, shape, i);
    json_decref(features);
    plan->weight_names = names;
    plan->weight_count = count;
}

static void take_weights(struct plan *plan, struct sweep_run *run, const struct container *container)
{
    const char *tensor = arena_format(plan->sweep->arena, "%s.weight", plan->sweep->collect);
    const json_t *entry = json_object_get(container->header, tensor);
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    const bool is_double = type && strcmp(type, "F64") == 0;
    const size_t size = is_double ? sizeof(double) : sizeof(float);
    size_t from, to;
    if (!type || !container_offsets(entry, &from, &to) || to > container->data_length || (to - from) % size) {
        refuse(run, arena_format(plan->sweep->arena, "its model file has no '%s'", tensor));
        return;
    }
    const size_t count = (to - from) / size;
    if (!plan->weight_names)
        name_weights(plan, container, tensor, json_object_get(entry, "shape"), (int)count);
    run->weights = ARENA_ARRAY(plan->sweep->arena, double, count + 1);
    for (size_t i = 0; i < count && i < (size_t)plan->weight_count; i++) {
        float single;
        if (is_double) {
            memcpy(&run->weights[i], container->data + from + i * size, size);
            continue;
        }
        memcpy(&single, container->data + from + i * size, size);
        run->weights[i] = (double)single;
    }
}

void weights_read(struct plan *plan)
{
    for (int i = 0; plan->sweep->collect && i < plan->run_count; i++) {
        struct sweep_run *run = &plan->runs[i];
        struct container container = {
            .path = arena_format(plan->sweep->arena, "%s/model.safetensors", run_folder(plan, run)),
            .what = "model file"};
        if (run->state != RUN_DONE)
            continue;
        if (!container_load(&container))
            refuse(run, arena_format(plan->sweep->arena, "%s %s", container.path, container.fault));
        else
            take_weights(plan, run, &container);
        container_release(&container);
    }
}
