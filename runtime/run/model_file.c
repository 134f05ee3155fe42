/* model_file.c - the metadata of a model file, as JSON inside the header of its container. */
#include "run/model_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"
#include "run/safetensors.h"
#include "sha256.h"

const char *model_source_hash(void)
{
    static char hex[SHA256_HEX];
    if (!hex[0] && model_source.length) {
        struct sha256 hash;
        sha256_start(&hash);
        sha256_add(&hash, model_source.text, model_source.length);
        sha256_finish(&hash, hex);
    }
    return hex;
}

/* NULL for a NaN or Inf among the numbers: JSON has none. */
static json_t *reals(const double *numbers, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        if (json_array_append_new(array, json_real(numbers[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* NULL for a text that is no UTF-8. */
static json_t *strings(const char *const *texts, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        if (json_array_append_new(array, json_string(texts[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* How inputs and targets are prepared and called; numbers with all their digits. */
static json_t *preparation_of(const struct dataset *data)
{
    const struct normaliser *normaliser = dataset_normaliser(data);
    int classes, targets;
    const char *const *class_names = dataset_classes(data, &classes);
    const char *const *target_names = dataset_targets(data, &targets);
    return json_pack("{s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "scale", normaliser->scale, "input_mean",
                     reals(normaliser->input_mean, normaliser->input_count), "input_deviation",
                     reals(normaliser->input_deviation, normaliser->input_count), "target_mean",
                     reals(normaliser->target_mean, normaliser->target_count), "target_deviation",
                     reals(normaliser->target_deviation, normaliser->target_count), "features",
                     strings(normaliser->features, normaliser->feature_count), "classes",
                     strings(class_names, classes), "targets", strings(target_names, targets));
}

bool model_file_write(const char *path, const struct model *model, void *net, const struct dataset *data,
                      uint64_t seed, int epoch, struct problem *problem)
{
    json_t *preparation = preparation_of(data);
    char *text = json_dumps(preparation, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(preparation);
    char seed_text[32], epoch_text[32];
    snprintf(seed_text, sizeof seed_text, "%llu", (unsigned long long)seed);
    snprintf(epoch_text, sizeof epoch_text, "%d", epoch);
    json_t *metadata = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "format", "netc", "name",
                                 model->name, "seed", seed_text, "epoch", epoch_text, "data_sha256",
                                 dataset_fingerprint(data), "net_sha256", model_source_hash(), "net",
                                 model_source.text ? model_source.text : "", "preparation", text ? text : "");
    if (metadata && dataset_share(data) < 1)
        json_object_set_new(metadata, "share", json_sprintf("%.15g%%", 100 * dataset_share(data)));
    bool is_written = text && metadata && safetensors_write(path, model, net, metadata, problem);
    if (!text || !metadata)
        problem_at(problem, path, 0, 0, "cannot be written: a name in the data or the .net text is no UTF-8");
    free(text);
    json_decref(metadata);
    return is_written;
}

/* An array that is empty or as long as the network wants it; `size` bytes for each element are allocated. */
static const json_t *read_array(const json_t *from, const char *name, int wanted, int *count, size_t size,
                                void **elements)
{
    const json_t *array = json_object_get(from, name);
    size_t length = json_array_size(array);
    if (!json_is_array(array) || (length != 0 && length != (size_t)wanted))
        return NULL;
    *count = (int)length;
    *elements = calloc(length + 1, size);
    return *elements ? array : NULL;
}

static bool read_reals(const json_t *from, const char *name, int wanted, double **numbers, int *count,
                       bool is_divisor)
{
    const json_t *array = read_array(from, name, wanted, count, sizeof **numbers, (void **)numbers);
    for (int i = 0; array && i < *count; i++) {
        const json_t *number = json_array_get(array, (size_t)i);
        (*numbers)[i] = json_number_value(number);
        if (!json_is_number(number) || !isfinite((*numbers)[i]) || (is_divisor && !((*numbers)[i] > 0)))
            return false;
    }
    return array != NULL;
}

static bool read_strings(const json_t *from, const char *name, int wanted, const char ***texts, int *count)
{
    const json_t *array = read_array(from, name, wanted, count, sizeof **texts, (void **)texts);
    for (int i = 0; array && i < *count; i++) {
        (*texts)[i] = json_string_value(json_array_get(array, (size_t)i));
        if (!(*texts)[i])
            return false;
    }
    return array != NULL;
}

static bool read_preparation(struct model_file *file, const struct model *model)
{
    struct normaliser *to = &file->normaliser;
    const json_t *from = file->preparation, *scale = json_object_get(from, "scale");
    int inputs = model->input.channels, targets = model->target_size;
    int features_wanted = model->input.height * model->input.width * inputs;
    bool is_class = model->output == OUTPUT_CATEGORICAL;
    int deviations, target_deviations;
    const char **features = NULL;
    to->scale = json_number_value(scale);
    bool is_good =
        json_is_number(scale) && isfinite(to->scale) && to->scale != 0 &&
        read_reals(from, "input_mean", inputs, &to->input_mean, &to->input_count, false) &&
        read_reals(from, "input_deviation", inputs, &to->input_deviation, &deviations, true) &&
        read_reals(from, "target_mean", targets, &to->target_mean, &to->target_count, false) &&
        read_reals(from, "target_deviation", targets, &to->target_deviation, &target_deviations, true) &&
        read_strings(from, "features", features_wanted, &features, &to->feature_count) &&
        read_strings(from, "classes", is_class ? targets : 2, &file->classes, &file->class_count) &&
        read_strings(from, "targets", is_class ? 1 : targets, &file->targets, &file->target_name_count);
    to->features = features;
    return is_good && deviations == to->input_count && target_deviations == to->target_count;
}

/* The seed as model_file_write puts it; 1 where the file has none. */
static bool read_seed(struct model_file *file)
{
    const json_t *seed = json_object_get(file->metadata, "seed");
    const char *text = json_string_value(seed);
    char *end;
    errno = 0;
    file->seed = text ? strtoull(text, &end, 10) : 1;
    return !seed || (text && *text >= '0' && *text <= '9' && !*end && !errno);
}

bool model_file_read(const char *path, const struct model *model, void *net, struct model_file *file,
                     struct problem *problem)
{
    *file = (struct model_file){.normaliser = {.scale = 1}};
    if (!safetensors_read(path, model, net, &file->metadata, problem))
        return false;
    const char *text = json_string_value(json_object_get(file->metadata, "preparation"));
    if (!read_seed(file)) {
        model_file_close(file);
        return problem_at(problem, path, 0, 0, "is damaged: its seed is no number");
    }
    if (!certainty_read(&file->certainty, file->metadata, model)) {
        model_file_close(file);
        return problem_at(problem, path, 0, 0,
                          "is damaged: what it says about its calibration does not fit the network");
    }
    if (!text)
        return true; /* written by another program: weights alone */
    file->preparation = json_loads(text, 0, NULL);
    if (json_is_object(file->preparation) && read_preparation(file, model))
        return true;
    model_file_close(file);
    return problem_at(problem, path, 0, 0,
                      "is damaged: what it says about the preparation of the data does not fit the network");
}

void model_file_close(struct model_file *file)
{
    free(file->normaliser.input_mean);
    free(file->normaliser.input_deviation);
    free(file->normaliser.target_mean);
    free(file->normaliser.target_deviation);
    free((void *)file->normaliser.features);
    free(file->classes);
    free(file->targets);
    certainty_release(&file->certainty);
    json_decref(file->preparation);
    json_decref(file->metadata);
    *file = (struct model_file){0};
}
