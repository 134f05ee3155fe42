/* concat.c - trains the network 'concat': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "concat.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* stem: conv 2 3x3 pad=1
 * 5x4x1 -> 5x4x2, 20 parameters, 720 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION stem_forward_tile(struct concat *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.stem.bias);
    const struct range rows = range_inside(y - STEM_PAD_TOP, 1, STEM_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.stem.weight[0][i][0], STEM_KERNEL_ROW);
    tile8_store_pairs(pixels, STEM_FILTERS, sum, &net->value.stem[n][y + P5_PAD_TOP][x + P5_PAD_LEFT][0]);
}

static void stem_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            TILE_ALONG(4, 0, STEM_WIDTH, stem_forward_tile, net, n, y);
}

/* The parts of the gradient that the layers behind it made */
static void stem_backward_sum(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->dvalue.stem_from_stem_concat[n][y][x][c] + net->dvalue.stem_from_stem_maxpool[n][y][x][c] + net->dvalue.stem_from_p5[n][y][x][c] + net->dvalue.stem_from_p3[n][y][x][c] + net->dvalue.stem_from_p1[n][y][x][c];
}

/* dbias = sum of dy */
static void stem_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), STEM_HEIGHT * STEM_WIDTH / 4, STEM_FILTERS,
        &net->dvalue.stem[examples.first][0][0][0], net->group[g].stem.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION stem_backward_weight_tile(struct concat *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * STEM_PAIRS];
    tile8_clear(rows, STEM_PAIRS, sum);
    for (int y = 0; y < STEM_HEIGHT; y++)
        tile8_outer_pairs(rows, STEM_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_COLUMNS * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.stem[n][y][0][0], STEM_FILTERS, STEM_WIDTH);
    tile8_add_pairs(rows, STEM_KERNEL_ROW, STEM_FILTERS, sum, net->group[g].stem.weight[0][i][0]);
}

static void stem_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, STEM_KERNEL_HEIGHT, stem_backward_weight_tile, net, g, n);
}

