/* online_image.c - trains the network 'online_image': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "online_image.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 6 3x3 pad=1 batchnorm relu
 * 9x8x2 -> 9x8x6, 108 parameters, 15.6 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct online_image *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[8 * A_VECTORS];
    tile8_clear(pixels, A_VECTORS, sum);
    const struct range rows = range_inside(y - A_PAD_TOP, 1, A_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_KERNEL_ROW);
    tile8_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y][x][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(8, 0, A_WIDTH, a_forward_tile, net, n, p, y);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct online_image *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * A_VECTORS];
    tile8_clear(rows, A_VECTORS, sum);
    const struct range inside = range_inside(i - A_PAD_TOP, 1, A_HEIGHT, INPUT_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, A_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.a[n][y][0][p * A_PANEL], A_FILTERS, A_WIDTH);
    tile8_add(rows, A_VECTORS, p, A_FILTERS, sum, net->group[g].a.weight[p][i][k], A_PANEL);
}

static void a_backward_weight(struct online_image *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, A_KERNEL_ROW, a_backward_weight_tile, net, g, n, p, i);
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void a_batchnorm_measure(struct online_image *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch * (A_BATCHNORM_HEIGHT * A_BATCHNORM_WIDTH);
    double sum[A_BATCHNORM_CHANNELS] = {0}, square[A_BATCHNORM_CHANNELS] = {0};
    real mean[A_BATCHNORM_CHANNELS];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++) {
            real row_sum[A_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_sum[c] += net->value.a[n][y][x][c];
            for (int c = channels.first; c < channels.end; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.a_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++) {
            real row_square[A_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_square[c] += (net->value.a[n][y][x][c] - mean[c]) * (net->value.a[n][y][x][c] - mean[c]);
            for (int c = channels.first; c < channels.end; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.a_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + A_BATCHNORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.a_batchnorm.running_mean[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_mean[c] + (1 - A_BATCHNORM_MOMENTUM) * mean[c];
        net->param.a_batchnorm.running_var[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_var[c] + (1 - A_BATCHNORM_MOMENTUM) * variance;
    }
}

static void a_batchnorm_forward(struct online_image *net, struct range examples)
{
    real mean[A_BATCHNORM_CHANNELS], scale[A_BATCHNORM_CHANNELS], bias[A_BATCHNORM_CHANNELS];
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.a_batchnorm.mean[c] : net->param.a_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.a_batchnorm.scale[c] : 1 / real_sqrt(net->param.a_batchnorm.running_var[c] + A_BATCHNORM_EPS);
        scale[c] *= net->param.a_batchnorm.weight[c];
        bias[c] = net->param.a_batchnorm.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
                    const real z = (net->value.a[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.a_batchnorm[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void a_batchnorm_backward_gain(struct online_image *net, int batch, struct range channels)
{
    double dbias[A_BATCHNORM_CHANNELS] = {0}, dgain[A_BATCHNORM_CHANNELS] = {0};
    real mean[A_BATCHNORM_CHANNELS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.a_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++) {
            real row_dbias[A_BATCHNORM_CHANNELS] = {0};
            real row_dgain[A_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++) {
                    net->dvalue.a_batchnorm[n][y][x][c] = net->value.a_batchnorm[n][y][x][c] > 0 ? net->dvalue.a_batchnorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.a_batchnorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.a_batchnorm[n][y][x][c] * (net->value.a[n][y][x][c] - mean[c]);
                }
            for (int c = channels.first; c < channels.end; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = channels.first; c < channels.end; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.a_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.a_batchnorm.weight[c] = (real)dgain[c] * net->statistic.a_batchnorm.scale[c];
    }
}

static void a_batchnorm_backward(struct online_image *net, int batch, struct range examples)
{
    const real pixels = (real)(batch * (A_BATCHNORM_HEIGHT * A_BATCHNORM_WIDTH));
    real mean[A_BATCHNORM_CHANNELS], factor[A_BATCHNORM_CHANNELS], level[A_BATCHNORM_CHANNELS], slope[A_BATCHNORM_CHANNELS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        const real scale = net->statistic.a_batchnorm.scale[c];
        mean[c] = net->statistic.a_batchnorm.mean[c];
        factor[c] = net->param.a_batchnorm.weight[c] * scale;
        level[c] = net->dparam.a_batchnorm.bias[c] / pixels;
        slope[c] = net->dparam.a_batchnorm.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = factor[c] * (net->dvalue.a_batchnorm[n][y][x][c] - level[c] - (net->value.a[n][y][x][c] - mean[c]) * slope[c]);
}

/* maxpool 2x2
 * 9x8x6 -> 4x4x6 */

