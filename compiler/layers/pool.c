/* pool.c - maxpool and avgpool: the largest or the mean of each window, channel by channel.
 *
 *     maxpool 2x2              24x24x6 -> 12x12x6
 *
 *     max: y = max_ij x[i][j], the first of equal ones; the forward pass notes which: it alone gets dy
 *     avg: y = Σ_ij x[i][j] / (h w), every one gets dy / (h w); padding counts as zeros, as PyTorch's does
 *          with count_include_pad
 *
 * Padding stands nowhere in memory: taps outside are passed over, so they never win a maximum. Without it a
 * maxpool goes by tiles (pool_tiled.c), else by the loops of the textbook, which are here. */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/pool.h"
#include "layers/weights.h"

static const struct attribute attributes[] = {
    {.name = "window",
     .type = ATTRIBUTE_SIZE,
     .position = 0,
     .least = 1,
     .most = 65535,
     .meaning = "height x width of the window; one number means a square"},
    {.name = "stride",
     .type = ATTRIBUTE_SIZE,
     .position = -1,
     .fallback = "",
     .least = 1,
     .most = 65535,
     .meaning = "step of the window; its own size when left out"},
    {.name = "pad",
     .type = ATTRIBUTE_PADDING,
     .position = -1,
     .fallback = "0",
     .least = 0,
     .most = 65535,
     .choices = padding_words,
     .meaning = "space around the input: N, same, valid or [top, left, bottom, right]"},
    {0},
};

struct window pool_window(const struct layer *layer)
{
    return window_of((struct layer *)layer, "window", layer->input->shape);
}

/* A window that lies in the padding alone would have no value. */
static bool pad_is_too_wide(const struct window *window)
{
    const struct border *pad = &window->pad;
    return pad->top >= window->height || pad->bottom >= window->height || pad->left >= window->width ||
           pad->right >= window->width;
}

static struct shape pool_shape(struct graph *graph, struct layer *layer, struct shape input,
                               struct shape_check *check)
{
    (void)graph;
    if (!window_wants_image(input, check))
        return input;
    struct window window = window_of(layer, "window", input);
    if (pad_is_too_wide(&window)) {
        check->failed = true;
        const struct setting *pad = layer_setting(layer, "pad");
        diagnostics_error(check->diagnostics, E0403, pad->is_given ? pad->span : check->span,
                          "%s '%s' has padding as wide as its window %lldx%lld: some windows would be empty",
                          layer->kind->name, layer->name, (long long)window.height, (long long)window.width);
        return input;
    }
    return window_shape(&window, input, check);
}

bool pool_windows_overlap(const struct layer *layer)
{
    struct window window = pool_window(layer);
    return window.stride_y < window.height || window.stride_x < window.width;
}

static void pool_constants(struct writer *writer, const struct layer *layer)
{
    struct window window = pool_window(layer);
    window_constants(writer, layer, &window);
    writer_define(writer, layer, "channels", "%s", value_channels(writer, layer->input));
}

/* "y * C1_STRIDE_Y + TAP - C1_PAD_TOP": row (axis y) or column of the input that a tap of the window sees. */
static const char *seen(struct writer *writer, const struct layer *layer, const struct window *window,
                        char axis, const char *tap)
{
    bool is_row = axis == 'y';
    int64_t pad = is_row ? window->pad.top : window->pad.left;
    const char *position = window_position(writer, layer, window, is_row ? "y" : "x", axis);
    const char *at = writer_format(writer, "%s + %s", position, tap);
    if (!pad)
        return at;
    return writer_format(writer, "%s - %s", at,
                         layer_constant(writer, layer, is_row ? "pad_top" : "pad_left"));
}

/* Loops over every result, inside which the loops over its taps stand. */
static void result_loops(struct writer *writer, const struct layer *layer)
{
    writer_examples(writer);
    writer_loop(writer, "y", layer_constant(writer, layer, "height"));
    writer_loop(writer, "x", layer_constant(writer, layer, "width"));
    writer_loop_open(writer, "c", layer_constant(writer, layer, "channels"));
}

static void result_loops_end(struct writer *writer)
{
    writer_close(writer);
    writer_end(writer, 3);
}

