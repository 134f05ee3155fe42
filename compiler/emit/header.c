/* header.c - NAME.h: every size as a named constant, the types of parameters and values, and the plan of the
 * arena.
 *
 *     #define C1_FILTERS 6      struct lenet5_parameters { struct { real weight[…]; real bias[…]; } c1; … };
 *
 * One constant a line, defined by those that it follows from, so that a new width changes one line. */
#include "emit/emit.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "layers/catalogue.h"

static const char *upper(const struct graph *graph, const char *name)
{
    char *copy = arena_format(graph->arena, "%s", name);
    for (char *at = copy; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

static void emit_opening(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const char *guard = upper(graph, graph->name);
    writer_line(writer,
                "/* %s.h - sizes, parameters and memory of the network '%s', as netc derived them from its "
                ".net file.",
                graph->name, graph->name);
    writer_line(writer, " *");
    writer_line(writer, " * Images are [example][y][x][channel]. Edit the .net file, not this one. */");
    writer_line(writer, "#ifndef %s_H", guard);
    writer_line(writer, "#define %s_H", guard);
    writer_blank(writer);
    writer_line(writer, "#include <stdbool.h>");
    writer_line(writer, "#include <stdint.h>");
    writer_blank(writer);
    writer_line(writer, "#include \"model.h\"");
    writer_line(writer, "#include \"real.h\"");
    if (graph->form == NODE_TILED)
        writer_line(writer, "#include \"team.h\"");
    writer_blank(writer);
}

static void emit_setting(struct writer *writer, const char *name, bool is_used, double number)
{
    if (is_used)
        writer_setting(writer, name, number);
}

static void emit_training_constants(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct training *training = &graph->training;
    writer_line(writer, "/* train */");
    writer_line(writer, "#define BATCH %lld", (long long)training->batch);
    if (graph->form == NODE_TILED)
        writer_line(writer, "#define GROUPS %d /* of a batch, whose sums are taken apart */",
                    (int)graph_groups(graph));
    writer_setting_of_run(writer, "EPOCHS", writer_format(writer, "%lld", (long long)training->epochs));
    writer_setting_of_run(writer, "SEED", writer_format(writer, "%llu", (unsigned long long)training->seed));
    if (graph->form == NODE_TILED)
        writer_line(writer, "#define THREADS_MOST %d /* that a step has work for */", graph->threads_most);
    training->optimizer->constants(writer, graph);
    training->schedule->constants(writer, graph);
    emit_augment_constants(writer);
    emit_adversary_constants(writer);
    emit_setting(writer, "CLIP_NORM", training->clip_norm > 0, training->clip_norm);
    emit_setting(writer, "CLIP_VALUE", training->clip_value > 0, training->clip_value);
    emit_setting(writer, "AVERAGE_EMA", training->ema >= 0, training->ema);
    emit_setting(writer, "AVERAGE_SWA", training->swa >= 0, training->swa);
    emit_setting(writer, "LIMIT_SECONDS", training->limit_seconds > 0, training->limit_seconds);
    emit_setting(writer, "LAMBDA_L1", training->l1 > 0, training->l1);
    emit_setting(writer, "LAMBDA_L2", training->l2 > 0, training->l2);
    if (training->validate == VALIDATION_SHARE)
        writer_setting_of_run(writer, "VALIDATION_SHARE", writer_number(writer, training->validate_share));
    if (training->validate == VALIDATION_COUNT)
        writer_setting_of_run(writer, "VALIDATION_COUNT",
                              writer_format(writer, "%lld", (long long)training->validate_count));
    if (training->patience)
        writer_setting_count(writer, "PATIENCE", training->patience);
    emit_setting(writer, "MIN_DELTA", training->min_delta > 0, training->min_delta);
    writer_blank(writer);
}

/* Rows and columns in memory of an image with a border, and the reals of one example. */
static void emit_size_constants(struct writer *writer, const struct layer *layer)
{
    const struct value *value = layer->output;
    if (value->shape.is_vector)
        return;
    writer_define(writer, layer, "size", "(%s * %s * %s)", value_height(writer, value),
                  value_width(writer, value), value_channels(writer, value));
    if (!value_has_border(value))
        return;
    writer_define(writer, layer, "rows", "%s", value_rows_extent(writer, value));
    writer_define(writer, layer, "columns", "%s", value_columns_extent(writer, value));
    writer_define(writer, layer, "padded_size", "(%s * %s * %s)", layer_constant(writer, layer, "rows"),
                  layer_constant(writer, layer, "columns"), value_channels(writer, value));
}

/* Layers that keep the shape have the constants of their input under their own name. */
static void emit_kept_shape(struct writer *writer, const struct layer *layer)
{
    if (layer->output->shape.is_vector) {
        writer_define(writer, layer, "units", "%s", value_channels(writer, layer->input));
        return;
    }
    writer_define(writer, layer, "height", "%s", value_height(writer, layer->input));
    writer_define(writer, layer, "width", "%s", value_width(writer, layer->input));
    writer_define(writer, layer, "channels", "%s", value_channels(writer, layer->input));
}

static void emit_layer_constants(struct writer *writer, const struct layer *layer)
{
    if (layer->statement && !writer->graph->settings_at_start)
        writer_line(writer, "/* %s */", layer->statement);
    if (layer->kind->keeps_shape)
        emit_kept_shape(writer, layer);
    if (layer->kind->constants)
        layer->kind->constants(writer, layer);
    emit_size_constants(writer, layer);
    if (layer->activation && layer->activation->kind->constants)
        layer->activation->kind->constants(writer, layer->activation);
    writer_blank(writer);
}

static void emit_parameters(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_line(
        writer, "/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout.%s */",
        graph->form == NODE_TILED ? " Weights stand in panels of filters or units, side by side as a vector "
                                    "wants them; the lanes of the last panel that no filter needs stay 0."
                                  : "");
    writer_open(writer, "struct %s_parameters", graph->name);
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        if (!layer->parameter_count)
            continue;
        writer_open(writer, "struct");
        layer->kind->parameters(writer, layer);
        writer->depth--;
        writer_line(writer, "} %s;", layer->name);
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

const char *emit_target_size(const struct writer *writer)
{
    const struct layer *output = writer->graph->layers[writer->graph->layer_count - 1];
    if (output->likelihood->has_targets)
        return "OUTPUT_TARGETS";
    return output->is_per_position && output->likelihood->is_class ? "OUTPUT_CHANNELS"
                                                                   : value_size(writer, output->output);
}

bool emit_has_groups(const struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        for (int j = 0; j < graph->layers[i]->parameter_count; j++)
            if (graph->layers[i]->parameters[j]->in_groups)
                return true;
    return false;
}

/* Members of one layer in struct NET_group; nothing where it has none. */
static void emit_group_members(struct writer *writer, const struct layer *layer)
{
    bool has_any = false;
    for (int i = 0; i < layer->parameter_count; i++) {
        const struct parameter *parameter = layer->parameters[i];
        if (!parameter->in_groups)
            continue;
        if (!has_any)
            writer_open(writer, "struct");
        has_any = true;
        writer_line(writer, "__typeof__(((struct %s_parameters *)0)->%s.%s) %s;", writer->graph->name,
                    layer->name, parameter->name, parameter->name);
    }
    if (!has_any)
        return;
    writer->depth--;
    writer_line(writer, "} %s;", layer->name);
}

static void emit_group(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (!emit_has_groups(graph))
        return;
    writer_line(writer, "/* Gradients that each group of examples sums apart, so that no sum depends on the "
                        "number of threads */");
    writer_open(writer, "struct %s_group", graph->name);
    for (int i = 0; i < graph->layer_count; i++)
        emit_group_members(writer, graph->layers[i]);
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static bool measures_batch(const struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->kind->measures_batch)
            return true;
    return false;
}

static void emit_statistics(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (!measures_batch(graph))
        return;
    writer_line(
        writer,
        "/* Mean and inverse deviation of each channel over the batch, which the backward pass reads */");
    writer_open(writer, "struct %s_statistics", graph->name);
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        if (!layer->kind->measures_batch)
            continue;
        const char *channels = value_channels(writer, layer->output);
        writer_line(writer, "struct {");
        writer_line(writer, "    real mean[%s];", channels);
        writer_line(writer, "    real scale[%s];", channels);
        writer_line(writer, "} %s;", layer->name);
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void emit_value_member(struct writer *writer, const struct value *value)
{
    const char *type = value->kind == VALUE_INDEX ? "tap_index" : "real";
    if (value->shape.is_vector) {
        writer_line(writer, "%s (*%s)[%s];", type, value->name, value_channels(writer, value));
        return;
    }
    writer_line(writer, "%s (*%s)[%s][%s][%s];", type, value->name, value_rows(writer, value),
                value_columns(writer, value), value_channels(writer, value));
}

bool emit_has_values(const struct graph *graph, enum value_kind kind)
{
    for (int i = 0; i < graph->value_count; i++)
        if (graph->values[i]->kind == kind)
            return true;
    return false;
}

static bool is_before(const struct value *left, const struct value *right)
{
    static const int ranks[] = {
        [VALUE_ACTIVATION] = 0, [VALUE_INDEX] = 1, [VALUE_GRADIENT] = 2, [VALUE_TRANSPOSED] = 3};
    if (left->layer->mark != right->layer->mark)
        return left->layer->mark < right->layer->mark;
    return ranks[left->kind] < ranks[right->kind];
}

const struct value **emit_values_in_order(const struct graph *graph)
{
    const struct value **order =
        ARENA_ARRAY(graph->arena, const struct value *, (size_t)graph->value_count + 1);
    for (int i = 0; i < graph->layer_count; i++)
        graph->layers[i]->mark = i;
    for (int i = 0; i < graph->value_count; i++) {
        int at = i;
        for (; at > 0 && is_before(graph->values[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = graph->values[i];
    }
    return order;
}

static void emit_values(struct writer *writer, enum value_kind kind, const char *name, const char *comment)
{
    const struct graph *graph = writer->graph;
    if (!emit_has_values(graph, kind))
        return;
    writer_line(writer, "/* %s */", comment);
    writer_open(writer, "struct %s_%s", graph->name, name);
    for (const struct value **value = emit_values_in_order(graph); *value; value++) {
        if ((*value)->kind != kind)
            continue;
        if (kind == VALUE_TRANSPOSED)
            (*value)->layer->kind->transposed(writer, (*value)->layer);
        else
            emit_value_member(writer, *value);
    }
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void emit_network(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct layer *output = graph->layers[graph->layer_count - 1];
    const char *name = graph->name;
    writer_line(writer, "/* All of the network: one block of memory with the arena behind it. */");
    writer_open(writer, "struct %s", name);
    writer_line(writer, "struct %s_parameters param;", name);
    writer_line(writer, "struct %s_parameters dparam;", name);
    if (emit_has_groups(graph))
        writer_line(writer, "struct %s_group group[GROUPS];", name);
    for (int i = 0; i < graph->training.optimizer->buffers(graph); i++)
        writer_line(writer, "struct %s_parameters %s;", name, graph->training.optimizer->buffer_names[i]);
    writer_line(writer, "struct %s_parameters best;", name);
    if (graph->training.ema >= 0 || graph->training.swa >= 0)
        writer_line(writer, "struct %s_parameters average;", name);
    if (measures_batch(graph))
        writer_line(writer, "struct %s_statistics statistic;", name);
    writer_line(writer, "struct %s_values value;", name);
    if (emit_has_values(graph, VALUE_GRADIENT))
        writer_line(writer, "struct %s_gradients dvalue;", name);
    if (emit_has_values(graph, VALUE_INDEX))
        writer_line(writer, "struct %s_indices index;", name);
    if (emit_has_values(graph, VALUE_TRANSPOSED))
        writer_line(writer, "struct %s_transposed transposed;", name);
    if (output->likelihood->is_class)
        writer_line(writer, "int32_t target[BATCH]%s;",
                    output->is_per_position ? "[OUTPUT_HEIGHT][OUTPUT_WIDTH]" : "");
    else
        writer_line(writer, "real target[BATCH][%s];", emit_target_size(writer));
    writer_line(writer, "double loss[BATCH]; /* of each example */");
    if (graph->form == NODE_TILED && graph->training.clip_norm > 0)
        writer_line(writer, "double gradient_square[TEAM_PARTS]; /* of all gradients, in parts */");
    if (graph->training.adversarial)
        writer_line(writer, "real clean[BATCH][%s]; /* inputs as the data have them */",
                    value_size(writer, graph->layers[0]->output));
    writer_line(writer, "uint64_t seed;");
    writer_line(writer, "uint64_t step;");
    writer_line(writer, "bool is_training;");
    if (emit_has_samples(graph))
        writer_line(writer, "bool is_sampling; /* dropout is on, though nothing is learned */");
    if (graph->training.schedule->judge)
        writer_line(writer, "double rate_factor; /* what the schedule has made of the rate so far */");
    writer_line(writer, "real *arena;");
    writer->depth--;
    writer_line(writer, "} __attribute__((aligned(64)));");
    writer_blank(writer);
    writer_line(writer, "extern const struct model %s_model;", name);
    writer_blank(writer);
}

struct plain_settings emit_header(struct text *to, const struct graph *graph)
{
    struct writer writer = writer_create(graph);
    emit_opening(&writer);
    emit_training_constants(&writer);
    for (int i = 0; i < graph->layer_count; i++)
        emit_layer_constants(&writer, graph->layers[i]);
    emit_parameters(&writer);
    emit_group(&writer);
    emit_statistics(&writer);
    emit_values(&writer, VALUE_ACTIVATION, "values", "Results of the layers, [example] first");
    emit_values(&writer, VALUE_GRADIENT, "gradients", "Gradients of the loss by them");
    emit_values(&writer, VALUE_INDEX, "indices", "Which tap of its window each maximum was");
    emit_values(&writer, VALUE_TRANSPOSED, "transposed", "Weights as the backward pass reads them");
    emit_network(&writer);
    emit_probe_constants(&writer);
    emit_plan(&writer);
    writer_line(&writer, "#endif");
    *to = writer.text;
    return writer.settings;
}
