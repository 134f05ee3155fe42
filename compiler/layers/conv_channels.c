/* conv_channels.c - a depthwise convolution with one filter for each channel as loops over register tiles
 * whose lanes are channels.
 *
 *     for each example, panel of channels, row: for runs of pixels: d_forward_tile(net, n, p, y, x, 6);
 *
 * Input, weight and result of a lane are the same channel, so sums are taken element by element. */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* "D_DILATION_X * C1_CHANNELS": reals between what neighbouring taps (dilation) or pixels (stride) see. */
static const char *step(struct writer *writer, const struct layer *layer, int64_t by, const char *name)
{
    const char *channels = value_channels(writer, layer->input);
    return by == 1 ? channels : writer_format(writer, "%s * %s", constant(writer, layer, name), channels);
}

/* Channels of panel p that tap (i, tap) of pixel (y, x) sees. */
static const char *seen(struct writer *writer, const struct layer *layer, const struct value *value,
                        const char *x, const char *tap)
{
    struct window window = conv_window(layer);
    return value_at_corner(writer, value, layer, &window.pad, "n",
                           window_tap(writer, layer, &window, "y", "i", 'y'),
                           window_tap(writer, layer, &window, x, tap, 'x'),
                           writer_format(writer, "p * %s", constant(writer, layer, "panel")));
}

/* The same channels of a value of the result's shape. */
static const char *result(struct writer *writer, const struct layer *layer, const struct value *value,
                          const char *x)
{
    return value_at(writer, value, "n", "y", x,
                    writer_format(writer, "p * %s", constant(writer, layer, "panel")));
}

/* Panels of a row one after the other, while the row is near. */
static void row_loops(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "y", constant(writer, layer, "height"));
    writer_loop(writer, "p", constant(writer, layer, "panels"));
}

void conv_channels_forward(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_FORWARD];
    const struct window window = conv_window(layer);
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    writer_line(writer, "/* `pixels` pixels of row y, from x on, and the channels of panel p */");
    writer_tile_function(writer, layer, "forward_tile", "int n, int p, int y, int x, int pixels");
    tile_sums(writer, layer, tiling, "", "pixels", layer->bias != NULL);
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_line(writer, "%s_channels(pixels, %s, sum,", tile, vectors);
    writer_more(writer, "&%s, %s, %s,", seen(writer, layer, layer->input, "x", "0"),
                step(writer, layer, window.stride_x, "stride_x"),
                step(writer, layer, window.dilation_x, "dilation_x"));
    writer_more(writer, "net->param.%s.weight[p][i][0], %s, %s);", layer->name,
                constant(writer, layer, "panel"), constant(writer, layer, "kernel_width"));
    writer_end(writer, 1);
    weights_activate_tile(writer, layer, "pixels");
    tile_write(writer, layer, tiling, "store", "", "p", "pixels",
               writer_format(writer, "&%s", result(writer, layer, layer->output, "x")),
               constant(writer, layer, "filters"));
    writer_function_end(writer);

    writer_function(writer, layer, "forward");
    writer_examples(writer);
    row_loops(writer, layer);
    tile_calls(writer, tiling, constant(writer, layer, "width"),
               writer_format(writer, "%s_forward_tile", layer->name), "n, p, y");
    writer_end(writer, 3);
    weights_activate_stored(writer, layer);
    writer_function_end(writer);
}

void conv_channels_backward_weight(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const struct window window = conv_window(layer);
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    writer_line(writer,
                "/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one "
                "example of group g */");
    writer_tile_function(writer, layer, "backward_weight_tile",
                         "int g, int n, int p, int i, int j, int taps");
    tile_sums(writer, layer, tiling, "", "taps", false);
    writer_loop(writer, "y", constant(writer, layer, "height"));
    writer_line(writer, "%s_channels(taps, %s, sum,", tile, vectors);
    writer_more(writer, "&%s, %s, %s,", seen(writer, layer, layer->input, "0", "j"),
                step(writer, layer, window.dilation_x, "dilation_x"),
                step(writer, layer, window.stride_x, "stride_x"));
    writer_more(writer, "&%s, %s, %s);", result(writer, layer, layer->doutput, "0"),
                constant(writer, layer, "filters"), constant(writer, layer, "width"));
    writer_end(writer, 1);
    tile_write(writer, layer, tiling, "add", "", "p", "taps",
               writer_format(writer, "%s[p][i][j]", weights_gradient(writer, layer->weight)),
               constant(writer, layer, "panel"));
    writer_function_end(writer);

    writer_function(writer, layer, "backward_weight");
    writer_examples(writer);
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    tile_calls(writer, tiling, constant(writer, layer, "kernel_width"),
               writer_format(writer, "%s_backward_weight_tile", layer->name), "g, n, p, i");
    writer_end(writer, 3);
    writer_function_end(writer);
}

/* Each tap gives its share of the pixels' gradients to the pixels that it sees. */
void conv_channels_backward_input(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_FORWARD];
    const struct window window = conv_window(layer);
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    const char *place = value_place(writer, layer->dinput);
    writer_line(writer,
                "/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the "
                "kernel */");
    writer_tile_function(writer, layer, "backward_input_tile", "int n, int p, int y, int x, int pixels");
    tile_declare(writer, tiling, vectors);
    writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
    writer_loop_open(writer, "j", constant(writer, layer, "kernel_width"));
    writer_line(writer, "%s_scale(pixels, %s, sum, &%s, %s, net->param.%s.weight[p][i][j]);", tile, vectors,
                result(writer, layer, layer->doutput, "x"), constant(writer, layer, "filters"), layer->name);
    tile_write(writer, layer, tiling, "add", "", "p", "pixels",
               writer_format(writer, "&%s", seen(writer, layer, layer->dinput, "x", "j")),
               step(writer, layer, window.stride_x, "stride_x"));
    writer_close(writer);
    writer_end(writer, 1);
    writer_function_end(writer);

    writer_function(writer, layer, "backward_input");
    writer_examples_open(writer);
    writer_line(writer, "memset(%s[n], 0, sizeof(%s[n]));", place, place);
    row_loops(writer, layer);
    tile_calls(writer, tiling, constant(writer, layer, "width"),
               writer_format(writer, "%s_backward_input_tile", layer->name), "n, p, y");
    writer_end(writer, 2);
    writer_close(writer);
    writer_function_end(writer);
}
