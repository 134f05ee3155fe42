/* catalogue.c - the lists of everything that a .net file can name, and looking things up in them. */
#include "layers/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layers/output.h"
#include "layers/training.h"

#define LAYER(name) extern const struct layer_kind layer_##name;
#include "layers/layers.def"
#undef LAYER

const struct layer_kind *const catalogue_layers[] = {
#define LAYER(name) &layer_##name,
#include "layers/layers.def"
#undef LAYER
    NULL,
};

const struct output_kind *const catalogue_outputs[] = {
    &output_categorical, &output_bernoulli, &output_normal,  &output_squared_error,
    &output_laplace,     &output_huber,     &output_poisson, NULL,
};

const struct optimizer_kind *const catalogue_optimizers[] = {
    &optimizer_sgd, &optimizer_adam, &optimizer_adamw, &optimizer_rmsprop, &optimizer_adagrad, NULL,
};

const struct schedule_kind *const catalogue_schedules[] = {
    &schedule_constant, &schedule_step, &schedule_exponential, &schedule_cosine, &schedule_onecycle,
    &schedule_plateau,  NULL,
};

const struct training_kind *const catalogue_training[] = {
    &training_data,        &training_batch,
    &training_epochs,      &training_lambda,
    &training_validate,    &training_patience,
    &training_augment,     &training_seed,
    &training_clip,        &training_average,
    &training_limit,       &training_balance,
    &training_adversarial, NULL,
};

const struct layer_kind *catalogue_find_layer(const char *name)
{
    for (int i = 0; catalogue_layers[i]; i++)
        if (strcmp(catalogue_layers[i]->name, name) == 0)
            return catalogue_layers[i];
    return NULL;
}

const struct training_kind *catalogue_find_training(const char *name)
{
    for (int i = 0; catalogue_training[i]; i++)
        if (strcmp(catalogue_training[i]->name, name) == 0)
            return catalogue_training[i];
    return NULL;
}

#define CHOOSE(word, list)                                                                                   \
    if (strcmp(statement, word) == 0 && list[place])                                                         \
        return (struct choice)                                                                               \
        {                                                                                                    \
            list[place]->name, list[place]->summary, list[place]->attributes                                 \
        }

struct choice catalogue_choice(const char *statement, int place)
{
    CHOOSE("output", catalogue_outputs);
    CHOOSE("optimizer", catalogue_optimizers);
    CHOOSE("schedule", catalogue_schedules);
    return (struct choice){0};
}

int attribute_count(const struct attribute *attributes)
{
    int count = 0;
    while (attributes[count].name)
        count++;
    return count;
}

const struct setting *layer_setting_if_any(const struct layer *layer, const char *name)
{
    const struct attribute *attributes = layer->kind->attributes;
    for (int i = 0; attributes[i].name; i++)
        if (strcmp(attributes[i].name, name) == 0)
            return &layer->settings[i];
    return NULL;
}

const struct setting *setting_find(const struct attribute *attributes, const struct setting *settings,
                                   const char *name)
{
    for (int i = 0; attributes[i].name; i++)
        if (strcmp(attributes[i].name, name) == 0)
            return &settings[i];
    fprintf(stderr, "netc: fault: no attribute '%s' in the catalogue\n", name);
    abort();
}

struct shape setting_shape(const struct setting *setting)
{
    return (struct shape){.height = setting->integer[0],
                          .width = setting->integer[1],
                          .channels = setting->integer[2],
                          .is_vector = setting->integer[3] == 1};
}

bool setting_is_on(const struct setting *setting)
{
    return setting->integer[0] != 0 || setting->real > 0;
}

const struct setting *layer_setting(const struct layer *layer, const char *name)
{
    const struct attribute *attributes =
        layer->likelihood ? layer->likelihood->attributes : layer->kind->attributes;
    return setting_find(attributes, layer->settings, name);
}
