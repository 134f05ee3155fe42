/* dropout.c - what only happens in training: dropout drops each element with probability `rate` and divides
 * the others by 1 - rate, noise adds a normal number to each.
 *
 *     dropout 0.2        noise 0.1
 *
 *     dropout: y = x m / (1 - rate), dx = dy m / (1 - rate), m one random bit per element (Srivastava et al.,
 *              JMLR 2014)
 *     noise:   y = x + sigma e, dx = dy, e normal (Bishop: Training with Noise, 1995)
 *
 * What is random is a function of seed, label, step and element: the backward pass draws a mask again instead
 * of storing it, or, behind a relu, finds it in the result, which is above 0 where both let through; a
 * maxpool between them does it for both. Dropout is also on where net->is_sampling asks for it: Monte Carlo
 * dropout (Gal and Ghahramani 2016), each of whose samples is one thinned network, whatever the example.
 * Noise is not: it is no posterior. */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/catalogue.h"
#include "layers/weights.h"

extern const struct layer_kind layer_noise;

static const struct attribute attributes[] = {
    {.name = "rate",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "probability that an element is dropped"},
    {0},
};

static const struct attribute noise_attributes[] = {
    {.name = "sigma",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .least = 0,
     .most = 1e6,
     .meaning = "standard deviation of what is added"},
    {0},
};

static struct shape kept_shape(struct graph *graph, struct layer *layer, struct shape input,
                               struct shape_check *check)
{
    (void)graph, (void)layer, (void)check;
    return input;
}

static void dropout_constants(struct writer *writer, const struct layer *layer)
{
    writer_setting(writer, layer_constant(writer, layer, "rate"), layer_setting(layer, "rate")->real);
    writer_define(writer, layer, "stream", "UINT64_C(0x%016llx) /* FNV-1a of \"%s\" */",
                  (unsigned long long)writer_stream(layer->name), layer->name);
}

static void noise_constants(struct writer *writer, const struct layer *layer)
{
    writer_setting(writer, layer_constant(writer, layer, "sigma"), layer_setting(layer, "sigma")->real);
    writer_define(writer, layer, "stream", "UINT64_C(0x%016llx) /* FNV-1a of \"%s\" */",
                  (unsigned long long)writer_stream(layer->name), layer->name);
}

/* Declares what the calls of the runtime take: struct dropout dropout, or struct noise noise. */
static void emit_settings(struct writer *writer, const struct layer *layer, const char *condition)
{
    const char *kind = layer->kind->name;
    writer_line(writer, "const struct %s %s = {net->seed, %s, net->step, %s%s};", kind, kind,
                layer_constant(writer, layer, "stream"), condition,
                layer_constant(writer, layer, layer->kind->attributes[0].name));
}

static void emit_copy(struct writer *writer, const struct value *from, const struct value *to)
{
    const struct value *values[] = {to, from};
    const char *element[2];
    int loops = writer_elements(writer, values, 2, element);
    writer_line(writer, "%s = %s;", element[0], element[1]);
    writer_end(writer, loops);
}

/* The result of element `place` of the batch, x of it given. */
static const char *element_result(struct writer *writer, const struct layer *layer, const char *place,
                                  const char *x)
{
    if (layer->kind == &layer_noise)
        return writer_format(writer, "%s + noise_of_element(noise, %s)", x, place);
    return writer_format(writer, "dropout_keeps_element(dropout, %s) ? %s / (real)(1 - dropout.rate) : 0",
                         place, x);
}

/* y = f(x) for example n, element by element: the formula itself. The elements of an example begin `apart`
 * behind those of the one before. */
static void emit_plain(struct writer *writer, const struct layer *layer, const struct value *from,
                       const struct value *to, const char *apart)
{
    const struct value *values[] = {to, from};
    const char *element[2];
    bool is_vector = to->shape.is_vector;
    int loops = writer_elements(writer, values, 2, element);
    const char *place = is_vector
                            ? writer_format(writer, "(uint32_t)n * %s + (uint32_t)i", apart)
                            : writer_format(writer, "(uint32_t)n * %s + (uint32_t)((y * %s + x) * %s + c)",
                                            apart, value_width(writer, to), value_channels(writer, to));
    writer_line(writer, "%s = %s;", element[0], element_result(writer, layer, place, element[1]));
    writer_end(writer, loops);
}

/* The same, row by row, four elements to a block of random words. */
static void emit_rows(struct writer *writer, const struct layer *layer, const struct value *from,
                      const struct value *to, const char *apart)
{
    const char *kind = layer->kind->name;
    const char *size = value_size(writer, to);
    if (!value_has_border(from) && !value_has_border(to)) {
        writer_line(writer, "%s_apply(%s, (uint32_t)n * %s, %s, %s, %s);", kind, kind, apart,
                    value_start(writer, from, "n"), value_start(writer, to, "n"), size);
        return;
    }
    const char *row = writer_format(writer, "%s * %s", value_width(writer, to), value_channels(writer, to));
    writer_loop(writer, "y", value_height(writer, to));
    writer_line(writer, "%s_apply(%s, (uint32_t)n * %s + (uint32_t)(y * %s), &%s, &%s, %s);", kind, kind,
                apart, row, value_at(writer, from, "n", "y", "0", "0"),
                value_at(writer, to, "n", "y", "0", "0"), row);
    writer_end(writer, 1);
}

