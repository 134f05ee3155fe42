/* output.c - the last statement of a net: what the target is and how likely the network makes it. The kinds
 * are in output_class.c (categorical, bernoulli) and output_real.c (normal, squared_error); this file has
 * what they share.
 *
 *     output categorical    ->    output_forward (prediction), output_loss (of each example), output_backward
 *
 * Behind an image categorical and bernoulli are a likelihood for each of its positions, and the loss of an
 * example is the mean over them. Classes are then counted along the channels. */
#include "layers/output.h"

#include <string.h>

#include "emit/writer.h"
#include "ir/build.h"
#include "layers/probe.h"

static const struct attribute no_attributes[] = {{0}};

const char *const output_targets[] = {"input", NULL};

static void report_count(struct layer *layer, struct shape input, struct shape_check *check)
{
    const struct output_kind *kind = layer->likelihood;
    struct text shape = text_create(check->arena);
    shape_print(&shape, input);
    check->failed = true;
    struct diagnostic *error = diagnostics_error(
        check->diagnostics, E0404, check->span, "output '%s' needs %s%s, but '%s' gives %s", kind->name,
        kind->needs, layer->is_per_position ? ", at each position" : "", check->source->name, shape.bytes);
    diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
    if (layer->is_per_position)
        diagnostic_help(error, "output 'bernoulli' says yes or no at each position");
}

/* target=input: as many numbers as the input has. */
static bool check_target(const struct graph *graph, struct layer *layer, struct shape_check *check)
{
    const struct attribute *attributes = layer->likelihood->attributes;
    int64_t wanted = shape_size(graph->layers[0]->output->shape);
    for (int i = 0; attributes[i].name; i++) {
        if (strcmp(attributes[i].name, "target") != 0 || !layer->settings[i].is_given)
            continue;
        layer->target_is_input = true;
        if (layer->target_size == wanted)
            return true;
        check->failed = true;
        struct diagnostic *error =
            diagnostics_error(check->diagnostics, E0404, layer->settings[i].span,
                              "output '%s' is about %lld numbers, but its target, the input, has %lld",
                              layer->likelihood->name, (long long)layer->target_size, (long long)wanted);
        diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
        return false;
    }
    return true;
}

static struct shape output_shape(struct graph *graph, struct layer *layer, struct shape input,
                                 struct shape_check *check)
{
    layer->is_per_position = layer->likelihood->is_per_position && input.height * input.width > 1;
    bool is_class = layer->likelihood->is_class;
    int64_t count = layer->is_per_position && is_class ? input.channels : shape_size(input);
    layer->target_size = layer->likelihood->target_size(layer, count);
    if (layer->target_size < 1) {
        report_count(layer, input, check);
        return input;
    }
    if (!check_target(graph, layer, check))
        return input;
    if (layer->likelihood->check && !layer->likelihood->check(layer, count, check)) {
        check->failed = true;
        return input;
    }
    layer->prediction_size = layer->likelihood->prediction_size(layer, count);
    if (layer->is_per_position)
        return input;
    return (struct shape){.height = 1, .width = 1, .channels = layer->prediction_size, .is_vector = true};
}

static void output_constants(struct writer *writer, const struct layer *layer)
{
    if (layer->is_per_position) {
        writer_define(writer, layer, "height", "%s", value_height(writer, layer->input));
        writer_define(writer, layer, "width", "%s", value_width(writer, layer->input));
        writer_define(writer, layer, "channels", "%s", value_channels(writer, layer->input));
        writer_define(writer, layer, "positions", "(OUTPUT_HEIGHT * OUTPUT_WIDTH)");
    } else {
        writer_define(writer, layer, "units", "%s", value_size(writer, layer->input));
    }
    if (layer->likelihood->constants)
        layer->likelihood->constants(writer, layer);
}

bool output_loops_over_positions(const struct layer *layer)
{
    return layer->is_per_position && layer->likelihood->is_class;
}

const char *output_size(struct writer *writer, const struct layer *layer)
{
    return output_loops_over_positions(layer) ? "OUTPUT_CHANNELS" : value_size(writer, layer->output);
}

