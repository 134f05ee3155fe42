/* info.c - what a trainer knows about its network: the table of layers, memory, settings, the .net text. */
#include <stdio.h>
#include <string.h>

#include "run/commands.h"
#include "run/model_file.h"
#include "run/weights.h"

const char *bytes_text(double bytes, char *text, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    for (; bytes >= 1024 && unit < 4; unit++)
        bytes /= 1024;
    snprintf(text, size, unit ? "%.2f %s" : "%.0f %s", bytes, units[unit]);
    return text;
}

const char *flop_text(double flop, char *text, size_t size)
{
    static const char *const units[] = {"", " k", " M", " G", " T"};
    int unit = 0;
    for (; flop >= 999.5 && unit < 4; unit++)
        flop /= 1000;
    snprintf(text, size, unit ? "%.3g%s" : "%.0f%s", flop, units[unit]);
    return text;
}

const char *shape_text(const struct model_shape *shape, char *text, size_t size)
{
    if (shape->is_vector)
        snprintf(text, size, "%d", shape->channels);
    else
        snprintf(text, size, "%dx%dx%d", shape->height, shape->width, shape->channels);
    return text;
}

static void print_rows(const struct model *model, int label, int kind)
{
    printf("%-*s  %-*s  %-10s  %10s  %8s\n", label, "layer", kind, "kind", "shape", "parameters", "FLOP");
    for (int i = 0; i < model->layer_count; i++) {
        const struct model_layer *layer = &model->layers[i];
        char shape[64], flop[32] = "", parameters[32] = "";
        if (layer->flop)
            flop_text((double)layer->flop, flop, sizeof flop);
        if (layer->parameters)
            snprintf(parameters, sizeof parameters, "%lld", (long long)layer->parameters);
        printf("%-*s  %-*s  %-10s  %10s  %8s\n", label, layer->label, kind, layer->kind,
               shape_text(&layer->shape, shape, sizeof shape), parameters, flop);
    }
}

/* ", 12 frozen" or ", 16 running statistics": numbers of a model that are not learned; "" without any. */
static const char *fixed_text(const struct model *model, bool is_frozen, const char *what, char *text,
                              size_t size)
{
    long long count = 0;
    for (int i = 0; i < model->tensor_count; i++) {
        const struct model_tensor *tensor = &model->tensors[i];
        if (!model_tensor_is_learned(tensor) && is_frozen == !!(tensor->init & TENSOR_FROZEN))
            count += (long long)weights_count(tensor);
    }
    text[0] = 0;
    if (count)
        snprintf(text, size, ", %lld %s", count, what);
    return text;
}

void print_layers(const struct model *model)
{
    int label = 5, kind = 4;
    int64_t parameters = 0, flop = 0;
    char text[64], frozen[64], running[64];
    for (int i = 0; i < model->layer_count; i++) {
        const struct model_layer *layer = &model->layers[i];
        label = (int)strlen(layer->label) > label ? (int)strlen(layer->label) : label;
        kind = (int)strlen(layer->kind) > kind ? (int)strlen(layer->kind) : kind;
        parameters += layer->parameters;
        flop += layer->flop;
    }
    print_rows(model, label, kind);
    flop_text((double)flop, text, sizeof text);
    printf("%lld parameters%s%s, %s%sFLOP forward per example\n", (long long)parameters,
           fixed_text(model, true, "frozen", frozen, sizeof frozen),
           fixed_text(model, false, "running statistics", running, sizeof running), text,
           strchr(text, ' ') ? "" : " ");
    printf("memory of training: %s (%zu bytes) for batches of %d\n",
           bytes_text((double)model->memory, text, sizeof text), model->memory, model->settings.batch);
}

static void print_settings(const struct model *model)
{
    const struct model_settings *settings = &model->settings;
    printf("batch      %d\nepochs     %d\nseed       %llu\noptimizer  %s\nschedule   %s\n", settings->batch,
           settings->epochs, (unsigned long long)settings->seed, settings->optimizer, settings->schedule);
    if (settings->balance != BALANCE_NONE)
        printf("balance    %s\n", settings->balance == BALANCE_CLASSES ? "classes" : "groups");
    if (settings->penalty[0])
        printf("penalty    %s\n", settings->penalty);
    if (settings->clip)
        printf("clip       %s\n", settings->clip);
    if (settings->average)
        printf("average    %s\n", settings->average);
    if (settings->adversarial)
        printf("adversary  %s\n", settings->adversarial);
    if (settings->validate == VALIDATE_SHARE)
        printf("validate   %g%%\n", settings->validate_share * 100);
    if (settings->validate == VALIDATE_COUNT)
        printf("validate   %lld\n", (long long)settings->validate_count);
    if (settings->validate == VALIDATE_SPLIT)
        printf("validate   %s\n", settings->validate_split);
    if (settings->patience)
        printf("patience   %d\n", settings->patience);
    if (settings->data)
        printf("data       %s\n", settings->data);
}

int command_info(const struct model *model, const struct options *options)
{
    (void)options;
    printf("%s, compiled for %s in %s\n\n", model->name, model->march, REAL_NAME);
    print_layers(model);
    printf("\n");
    print_settings(model);
    if (model_source.length)
        printf("\n%s, sha256 %s\n\n%s", model_source.path, model_source_hash(), model_source.text);
    return EXIT_DONE;
}