static void emit_change(struct writer *writer, const struct layer *layer, const struct value *from,
                        const struct value *to, const char *apart)
{
    writer_examples(writer);
    if (writer->graph->form == NODE_PLAIN)
        emit_plain(writer, layer, from, to, apart);
    else
        emit_rows(writer, layer, from, to, apart);
    writer_end(writer, 1);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    emit_settings(writer, layer, "!net->is_training && !net->is_sampling ? 0 : ");
    writer_line(
        writer,
        "const uint32_t apart = net->is_sampling ? 0 : %s; /* a sample has one mask for all examples */",
        value_size(writer, layer->output));
    emit_change(writer, layer, layer->input, layer->output, "apart");
    writer_function_end(writer);
}

static void emit_noise_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    emit_settings(writer, layer, "!net->is_training ? 0 : ");
    emit_change(writer, layer, layer->input, layer->output, value_size(writer, layer->output));
    writer_function_end(writer);
}

/* dx = dy m / (1 - rate), with the mask of the forward pass */
static void emit_masked(struct writer *writer, const struct layer *layer, const char *name)
{
    writer_function(writer, layer, name);
    emit_settings(writer, layer, writer->graph->wants_probe ? "!net->is_training ? 0 : " : "");
    emit_change(writer, layer, layer->doutput, layer->dinput, value_size(writer, layer->dinput));
    writer_function_end(writer);
}

/* What was kept and is above 0 tells both masks, that of dropout and that of relu. */
static void emit_gated(struct writer *writer, const struct layer *layer)
{
    const struct value *values[] = {layer->dinput, layer->output, layer->doutput};
    const char *element[3];
    writer_line(writer, "/* With relu' of %s: dz = 0 where the result is not above 0 */",
                layer->input->layer->name);
    writer_function(writer, layer, "backward");
    writer_line(writer, "const real scale = (real)(1 / (1 - %s));", layer_constant(writer, layer, "rate"));
    writer_examples(writer);
    int loops = writer_elements(writer, values, 3, element);
    writer_line(writer, "%s = real_or_zero(%s * scale, %s > 0);", element[0], element[2], element[1]);
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    if (weights_is_gate(layer))
        emit_gated(writer, layer);
    else
        emit_masked(writer, layer, "backward");
}

static void emit_ungated(struct writer *writer, const struct layer *layer)
{
    weights_explain_ungated(writer, layer);
    emit_masked(writer, layer, "backward_ungated");
}

/* What is added does not depend on x. */
static void emit_noise_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward");
    writer_examples(writer);
    emit_copy(writer, layer->doutput, layer->dinput);
    writer_end(writer, 1);
    writer_function_end(writer);
}

static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward_ungated = {
    .name = "backward_ungated", .phase = PHASE_PROBE_BACKWARD, .emit = {[NODE_TILED] = emit_ungated}};

static const struct operation *ungated(const struct layer *layer)
{
    return weights_is_gate(layer) ? &backward_ungated : NULL;
}

static const struct operation backward = {
    .name = "backward", .phase = PHASE_BACKWARD, .in_probe = ungated, .emit = BOTH_FORMS(emit_backward)};

static const struct operation noise_forward_node = OPERATION("forward", PHASE_FORWARD, emit_noise_forward);
static const struct operation noise_backward_node =
    OPERATION("backward", PHASE_BACKWARD, emit_noise_backward);

static void dropout_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

/* Does the layer before it find the mask in this one's result? */
static bool is_taken(const struct graph *graph, const struct layer *layer)
{
    const struct layer *source = layer->input->layer;
    return source->output == layer->input && layer->input->consumers == 1 && source->kind->may_take_dropout &&
           source->kind->may_take_dropout(graph, source);
}

static void dropout_backward(struct graph *graph, struct layer *layer)
{
    if (is_taken(graph, layer)) {
        layer->input->layer->dropout = layer;
        if (build_input_gradient(graph, layer))
            layer->dinput->view_of = layer->doutput; /* in evaluation mode it is the same */
        return;
    }
    struct node *node = build_backward(graph, layer, &backward);
    if (node)
        weights_take_gate(graph, layer, node);
}

static void noise_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &noise_forward_node);
}

static void noise_backward(struct graph *graph, struct layer *layer)
{
    build_backward(graph, layer, &noise_backward_node);
}

const struct layer_kind layer_dropout = {
    .name = "dropout",
    .summary = "in training, drops each element with probability `rate` and scales the others up",
    .attributes = attributes,
    .is_word = true,
    .keeps_shape = true,
    .may_be_sampled = true,
    .shape = kept_shape,
    .forward = dropout_forward,
    .backward = dropout_backward,
    .constants = dropout_constants,
};

const struct layer_kind layer_noise = {
    .name = "noise",
    .summary = "in training, adds a normal number of deviation `sigma` to each element",
    .attributes = noise_attributes,
    .is_word = true,
    .keeps_shape = true,
    .shape = kept_shape,
    .forward = noise_forward,
    .backward = noise_backward,
    .constants = noise_constants,
};
