/* certainty.c - to and from JSON in the metadata of a model file. */
#include "run/certainty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "problem.h"
#include "run/safetensors.h"

static const char key[] = "calibration";

double certainty_shown(enum familiarity_score score, double value)
{
    return score == SCORE_ENERGY ? -value : value;
}

static json_t *array_of(const double *numbers, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_real(numbers[i]));
    return array;
}

/* The rows of a lower triangle one after the other: {a}, {b c} -> [a, b, c]. */
static json_t *triangles_of(const double *matrices, size_t size)
{
    json_t *array = json_array();
    for (size_t row = 0; row < size * size; row++)
        for (size_t j = 0; j <= row % size; j++)
            json_array_append_new(array, json_real(matrices[row * size + j]));
    return array;
}

static json_t *density_json(const struct density *density)
{
    const size_t classes = (size_t)density->classes;
    return json_pack("{s:o, s:o, s:o}", "share", array_of(density->share, classes), "mean",
                     array_of(density->mean, classes * classes), "factor",
                     triangles_of(density->factor, classes));
}

/* Scores as the code has them; one that takes no part is left out. */
static json_t *thresholds_json(const struct familiarity_scores *thresholds)
{
    json_t *object = json_object();
    for (enum familiarity_score s = 0; s < FAMILIARITY_SCORES; s++)
        if (isfinite(thresholds->of[s]))
            json_object_set_new(object, familiarity_score_name(s), json_real(thresholds->of[s]));
    return object;
}

bool certainty_write(const struct certainty *certainty, const char *split, const char *path,
                     struct problem *problem)
{
    const struct familiarity *familiarity = &certainty->familiarity;
    json_t *object = json_pack("{s:f, s:s}", "temperature", familiarity->temperature, "split", split);
    if (certainty->has_thresholds) {
        json_object_set_new(object, "least", thresholds_json(&familiarity->together));
        json_object_set_new(object, "least_alone", thresholds_json(&familiarity->alone));
    }
    if (familiarity->density.classes)
        json_object_set_new(object, "density", density_json(&familiarity->density));
    char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    json_decref(object);
    const bool is_written =
        text ? safetensors_set_metadata(path, key, text, problem)
             : problem_at(problem, path, 0, 0, "cannot be written: a number in it is not finite");
    free(text);
    return is_written;
}

static bool read_number(const json_t *number, double *to)
{
    *to = json_number_value(number);
    return json_is_number(number) && isfinite(*to);
}

static bool read_numbers(const json_t *from, const char *name, double *to, size_t count)
{
    const json_t *array = json_object_get(from, name);
    if (json_array_size(array) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_number(json_array_get(array, i), &to[i]))
            return false;
    return true;
}

static bool read_triangles(const json_t *from, const char *name, double *matrices, size_t size)
{
    const json_t *array = json_object_get(from, name);
    size_t at = 0;
    if (json_array_size(array) != size * size * (size + 1) / 2)
        return false;
    for (size_t row = 0; row < size * size; row++)
        for (size_t j = 0; j <= row % size; j++)
            if (!read_number(json_array_get(array, at++), &matrices[row * size + j]))
                return false;
    return true;
}

static bool read_density(struct density *density, const json_t *from, int classes)
{
    if (!from)
        return true;
    if (classes > DENSITY_CLASSES_MOST)
        return false;
    const size_t size = (size_t)classes;
    density_create(density, classes);
    bool is_good = read_numbers(from, "share", density->share, size) &&
                   read_numbers(from, "mean", density->mean, size * size) &&
                   read_triangles(from, "factor", density->factor, size);
    double sum = 0;
    for (size_t c = 0; is_good && c < size; c++) {
        sum += density->share[c];
        is_good = density->share[c] >= 0;
        for (size_t k = 0; is_good && k < size; k++)
            is_good = density->factor[(c * size + k) * size + k] > 0;
    }
    return is_good && sum > 0;
}

/* Those that are not told take no part. */
static bool read_thresholds(struct familiarity_scores *thresholds, const json_t *from)
{
    bool is_good = json_is_object(from);
    for (enum familiarity_score s = 0; s < FAMILIARITY_SCORES; s++) {
        const json_t *number = json_object_get(from, familiarity_score_name(s));
        thresholds->of[s] = -INFINITY;
        is_good = is_good && (!number || read_number(number, &thresholds->of[s]));
    }
    return is_good;
}

static bool read_object(struct certainty *certainty, const json_t *object, const struct model *model)
{
    struct familiarity *familiarity = &certainty->familiarity;
    const json_t *least = json_object_get(object, "least");
    certainty->is_calibrated = true;
    certainty->has_thresholds = least != NULL;
    return json_is_object(object) && model_has_classes(model) &&
           read_number(json_object_get(object, "temperature"), &familiarity->temperature) &&
           familiarity->temperature > 0 &&
           (!least ||
            (model_has_class(model) && read_thresholds(&familiarity->together, least) &&
             read_thresholds(&familiarity->alone, json_object_get(object, "least_alone")) &&
             read_density(&familiarity->density, json_object_get(object, "density"), model->target_size)));
}

bool certainty_read(struct certainty *certainty, const json_t *metadata, const struct model *model)
{
    *certainty = (struct certainty){.familiarity.temperature = 1};
    const json_t *entry = json_object_get(metadata, key);
    if (!entry)
        return true;
    const char *text = json_string_value(entry);
    json_t *object = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const bool is_good = read_object(certainty, object, model);
    json_decref(object);
    if (!is_good)
        certainty_release(certainty);
    return is_good;
}

void certainty_release(struct certainty *certainty)
{
    density_release(&certainty->familiarity.density);
}
