/* conv_inside.c - which rows of the kernel, and which pixels, see the image and not its padding. That is
 * zeros, which add nothing, so what lies there is left out, and no sum changes.
 *
 *     forward, input gradient: rows of the kernel for row y
 *         const struct range rows = range_inside(y - C2_PAD_TOP, 1, C2_KERNEL_HEIGHT, C1_HEIGHT);
 *     gradient of the weights: rows of pixels for row i of the kernel
 *         const struct range inside = range_inside(i - C2_PAD_TOP, 1, C2_HEIGHT, C1_HEIGHT);
 *
 * and columns in the same way, where that is worth it. */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* Those of `most` places that lie on the image: the first at `at`, padding counted, and each `apart`, which
 * is the constant `name`, behind the one before. */
static const char *places_inside(struct writer *writer, const struct layer *layer,
                                 const struct window *window, char axis, const char *at, int64_t apart,
                                 const char *name, const char *most, const struct value *image)
{
    const bool is_row = axis == 'y';
    if (is_row ? window->pad.top : window->pad.left)
        at = writer_format(writer, "%s - %s", at, constant(writer, layer, is_row ? "pad_top" : "pad_left"));
    return writer_format(writer, "range_inside(%s, %s, %s, %s)", at,
                         apart == 1 ? "1" : constant(writer, layer, name), most,
                         is_row ? value_height(writer, image) : value_width(writer, image));
}

static bool has_rows_outside(const struct window *window)
{
    return window->pad.top > 0 || window->pad.bottom > 0;
}

void conv_rows_loop(struct writer *writer, const struct layer *layer, const struct window *window,
                    const struct value *image)
{
    if (!has_rows_outside(window)) {
        writer_loop(writer, "i", constant(writer, layer, "kernel_height"));
        return;
    }
    writer_line(writer, "const struct range rows = %s;",
                places_inside(writer, layer, window, 'y', window_position(writer, layer, window, "y", 'y'),
                              window->dilation_y, "dilation_y", constant(writer, layer, "kernel_height"),
                              image));
    writer_under(writer, "for (int i = rows.first; i < rows.end; i++)");
}

/* Every tile has a loop for every tap then, so where there are few of them, and each has enough to do: a row
 * of four tiles still gains 2 %, and costs a tenth of the time that its C takes to compile. */
bool conv_sides_leave_columns(const struct conv_sides *sides, enum tiling_use use, int images)
{
    enum { MOST_LOOPS = 12, LEAST_CHANNELS = 16 };
    const struct window *window = &sides->window;
    const struct tiling *tiling = &sides->layer->tiling[use];
    const bool is_back = use == TILING_INPUT;
    const int64_t tiles = images > 1 ? 1 : (tiling->count + tiling->rows - 1) / tiling->rows;
    const int64_t channels = is_back ? sides->pixels->shape.channels : sides->image->shape.channels;
    return !sides->is_apart && (window->pad.left || window->pad.right) && channels >= LEAST_CHANNELS &&
           tiles * window->width <= MOST_LOOPS &&
           (!is_back || sides->image->shape.channels % tiling->panel == 0);
}

void conv_sides_columns_loop(struct writer *writer, const struct conv_sides *sides)
{
    writer_line(writer, "TILE_UNROLL");
    writer_loop(writer, "j", constant(writer, sides->layer, "kernel_width"));
}

void conv_sides_columns(struct writer *writer, const struct conv_sides *sides, int images)
{
    const struct layer *layer = sides->layer;
    const struct window *window = &sides->window;
    const char *tap = window_tap(writer, layer, window, images > 1 ? "0" : "x", "j", 'x');
    writer_line(writer, "const struct range columns = %s;",
                places_inside(writer, layer, window, 'x', tap, window->stride_x, "stride_x",
                              images > 1 ? value_width(writer, sides->pixels) : "pixels", sides->image));
}

const char *conv_sides_columns_comment(const struct conv_sides *sides, enum tiling_use use, int images)
{
    if (images > 1 || !conv_sides_leave_columns(sides, use, images))
        return "";
    return "; each call has a literal x, by which taps on padding are left out";
}