/* p1: conv 2 1x1
 * 5x4x2 -> 5x4x2, 6 parameters, 160 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION p1_forward_tile(struct concat *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * P1_VECTORS];
    tile4_start(pixels, P1_VECTORS, sum, &net->param.p1.bias[p * P1_PANEL]);
    for (int i = 0; i < P1_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, P1_VECTORS, sum, &net->value.stem[n][y + i + P5_PAD_TOP][x + P5_PAD_LEFT][0], STEM_FILTERS,
            net->param.p1.weight[p][i][0], P1_KERNEL_ROW);
    tile4_store(pixels, P1_VECTORS, p, P1_FILTERS, sum, &net->value.p1[n][y][x][p * P1_PANEL], P1_FILTERS);
}

static void p1_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < P1_PANELS; p++)
            for (int y = 0; y < P1_HEIGHT; y++)
                TILE_ALONG(4, 0, P1_WIDTH, p1_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void p1_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), P1_HEIGHT * P1_WIDTH / 4, P1_FILTERS,
        &net->dvalue.p1[examples.first][0][0][0], net->group[g].p1.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p1_backward_weight_tile(struct concat *net, int g, int n, int i, int rows)
{
    tile8 sum[P1_PAIRS];
    tile8_clear(rows, P1_PAIRS, sum);
    for (int y = 0; y < P1_HEIGHT; y++)
        tile8_outer_pairs(rows, P1_KERNEL_ROW, sum, &net->value.stem[n][y + i + P5_PAD_TOP][P5_PAD_LEFT][0],
            STEM_COLUMNS * STEM_FILTERS, STEM_FILTERS, &net->dvalue.p1[n][y][0][0], P1_FILTERS, P1_WIDTH);
    tile8_add_pairs(rows, P1_KERNEL_ROW, P1_FILTERS, sum, net->group[g].p1.weight[0][i][0]);
}

static void p1_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, P1_KERNEL_HEIGHT, p1_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION p1_backward_input_tile(struct concat *net, real (*spread)[P1_BACK_PANELS * P1_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[4 * P1_BACK_VECTORS];
    tile4_clear(pixels, P1_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, P1_BACK_VECTORS, sum, &net->dvalue.p1[n][rows.first - t][x][0], P1_FILTERS,
            net->transposed.p1[rows.tap + t][q][0], P1_FILTERS);
    tile4_store(pixels, P1_BACK_VECTORS, q, P1_BACK_PANELS * P1_BACK_PANEL, sum, &spread[x][q * P1_BACK_PANEL], P1_BACK_PANELS * P1_BACK_PANEL);
}

static void p1_backward_input(struct concat *net, struct range examples)
{
    real spread[P1_WIDTH + 1][P1_BACK_PANELS * P1_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++) {
            const struct taps rows = taps_over(y, P1_HEIGHT, P1_KERNEL_HEIGHT, 1);
            for (int q = 0; q < P1_BACK_PANELS; q++)
                TILE_ALONG(4, 0, P1_WIDTH, p1_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < STEM_WIDTH; x++) {
                const struct taps columns = taps_over(x, P1_WIDTH, P1_KERNEL_WIDTH, 1);
                tile4_fold(STEM_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * STEM_FILTERS],
                    STEM_FILTERS - P1_BACK_PANELS * P1_BACK_PANEL, &net->dvalue.stem_from_p1[n][y][x][0]);
            }
        }
}

/* p3: conv 3 3x3 pad=1 relu
 * 5x4x2 -> 5x4x3, 57 parameters, 2.16 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION p3_forward_tile(struct concat *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * P3_VECTORS];
    tile4_start(pixels, P3_VECTORS, sum, &net->param.p3.bias[p * P3_PANEL]);
    const struct range rows = range_inside(y - P3_PAD_TOP, 1, P3_KERNEL_HEIGHT, STEM_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, P3_VECTORS, sum, &net->value.stem[n][y + i + P5_PAD_TOP - P3_PAD_TOP][x + P5_PAD_LEFT - P3_PAD_LEFT][0], STEM_FILTERS,
            net->param.p3.weight[p][i][0], P3_KERNEL_ROW);
    tile4_relu(pixels, P3_VECTORS, sum);
    tile4_store(pixels, P3_VECTORS, p, P3_FILTERS, sum, &net->value.p3[n][y][x][p * P3_PANEL], P3_FILTERS);
}

static void p3_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < P3_PANELS; p++)
            for (int y = 0; y < P3_HEIGHT; y++)
                TILE_ALONG(4, 0, P3_WIDTH, p3_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void p3_backward_output(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->dvalue.p3[n][y][x][c] = net->value.p3[n][y][x][c] > 0 ? net->dvalue.p3[n][y][x][c] : 0;
        tile4_sum(P3_HEIGHT * P3_WIDTH, P3_FILTERS, &net->dvalue.p3[n][0][0][0], net->group[g].p3.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p3_backward_weight_tile(struct concat *net, int g, int n, int i, int rows)
{
    tile8 sum[P3_PAIRS];
    tile8_clear(rows, P3_PAIRS, sum);
    for (int y = 0; y < P3_HEIGHT; y++)
        tile8_outer_pairs(rows, P3_KERNEL_ROW, sum, &net->value.stem[n][y + i + P5_PAD_TOP - P3_PAD_TOP][P5_PAD_LEFT - P3_PAD_LEFT][0],
            STEM_COLUMNS * STEM_FILTERS, STEM_FILTERS, &net->dvalue.p3[n][y][0][0], P3_FILTERS, P3_WIDTH);
    tile8_add_pairs(rows, P3_KERNEL_ROW, P3_FILTERS, sum, net->group[g].p3.weight[0][i][0]);
}

static void p3_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, P3_KERNEL_HEIGHT, p3_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION p3_backward_input_tile(struct concat *net, real (*spread)[P3_BACK_PANELS * P3_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * P3_BACK_VECTORS];
    tile8_clear(pixels, P3_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, P3_BACK_VECTORS, sum, &net->dvalue.p3[n][rows.first - t][x][0], P3_FILTERS,
            net->transposed.p3[rows.tap + t][q][0], P3_FILTERS);
    tile8_store(pixels, P3_BACK_VECTORS, q, P3_BACK_PANELS * P3_BACK_PANEL, sum, &spread[x][q * P3_BACK_PANEL], P3_BACK_PANELS * P3_BACK_PANEL);
}

static void p3_backward_input(struct concat *net, struct range examples)
{
    real spread[P3_WIDTH + 1][P3_BACK_PANELS * P3_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++) {
            const struct taps rows = taps_over(y + P3_PAD_TOP, P3_HEIGHT, P3_KERNEL_HEIGHT, 1);
            for (int q = 0; q < P3_BACK_PANELS; q++)
                TILE_ALONG(4, 0, P3_WIDTH, p3_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < STEM_WIDTH; x++) {
                const struct taps columns = taps_over(x + P3_PAD_LEFT, P3_WIDTH, P3_KERNEL_WIDTH, 1);
                tile4_fold(STEM_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * STEM_FILTERS],
                    STEM_FILTERS - P3_BACK_PANELS * P3_BACK_PANEL, &net->dvalue.stem_from_p3[n][y][x][0]);
            }
        }
}

/* p5: conv 2 5x5 pad=[3, 2, 1, 2]
 * 5x4x2 -> 5x4x2, 102 parameters, 4 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION p5_forward_tile(struct concat *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * P5_VECTORS];
    tile4_start(pixels, P5_VECTORS, sum, &net->param.p5.bias[p * P5_PANEL]);
    const struct range rows = range_inside(y - P5_PAD_TOP, 1, P5_KERNEL_HEIGHT, STEM_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, P5_VECTORS, sum, &net->value.stem[n][y + i][x][0], STEM_FILTERS,
            net->param.p5.weight[p][i][0], P5_KERNEL_ROW);
    tile4_store(pixels, P5_VECTORS, p, P5_FILTERS, sum, &net->value.p5[n][y][x][p * P5_PANEL], P5_FILTERS);
}

static void p5_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < P5_PANELS; p++)
            for (int y = 0; y < P5_HEIGHT; y++)
                TILE_ALONG(4, 0, P5_WIDTH, p5_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void p5_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), P5_HEIGHT * P5_WIDTH / 4, P5_FILTERS,
        &net->dvalue.p5[examples.first][0][0][0], net->group[g].p5.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p5_backward_weight_tile(struct concat *net, int g, int n, int i, int rows)
{
    tile8 sum[P5_PAIRS];
    tile8_clear(rows, P5_PAIRS, sum);
    for (int y = 0; y < P5_HEIGHT; y++)
        tile8_outer_pairs(rows, P5_KERNEL_ROW, sum, &net->value.stem[n][y + i][0][0],
            STEM_COLUMNS * STEM_FILTERS, STEM_FILTERS, &net->dvalue.p5[n][y][0][0], P5_FILTERS, P5_WIDTH);
    tile8_add_pairs(rows, P5_KERNEL_ROW, P5_FILTERS, sum, net->group[g].p5.weight[0][i][0]);
}

static void p5_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, P5_KERNEL_HEIGHT, p5_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION p5_backward_input_tile(struct concat *net, real (*spread)[P5_BACK_PANELS * P5_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * P5_BACK_VECTORS];
    tile8_clear(pixels, P5_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, P5_BACK_VECTORS, sum, &net->dvalue.p5[n][rows.first - t][x][0], P5_FILTERS,
            net->transposed.p5[rows.tap + t][q][0], P5_FILTERS);
    tile8_store(pixels, P5_BACK_VECTORS, q, P5_BACK_PANELS * P5_BACK_PANEL, sum, &spread[x][q * P5_BACK_PANEL], P5_BACK_PANELS * P5_BACK_PANEL);
}

static void p5_backward_input(struct concat *net, struct range examples)
{
    real spread[P5_WIDTH + 1][P5_BACK_PANELS * P5_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++) {
            const struct taps rows = taps_over(y + P5_PAD_TOP, P5_HEIGHT, P5_KERNEL_HEIGHT, 1);
            for (int q = 0; q < P5_BACK_PANELS; q++)
                TILE_ALONG(4, 0, P5_WIDTH, p5_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < STEM_WIDTH; x++) {
                const struct taps columns = taps_over(x + P5_PAD_LEFT, P5_WIDTH, P5_KERNEL_WIDTH, 1);
                tile4_fold(STEM_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * STEM_FILTERS],
                    STEM_FILTERS - P5_BACK_PANELS * P5_BACK_PANEL, &net->dvalue.stem_from_p5[n][y][x][0]);
            }
        }
}

/* maxpool 3x3 stride=1 pad=1
 * 5x4x2 -> 5x4x2 */

