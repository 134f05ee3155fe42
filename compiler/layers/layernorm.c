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
#include "layers/weights.h"

static const struct attribute attributes[] = {NORM_EPS_ATTRIBUTE, {0}};

static struct shape layernorm_shape(struct graph *graph, struct layer *layer, struct shape input,
                                    struct shape_check *check)
{
    if (!norm_check_channels(input, check))
        return input;
    norm_add_parameter(graph, layer, "weight", input, PARAMETER_ONE);
    norm_add_parameter(graph, layer, "bias", input, PARAMETER_ZERO);
    return input;
}

/* Loops over everything that has a mean of its own, with an open brace; gives how many are unbraced. */
static int open_pixels(struct writer *writer, const struct layer *layer)
{
    if (layer->output->shape.is_vector) {
        writer_examples_open(writer);
        return 0;
    }
    writer_examples(writer);
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

static void emit_plain_forward(struct writer *writer, const struct layer *layer)
{
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *z =
        writer_format(writer, "(%s - mean) * scale * net->param.%s.weight[c] + net->param.%s.bias[c]", x,
                      layer->name, layer->name);
    writer_function(writer, layer, "forward");
    int loops = open_pixels(writer, layer);
    emit_measure(writer, layer);
    writer_loop(writer, "c", value_channels(writer, layer->output));
    norm_store(writer, layer, value_at(writer, layer->output, "n", "y", "x", "c"), z);
    writer_end(writer, 1);
    close_pixels(writer, loops);
    writer_function_end(writer);
}

/* Does training want dx? */
static bool trains_input(const struct layer *layer)
{
    return layer->dinput && !layer->dinput->is_for_probe;
}

static void emit_pixel_gradient(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "c", value_channels(writer, layer->output));
    writer_line(writer, "%s = scale * (%s * net->param.%s.weight[c] - level - (%s - mean) * scale * slope);",
                value_at(writer, layer->dinput, "n", "y", "x", "c"),
                value_at(writer, layer->doutput, "n", "y", "x", "c"), layer->name,
                value_at(writer, layer->input, "n", "y", "x", "c"));
    writer_end(writer, 1);
}

static void emit_plain_backward(struct writer *writer, const struct layer *layer)
{
    const char *channels = value_channels(writer, layer->output), *name = layer->name;
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    writer_function(writer, layer, "backward");
    int loops = open_pixels(writer, layer);
    emit_measure(writer, layer);
    if (trains_input(layer))
        writer_line(writer, "real level = 0, slope = 0; /* means of gain dz, and of gain dz x̂ */");
    writer_loop_open(writer, "c", channels);
    norm_slope(writer, layer);
    writer_line(writer, "const real dz = %s, away = (%s - mean) * scale;", dy, x);
    writer_line(writer, "net->dparam.%s.bias[c] += dz;", name);
    writer_line(writer, "net->dparam.%s.weight[c] += dz * away;", name);
    if (trains_input(layer)) {
        writer_line(writer, "level += dz * net->param.%s.weight[c] / %s;", name, channels);
        writer_line(writer, "slope += dz * net->param.%s.weight[c] * away / %s;", name, channels);
    }
    writer_close(writer);
    if (trains_input(layer))
        emit_pixel_gradient(writer, layer);
    close_pixels(writer, loops);
    writer_function_end(writer);
}

/* The fast form takes the channels of a pixel as a row of vectors: tile8 where a row fills one. */
static void layernorm_schedule(struct graph *graph, struct layer *layer)
{
    struct tiling *tiling = &layer->tiling[TILING_FORWARD];
    tiling->lanes = 4;
    while (tiling->lanes < graph->target->lanes && 2 * tiling->lanes <= layer->output->shape.channels)
        tiling->lanes *= 2;
}

static const char *row_of(struct writer *writer, const struct value *value)
{
    return writer_format(writer, "&%s", value_at(writer, value, "n", "y", "x", "0"));
}

static void emit_row_measure(struct writer *writer, const struct layer *layer, const char *tile)
{
    writer_line(writer, "real mean, scale;");
    writer_line(writer, "%s_row_measure(%s, %s, %s, &mean, &scale);", tile, row_of(writer, layer->input),
                value_channels(writer, layer->output), layer_constant(writer, layer, "eps"));
}

static void emit_tiled_forward(struct writer *writer, const struct layer *layer)
{
    const char *tile = tile_name(writer, &layer->tiling[TILING_FORWARD]), *name = layer->name;
    const char *channels = value_channels(writer, layer->output);
    const char *y = value_at(writer, layer->output, "n", "y", "x", "c");
    writer_function(writer, layer, "forward");
    int loops = open_pixels(writer, layer);
    emit_row_measure(writer, layer, tile);
    writer_line(writer, "%s_row_normalise(%s, net->param.%s.weight, net->param.%s.bias,", tile,
                row_of(writer, layer->input), name, name);
    writer_more(writer, "mean, scale, %s, %s);", channels, row_of(writer, layer->output));
    if (layer->activation) {
        writer_loop(writer, "c", channels);
        writer_line(writer, "%s = %s;", y, norm_activated(writer, layer, y));
        writer_end(writer, 1);
    }
    close_pixels(writer, loops);
    writer_function_end(writer);
}

