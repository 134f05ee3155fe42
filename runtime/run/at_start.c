/* at_start.c - a file of settings as JSON into the generated file's variables and a copy of its model. */
#include "run/at_start.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "model.h"
#include "problem.h"

/* What lives as long as the program. */
static struct {
    json_t *file;     /* owns the texts */
    struct pool pool; /* and this what was made of them */
    struct model model;
} started;

enum number { NUMBER_INT, NUMBER_INT64, NUMBER_UINT64, NUMBER_DOUBLE };

/* Settings that stand in the model itself. */
static const struct {
    const char *name;
    enum number number;
    size_t place;
} of_model[] = {
    {"EPOCHS", NUMBER_INT, offsetof(struct model_settings, epochs)},
    {"SEED", NUMBER_UINT64, offsetof(struct model_settings, seed)},
    {"VALIDATION_SHARE", NUMBER_DOUBLE, offsetof(struct model_settings, validate_share)},
    {"VALIDATION_COUNT", NUMBER_INT64, offsetof(struct model_settings, validate_count)},
    {"PATIENCE", NUMBER_INT, offsetof(struct model_settings, patience)},
    {"MIN_DELTA", NUMBER_DOUBLE, offsetof(struct model_settings, min_delta)},
};

static bool set_number(void *place, enum number number, const char *text)
{
    char *end;
    if (number == NUMBER_DOUBLE)
        *(double *)place = strtod(text, &end);
    else if (number == NUMBER_UINT64)
        *(uint64_t *)place = strtoull(text, &end, 10);
    else if (number == NUMBER_INT64)
        *(int64_t *)place = strtoll(text, &end, 10);
    else
        *(int *)place = (int)strtol(text, &end, 10);
    return end != text && !*end;
}

/* A variable of the generated file, a member of the model, or both. */
static bool set_setting(const char *name, const char *text)
{
    bool is_known = false, is_good = true;
    for (const struct model_plain_setting *at = model_plain_settings; at->name; at++)
        if (strcmp(at->name, name) == 0) {
            is_known = true;
            is_good = at->real ? set_number(at->real, NUMBER_DOUBLE, text)
                               : set_number(at->count, NUMBER_INT, text);
        }
    for (size_t i = 0; i < sizeof of_model / sizeof *of_model; i++)
        if (strcmp(of_model[i].name, name) == 0) {
            is_known = true;
            is_good =
                set_number((char *)&started.model.settings + of_model[i].place, of_model[i].number, text) &&
                is_good;
        }
    return is_known && is_good;
}

static bool set_settings(const json_t *settings)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)settings, name, value)
    {
        if (!json_is_string(value) || !set_setting(name, json_string_value(value)))
            return false;
    }
    for (const struct model_plain_setting *at = model_plain_settings; at->name; at++)
        if (!json_object_get(settings, at->name))
            return false;
    return true;
}

/* "sgd rate=RATE momentum=MOMENTUM" with the numbers in the place of their names. */
static const char *resolved(const char *text, const json_t *settings)
{
    const char *result = "";
    while (text && *text) {
        size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
        length = length ? length : 1;
        const char *word = pool_text(&started.pool, text, length);
        const char *number = json_string_value(json_object_get(settings, word));
        result = pool_print(&started.pool, "%s%s", result, number ? number : word);
        text += length;
    }
    return text ? result : NULL;
}

static bool describe_layers(const json_t *layers)
{
    struct model *model = &started.model;
    if (json_array_size(layers) != (size_t)model->layer_count)
        return false;
    struct model_layer *described = pool_get(&started.pool, (size_t)model->layer_count * sizeof *described);
    for (int i = 0; i < model->layer_count; i++) {
        described[i] = model->layers[i];
        described[i].kind = json_string_value(json_array_get(layers, (size_t)i));
        if (!described[i].kind)
            return false;
    }
    model->layers = described;
    return true;
}

static bool take_file(void)
{
    const char *net, *path, *folder;
    size_t length;
    const json_t *settings, *layers;
    if (json_unpack(started.file, "{s:s%, s:s, s:s, s:o, s:o}", "net", &net, &length, "path", &path, "folder",
                    &folder, "settings", &settings, "layers", &layers) != 0 ||
        !set_settings(settings) || !describe_layers(layers))
        return false;
    struct model_settings *of = &started.model.settings;
    const char **texts[] = {&of->optimizer, &of->schedule, &of->penalty, &of->clip, &of->average};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = resolved(*texts[i], settings);
    model_source = (struct model_source){path, net, length, folder};
    return true;
}

bool at_start_read(const struct model **model, const char *path, struct problem *problem)
{
    bool reads = model_plain_settings[0].name != NULL;
    json_error_t error;
    if (!reads && !path)
        return true;
    if (!reads)
        return problem_at(problem, (*model)->name, 0, 0,
                          "has its settings compiled in, so --settings is too much");
    if (!path)
        return problem_at(problem, (*model)->name, 0, 0, "reads its settings at start: give --settings FILE");
    started.model = **model;
    started.file = json_load_file(path, 0, &error);
    if (!started.file)
        return problem_at(problem, path, error.line > 0 ? error.line : 0, 0, "%s", error.text);
    if (!take_file())
        return problem_at(problem, path, 0, 0, "does not hold the settings of '%s'", (*model)->name);
    *model = &started.model;
    return true;
}
