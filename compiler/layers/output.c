/* output.c - the last statement of a net: what the target is and how likely the network makes it. The kinds
 * are in output_class.c (categorical, bernoulli) and output_real.c (normal, squared_error); this file has
 * what they share.
 *
 *     output categorical    ->    output_forward (prediction), output_loss (sum over the batch),
 * output_backward */
#include "layers/output.h"

#include <string.h>

#include "emit/writer.h"
#include "ir/build.h"

static const struct attribute no_attributes[] = {{0}};

const char *const output_targets[] = {"input", NULL};

static void report_count(struct layer *layer, struct shape input, struct shape_check *check)
{
    const struct output_kind *kind = layer->likelihood;
    struct text shape = text_create(check->arena);
    shape_print(&shape, input);
    check->failed = true;
    struct diagnostic *error =
        diagnostics_error(check->diagnostics, E0404, check->span, "output '%s' needs %s, but '%s' gives %s",
                          kind->name, kind->needs, check->source->name, shape.bytes);
    diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
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
    int64_t count = shape_size(input);
    layer->target_size = layer->likelihood->target_size(layer, count);
    if (layer->likelihood->is_per_position && input.height * input.width > 1) {
        check->failed = true;
        diagnostics_error(check->diagnostics, E0210, check->span,
                          "output '%s' for every position of an image (%lldx%lld) is not supported yet",
                          layer->likelihood->name, (long long)input.height, (long long)input.width);
        return input;
    }
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
    return (struct shape){.height = 1, .width = 1, .channels = layer->prediction_size, .is_vector = true};
}

static void output_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "units", "%s", value_size(writer, layer->input));
    if (layer->likelihood->constants)
        layer->likelihood->constants(writer, layer);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    if (layer->likelihood->functions)
        layer->likelihood->functions(writer, layer);
    writer_function(writer, layer, "forward");
    writer_examples_open(writer);
    writer_line(writer, "const real *z = %s;", value_start(writer, layer->input, "n"));
    layer->likelihood->forward(writer, layer);
    writer_close(writer);
    writer_function_end(writer);

    const char *formula =
        layer->likelihood->formula_of ? layer->likelihood->formula_of(layer) : layer->likelihood->formula;
    writer_line(writer, "/* loss[n] = %s */", formula);
    writer_function(writer, layer, "loss");
    writer_examples_open(writer);
    writer_line(writer, "double loss = 0;");
    layer->likelihood->loss(writer, layer);
    writer_line(writer, "net->loss[n] = loss;");
    writer_close(writer);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward");
    writer_line(
        writer,
        "const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */");
    writer_examples_open(writer);
    writer_line(writer, "real *dz = %s;", value_start(writer, layer->dinput, "n"));
    layer->likelihood->backward(writer, layer);
    writer_close(writer);
    writer_function_end(writer);
}

static const struct operation forward = {.name = "forward",
                                         .phase = PHASE_FORWARD,
                                         .emit = {[NODE_TILED] = emit_forward, [NODE_PLAIN] = emit_forward}};
static const struct operation backward = {
    .name = "backward",
    .phase = PHASE_BACKWARD,
    .takes_batch = true,
    .emit = {[NODE_TILED] = emit_backward, [NODE_PLAIN] = emit_backward}};

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
