/* dropout_pool.c - trains the network 'dropout_pool': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dropout_pool.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 5 3x3 relu
 * 10x9x2 -> 8x7x5, 95 parameters, 10.1 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct dropout_pool *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[7 * C_VECTORS];
    tile8_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, C_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile8_relu(pixels, C_VECTORS, sum);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(7, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dbias = sum of dz, which c_maxpool_backward has made */
static void c_backward_output(struct dropout_pool *net, int g, struct range examples)
{
    tile8_sum_images(examples.end - examples.first, C_HEIGHT * C_WIDTH, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct dropout_pool *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct dropout_pool *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void c_backward_slope(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct dropout_pool *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[7 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct dropout_pool *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(7, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < INPUT_WIDTH; x++) {
                const struct taps columns = taps_over(x, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(INPUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * INPUT_CHANNELS],
                    INPUT_CHANNELS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.input[n][y][x][0]);
            }
        }
}

/* maxpool 2x2
 * 8x7x5 -> 4x3x5 */

static void c_maxpool_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile8_maximum(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X,
                &net->value.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS,
                &net->value.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0]);
}

/* With relu' of c and the mask of c_dropout: dz = 0 where its result is not above 0 */
static void c_maxpool_backward(struct dropout_pool *net, struct range examples)
{
    const real scale = (real)(1 / (1 - C_DROPOUT_RATE));
    memset(net->dvalue.c[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.c[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile8_maximum_dropout_gate(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X,
                &net->value.c_dropout[n][y + D_PAD_TOP][D_PAD_LEFT][0], scale,
                &net->dvalue.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0],
                &net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS);
}

/* Without gates, as relu' of c, for a probe, which wants dy */
static void c_maxpool_backward_ungated(struct dropout_pool *net, struct range examples)
{
    memset(net->dvalue.c[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.c[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile8_maximum_gradient(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X, false,
                &net->dvalue.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0],
                &net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS);
}

/* dropout 0.3
 * 4x3x5 -> 4x3x5 */

static void c_dropout_forward(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : C_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : C_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++)
            dropout_apply(dropout, (uint32_t)n * apart + (uint32_t)(y * C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS), &net->value.c_maxpool[n][y][0][0], &net->value.c_dropout[n][y + D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS);
}

/* d: conv 4 3x3 pad=1 relu
 * 4x3x5 -> 4x3x4, 184 parameters, 4.32 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct dropout_pool *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * D_VECTORS];
    tile4_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    const struct range rows = range_inside(y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_DROPOUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c_dropout[n][y + i][x][0], C_DROPOUT_CHANNELS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_relu(pixels, D_VECTORS, sum);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(3, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* dbias = sum of dz, which d_dropout_backward has made */
static void d_backward_output(struct dropout_pool *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, D_HEIGHT * D_WIDTH, D_FILTERS,
        &net->dvalue.d[examples.first][0][0][0], net->group[g].d.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct dropout_pool *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[8 * D_VECTORS];
    tile4_clear(rows, D_VECTORS, sum);
    const struct range inside = range_inside(i - D_PAD_TOP, 1, D_HEIGHT, C_DROPOUT_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, D_VECTORS, sum, &net->value.c_dropout[n][y + i][0][0] + k, C_DROPOUT_CHANNELS,
            &net->dvalue.d[n][y][0][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile4_add(rows, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][k], D_PANEL);
}

static void d_backward_weight(struct dropout_pool *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(8, 7, D_KERNEL_ROW, d_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct dropout_pool *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[3 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct dropout_pool *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, 1);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(3, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_DROPOUT_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, 1);
                tile8_fold(C_DROPOUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * C_DROPOUT_CHANNELS],
                    C_DROPOUT_CHANNELS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c_dropout[n][y][x][0]);
            }
        }
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void d_backward_slope(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
}

/* dropout 0.2
 * 4x3x4 -> 4x3x4 */

static void d_dropout_forward(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.d[n][0][0][0], &net->value.d_dropout[n][0][0][0], D_DROPOUT_SIZE);
}

/* With relu' of d: dz = 0 where the result is not above 0 */
static void d_dropout_backward(struct dropout_pool *net, struct range examples)
{
    const real scale = (real)(1 / (1 - D_DROPOUT_RATE));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = real_or_zero(net->dvalue.d_dropout[n][y][x][c] * scale, net->value.d_dropout[n][y][x][c] > 0);
}

/* Without gates, as relu' of d, for a probe, which wants dy */
static void d_dropout_backward_ungated(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * D_SIZE, &net->dvalue.d_dropout[n][0][0][0], &net->dvalue.d[n][0][0][0], D_SIZE);
}

/* maxpool 2x2 stride=1
 * 4x3x4 -> 3x2x4 */

static void d_maxpool_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_MAXPOOL_HEIGHT; y++)
            tile4_maximum(D_MAXPOOL_WINDOW_HEIGHT, D_MAXPOOL_WINDOW_WIDTH, D_MAXPOOL_CHANNELS, D_MAXPOOL_WIDTH, 1,
                &net->value.d_dropout[n][y][0][0], D_DROPOUT_WIDTH * D_DROPOUT_CHANNELS, D_DROPOUT_CHANNELS,
                &net->value.d_maxpool[n][y][0][0], &net->index.d_maxpool[n][y][0][0]);
}

