/* conv_transpose.c - transposed convolution: what the backward pass of a convolution does with a gradient is
 * done with the image, so that it grows (Zeiler et al. 2010; PyTorch's ConvTranspose2d).
 *
 *     u: conv_transpose 8 2x2 stride=2        7x7x16 -> 14x14x8
 *
 *     y[r][q][f] = b[f] + Σ w[c][f][i][j] x[y][x][c]    over all with  r = y s + i - p,  q = x s + j - p
 *     dw[c][f][i][j] = Σ dy[r][q][f] x[y][x][c]         dx[y][x][c] = Σ dy[r][q][f] w[c][f][i][j]
 *
 * `pad` takes rows and columns away, output_pad adds some at the end. Without `pad` the fast form walks the
 * tiles of a convolution from the result to the input, in the other direction. With it both forms walk the
 * same loops.
 */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/conv.h"

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
     .meaning = "pixels of the result from one pixel of the input to the next"},
    {.name = "pad",
     .type = ATTRIBUTE_SIZE,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 65535,
     .meaning = "rows and columns that the result has less at each side"},
    {.name = "output_pad",
     .type = ATTRIBUTE_SIZE,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 65535,
     .meaning = "rows and columns that the result has more at its end; less than the stride"},
    WEIGHTS_ATTRIBUTES,
    {0},
};

static int64_t side(const struct layer *layer, const char *name, int axis)
{
    return layer_setting(layer, name)->integer[axis];
}

/* Rows (axis 0) or columns of the result; below 1 where nothing is left. */
static int64_t extent(const struct layer *layer, int64_t input, int axis)
{
    return (input - 1) * side(layer, "stride", axis) + side(layer, "kernel", axis) -
           2 * side(layer, "pad", axis) + side(layer, "output_pad", axis);
}

static bool check_sizes(struct layer *layer, struct shape shape, struct shape_check *check)
{
    const struct setting *more = layer_setting(layer, "output_pad"), *pad = layer_setting(layer, "pad");
    for (int axis = 0; axis < 2; axis++)
        if (more->integer[axis] >= side(layer, "stride", axis)) {
            diagnostics_error(check->diagnostics, E0305, more->span,
                              "output_pad of conv_transpose '%s' must be less than its stride", layer->name);
            return false;
        }
    if (shape.height >= 1 && shape.width >= 1)
        return true;
    diagnostics_error(check->diagnostics, E0403, pad->is_given ? pad->span : check->span,
                      "conv_transpose '%s' pads away all of its result", layer->name);
    return false;
}

static struct shape transpose_shape(struct graph *graph, struct layer *layer, struct shape input,
                                    struct shape_check *check)
{
    if (!window_wants_image(input, check))
        return input;
    struct shape shape = {.height = extent(layer, input.height, 0),
                          .width = extent(layer, input.width, 1),
                          .channels = layer_setting(layer, "filters")->integer[0]};
    check->failed = !check_sizes(layer, shape, check);
    if (check->failed)
        return input;
    weights_attach(graph, layer,
                   (struct parameter){.filters = input.channels,
                                      .channels = shape.channels,
                                      .height = side(layer, "kernel", 0),
                                      .width = side(layer, "kernel", 1),
                                      .rank = 4},
                   check);
    if (check->failed)
        return input;
    if (layer->bias) {
        layer->bias->filters = shape.channels;
        layer->bias->has_no_panels = true;
    }
    layer->flop = 2 * input.height * input.width * parameter_size(layer->weight);
    return shape;
}

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* Names of the constants of each side; those of padding and stride only where they do something. */
static const struct {
    const char *size, *kernel, *stride, *pad, *output_pad;
} names[2] = {{"height", "kernel_height", "stride_y", "pad_top", "output_pad_y"},
              {"width", "kernel_width", "stride_x", "pad_left", "output_pad_x"}};

static void side_constants(struct writer *writer, const struct layer *layer, int axis)
{
    int64_t stride = side(layer, "stride", axis), pad = side(layer, "pad", axis),
            output_pad = side(layer, "output_pad", axis);
    writer_define(writer, layer, names[axis].kernel, "%lld", (long long)side(layer, "kernel", axis));
    if (stride > 1)
        writer_define(writer, layer, names[axis].stride, "%lld", (long long)stride);
    if (pad)
        writer_define(writer, layer, names[axis].pad, "%lld", (long long)pad);
    if (output_pad)
        writer_define(writer, layer, names[axis].output_pad, "%lld", (long long)output_pad);
    struct text size = text_create(writer->graph->arena);
    text_format(&size, "((%s - 1)%s%s + %s",
                axis == 0 ? value_height(writer, layer->input) : value_width(writer, layer->input),
                stride > 1 ? " * " : "", stride > 1 ? constant(writer, layer, names[axis].stride) : "",
                constant(writer, layer, names[axis].kernel));
    if (pad)
        text_format(&size, " - 2 * %s", constant(writer, layer, names[axis].pad));
    if (output_pad)
        text_format(&size, " + %s", constant(writer, layer, names[axis].output_pad));
    writer_define(writer, layer, names[axis].size, "%s)", size.bytes);
}

