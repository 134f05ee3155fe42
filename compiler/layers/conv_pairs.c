/* conv_pairs.c - convolution with so few filters that half a vector holds them: two pixels of a row, and in
 * the gradient of the weights two taps of the kernel, share one (runtime/tile_pairs.h).
 *
 *     c1: conv 6 5x5 on x86-64-v4    ->    28 pixels in 14 vectors of 16, 5 taps in 3
 *
 * Every sum is what it is in tiles of one pixel to a vector, to the last bit. */
#include "emit/writer.h"
#include "layers/conv.h"

/* Sums of a tile that gcc 12 and clang 14 keep in registers, by measurement; the weights' gradient has each
 * twice. */
static int64_t most_sums(const struct target *target, enum tiling_use use)
{
    const int64_t most = use == TILING_FORWARD ? 16 : 10;
    return target->registers >= 32 ? most : most / 2;
}

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

void conv_pairs_schedule(const struct target *target, struct layer *layer)
{
    struct tiling *forward = &layer->tiling[TILING_FORWARD], *weight = &layer->tiling[TILING_WEIGHT];
    const struct window window = conv_window(layer);
    const int64_t channels = layer->input->shape.channels, pairs = (window.width * channels + 1) / 2;
    if (forward->panels > 1 || forward->vectors > 1 || 2 * forward->lanes > target->lanes ||
        conv_runs_are_apart(layer) || window.dilation_y > 1 || window.stride_x > 1)
        return;
    if (channels == 1) {
        forward->in_pairs = true;
        tiling_divide(forward, 2 * most_sums(target, TILING_FORWARD));
    }
    /* Tiles of more sums take all pixels in one go (TILE(_outer) of runtime/tile_lanes.h), those of pairs do
     * not. */
    if (layer->weight->in_groups && weight->rows < TILE_PAIRED_SUMS &&
        pairs <= most_sums(target, TILING_WEIGHT)) {
        weight->in_pairs = true;
        weight->count = window.height;
        tiling_divide(weight, most_sums(target, TILING_WEIGHT) / pairs);
    }
}

void conv_pairs_constants(struct writer *writer, const struct layer *layer)
{
    if (layer->tiling[TILING_WEIGHT].in_pairs)
        writer_define(writer, layer, "pairs", "((%s + 1) / 2)", constant(writer, layer, "kernel_row"));
}

static void emit_forward_tile(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_FORWARD];
    const struct window window = conv_window(layer);
    const char *tile = tile_name(writer, tiling);
    writer_line(writer, "/* `pixels` pixels of row y, from x on, two to a vector */");
    writer_tile_function(writer, layer, "forward_tile", "int n, int y, int x, int pixels");
    writer_line(writer, "%s sum[%d];", tile, (tiling->rows + 1) / 2);
    if (layer->bias)
        writer_line(writer, "%s_start_pairs(pixels, sum, net->param.%s.bias);", tile, layer->name);
    else
        writer_line(writer, "%s_clear((pixels + 1) / 2, %s, sum);", tile, constant(writer, layer, "vectors"));
    conv_rows_loop(writer, layer, &window, layer->input);
    writer_line(writer, "%s_multiply_pairs(pixels, sum, &%s, net->param.%s.weight[0][i][0], %s);", tile,
                value_at_corner(writer, layer->input, layer, &window.pad, "n",
                                window_tap(writer, layer, &window, "y", "i", 'y'), "x", "0"),
                layer->name, conv_run(writer, layer));
    writer_end(writer, 1);
    weights_activate_tile(writer, layer, "(pixels + 1) / 2");
    writer_line(writer, "%s_store_pairs(pixels, %s, sum, &%s);", tile, value_channels(writer, layer->output),
                value_at(writer, layer->output, "n", "y", "x", "0"));
    writer_function_end(writer);
}

void conv_pairs_forward(struct writer *writer, const struct layer *layer)
{
    emit_forward_tile(writer, layer);
    writer_function(writer, layer, "forward");
    writer_examples(writer);
    writer_loop(writer, "y", value_height(writer, layer->output));
    tile_calls(writer, &layer->tiling[TILING_FORWARD], value_width(writer, layer->output),
               writer_format(writer, "%s_forward_tile", layer->name), "n, y");
    writer_end(writer, 2);
    weights_activate_stored(writer, layer);
    writer_function_end(writer);
}

static void emit_weight_tile(struct writer *writer, const struct layer *layer)
{
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const struct window window = conv_window(layer);
    const struct value *image = layer->input;
    const char *tile = tile_name(writer, tiling), *taps = conv_run(writer, layer);
    const char *pairs = constant(writer, layer, "pairs"), *channels = value_channels(writer, image);
    const char *filters = value_channels(writer, layer->output);
    writer_line(writer,
                "/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one "
                "example of group g */");
    writer_tile_function(writer, layer, "backward_weight_tile", "int g, int n, int i, int rows");
    tile_declare(writer, tiling, pairs);
    writer_line(writer, "%s_clear(rows, %s, sum);", tile, pairs);
    writer_loop(writer, "y", value_height(writer, layer->output));
    writer_line(writer, "%s_outer_pairs(rows, %s, sum, &%s,", tile, taps,
                value_at_corner(writer, image, layer, &window.pad, "n",
                                window_tap(writer, layer, &window, "y", "i", 'y'), "0", "0"));
    writer_more(writer, "%s * %s, %s, &%s, %s, %s);", value_columns(writer, image), channels, channels,
                value_at(writer, layer->doutput, "n", "y", "0", "0"), filters,
                value_width(writer, layer->output));
    writer_end(writer, 1);
    writer_line(writer, "%s_add_pairs(rows, %s, %s, sum, %s[0][i][0]);", tile, taps, filters,
                weights_gradient(writer, layer->weight));
    writer_function_end(writer);
}

void conv_pairs_backward_weight(struct writer *writer, const struct layer *layer)
{
    emit_weight_tile(writer, layer);
    writer_function(writer, layer, "backward_weight");
    writer_examples(writer);
    tile_calls(writer, &layer->tiling[TILING_WEIGHT], constant(writer, layer, "kernel_height"),
               writer_format(writer, "%s_backward_weight_tile", layer->name), "g, n");
    writer_end(writer, 1);
    writer_function_end(writer);
}