static void a_maxpool_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            tile8_maximum(A_MAXPOOL_WINDOW_HEIGHT, A_MAXPOOL_WINDOW_WIDTH, A_MAXPOOL_CHANNELS, A_MAXPOOL_WIDTH, A_MAXPOOL_STRIDE_X,
                &net->value.a_batchnorm[n][y * A_MAXPOOL_STRIDE_Y][0][0], A_BATCHNORM_WIDTH * A_BATCHNORM_CHANNELS, A_BATCHNORM_CHANNELS,
                &net->value.a_maxpool[n][y][0][0], &net->index.a_maxpool[n][y][0][0]);
}

static void a_maxpool_backward(struct online_image *net, struct range examples)
{
    memset(net->dvalue.a_batchnorm[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.a_batchnorm[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            tile8_maximum_gradient(A_MAXPOOL_WINDOW_HEIGHT, A_MAXPOOL_WINDOW_WIDTH, A_MAXPOOL_CHANNELS, A_MAXPOOL_WIDTH, A_MAXPOOL_STRIDE_X, false,
                &net->dvalue.a_maxpool[n][y][0][0], &net->index.a_maxpool[n][y][0][0],
                &net->dvalue.a_batchnorm[n][y * A_MAXPOOL_STRIDE_Y][0][0], A_BATCHNORM_WIDTH * A_BATCHNORM_CHANNELS, A_BATCHNORM_CHANNELS);
}

/* dropout 0.2
 * 4x4x6 -> 4x4x6 */

static void a_dropout_forward(struct online_image *net, struct range examples)
{
    const struct dropout dropout = {net->seed, A_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : A_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : A_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.a_maxpool[n][0][0][0], &net->value.a_dropout[n][0][0][0], A_DROPOUT_SIZE);
}

static void a_dropout_backward(struct online_image *net, struct range examples)
{
    const struct dropout dropout = {net->seed, A_DROPOUT_STREAM, net->step, A_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * A_MAXPOOL_SIZE, &net->dvalue.a_dropout[n][0][0][0], &net->dvalue.a_maxpool[n][0][0][0], A_MAXPOOL_SIZE);
}

/* b: conv 20 3x3
 * 4x4x6 -> 2x2x20, 1080 parameters, 8.64 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION b_forward_tile(struct online_image *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * B_VECTORS];
    tile8_clear(pixels, B_VECTORS, sum);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, B_VECTORS, sum, &net->value.a_dropout[n][y + i][x][0], A_DROPOUT_CHANNELS,
            net->param.b.weight[p][i][0], B_KERNEL_ROW);
    tile8_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y][x][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(2, 0, B_WIDTH, b_forward_tile, net, n, p, y);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct online_image *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * B_VECTORS];
    tile8_clear(rows, B_VECTORS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile8_outer(rows, B_VECTORS, sum, &net->value.a_dropout[n][y + i][0][0] + k, A_DROPOUT_CHANNELS,
            &net->dvalue.b[n][y][0][p * B_PANEL], B_FILTERS, B_WIDTH);
    tile8_add(rows, B_VECTORS, p, B_FILTERS, sum, net->group[g].b.weight[p][i][k], B_PANEL);
}

static void b_backward_weight(struct online_image *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, B_KERNEL_ROW, b_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION b_backward_input_tile(struct online_image *net, real (*spread)[B_BACK_PANELS * B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[2 * B_BACK_VECTORS];
    tile8_clear(pixels, B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, B_BACK_VECTORS, sum, &net->dvalue.b[n][rows.first - t][x][0], B_FILTERS,
            net->transposed.b[rows.tap + t][q][0], B_FILTERS);
    tile8_store(pixels, B_BACK_VECTORS, q, B_BACK_PANELS * B_BACK_PANEL, sum, &spread[x][q * B_BACK_PANEL], B_BACK_PANELS * B_BACK_PANEL);
}

static void b_backward_input(struct online_image *net, struct range examples)
{
    real spread[B_WIDTH + 1][B_BACK_PANELS * B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_DROPOUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y, B_HEIGHT, B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < B_BACK_PANELS; q++)
                TILE_ALONG(2, 0, B_WIDTH, b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < A_DROPOUT_WIDTH; x++) {
                const struct taps columns = taps_over(x, B_WIDTH, B_KERNEL_WIDTH, 1);
                tile8_fold(A_DROPOUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * A_DROPOUT_CHANNELS],
                    A_DROPOUT_CHANNELS - B_BACK_PANELS * B_BACK_PANEL, &net->dvalue.a_dropout[n][y][x][0]);
            }
        }
}

/* b_norm: batchnorm
 * 2x2x20 -> 2x2x20, 40 parameters */

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void b_norm_measure(struct online_image *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch * (B_NORM_HEIGHT * B_NORM_WIDTH);
    double sum[B_NORM_CHANNELS] = {0}, square[B_NORM_CHANNELS] = {0};
    real mean[B_NORM_CHANNELS];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++) {
            real row_sum[B_NORM_CHANNELS] = {0};
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_sum[c] += net->value.b[n][y][x][c];
            for (int c = channels.first; c < channels.end; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.b_norm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++) {
            real row_square[B_NORM_CHANNELS] = {0};
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_square[c] += (net->value.b[n][y][x][c] - mean[c]) * (net->value.b[n][y][x][c] - mean[c]);
            for (int c = channels.first; c < channels.end; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.b_norm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + B_NORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.b_norm.running_mean[c] = B_NORM_MOMENTUM * net->param.b_norm.running_mean[c] + (1 - B_NORM_MOMENTUM) * mean[c];
        net->param.b_norm.running_var[c] = B_NORM_MOMENTUM * net->param.b_norm.running_var[c] + (1 - B_NORM_MOMENTUM) * variance;
    }
}

static void b_norm_forward(struct online_image *net, struct range examples)
{
    real mean[B_NORM_CHANNELS], scale[B_NORM_CHANNELS], bias[B_NORM_CHANNELS];
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.b_norm.mean[c] : net->param.b_norm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.b_norm.scale[c] : 1 / real_sqrt(net->param.b_norm.running_var[c] + B_NORM_EPS);
        scale[c] *= net->param.b_norm.weight[c];
        bias[c] = net->param.b_norm.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++)
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = 0; c < B_NORM_CHANNELS; c++)
                    net->value.b_norm[n][y][x][c] = (net->value.b[n][y][x][c] - mean[c]) * scale[c] + bias[c];
}

/* The gradients of gain and bias */
static void b_norm_backward_gain(struct online_image *net, int batch, struct range channels)
{
    double dbias[B_NORM_CHANNELS] = {0}, dgain[B_NORM_CHANNELS] = {0};
    real mean[B_NORM_CHANNELS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.b_norm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++) {
            real row_dbias[B_NORM_CHANNELS] = {0};
            real row_dgain[B_NORM_CHANNELS] = {0};
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++) {
                    row_dbias[c] += net->dvalue.b_norm[n][y][x][c];
                    row_dgain[c] += net->dvalue.b_norm[n][y][x][c] * (net->value.b[n][y][x][c] - mean[c]);
                }
            for (int c = channels.first; c < channels.end; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = channels.first; c < channels.end; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.b_norm.bias[c] = (real)dbias[c];
        net->dparam.b_norm.weight[c] = (real)dgain[c] * net->statistic.b_norm.scale[c];
    }
}

static void b_norm_backward(struct online_image *net, int batch, struct range examples)
{
    const real pixels = (real)(batch * (B_NORM_HEIGHT * B_NORM_WIDTH));
    real mean[B_NORM_CHANNELS], factor[B_NORM_CHANNELS], level[B_NORM_CHANNELS], slope[B_NORM_CHANNELS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        const real scale = net->statistic.b_norm.scale[c];
        mean[c] = net->statistic.b_norm.mean[c];
        factor[c] = net->param.b_norm.weight[c] * scale;
        level[c] = net->dparam.b_norm.bias[c] / pixels;
        slope[c] = net->dparam.b_norm.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = factor[c] * (net->dvalue.b_norm[n][y][x][c] - level[c] - (net->value.b[n][y][x][c] - mean[c]) * slope[c]);
}

/* c: depthwise 2x2 tanh
 * 2x2x20 -> 1x1x20, 100 parameters, 160 FLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION c_forward_tile(struct online_image *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[C_VECTORS];
    tile8_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_channels(pixels, C_VECTORS, sum,
            &net->value.b_norm[n][y + i][x][p * C_PANEL], B_NORM_CHANNELS, B_NORM_CHANNELS,
            net->param.c.weight[p][i][0], C_PANEL, C_KERNEL_WIDTH);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int p = 0; p < C_PANELS; p++)
                TILE_ALONG(1, 0, C_WIDTH, c_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->value.c[n][y][x][c] = real_tanh(net->value.c[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct online_image *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y][x][c] * net->value.c[n][y][x][c]);
        tile8_sum(C_HEIGHT * C_WIDTH, C_FILTERS, &net->dvalue.c[n][0][0][0], net->group[g].c.bias);
    }
}

/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct online_image *net, int g, int n, int p, int i, int j, int taps)
{
    tile8 sum[2 * C_VECTORS];
    tile8_clear(taps, C_VECTORS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_channels(taps, C_VECTORS, sum,
            &net->value.b_norm[n][y + i][j][p * C_PANEL], B_NORM_CHANNELS, B_NORM_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile8_add(taps, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][j], C_PANEL);
}

static void c_backward_weight(struct online_image *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(2, 0, C_KERNEL_WIDTH, c_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the kernel */
TILE_FUNCTION c_backward_input_tile(struct online_image *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[C_VECTORS];
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        for (int j = 0; j < C_KERNEL_WIDTH; j++) {
            tile8_scale(pixels, C_VECTORS, sum, &net->dvalue.c[n][y][x][p * C_PANEL], C_FILTERS, net->param.c.weight[p][i][j]);
            tile8_add(pixels, C_VECTORS, p, C_FILTERS, sum, &net->dvalue.b_norm[n][y + i][x + j][p * C_PANEL], B_NORM_CHANNELS);
        }
}

static void c_backward_input(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.b_norm[n], 0, sizeof(net->dvalue.b_norm[n]));
        for (int y = 0; y < C_HEIGHT; y++)
            for (int p = 0; p < C_PANELS; p++)
                TILE_ALONG(1, 0, C_WIDTH, c_backward_input_tile, net, n, p, y);
    }
}

/* f: dense 12 layernorm relu
 * 1x1x20 -> 12, 252 parameters, 480 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct online_image *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile8_affine, F_VECTORS,
            &net->value.c[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct online_image *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct online_image *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            &net->value.c[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile8_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, &net->dvalue.c[n][0][0][0]);
}

static void f_layernorm_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile8_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        tile8_row_normalise(&net->value.f[n][0], net->param.f_layernorm.weight, net->param.f_layernorm.bias,
            mean, scale, F_LAYERNORM_UNITS, &net->value.f_layernorm[n][0]);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            net->value.f_layernorm[n][c] = net->value.f_layernorm[n][c] < 0 ? 0 : net->value.f_layernorm[n][c];
    }
}

static void f_layernorm_backward(struct online_image *net, int g, struct range examples)
{
    double dbias[F_LAYERNORM_UNITS] = {0}, dgain[F_LAYERNORM_UNITS] = {0};
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile8_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
            net->dvalue.f_layernorm[n][c] = net->value.f_layernorm[n][c] > 0 ? net->dvalue.f_layernorm[n][c] : 0;
            dbias[c] += net->dvalue.f_layernorm[n][c];
            dgain[c] += net->dvalue.f_layernorm[n][c] * ((net->value.f[n][c] - mean) * scale);
        }
        tile8_row_gradient(&net->dvalue.f_layernorm[n][0], net->param.f_layernorm.weight, &net->value.f[n][0],
            mean, scale, F_LAYERNORM_UNITS, &net->dvalue.f[n][0]);
    }
    for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
        net->group[g].f_layernorm.bias[c] = (real)dbias[c];
        net->group[g].f_layernorm.weight[c] = (real)dgain[c];
    }
}

/* dropout 0.3
 * 12 -> 12 */

static void f_dropout_forward(struct online_image *net, struct range examples)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : F_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : F_DROPOUT_UNITS; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, net->value.f_layernorm[n], net->value.f_dropout[n], F_DROPOUT_UNITS);
}