static void transpose_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "filters", "%lld", (long long)layer->output->shape.channels);
    for (int axis = 0; axis < 2; axis++)
        side_constants(writer, layer, axis);
    if (layer->transposed)
        writer_define(writer, layer, "kernel_row", "(%s * %s)", constant(writer, layer, "kernel_width"),
                      constant(writer, layer, "filters"));
    weights_constants(writer, layer,
                      writer_format(writer, "%s * %s * %s * %s", value_channels(writer, layer->input),
                                    constant(writer, layer, "filters"),
                                    constant(writer, layer, "kernel_height"),
                                    constant(writer, layer, "kernel_width")));
    if (layer->transposed)
        conv_transpose_tiled_constants(writer, layer);
}

static void transpose_parameters(struct writer *writer, const struct layer *layer)
{
    if (layer->transposed)
        writer_line(writer, "real weight[%s][%s][%s][%s];", constant(writer, layer, "panels"),
                    constant(writer, layer, "kernel_height"), constant(writer, layer, "kernel_row"),
                    constant(writer, layer, "panel"));
    else
        writer_line(writer, "real weight[%s][%s][%s][%s];", constant(writer, layer, "kernel_height"),
                    constant(writer, layer, "kernel_width"), constant(writer, layer, "filters"),
                    value_channels(writer, layer->input));
    weights_bias_member(writer, layer);
}

static const char *tensor_shape(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "%s, %s, %s, %s", value_channels(writer, layer->input),
                         constant(writer, layer, "filters"), constant(writer, layer, "kernel_height"),
                         constant(writer, layer, "kernel_width"));
}

/* "y * U_STRIDE_Y + i - U_PAD_TOP": where the tap falls in the result. */
static const char *reached(struct writer *writer, const struct layer *layer, int axis)
{
    const char *index = axis == 0 ? "y" : "x", *tap = axis == 0 ? "i" : "j";
    if (side(layer, "stride", axis) > 1)
        index = writer_format(writer, "%s * %s", index, constant(writer, layer, names[axis].stride));
    if (!side(layer, "pad", axis))
        return writer_format(writer, "%s + %s", index, tap);
    return writer_format(writer, "%s + %s - %s", index, tap, constant(writer, layer, names[axis].pad));
}

/* Loops over pixels of the input and taps of the kernel, then over f and c; taps that padding takes away are
 * passed over. Closed by tap_loops_end. */
static void tap_loops(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "y", value_height(writer, layer->input));
    writer_loop(writer, "x", value_width(writer, layer->input));
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_loop_open(writer, "j", constant(writer, layer, "kernel_width"));
    writer_line(writer, "const int row = %s, column = %s;", reached(writer, layer, 0),
                reached(writer, layer, 1));
    if (side(layer, "pad", 0) || side(layer, "pad", 1)) {
        writer_under(writer, "if (row < 0 || row >= %s || column < 0 || column >= %s)",
                     constant(writer, layer, "height"), constant(writer, layer, "width"));
        writer_line(writer, "continue;");
        writer_end(writer, 1);
    }
    writer_loop(writer, "f", constant(writer, layer, "filters"));
    writer_loop(writer, "c", value_channels(writer, layer->input));
}

static void tap_loops_end(struct writer *writer)
{
    writer_end(writer, 2);
    writer_close(writer);
    writer_end(writer, 3);
}

static void emit_start(struct writer *writer, const struct layer *layer)
{
    const char *element;
    const struct value *output = layer->output;
    writer_examples_open(writer);
    int loops = writer_elements(writer, &output, 1, &element);
    writer_line(writer, "%s = %s;", element,
                layer->bias ? writer_format(writer, "net->param.%s.bias[c]", layer->name) : "0");
    writer_end(writer, loops);
}

void conv_transpose_activate(struct writer *writer, const struct layer *layer)
{
    const struct layer *activation = layer->activation;
    const char *element;
    const struct value *output = layer->output;
    if (!activation)
        return;
    writer_examples(writer);
    int loops = writer_elements(writer, &output, 1, &element);
    writer_line(writer, "%s = %s;", element,
                activation->kind->activation->forward(writer, activation, element));
    writer_end(writer, loops + 1);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    if (layer->transposed) {
        conv_transpose_tiled_forward(writer, layer);
        return;
    }
    writer_function(writer, layer, "forward");
    emit_start(writer, layer);
    tap_loops(writer, layer);
    writer_line(writer, "%s += net->param.%s.weight[i][j][f][c] * %s;",
                value_at(writer, layer->output, "n", "row", "column", "f"), layer->name,
                value_at(writer, layer->input, "n", "y", "x", "c"));
    tap_loops_end(writer);
    writer_close(writer);
    conv_transpose_activate(writer, layer);
    writer_function_end(writer);
}