static void d_maxpool_backward(struct dropout_pool *net, struct range examples)
{
    memset(net->dvalue.d_dropout[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.d_dropout[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_MAXPOOL_HEIGHT; y++)
            tile4_maximum_gradient(D_MAXPOOL_WINDOW_HEIGHT, D_MAXPOOL_WINDOW_WIDTH, D_MAXPOOL_CHANNELS, D_MAXPOOL_WIDTH, 1, true,
                &net->dvalue.d_maxpool[n][y][0][0], &net->index.d_maxpool[n][y][0][0],
                &net->dvalue.d_dropout[n][y][0][0], D_DROPOUT_WIDTH * D_DROPOUT_CHANNELS, D_DROPOUT_CHANNELS);
}

/* dropout 0.1
 * 3x2x4 -> 3x2x4 */

static void d_dropout_2_forward(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_2_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_2_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_2_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.d_maxpool[n][0][0][0], &net->value.d_dropout_2[n][0][0][0], D_DROPOUT_2_SIZE);
}

static void d_dropout_2_backward(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_2_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_2_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * D_MAXPOOL_SIZE, &net->dvalue.d_dropout_2[n][0][0][0], &net->dvalue.d_maxpool[n][0][0][0], D_MAXPOOL_SIZE);
}

/* e: conv 4 1x1 relu
 * 3x2x4 -> 3x2x4, 20 parameters, 192 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION e_forward_tile(struct dropout_pool *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * E_VECTORS];
    tile4_start(pixels, E_VECTORS, sum, &net->param.e.bias[p * E_PANEL]);
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, E_VECTORS, sum, &net->value.d_dropout_2[n][y + i][x][0], D_DROPOUT_2_CHANNELS,
            net->param.e.weight[p][i][0], E_KERNEL_ROW);
    tile4_relu(pixels, E_VECTORS, sum);
    tile4_store(pixels, E_VECTORS, p, E_FILTERS, sum, &net->value.e[n][y][x][p * E_PANEL], E_FILTERS);
}

static void e_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < E_PANELS; p++)
            for (int y = 0; y < E_HEIGHT; y++)
                TILE_ALONG(2, 0, E_WIDTH, e_forward_tile, net, n, p, y);
}

/* dbias = sum of dz, which e_maxpool_backward has made */
static void e_backward_output(struct dropout_pool *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, E_HEIGHT * E_WIDTH, E_FILTERS,
        &net->dvalue.e[examples.first][0][0][0], net->group[g].e.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION e_backward_weight_tile(struct dropout_pool *net, int g, int n, int i, int rows)
{
    tile8 sum[E_PAIRS];
    tile8_clear(rows, E_PAIRS, sum);
    for (int y = 0; y < E_HEIGHT; y++)
        tile8_outer_pairs(rows, E_KERNEL_ROW, sum, &net->value.d_dropout_2[n][y + i][0][0],
            D_DROPOUT_2_WIDTH * D_DROPOUT_2_CHANNELS, D_DROPOUT_2_CHANNELS, &net->dvalue.e[n][y][0][0], E_FILTERS, E_WIDTH);
    tile8_add_pairs(rows, E_KERNEL_ROW, E_FILTERS, sum, net->group[g].e.weight[0][i][0]);
}

static void e_backward_weight(struct dropout_pool *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, E_KERNEL_HEIGHT, e_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION e_backward_input_tile(struct dropout_pool *net, real (*spread)[E_BACK_PANELS * E_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[2 * E_BACK_VECTORS];
    tile4_clear(pixels, E_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, E_BACK_VECTORS, sum, &net->dvalue.e[n][rows.first - t][x][0], E_FILTERS,
            net->transposed.e[rows.tap + t][q][0], E_FILTERS);
    tile4_store(pixels, E_BACK_VECTORS, q, E_BACK_PANELS * E_BACK_PANEL, sum, &spread[x][q * E_BACK_PANEL], E_BACK_PANELS * E_BACK_PANEL);
}

static void e_backward_input(struct dropout_pool *net, struct range examples)
{
    real spread[E_WIDTH + 1][E_BACK_PANELS * E_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_DROPOUT_2_HEIGHT; y++) {
            const struct taps rows = taps_over(y, E_HEIGHT, E_KERNEL_HEIGHT, 1);
            for (int q = 0; q < E_BACK_PANELS; q++)
                TILE_ALONG(2, 0, E_WIDTH, e_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < D_DROPOUT_2_WIDTH; x++) {
                const struct taps columns = taps_over(x, E_WIDTH, E_KERNEL_WIDTH, 1);
                tile4_fold(D_DROPOUT_2_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * D_DROPOUT_2_CHANNELS],
                    D_DROPOUT_2_CHANNELS - E_BACK_PANELS * E_BACK_PANEL, &net->dvalue.d_dropout_2[n][y][x][0]);
            }
        }
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void e_backward_slope(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->value.e[n][y][x][c] > 0 ? net->dvalue.e[n][y][x][c] : 0;
}

/* maxpool 2x2
 * 3x2x4 -> 1x1x4 */

static void e_maxpool_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            tile4_maximum(E_MAXPOOL_WINDOW_HEIGHT, E_MAXPOOL_WINDOW_WIDTH, E_MAXPOOL_CHANNELS, E_MAXPOOL_WIDTH, E_MAXPOOL_STRIDE_X,
                &net->value.e[n][y * E_MAXPOOL_STRIDE_Y][0][0], E_WIDTH * E_FILTERS, E_FILTERS,
                &net->value.e_maxpool[n][y][0][0], &net->index.e_maxpool[n][y][0][0]);
}

/* With relu' of e and the mask of e_dropout: dz = 0 where its result is not above 0 */
static void e_maxpool_backward(struct dropout_pool *net, struct range examples)
{
    const real scale = (real)(1 / (1 - E_DROPOUT_RATE));
    memset(net->dvalue.e[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.e[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            tile4_maximum_dropout_gate(E_MAXPOOL_WINDOW_HEIGHT, E_MAXPOOL_WINDOW_WIDTH, E_MAXPOOL_CHANNELS, E_MAXPOOL_WIDTH, E_MAXPOOL_STRIDE_X,
                &net->value.e_dropout[n][y][0][0], scale,
                &net->dvalue.e_maxpool[n][y][0][0], &net->index.e_maxpool[n][y][0][0],
                &net->dvalue.e[n][y * E_MAXPOOL_STRIDE_Y][0][0], E_WIDTH * E_FILTERS, E_FILTERS);
}

/* Without gates, as relu' of e, for a probe, which wants dy */
static void e_maxpool_backward_ungated(struct dropout_pool *net, struct range examples)
{
    memset(net->dvalue.e[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.e[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            tile4_maximum_gradient(E_MAXPOOL_WINDOW_HEIGHT, E_MAXPOOL_WINDOW_WIDTH, E_MAXPOOL_CHANNELS, E_MAXPOOL_WIDTH, E_MAXPOOL_STRIDE_X, false,
                &net->dvalue.e_maxpool[n][y][0][0], &net->index.e_maxpool[n][y][0][0],
                &net->dvalue.e[n][y * E_MAXPOOL_STRIDE_Y][0][0], E_WIDTH * E_FILTERS, E_FILTERS);
}

/* dropout 0.25
 * 1x1x4 -> 1x1x4 */

static void e_dropout_forward(struct dropout_pool *net, struct range examples)
{
    const struct dropout dropout = {net->seed, E_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : E_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : E_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.e_maxpool[n][0][0][0], &net->value.e_dropout[n][0][0][0], E_DROPOUT_SIZE);
}

/* f: dense 3
 * 1x1x4 -> 3, 15 parameters, 24 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct dropout_pool *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_VECTORS,
            &net->value.e_dropout[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct dropout_pool *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct dropout_pool *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.e_dropout[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct dropout_pool *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.e_dropout[0][0][0][0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.f[n];
        real *p = net->value.output[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        real sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++) {
            p[k] = real_exp(z[k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < OUTPUT_UNITS; k++)
            p[k] /= sum;
    }
}

/* loss[n] = -log softmax(z)[target], computed as log(sum of e^(z - max)) + max - z[target] */
static void output_loss(struct dropout_pool *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.f[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct dropout_pool *net, int batch, struct range examples)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.f[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct dropout_pool *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_maxpool = (void *)(net->arena + C_MAXPOOL_AT);
    net->index.c_maxpool = (void *)(net->arena + C_MAXPOOL_INDEX_AT);
    net->dvalue.c_maxpool = (void *)(net->arena + C_DROPOUT_GRADIENT_AT);
    net->value.c_dropout = (void *)(net->arena + C_DROPOUT_AT);
    net->dvalue.c_dropout = (void *)(net->arena + C_DROPOUT_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_dropout = (void *)(net->arena + D_DROPOUT_AT);
    net->dvalue.d_dropout = (void *)(net->arena + D_DROPOUT_GRADIENT_AT);
    net->value.d_maxpool = (void *)(net->arena + D_MAXPOOL_AT);
    net->index.d_maxpool = (void *)(net->arena + D_MAXPOOL_INDEX_AT);
    net->dvalue.d_maxpool = (void *)(net->arena + D_MAXPOOL_GRADIENT_AT);
    net->value.d_dropout_2 = (void *)(net->arena + D_DROPOUT_2_AT);
    net->dvalue.d_dropout_2 = (void *)(net->arena + D_DROPOUT_2_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_maxpool = (void *)(net->arena + E_MAXPOOL_AT);
    net->index.e_maxpool = (void *)(net->arena + E_MAXPOOL_INDEX_AT);
    net->dvalue.e_maxpool = (void *)(net->arena + E_DROPOUT_GRADIENT_AT);
    net->value.e_dropout = (void *)(net->arena + E_DROPOUT_AT);
    net->dvalue.e_dropout = (void *)(net->arena + E_DROPOUT_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct dropout_pool *net, struct team team)
{
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.e.weight[0][0][0], E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_ROW, E_PANEL, net->transposed.e[0][0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
}

static void forward(struct dropout_pool *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    c_forward(net, examples);
    c_maxpool_forward(net, examples);
    c_dropout_forward(net, examples);
    d_forward(net, examples);
    d_dropout_forward(net, examples);
    d_maxpool_forward(net, examples);
    d_dropout_2_forward(net, examples);
    e_forward(net, examples);
    e_maxpool_forward(net, examples);
    e_dropout_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dropout_pool *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    e_maxpool_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        e_backward_weight(net, g, team_group(g, GROUPS, batch));
    e_backward_input(net, examples);
    d_dropout_2_backward(net, examples);
    d_maxpool_backward(net, examples);
    d_dropout_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_maxpool_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, e.weight);
    TEAM_ADD_GROUPS(team, net, e.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
}

/* Training overwrites results that a probe still needs: there their gradients have places of their own. */
static void probe_move_gradients(struct dropout_pool *net, bool to_probe)
{
    net->dvalue.c = (void *)(net->arena + (to_probe ? C_PROBE_GRADIENT_AT : C_GRADIENT_AT));
    net->dvalue.d_dropout = (void *)(net->arena + (to_probe ? D_DROPOUT_PROBE_GRADIENT_AT : D_DROPOUT_GRADIENT_AT));
    net->dvalue.e = (void *)(net->arena + (to_probe ? E_PROBE_GRADIENT_AT : E_GRADIENT_AT));
}

/* The forward pass as a probe sees it */
static void probe_forward(struct dropout_pool *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_row(&net->value.input[0][0][0][0], INPUT_SIZE));
    c_forward(net, examples);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_maxpool_forward(net, examples);
    probe_look_at_value(probe, C_MAXPOOL_LAYER, examples, probe_row(&net->value.c_maxpool[0][0][0][0], C_MAXPOOL_SIZE));
    c_dropout_forward(net, examples);
    probe_look_at_value(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->value.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    d_forward(net, examples);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    d_dropout_forward(net, examples);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_maxpool_forward(net, examples);
    probe_look_at_value(probe, D_MAXPOOL_LAYER, examples, probe_row(&net->value.d_maxpool[0][0][0][0], D_MAXPOOL_SIZE));
    d_dropout_2_forward(net, examples);
    probe_look_at_value(probe, D_DROPOUT_2_LAYER, examples, probe_row(&net->value.d_dropout_2[0][0][0][0], D_DROPOUT_2_SIZE));
    e_forward(net, examples);
    probe_look_at_value(probe, E_LAYER, examples, probe_row(&net->value.e[0][0][0][0], E_SIZE));
    e_maxpool_forward(net, examples);
    probe_look_at_value(probe, E_MAXPOOL_LAYER, examples, probe_row(&net->value.e_maxpool[0][0][0][0], E_MAXPOOL_SIZE));
    e_dropout_forward(net, examples);
    probe_look_at_value(probe, E_DROPOUT_LAYER, examples, probe_row(&net->value.e_dropout[0][0][0][0], E_DROPOUT_SIZE));
    f_forward(net, examples);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    output_forward(net, examples);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct dropout_pool *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch, examples);
    else
        probe_set_unit(probe, examples, net->dvalue.f[0], F_UNITS);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    team_wait(team);
    f_backward_input(net, examples);
    probe_look_at_gradient(probe, E_DROPOUT_LAYER, examples, probe_row(&net->dvalue.e_dropout[0][0][0][0], E_DROPOUT_SIZE));
    probe_look_at_gradient(probe, E_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.e_maxpool[0][0][0][0], E_MAXPOOL_SIZE));
    e_maxpool_backward_ungated(net, examples);
    probe_look_at_gradient(probe, E_LAYER, examples, probe_row(&net->dvalue.e[0][0][0][0], E_SIZE));
    e_backward_slope(net, examples);
    e_backward_input(net, examples);
    probe_look_at_gradient(probe, D_DROPOUT_2_LAYER, examples, probe_row(&net->dvalue.d_dropout_2[0][0][0][0], D_DROPOUT_2_SIZE));
    d_dropout_2_backward(net, examples);
    probe_look_at_gradient(probe, D_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.d_maxpool[0][0][0][0], D_MAXPOOL_SIZE));
    d_maxpool_backward(net, examples);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward_ungated(net, examples);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_slope(net, examples);
    d_backward_input(net, examples);
    probe_look_at_gradient(probe, C_DROPOUT_LAYER, examples, probe_row(&net->dvalue.c_dropout[0][0][0][0], C_DROPOUT_SIZE));
    probe_look_at_gradient(probe, C_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.c_maxpool[0][0][0][0], C_MAXPOOL_SIZE));
    c_maxpool_backward_ungated(net, examples);
    probe_look_at_gradient(probe, C_LAYER, examples, probe_row(&net->dvalue.c[0][0][0][0], C_SIZE));
    c_backward_slope(net, examples);
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
    team_wait(team);
    c_backward_input(net, examples);
    probe_look_at_gradient(probe, INPUT_LAYER, examples, probe_row(&net->dvalue.input[0][0][0][0], INPUT_SIZE));
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
static void update(struct dropout_pool *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct dropout_pool *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct dropout_pool *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dropout_pool *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dropout_pool *net, struct batch batch, struct team team)
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
static void step_together(struct dropout_pool *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dropout_pool *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct dropout_pool *net, struct training *run, struct training_epoch *row)
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
        score_add_categorical(&row->train, loss, net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
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
    struct dropout_pool *net = memory;
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
    {"input", "input 10x9x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"c", "conv 5 3x3 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_maxpool", "maxpool 2x2", {C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH, C_MAXPOOL_CHANNELS, false}, 0, 0, C_MAXPOOL_AT, C_MAXPOOL_SIZE},
    {"c_dropout", "dropout 0.3", {C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH, C_DROPOUT_CHANNELS, false}, 0, 0, C_DROPOUT_AT, C_DROPOUT_PADDED_SIZE},
    {"d", "conv 4 3x3 pad=1 relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_dropout", "dropout 0.2", {D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, D_DROPOUT_CHANNELS, false}, 0, 0, D_DROPOUT_AT, D_DROPOUT_SIZE},
    {"d_maxpool", "maxpool 2x2 stride=1", {D_MAXPOOL_HEIGHT, D_MAXPOOL_WIDTH, D_MAXPOOL_CHANNELS, false}, 0, 0, D_MAXPOOL_AT, D_MAXPOOL_SIZE},
    {"d_dropout_2", "dropout 0.1", {D_DROPOUT_2_HEIGHT, D_DROPOUT_2_WIDTH, D_DROPOUT_2_CHANNELS, false}, 0, 0, D_DROPOUT_2_AT, D_DROPOUT_2_SIZE},
    {"e", "conv 4 1x1 relu", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"e_maxpool", "maxpool 2x2", {E_MAXPOOL_HEIGHT, E_MAXPOOL_WIDTH, E_MAXPOOL_CHANNELS, false}, 0, 0, E_MAXPOOL_AT, E_MAXPOOL_SIZE},
    {"e_dropout", "dropout 0.25", {E_DROPOUT_HEIGHT, E_DROPOUT_WIDTH, E_DROPOUT_CHANNELS, false}, 0, 0, E_DROPOUT_AT, E_DROPOUT_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(dropout_pool, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_pool, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, d.weight), 4, D_FILTERS, C_DROPOUT_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_pool, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, e.weight), 4, E_FILTERS, D_DROPOUT_2_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_pool, e.bias), 1, E_FILTERS, 1, 1, 1, E_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, f.weight), 2, F_UNITS, E_DROPOUT_CHANNELS, E_DROPOUT_HEIGHT, E_DROPOUT_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(dropout_pool, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(dropout_pool, param),
    MODEL_PIECE(dropout_pool, best),
    MODEL_PIECE(dropout_pool, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct dropout_pool *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The same with dropout on, as the seed has it in sample `number`. */
static const real *sample(void *memory, const struct examples *split, size_t first, int count, uint64_t seed, uint64_t number)
{
    struct dropout_pool *net = memory;
    net->is_sampling = true;
    net->seed = seed;
    net->step = number;
    const real *prediction = predict(net, split, first, count);
    net->is_sampling = false;
    return prediction;
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dropout_pool *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dropout_pool *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static void probe_together(struct dropout_pool *net, struct batch batch, const struct probe *probe, struct team team)
{
    const int count = batch.count;
    const struct range examples = team_examples(team, GROUPS, count);
    load(net, batch, examples);
    prepare(net, team);
    probe_forward(net, count, probe, team);
    output_loss(net, examples);
    team_wait(team);
    if (probe->gradient)
        probe_backward(net, count, probe, team);
}

static const real *probe(void *memory, const struct examples *split, size_t first, int count, const struct probe *probe)
{
    struct dropout_pool *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = false;
    probe_move_gradients(net, true);
    TEAM_RUN(THREADS_MOST, probe_together, net, batch, probe);
    probe_move_gradients(net, false);
    probe_give_losses(probe, net->loss, count);
    return net->value.output[0];
}

const struct model dropout_pool_model = {
    MODEL_OF(dropout_pool),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
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
    .sample = sample,
    .probe = probe,
    .probe_memory = sizeof(struct dropout_pool) + PROBE_ARENA_SIZE * sizeof(real),
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&dropout_pool_model, argc, argv);
}
#endif
