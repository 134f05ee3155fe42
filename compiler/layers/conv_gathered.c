/* conv_gathered.c - from the image of a convolution to its pixels: each tile gathers what its pixels see, run
 * by run under the kernel.
 *
 *     y[y][x] = b + Σ_i x[y + i - pad][x - pad …] w[i]
 *
 * This is over the rows i of the kernel that are on the image: nothing is multiplied with rows of the
 * padding. Of its columns only the first and the last pixels of a row see any; where a row is few tiles, each
 * tile is told its place and leaves those out too, tap by tap. */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* Head of the function and its sums: of some pixels of one row, or of a row of some images, for every row. */
static void emit_head(struct writer *writer, const struct conv_sides *sides, const char *name, bool is_result,
                      int images)
{
    struct tiling tiling = sides->layer->tiling[TILING_FORWARD];
    const char *lanes = is_result ? "filters" : "channels";
    if (images > 1)
        writer_line(writer,
                    "/* `pixels` pixels, which are a row of each example from n on, and the %s of panel p */",
                    lanes);
    else
        writer_line(writer, "/* `pixels` pixels of row y, from x on, and the %s of panel p%s */", lanes,
                    conv_sides_columns_comment(sides, TILING_FORWARD, images));
    writer_tile_function(writer, sides->layer, writer_format(writer, "%s_tile", name),
                         images > 1 ? "int p, int n, int pixels" : "int n, int p, int y, int x, int pixels");
    if (images > 1)
        writer_loop_open(writer, "y", value_height(writer, sides->pixels));
    tiling.rows *= images;
    tile_sums(writer, sides->layer, &tiling, "", "pixels", is_result && sides->layer->bias);
}

static void emit_multiply(struct writer *writer, const struct conv_sides *sides, int images)
{
    const struct layer *layer = sides->layer;
    const bool some = conv_sides_leave_columns(sides, TILING_FORWARD, images);
    struct conv_sides runs = *sides;
    runs.is_apart |= some;
    const char *run = some ? value_channels(writer, sides->image) : conv_sides_run(writer, sides);
    conv_rows_loop(writer, layer, &sides->window, sides->image);
    if (some) {
        writer_brace(writer);
        conv_sides_columns_loop(writer, sides);
        writer_brace(writer);
        conv_sides_columns(writer, sides, images);
    } else if (sides->is_apart)
        writer_loop(writer, "j", constant(writer, layer, "kernel_width"));
    writer_line(writer, "%s_multiply%s%s(pixels, %s, sum,%s &%s, %s,%s",
                tile_name(writer, &layer->tiling[TILING_FORWARD]), some ? "_some" : "",
                images > 1 ? "_images" : "", constant(writer, layer, "vectors"), some ? " columns," : "",
                conv_sides_under(writer, &runs, images > 1 ? "0" : "x", conv_sides_group(writer, sides)),
                conv_sides_step(writer, sides),
                images > 1 ? writer_format(writer, " %s,", conv_images_apart(writer, sides, sides->image))
                           : "");
    writer_more(writer, "net->param.%s.weight[p][i][%s], %s);", layer->name,
                runs.is_apart ? writer_format(writer, "j * %s", run) : "0", run);
    if (some) {
        writer_close(writer);
        writer_close(writer);
    } else {
        writer_end(writer, 1 + sides->is_apart);
    }
}

static void emit_tile(struct writer *writer, const struct conv_sides *sides, const char *name, bool is_result)
{
    const struct layer *layer = sides->layer;
    const int images = conv_sides_images(writer, sides, TILING_FORWARD);
    const char *stride = value_channels(writer, sides->pixels);
    emit_head(writer, sides, name, is_result, images);
    emit_multiply(writer, sides, images);
    if (is_result)
        weights_activate_tile(writer, layer, "pixels");
    if (images > 1)
        stride = writer_format(writer, "%s, %s", stride, conv_images_apart(writer, sides, sides->pixels));
    tile_write(writer, layer, &layer->tiling[TILING_FORWARD], images > 1 ? "store_images" : "store", "", "p",
               "pixels",
               writer_format(writer, "&%s", conv_sides_filters(writer, sides, images > 1 ? "0" : "x")),
               stride);
    if (images > 1)
        writer_close(writer);
    writer_function_end(writer);
}

static void emit_calls(struct writer *writer, const struct conv_sides *sides, const char *tile)
{
    const struct layer *layer = sides->layer;
    const int images = conv_sides_images(writer, sides, TILING_FORWARD);
    const bool is_wide = conv_panels_first(sides->layer, sides->pixels->shape);
    if (images > 1) {
        writer_loop(writer, "p", constant(writer, layer, "panels"));
        conv_image_calls(writer, &layer->tiling[TILING_FORWARD], images, tile, "net, p");
        writer_end(writer, 1);
        return;
    }
    if (!is_wide)
        writer_examples(writer);
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    if (is_wide)
        writer_examples(writer);
    writer_loop(writer, "y", value_height(writer, sides->pixels));
    conv_sides_row_calls(writer, sides, TILING_FORWARD, NULL, tile, "n, p, y");
    writer_end(writer, 2);
}

void conv_sides_gather(struct writer *writer, const struct conv_sides *sides, const char *name,
                       bool is_result)
{
    const struct layer *layer = sides->layer;
    emit_tile(writer, sides, name, is_result);
    writer_function(writer, layer, name);
    emit_calls(writer, sides, writer_format(writer, "%s_%s_tile", layer->name, name));
    if (is_result)
        weights_activate_stored(writer, layer);
    writer_function_end(writer);
}
