/* probing.c - trains the network 'probing': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "probing.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* input 8x8x2
 * 8x8x2 */

/* The parts of the gradient that the layers behind it made */
static void input_backward_sum(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++)
            for (int x = 0; x < INPUT_WIDTH; x++)
                for (int c = 0; c < INPUT_CHANNELS; c++)
                    net->dvalue.input[n][y][x][c] = net->dvalue.input_from_p[n][y][x][c] + net->dvalue.input_from_e[n][y][x][c];
}

/* e: conv 2 3x3 pad=1 frozen relu
 * 8x8x2 -> 8x8x2, 4.61 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION e_forward_tile(struct probing *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[8 * E_VECTORS];
    tile4_start(pixels, E_VECTORS, sum, &net->param.e.bias[p * E_PANEL]);
    const struct range rows = range_inside(y - E_PAD_TOP, 1, E_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, E_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.e.weight[p][i][0], E_KERNEL_ROW);
    tile4_relu(pixels, E_VECTORS, sum);
    tile4_store(pixels, E_VECTORS, p, E_FILTERS, sum, &net->value.e[n][y][x][p * E_PANEL], E_FILTERS);
}

static void e_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < E_PANELS; p++)
            for (int y = 0; y < E_HEIGHT; y++)
                TILE_ALONG(8, 0, E_WIDTH, e_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void e_backward_slope(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->value.e[n][y][x][c] > 0 ? net->dvalue.e[n][y][x][c] : 0;
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION e_backward_input_tile(struct probing *net, real (*spread)[E_BACK_PANELS * E_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[8 * E_BACK_VECTORS];
    tile8_clear(pixels, E_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, E_BACK_VECTORS, sum, &net->dvalue.e[n][rows.first - t][x][0], E_FILTERS,
            net->transposed.e[rows.tap + t][q][0], E_FILTERS);
    tile8_store(pixels, E_BACK_VECTORS, q, E_BACK_PANELS * E_BACK_PANEL, sum, &spread[x][q * E_BACK_PANEL], E_BACK_PANELS * E_BACK_PANEL);
}

static void e_backward_input(struct probing *net, struct range examples)
{
    real spread[E_WIDTH + 1][E_BACK_PANELS * E_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y + E_PAD_TOP, E_HEIGHT, E_KERNEL_HEIGHT, 1);
            for (int q = 0; q < E_BACK_PANELS; q++)
                TILE_ALONG(8, 0, E_WIDTH, e_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < INPUT_WIDTH; x++) {
                const struct taps columns = taps_over(x + E_PAD_LEFT, E_WIDTH, E_KERNEL_WIDTH, 1);
                tile4_fold(INPUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * INPUT_CHANNELS],
                    INPUT_CHANNELS - E_BACK_PANELS * E_BACK_PANEL, &net->dvalue.input_from_e[n][y][x][0]);
            }
        }
}

/* p: conv 3 3x3 pad=1 bias=no
 * 8x8x2 -> 8x8x3, 54 parameters, 6.91 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION p_forward_tile(struct probing *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[8 * P_VECTORS];
    tile4_clear(pixels, P_VECTORS, sum);
    const struct range rows = range_inside(y - P_PAD_TOP, 1, P_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, P_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.p.weight[p][i][0], P_KERNEL_ROW);
    tile4_store(pixels, P_VECTORS, p, P_FILTERS, sum, &net->value.p[n][y][x][p * P_PANEL], P_FILTERS);
}

static void p_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < P_PANELS; p++)
            for (int y = 0; y < P_HEIGHT; y++)
                TILE_ALONG(8, 0, P_WIDTH, p_forward_tile, net, n, p, y);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p_backward_weight_tile(struct probing *net, int g, int n, int i, int rows)
{
    tile8 sum[P_PAIRS];
    tile8_clear(rows, P_PAIRS, sum);
    for (int y = 0; y < P_HEIGHT; y++)
        tile8_outer_pairs(rows, P_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_COLUMNS * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.p[n][y][0][0], P_FILTERS, P_WIDTH);
    tile8_add_pairs(rows, P_KERNEL_ROW, P_FILTERS, sum, net->group[g].p.weight[0][i][0]);
}

static void p_backward_weight(struct probing *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, P_KERNEL_HEIGHT, p_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION p_backward_input_tile(struct probing *net, real (*spread)[P_BACK_PANELS * P_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[8 * P_BACK_VECTORS];
    tile8_clear(pixels, P_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, P_BACK_VECTORS, sum, &net->dvalue.p[n][rows.first - t][x][0], P_FILTERS,
            net->transposed.p[rows.tap + t][q][0], P_FILTERS);
    tile8_store(pixels, P_BACK_VECTORS, q, P_BACK_PANELS * P_BACK_PANEL, sum, &spread[x][q * P_BACK_PANEL], P_BACK_PANELS * P_BACK_PANEL);
}

static void p_backward_input(struct probing *net, struct range examples)
{
    real spread[P_WIDTH + 1][P_BACK_PANELS * P_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y + P_PAD_TOP, P_HEIGHT, P_KERNEL_HEIGHT, 1);
            for (int q = 0; q < P_BACK_PANELS; q++)
                TILE_ALONG(8, 0, P_WIDTH, p_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < INPUT_WIDTH; x++) {
                const struct taps columns = taps_over(x + P_PAD_LEFT, P_WIDTH, P_KERNEL_WIDTH, 1);
                tile4_fold(INPUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * INPUT_CHANNELS],
                    INPUT_CHANNELS - P_BACK_PANELS * P_BACK_PANEL, &net->dvalue.input_from_p[n][y][x][0]);
            }
        }
}

/* concat
 * 8x8x2 -> 8x8x5 */