static void stem_maxpool_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < STEM_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < STEM_MAXPOOL_WINDOW_WIDTH; j++) {
                            const int row = y + i - STEM_MAXPOOL_PAD_TOP, column = x + j - STEM_MAXPOOL_PAD_LEFT;
                            if (row < 0 || row >= STEM_HEIGHT || column < 0 || column >= STEM_WIDTH)
                                continue;
                            const real tap = net->value.stem[n][row + P5_PAD_TOP][column + P5_PAD_LEFT][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * STEM_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.stem_maxpool[n][y][x][c] = largest;
                    net->index.stem_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void stem_maxpool_backward(struct concat *net, struct range examples)
{
    memset(net->dvalue.stem_from_stem_maxpool[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.stem_from_stem_maxpool[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.stem_maxpool[n][y][x][c];
                    net->dvalue.stem_from_stem_maxpool[n][y + tap / STEM_MAXPOOL_WINDOW_WIDTH - STEM_MAXPOOL_PAD_TOP][x + tap % STEM_MAXPOOL_WINDOW_WIDTH - STEM_MAXPOOL_PAD_LEFT][c] += net->dvalue.stem_maxpool[n][y][x][c];
                }
}

/* concat sigmoid
 * 5x4x2 -> 5x4x11 */

static void stem_concat_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int c = 0; c < P1_FILTERS; c++)
                    net->value.stem_concat[n][y][x][c] = net->value.p1[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + c] = net->value.p3[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int c = 0; c < P5_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + c] = net->value.p5[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + c] = net->value.stem_maxpool[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + STEM_MAXPOOL_CHANNELS + c] = net->value.stem[n][y + P5_PAD_TOP][x + P5_PAD_LEFT][c];
}

static void stem_concat_backward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int c = 0; c < P1_FILTERS; c++)
                    net->dvalue.p1[n][y][x][c] = net->dvalue.stem_concat[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->dvalue.p3[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int c = 0; c < P5_FILTERS; c++)
                    net->dvalue.p5[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++)
                    net->dvalue.stem_maxpool[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem_from_stem_concat[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + STEM_MAXPOOL_CHANNELS + c];
}

static void stem_sigmoid_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_SIGMOID_HEIGHT; y++)
            for (int x = 0; x < STEM_SIGMOID_WIDTH; x++)
                for (int c = 0; c < STEM_SIGMOID_CHANNELS; c++)
                    net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c] = sigmoid(net->value.stem_concat[n][y][x][c]);
}