static void emit_row_gradient(struct writer *writer, const struct layer *layer, const char *tile)
{
    writer_line(writer, "%s_row_gradient(%s, net->param.%s.weight, %s,", tile, row_of(writer, layer->doutput),
                layer->name, row_of(writer, layer->input));
    writer_more(writer, "mean, scale, %s, %s);", value_channels(writer, layer->output),
                row_of(writer, layer->dinput));
}

static void emit_tiled_backward(struct writer *writer, const struct layer *layer)
{
    static const char *const names[] = {"dbias", "dgain", NULL};
    const char *tile = tile_name(writer, &layer->tiling[TILING_FORWARD]);
    const char *channels = value_channels(writer, layer->output), *name = layer->name;
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    writer_function(writer, layer, "backward");
    writer_line(writer, "double dbias[%s] = {0}, dgain[%s] = {0};", channels, channels);
    norm_sums_open(writer, layer, names);
    writer_brace(writer);
    emit_row_measure(writer, layer, tile);
    writer_loop_open(writer, "c", channels);
    norm_slope(writer, layer);
    writer_line(writer, "%s += %s;", norm_sum(writer, layer, "dbias"), dy);
    writer_line(writer, "%s += %s * ((%s - mean) * scale);", norm_sum(writer, layer, "dgain"), dy,
                value_at(writer, layer->input, "n", "y", "x", "c"));
    writer_close(writer);
    if (trains_input(layer))
        emit_row_gradient(writer, layer, tile);
    writer_close(writer);
    writer->depth++; /* norm_sums_close ends the loop as one without a brace */
    norm_sums_close(writer, layer, names);
    writer_loop_open(writer, "c", channels);
    writer_line(writer, "net->group[g].%s.bias[c] = (real)dbias[c];", name);
    writer_line(writer, "net->group[g].%s.weight[c] = (real)dgain[c];", name);
    writer_close(writer);
    writer_function_end(writer);
}

/* dx alone, of dz that is there already */
static void emit_tiled_backward_input(struct writer *writer, const struct layer *layer)
{
    const char *tile = tile_name(writer, &layer->tiling[TILING_FORWARD]);
    writer_function(writer, layer, "backward_input");
    int loops = open_pixels(writer, layer);
    emit_row_measure(writer, layer, tile);
    emit_row_gradient(writer, layer, tile);
    close_pixels(writer, loops);
    writer_function_end(writer);
}

static void emit_plain_backward_input(struct writer *writer, const struct layer *layer)
{
    const char *channels = value_channels(writer, layer->output), *name = layer->name;
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *dz = value_at(writer, layer->doutput, "n", "y", "x", "c");
    writer_function(writer, layer, "backward_input");
    int loops = open_pixels(writer, layer);
    emit_measure(writer, layer);
    writer_line(writer, "real level = 0, slope = 0; /* means of gain dz, and of gain dz x̂ */");
    writer_loop_open(writer, "c", channels);
    writer_line(writer, "level += %s * net->param.%s.weight[c] / %s;", dz, name, channels);
    writer_line(writer, "slope += %s * net->param.%s.weight[c] * (%s - mean) * scale / %s;", dz, name, x,
                channels);
    writer_close(writer);
    emit_pixel_gradient(writer, layer);
    close_pixels(writer, loops);
    writer_function_end(writer);
}

static const struct operation backward_input = {
    .name = "backward_input",
    .phase = PHASE_PROBE_BACKWARD,
    .emit = {[NODE_TILED] = emit_tiled_backward_input, [NODE_PLAIN] = emit_plain_backward_input}};

static const struct operation *input_alone(const struct layer *layer)
{
    (void)layer;
    return &backward_input;
}

static const struct operation forward = {
    .name = "forward",
    .phase = PHASE_FORWARD,
    .emit = {[NODE_TILED] = emit_tiled_forward, [NODE_PLAIN] = emit_plain_forward}};
static const struct operation backward = {
    .name = "backward",
    .phase = PHASE_BACKWARD,
    .split = SPLIT_GROUPS,
    .in_probe = input_alone,
    .emit = {[NODE_TILED] = emit_tiled_backward, [NODE_PLAIN] = emit_plain_backward}};

static void layernorm_forward(struct graph *graph, struct layer *layer)
{
    norm_forward(graph, layer, &forward);
}

static void layernorm_backward(struct graph *graph, struct layer *layer)
{
    for (int i = 0; i < layer->parameter_count; i++)
        layer->parameters[i]->in_groups = graph->form == NODE_TILED;
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
    .schedule = layernorm_schedule,
    .constants = norm_constants,
    .parameters = norm_parameters,
};
