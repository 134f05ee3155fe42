/* layernorm.c - layer normalisation (Ba, Kiros, Hinton 2016): the numbers of each example get mean 0 and
 * variance 1, those of an image pixel by pixel over the channels, as in channels-last networks of today.
 *
 *     f1: dense 64 layernorm relu
 *
 *     x̂ = (x - m) s    y = gain x̂ + bias    m = Σ_c x / C    s = 1 / √(Σ_c (x - m)² / C + eps)
 *     dbias = Σ dy    dgain = Σ dy x̂    dx = s (g - Σ_c g / C - x̂ Σ_c g x̂ / C),  g = gain dy
 *
 * The backward pass measures again instead of keeping a number for each pixel. */
#include "emit/writer.h"
#include "layers/norm.h"

static const struct attribute attributes[] = {
    {.name = "eps",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1e-5",
     .least = 0,
     .above_least = true,
     .most = 1,
     .meaning = "added to the variance"},
    {0},
};

static struct shape layernorm_shape(struct graph *graph, struct layer *layer, struct shape input,
                                    struct shape_check *check)
{
    (void)check;
    norm_add_parameter(graph, layer, "weight", input, PARAMETER_ONE);
    norm_add_parameter(graph, layer, "bias", input, PARAMETER_ZERO);
    return input;
}

/* Loops over everything that has a mean of its own, with an open brace; gives how many are unbraced. */
static int open_pixels(struct writer *writer, const struct layer *layer)
{
    if (layer->output->shape.is_vector) {
        writer_loop_open(writer, "n", "batch");
        return 0;
    }
    writer_loop(writer, "n", "batch");
    writer_loop(writer, "y", value_height(writer, layer->output));
    writer_loop_open(writer, "x", value_width(writer, layer->output));
    return 2;
}

static void close_pixels(struct writer *writer, int loops)
{
    writer_close(writer);
    writer_end(writer, loops);
}

static void emit_measure(struct writer *writer, const struct layer *layer)
{
    const char *channels = value_channels(writer, layer->output);
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    writer_line(writer, "real mean = 0, variance = 0;");
    writer_loop(writer, "c", channels);
    writer_line(writer, "mean += %s / %s;", x, channels);
    writer_end(writer, 1);
    writer_loop(writer, "c", channels);
    writer_line(writer, "variance += (%s - mean) * (%s - mean) / %s;", x, x, channels);
    writer_end(writer, 1);
    writer_line(writer, "const real scale = 1 / real_sqrt(variance + %s);",
                layer_constant(writer, layer, "eps"));
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    writer_function(writer, layer, "forward");
    int loops = open_pixels(writer, layer);
    emit_measure(writer, layer);
    writer_loop_open(writer, "c", value_channels(writer, layer->output));
    writer_line(writer,
                "const real z = (%s - mean) * scale * net->param.%s.weight[c] + net->param.%s.bias[c];", x,
                layer->name, layer->name);
    writer_line(writer, "%s = %s;", value_at(writer, layer->output, "n", "y", "x", "c"),
                norm_activated(writer, layer, "z"));
    writer_close(writer);
    close_pixels(writer, loops);
    writer_function_end(writer);
}

/* dz of one element, in the place of dy where an activation is fused. */
static void emit_slope(struct writer *writer, const struct layer *layer)
{
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    if (layer->activation)
        writer_line(writer, "%s = %s;", dy,
                    layer->activation->kind->activation->backward(
                        writer, layer->activation, value_at(writer, layer->output, "n", "y", "x", "c"), dy));
    writer_line(writer, "const real dz = %s, away = (%s - mean) * scale;", dy,
                value_at(writer, layer->input, "n", "y", "x", "c"));
    writer_line(writer, "net->dparam.%s.bias[c] += dz;", layer->name);
    writer_line(writer, "net->dparam.%s.weight[c] += dz * away;", layer->name);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const char *channels = value_channels(writer, layer->output), *name = layer->name;
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    writer_function(writer, layer, "backward");
    int loops = open_pixels(writer, layer);
    emit_measure(writer, layer);
    if (layer->dinput)
        writer_line(writer, "real level = 0, slope = 0; /* means of gain dz, and of gain dz x̂ */");
    writer_loop_open(writer, "c", channels);
    emit_slope(writer, layer);
    if (layer->dinput) {
        writer_line(writer, "level += dz * net->param.%s.weight[c] / %s;", name, channels);
        writer_line(writer, "slope += dz * net->param.%s.weight[c] * away / %s;", name, channels);
    }
    writer_close(writer);
    if (layer->dinput) {
        writer_loop(writer, "c", channels);
        writer_line(writer,
                    "%s = scale * (%s * net->param.%s.weight[c] - level - (%s - mean) * scale * slope);",
                    value_at(writer, layer->dinput, "n", "y", "x", "c"),
                    value_at(writer, layer->doutput, "n", "y", "x", "c"), name, x);
        writer_end(writer, 1);
    }
    close_pixels(writer, loops);
    writer_function_end(writer);
}

static const struct operation forward = {.name = "forward",
                                         .phase = PHASE_FORWARD,
                                         .emit = {[NODE_TILED] = emit_forward, [NODE_PLAIN] = emit_forward}};
static const struct operation backward = {
    .name = "backward",
    .phase = PHASE_BACKWARD,
    .emit = {[NODE_TILED] = emit_backward, [NODE_PLAIN] = emit_backward}};

static void layernorm_forward(struct graph *graph, struct layer *layer)
{
    norm_forward(graph, layer, &forward);
}

static void layernorm_backward(struct graph *graph, struct layer *layer)
{
    norm_backward(graph, layer, &backward);
}

const struct layer_kind layer_layernorm = {
    .name = "layernorm",
    .summary =
        "each example, of an image each pixel, with mean 0 and variance 1, then a learned gain and bias",
    .attributes = attributes,
    .is_word = true,
    .has_parameters = true,
    .keeps_shape = true,
    .is_normalisation = true,
    .may_fuse_activation = true,
    .shape = layernorm_shape,
    .forward = layernorm_forward,
    .backward = layernorm_backward,
    .constants = norm_constants,
    .parameters = norm_parameters,
};