const char *output_at(struct writer *writer, const struct layer *layer, const struct value *value)
{
    return output_loops_over_positions(layer)
               ? writer_format(writer, "%s[n][y][x]", value_place(writer, value))
               : value_start(writer, value, "n");
}

/* Loops over the positions, inside the one over the examples. */
static void positions_open(struct writer *writer, const struct layer *layer)
{
    if (!output_loops_over_positions(layer))
        return;
    writer_loop(writer, "y", "OUTPUT_HEIGHT");
    writer_loop_open(writer, "x", "OUTPUT_WIDTH");
}

static void positions_close(struct writer *writer, const struct layer *layer)
{
    if (!output_loops_over_positions(layer))
        return;
    writer_close(writer);
    writer_end(writer, 1);
}

/* The two together, where nothing stands between them. */
static void targets_open(struct writer *writer, const struct layer *layer)
{
    writer_examples(writer);
    if (output_loops_over_positions(layer))
        positions_open(writer, layer);
    else
        writer_brace(writer);
}

static void targets_close(struct writer *writer, const struct layer *layer)
{
    writer_close(writer);
    if (output_loops_over_positions(layer))
        writer_end(writer, 2);
}

static void emit_loss(struct writer *writer, const struct layer *layer)
{
    const char *formula =
        layer->likelihood->formula_of ? layer->likelihood->formula_of(layer) : layer->likelihood->formula;
    writer_line(writer, "/* loss[n] = %s%s */", layer->is_per_position ? "mean over the positions of " : "",
                formula);
    writer_function(writer, layer, "loss");
    writer_examples_open(writer);
    writer_line(writer, "double loss = 0;");
    positions_open(writer, layer);
    layer->likelihood->loss(writer, layer);
    positions_close(writer, layer);
    writer_line(writer, "net->loss[n] = loss%s;", layer->is_per_position ? " / OUTPUT_POSITIONS" : "");
    writer_close(writer);
    writer_function_end(writer);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    if (layer->likelihood->functions)
        layer->likelihood->functions(writer, layer);
    writer_function(writer, layer, "forward");
    targets_open(writer, layer);
    writer_line(writer, "const real *z = %s;", output_at(writer, layer, layer->input));
    layer->likelihood->forward(writer, layer);
    targets_close(writer, layer);
    writer_function_end(writer);
    emit_loss(writer, layer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward");
    const char *examples = writer->graph->wants_probe ? "(net->is_training ? batch : 1)" : "batch";
    if (layer->is_per_position)
        writer_line(
            writer,
            "const real share = 1 / ((real)%s * OUTPUT_POSITIONS); /* the loss of a batch is the mean "
            "over all positions */",
            examples);
    else
        writer_line(
            writer,
            "const real share = 1 / (real)%s; /* the loss of a batch is the mean over its examples%s */",
            examples, writer->graph->wants_probe ? "; for a probe each stands alone" : "");
    targets_open(writer, layer);
    writer_line(writer, "real *dz = %s;", output_at(writer, layer, layer->dinput));
    layer->likelihood->backward(writer, layer);
    targets_close(writer, layer);
    writer_function_end(writer);
}

static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation *start(const struct layer *layer)
{
    (void)layer;
    return &probe_start;
}

static const struct operation backward = {.name = "backward",
                                          .phase = PHASE_BACKWARD,
                                          .takes_batch = true,
                                          .in_probe = start,
                                          .emit = BOTH_FORMS(emit_backward)};

static void output_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void output_backward(struct graph *graph, struct layer *layer)
{
    struct node *node = build_backward(graph, layer, &backward);
    if (!node)
        return;
    node_reads(node, layer->input);
    node_reads(node, layer->output);
}

const struct layer_kind layer_output = {
    .name = "output",
    .summary = "the likelihood of the target, which training maximises",
    .attributes = no_attributes,
    .reads_flat = true,
    .shape = output_shape,
    .forward = output_forward,
    .backward = output_backward,
    .constants = output_constants,
};