static void input_concat_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->value.input_concat[n][y][x][c] = net->value.e[n][y][x][c];
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int c = 0; c < P_FILTERS; c++)
                    net->value.input_concat[n][y][x][E_FILTERS + c] = net->value.p[n][y][x][c];
}

static void input_concat_backward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int c = 0; c < P_FILTERS; c++)
                    net->dvalue.p[n][y][x][c] = net->dvalue.input_concat[n][y][x][E_FILTERS + c];
}

static void input_concat_backward_rest(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->dvalue.input_concat[n][y][x][c];
}

/* c: conv 4 3x3 relu
 * 8x8x5 -> 6x6x4, 184 parameters, 13 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct probing *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[6 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, C_VECTORS, sum, &net->value.input_concat[n][y + i][x][0], INPUT_CONCAT_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile4_relu(pixels, C_VECTORS, sum);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(6, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dbias = sum of dz, which c_maxpool_backward has made */
static void c_backward_output(struct probing *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), C_HEIGHT * C_WIDTH / 4, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct probing *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[8 * C_VECTORS];
    tile4_clear(rows, C_VECTORS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile4_outer(rows, C_VECTORS, sum, &net->value.input_concat[n][y + i][0][0] + k, INPUT_CONCAT_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile4_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct probing *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(8, 7, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct probing *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[6 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct probing *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_CONCAT_HEIGHT; y++) {
            const struct taps rows = taps_over(y, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(6, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < INPUT_CONCAT_WIDTH; x++) {
                const struct taps columns = taps_over(x, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile8_fold(INPUT_CONCAT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * INPUT_CONCAT_CHANNELS],
                    INPUT_CONCAT_CHANNELS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.input_concat[n][y][x][0]);
            }
        }
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void c_backward_slope(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

/* maxpool 2x2
 * 6x6x4 -> 3x3x4 */

static void c_maxpool_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile4_maximum(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X,
                &net->value.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS,
                &net->value.c_maxpool[n][y + D_PAD_TOP][D_PAD_LEFT][0], &net->index.c_maxpool[n][y][0][0]);
}

/* With relu' of c: dz = 0 where the largest is not above 0 */
static void c_maxpool_backward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile4_maximum_gate(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X,
                &net->value.c_maxpool[n][y + D_PAD_TOP][D_PAD_LEFT][0],
                &net->dvalue.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0],
                &net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS);
}

/* Without gates, as relu' of c, for a probe, which wants dy */
static void c_maxpool_backward_ungated(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile4_maximum_gradient(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X, false,
                &net->dvalue.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0],
                &net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_WIDTH * C_FILTERS, C_FILTERS);
}

/* d: conv 4 3x3 pad=1 batchnorm relu
 * 3x3x4 -> 3x3x4, 144 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct probing *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * D_VECTORS];
    tile4_clear(pixels, D_VECTORS, sum);
    const struct range rows = range_inside(y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_MAXPOOL_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c_maxpool[n][y + i][x][0], C_MAXPOOL_CHANNELS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(3, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct probing *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[6 * D_VECTORS];
    tile4_clear(rows, D_VECTORS, sum);
    const struct range inside = range_inside(i - D_PAD_TOP, 1, D_HEIGHT, C_MAXPOOL_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, D_VECTORS, sum, &net->value.c_maxpool[n][y + i][0][0] + k, C_MAXPOOL_CHANNELS,
            &net->dvalue.d[n][y][0][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile4_add(rows, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][k], D_PANEL);
}

static void d_backward_weight(struct probing *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, D_KERNEL_ROW, d_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct probing *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[3 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct probing *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, 1);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(3, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, 1);
                tile4_fold(C_MAXPOOL_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * C_MAXPOOL_CHANNELS],
                    C_MAXPOOL_CHANNELS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c_maxpool[n][y][x][0]);
            }
        }
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void d_batchnorm_measure(struct probing *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch * (D_BATCHNORM_HEIGHT * D_BATCHNORM_WIDTH);
    double sum[D_BATCHNORM_CHANNELS] = {0}, square[D_BATCHNORM_CHANNELS] = {0};
    real mean[D_BATCHNORM_CHANNELS];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++) {
            real row_sum[D_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_sum[c] += net->value.d[n][y][x][c];
            for (int c = channels.first; c < channels.end; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.d_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++) {
            real row_square[D_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_square[c] += (net->value.d[n][y][x][c] - mean[c]) * (net->value.d[n][y][x][c] - mean[c]);
            for (int c = channels.first; c < channels.end; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.d_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + D_BATCHNORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.d_batchnorm.running_mean[c] = D_BATCHNORM_MOMENTUM * net->param.d_batchnorm.running_mean[c] + (1 - D_BATCHNORM_MOMENTUM) * mean[c];
        net->param.d_batchnorm.running_var[c] = D_BATCHNORM_MOMENTUM * net->param.d_batchnorm.running_var[c] + (1 - D_BATCHNORM_MOMENTUM) * variance;
    }
}

static void d_batchnorm_forward(struct probing *net, struct range examples)
{
    real mean[D_BATCHNORM_CHANNELS], scale[D_BATCHNORM_CHANNELS], bias[D_BATCHNORM_CHANNELS];
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.d_batchnorm.mean[c] : net->param.d_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.d_batchnorm.scale[c] : 1 / real_sqrt(net->param.d_batchnorm.running_var[c] + D_BATCHNORM_EPS);
        scale[c] *= net->param.d_batchnorm.weight[c];
        bias[c] = net->param.d_batchnorm.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
                    const real z = (net->value.d[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.d_batchnorm[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void d_batchnorm_backward_gain(struct probing *net, int batch, struct range channels)
{
    double dbias[D_BATCHNORM_CHANNELS] = {0}, dgain[D_BATCHNORM_CHANNELS] = {0};
    real mean[D_BATCHNORM_CHANNELS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.d_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++) {
            real row_dbias[D_BATCHNORM_CHANNELS] = {0};
            real row_dgain[D_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++) {
                    net->dvalue.d_batchnorm[n][y][x][c] = net->value.d_batchnorm[n][y][x][c] > 0 ? net->dvalue.d_batchnorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.d_batchnorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.d_batchnorm[n][y][x][c] * (net->value.d[n][y][x][c] - mean[c]);
                }
            for (int c = channels.first; c < channels.end; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = channels.first; c < channels.end; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.d_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.d_batchnorm.weight[c] = (real)dgain[c] * net->statistic.d_batchnorm.scale[c];
    }
}

static void d_batchnorm_backward(struct probing *net, int batch, struct range examples)
{
    const real pixels = (real)(batch * (D_BATCHNORM_HEIGHT * D_BATCHNORM_WIDTH));
    real mean[D_BATCHNORM_CHANNELS], factor[D_BATCHNORM_CHANNELS], level[D_BATCHNORM_CHANNELS], slope[D_BATCHNORM_CHANNELS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        const real scale = net->statistic.d_batchnorm.scale[c];
        mean[c] = net->statistic.d_batchnorm.mean[c];
        factor[c] = net->param.d_batchnorm.weight[c] * scale;
        level[c] = net->dparam.d_batchnorm.bias[c] / pixels;
        slope[c] = net->dparam.d_batchnorm.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = factor[c] * (net->dvalue.d_batchnorm[n][y][x][c] - level[c] - (net->value.d[n][y][x][c] - mean[c]) * slope[c]);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void d_batchnorm_backward_slope(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                    net->dvalue.d_batchnorm[n][y][x][c] = net->value.d_batchnorm[n][y][x][c] > 0 ? net->dvalue.d_batchnorm[n][y][x][c] : 0;
}

/* With the running statistics, for a probe: each channel is scaled */
static void d_batchnorm_backward_running(struct probing *net, struct range examples)
{
    real factor[D_BATCHNORM_CHANNELS];
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
        factor[c] = net->param.d_batchnorm.weight[c] / real_sqrt(net->param.d_batchnorm.running_var[c] + D_BATCHNORM_EPS);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = factor[c] * net->dvalue.d_batchnorm[n][y][x][c];
}

/* dropout 0.3
 * 3x3x4 -> 3x3x4 */

static void d_dropout_forward(struct probing *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.d_batchnorm[n][0][0][0], &net->value.d_dropout[n][0][0][0], D_DROPOUT_SIZE);
}

