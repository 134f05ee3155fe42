/* dataset.c - opens the files of a manifest, or single files for a prediction, as one dataset. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/image.h"
#include "data/rows.h"
#include "problem.h"

const char **rows_add_text(struct dataset *data, const char **list, int count, const char *text)
{
    list = pool_grow(&data->pool, list, count, sizeof *list);
    list[count] = pool_text(&data->pool, text, strlen(text));
    return list;
}

const char *rows_print_shape(const struct model_shape *shape, char *text, size_t length)
{
    if (shape->is_vector)
        snprintf(text, length, "%d feature%s", shape->channels, shape->channels == 1 ? "" : "s");
    else
        snprintf(text, length, "%dx%dx%d", shape->height, shape->width, shape->channels);
    return text;
}

int rows_target_columns(const struct dataset *data)
{
    return !data->has_targets ? 0 : data->output == OUTPUT_CATEGORICAL ? data->positions : data->target_size;
}

bool rows_have_class(const struct dataset *data)
{
    return data->output == OUTPUT_CATEGORICAL && data->positions == 1;
}

const char *rows_print_target(const struct dataset *data, char *text, size_t length)
{
    const int columns = rows_target_columns(data), channels = columns / data->positions;
    if (data->positions == 1)
        snprintf(text, length, "%d", columns);
    else if (channels == 1)
        snprintf(text, length, "%dx%d", data->target_height, data->target_width);
    else
        snprintf(text, length, "%dx%dx%d", data->target_height, data->target_width, channels);
    return text;
}

const char *rows_target_fault(const struct dataset *data, double value)
{
    if (data->output == OUTPUT_BERNOULLI && value != 0 && value != 1)
        return "output bernoulli wants 0 or 1";
    if (data->output == OUTPUT_POISSON && !(value >= 0))
        return "output poisson wants 0 or more";
    return NULL;
}

struct dataset *rows_create(const struct model *model)
{
    struct dataset *data = memory_resize(NULL, 1, sizeof *data);
    *data = (struct dataset){.input = model->input,
                             .input_size = (size_t)model->input.height * (size_t)model->input.width *
                                           (size_t)model->input.channels,
                             .output = model->output,
                             .has_targets = !model->target_is_input,
                             .target_size = model->target_size,
                             .target_height = model->target_height,
                             .target_width = model->target_width,
                             .positions = model_positions(model),
                             .normaliser = {.scale = 1}};
    data->train.data = data->validation.data = data;
    sha256_start(&data->hash);
    return data;
}

void dataset_close(struct dataset *data)
{
    if (!data)
        return;
    store_free(&data->inputs);
    store_free(&data->targets);
    free(data->classes);
    for (int i = 0; data->groupings && i < data->manifest.group_count; i++)
        free(data->groupings[i].of);
    free(data->names);
    free(data->summary);
    pool_free(&data->pool);
    free(data);
}

/* Names in `classes` and the ways to standardize must suit the output of the network. */
static bool dataset_check_output(struct dataset *data, struct problem *problem)
{
    const struct manifest *manifest = &data->manifest;
    const struct yaml_node *classes = manifest->classes, *way = manifest->standardized;
    bool is_real = data->output != OUTPUT_CATEGORICAL && data->output != OUTPUT_BERNOULLI;
    if (manifest->standardize_targets && (!is_real || !data->has_targets || data->output == OUTPUT_POISSON))
        return problem_at(problem, manifest->path, way->line, way->column,
                          "only real targets can be standardized, not classes, 0/1, counts or the input");
    if (!classes || !data->has_targets) /* what the pictures show does not matter where they are the target */
        return true;
    int wanted = data->output == OUTPUT_CATEGORICAL ? data->target_size : 2;
    if (is_real)
        return problem_at(problem, manifest->path, classes->line, classes->column,
                          "'classes' are named, but the network's output is no class");
    if (classes->count != wanted)
        return problem_at(problem, manifest->path, classes->line, classes->column,
                          "%d classes are named, but the network's output has %d", classes->count, wanted);
    for (int i = 0; i < classes->count; i++)
        data->class_names =
            rows_add_text(data, data->class_names, data->class_count++, classes->items[i]->text);
    return true;
}

/* All rows from number `first` on as a split. */
static bool dataset_add_split(struct dataset *data, const char *name, size_t first, struct problem *problem)
{
    size_t count = data->inputs.count - first;
    if (data->inputs.count > UINT32_MAX)
        return problem_at(problem, name, 0, 0, "more than %u examples are too many", UINT32_MAX);
    uint32_t *rows = pool_get(&data->pool, count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)(first + i);
    data->splits[data->split_count++] =
        (struct split){.name = name, .rows = rows, .examples = {.data = data, .rows = rows, .count = count}};
    return true;
}