static void f_dropout_backward(struct online_image *net, struct range examples)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, F_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * F_LAYERNORM_UNITS, net->dvalue.f_dropout[n], net->dvalue.f_layernorm[n], F_LAYERNORM_UNITS);
}

/* z: dense 3
 * 12 -> 3, 39 parameters, 72 FLOP */

/* x w + b: tiles of examples by units */
static void z_forward(struct online_image *net, struct range examples)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_EXAMPLES(1, 0, examples, tile4_affine, Z_VECTORS,
            net->value.f_dropout[0], Z_INPUTS, net->param.z.weight[p][0], net->param.z.bias, p, Z_UNITS, net->value.z[0]);
}

/* dbias = sum of dy */
static void z_backward_output(struct online_image *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, Z_UNITS, net->dvalue.z[examples.first], net->group[g].z.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void z_backward_weight(struct online_image *net, int batch, struct range tiles)
{
    for (int p = 0; p < Z_PANELS; p++)
        TILE_INPUTS(6, 0, tiles, Z_WEIGHT_TILES, tile4_outer_product, Z_VECTORS,
            net->value.f_dropout[0], Z_INPUTS, net->dvalue.z[0], p, Z_UNITS, batch, net->dparam.z.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void z_backward_input(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(Z_VECTORS, net->dvalue.z[n], Z_UNITS, net->param.z.weight[0][0], Z_INPUTS, 0, Z_INPUTS, net->dvalue.f_dropout[n]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.z[n];
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
static void output_loss(struct online_image *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.z[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct online_image *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.z[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct online_image *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.a_batchnorm = (void *)(net->arena + A_BATCHNORM_AT);
    net->dvalue.a_batchnorm = (void *)(net->arena + A_BATCHNORM_GRADIENT_AT);
    net->value.a_maxpool = (void *)(net->arena + A_MAXPOOL_AT);
    net->index.a_maxpool = (void *)(net->arena + A_MAXPOOL_INDEX_AT);
    net->dvalue.a_maxpool = (void *)(net->arena + A_MAXPOOL_GRADIENT_AT);
    net->value.a_dropout = (void *)(net->arena + A_DROPOUT_AT);
    net->dvalue.a_dropout = (void *)(net->arena + A_DROPOUT_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.b_norm = (void *)(net->arena + B_NORM_AT);
    net->dvalue.b_norm = (void *)(net->arena + B_NORM_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_layernorm = (void *)(net->arena + F_LAYERNORM_AT);
    net->dvalue.f_layernorm = (void *)(net->arena + F_LAYERNORM_GRADIENT_AT);
    net->value.f_dropout = (void *)(net->arena + F_DROPOUT_AT);
    net->dvalue.f_dropout = (void *)(net->arena + F_DROPOUT_GRADIENT_AT);
    net->value.z = (void *)(net->arena + Z_AT);
    net->dvalue.z = (void *)(net->arena + Z_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct online_image *net, struct team team)
{
    panels_transpose(net->param.b.weight[0][0][0], B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_ROW, B_PANEL, net->transposed.b[0][0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
}

static void forward(struct online_image *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    team_wait(team);
    a_batchnorm_measure(net, batch, team_share(team, A_BATCHNORM_CHANNELS));
    team_wait(team);
    a_batchnorm_forward(net, examples);
    a_maxpool_forward(net, examples);
    a_dropout_forward(net, examples);
    b_forward(net, examples);
    team_wait(team);
    b_norm_measure(net, batch, team_share(team, B_NORM_CHANNELS));
    team_wait(team);
    b_norm_forward(net, examples);
    c_forward(net, examples);
    f_forward(net, examples);
    f_layernorm_forward(net, examples);
    f_dropout_forward(net, examples);
    z_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct online_image *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        z_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    z_backward_weight(net, batch, team_share(team, Z_WEIGHT_TILES));
    z_backward_input(net, examples);
    f_dropout_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_layernorm_backward(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    c_backward_input(net, examples);
    team_wait(team);
    b_norm_backward_gain(net, batch, team_share(team, B_NORM_CHANNELS));
    team_wait(team);
    b_norm_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_weight(net, g, team_group(g, GROUPS, batch));
    b_backward_input(net, examples);
    a_dropout_backward(net, examples);
    a_maxpool_backward(net, examples);
    team_wait(team);
    a_batchnorm_backward_gain(net, batch, team_share(team, A_BATCHNORM_CHANNELS));
    team_wait(team);
    a_batchnorm_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.weight);
    TEAM_ADD_GROUPS(team, net, b.weight);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, f_layernorm.weight);
    TEAM_ADD_GROUPS(team, net, f_layernorm.bias);
    TEAM_ADD_GROUPS(team, net, z.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct online_image *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(a_batchnorm.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(a_batchnorm.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b_norm.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b_norm.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(f_layernorm.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(f_layernorm.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(z.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(z.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
}

/* Some examples of the batch, from the data into the network */
static void load(struct online_image *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct online_image *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct online_image *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct online_image *net, struct batch batch, struct team team)
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
static void step_together(struct online_image *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct online_image *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct online_image *net, struct training *run, struct training_epoch *row)
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
    struct online_image *net = memory;
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
    {"input", "input 9x8x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"a", "conv 6 3x3 pad=1 batchnorm relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"a_batchnorm", "batchnorm", {A_BATCHNORM_HEIGHT, A_BATCHNORM_WIDTH, A_BATCHNORM_CHANNELS, false}, A_BATCHNORM_PARAMETERS, 0, A_BATCHNORM_AT, A_BATCHNORM_SIZE},
    {"a_maxpool", "maxpool 2x2", {A_MAXPOOL_HEIGHT, A_MAXPOOL_WIDTH, A_MAXPOOL_CHANNELS, false}, 0, 0, A_MAXPOOL_AT, A_MAXPOOL_SIZE},
    {"a_dropout", "dropout 0.2", {A_DROPOUT_HEIGHT, A_DROPOUT_WIDTH, A_DROPOUT_CHANNELS, false}, 0, 0, A_DROPOUT_AT, A_DROPOUT_SIZE},
    {"b", "conv 20 3x3", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"b_norm", "batchnorm", {B_NORM_HEIGHT, B_NORM_WIDTH, B_NORM_CHANNELS, false}, B_NORM_PARAMETERS, 0, B_NORM_AT, B_NORM_SIZE},
    {"c", "depthwise 2x2 tanh", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"f", "dense 12 layernorm relu", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_layernorm", "layernorm", {1, 1, F_LAYERNORM_UNITS, true}, F_LAYERNORM_PARAMETERS, 0, F_LAYERNORM_AT, F_LAYERNORM_UNITS},
    {"f_dropout", "dropout 0.3", {1, 1, F_DROPOUT_UNITS, true}, 0, 0, F_DROPOUT_AT, F_DROPOUT_UNITS},
    {"z", "dense 3", {1, 1, Z_UNITS, true}, Z_PARAMETERS, Z_FLOP, Z_AT, Z_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(online_image, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_HE},
    {MODEL_TENSOR(online_image, a_batchnorm.weight), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(online_image, a_batchnorm.bias), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(online_image, a_batchnorm.running_mean), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(online_image, a_batchnorm.running_var), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(online_image, b.weight), 4, B_FILTERS, A_DROPOUT_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_image, b_norm.weight), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(online_image, b_norm.bias), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(online_image, b_norm.running_mean), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(online_image, b_norm.running_var), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(online_image, c.weight), 4, C_FILTERS, C_GROUP_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_image, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(online_image, f.weight), 2, F_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, F_PANEL, INIT_HE},
    {MODEL_TENSOR(online_image, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(online_image, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(online_image, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(online_image, z.weight), 2, Z_UNITS, F_DROPOUT_UNITS, 1, 1, Z_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(online_image, z.bias), 1, Z_UNITS, 1, 1, 1, Z_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(online_image, param),
    MODEL_PIECE(online_image, velocity),
    MODEL_PIECE(online_image, best),
    MODEL_PIECE(online_image, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct online_image *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The same with dropout on, as the seed has it in sample `number`. */
static const real *sample(void *memory, const struct examples *split, size_t first, int count, uint64_t seed, uint64_t number)
{
    struct online_image *net = memory;
    net->is_sampling = true;
    net->seed = seed;
    net->step = number;
    const real *prediction = predict(net, split, first, count);
    net->is_sampling = false;
    return prediction;
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct online_image *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct online_image *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model online_image_model = {
    MODEL_OF(online_image),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE) " momentum=" TEXT_OF(MOMENTUM),
        .schedule = "constant",
        .penalty = "",
    },
    .threads_most = THREADS_MOST,
    .sample = sample,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&online_image_model, argc, argv);
}
#endif