static void stem_sigmoid_backward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_CONCAT_HEIGHT; y++)
            for (int x = 0; x < STEM_CONCAT_WIDTH; x++)
                for (int c = 0; c < STEM_CONCAT_CHANNELS; c++) {
                    const real dy = net->dvalue.stem_sigmoid[n][y][x][c];
                    net->dvalue.stem_concat[n][y][x][c] = dy * net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c] * (1 - net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c]);
                }
}

/* out: conv 1 3x3 pad=1
 * 5x4x11 -> 5x4x1, 100 parameters, 3.96 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION out_forward_tile(struct concat *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * OUT_VECTORS];
    tile4_start(pixels, OUT_VECTORS, sum, &net->param.out.bias[p * OUT_PANEL]);
    const struct range rows = range_inside(y - OUT_PAD_TOP, 1, OUT_KERNEL_HEIGHT, STEM_SIGMOID_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, OUT_VECTORS, sum, &net->value.stem_sigmoid[n][y + i][x][0], STEM_SIGMOID_CHANNELS,
            net->param.out.weight[p][i][0], OUT_KERNEL_ROW);
    tile4_store(pixels, OUT_VECTORS, p, OUT_FILTERS, sum, &net->value.out[n][y][x][p * OUT_PANEL], OUT_FILTERS);
}

static void out_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < OUT_PANELS; p++)
            for (int y = 0; y < OUT_HEIGHT; y++)
                TILE_ALONG(4, 0, OUT_WIDTH, out_forward_tile, net, n, p, y);
}

/* The parts of the gradient that the layers behind it made */
static void out_backward_sum(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->dvalue.out[n][y][x][c] = net->dvalue.out_from_e[n][y][x][c] + net->dvalue.out_from_d_copy[n][y][x][c];
}

/* dbias = sum of dy */
static void out_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), OUT_HEIGHT * OUT_WIDTH / 4, OUT_FILTERS,
        &net->dvalue.out[examples.first][0][0][0], net->group[g].out.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION out_backward_weight_tile(struct concat *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[7 * OUT_VECTORS];
    tile4_clear(rows, OUT_VECTORS, sum);
    const struct range inside = range_inside(i - OUT_PAD_TOP, 1, OUT_HEIGHT, STEM_SIGMOID_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, OUT_VECTORS, sum, &net->value.stem_sigmoid[n][y + i][0][0] + k, STEM_SIGMOID_CHANNELS,
            &net->dvalue.out[n][y][0][p * OUT_PANEL], OUT_FILTERS, OUT_WIDTH);
    tile4_add(rows, OUT_VECTORS, p, OUT_FILTERS, sum, net->group[g].out.weight[p][i][k], OUT_PANEL);
}

static void out_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < OUT_PANELS; p++)
            for (int i = 0; i < OUT_KERNEL_HEIGHT; i++)
                TILE_ALONG(7, 5, OUT_KERNEL_ROW, out_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION out_backward_input_tile(struct concat *net, real (*spread)[OUT_BACK_PANELS * OUT_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * OUT_BACK_VECTORS];
    tile8_clear(pixels, OUT_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, OUT_BACK_VECTORS, sum, &net->dvalue.out[n][rows.first - t][x][0], OUT_FILTERS,
            net->transposed.out[rows.tap + t][q][0], OUT_FILTERS);
    tile8_store(pixels, OUT_BACK_VECTORS, q, OUT_BACK_PANELS * OUT_BACK_PANEL, sum, &spread[x][q * OUT_BACK_PANEL], OUT_BACK_PANELS * OUT_BACK_PANEL);
}

static void out_backward_input(struct concat *net, struct range examples)
{
    real spread[OUT_WIDTH + 1][OUT_BACK_PANELS * OUT_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_SIGMOID_HEIGHT; y++) {
            const struct taps rows = taps_over(y + OUT_PAD_TOP, OUT_HEIGHT, OUT_KERNEL_HEIGHT, 1);
            for (int q = 0; q < OUT_BACK_PANELS; q++)
                TILE_ALONG(4, 0, OUT_WIDTH, out_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < STEM_SIGMOID_WIDTH; x++) {
                const struct taps columns = taps_over(x + OUT_PAD_LEFT, OUT_WIDTH, OUT_KERNEL_WIDTH, 1);
                tile8_fold(STEM_SIGMOID_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * STEM_SIGMOID_CHANNELS],
                    STEM_SIGMOID_CHANNELS - OUT_BACK_PANELS * OUT_BACK_PANEL, &net->dvalue.stem_sigmoid[n][y][x][0]);
            }
        }
}

