/* conv_folded.c - from the pixels of a convolution back to its image, row by row of the image: what each
 * pixel gives to the columns under the kernel is summed over the rows that see the image's row, in registers;
 * then the pixels' shares in each column are added up.
 *
 *     dx[y]: spread[x] = Σ_i dy[y - i][x] · w[i]      dx[y][x] = Σ_j spread[x - j][j]
 *                                                     (of stride 1, without padding)
 *
 * No row is computed for the padding, and where a row is few tiles no column (conv_sides_leave_columns); no
 * zeros are inserted for a stride, and every pixel of the image is stored once. The kernel's taps of a row
 * must see one run of the image (conv_tiled.c). */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* "y + C3_PAD_TOP": the row or column of the image, counted from the corner of its padding. */
static const char *position(struct writer *writer, const struct conv_sides *sides, const char *index,
                            char axis)
{
    int64_t pad = axis == 'y' ? sides->window.pad.top : sides->window.pad.left;
    if (!pad)
        return index;
    return writer_format(writer, "%s + %s", index,
                         constant(writer, sides->layer, axis == 'y' ? "pad_top" : "pad_left"));
}

static const char *stride(struct writer *writer, const struct conv_sides *sides, char axis)
{
    int64_t step = axis == 'y' ? sides->window.stride_y : sides->window.stride_x;
    if (step == 1)
        return "1";
    return constant(writer, sides->layer, axis == 'y' ? "stride_y" : "stride_x");
}

/* "const struct taps rows = taps_over(y + C3_PAD_TOP, C3_HEIGHT, C3_KERNEL_HEIGHT, 1);" */
static void emit_taps(struct writer *writer, const struct conv_sides *sides, const char *name, char axis)
{
    bool is_row = axis == 'y';
    writer_line(writer, "const struct taps %s = taps_over(%s, %s, %s, %s);", name,
                position(writer, sides, is_row ? "y" : "x", axis),
                is_row ? value_height(writer, sides->pixels) : value_width(writer, sides->pixels),
                constant(writer, sides->layer, is_row ? "kernel_height" : "kernel_width"),
                stride(writer, sides, axis));
}

static const char *spread_width(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "%s * %s", constant(writer, layer, "back_panels"),
                         constant(writer, layer, "back_panel"));
}

static void emit_tile_head(struct writer *writer, const struct conv_sides *sides, const char *name,
                           bool in_columns, int images)
{
    const struct layer *layer = sides->layer;
    writer_line(writer,
                "/* What `pixels` pixels%s, in all rows that see a row of the %s, give to panel q of %s%s */",
                images > 1 ? ", a row of each example from n on" : " from x on",
                sides->pixels->layer == layer ? "input" : "result",
                in_columns ? "the inputs under tap j" : "the columns under the kernel",
                conv_sides_columns_comment(sides, TILING_INPUT, images));
    writer_tile_function(
        writer, layer, writer_format(writer, "%s_tile", name),
        writer_format(writer, "real (*spread)[%s], struct taps rows, int n%s, int q%s, int pixels",
                      spread_width(writer, layer), in_columns ? ", int j" : "", images > 1 ? "" : ", int x"));
}

static void emit_tile(struct writer *writer, const struct conv_sides *sides, const char *name)
{
    const struct layer *layer = sides->layer;
    struct tiling tiling = layer->tiling[TILING_INPUT];
    const int images = conv_sides_images(writer, sides, TILING_INPUT);
    const char *tile = tile_name(writer, &tiling), *vectors = constant(writer, layer, "back_vectors");
    const char *filters = value_channels(writer, sides->pixels), *x = images > 1 ? "0" : "x";
    const char *row = "rows.first - t", *tap = "rows.tap + t", *apart = "";
    const bool some = conv_sides_leave_columns(sides, TILING_INPUT, images);
    if (sides->window.stride_y > 1)
        tap = writer_format(writer, "rows.tap + t * %s", constant(writer, layer, "stride_y"));
    emit_tile_head(writer, sides, name, some, images);
    tiling.rows *= images;
    tile_sums(writer, layer, &tiling, "back_", "pixels", false);
    if (some)
        conv_sides_columns(writer, sides, images);
    if (images > 1)
        apart = writer_format(writer, " %s,", conv_images_apart(writer, sides, sides->pixels));
    writer_loop(writer, "t", "rows.count");
    writer_line(writer, "%s_multiply%s%s(pixels, %s, sum,%s &%s, %s,%s", tile, some ? "_some" : "",
                images > 1 ? "_images" : "", vectors, some ? " columns," : "",
                value_at(writer, sides->pixels, "n", row, x, "0"), filters, apart);
    writer_more(writer, "net->transposed.%s[%s][q][0], %s);", layer->name, tap, filters);
    writer_end(writer, 1);
    writer_line(writer, "%s_store(pixels, %s, q, %s, sum, &spread[%s][q * %s], %s);", tile, vectors,
                spread_width(writer, layer), x, constant(writer, layer, "back_panel"),
                spread_width(writer, layer));
    writer_function_end(writer);
}