static bool dataset_load_splits(struct dataset *data, struct problem *problem)
{
    const struct manifest *manifest = &data->manifest;
    data->splits = pool_get(&data->pool, ((size_t)manifest->split_count + 2) * sizeof *data->splits);
    for (int i = 0; i < manifest->split_count; i++) {
        const struct manifest_split *split = &manifest->splits[i];
        size_t first = data->inputs.count;
        bool is_loaded = manifest->format == FORMAT_CSV ? rows_load_csv(data, split, problem)
                                                        : rows_load_idx(data, split, problem);
        if (!is_loaded || !dataset_add_split(data, split->name, first, problem))
            return false;
        if (strcmp(split->name, "train") == 0)
            data->train = data->splits[i].examples;
    }
    return groups_settle(data, problem);
}

/* Range of each channel or feature, for the summary. */
static void dataset_find_range(struct dataset *data)
{
    size_t channels = (size_t)data->input.channels, values = data->inputs.count * data->input_size;
    data->least = pool_get(&data->pool, channels * sizeof *data->least);
    data->most = pool_get(&data->pool, channels * sizeof *data->most);
    double *least = data->least, *most = data->most;
    for (size_t k = 0; k < channels; k++)
        least[k] = INFINITY, most[k] = -INFINITY;
    for (size_t i = 0; i < values; i += channels)
        for (size_t k = 0; k < channels; k++) {
            double value = store_value(&data->inputs, i + k);
            least[k] = value < least[k] ? value : least[k];
            most[k] = value > most[k] ? value : most[k];
        }
}

static void dataset_complete(struct dataset *data)
{
    struct sha256 hash = data->hash;
    sha256_finish(&hash, data->fingerprint);
    dataset_find_range(data);
    rows_settle_space(data);
    rows_summarise(data);
}

struct dataset *dataset_open(const char *manifest, const struct model *model, struct problem *problem)
{
    struct dataset *data = rows_create(model);
    if (!manifest_read(&data->manifest, manifest, &data->pool, problem) ||
        !dataset_check_output(data, problem) || !dataset_load_splits(data, problem)) {
        dataset_close(data);
        return NULL;
    }
    data->normaliser.scale = data->manifest.scale;
    dataset_complete(data);
    return data;
}

static bool name_ends(const char *name, const char *const *endings)
{
    size_t length = strlen(name);
    for (; *endings; endings++) {
        size_t end = strlen(*endings);
        if (length > end && strcasecmp(name + length - end, *endings) == 0)
            return true;
    }
    return false;
}

static bool dataset_load_picture(struct dataset *data, const char *path, struct problem *problem)
{
    /* value * scale was 0 to 1 in training, or, where there is no scale, a byte. */
    double scale = data->normaliser.scale, white = scale < 1 ? 1 / scale : 255;
    struct store picture = {.size = data->input_size, .count = 1};
    picture.numbers = image_read(path, &data->input, white, problem);
    if (!picture.numbers)
        return false;
    data->names = memory_resize(data->names, data->inputs.count + 1, sizeof *data->names);
    data->names[data->inputs.count] = pool_text(&data->pool, path, strlen(path));
    store_append(&data->inputs, &picture);
    return true;
}

static bool dataset_load_file(struct dataset *data, const char *path, struct problem *problem)
{
    static const char *const csv[] = {".csv", NULL}, *const picture[] = {".pgm", ".png", NULL},
                             *const idx[] = {".idx", ".idx.gz", "-ubyte", "-ubyte.gz", NULL},
                             *const later[] = {".npy", ".npz", NULL};
    if (name_ends(path, csv))
        return rows_load_csv_inputs(data, path, problem);
    if (name_ends(path, idx))
        return rows_load_idx_inputs(data, path, problem);
    if (name_ends(path, picture))
        return dataset_load_picture(data, path, problem);
    if (name_ends(path, later))
        return problem_at(problem, path, 0, 0, "NumPy files are not supported yet");
    return problem_at(problem, path, 0, 0,
                      "is of no known kind; .csv, .idx, .idx.gz, .pgm and .png are read");
}

struct dataset *dataset_open_inputs(const char *const *paths, int path_count, const struct model *model,
                                    const struct normaliser *normaliser, struct problem *problem)
{
    struct dataset *data = rows_create(model);
    data->splits = pool_get(&data->pool, sizeof *data->splits);
    data->normaliser = *normaliser;
    bool is_loaded = true;
    for (int i = 0; is_loaded && i < path_count; i++)
        is_loaded = dataset_load_file(data, paths[i], problem);
    if (!is_loaded || !dataset_add_split(data, "predict", 0, problem)) {
        dataset_close(data);
        return NULL;
    }
    dataset_complete(data);
    dataset_use_normaliser(data, normaliser);
    return data;
}

const char *dataset_example_name(const struct dataset *data, size_t i)
{
    return data->names[i];
}

const char *const *dataset_classes(const struct dataset *data, int *count)
{
    *count = data->class_count;
    return data->class_names;
}

const char *const *dataset_targets(const struct dataset *data, int *count)
{
    *count = data->target_count;
    return data->target_names;
}

const char *const *dataset_features(const struct dataset *data, int *count)
{
    *count = data->feature_count;
    return data->feature_names;
}

const struct manifest *dataset_manifest(const struct dataset *data)
{
    return &data->manifest;
}

const char *dataset_fingerprint(const struct dataset *data)
{
    return data->fingerprint;
}
