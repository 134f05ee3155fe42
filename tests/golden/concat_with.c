/* concat_with.c - trains the network 'concat_with': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "concat_with.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* top_a: conv 2 3x3 pad=1 relu
 * 4x4x1 -> 4x4x2, 20 parameters, 576 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION top_a_forward_tile(struct concat_with *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.top_a.bias);
    const struct range rows = range_inside(y - TOP_A_PAD_TOP, 1, TOP_A_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.top_a.weight[0][i][0], TOP_A_KERNEL_ROW);
    tile8_relu((pixels + 1) / 2, TOP_A_VECTORS, sum);
    tile8_store_pairs(pixels, TOP_A_FILTERS, sum, &net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][0]);
}

static void top_a_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            TILE_ALONG(4, 0, TOP_A_WIDTH, top_a_forward_tile, net, n, y);
}

/* The parts of the gradient that the layers behind it made */
static void top_a_backward_sum(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a[n][y][x][c] = net->dvalue.top_a_from_top_b_concat[n][y][x][c] + net->dvalue.top_a_from_top_b[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void top_a_backward_output(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a[n][y][x][c] = net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][c] > 0 ? net->dvalue.top_a[n][y][x][c] : 0;
        tile4_sum(TOP_A_HEIGHT * TOP_A_WIDTH, TOP_A_FILTERS, &net->dvalue.top_a[n][0][0][0], net->group[g].top_a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION top_a_backward_weight_tile(struct concat_with *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * TOP_A_PAIRS];
    tile8_clear(rows, TOP_A_PAIRS, sum);
    for (int y = 0; y < TOP_A_HEIGHT; y++)
        tile8_outer_pairs(rows, TOP_A_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_COLUMNS * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.top_a[n][y][0][0], TOP_A_FILTERS, TOP_A_WIDTH);
    tile8_add_pairs(rows, TOP_A_KERNEL_ROW, TOP_A_FILTERS, sum, net->group[g].top_a.weight[0][i][0]);
}

static void top_a_backward_weight(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, TOP_A_KERNEL_HEIGHT, top_a_backward_weight_tile, net, g, n);
}

/* top_b: conv 2 3x3 pad=1 relu
 * 4x4x2 -> 4x4x2, 38 parameters, 1.15 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION top_b_forward_tile(struct concat_with *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * TOP_B_VECTORS];
    tile4_start(pixels, TOP_B_VECTORS, sum, &net->param.top_b.bias[p * TOP_B_PANEL]);
    const struct range rows = range_inside(y - TOP_B_PAD_TOP, 1, TOP_B_KERNEL_HEIGHT, TOP_A_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, TOP_B_VECTORS, sum, &net->value.top_a[n][y + i][x][0], TOP_A_FILTERS,
            net->param.top_b.weight[p][i][0], TOP_B_KERNEL_ROW);
    tile4_relu(pixels, TOP_B_VECTORS, sum);
    tile4_store(pixels, TOP_B_VECTORS, p, TOP_B_FILTERS, sum, &net->value.top_b[n][y][x][p * TOP_B_PANEL], TOP_B_FILTERS);
}

static void top_b_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < TOP_B_PANELS; p++)
            for (int y = 0; y < TOP_B_HEIGHT; y++)
                TILE_ALONG(4, 0, TOP_B_WIDTH, top_b_forward_tile, net, n, p, y);
}

/* The parts of the gradient that the layers behind it made */
static void top_b_backward_sum(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b[n][y][x][c] = net->dvalue.top_b_from_join[n][y][x][c] + net->dvalue.top_b_from_top_b_concat[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void top_b_backward_output(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b[n][y][x][c] = net->value.top_b[n][y][x][c] > 0 ? net->dvalue.top_b[n][y][x][c] : 0;
        tile4_sum(TOP_B_HEIGHT * TOP_B_WIDTH, TOP_B_FILTERS, &net->dvalue.top_b[n][0][0][0], net->group[g].top_b.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION top_b_backward_weight_tile(struct concat_with *net, int g, int n, int i, int rows)
{
    tile8 sum[TOP_B_PAIRS];
    tile8_clear(rows, TOP_B_PAIRS, sum);
    for (int y = 0; y < TOP_B_HEIGHT; y++)
        tile8_outer_pairs(rows, TOP_B_KERNEL_ROW, sum, &net->value.top_a[n][y + i][0][0],
            TOP_A_COLUMNS * TOP_A_FILTERS, TOP_A_FILTERS, &net->dvalue.top_b[n][y][0][0], TOP_B_FILTERS, TOP_B_WIDTH);
    tile8_add_pairs(rows, TOP_B_KERNEL_ROW, TOP_B_FILTERS, sum, net->group[g].top_b.weight[0][i][0]);
}

static void top_b_backward_weight(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, TOP_B_KERNEL_HEIGHT, top_b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION top_b_backward_input_tile(struct concat_with *net, real (*spread)[TOP_B_BACK_PANELS * TOP_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * TOP_B_BACK_VECTORS];
    tile8_clear(pixels, TOP_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, TOP_B_BACK_VECTORS, sum, &net->dvalue.top_b[n][rows.first - t][x][0], TOP_B_FILTERS,
            net->transposed.top_b[rows.tap + t][q][0], TOP_B_FILTERS);
    tile8_store(pixels, TOP_B_BACK_VECTORS, q, TOP_B_BACK_PANELS * TOP_B_BACK_PANEL, sum, &spread[x][q * TOP_B_BACK_PANEL], TOP_B_BACK_PANELS * TOP_B_BACK_PANEL);
}

static void top_b_backward_input(struct concat_with *net, struct range examples)
{
    real spread[TOP_B_WIDTH + 1][TOP_B_BACK_PANELS * TOP_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y + TOP_B_PAD_TOP, TOP_B_HEIGHT, TOP_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < TOP_B_BACK_PANELS; q++)
                TILE_ALONG(4, 0, TOP_B_WIDTH, top_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < TOP_A_WIDTH; x++) {
                const struct taps columns = taps_over(x + TOP_B_PAD_LEFT, TOP_B_WIDTH, TOP_B_KERNEL_WIDTH, 1);
                tile4_fold(TOP_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * TOP_A_FILTERS],
                    TOP_A_FILTERS - TOP_B_BACK_PANELS * TOP_B_BACK_PANEL, &net->dvalue.top_a_from_top_b[n][y][x][0]);
            }
        }
}

/* concat with=a
 * 4x4x2 -> 4x4x4 */

static void top_b_concat_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->value.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][c] = net->value.top_b[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->value.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][TOP_B_FILTERS + c] = net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][c];
}

static void top_b_concat_backward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b_from_top_b_concat[n][y][x][c] = net->dvalue.top_b_concat[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a_from_top_b_concat[n][y][x][c] = net->dvalue.top_b_concat[n][y][x][TOP_B_FILTERS + c];
}

/* low_a: conv 3 3x3 pad=1 relu
 * 4x4x4 -> 4x4x3, 111 parameters, 3.46 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION low_a_forward_tile(struct concat_with *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * LOW_A_VECTORS];
    tile4_start(pixels, LOW_A_VECTORS, sum, &net->param.low_a.bias[p * LOW_A_PANEL]);
    const struct range rows = range_inside(y - LOW_A_PAD_TOP, 1, LOW_A_KERNEL_HEIGHT, TOP_B_CONCAT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, LOW_A_VECTORS, sum, &net->value.top_b_concat[n][y + i][x][0], TOP_B_CONCAT_CHANNELS,
            net->param.low_a.weight[p][i][0], LOW_A_KERNEL_ROW);
    tile4_relu(pixels, LOW_A_VECTORS, sum);
    tile4_store(pixels, LOW_A_VECTORS, p, LOW_A_FILTERS, sum, &net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][p * LOW_A_PANEL], LOW_A_FILTERS);
}

static void low_a_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < LOW_A_PANELS; p++)
            for (int y = 0; y < LOW_A_HEIGHT; y++)
                TILE_ALONG(4, 0, LOW_A_WIDTH, low_a_forward_tile, net, n, p, y);
}

/* The parts of the gradient that the layers behind it made */
static void low_a_backward_sum(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a[n][y][x][c] = net->dvalue.low_a_from_join[n][y][x][c] + net->dvalue.low_a_from_low_b_concat[n][y][x][c] + net->dvalue.low_a_from_low_b[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void low_a_backward_output(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a[n][y][x][c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c] > 0 ? net->dvalue.low_a[n][y][x][c] : 0;
        tile4_sum(LOW_A_HEIGHT * LOW_A_WIDTH, LOW_A_FILTERS, &net->dvalue.low_a[n][0][0][0], net->group[g].low_a.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION low_a_backward_weight_tile(struct concat_with *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[6 * LOW_A_VECTORS];
    tile4_clear(rows, LOW_A_VECTORS, sum);
    const struct range inside = range_inside(i - LOW_A_PAD_TOP, 1, LOW_A_HEIGHT, TOP_B_CONCAT_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, LOW_A_VECTORS, sum, &net->value.top_b_concat[n][y + i][0][0] + k, TOP_B_CONCAT_CHANNELS,
            &net->dvalue.low_a[n][y][0][p * LOW_A_PANEL], LOW_A_FILTERS, LOW_A_WIDTH);
    tile4_add(rows, LOW_A_VECTORS, p, LOW_A_FILTERS, sum, net->group[g].low_a.weight[p][i][k], LOW_A_PANEL);
}

static void low_a_backward_weight(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < LOW_A_PANELS; p++)
            for (int i = 0; i < LOW_A_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, LOW_A_KERNEL_ROW, low_a_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION low_a_backward_input_tile(struct concat_with *net, real (*spread)[LOW_A_BACK_PANELS * LOW_A_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * LOW_A_BACK_VECTORS];
    tile8_clear(pixels, LOW_A_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, LOW_A_BACK_VECTORS, sum, &net->dvalue.low_a[n][rows.first - t][x][0], LOW_A_FILTERS,
            net->transposed.low_a[rows.tap + t][q][0], LOW_A_FILTERS);
    tile8_store(pixels, LOW_A_BACK_VECTORS, q, LOW_A_BACK_PANELS * LOW_A_BACK_PANEL, sum, &spread[x][q * LOW_A_BACK_PANEL], LOW_A_BACK_PANELS * LOW_A_BACK_PANEL);
}

static void low_a_backward_input(struct concat_with *net, struct range examples)
{
    real spread[LOW_A_WIDTH + 1][LOW_A_BACK_PANELS * LOW_A_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_CONCAT_HEIGHT; y++) {
            const struct taps rows = taps_over(y + LOW_A_PAD_TOP, LOW_A_HEIGHT, LOW_A_KERNEL_HEIGHT, 1);
            for (int q = 0; q < LOW_A_BACK_PANELS; q++)
                TILE_ALONG(4, 0, LOW_A_WIDTH, low_a_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < TOP_B_CONCAT_WIDTH; x++) {
                const struct taps columns = taps_over(x + LOW_A_PAD_LEFT, LOW_A_WIDTH, LOW_A_KERNEL_WIDTH, 1);
                tile4_fold(TOP_B_CONCAT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * TOP_B_CONCAT_CHANNELS],
                    TOP_B_CONCAT_CHANNELS - LOW_A_BACK_PANELS * LOW_A_BACK_PANEL, &net->dvalue.top_b_concat[n][y][x][0]);
            }
        }
}

/* low_b: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION low_b_forward_tile(struct concat_with *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * LOW_B_VECTORS];
    tile4_start(pixels, LOW_B_VECTORS, sum, &net->param.low_b.bias[p * LOW_B_PANEL]);
    const struct range rows = range_inside(y - LOW_B_PAD_TOP, 1, LOW_B_KERNEL_HEIGHT, LOW_A_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, LOW_B_VECTORS, sum, &net->value.low_a[n][y + i][x][0], LOW_A_FILTERS,
            net->param.low_b.weight[p][i][0], LOW_B_KERNEL_ROW);
    tile4_relu(pixels, LOW_B_VECTORS, sum);
    tile4_store(pixels, LOW_B_VECTORS, p, LOW_B_FILTERS, sum, &net->value.low_b[n][y][x][p * LOW_B_PANEL], LOW_B_FILTERS);
}

static void low_b_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < LOW_B_PANELS; p++)
            for (int y = 0; y < LOW_B_HEIGHT; y++)
                TILE_ALONG(4, 0, LOW_B_WIDTH, low_b_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void low_b_backward_output(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->dvalue.low_b[n][y][x][c] = net->value.low_b[n][y][x][c] > 0 ? net->dvalue.low_b[n][y][x][c] : 0;
        tile4_sum(LOW_B_HEIGHT * LOW_B_WIDTH, LOW_B_FILTERS, &net->dvalue.low_b[n][0][0][0], net->group[g].low_b.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION low_b_backward_weight_tile(struct concat_with *net, int g, int n, int i, int rows)
{
    tile8 sum[LOW_B_PAIRS];
    tile8_clear(rows, LOW_B_PAIRS, sum);
    for (int y = 0; y < LOW_B_HEIGHT; y++)
        tile8_outer_pairs(rows, LOW_B_KERNEL_ROW, sum, &net->value.low_a[n][y + i][0][0],
            LOW_A_COLUMNS * LOW_A_FILTERS, LOW_A_FILTERS, &net->dvalue.low_b[n][y][0][0], LOW_B_FILTERS, LOW_B_WIDTH);
    tile8_add_pairs(rows, LOW_B_KERNEL_ROW, LOW_B_FILTERS, sum, net->group[g].low_b.weight[0][i][0]);
}

static void low_b_backward_weight(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, LOW_B_KERNEL_HEIGHT, low_b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION low_b_backward_input_tile(struct concat_with *net, real (*spread)[LOW_B_BACK_PANELS * LOW_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * LOW_B_BACK_VECTORS];
    tile8_clear(pixels, LOW_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, LOW_B_BACK_VECTORS, sum, &net->dvalue.low_b[n][rows.first - t][x][0], LOW_B_FILTERS,
            net->transposed.low_b[rows.tap + t][q][0], LOW_B_FILTERS);
    tile8_store(pixels, LOW_B_BACK_VECTORS, q, LOW_B_BACK_PANELS * LOW_B_BACK_PANEL, sum, &spread[x][q * LOW_B_BACK_PANEL], LOW_B_BACK_PANELS * LOW_B_BACK_PANEL);
}

static void low_b_backward_input(struct concat_with *net, struct range examples)
{
    real spread[LOW_B_WIDTH + 1][LOW_B_BACK_PANELS * LOW_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y + LOW_B_PAD_TOP, LOW_B_HEIGHT, LOW_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < LOW_B_BACK_PANELS; q++)
                TILE_ALONG(4, 0, LOW_B_WIDTH, low_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < LOW_A_WIDTH; x++) {
                const struct taps columns = taps_over(x + LOW_B_PAD_LEFT, LOW_B_WIDTH, LOW_B_KERNEL_WIDTH, 1);
                tile4_fold(LOW_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * LOW_A_FILTERS],
                    LOW_A_FILTERS - LOW_B_BACK_PANELS * LOW_B_BACK_PANEL, &net->dvalue.low_a_from_low_b[n][y][x][0]);
            }
        }
}

/* concat with=a
 * 4x4x3 -> 4x4x6 */

static void low_b_concat_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->value.low_b_concat[n][y][x][c] = net->value.low_b[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->value.low_b_concat[n][y][x][LOW_B_FILTERS + c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c];
}

static void low_b_concat_backward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->dvalue.low_b[n][y][x][c] = net->dvalue.low_b_concat[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a_from_low_b_concat[n][y][x][c] = net->dvalue.low_b_concat[n][y][x][LOW_B_FILTERS + c];
}

/* join: concat with=[top_b, low_a]
 * 4x4x6 -> 4x4x11 */

static void join_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_B_CONCAT_HEIGHT; y++)
            for (int x = 0; x < LOW_B_CONCAT_WIDTH; x++)
                for (int c = 0; c < LOW_B_CONCAT_CHANNELS; c++)
                    net->value.join[n][y][x][c] = net->value.low_b_concat[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->value.join[n][y][x][LOW_B_CONCAT_CHANNELS + c] = net->value.top_b[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->value.join[n][y][x][LOW_B_CONCAT_CHANNELS + TOP_B_FILTERS + c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c];
}

static void join_backward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_B_CONCAT_HEIGHT; y++)
            for (int x = 0; x < LOW_B_CONCAT_WIDTH; x++)
                for (int c = 0; c < LOW_B_CONCAT_CHANNELS; c++)
                    net->dvalue.low_b_concat[n][y][x][c] = net->dvalue.join[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b_from_join[n][y][x][c] = net->dvalue.join[n][y][x][LOW_B_CONCAT_CHANNELS + c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a_from_join[n][y][x][c] = net->dvalue.join[n][y][x][LOW_B_CONCAT_CHANNELS + TOP_B_FILTERS + c];
}

/* f: dense 4 relu
 * 4x4x11 -> 4, 708 parameters, 1.41 kFLOP */

/* relu(x w + b): tiles of examples by units */
static void f_forward(struct concat_with *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine_relu, F_VECTORS,
            &net->value.join[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* The parts of the gradient that the layers behind it made */
static void f_backward_sum(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->dvalue.f_from_g_concat[n][i] + net->dvalue.f_from_g[n][i];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct concat_with *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct concat_with *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.join[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, &net->dvalue.join[n][0][0][0]);
}

/* g: dense 3
 * 4 -> 3, 15 parameters, 24 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct concat_with *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, G_VECTORS,
            net->value.f[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct concat_with *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct concat_with *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void g_backward_input(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(G_VECTORS, net->dvalue.g[n], G_UNITS, net->param.g.weight[0][0], G_INPUTS, 0, G_INPUTS, net->dvalue.f_from_g[n]);
}

/* concat with=f
 * 3 -> 7 */

static void g_concat_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < G_UNITS; i++)
            net->value.g_concat[n][i] = net->value.g[n][i];
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->value.g_concat[n][G_UNITS + i] = net->value.f[n][i];
}

static void g_concat_backward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < G_UNITS; i++)
            net->dvalue.g[n][i] = net->dvalue.g_concat[n][i];
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f_from_g_concat[n][i] = net->dvalue.g_concat[n][G_UNITS + i];
}

/* output squared_error
 * 7 -> 7 */

static void output_forward(struct concat_with *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.g_concat[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct concat_with *net, struct range examples)
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

static void output_backward(struct concat_with *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.g_concat[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct concat_with *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.top_a = (void *)(net->arena + TOP_A_AT);
    net->dvalue.top_a_from_top_b_concat = (void *)(net->arena + TOP_A_FROM_TOP_B_CONCAT_GRADIENT_AT);
    net->dvalue.top_a_from_top_b = (void *)(net->arena + TOP_A_FROM_TOP_B_GRADIENT_AT);
    net->dvalue.top_a = (void *)(net->arena + TOP_A_GRADIENT_AT);
    net->value.top_b = (void *)(net->arena + TOP_B_AT);
    net->dvalue.top_b_from_join = (void *)(net->arena + TOP_B_FROM_JOIN_GRADIENT_AT);
    net->dvalue.top_b_from_top_b_concat = (void *)(net->arena + TOP_B_FROM_TOP_B_CONCAT_GRADIENT_AT);
    net->dvalue.top_b = (void *)(net->arena + TOP_B_GRADIENT_AT);
    net->transposed.top_b = (void *)(net->arena + TOP_B_TRANSPOSED_AT);
    net->value.top_b_concat = (void *)(net->arena + TOP_B_CONCAT_AT);
    net->dvalue.top_b_concat = (void *)(net->arena + TOP_B_CONCAT_GRADIENT_AT);
    net->value.low_a = (void *)(net->arena + LOW_A_AT);
    net->dvalue.low_a_from_join = (void *)(net->arena + LOW_A_FROM_JOIN_GRADIENT_AT);
    net->dvalue.low_a_from_low_b_concat = (void *)(net->arena + LOW_A_FROM_LOW_B_CONCAT_GRADIENT_AT);
    net->dvalue.low_a_from_low_b = (void *)(net->arena + LOW_A_FROM_LOW_B_GRADIENT_AT);
    net->dvalue.low_a = (void *)(net->arena + LOW_A_GRADIENT_AT);
    net->transposed.low_a = (void *)(net->arena + LOW_A_TRANSPOSED_AT);
    net->value.low_b = (void *)(net->arena + LOW_B_AT);
    net->dvalue.low_b = (void *)(net->arena + LOW_B_GRADIENT_AT);
    net->transposed.low_b = (void *)(net->arena + LOW_B_TRANSPOSED_AT);
    net->value.low_b_concat = (void *)(net->arena + LOW_B_CONCAT_AT);
    net->dvalue.low_b_concat = (void *)(net->arena + LOW_B_CONCAT_GRADIENT_AT);
    net->value.join = (void *)(net->arena + JOIN_AT);
    net->dvalue.join = (void *)(net->arena + JOIN_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f_from_g_concat = (void *)(net->arena + F_FROM_G_CONCAT_GRADIENT_AT);
    net->dvalue.f_from_g = (void *)(net->arena + F_FROM_G_GRADIENT_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.g_concat = (void *)(net->arena + G_CONCAT_AT);
    net->dvalue.g_concat = (void *)(net->arena + G_CONCAT_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct concat_with *net, struct team team)
{
    panels_transpose(net->param.low_b.weight[0][0][0], LOW_B_FILTERS, LOW_B_KERNEL_HEIGHT, LOW_B_KERNEL_ROW, LOW_B_PANEL, net->transposed.low_b[0][0][0], LOW_B_BACK_PANEL, team_share(team, LOW_B_BACK_PANELS));
    panels_transpose(net->param.low_a.weight[0][0][0], LOW_A_FILTERS, LOW_A_KERNEL_HEIGHT, LOW_A_KERNEL_ROW, LOW_A_PANEL, net->transposed.low_a[0][0][0], LOW_A_BACK_PANEL, team_share(team, LOW_A_BACK_PANELS));
    panels_transpose(net->param.top_b.weight[0][0][0], TOP_B_FILTERS, TOP_B_KERNEL_HEIGHT, TOP_B_KERNEL_ROW, TOP_B_PANEL, net->transposed.top_b[0][0][0], TOP_B_BACK_PANEL, team_share(team, TOP_B_BACK_PANELS));
}

static void forward(struct concat_with *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    top_a_forward(net, examples);
    top_b_forward(net, examples);
    top_b_concat_forward(net, examples);
    low_a_forward(net, examples);
    low_b_forward(net, examples);
    low_b_concat_forward(net, examples);
    join_forward(net, examples);
    f_forward(net, examples);
    g_forward(net, examples);
    g_concat_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct concat_with *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    g_concat_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    f_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    join_backward(net, examples);
    low_b_concat_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        low_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        low_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    low_b_backward_input(net, examples);
    low_a_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        low_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        low_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    low_a_backward_input(net, examples);
    top_b_concat_backward(net, examples);
    top_b_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        top_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        top_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    top_b_backward_input(net, examples);
    top_a_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        top_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        top_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, top_a.weight);
    TEAM_ADD_GROUPS(team, net, top_a.bias);
    TEAM_ADD_GROUPS(team, net, top_b.weight);
    TEAM_ADD_GROUPS(team, net, top_b.bias);
    TEAM_ADD_GROUPS(team, net, low_a.weight);
    TEAM_ADD_GROUPS(team, net, low_a.bias);
    TEAM_ADD_GROUPS(team, net, low_b.weight);
    TEAM_ADD_GROUPS(team, net, low_b.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
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
static void update(struct concat_with *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(top_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(top_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(top_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(top_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(low_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(low_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(low_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(low_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct concat_with *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][TOP_A_PAD_TOP][TOP_A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct concat_with *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct concat_with *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct concat_with *net, struct batch batch, struct team team)
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
static void step_together(struct concat_with *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct concat_with *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct concat_with *net, struct training *run, struct training_epoch *row)
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
    struct concat_with *net = memory;
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
    {"input", "input 4x4x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"top_a", "conv 2 3x3 pad=1 relu", {TOP_A_HEIGHT, TOP_A_WIDTH, TOP_A_FILTERS, false}, TOP_A_PARAMETERS, TOP_A_FLOP, TOP_A_AT, TOP_A_PADDED_SIZE},
    {"top_b", "conv 2 3x3 pad=1 relu", {TOP_B_HEIGHT, TOP_B_WIDTH, TOP_B_FILTERS, false}, TOP_B_PARAMETERS, TOP_B_FLOP, TOP_B_AT, TOP_B_SIZE},
    {"top_b_concat", "concat with=a", {TOP_B_CONCAT_HEIGHT, TOP_B_CONCAT_WIDTH, TOP_B_CONCAT_CHANNELS, false}, 0, 0, TOP_B_CONCAT_AT, TOP_B_CONCAT_PADDED_SIZE},
    {"low_a", "conv 3 3x3 pad=1 relu", {LOW_A_HEIGHT, LOW_A_WIDTH, LOW_A_FILTERS, false}, LOW_A_PARAMETERS, LOW_A_FLOP, LOW_A_AT, LOW_A_PADDED_SIZE},
    {"low_b", "conv 3 3x3 pad=1 relu", {LOW_B_HEIGHT, LOW_B_WIDTH, LOW_B_FILTERS, false}, LOW_B_PARAMETERS, LOW_B_FLOP, LOW_B_AT, LOW_B_SIZE},
    {"low_b_concat", "concat with=a", {LOW_B_CONCAT_HEIGHT, LOW_B_CONCAT_WIDTH, LOW_B_CONCAT_CHANNELS, false}, 0, 0, LOW_B_CONCAT_AT, LOW_B_CONCAT_SIZE},
    {"join", "concat with=[top_b, low_a]", {JOIN_HEIGHT, JOIN_WIDTH, JOIN_CHANNELS, false}, 0, 0, JOIN_AT, JOIN_SIZE},
    {"f", "dense 4 relu", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"g_concat", "concat with=f", {1, 1, G_CONCAT_UNITS, true}, 0, 0, G_CONCAT_AT, G_CONCAT_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(concat_with, top_a.weight), 4, TOP_A_FILTERS, INPUT_CHANNELS, TOP_A_KERNEL_HEIGHT, TOP_A_KERNEL_WIDTH, TOP_A_PANEL, INIT_HE},
    {MODEL_TENSOR(concat_with, top_a.bias), 1, TOP_A_FILTERS, 1, 1, 1, TOP_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat_with, top_b.weight), 4, TOP_B_FILTERS, TOP_A_FILTERS, TOP_B_KERNEL_HEIGHT, TOP_B_KERNEL_WIDTH, TOP_B_PANEL, INIT_HE},
    {MODEL_TENSOR(concat_with, top_b.bias), 1, TOP_B_FILTERS, 1, 1, 1, TOP_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat_with, low_a.weight), 4, LOW_A_FILTERS, TOP_B_CONCAT_CHANNELS, LOW_A_KERNEL_HEIGHT, LOW_A_KERNEL_WIDTH, LOW_A_PANEL, INIT_HE},
    {MODEL_TENSOR(concat_with, low_a.bias), 1, LOW_A_FILTERS, 1, 1, 1, LOW_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat_with, low_b.weight), 4, LOW_B_FILTERS, LOW_A_FILTERS, LOW_B_KERNEL_HEIGHT, LOW_B_KERNEL_WIDTH, LOW_B_PANEL, INIT_HE},
    {MODEL_TENSOR(concat_with, low_b.bias), 1, LOW_B_FILTERS, 1, 1, 1, LOW_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat_with, f.weight), 2, F_UNITS, JOIN_CHANNELS, JOIN_HEIGHT, JOIN_WIDTH, F_PANEL, INIT_HE},
    {MODEL_TENSOR(concat_with, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(concat_with, g.weight), 2, G_UNITS, F_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(concat_with, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(concat_with, param),
    MODEL_PIECE(concat_with, best),
    MODEL_PIECE(concat_with, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct concat_with *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct concat_with *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct concat_with *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model concat_with_model = {
    MODEL_OF(concat_with),
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
    return trainer_main(&concat_with_model, argc, argv);
}
#endif
