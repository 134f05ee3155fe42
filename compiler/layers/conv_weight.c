/* conv_weight.c - the gradient of a convolution's weights as loops over register tiles.
 *
 *     few weights: for each example of a group, panel and row of the kernel: the tiles along the row
 *     many:        for each block of pixels and each panel of this thread: the panel's gradients side by
 *                  side, then for each row of the kernel: this thread's tiles
 *
 * All tiles of a panel see the same gradients, 2 vectors out of a whole row of filters: side by side they
 * stay in the first-level cache, where they would come from farther for every tile. A block is some examples
 * or, where one has many pixels, a band of rows of one; the sums of an example wait in memory from one band
 * to the next, so no sum's order depends on how high the bands are. How many examples a block is, decides
 * where their sums are joined.
 *
 * Pixels whose tap lies on the image's padding are left out (conv_inside.c). */
#include "emit/writer.h"
#include "layers/conv.h"

enum {
    BLOCK_PIXELS = 256, /* whose gradients of a panel of 32 floats take 32 KiB, about a first-level cache */
    MOST_REALS = 65536  /* of a thread's stack */
};

/* What a tile of many weights sums up before it goes to memory. */
struct block {
    int64_t examples; /* at a time */
    int64_t rows;     /* of one example at a time; 0: all */
    bool is_gathered; /* the panel's gradients stand side by side */
};

static const char *constant(struct writer *writer, const struct layer *layer, const char *name)
{
    return layer_constant(writer, layer, name);
}

/* In equal bands of at most BLOCK_PIXELS, or of one row that is longer. */
static int64_t band_rows(struct shape pixels)
{
    const int64_t most = pixels.width < BLOCK_PIXELS ? BLOCK_PIXELS / pixels.width : 1;
    const int64_t bands = (pixels.height + most - 1) / most;
    return (pixels.height + bands - 1) / bands;
}

static struct block block_of(const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const struct shape pixels = sides->pixels->shape;
    const int64_t panel = layer->tiling[TILING_FORWARD].panel, image = pixels.height * pixels.width;
    if (image <= BLOCK_PIXELS)
        return (struct block){.examples = BLOCK_PIXELS / image, .is_gathered = true};
    const int64_t rows = band_rows(pixels);
    const int64_t sums = parameter_size(layer->weight) / pixels.channels * panel;
    if (sums + rows * pixels.width * panel > MOST_REALS)
        return (struct block){.examples = 1};
    return (struct block){.examples = 1, .rows = rows, .is_gathered = true};
}

const char *conv_weight_note(struct writer *writer, const struct conv_sides *sides)
{
    const struct block block = block_of(sides);
    if (sides->layer->weight->in_groups)
        return ", over one example";
    if (block.rows)
        return writer_format(writer, ", over %lld rows", (long long)block.rows);
    if (block.examples > 1)
        return writer_format(writer, ", over %lld examples", (long long)block.examples);
    return ", over one example";
}

/* Tiles are counted panel by panel, so that a thread reads as few panels' gradients as possible. */
const char *conv_weight_parts(struct writer *writer, const struct layer *layer)
{
    return writer_format(writer, "%s * %s", constant(writer, layer, "panels"),
                         constant(writer, layer, "weight_tiles"));
}

/* "[C5_HEIGHT][C5_WIDTH][C5_PANEL]": of the pixels' numbers of a panel, behind the first dimension. */
static const char *gathered_shape(struct writer *writer, const struct conv_sides *sides,
                                  const struct block *block)
{
    const char *height = "";
    if (block->examples > 1)
        height = writer_format(writer, "[%s]", value_height(writer, sides->pixels));
    return writer_format(writer, "%s[%s][%s]", height, value_width(writer, sides->pixels),
                         constant(writer, sides->layer, "panel"));
}

/* "dy", or "x" where the pixels are the layer's input. */
static const char *gathered_name(const struct conv_sides *sides)
{
    return sides->pixels->layer == sides->layer ? "dy" : "x";
}

/* Row y of example n of them, from pixel x on: "dy[n - examples.first][y][0]", "dy[y - band.first][0]",
 * "dy[y][0]". */
static const char *gathered_row(struct writer *writer, const struct conv_sides *sides,
                                const struct block *block, const char *x)
{
    return writer_format(writer, "%s[%s][%s]", gathered_name(sides),
                         block->examples > 1 ? "n - examples.first][y"
                         : block->rows       ? "y - band.first"
                                             : "y",
                         x);
}

