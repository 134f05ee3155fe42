/* rows_idx.c - the rows of a split from two IDX files: inputs of the network's shape, and as many targets of
 * its kind. */
#include <math.h>
#include <string.h>

#include "data/idx.h"
#include "data/rows.h"
#include "problem.h"

static bool idx_has_shape(const struct idx *idx, const struct model_shape *shape)
{
    if (shape->is_vector)
        return idx->values.size == (size_t)shape->channels;
    uint32_t channels = idx->rank == 4 ? idx->sizes[3] : 1;
    return idx->rank >= 3 && idx->sizes[1] == (uint32_t)shape->height &&
           idx->sizes[2] == (uint32_t)shape->width && channels == (uint32_t)shape->channels;
}

static bool idx_read_inputs(struct dataset *data, struct idx *idx, const char *path, struct problem *problem)
{
    char found[64], wanted[64];
    if (!idx_read(idx, path, &data->hash, problem))
        return false;
    if (idx_has_shape(idx, &data->input))
        return true;
    problem_at(problem, path, 0, 0, "has examples of %s, but the network's input is %s",
               idx->rank > 1 ? idx_print_sizes(idx, 1, found, sizeof found) : "1",
               rows_print_shape(&data->input, wanted, sizeof wanted));
    store_free(&idx->values);
    return false;
}

static bool idx_take_classes(struct dataset *data, const struct store *labels, const char *path,
                             struct problem *problem)
{
    size_t first = data->inputs.count - labels->count;
    data->classes = memory_resize(data->classes, data->inputs.count, sizeof *data->classes);
    for (size_t i = 0; i < labels->count; i++) {
        double label = store_value(labels, i);
        if (!(label >= 0 && label < data->target_size && label == floor(label)))
            return problem_at(
                problem, path, 0, 0,
                "example %zu (counted from 0) has label %g, but the network's %d classes are 0 to %d", i,
                label, data->target_size, data->target_size - 1);
        data->classes[first + i] = (int32_t)label;
    }
    return true;
}

/* The class of position i / size, counted in all examples. */
static bool idx_check_position(const struct dataset *data, double label, size_t i, const char *path,
                               struct problem *problem)
{
    const size_t at = i % (size_t)data->positions, width = (size_t)data->target_width;
    return (label >= 0 && label < data->target_size && label == floor(label)) ||
           problem_at(
               problem, path, 0, 0,
               "example %zu has label %g in row %zu, column %zu (all counted from 0), but the network's "
               "%d classes are 0 to %d",
               i / (size_t)data->positions, label, at / width, at % width, data->target_size,
               data->target_size - 1);
}

static bool idx_take_targets(struct dataset *data, struct store *targets, const char *path,
                             struct problem *problem)
{
    size_t values = targets->count * targets->size;
    for (size_t i = 0; i < values; i++) {
        double value = store_value(targets, i);
        const char *fault = rows_target_fault(data, value);
        if (fault)
            return problem_at(problem, path, 0, 0, "example %zu (counted from 0) has target %g, but %s",
                              i / targets->size, value, fault);
        if (data->output == OUTPUT_CATEGORICAL && !idx_check_position(data, value, i, path, problem))
            return false;
    }
    store_append(&data->targets, targets);
    return true;
}

/* As many values as the network has targets; an image must be one of its height and width. */
static bool idx_has_targets(const struct dataset *data, const struct idx *idx)
{
    return idx->values.size == (size_t)rows_target_columns(data) &&
           (data->positions == 1 || idx->rank < 3 ||
            (idx->sizes[1] == (uint32_t)data->target_height &&
             idx->sizes[2] == (uint32_t)data->target_width));
}

static bool idx_check_targets(struct dataset *data, const struct manifest_split *split, struct idx *idx,
                              size_t inputs, struct problem *problem)
{
    char sizes[64], wanted[64];
    if (idx->values.count != inputs)
        return problem_at(problem, split->targets, 0, 0, "has %zu targets, but '%.300s' has %zu examples",
                          idx->values.count, split->inputs, inputs);
    if (!idx_has_targets(data, idx))
        return problem_at(problem, split->targets, 0, 0,
                          "has targets of %s value%s each, but the network's output wants %s",
                          idx->rank > 1 ? idx_print_sizes(idx, 1, sizes, sizeof sizes) : "1",
                          idx->values.size == 1 ? "" : "s", rows_print_target(data, wanted, sizeof wanted));
    return rows_have_class(data) ? idx_take_classes(data, &idx->values, split->targets, problem)
                                 : idx_take_targets(data, &idx->values, split->targets, problem);
}

bool rows_load_idx(struct dataset *data, const struct manifest_split *split, struct problem *problem)
{
    struct idx inputs, targets;
    if (data->has_targets && !split->targets)
        return problem_at(problem, data->manifest.path, split->node->line, split->node->column,
                          "'%.60s' needs 'targets'", split->name);
    if (!idx_read_inputs(data, &inputs, split->inputs, problem))
        return false;
    size_t count = inputs.values.count;
    store_append(&data->inputs, &inputs.values);
    if (!data->has_targets)
        return true;
    if (!idx_read(&targets, split->targets, &data->hash, problem))
        return false;
    bool fits = idx_check_targets(data, split, &targets, count, problem);
    store_free(&targets.values);
    return fits;
}

bool rows_load_idx_inputs(struct dataset *data, const char *path, struct problem *problem)
{
    struct idx inputs;
    if (!idx_read_inputs(data, &inputs, path, problem))
        return false;
    size_t first = data->inputs.count, count = inputs.values.count;
    data->names = memory_resize(data->names, first + count, sizeof *data->names);
    for (size_t i = 0; i < count; i++)
        data->names[first + i] = pool_print(&data->pool, "%s[%zu]", path, i);
    store_append(&data->inputs, &inputs.values);
    return true;
}