/* Loops over the taps of a window; with padding, those outside are passed over. */
static void tap_loops(struct writer *writer, const struct layer *layer, const struct window *window,
                      const char **row, const char **column)
{
    const struct border *pad = &window->pad;
    writer_loop(writer, "i", layer_constant(writer, layer, "window_height"));
    writer_loop_open(writer, "j", layer_constant(writer, layer, "window_width"));
    *row = seen(writer, layer, window, 'y', "i");
    *column = seen(writer, layer, window, 'x', "j");
    if (!pad->top && !pad->left && !pad->bottom && !pad->right)
        return;
    writer_line(writer, "const int row = %s, column = %s;", *row, *column);
    writer_under(writer, "if (row < 0 || row >= %s || column < 0 || column >= %s)",
                 value_height(writer, layer->input), value_width(writer, layer->input));
    writer_line(writer, "continue;");
    writer_end(writer, 1);
    *row = "row";
    *column = "column";
}

static void tap_loops_end(struct writer *writer)
{
    writer_close(writer);
    writer_end(writer, 1);
}

void pool_clear_gradient(struct writer *writer, const struct layer *layer)
{
    const char *place = value_place(writer, layer->dinput);
    writer_examples_clear(writer, place);
}

/* Of padded windows some taps lie outside: they keep the loops of the textbook. */
static bool is_tiled(const struct layer *layer)
{
    return layer->tiling[TILING_FORWARD].lanes > 0;
}

static void pool_schedule(struct graph *graph, struct layer *layer)
{
    const struct border pad = pool_window(layer).pad;
    if (graph->form == NODE_TILED && !pad.top && !pad.left && !pad.bottom && !pad.right)
        tiling_choose(graph->target, &layer->tiling[TILING_FORWARD], layer->input->shape.channels, 1, 0);
}

static void emit_maxpool_forward(struct writer *writer, const struct layer *layer)
{
    if (is_tiled(layer)) {
        pool_tiled_forward(writer, layer);
        return;
    }
    struct window window = pool_window(layer);
    const char *row, *column;
    writer_function(writer, layer, "forward");
    result_loops(writer, layer);
    writer_line(writer, "real largest = -INFINITY;");
    writer_line(writer, "int largest_tap = 0;");
    tap_loops(writer, layer, &window, &row, &column);
    writer_line(writer, "const real tap = %s;", value_at(writer, layer->input, "n", row, column, "c"));
    writer_line(writer, "const bool is_larger = tap > largest || tap != tap; /* NaN goes through */");
    writer_line(writer, "largest = is_larger ? tap : largest;");
    writer_line(writer, "largest_tap = is_larger ? i * %s + j : largest_tap;",
                layer_constant(writer, layer, "window_width"));
    tap_loops_end(writer);
    writer_line(writer, "%s = largest;", value_at(writer, layer->output, "n", "y", "x", "c"));
    writer_line(writer, "%s = (tap_index)largest_tap;", value_at(writer, layer->index, "n", "y", "x", "c"));
    result_loops_end(writer);
    writer_function_end(writer);
}

static void emit_maxpool_backward(struct writer *writer, const struct layer *layer)
{
    if (is_tiled(layer)) {
        pool_tiled_backward(writer, layer);
        return;
    }
    struct window window = pool_window(layer);
    const char *width = layer_constant(writer, layer, "window_width");
    const char *row = seen(writer, layer, &window, 'y', writer_format(writer, "tap / %s", width));
    const char *column = seen(writer, layer, &window, 'x', writer_format(writer, "tap %% %s", width));
    writer_function(writer, layer, "backward");
    pool_clear_gradient(writer, layer);
    result_loops(writer, layer);
    writer_line(writer, "const int tap = %s;", value_at(writer, layer->index, "n", "y", "x", "c"));
    writer_line(writer, "%s += %s;", value_at(writer, layer->dinput, "n", row, column, "c"),
                value_at(writer, layer->doutput, "n", "y", "x", "c"));
    result_loops_end(writer);
    writer_function_end(writer);
}

static const char *window_area(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "(%s * %s)", layer_constant(writer, layer, "window_height"),
                         layer_constant(writer, layer, "window_width"));
}