static void d_dropout_backward(struct probing *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * D_BATCHNORM_SIZE, &net->dvalue.d_dropout[n][0][0][0], &net->dvalue.d_batchnorm[n][0][0][0], D_BATCHNORM_SIZE);
}

/* f: dense 5 layernorm tanh
 * 3x3x4 -> 5, 185 parameters, 360 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct probing *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine, F_VECTORS,
            &net->value.d_dropout[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct probing *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct probing *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 4, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            &net->value.d_dropout[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, &net->dvalue.d_dropout[n][0][0][0]);
}

static void f_layernorm_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile4_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        tile4_row_normalise(&net->value.f[n][0], net->param.f_layernorm.weight, net->param.f_layernorm.bias,
            mean, scale, F_LAYERNORM_UNITS, &net->value.f_layernorm[n][0]);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            net->value.f_layernorm[n][c] = real_tanh(net->value.f_layernorm[n][c]);
    }
}

static void f_layernorm_backward(struct probing *net, int g, struct range examples)
{
    double dbias[F_LAYERNORM_UNITS] = {0}, dgain[F_LAYERNORM_UNITS] = {0};
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile4_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
            net->dvalue.f_layernorm[n][c] = net->dvalue.f_layernorm[n][c] * (1 - net->value.f_layernorm[n][c] * net->value.f_layernorm[n][c]);
            dbias[c] += net->dvalue.f_layernorm[n][c];
            dgain[c] += net->dvalue.f_layernorm[n][c] * ((net->value.f[n][c] - mean) * scale);
        }
        tile4_row_gradient(&net->dvalue.f_layernorm[n][0], net->param.f_layernorm.weight, &net->value.f[n][0],
            mean, scale, F_LAYERNORM_UNITS, &net->dvalue.f[n][0]);
    }
    for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
        net->group[g].f_layernorm.bias[c] = (real)dbias[c];
        net->group[g].f_layernorm.weight[c] = (real)dgain[c];
    }
}

/* dz = dy * tanh'(z), in the place of dy, for a probe */
static void f_layernorm_backward_slope(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_LAYERNORM_UNITS; i++)
            net->dvalue.f_layernorm[n][i] = net->dvalue.f_layernorm[n][i] * (1 - net->value.f_layernorm[n][i] * net->value.f_layernorm[n][i]);
}