/* "[C2_KERNEL_ROW][C2_PANEL]": of the sums of a panel, behind the rows of the kernel. */
static const char *sums_shape(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    return writer_format(writer, "[%s][%s]", constant(writer, layer, "kernel_row"),
                         constant(writer, layer, "panel"));
}

static const char *sums_at(struct writer *writer, const struct conv_sides *sides)
{
    return writer_format(writer, "sums[i][%s]", conv_sides_run_start(writer, sides, "k"));
}

static void comment_tile(struct writer *writer, const struct conv_sides *sides, const char *over)
{
    const bool is_result = sides->pixels->layer == sides->layer;
    writer_line(writer, "/* `rows` %s under %s of the kernel, from k on, and the %s of panel p, over %s */",
                is_result ? "inputs" : "results", sides->is_apart ? "tap (i, j)" : "row i",
                is_result ? "filters" : "channels", over);
}

/* sum += x^T dy for row y of example n: `from` and `step` are those of the pixels' numbers. */
static void emit_outer(struct writer *writer, const struct conv_sides *sides, const char *from,
                       const char *step)
{
    const struct layer *layer = sides->layer;
    writer_line(
        writer, "%s_outer(rows, %s, sum, &%s + k, %s,", tile_name(writer, &layer->tiling[TILING_WEIGHT]),
        constant(writer, layer, "vectors"),
        conv_sides_under(writer, sides, conv_weight_first_column(sides), conv_sides_group(writer, sides)),
        conv_sides_step(writer, sides));
    writer_more(writer, "%s, %s, %s);", from, step, conv_weight_columns(writer, sides));
}

static void emit_tile_end(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    tile_write(writer, layer, &layer->tiling[TILING_WEIGHT], "add", "", "p", "rows",
               writer_format(writer, "%s[p][i][%s]", weights_gradient(writer, layer->weight),
                             conv_sides_run_start(writer, sides, "k")),
               constant(writer, layer, "panel"));
}

/* Where the pixels stand in memory: "&net->dvalue.c1[n][y][0][p * C1_PANEL]" */
static const char *pixels_from(struct writer *writer, const struct conv_sides *sides, const char *x)
{
    return writer_format(writer, "&%s", conv_sides_filters(writer, sides, x));
}

/* Each group adds up the gradient of its examples. */
static void emit_groups(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    comment_tile(writer, sides, "one example of group g");
    writer_tile_function(writer, layer, "backward_weight_tile",
                         writer_format(writer, "int g, int n, int p, int i, %sint k, int rows",
                                       sides->is_apart ? "int j, " : ""));
    tile_sums(writer, layer, tiling, "", "rows", false);
    conv_weight_inside(writer, sides, false);
    writer_under(writer, "%s", conv_weight_rows_loop(writer, sides, false));
    emit_outer(writer, sides, pixels_from(writer, sides, conv_weight_first_column(sides)),
               value_channels(writer, sides->pixels));
    writer_end(writer, 1);
    emit_tile_end(writer, sides);
    writer_function_end(writer);

    writer_function(writer, layer, "backward_weight");
    writer_examples(writer);
    writer_loop(writer, "p", constant(writer, layer, "panels"));
    int loops = conv_sides_run_loops(writer, sides);
    tile_calls(writer, tiling, conv_sides_run(writer, sides),
               writer_format(writer, "%s_backward_weight_tile", layer->name),
               loops == 1 ? "g, n, p, i" : "g, n, p, i, j");
    writer_end(writer, loops + 2);
    writer_function_end(writer);
}

/* A tile's sums go on where the band before has left them. */
static void emit_band_start(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const char *tile = tile_name(writer, tiling), *vectors = constant(writer, layer, "vectors");
    tile_declare(writer, tiling, vectors);
    writer_under(writer, "if (band.first == 0)");
    writer_line(writer, "%s_clear(rows, %s, sum);", tile, vectors);
    writer_end(writer, 1);
    writer_under(writer, "else");
    writer_line(writer, "%s_load(rows, %s, sum, %s);", tile, vectors, sums_at(writer, sides));
    writer_end(writer, 1);
}

static void emit_band_end(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const struct tiling *tiling = &layer->tiling[TILING_WEIGHT];
    const char *panel = constant(writer, layer, "panel");
    writer_under(writer, "if (band.end < %s)", value_height(writer, sides->pixels));
    writer_line(writer, "%s_store(rows, %s, 0, %s, sum, %s, %s);", tile_name(writer, tiling),
                constant(writer, layer, "vectors"), panel, sums_at(writer, sides), panel);
    writer_end(writer, 1);
    writer_under(writer, "else");
    emit_tile_end(writer, sides);
    writer_end(writer, 1);
}

