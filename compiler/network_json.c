/* network_json.c - the checked network as JSON, with every default filled in: what `netc check --json`
 * prints, for programs.
 *
 *     c1: conv 6 5x5 pad=2   ->   {"name": "c1", "kind": "conv", "inputs": ["input"], "shape": [28, 28, 6],
 *                                  "settings": {"filters": 6, "kernel": [5, 5], "pad": [2, 2, 2, 2], …},
 *                                  "parameters": […]} */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "compile.h"
#include "ir/graph.h"
#include "layers/catalogue.h"

static void print_string(struct text *to, const char *string)
{
    text_format(to, "\"");
    for (; *string; string++)
        text_format(to,
                    (unsigned char)*string < ' '        ? "\\u%04x"
                    : *string == '"' || *string == '\\' ? "\\%c"
                                                        : "%c",
                    *string);
    text_format(to, "\"");
}

static void print_real(struct text *to, double number)
{
    text_format(to, "%s", text_of_number(to->arena, number));
}

static void print_integers(struct text *to, const int64_t *integers, int count)
{
    for (int i = 0; i < count; i++)
        text_format(to, "%s%lld", i ? ", " : "[", (long long)integers[i]);
    text_format(to, "]");
}

static void print_numbers(struct text *to, const double *numbers, int64_t count)
{
    text_format(to, "[");
    for (int64_t i = 0; i < count; i++) {
        text_format(to, "%s", i ? ", " : "");
        print_real(to, numbers[i]);
    }
    text_format(to, "]");
}

static void print_setting(struct text *to, const struct attribute *attribute, const struct setting *setting)
{
    switch (attribute->type) {
    case ATTRIBUTE_SIZE:
        print_integers(to, setting->integer, 2);
        break;
    case ATTRIBUTE_PADDING:
        print_integers(to, setting->integer, 4);
        break;
    case ATTRIBUTE_SHAPE:
        print_integers(to, setting->integer, 3);
        break;
    case ATTRIBUTE_REAL:
    case ATTRIBUTE_BYTES:
    case ATTRIBUTE_SECONDS:
        print_real(to, setting->real);
        break;
    case ATTRIBUTE_CHOICE:
    case ATTRIBUTE_TEXT:
        if (setting->text)
            print_string(to, setting->text);
        else
            text_format(to, "null");
        break;
    case ATTRIBUTE_FLAG:
        text_format(to, setting->integer[0] ? "true" : "false");
        break;
    case ATTRIBUTE_NUMBERS:
        print_numbers(to, setting->numbers, setting->integer[0]);
        break;
    case ATTRIBUTE_COUNT:
    case ATTRIBUTE_FILTERS:
        text_format(to, "%lld", (long long)setting->integer[0]);
        break;
    case ATTRIBUTE_LABELS:
        text_format(to, "[");
        for (int i = 0; i < setting->label_count; i++) {
            text_format(to, "%s", i ? ", " : "");
            print_string(to, setting->labels[i].name);
        }
        text_format(to, "]");
        break;
    }
}

static void print_settings(struct text *to, const struct attribute *attributes,
                           const struct setting *settings)
{
    text_format(to, "{");
    for (int i = 0; attributes[i].name; i++) {
        text_format(to, "%s\"%s\": ", i ? ", " : "", attributes[i].name);
        print_setting(to, &attributes[i], &settings[i]);
    }
    text_format(to, "}");
}

/* The layers whose results it takes; of a view, such as flatten's, that layer itself. */
static void print_inputs(struct text *to, const struct layer *layer)
{
    text_format(to, "[");
    for (int i = 0; i < layer->joined_count; i++)
        text_format(to, "%s\"%s\"", i ? ", " : "", layer->joined[i]->name);
    if (!layer->joined_count && layer->input)
        text_format(to, "\"%s\"", layer->input->name);
    text_format(to, "]");
}

static void print_parameter(struct text *to, const struct parameter *parameter)
{
    text_format(to, "{\"name\": \"%s.%s\", \"learned\": %s, \"l1\": ", parameter->layer->name,
                parameter->name, parameter_is_learned(parameter) ? "true" : "false");
    print_real(to, parameter->is_penalised ? parameter->l1 : 0);
    text_format(to, ", \"l2\": ");
    print_real(to, parameter->is_penalised ? parameter->l2 : 0);
    text_format(to, "}");
}

static void print_layer(struct text *to, const struct layer *layer)
{
    const struct shape *shape = &layer->output->shape;
    text_format(to, "{\"name\": \"%s\", \"kind\": \"%s\", \"inputs\": ", layer->name, layer->kind->name);
    print_inputs(to, layer);
    text_format(to, ", \"shape\": ");
    print_integers(to, (int64_t[]){shape->height, shape->width, shape->channels}, 3);
    text_format(to, ", \"vector\": %s", shape->is_vector ? "true" : "false");
    if (layer->likelihood)
        text_format(to, ", \"likelihood\": \"%s\", \"per_position\": %s, \"target_is_input\": %s",
                    layer->likelihood->name, layer->is_per_position ? "true" : "false",
                    layer->target_is_input ? "true" : "false");
    text_format(to, ", \"settings\": ");
    print_settings(to, layer->likelihood ? layer->likelihood->attributes : layer->kind->attributes,
                   layer->settings);
    text_format(to, ", \"max_norm\": ");
    print_real(to, layer->max_norm);
    text_format(to, ", \"parameters\": [");
    for (int i = 0; i < layer->parameter_count; i++) {
        text_format(to, "%s", i ? ", " : "");
        print_parameter(to, layer->parameters[i]);
    }
    text_format(to, "]}");
}

static void print_training(struct text *to, const struct training *training)
{
    text_format(to,
                "{\"batch\": %lld, \"epochs\": %lld, \"seed\": %llu, \"optimizer\": {\"kind\": \"%s\", "
                "\"settings\": ",
                (long long)training->batch, (long long)training->epochs, (unsigned long long)training->seed,
                training->optimizer->name);
    print_settings(to, training->optimizer->attributes, training->optimizer_settings);
    text_format(to, "}, \"schedule\": {\"kind\": \"%s\", \"settings\": ", training->schedule->name);
    print_settings(to, training->schedule->attributes, training->schedule_settings);
    text_format(to, "}");
    const struct {
        const char *name;
        double number;
    } numbers[] = {{"clip_norm", training->clip_norm},
                   {"clip_value", training->clip_value},
                   {"ema", training->ema},
                   {"swa", training->swa}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        text_format(to, ", \"%s\": ", numbers[i].name);
        if (numbers[i].number > 0)
            print_real(to, numbers[i].number);
        else
            text_format(to, "null");
    }
    text_format(to, ", \"validates\": %s}", training->validate != VALIDATION_NONE ? "true" : "false");
}

void network_print_json(struct text *to, const struct graph *graph)
{
    text_format(to, "{\"net\": \"%s\", \"layers\": [", graph->name);
    for (int i = 0; i < graph->layer_count; i++) {
        text_format(to, "%s\n  ", i ? "," : "");
        print_layer(to, graph->layers[i]);
    }
    text_format(to, "],\n \"train\": ");
    print_training(to, &graph->training);
    text_format(to, "}\n");
}