static void emit_backward_weight(struct writer *writer, const struct layer *layer)
{
    if (layer->transposed) {
        conv_transpose_tiled_backward_weight(writer, layer);
        return;
    }
    writer_function(writer, layer, "backward_weight");
    if (writer->graph->form == NODE_TILED)
        writer_line(writer, "memset(net->dparam.%s.weight, 0, sizeof(net->dparam.%s.weight));", layer->name,
                    layer->name);
    writer_examples(writer);
    tap_loops(writer, layer);
    writer_line(writer, "net->dparam.%s.weight[i][j][f][c] += %s * %s;", layer->name,
                value_at(writer, layer->doutput, "n", "row", "column", "f"),
                value_at(writer, layer->input, "n", "y", "x", "c"));
    tap_loops_end(writer);
    writer_end(writer, 1);
    writer_function_end(writer);
}

static void emit_backward_input(struct writer *writer, const struct layer *layer)
{
    if (layer->transposed) {
        conv_transpose_tiled_backward_input(writer, layer);
        return;
    }
    const char *place = value_place(writer, layer->dinput);
    writer_function(writer, layer, "backward_input");
    writer_examples_clear(writer, place);
    writer_examples(writer);
    tap_loops(writer, layer);
    writer_line(writer, "%s += %s * net->param.%s.weight[i][j][f][c];",
                value_at(writer, layer->dinput, "n", "y", "x", "c"),
                value_at(writer, layer->doutput, "n", "row", "column", "f"), layer->name);
    tap_loops_end(writer);
    writer_end(writer, 1);
    writer_function_end(writer);
}

static enum split weight_split(const struct layer *layer)
{
    return layer->weight->in_groups ? SPLIT_GROUPS : layer->transposed ? SPLIT_PARTS : SPLIT_NONE;
}

static const char *back_panels(struct writer *writer, const struct layer *layer)
{
    return layer_constant(writer, layer, "back_panels");
}

static const struct operation transpose = {.name = "transpose",
                                           .phase = PHASE_FORWARD,
                                           .is_of_net = true,
                                           .split = SPLIT_PARTS,
                                           .part = "panels",
                                           .parts = back_panels,
                                           .call = conv_transpose_tiled_call_transpose};
static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward_weight = {.name = "backward_weight",
                                                 .phase = PHASE_BACKWARD,
                                                 .split_of = weight_split,
                                                 .part = "tiles",
                                                 .parts = conv_weight_parts,
                                                 .emit = BOTH_FORMS(emit_backward_weight)};
static const struct operation backward_input =
    OPERATION("backward_input", PHASE_BACKWARD, emit_backward_input);

static bool is_tiled(const struct graph *graph, const struct layer *layer)
{
    int64_t run = side(layer, "kernel", 1) * layer->output->shape.channels;
    return graph->form == NODE_TILED && !side(layer, "pad", 0) && !side(layer, "pad", 1) &&
           conv_folds(layer->input->shape.width, run);
}

static void transpose_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void transpose_backward(struct graph *graph, struct layer *layer)
{
    layer->weight->in_groups =
        is_tiled(graph, layer) && !layer->is_frozen && weights_fit_groups(layer->weight);
    build_weights_backward(graph, layer,
                           &(struct build_weights){.output = &weights_backward_output,
                                                   .weight = &backward_weight,
                                                   .input = &backward_input,
                                                   .needs_output = weights_needs_backward_output(layer)});
}

static void transpose_schedule(struct graph *graph, struct layer *layer)
{
    if (!is_tiled(graph, layer))
        return;
    layer->transposed = graph_add_value(graph, VALUE_TRANSPOSED, layer, (struct shape){1, 1, 1, false});
    node_writes(graph_add_first_node(graph, &transpose, layer), layer->transposed);
    node_reads(graph_find_node(graph, layer, &forward), layer->transposed);
    conv_transpose_tiled_schedule(graph, layer);
}

const struct layer_kind layer_conv_transpose = {
    .name = "conv_transpose",
    .summary = "transposed convolution: spreads every pixel over a kernel's size, so that the image grows",
    .attributes = attributes,
    .has_parameters = true,
    .may_fuse_activation = true,
    .may_be_gated = true,
    .channel_word = "filters",
    .shape = transpose_shape,
    .forward = transpose_forward,
    .backward = transpose_backward,
    .schedule = transpose_schedule,
    .tile_note = conv_transpose_tiled_note,
    .constants = transpose_constants,
    .parameters = transpose_parameters,
    .run = conv_transpose_tiled_run,
    .transposed = conv_transpose_tiled_member,
    .tensor_shape = tensor_shape,
};