static const char *tile_arguments(struct writer *writer, const struct conv_sides *sides,
                                  const struct block *block)
{
    const char *gathered = "", *sums = "";
    if (block->is_gathered)
        gathered = writer_format(writer, "real (*%s)%s, ", gathered_name(sides),
                                 gathered_shape(writer, sides, block));
    if (block->rows)
        sums = writer_format(writer, "real (*sums)%s, struct range band, ", sums_shape(writer, sides));
    return writer_format(writer, "%s%s%s, int p, int i, %sint k, int rows", gathered, sums,
                         block->examples > 1 ? "struct range examples" : "int n",
                         sides->is_apart ? "int j, " : "");
}

/* Does the next example come from far away, and is it read soon enough that it would be waited for? Tiles
 * that have some examples at a time work longer with each. */
static bool is_fetched(const struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    return block->examples == 1 && writer->graph->training.batch > 1 && !sides->is_apart &&
           conv_sides_are_far(writer, sides);
}

/* The tiles of a row of the kernel ask together for what they read of the next example. */
static void emit_fetch(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const char *part = writer_format(writer, "k / %d, %s", layer->tiling[TILING_WEIGHT].rows,
                                     constant(writer, layer, "weight_tiles"));
    writer_line(writer, "TILE_FETCH_PART(%s[n + 1][%s], %s);", value_place(writer, sides->image),
                window_tap(writer, layer, &sides->window, "y", "i", 'y'), part);
    writer_line(writer, "TILE_FETCH_PART(%s[n + 1][y], %s);", value_place(writer, sides->pixels), part);
}

static void emit_parts_rows(struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    const char *loop = conv_weight_rows_loop(writer, sides, block->rows > 0),
               *x = conv_weight_first_column(sides);
    const bool is_braced = is_fetched(writer, sides, block);
    if (is_braced) {
        writer_open(writer, "%s", loop);
        emit_fetch(writer, sides);
    } else {
        writer_under(writer, "%s", loop);
    }
    if (block->is_gathered)
        emit_outer(writer, sides, gathered_row(writer, sides, block, x),
                   constant(writer, sides->layer, "panel"));
    else
        emit_outer(writer, sides, pixels_from(writer, sides, x), value_channels(writer, sides->pixels));
    if (is_braced)
        writer_close(writer);
    else
        writer_end(writer, 1);
}

static void emit_parts_tile(struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    const struct layer *layer = sides->layer;
    const bool is_band = block->rows > 0, is_block = block->examples > 1;
    comment_tile(writer, sides,
                 is_band    ? "a band of rows of one example"
                 : is_block ? "some examples"
                            : "one example");
    writer_tile_function(writer, layer, "backward_weight_tile", tile_arguments(writer, sides, block));
    if (is_band)
        emit_band_start(writer, sides);
    else
        tile_sums(writer, layer, &layer->tiling[TILING_WEIGHT], "", "rows", false);
    conv_weight_inside(writer, sides, is_band);
    if (is_block)
        writer_under(writer, "for (int n = examples.first; n < examples.end; n++)");
    emit_parts_rows(writer, sides, block);
    writer_end(writer, is_block);
    if (is_band)
        emit_band_end(writer, sides);
    else
        emit_tile_end(writer, sides);
    writer_function_end(writer);
}

/* tile16_gather(…, dy[y][0], C4_WIDTH), for the rows of the block. */
static void emit_gather(struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    const struct layer *layer = sides->layer;
    if (block->examples > 1)
        writer_under(writer, "for (int n = examples.first; n < examples.end; n++)");
    if (block->rows)
        writer_under(writer, "for (int y = band.first; y < band.end; y++)");
    else
        writer_loop(writer, "y", value_height(writer, sides->pixels));
    writer_line(writer, "%s_gather(%s, %s, %s, %s, %s);", tile_name(writer, &layer->tiling[TILING_WEIGHT]),
                constant(writer, layer, "vectors"), value_width(writer, sides->pixels),
                pixels_from(writer, sides, "0"), value_channels(writer, sides->pixels),
                gathered_row(writer, sides, block, "0"));
    writer_end(writer, 1 + (block->examples > 1));
}