/* Pixel (y, x) of image n from its shares, which begin in row `first` of them. */
static void emit_fold(struct writer *writer, const struct conv_sides *sides, const char *bias, const char *n,
                      const char *first)
{
    const struct layer *layer = sides->layer;
    const char *channels = value_channels(writer, sides->image);
    const char *step = sides->window.stride_x == 1
                           ? channels
                           : writer_format(writer, "%s * %s", constant(writer, layer, "stride_x"), channels);
    writer_loop_open(writer, "x", value_width(writer, sides->image));
    emit_taps(writer, sides, "columns", 'x');
    writer_line(writer, "tile%d_fold(%s, columns.count, %s, &spread[%scolumns.first][columns.tap * %s],",
                layer->tiling[TILING_FOLD].lanes, channels, bias, first, channels);
    writer_more(writer, "%s - %s, &%s);", step, spread_width(writer, layer),
                value_at(writer, sides->image, n, "y", "x", "0"));
    writer_close(writer);
}

bool conv_folds(int64_t pixels, int64_t run)
{
    enum { MOST = 65536, LARGEST_PANEL = 32 };
    return (pixels + 1) * (run + LARGEST_PANEL) <= MOST;
}

/* The shares of each tile's pixels, in rows as long as the panels. */
static void emit_spread(struct writer *writer, const struct conv_sides *sides, int images)
{
    writer_line(writer, "real spread[%s%s + 1][%s]; /* the last row is never used, but may be read */",
                images > 1 ? writer_format(writer, "%d * ", images) : "", value_width(writer, sides->pixels),
                spread_width(writer, sides->layer));
}

/* Opens the loop over the panels q of the columns under the kernel, where columns are left out within a loop
 * over its taps j; gives the number of loops. */
static int emit_panels_loop(struct writer *writer, const struct conv_sides *sides, int images)
{
    if (!conv_sides_leave_columns(sides, TILING_INPUT, images)) {
        writer_loop(writer, "q", constant(writer, sides->layer, "back_panels"));
        return 1;
    }
    const char *channels = value_channels(writer, sides->image);
    const char *panel = constant(writer, sides->layer, "back_panel");
    conv_sides_columns_loop(writer, sides);
    writer_under(writer, "for (int q = j * %s / %s; q < (j + 1) * %s / %s; q++)", channels, panel, channels,
                 panel);
    return 2;
}

/* Asks, with each panel of a row, for a part of the pixels two rows ahead: those of the next row would still
 * be waited for. NULL: they are near. */
static const char *fetch(struct writer *writer, const struct conv_sides *sides)
{
    if (!conv_sides_are_far(writer, sides))
        return NULL;
    return writer_format(writer, "TILE_FETCH_AHEAD(%s[n][rows.first], 2, q, %s);",
                         value_place(writer, sides->pixels), constant(writer, sides->layer, "back_panels"));
}

/* Rows of several images at a time: a function of its own, so that their number is literal. */
static void emit_images(struct writer *writer, const struct conv_sides *sides, const char *name,
                        const char *bias, int images)
{
    const struct layer *layer = sides->layer;
    const char *width = value_width(writer, sides->pixels);
    writer_line(writer, "/* All rows of the examples from n on that have `pixels` pixels in a row */");
    writer_tile_function(writer, layer, writer_format(writer, "%s_images", name), "int n, int pixels");
    emit_spread(writer, sides, images);
    writer_loop_open(writer, "y", value_height(writer, sides->image));
    emit_taps(writer, sides, "rows", 'y');
    const int loops = emit_panels_loop(writer, sides, images);
    writer_line(writer, "%s_%s_tile(net, spread, rows, n, %sq, pixels);", layer->name, name,
                loops > 1 ? "j, " : "");
    writer_end(writer, loops);
    writer_loop(writer, "e", writer_format(writer, "pixels / %s", width));
    emit_fold(writer, sides, bias, "n + e", writer_format(writer, "e * %s + ", width));
    writer_end(writer, 1);
    writer_close(writer);
    writer_function_end(writer);
}

void conv_sides_fold(struct writer *writer, const struct conv_sides *sides, const char *name,
                     const char *bias)
{
    const struct layer *layer = sides->layer;
    const struct tiling *tiling = &layer->tiling[TILING_INPUT];
    const int images = conv_sides_images(writer, sides, TILING_INPUT);
    emit_tile(writer, sides, name);
    if (images > 1) {
        emit_images(writer, sides, name, bias, images);
        writer_function(writer, layer, name);
        conv_image_calls(writer, tiling, images, writer_format(writer, "%s_%s_images", layer->name, name),
                         "net");
        return;
    }
    writer_function(writer, layer, name);
    emit_spread(writer, sides, images);
    writer_examples(writer);
    writer_loop_open(writer, "y", value_height(writer, sides->image));
    emit_taps(writer, sides, "rows", 'y');
    const int loops = emit_panels_loop(writer, sides, images);
    conv_sides_row_calls(writer, sides, TILING_INPUT, fetch(writer, sides),
                         writer_format(writer, "%s_%s_tile", layer->name, name),
                         loops > 1 ? "spread, rows, n, j, q" : "spread, rows, n, q");
    writer_end(writer, loops - 1);
    emit_fold(writer, sides, bias, "n", "");
    writer_close(writer);
    writer_end(writer, 1);
}