static void emit_avgpool_forward(struct writer *writer, const struct layer *layer)
{
    struct window window = pool_window(layer);
    const char *row, *column;
    writer_function(writer, layer, "forward");
    result_loops(writer, layer);
    writer_line(writer, "real sum = 0;");
    tap_loops(writer, layer, &window, &row, &column);
    writer_line(writer, "sum += %s;", value_at(writer, layer->input, "n", row, column, "c"));
    tap_loops_end(writer);
    writer_line(writer, "%s = sum / %s;", value_at(writer, layer->output, "n", "y", "x", "c"),
                window_area(writer, layer));
    result_loops_end(writer);
    writer_function_end(writer);
}

static void emit_avgpool_backward(struct writer *writer, const struct layer *layer)
{
    struct window window = pool_window(layer);
    const char *row, *column;
    writer_function(writer, layer, "backward");
    pool_clear_gradient(writer, layer);
    result_loops(writer, layer);
    writer_line(writer, "const real share = %s / %s;", value_at(writer, layer->doutput, "n", "y", "x", "c"),
                window_area(writer, layer));
    tap_loops(writer, layer, &window, &row, &column);
    writer_line(writer, "%s += share;", value_at(writer, layer->dinput, "n", row, column, "c"));
    tap_loops_end(writer);
    result_loops_end(writer);
    writer_function_end(writer);
}

static const struct operation maxpool_forward_node =
    OPERATION("forward", PHASE_FORWARD, emit_maxpool_forward);
static const struct operation maxpool_ungated_node = {.name = "backward_ungated",
                                                      .phase = PHASE_PROBE_BACKWARD,
                                                      .emit = {[NODE_TILED] = pool_tiled_backward_ungated}};

static const struct operation *ungated(const struct layer *layer)
{
    return weights_is_gate(layer) ? &maxpool_ungated_node : NULL;
}

static const struct operation maxpool_backward_node = {.name = "backward",
                                                       .phase = PHASE_BACKWARD,
                                                       .in_probe = ungated,
                                                       .emit = BOTH_FORMS(emit_maxpool_backward)};
static const struct operation avgpool_forward_node =
    OPERATION("forward", PHASE_FORWARD, emit_avgpool_forward);
static const struct operation avgpool_backward_node =
    OPERATION("backward", PHASE_BACKWARD, emit_avgpool_backward);

static void maxpool_forward(struct graph *graph, struct layer *layer)
{
    layer->index = graph_add_value(graph, VALUE_INDEX, layer, layer->output->shape);
    node_writes(build_forward(graph, layer, &maxpool_forward_node), layer->index);
}

static void avgpool_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &avgpool_forward_node);
}

/* The largest of a window is above 0 exactly where the relu before it passes the gradient, if windows lie
 * side by side. */
static bool may_be_gate(const struct graph *graph, const struct layer *layer)
{
    const struct border pad = pool_window(layer).pad;
    return !pool_windows_overlap(layer) && !pad.top && !pad.left && !pad.bottom && !pad.right &&
           weights_may_gate(graph, layer);
}

static void maxpool_backward(struct graph *graph, struct layer *layer)
{
    struct node *node = build_backward(graph, layer, &maxpool_backward_node);
    if (!node)
        return;
    node_reads(node, layer->index);
    if (may_be_gate(graph, layer))
        weights_take_gate(graph, layer, node);
}

static void avgpool_backward(struct graph *graph, struct layer *layer)
{
    build_backward(graph, layer, &avgpool_backward_node);
}

const struct layer_kind layer_maxpool = {
    .name = "maxpool",
    .summary = "the largest value of each window, channel by channel; of equal ones the first",
    .attributes = attributes,
    .may_take_dropout = may_be_gate,
    .shape = pool_shape,
    .forward = maxpool_forward,
    .backward = maxpool_backward,
    .schedule = pool_schedule,
    .constants = pool_constants,
};

const struct layer_kind layer_avgpool = {
    .name = "avgpool",
    .summary = "the mean of each window, channel by channel; padding counts as zeros",
    .attributes = attributes,
    .shape = pool_shape,
    .forward = avgpool_forward,
    .backward = avgpool_backward,
    .constants = pool_constants,
};
