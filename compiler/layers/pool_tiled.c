/* pool_tiled.c - maxpool by vectors of channels, where no window reaches into padding.
 *
 *     for each example, y: tile8_maximum(2, 2, channels, width, stride, a row of windows, results, index)
 *
 * Behind a relu the backward pass is that one's, too, and that of a dropout that follows: what is above 0 in
 * the result was let through by all of them. */
#include "emit/writer.h"
#include "layers/pool.h"
#include "layers/weights.h"

/* "C1_WIDTH * C1_FILTERS, C1_FILTERS": reals from a row to the next, and from a pixel to the next. */
static const char *steps(struct writer *writer, const struct value *value)
{
    const char *channels = value_channels(writer, value);
    return writer_format(writer, "%s * %s, %s", value_columns(writer, value), channels, channels);
}

/* "C1_MAXPOOL_WINDOW_HEIGHT, C1_MAXPOOL_WINDOW_WIDTH, C1_MAXPOOL_CHANNELS, C1_MAXPOOL_WIDTH,
 * C1_MAXPOOL_STRIDE_X" */
static const char *window_arguments(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "%s, %s, %s, %s, %s", layer_constant(writer, layer, "window_height"),
                         layer_constant(writer, layer, "window_width"),
                         layer_constant(writer, layer, "channels"), layer_constant(writer, layer, "width"),
                         pool_window(layer).stride_x == 1 ? "1" : layer_constant(writer, layer, "stride_x"));
}

/* Loops over every row of results, around a call of a tile function, and the first pixel of its windows in
 * `seen_value`. */
static const char *tile_loops(struct writer *writer, const struct layer *layer,
                              const struct value *seen_value)
{
    struct window window = pool_window(layer);
    writer_examples(writer);
    writer_loop(writer, "y", layer_constant(writer, layer, "height"));
    return value_at(writer, seen_value, "n", window_position(writer, layer, &window, "y", 'y'), "0", "0");
}

void pool_tiled_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    const char *seen_pixel = tile_loops(writer, layer, layer->input);
    writer_line(writer, "tile%d_maximum(%s,", layer->tiling[TILING_FORWARD].lanes,
                window_arguments(writer, layer));
    writer_more(writer, "&%s, %s,", seen_pixel, steps(writer, layer->input));
    writer_more(writer, "&%s, &%s);", value_at(writer, layer->output, "n", "y", "0", "0"),
                value_at(writer, layer->index, "n", "y", "0", "0"));
    writer_end(writer, 2);
    writer_function_end(writer);
}

/* Windows that lie side by side and cover all of the input write all of its gradient. */
static void emit_tiled_spread(struct writer *writer, const struct layer *layer, const char *name,
                              bool is_gated)
{
    struct window window = pool_window(layer);
    struct shape input = layer->input->shape, output = layer->output->shape;
    const int lanes = layer->tiling[TILING_FORWARD].lanes;
    bool overlap = pool_windows_overlap(layer);
    bool covers = output.height * window.height == input.height && output.width * window.width == input.width;
    writer_function(writer, layer, name);
    if (is_gated && layer->dropout)
        writer_line(writer, "const real scale = (real)(1 / (1 - %s));",
                    layer_constant(writer, layer->dropout, "rate"));
    if (overlap || !covers)
        pool_clear_gradient(writer, layer);
    const char *seen_pixel = tile_loops(writer, layer, layer->dinput);
    const char *result = value_at(writer, weights_gate_result(layer), "n", "y", "0", "0");
    const char *arguments = window_arguments(writer, layer);
    if (!is_gated) {
        writer_line(writer, "tile%d_maximum_gradient(%s, %s,", lanes, arguments, overlap ? "true" : "false");
    } else if (layer->dropout) {
        writer_line(writer, "tile%d_maximum_dropout_gate(%s,", lanes, arguments);
        writer_more(writer, "&%s, scale,", result);
    } else {
        writer_line(writer, "tile%d_maximum_gate(%s,", lanes, arguments);
        writer_more(writer, "&%s,", result);
    }
    writer_more(writer, "&%s, &%s,", value_at(writer, layer->doutput, "n", "y", "0", "0"),
                value_at(writer, layer->index, "n", "y", "0", "0"));
    writer_more(writer, "&%s, %s);", seen_pixel, steps(writer, layer->dinput));
    writer_end(writer, 2);
    writer_function_end(writer);
}

void pool_tiled_backward(struct writer *writer, const struct layer *layer)
{
    const char *source = layer->input->layer->name;
    if (layer->dropout)
        writer_line(writer,
                    "/* With relu' of %s and the mask of %s: dz = 0 where its result is not above 0 */",
                    source, layer->dropout->name);
    else if (weights_is_gate(layer))
        writer_line(writer, "/* With relu' of %s: dz = 0 where the largest is not above 0 */", source);
    emit_tiled_spread(writer, layer, "backward", weights_is_gate(layer));
}

void pool_tiled_backward_ungated(struct writer *writer, const struct layer *layer)
{
    weights_explain_ungated(writer, layer);
    emit_tiled_spread(writer, layer, "backward_ungated", false);
}