/* d_copy: copy of out for d
 * 5x4x1 -> 20 */

static void d_copy_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        int i = 0;
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->value.d_copy[n][i++] = net->value.out[n][y][x][c];
    }
}

static void d_copy_backward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        int i = 0;
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->dvalue.out_from_d_copy[n][y][x][c] = net->dvalue.d_copy[n][i++];
    }
}

/* d: dense 4
 * 20 -> 4, 84 parameters, 160 FLOP */

/* x w + b: tiles of examples by units */
static void d_forward(struct concat *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, D_VECTORS,
            net->value.d_copy[0], D_INPUTS, net->param.d.weight[p][0], net->param.d.bias, p, D_UNITS, net->value.d[0]);
}

/* dbias = sum of dy */
static void d_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, D_UNITS, net->dvalue.d[examples.first], net->group[g].d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void d_backward_weight(struct concat *net, int batch, struct range tiles)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_INPUTS(7, 6, tiles, D_WEIGHT_TILES, tile4_outer_product, D_VECTORS,
            net->value.d_copy[0], D_INPUTS, net->dvalue.d[0], p, D_UNITS, batch, net->dparam.d.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void d_backward_input(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(D_VECTORS, net->dvalue.d[n], D_UNITS, net->param.d.weight[0][0], D_INPUTS, 0, D_INPUTS, net->dvalue.d_copy[n]);
}

/* e: conv 4 5x4
 * 5x4x1 -> 1x1x4, 84 parameters, 160 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION e_forward_tile(struct concat *net, int n, int y, int x, int pixels)
{
    tile8 sum[1];
    tile8_start_pairs(pixels, sum, net->param.e.bias);
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.out[n][y + i][x][0], net->param.e.weight[0][i][0], E_KERNEL_ROW);
    tile8_store_pairs(pixels, E_FILTERS, sum, &net->value.e[n][y][x][0]);
}

static void e_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            TILE_ALONG(1, 0, E_WIDTH, e_forward_tile, net, n, y);
}

/* dbias = sum of dy */
static void e_backward_output(struct concat *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, E_HEIGHT * E_WIDTH, E_FILTERS,
        &net->dvalue.e[examples.first][0][0][0], net->group[g].e.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION e_backward_weight_tile(struct concat *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * E_PAIRS];
    tile8_clear(rows, E_PAIRS, sum);
    for (int y = 0; y < E_HEIGHT; y++)
        tile8_outer_pairs(rows, E_KERNEL_ROW, sum, &net->value.out[n][y + i][0][0],
            OUT_WIDTH * OUT_FILTERS, OUT_FILTERS, &net->dvalue.e[n][y][0][0], E_FILTERS, E_WIDTH);
    tile8_add_pairs(rows, E_KERNEL_ROW, E_FILTERS, sum, net->group[g].e.weight[0][i][0]);
}

static void e_backward_weight(struct concat *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, E_KERNEL_HEIGHT, e_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION e_backward_input_tile(struct concat *net, real (*spread)[E_BACK_PANELS * E_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[E_BACK_VECTORS];
    tile4_clear(pixels, E_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, E_BACK_VECTORS, sum, &net->dvalue.e[n][rows.first - t][x][0], E_FILTERS,
            net->transposed.e[rows.tap + t][q][0], E_FILTERS);
    tile4_store(pixels, E_BACK_VECTORS, q, E_BACK_PANELS * E_BACK_PANEL, sum, &spread[x][q * E_BACK_PANEL], E_BACK_PANELS * E_BACK_PANEL);
}

static void e_backward_input(struct concat *net, struct range examples)
{
    real spread[E_WIDTH + 1][E_BACK_PANELS * E_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < OUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y, E_HEIGHT, E_KERNEL_HEIGHT, 1);
            for (int q = 0; q < E_BACK_PANELS; q++)
                TILE_ALONG(1, 0, E_WIDTH, e_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < OUT_WIDTH; x++) {
                const struct taps columns = taps_over(x, E_WIDTH, E_KERNEL_WIDTH, 1);
                tile4_fold(OUT_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * OUT_FILTERS],
                    OUT_FILTERS - E_BACK_PANELS * E_BACK_PANEL, &net->dvalue.out_from_e[n][y][x][0]);
            }
        }
}

/* add
 * 4 -> 4 */

static void out_add_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < OUT_ADD_UNITS; i++)
            net->value.out_add[n][i] = net->value.d[n][i] + net->value.e_flatten[n][i];
}