static void f_layernorm_backward_input(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile4_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        tile4_row_gradient(&net->dvalue.f_layernorm[n][0], net->param.f_layernorm.weight, &net->value.f[n][0],
            mean, scale, F_LAYERNORM_UNITS, &net->dvalue.f[n][0]);
    }
}

/* g: dense 3
 * 5 -> 3, 18 parameters, 30 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct probing *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, G_VECTORS,
            net->value.f_layernorm[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct probing *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct probing *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f_layernorm[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void g_backward_input(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(G_VECTORS, net->dvalue.g[n], G_UNITS, net->param.g.weight[0][0], G_INPUTS, 0, G_INPUTS, net->dvalue.f_layernorm[n]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.g[n];
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
static void output_loss(struct probing *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.g[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct probing *net, int batch, struct range examples)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.g[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct probing *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input_from_p = (void *)(net->arena + INPUT_FROM_P_GRADIENT_AT);
    net->dvalue.input_from_e = (void *)(net->arena + INPUT_FROM_E_GRADIENT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.p = (void *)(net->arena + P_AT);
    net->dvalue.p = (void *)(net->arena + P_GRADIENT_AT);
    net->transposed.p = (void *)(net->arena + P_TRANSPOSED_AT);
    net->value.input_concat = (void *)(net->arena + INPUT_CONCAT_AT);
    net->dvalue.input_concat = (void *)(net->arena + INPUT_CONCAT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_maxpool = (void *)(net->arena + C_MAXPOOL_AT);
    net->index.c_maxpool = (void *)(net->arena + C_MAXPOOL_INDEX_AT);
    net->dvalue.c_maxpool = (void *)(net->arena + C_MAXPOOL_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_batchnorm = (void *)(net->arena + D_BATCHNORM_AT);
    net->dvalue.d_batchnorm = (void *)(net->arena + D_BATCHNORM_GRADIENT_AT);
    net->value.d_dropout = (void *)(net->arena + D_DROPOUT_AT);
    net->dvalue.d_dropout = (void *)(net->arena + D_DROPOUT_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_layernorm = (void *)(net->arena + F_LAYERNORM_AT);
    net->dvalue.f_layernorm = (void *)(net->arena + F_LAYERNORM_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct probing *net, struct team team)
{
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct probing *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    e_forward(net, examples);
    p_forward(net, examples);
    input_concat_forward(net, examples);
    c_forward(net, examples);
    c_maxpool_forward(net, examples);
    d_forward(net, examples);
    team_wait(team);
    d_batchnorm_measure(net, batch, team_share(team, D_BATCHNORM_CHANNELS));
    team_wait(team);
    d_batchnorm_forward(net, examples);
    d_dropout_forward(net, examples);
    f_forward(net, examples);
    f_layernorm_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct probing *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_layernorm_backward(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    d_dropout_backward(net, examples);
    team_wait(team);
    d_batchnorm_backward_gain(net, batch, team_share(team, D_BATCHNORM_CHANNELS));
    team_wait(team);
    d_batchnorm_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_maxpool_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    c_backward_input(net, examples);
    input_concat_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, p.weight);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, f_layernorm.weight);
    TEAM_ADD_GROUPS(team, net, f_layernorm.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
}

/* Training overwrites results that a probe still needs: there their gradients have places of their own. */
static void probe_move_gradients(struct probing *net, bool to_probe)
{
    net->dvalue.p = (void *)(net->arena + (to_probe ? P_PROBE_GRADIENT_AT : P_GRADIENT_AT));
    net->dvalue.input_concat = (void *)(net->arena + (to_probe ? INPUT_CONCAT_PROBE_GRADIENT_AT : INPUT_CONCAT_GRADIENT_AT));
}