static void emit_panel_tiles(struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    const char *gathered = block->is_gathered ? writer_format(writer, "%s, ", gathered_name(sides)) : "";
    const int loops = conv_sides_run_loops(writer, sides);
    tile_calls_shared(
        writer, sides->layer, writer_format(writer, "%s_backward_weight_tile", sides->layer->name),
        writer_format(writer, "net, %s%s%s, p, i%s", gathered, block->rows ? "sums, band, " : "",
                      block->examples > 1 ? "examples" : "n", loops > 1 ? ", j" : ""),
        NULL);
    writer_end(writer, loops);
}

/* What stands side by side, and the sums that wait. */
static void emit_panel_places(struct writer *writer, const struct conv_sides *sides,
                              const struct block *block)
{
    const char *first = value_height(writer, sides->pixels);
    if (block->rows || block->examples > 1)
        first = writer_format(writer, "%lld", (long long)(block->rows ? block->rows : block->examples));
    writer_line(writer, "real %s[%s]%s; /* side by side: all tiles read them from a near cache */",
                gathered_name(sides), first, gathered_shape(writer, sides, block));
    if (block->rows)
        writer_line(writer, "real sums[%s]%s; /* of the bands before */",
                    constant(writer, sides->layer, "kernel_height"), sums_shape(writer, sides));
}

static void emit_panel(struct writer *writer, const struct conv_sides *sides, const struct block *block)
{
    const struct layer *layer = sides->layer;
    const char *height = value_height(writer, sides->pixels);
    writer_line(writer, "/* Some tiles of panel p, over %s */",
                block->examples > 1 ? "some examples" : "one example");
    writer_line(writer, "static void %s_backward_weight_panel(struct %s *net, %s, int p, struct range tiles)",
                layer->name, writer->graph->name, block->examples > 1 ? "struct range examples" : "int n");
    writer_line(writer, "{");
    writer->depth++;
    if (block->is_gathered)
        emit_panel_places(writer, sides, block);
    if (block->rows) {
        writer_open(writer, "for (int first = 0; first < %s; first += %lld)", height, (long long)block->rows);
        writer_line(writer, "const struct range band = range_within(first, %lld, %s);",
                    (long long)block->rows, height);
    }
    if (block->is_gathered)
        emit_gather(writer, sides, block);
    emit_panel_tiles(writer, sides, block);
    if (block->rows)
        writer_close(writer);
    writer_function_end(writer);
}

/* The loop over the panels of which this thread has tiles. */
static void emit_panel_loop(struct writer *writer, const char *tiles)
{
    writer_open(writer, "for (int p = tiles.first / %s; p * %s < tiles.end; p++)", tiles, tiles);
    writer_line(writer, "const struct range some = range_part(tiles, p * %s, %s);", tiles, tiles);
}

/* Each thread has some of the tiles, which are counted panel by panel, for all examples. */
static void emit_parts(struct writer *writer, const struct conv_sides *sides)
{
    const struct layer *layer = sides->layer;
    const struct block block = block_of(sides);
    const char *tiles = constant(writer, layer, "weight_tiles"), *run = conv_sides_run(writer, sides);
    const int rows = layer->tiling[TILING_WEIGHT].rows;
    emit_parts_tile(writer, sides, &block);
    emit_panel(writer, sides, &block);
    writer_function(writer, layer, "backward_weight");
    emit_panel_loop(writer, tiles);
    writer_line(writer, "const int first = some.first * %d, end = some.end < %s ? some.end * %d : %s;", rows,
                tiles, rows, run);
    const int loops = conv_sides_run_loops(writer, sides);
    const char *place = writer_format(writer, "%s[p][i][%s]", weights_gradient(writer, layer->weight),
                                      conv_sides_run_start(writer, sides, "first"));
    writer_line(writer, "memset(%s, 0, (size_t)(end - first) * sizeof(%s));", place, place);
    writer_end(writer, loops);
    writer_close(writer);
    const char *examples = "n";
    if (block.examples > 1) {
        writer_under(writer, "for (int n = 0; n < batch; n += %lld)", (long long)block.examples);
        examples = writer_format(writer, "range_within(n, %lld, batch)", (long long)block.examples);
    } else {
        writer_examples(writer);
    }
    emit_panel_loop(writer, tiles);
    writer_line(writer, "%s_backward_weight_panel(net, %s, p, some);", layer->name, examples);
    writer_close(writer);
    writer_end(writer, 1);
    writer_function_end(writer);
}

void conv_sides_weight(struct writer *writer, const struct conv_sides *sides)
{
    if (writer->split == SPLIT_GROUPS)
        emit_groups(writer, sides);
    else
        emit_parts(writer, sides);
}