static void out_add_backward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < E_FLATTEN_UNITS; i++)
            net->dvalue.e_flatten[n][i] = net->dvalue.out_add[n][i];
}

/* output squared_error
 * 4 -> 4 */

static void output_forward(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.out_add[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct concat *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++) {
            const double error = (double)(mean[k] - net->target[n][k]);
            loss += error * error;
        }
        net->loss[n] = loss;
    }
}

static void output_backward(struct concat *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.out_add[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct concat *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.stem = (void *)(net->arena + STEM_AT);
    net->dvalue.stem_from_stem_concat = (void *)(net->arena + STEM_FROM_STEM_CONCAT_GRADIENT_AT);
    net->dvalue.stem_from_stem_maxpool = (void *)(net->arena + STEM_FROM_STEM_MAXPOOL_GRADIENT_AT);
    net->dvalue.stem_from_p5 = (void *)(net->arena + STEM_FROM_P5_GRADIENT_AT);
    net->dvalue.stem_from_p3 = (void *)(net->arena + STEM_FROM_P3_GRADIENT_AT);
    net->dvalue.stem_from_p1 = (void *)(net->arena + STEM_FROM_P1_GRADIENT_AT);
    net->dvalue.stem = (void *)(net->arena + STEM_GRADIENT_AT);
    net->value.p1 = (void *)(net->arena + P1_AT);
    net->dvalue.p1 = (void *)(net->arena + P1_GRADIENT_AT);
    net->transposed.p1 = (void *)(net->arena + P1_TRANSPOSED_AT);
    net->value.p3 = (void *)(net->arena + P3_AT);
    net->dvalue.p3 = (void *)(net->arena + P3_GRADIENT_AT);
    net->transposed.p3 = (void *)(net->arena + P3_TRANSPOSED_AT);
    net->value.p5 = (void *)(net->arena + P5_AT);
    net->dvalue.p5 = (void *)(net->arena + P5_GRADIENT_AT);
    net->transposed.p5 = (void *)(net->arena + P5_TRANSPOSED_AT);
    net->value.stem_maxpool = (void *)(net->arena + STEM_MAXPOOL_AT);
    net->index.stem_maxpool = (void *)(net->arena + STEM_MAXPOOL_INDEX_AT);
    net->dvalue.stem_maxpool = (void *)(net->arena + STEM_MAXPOOL_GRADIENT_AT);
    net->value.stem_concat = (void *)(net->arena + STEM_CONCAT_AT);
    net->dvalue.stem_concat = (void *)(net->arena + STEM_CONCAT_GRADIENT_AT);
    net->value.stem_sigmoid = (void *)(net->arena + STEM_SIGMOID_AT);
    net->dvalue.stem_sigmoid = (void *)(net->arena + STEM_SIGMOID_GRADIENT_AT);
    net->value.out = (void *)(net->arena + OUT_AT);
    net->dvalue.out_from_e = (void *)(net->arena + OUT_FROM_E_GRADIENT_AT);
    net->dvalue.out_from_d_copy = (void *)(net->arena + OUT_FROM_D_COPY_GRADIENT_AT);
    net->dvalue.out = (void *)(net->arena + OUT_GRADIENT_AT);
    net->transposed.out = (void *)(net->arena + OUT_TRANSPOSED_AT);
    net->value.d_copy = (void *)(net->arena + D_COPY_AT);
    net->dvalue.d_copy = (void *)(net->arena + D_COPY_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + OUT_ADD_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_flatten = (void *)(net->arena + E_AT);
    net->dvalue.e_flatten = (void *)(net->arena + E_GRADIENT_AT);
    net->value.out_add = (void *)(net->arena + OUT_ADD_AT);
    net->dvalue.out_add = (void *)(net->arena + OUT_ADD_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct concat *net, struct team team)
{
    panels_transpose(net->param.e.weight[0][0][0], E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_ROW, E_PANEL, net->transposed.e[0][0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    panels_transpose(net->param.out.weight[0][0][0], OUT_FILTERS, OUT_KERNEL_HEIGHT, OUT_KERNEL_ROW, OUT_PANEL, net->transposed.out[0][0][0], OUT_BACK_PANEL, team_share(team, OUT_BACK_PANELS));
    panels_transpose(net->param.p5.weight[0][0][0], P5_FILTERS, P5_KERNEL_HEIGHT, P5_KERNEL_ROW, P5_PANEL, net->transposed.p5[0][0][0], P5_BACK_PANEL, team_share(team, P5_BACK_PANELS));
    panels_transpose(net->param.p3.weight[0][0][0], P3_FILTERS, P3_KERNEL_HEIGHT, P3_KERNEL_ROW, P3_PANEL, net->transposed.p3[0][0][0], P3_BACK_PANEL, team_share(team, P3_BACK_PANELS));
    panels_transpose(net->param.p1.weight[0][0][0], P1_FILTERS, P1_KERNEL_HEIGHT, P1_KERNEL_ROW, P1_PANEL, net->transposed.p1[0][0][0], P1_BACK_PANEL, team_share(team, P1_BACK_PANELS));
}

static void forward(struct concat *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    stem_forward(net, examples);
    p1_forward(net, examples);
    p3_forward(net, examples);
    p5_forward(net, examples);
    stem_maxpool_forward(net, examples);
    stem_concat_forward(net, examples);
    stem_sigmoid_forward(net, examples);
    out_forward(net, examples);
    d_copy_forward(net, examples);
    d_forward(net, examples);
    e_forward(net, examples);
    out_add_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct concat *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    out_add_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        e_backward_weight(net, g, team_group(g, GROUPS, batch));
    e_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    d_backward_weight(net, batch, team_share(team, D_WEIGHT_TILES));
    d_backward_input(net, examples);
    d_copy_backward(net, examples);
    out_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        out_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        out_backward_weight(net, g, team_group(g, GROUPS, batch));
    out_backward_input(net, examples);
    stem_sigmoid_backward(net, examples);
    stem_concat_backward(net, examples);
    stem_maxpool_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p5_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        p5_backward_weight(net, g, team_group(g, GROUPS, batch));
    p5_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p3_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        p3_backward_weight(net, g, team_group(g, GROUPS, batch));
    p3_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p1_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        p1_backward_weight(net, g, team_group(g, GROUPS, batch));
    p1_backward_input(net, examples);
    stem_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        stem_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        stem_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, stem.weight);
    TEAM_ADD_GROUPS(team, net, stem.bias);
    TEAM_ADD_GROUPS(team, net, p1.weight);
    TEAM_ADD_GROUPS(team, net, p1.bias);
    TEAM_ADD_GROUPS(team, net, p3.weight);
    TEAM_ADD_GROUPS(team, net, p3.bias);
    TEAM_ADD_GROUPS(team, net, p5.weight);
    TEAM_ADD_GROUPS(team, net, p5.bias);
    TEAM_ADD_GROUPS(team, net, out.weight);
    TEAM_ADD_GROUPS(team, net, out.bias);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, e.weight);
    TEAM_ADD_GROUPS(team, net, e.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, NULL, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct concat *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(stem.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(stem.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p1.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p1.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p3.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p3.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p5.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p5.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(out.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(out.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct concat *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][STEM_PAD_TOP][STEM_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct concat *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct concat *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct concat *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    prepare(net, team);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct concat *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct concat *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct concat *net, struct training *run, struct training_epoch *row)
{
    const uint64_t steps_per_epoch = (run->train->count + BATCH - 1) / BATCH;
    net->is_training = true;
    for (size_t first = run->at.first; first < run->train->count; first += BATCH) {
        const struct batch batch = batch_of(run->train, run->order, first, BATCH);
        row->rate = learning_rate(net->step, steps_per_epoch, run->epochs);
        const double loss = train_step(net, batch, row->rate);
        if (!isfinite(loss)) {
            training_diverged(run, net, row->epoch, net->step + 1, batch.count);
            return false;
        }
        score_add_values(&row->train, loss, net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
        net->step++;
        if (!training_step_done(run, row->epoch, loss, batch.count)) {
            run->end = TRAINING_INTERRUPTED;
            break;
        }
    }
    return training_weights_hold(run, net, row->epoch, net->step);
}

/* Ends with the best weights in place, however it ends. */
static void train(void *memory, struct training *run)
{
    struct concat *net = memory;
    if (!run->is_resumed)
        net->best = net->param;
    run->end = TRAINING_COMPLETE;
    for (int epoch = run->at.epoch; epoch <= run->epochs; epoch++) {
        struct training_epoch *row = training_epoch_begin(run, epoch);
        if (!train_epoch(net, run, row))
            break;
        row->is_best = true; /* nothing to judge by: the last weights are kept */
        if (row->is_best) {
            net->best = net->param;
            run->at.best_epoch = epoch;
            run->at.best = *row;
        }
        training_epoch_done(run, row);
        if (run->end == TRAINING_INTERRUPTED)
            break;
        run->at.epochs_done = epoch;
    }
    run->steps = net->step;
    net->param = net->best;
}

static const struct model_layer layers[] = {
    {"input", "input 5x4x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"stem", "conv 2 3x3 pad=1", {STEM_HEIGHT, STEM_WIDTH, STEM_FILTERS, false}, STEM_PARAMETERS, STEM_FLOP, STEM_AT, STEM_PADDED_SIZE},
    {"p1", "conv 2 1x1", {P1_HEIGHT, P1_WIDTH, P1_FILTERS, false}, P1_PARAMETERS, P1_FLOP, P1_AT, P1_SIZE},
    {"p3", "conv 3 3x3 pad=1 relu", {P3_HEIGHT, P3_WIDTH, P3_FILTERS, false}, P3_PARAMETERS, P3_FLOP, P3_AT, P3_SIZE},
    {"p5", "conv 2 5x5 pad=[3, 2, 1, 2]", {P5_HEIGHT, P5_WIDTH, P5_FILTERS, false}, P5_PARAMETERS, P5_FLOP, P5_AT, P5_SIZE},
    {"stem_maxpool", "maxpool 3x3 stride=1 pad=1", {STEM_MAXPOOL_HEIGHT, STEM_MAXPOOL_WIDTH, STEM_MAXPOOL_CHANNELS, false}, 0, 0, STEM_MAXPOOL_AT, STEM_MAXPOOL_SIZE},
    {"stem_concat", "concat sigmoid", {STEM_CONCAT_HEIGHT, STEM_CONCAT_WIDTH, STEM_CONCAT_CHANNELS, false}, 0, 0, STEM_CONCAT_AT, STEM_CONCAT_SIZE},
    {"stem_sigmoid", "sigmoid", {STEM_SIGMOID_HEIGHT, STEM_SIGMOID_WIDTH, STEM_SIGMOID_CHANNELS, false}, 0, 0, STEM_SIGMOID_AT, STEM_SIGMOID_PADDED_SIZE},
    {"out", "conv 1 3x3 pad=1", {OUT_HEIGHT, OUT_WIDTH, OUT_FILTERS, false}, OUT_PARAMETERS, OUT_FLOP, OUT_AT, OUT_SIZE},
    {"d_copy", "copy of out for d", {1, 1, D_COPY_UNITS, true}, 0, 0, D_COPY_AT, D_COPY_UNITS},
    {"d", "dense 4", {1, 1, D_UNITS, true}, D_PARAMETERS, D_FLOP, D_AT, D_UNITS},
    {"e", "conv 4 5x4", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"e_flatten", "flatten", {1, 1, E_FLATTEN_UNITS, true}, 0, 0, 0, 0},
    {"out_add", "add", {1, 1, OUT_ADD_UNITS, true}, 0, 0, OUT_ADD_AT, OUT_ADD_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(concat, stem.weight), 4, STEM_FILTERS, INPUT_CHANNELS, STEM_KERNEL_HEIGHT, STEM_KERNEL_WIDTH, STEM_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, stem.bias), 1, STEM_FILTERS, 1, 1, 1, STEM_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, p1.weight), 4, P1_FILTERS, STEM_FILTERS, P1_KERNEL_HEIGHT, P1_KERNEL_WIDTH, P1_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, p1.bias), 1, P1_FILTERS, 1, 1, 1, P1_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, p3.weight), 4, P3_FILTERS, STEM_FILTERS, P3_KERNEL_HEIGHT, P3_KERNEL_WIDTH, P3_PANEL, INIT_HE},
    {MODEL_TENSOR(concat, p3.bias), 1, P3_FILTERS, 1, 1, 1, P3_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, p5.weight), 4, P5_FILTERS, STEM_FILTERS, P5_KERNEL_HEIGHT, P5_KERNEL_WIDTH, P5_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, p5.bias), 1, P5_FILTERS, 1, 1, 1, P5_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, out.weight), 4, OUT_FILTERS, STEM_SIGMOID_CHANNELS, OUT_KERNEL_HEIGHT, OUT_KERNEL_WIDTH, OUT_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, out.bias), 1, OUT_FILTERS, 1, 1, 1, OUT_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, d.weight), 2, D_UNITS, D_COPY_UNITS, 1, 1, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat, e.weight), 4, E_FILTERS, OUT_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat, e.bias), 1, E_FILTERS, 1, 1, 1, E_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(concat, param),
    MODEL_PIECE(concat, best),
    MODEL_PIECE(concat, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct concat *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct concat *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct concat *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model concat_model = {
    MODEL_OF(concat),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_SQUARED_ERROR,
    .target_size = OUTPUT_TARGETS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE),
        .schedule = "constant",
        .penalty = "",
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&concat_model, argc, argv);
}
#endif
