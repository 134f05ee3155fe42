/* conv_tiled.c - convolution as loops over register tiles.
 *
 *     for each example, panel of filters, row: for runs of pixels: c3_forward_tile(net, n, p, y, x, 6);
 *
 * Channels last makes the pixels under one row of the kernel one run of KERNEL_ROW = width x channels reals,
 * so a tile's inner loop runs over that. The backward pass by the input spreads each pixel's KERNEL_ROW
 * products over the same run: no flipped kernel, no inserted zeros, any stride. */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* "C1_CHANNELS", or "C3_STRIDE_X * C1_CHANNELS": reals between the inputs of neighbouring pixels. */
static const char *pixel_step(struct writer *writer, const struct layer *layer, const struct window *window)
{
    const char *channels = value_channels(writer, layer->input);
    if (window->stride_x == 1)
        return channels;
    return writer_format(writer, "%s * %s", constant(writer, layer, "stride_x"), channels);
}

/* The input under row i of the kernel for the pixel in row y and column x. */
static const char *input_under(struct writer *writer, const struct layer *layer, const struct window *window,
                               const struct value *value, const char *x)
{
    const char *row = writer_format(writer, "%s + i", window_position(writer, layer, window, "y", 'y'));
    return value_at_corner(writer, value, layer, &window->pad, "n", row,
                           window_position(writer, layer, window, x, 'x'), "0");
}

static void emit_forward_tile(struct writer *writer, const struct layer *layer, const struct window *window)
{
    const struct tiling *tiling = &layer->tiling[TILING_FORWARD];
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    const char *row = constant(writer, layer, "kernel_row"), *panel = constant(writer, layer, "panel");
    writer_line(writer, "/* `pixels` pixels of row y, from x on, and the filters of panel p */");
    writer_tile_function(writer, layer, "forward_tile", "int n, int p, int y, int x, int pixels");
    tile_sums(writer, layer, tiling, "", "pixels", layer->bias != NULL);
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_line(writer, "%s_multiply(pixels, %s, sum,", tile, vectors);
    writer_more(writer, "&%s, %s,", input_under(writer, layer, window, layer->input, "x"),
                pixel_step(writer, layer, window));
    writer_more(writer, "net->param.%s.weight[p][i][0], %s);", layer->name, row);
    writer_end(writer, 1);
    weights_activate_tile(writer, layer, "pixels");
    tile_write(
        writer, layer, tiling, "store", "", "p", "pixels",
        writer_format(writer, "&%s",
                      value_at(writer, layer->output, "n", "y", "x", writer_format(writer, "p * %s", panel))),
        constant(writer, layer, "filters"));
    writer_function_end(writer);
}

void conv_tiled_forward(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    emit_forward_tile(writer, layer, &window);
    writer_function(writer, layer, "forward");
    writer_loop(writer, "n", "batch");
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    writer_loop(writer, "y", constant(writer, layer, "height"));
    tile_calls(writer, &layer->tiling[TILING_FORWARD], "x", constant(writer, layer, "width"),
               writer_format(writer, "%s_forward_tile", layer->name), "n, p, y");
    writer_end(writer, 3);
    weights_activate_stored(writer, layer);
    writer_function_end(writer);
}

static void emit_weight_tile(struct writer *writer, const struct layer *layer, const struct window *window)
{
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    const char *panel = constant(writer, layer, "panel");
    writer_line(writer, "/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, "
                        "over one example */");
    writer_tile_function(writer, layer, "backward_weight_tile", "int n, int p, int i, int k, int rows");
    tile_sums(writer, layer, tiling, "", "rows", false);
    writer_loop(writer, "y", constant(writer, layer, "height"));
    writer_line(writer, "%s_outer(rows, %s, sum,", tile, vectors);
    writer_more(writer, "&%s + k, %s,", input_under(writer, layer, window, layer->input, "0"),
                pixel_step(writer, layer, window));
    writer_more(writer, "&%s, %s, %s);",
                value_at(writer, layer->doutput, "n", "y", "0", writer_format(writer, "p * %s", panel)),
                constant(writer, layer, "filters"), constant(writer, layer, "width"));
    writer_end(writer, 1);
    tile_write(writer, layer, tiling, "add", "", "p", "rows",
               writer_format(writer, "net->dparam.%s.weight[p][i][k]", layer->name), panel);
    writer_function_end(writer);
}

void conv_tiled_backward_weight(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    emit_weight_tile(writer, layer, &window);
    writer_function(writer, layer, "backward_weight");
    writer_loop(writer, "n", "batch");
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    tile_calls(writer, &layer->tiling[TILING_WEIGHT], "k", constant(writer, layer, "kernel_row"),
               writer_format(writer, "%s_backward_weight_tile", layer->name), "n, p, i");
    writer_end(writer, 3);
    writer_function_end(writer);
}

void conv_tiled_transpose(struct writer *writer, const struct layer *layer)
{
    const char *back = constant(writer, layer, "back_panel"), *panel = constant(writer, layer, "panel");
    writer_line(writer, "/* The weights with filters and inputs exchanged, in panels of inputs: "
                        "[row][panel][filter][input] */");
    writer_line(writer, "static void %s_transpose(struct %s *net)", layer->name, writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_loop(writer, "k", constant(writer, layer, "kernel_row"));
    writer_loop(writer, "f", constant(writer, layer, "filters"));
    writer_line(writer, "net->transposed.%s[i][k / %s][f][k %% %s] =", layer->name, back, back);
    writer_more(writer, "net->param.%s.weight[f / %s][i][k][f %% %s];", layer->name, panel, panel);
    writer_end(writer, 3);
    writer_function_end(writer);
}

static void emit_input_tile(struct writer *writer, const struct layer *layer, const struct window *window)
{
    const struct tiling *tiling = &layer->tiling[TILING_INPUT];
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "back_vectors");
    const char *filters = constant(writer, layer, "filters");
    writer_line(writer, "/* `pixels` pixels of row y, from x on, spread over panel q of the inputs under row "
                        "i of the kernel */");
    writer_tile_function(writer, layer, "backward_input_tile",
                         "int n, int i, int q, int y, int x, int pixels");
    tile_sums(writer, layer, tiling, "back_", "pixels", false);
    writer_line(writer, "%s_multiply(pixels, %s, sum,", tile, vectors);
    writer_more(writer, "&%s, %s,", value_at(writer, layer->doutput, "n", "y", "x", "0"), filters);
    writer_more(writer, "net->transposed.%s[i][q][0], %s);", layer->name, filters);
    tile_write(writer, layer, tiling, "add", "back_", "q", "pixels",
               writer_format(writer, "&%s + q * %s", input_under(writer, layer, window, layer->dinput, "x"),
                             constant(writer, layer, "back_panel")),
               pixel_step(writer, layer, window));
    writer_function_end(writer);
}

void conv_tiled_backward_input(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    const char *place = value_place(writer, layer->dinput);
    emit_input_tile(writer, layer, &window);
    writer_function(writer, layer, "backward_input");
    writer_loop_open(writer, "n", "batch");
    writer_line(writer, "memset(%s[n], 0, sizeof(%s[n]));", place, place);
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_loop(writer, "q", constant(writer, layer, "back_panels"));
    writer_loop(writer, "y", constant(writer, layer, "height"));
    tile_calls(writer, &layer->tiling[TILING_INPUT], "x", constant(writer, layer, "width"),
               writer_format(writer, "%s_backward_input_tile", layer->name), "n, i, q, y");
    writer_end(writer, 3);
    writer_close(writer);
    writer_function_end(writer);
}
