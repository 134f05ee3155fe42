/* conv_tiled.c - convolution as loops over register tiles.
 *
 *     for each example, panel of filters, row: for runs of pixels: c3_forward_tile(net, n, p, y, x, 6);
 *
 * Channels last makes the pixels under one row of the kernel one run of KERNEL_ROW = width x channels reals,
 * so a tile's inner loop runs over that. What goes back to the image spreads each pixel's KERNEL_ROW products
 * over the same run: no flipped kernel, no inserted zeros, any stride. Where taps of a row lie apart
 * (dilation) or see a part of the channels (groups), each has a run of its own. */
#include <string.h>

#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

const char *conv_sides_step(struct writer *writer, const struct conv_sides *sides)
{
    const char *channels = value_channels(writer, sides->image);
    if (sides->window.stride_x == 1)
        return channels;
    return writer_format(writer, "%s * %s", constant(writer, sides->layer, "stride_x"), channels);
}

const char *conv_sides_under(struct writer *writer, const struct conv_sides *sides, const char *x,
                             const char *group)
{
    const struct layer *layer = sides->layer;
    const struct window *window = &sides->window;
    const char *first = "0";
    if (sides->grouping.groups > 1)
        first = writer_format(writer, "%s * %s", group, constant(writer, layer, "group_channels"));
    return value_at_corner(writer, sides->image, layer, &window->pad, "n",
                           window_tap(writer, layer, window, "y", "i", 'y'),
                           sides->is_apart ? window_tap(writer, layer, window, x, "j", 'x')
                                           : window_position(writer, layer, window, x, 'x'),
                           first);
}

const char *conv_sides_group(struct writer *writer, const struct conv_sides *sides)
{
    return writer_format(writer, "p / (%s / %s)", constant(writer, sides->layer, "group_filters"),
                         constant(writer, sides->layer, "panel"));
}

const char *conv_sides_filters(struct writer *writer, const struct conv_sides *sides, const char *x)
{
    return value_at(writer, sides->pixels, "n", "y", x,
                    writer_format(writer, "p * %s", constant(writer, sides->layer, "panel")));
}

int conv_sides_run_loops(struct writer *writer, const struct conv_sides *sides)
{
    writer_loop(writer, "i", constant(writer, sides->layer, "kernel_height"));
    if (!sides->is_apart)
        return 1;
    writer_loop(writer, "j", constant(writer, sides->layer, "kernel_width"));
    return 2;
}

const char *conv_sides_run(struct writer *writer, const struct conv_sides *sides)
{
    return sides->layer->kind->run(writer, sides->layer);
}

const char *conv_sides_run_start(struct writer *writer, const struct conv_sides *sides, const char *k)
{
    if (!sides->is_apart)
        return k;
    const char *start = writer_format(writer, "j * %s", conv_sides_run(writer, sides));
    return strcmp(k, "0") == 0 ? start : writer_format(writer, "%s + %s", start, k);
}

/* Many weights come from farther away than the first cache, once for each example or, with the panels first,
 * once: worth it where an example has too few pixels to work with them. */
bool conv_panels_first(const struct layer *layer, struct shape pixels)
{
    enum { FEW_PIXELS = 32 };
    return !weights_fit_groups(layer->weight) && pixels.height * pixels.width <= FEW_PIXELS;
}

int conv_sides_images(const struct writer *writer, const struct conv_sides *sides, enum tiling_use use)
{
    const struct tiling *tiling = &sides->layer->tiling[use];
    if (sides->is_apart || !conv_panels_first(sides->layer, sides->pixels->shape))
        return 1;
    int images = tiling_images(writer->graph->target, tiling);
    while (use == TILING_INPUT && images > 1 &&
           !conv_folds(images * tiling->count, tiling->panels * tiling->panel))
        images--;
    return images;
}

bool conv_sides_are_far(const struct writer *writer, const struct conv_sides *sides)
{
    enum { CACHED = 1 << 18 }; /* reals */
    return shape_size(sides->pixels->shape) * writer->graph->training.batch > CACHED;
}

const char *conv_images_apart(struct writer *writer, const struct conv_sides *sides,
                              const struct value *images)
{
    return writer_format(writer, "%s, %s", value_width(writer, sides->pixels),
                         value_padded_size(writer, images));
}

void conv_image_calls(struct writer *writer, const struct tiling *tiling, int images, const char *tile,
                      const char *arguments)
{
    writer_line(writer, "TILE_IMAGES(%d, %d, %d, examples, %s, %s);", images, images * tiling->rows,
                tiling->rows, tile, arguments);
}

void conv_sides_call_transpose(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const char *rows = constant(writer, layer, "kernel_height");
    if (sides->is_apart)
        rows = writer_format(writer, "%s * %s", rows, constant(writer, layer, "kernel_width"));
    weights_call_transpose(writer, layer, value_channels(writer, sides->pixels), rows, "[0][0][0]",
                           sides->is_apart ? "[0][0][0][0]" : "[0][0][0]");
}