/* The forward pass as a probe sees it */
static void probe_forward(struct probing *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_rows(&net->value.input[0][E_PAD_TOP][E_PAD_LEFT][0], INPUT_PADDED_SIZE, INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS));
    e_forward(net, examples);
    probe_look_at_value(probe, E_LAYER, examples, probe_row(&net->value.e[0][0][0][0], E_SIZE));
    p_forward(net, examples);
    probe_look_at_value(probe, P_LAYER, examples, probe_row(&net->value.p[0][0][0][0], P_SIZE));
    input_concat_forward(net, examples);
    probe_look_at_value(probe, INPUT_CONCAT_LAYER, examples, probe_row(&net->value.input_concat[0][0][0][0], INPUT_CONCAT_SIZE));
    c_forward(net, examples);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_maxpool_forward(net, examples);
    probe_look_at_value(probe, C_MAXPOOL_LAYER, examples, probe_rows(&net->value.c_maxpool[0][D_PAD_TOP][D_PAD_LEFT][0], C_MAXPOOL_PADDED_SIZE, C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH * C_MAXPOOL_CHANNELS, C_MAXPOOL_COLUMNS * C_MAXPOOL_CHANNELS));
    d_forward(net, examples);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    team_wait(team);
    d_batchnorm_forward(net, examples);
    probe_look_at_value(probe, D_BATCHNORM_LAYER, examples, probe_row(&net->value.d_batchnorm[0][0][0][0], D_BATCHNORM_SIZE));
    d_dropout_forward(net, examples);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    f_forward(net, examples);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    f_layernorm_forward(net, examples);
    probe_look_at_value(probe, F_LAYERNORM_LAYER, examples, probe_row(net->value.f_layernorm[0], F_LAYERNORM_UNITS));
    g_forward(net, examples);
    probe_look_at_value(probe, G_LAYER, examples, probe_row(net->value.g[0], G_UNITS));
    output_forward(net, examples);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct probing *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch, examples);
    else
        probe_set_unit(probe, examples, net->dvalue.g[0], G_UNITS);
    probe_look_at_gradient(probe, G_LAYER, examples, probe_row(net->dvalue.g[0], G_UNITS));
    team_wait(team);
    g_backward_input(net, examples);
    probe_look_at_gradient(probe, F_LAYERNORM_LAYER, examples, probe_row(net->dvalue.f_layernorm[0], F_LAYERNORM_UNITS));
    f_layernorm_backward_slope(net, examples);
    f_layernorm_backward_input(net, examples);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    team_wait(team);
    f_backward_input(net, examples);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward(net, examples);
    probe_look_at_gradient(probe, D_BATCHNORM_LAYER, examples, probe_row(&net->dvalue.d_batchnorm[0][0][0][0], D_BATCHNORM_SIZE));
    d_batchnorm_backward_slope(net, examples);
    team_wait(team);
    d_batchnorm_backward_running(net, examples);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_input(net, examples);
    probe_look_at_gradient(probe, C_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.c_maxpool[0][0][0][0], C_MAXPOOL_SIZE));
    c_maxpool_backward_ungated(net, examples);
    probe_look_at_gradient(probe, C_LAYER, examples, probe_row(&net->dvalue.c[0][0][0][0], C_SIZE));
    c_backward_slope(net, examples);
    c_backward_input(net, examples);
    probe_look_at_gradient(probe, INPUT_CONCAT_LAYER, examples, probe_row(&net->dvalue.input_concat[0][0][0][0], INPUT_CONCAT_SIZE));
    input_concat_backward_rest(net, examples);
    input_concat_backward(net, examples);
    probe_look_at_gradient(probe, P_LAYER, examples, probe_row(&net->dvalue.p[0][0][0][0], P_SIZE));
    panels_transpose(net->param.p.weight[0][0][0], P_FILTERS, P_KERNEL_HEIGHT, P_KERNEL_ROW, P_PANEL, net->transposed.p[0][0][0], P_BACK_PANEL, team_share(team, P_BACK_PANELS));
    team_wait(team);
    p_backward_input(net, examples);
    probe_look_at_gradient(probe, E_LAYER, examples, probe_row(&net->dvalue.e[0][0][0][0], E_SIZE));
    e_backward_slope(net, examples);
    panels_transpose(net->param.e.weight[0][0][0], E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_ROW, E_PANEL, net->transposed.e[0][0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    team_wait(team);
    e_backward_input(net, examples);
    input_backward_sum(net, examples);
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
static void update(struct probing *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(p.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d_batchnorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d_batchnorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct probing *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][E_PAD_TOP][E_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct probing *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct probing *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct probing *net, struct batch batch, struct team team)
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
static void step_together(struct probing *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct probing *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct probing *net, struct training *run, struct training_epoch *row)
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
    struct probing *net = memory;
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
    {"input", "input 8x8x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"e", "conv 2 3x3 pad=1 frozen relu", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, 0, E_FLOP, E_AT, E_SIZE},
    {"p", "conv 3 3x3 pad=1 bias=no", {P_HEIGHT, P_WIDTH, P_FILTERS, false}, P_PARAMETERS, P_FLOP, P_AT, P_SIZE},
    {"input_concat", "concat", {INPUT_CONCAT_HEIGHT, INPUT_CONCAT_WIDTH, INPUT_CONCAT_CHANNELS, false}, 0, 0, INPUT_CONCAT_AT, INPUT_CONCAT_SIZE},
    {"c", "conv 4 3x3 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_maxpool", "maxpool 2x2", {C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH, C_MAXPOOL_CHANNELS, false}, 0, 0, C_MAXPOOL_AT, C_MAXPOOL_PADDED_SIZE},
    {"d", "conv 4 3x3 pad=1 batchnorm relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_batchnorm", "batchnorm", {D_BATCHNORM_HEIGHT, D_BATCHNORM_WIDTH, D_BATCHNORM_CHANNELS, false}, D_BATCHNORM_PARAMETERS, 0, D_BATCHNORM_AT, D_BATCHNORM_SIZE},
    {"d_dropout", "dropout 0.3", {D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, D_DROPOUT_CHANNELS, false}, 0, 0, D_DROPOUT_AT, D_DROPOUT_SIZE},
    {"f", "dense 5 layernorm tanh", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_layernorm", "layernorm", {1, 1, F_LAYERNORM_UNITS, true}, F_LAYERNORM_PARAMETERS, 0, F_LAYERNORM_AT, F_LAYERNORM_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(probing, e.weight), 4, E_FILTERS, INPUT_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(probing, e.bias), 1, E_FILTERS, 1, 1, 1, E_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(probing, p.weight), 4, P_FILTERS, INPUT_CHANNELS, P_KERNEL_HEIGHT, P_KERNEL_WIDTH, P_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(probing, c.weight), 4, C_FILTERS, INPUT_CONCAT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(probing, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(probing, d.weight), 4, D_FILTERS, C_MAXPOOL_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(probing, d_batchnorm.weight), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(probing, d_batchnorm.bias), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(probing, d_batchnorm.running_mean), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(probing, d_batchnorm.running_var), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(probing, f.weight), 2, F_UNITS, D_DROPOUT_CHANNELS, D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(probing, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(probing, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(probing, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(probing, g.weight), 2, G_UNITS, F_LAYERNORM_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(probing, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(probing, param),
    MODEL_PIECE(probing, best),
    MODEL_PIECE(probing, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct probing *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The same with dropout on, as the seed has it in sample `number`. */
static const real *sample(void *memory, const struct examples *split, size_t first, int count, uint64_t seed, uint64_t number)
{
    struct probing *net = memory;
    net->is_sampling = true;
    net->seed = seed;
    net->step = number;
    const real *prediction = predict(net, split, first, count);
    net->is_sampling = false;
    return prediction;
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct probing *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct probing *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static void probe_together(struct probing *net, struct batch batch, const struct probe *probe, struct team team)
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
    struct probing *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = false;
    probe_move_gradients(net, true);
    TEAM_RUN(THREADS_MOST, probe_together, net, batch, probe);
    probe_move_gradients(net, false);
    probe_give_losses(probe, net->loss, count);
    return net->value.output[0];
}

const struct model probing_model = {
    MODEL_OF(probing),
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
    .probe_memory = sizeof(struct probing) + PROBE_ARENA_SIZE * sizeof(real),
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&probing_model, argc, argv);
}
#endif
