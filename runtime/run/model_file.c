/* model_file.c - the metadata of a model file, as JSON inside the header of its container. */
#include "run/model_file.h"

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

static json_t *reals(const double *numbers, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(array, json_real(numbers[i]));
    return array;
}

static json_t *strings(const char *const *texts, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(array, json_string(texts[i]));
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
    bool is_written = text && metadata && safetensors_write(path, model, net, metadata, problem);
    if (!text || !metadata)
        problem_at(problem, path, 0, 0, "cannot be written: a name in the data or the .net text is no UTF-8");
    free(text);
    json_decref(metadata);
    return is_written;
}

/* An array of numbers that must be as long as `wanted`, or empty. */
static bool read_reals(const json_t *from, const char *name, int wanted, double **numbers, int *count,
                       bool is_divisor)
{
    const json_t *array = json_object_get(from, name);
    *count = (int)json_array_size(array);
    if (*count != 0 && *count != wanted)
        return false;
    *numbers = calloc((size_t)*count + 1, sizeof **numbers);
    for (int i = 0; *numbers && i < *count; i++) {
        (*numbers)[i] = json_number_value(json_array_get(array, (size_t)i));
        if (!isfinite((*numbers)[i]) || (is_divisor && (*numbers)[i] == 0))
            return false;
    }
    return *numbers != NULL;
}

static bool read_strings(const json_t *from, const char *name, const char ***texts, int *count)
{
    const json_t *array = json_object_get(from, name);
    *count = (int)json_array_size(array);
    *texts = calloc((size_t)*count + 1, sizeof **texts);
    for (int i = 0; *texts && i < *count; i++) {
        (*texts)[i] = json_string_value(json_array_get(array, (size_t)i));
        if (!(*texts)[i])
            return false;
    }
    return *texts != NULL;
}

static bool read_preparation(struct model_file *file, const struct model *model)
{
    struct normaliser *to = &file->normaliser;
    const json_t *from = file->preparation;
    int deviations, target_deviations;
    const char **features = NULL;
    const json_t *scale = json_object_get(from, "scale");
    to->scale = json_number_value(scale);
    bool is_good =
        json_is_number(scale) &&
        read_reals(from, "input_mean", model->input.channels, &to->input_mean, &to->input_count, false) &&
        read_reals(from, "input_deviation", model->input.channels, &to->input_deviation, &deviations, true) &&
        read_reals(from, "target_mean", model->target_size, &to->target_mean, &to->target_count, false) &&
        read_reals(from, "target_deviation", model->target_size, &to->target_deviation, &target_deviations,
                   true) &&
        read_strings(from, "features", &features, &to->feature_count) &&
        read_strings(from, "classes", &file->classes, &file->class_count) &&
        read_strings(from, "targets", &file->targets, &file->target_name_count);
    to->features = features;
    return is_good && deviations == to->input_count && target_deviations == to->target_count;
}

bool model_file_read(const char *path, const struct model *model, void *net, struct model_file *file,
                     struct problem *problem)
{
    *file = (struct model_file){.normaliser = {.scale = 1}};
    if (!safetensors_read(path, model, net, &file->metadata, problem))
        return false;
    const char *text = json_string_value(json_object_get(file->metadata, "preparation"));
    const char *seed = json_string_value(json_object_get(file->metadata, "seed"));
    file->seed = seed ? strtoull(seed, NULL, 10) : 1;
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
    json_decref(file->preparation);
    json_decref(file->metadata);
    *file = (struct model_file){0};
}
