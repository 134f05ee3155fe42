/* conv.c - two-dimensional convolution (cross-correlation, as in every framework), channels last.
 *
 *     c3: conv 16 5x5 relu
 *
 *     y[n][y][x][f] = b[f] + Σ_ijc w[f][c][i][j] x[n][y s + i - p][x s + j - p][c]
 *     dw[f][c][i][j] = Σ_nyx dy[n][y][x][f] x[n][y s + i - p][x s + j - p][c]
 *     dx[n][y s + i - p][x s + j - p][c] += Σ_f dy[n][y][x][f] w[f][c][i][j]
 *     db[f] = Σ_nyx dy[n][y][x][f]                     (Goodfellow, Bengio, Courville: Deep Learning,
 * 2016, 9.5)
 *
 * Padding is a border of zeros that stands in memory around the input, so no loop tests for it. */
#include "layers/conv.h"

#include "emit/writer.h"
#include "ir/build.h"

static const struct attribute attributes[] = {
    {.name = "filters",
     .type = ATTRIBUTE_COUNT,
     .position = 0,
     .least = 1,
     .most = 1 << 20,
     .meaning = "filters, which are the channels of the result"},
    {.name = "kernel",
     .type = ATTRIBUTE_SIZE,
     .position = 1,
     .least = 1,
     .most = 65535,
     .meaning = "height x width of each filter; one number means a square"},
    {.name = "stride",
     .type = ATTRIBUTE_SIZE,
     .position = -1,
     .fallback = "1",
     .least = 1,
     .most = 65535,
     .meaning = "step of the window"},
    {.name = "pad",
     .type = ATTRIBUTE_PADDING,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 65535,
     .choices = padding_words,
     .meaning = "zeros around the input: N, same, valid or [top, left, bottom, right]"},
    WEIGHTS_ATTRIBUTES,
    {0},
};

struct window conv_window(const struct layer *layer)
{
    return window_of((struct layer *)layer, "kernel", layer->input->shape);
}

static struct shape conv_shape(struct graph *graph, struct layer *layer, struct shape input,
                               struct shape_check *check)
{
    if (!window_wants_image(input, check))
        return input;
    struct window window = window_of(layer, "kernel", input);
    struct shape shape = window_shape(&window, input, check);
    if (check->failed)
        return input;
    shape.channels = layer_setting(layer, "filters")->integer[0];
    weights_attach(graph, layer,
                   (struct parameter){.filters = shape.channels,
                                      .channels = input.channels,
                                      .height = window.height,
                                      .width = window.width,
                                      .rank = 4},
                   check);
    if (!check->failed)
        layer->flop = 2 * shape.height * shape.width * parameter_size(layer->weight);
    return shape;
}

static const struct operation forward = {
    .name = "forward",
    .phase = PHASE_FORWARD,
    .emit = {[NODE_TILED] = conv_tiled_forward, [NODE_PLAIN] = conv_plain_forward},
};
static const struct operation backward_weight = {
    .name = "backward_weight",
    .phase = PHASE_BACKWARD,
    .emit = {[NODE_TILED] = conv_tiled_backward_weight, [NODE_PLAIN] = conv_plain_backward_weight},
};
static const struct operation transpose = {
    .name = "transpose",
    .phase = PHASE_BACKWARD,
    .is_of_net = true,
    .emit = {[NODE_TILED] = conv_tiled_transpose},
};
static const struct operation backward_input = {
    .name = "backward_input",
    .phase = PHASE_BACKWARD,
    .emit = {[NODE_TILED] = conv_tiled_backward_input, [NODE_PLAIN] = conv_plain_backward_input},
};

static void conv_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void conv_backward(struct graph *graph, struct layer *layer)
{
    build_weights_backward(graph, layer,
                           &(struct build_weights){.output = &weights_backward_output,
                                                   .weight = &backward_weight,
                                                   .transpose = &transpose,
                                                   .input = &backward_input,
                                                   .needs_output = weights_needs_backward_output(layer)});
}

static void conv_schedule(const struct graph *graph, struct layer *layer)
{
    struct window window = conv_window(layer);
    struct value *input = layer->input;
    value_widen_border(input, layer, window.pad);
    if (layer->dinput)
        value_widen_border(layer->dinput, layer, window.pad);
    if (graph->form != NODE_TILED)
        return;
    int64_t filters = layer->output->shape.channels, row = window.width * input->shape.channels;
    tiling_choose(graph->target, &layer->tiling[TILING_FORWARD], filters, layer->output->shape.width);
    tiling_choose(graph->target, &layer->tiling[TILING_WEIGHT], filters, row);
    tiling_choose(graph->target, &layer->tiling[TILING_INPUT], row, layer->output->shape.width);
    if (layer->transposed)
        layer->transposed->shape =
            (struct shape){.height = window.height,
                           .width = layer->tiling[TILING_INPUT].panels * layer->tiling[TILING_INPUT].panel,
                           .channels = filters};
}

static void conv_constants(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    writer_define(writer, layer, "filters", "%lld", (long long)layer->output->shape.channels);
    window_constants(writer, layer, &window);
    if (writer->graph->form == NODE_TILED)
        writer_define(writer, layer, "kernel_row", "(%s * %s)", layer_constant(writer, layer, "kernel_width"),
                      value_channels(writer, layer->input));
    weights_constants(writer, layer,
                      writer_format(writer, "%s * %s * %s * %s", layer_constant(writer, layer, "filters"),
                                    value_channels(writer, layer->input),
                                    layer_constant(writer, layer, "kernel_height"),
                                    layer_constant(writer, layer, "kernel_width")));
    if (!layer->transposed)
        return;
    weights_transposed_constants(writer, layer);
    writer_define(writer, layer, "transposed_size", "(%s * %s * %s * %s)",
                  layer_constant(writer, layer, "kernel_height"),
                  layer_constant(writer, layer, "back_panels"), layer_constant(writer, layer, "filters"),
                  layer_constant(writer, layer, "back_panel"));
}

static void conv_parameters(struct writer *writer, const struct layer *layer)
{
    if (writer->graph->form == NODE_TILED)
        writer_line(writer, "real weight[%s][%s][%s][%s];", layer_constant(writer, layer, "panels"),
                    layer_constant(writer, layer, "kernel_height"),
                    layer_constant(writer, layer, "kernel_row"), layer_constant(writer, layer, "panel"));
    else
        writer_line(writer, "real weight[%s][%s][%s][%s];", layer_constant(writer, layer, "kernel_height"),
                    layer_constant(writer, layer, "kernel_width"), value_channels(writer, layer->input),
                    layer_constant(writer, layer, "filters"));
    weights_bias_member(writer, layer);
}

static void conv_transposed(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real (*%s)[%s][%s][%s];", layer->name, layer_constant(writer, layer, "back_panels"),
                layer_constant(writer, layer, "filters"), layer_constant(writer, layer, "back_panel"));
}

const struct layer_kind layer_conv = {
    .name = "conv",
    .summary = "two-dimensional convolution: `filters` filters of size `kernel` slide over the image",
    .attributes = attributes,
    .has_parameters = true,
    .may_fuse_activation = true,
    .channel_word = "filters",
    .row_word = "kernel_row",
    .shape = conv_shape,
    .forward = conv_forward,
    .backward = conv_backward,
    .schedule = conv_schedule,
    .constants = conv_constants,
    .parameters = conv_parameters,
    .transposed = conv_transposed,
};