static void emit_spread_tile(struct writer *writer, const struct conv_sides *sides, const char *name)
{
    const struct layer *layer = sides->layer;
    const struct tiling *tiling = &layer->tiling[TILING_INPUT];
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "back_vectors");
    const char *filters = value_channels(writer, sides->pixels), *first = "0", *count = filters;
    bool is_grouped = sides->grouping.groups > 1;
    if (is_grouped) {
        count = constant(writer, layer, "group_filters");
        first = writer_format(writer, "g * %s", count);
    }
    writer_line(
        writer,
        "/* `pixels` pixels of row y, from x on, spread over panel q of the %s %sunder %s of the kernel */",
        sides->pixels->layer == layer ? "inputs" : "results", is_grouped ? "of group g " : "",
        sides->is_apart ? "tap (i, j)" : "row i");
    writer_tile_function(writer, layer, writer_format(writer, "%s_tile", name),
                         is_grouped        ? "int n, int i, int j, int g, int q, int y, int x, int pixels"
                         : sides->is_apart ? "int n, int i, int j, int q, int y, int x, int pixels"
                                           : "int n, int i, int q, int y, int x, int pixels");
    tile_sums(writer, layer, tiling, "back_", "pixels", false);
    writer_line(writer, "%s_multiply(pixels, %s, sum, &%s, %s,", tile, vectors,
                value_at(writer, sides->pixels, "n", "y", "x", first), filters);
    writer_more(writer, "net->transposed.%s[i]%s[q][%s], %s);", layer->name, sides->is_apart ? "[j]" : "",
                first, count);
    tile_write(writer, layer, tiling, "add", "back_", "q", "pixels",
               writer_format(writer, "&%s + q * %s", conv_sides_under(writer, sides, "x", "g"),
                             constant(writer, layer, "back_panel")),
               conv_sides_step(writer, sides));
    writer_function_end(writer);
}

void conv_sides_spread(struct writer *writer, const struct conv_sides *sides, const char *name,
                       conv_start start)
{
    const struct layer *layer = sides->layer;
    bool is_grouped = sides->grouping.groups > 1;
    emit_spread_tile(writer, sides, name);
    writer_function(writer, layer, name);
    start(writer, sides);
    int loops = conv_sides_run_loops(writer, sides);
    const char *arguments = loops == 1 ? "n, i, q, y" : is_grouped ? "n, i, j, g, q, y" : "n, i, j, q, y";
    if (is_grouped)
        writer_loop(writer, "g", constant(writer, layer, "groups"));
    writer_loop(writer, "q", constant(writer, layer, "back_panels"));
    writer_loop(writer, "y", value_height(writer, sides->pixels));
    tile_calls(writer, &layer->tiling[TILING_INPUT], value_width(writer, sides->pixels),
               writer_format(writer, "%s_%s_tile", layer->name, name), arguments);
    writer_end(writer, loops + is_grouped + 2);
}

/* Between an image, or its gradient, and the result, or its gradient. */
static struct conv_sides sides_of(const struct layer *layer, const struct value *image,
                                  const struct value *pixels)
{
    return (struct conv_sides){.layer = layer,
                               .window = conv_window(layer),
                               .grouping = conv_grouping(layer),
                               .is_apart = conv_runs_are_apart(layer),
                               .image = image,
                               .pixels = pixels};
}

const char *conv_sides_note(struct writer *writer, const struct conv_sides *sides, enum tiling_use use)
{
    if (use == TILING_WEIGHT)
        return conv_weight_note(writer, sides);
    const int images = conv_sides_images(writer, sides, use);
    return images > 1 ? writer_format(writer, ", of %d images", images) : "";
}

/* What is spread instead of folded takes images one by one. */
const char *conv_tiled_note(struct writer *writer, const struct layer *layer, enum tiling_use use)
{
    struct conv_sides sides = sides_of(layer, layer->input, layer->output);
    return use == TILING_INPUT && !conv_is_folded(layer) ? "" : conv_sides_note(writer, &sides, use);
}

void conv_tiled_forward(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->input, layer->output);
    if (layer->tiling[TILING_FORWARD].in_pairs)
        conv_pairs_forward(writer, layer);
    else
        conv_sides_gather(writer, &sides, "forward", true);
}

void conv_tiled_backward_weight(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->input, layer->doutput);
    if (layer->tiling[TILING_WEIGHT].in_pairs)
        conv_pairs_backward_weight(writer, layer);
    else
        conv_sides_weight(writer, &sides);
}

void conv_tiled_call_transpose(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->input, layer->output);
    conv_sides_call_transpose(writer, &sides);
}

static void start_from_zero(struct writer *writer, const struct conv_sides *sides)
{
    const char *place = value_place(writer, sides->image);
    writer_examples_open(writer);
    writer_line(writer, "memset(%s[n], 0, sizeof(%s[n]));", place, place);
}

void conv_tiled_backward_input(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->dinput, layer->doutput);
    if (conv_is_folded(layer)) {
        conv_sides_fold(writer, &sides, "backward_input", "NULL");
        writer_function_end(writer);
        return;
    }
    conv_sides_spread(writer, &sides, "backward_input", start_from_zero);
    writer_close(writer);
    writer_function_end(writer);
}