/* Each with a literal place x. */
static void emit_row_calls(struct writer *writer, const struct tiling *tiling, const char *tile,
                           const char *arguments)
{
    for (int64_t x = 0; x < tiling->count; x += tiling->rows)
        writer_line(writer, "%s(net, %s, %d, %d);", tile, arguments, (int)x,
                    tiling->count - x < tiling->rows ? tiling->rest : tiling->rows);
}

void conv_sides_row_calls(struct writer *writer, const struct conv_sides *sides, enum tiling_use use,
                          const char *first, const char *tile, const char *arguments)
{
    const struct tiling *tiling = &sides->layer->tiling[use];
    const bool is_literal = conv_sides_leave_columns(sides, use, 1);
    const bool is_braced = first || (is_literal && tiling->rows < tiling->count);
    if (is_braced)
        writer_brace(writer);
    if (first)
        writer_line(writer, "%s", first);
    if (is_literal)
        emit_row_calls(writer, tiling, tile, arguments);
    else
        tile_calls(writer, tiling, value_width(writer, sides->pixels), tile, arguments);
    if (is_braced)
        writer_close(writer);
    else
        writer_end(writer, 1);
}

/* Does a tile see columns of padding that it can leave out? Inputs of several columns of the kernel would
 * each leave out others; and where every second pixel goes to sums of its own, which ones those are must not
 * change. */
static bool has_columns_outside(const struct conv_sides *sides)
{
    const struct tiling *tiling = &sides->layer->tiling[TILING_WEIGHT];
    const int least = tiling->rest ? tiling->rest : tiling->rows;
    return (sides->window.pad.left > 0 || sides->window.pad.right > 0) &&
           least * sides->layer->tiling[TILING_FORWARD].vectors >= TILE_PAIRED_SUMS &&
           (sides->is_apart || sides->image->shape.channels % tiling->rows == 0);
}

/* Which rows or columns of pixels see the image with a tap of the kernel:
 * "range_inside(i - C2_PAD_TOP, 1, C2_HEIGHT, C1_HEIGHT)" */
static const char *pixels_inside(struct writer *writer, const struct conv_sides *sides, char axis,
                                 const char *tap)
{
    const struct window *window = &sides->window;
    const bool is_row = axis == 'y';
    return places_inside(
        writer, sides->layer, window, axis, window_tap(writer, sides->layer, window, "0", tap, axis),
        is_row ? window->stride_y : window->stride_x, is_row ? "stride_y" : "stride_x",
        is_row ? value_height(writer, sides->pixels) : value_width(writer, sides->pixels), sides->image);
}

void conv_weight_inside(struct writer *writer, const struct conv_sides *sides, bool is_band)
{
    if (has_rows_outside(&sides->window)) {
        const char *rows_inside = pixels_inside(writer, sides, 'y', "i");
        if (is_band)
            rows_inside = writer_format(writer, "range_common(band, %s)", rows_inside);
        writer_line(writer, "const struct range inside = %s;", rows_inside);
    }
    if (has_columns_outside(sides)) {
        const char *tap = "j";
        if (!sides->is_apart)
            tap = writer_format(writer, "k / %s", value_channels(writer, sides->image));
        writer_line(writer, "const struct range columns = %s;", pixels_inside(writer, sides, 'x', tap));
    }
}

const char *conv_weight_rows_loop(struct writer *writer, const struct conv_sides *sides, bool is_band)
{
    const char *rows = has_rows_outside(&sides->window) ? "inside" : is_band ? "band" : NULL;
    if (rows)
        return writer_format(writer, "for (int y = %s.first; y < %s.end; y++)", rows, rows);
    return writer_format(writer, "for (int y = 0; y < %s; y++)", value_height(writer, sides->pixels));
}

const char *conv_weight_first_column(const struct conv_sides *sides)
{
    return has_columns_outside(sides) ? "columns.first" : "0";
}

const char *conv_weight_columns(struct writer *writer, const struct conv_sides *sides)
{
    return has_columns_outside(sides) ? "columns.end - columns.first" : value_width(writer, sides->pixels);
}
