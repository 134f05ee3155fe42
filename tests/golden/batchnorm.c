/* batchnorm.c - trains the network 'batchnorm': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "batchnorm.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 5 3x3 pad=1 batchnorm relu
 * 6x6x2 -> 6x6x5, 90 parameters, 6.48 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct batchnorm *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(pixels, C_VECTORS, sum);
    const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply(pixels, C_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct batchnorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(6, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct batchnorm *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    const struct range inside = range_inside(i - C_PAD_TOP, 1, C_HEIGHT, INPUT_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct batchnorm *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void c_batchnorm_measure(struct batchnorm *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch * (C_BATCHNORM_HEIGHT * C_BATCHNORM_WIDTH);
    double sum[C_BATCHNORM_CHANNELS] = {0}, square[C_BATCHNORM_CHANNELS] = {0};
    real mean[C_BATCHNORM_CHANNELS];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_BATCHNORM_HEIGHT; y++) {
            real row_sum[C_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < C_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_sum[c] += net->value.c[n][y][x][c];
            for (int c = channels.first; c < channels.end; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.c_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_BATCHNORM_HEIGHT; y++) {
            real row_square[C_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < C_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_square[c] += (net->value.c[n][y][x][c] - mean[c]) * (net->value.c[n][y][x][c] - mean[c]);
            for (int c = channels.first; c < channels.end; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.c_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + C_BATCHNORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.c_batchnorm.running_mean[c] = C_BATCHNORM_MOMENTUM * net->param.c_batchnorm.running_mean[c] + (1 - C_BATCHNORM_MOMENTUM) * mean[c];
        net->param.c_batchnorm.running_var[c] = C_BATCHNORM_MOMENTUM * net->param.c_batchnorm.running_var[c] + (1 - C_BATCHNORM_MOMENTUM) * variance;
    }
}

static void c_batchnorm_forward(struct batchnorm *net, struct range examples)
{
    real mean[C_BATCHNORM_CHANNELS], scale[C_BATCHNORM_CHANNELS], bias[C_BATCHNORM_CHANNELS];
    for (int c = 0; c < C_BATCHNORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.c_batchnorm.mean[c] : net->param.c_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.c_batchnorm.scale[c] : 1 / real_sqrt(net->param.c_batchnorm.running_var[c] + C_BATCHNORM_EPS);
        scale[c] *= net->param.c_batchnorm.weight[c];
        bias[c] = net->param.c_batchnorm.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < C_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < C_BATCHNORM_CHANNELS; c++) {
                    const real z = (net->value.c[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.c_batchnorm[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void c_batchnorm_backward_gain(struct batchnorm *net, int batch, struct range channels)
{
    double dbias[C_BATCHNORM_CHANNELS] = {0}, dgain[C_BATCHNORM_CHANNELS] = {0};
    real mean[C_BATCHNORM_CHANNELS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.c_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_BATCHNORM_HEIGHT; y++) {
            real row_dbias[C_BATCHNORM_CHANNELS] = {0};
            real row_dgain[C_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < C_BATCHNORM_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++) {
                    net->dvalue.c_batchnorm[n][y][x][c] = net->value.c_batchnorm[n][y][x][c] > 0 ? net->dvalue.c_batchnorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.c_batchnorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.c_batchnorm[n][y][x][c] * (net->value.c[n][y][x][c] - mean[c]);
                }
            for (int c = channels.first; c < channels.end; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = channels.first; c < channels.end; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.c_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.c_batchnorm.weight[c] = (real)dgain[c] * net->statistic.c_batchnorm.scale[c];
    }
}

static void c_batchnorm_backward(struct batchnorm *net, int batch, struct range examples)
{
    const real pixels = (real)(batch * (C_BATCHNORM_HEIGHT * C_BATCHNORM_WIDTH));
    real mean[C_BATCHNORM_CHANNELS], factor[C_BATCHNORM_CHANNELS], level[C_BATCHNORM_CHANNELS], slope[C_BATCHNORM_CHANNELS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < C_BATCHNORM_CHANNELS; c++) {
        const real scale = net->statistic.c_batchnorm.scale[c];
        mean[c] = net->statistic.c_batchnorm.mean[c];
        factor[c] = net->param.c_batchnorm.weight[c] * scale;
        level[c] = net->dparam.c_batchnorm.bias[c] / pixels;
        slope[c] = net->dparam.c_batchnorm.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = factor[c] * (net->dvalue.c_batchnorm[n][y][x][c] - level[c] - (net->value.c[n][y][x][c] - mean[c]) * slope[c]);
}

/* maxpool 2x2
 * 6x6x5 -> 3x3x5 */

static void c_maxpool_forward(struct batchnorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile8_maximum(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X,
                &net->value.c_batchnorm[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_BATCHNORM_WIDTH * C_BATCHNORM_CHANNELS, C_BATCHNORM_CHANNELS,
                &net->value.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0]);
}

static void c_maxpool_backward(struct batchnorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            tile8_maximum_gradient(C_MAXPOOL_WINDOW_HEIGHT, C_MAXPOOL_WINDOW_WIDTH, C_MAXPOOL_CHANNELS, C_MAXPOOL_WIDTH, C_MAXPOOL_STRIDE_X, false,
                &net->dvalue.c_maxpool[n][y][0][0], &net->index.c_maxpool[n][y][0][0],
                &net->dvalue.c_batchnorm[n][y * C_MAXPOOL_STRIDE_Y][0][0], C_BATCHNORM_WIDTH * C_BATCHNORM_CHANNELS, C_BATCHNORM_CHANNELS);
}

/* n: batchnorm momentum=0.8 eps=1e-3 relu
 * 3x3x5 -> 3x3x5, 10 parameters */

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void n_measure(struct batchnorm *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch * (N_HEIGHT * N_WIDTH);
    double sum[N_CHANNELS] = {0}, square[N_CHANNELS] = {0};
    real mean[N_CHANNELS];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < N_HEIGHT; y++) {
            real row_sum[N_CHANNELS] = {0};
            for (int x = 0; x < N_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_sum[c] += net->value.c_maxpool[n][y][x][c];
            for (int c = channels.first; c < channels.end; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.n.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < N_HEIGHT; y++) {
            real row_square[N_CHANNELS] = {0};
            for (int x = 0; x < N_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++)
                    row_square[c] += (net->value.c_maxpool[n][y][x][c] - mean[c]) * (net->value.c_maxpool[n][y][x][c] - mean[c]);
            for (int c = channels.first; c < channels.end; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.n.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + N_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.n.running_mean[c] = N_MOMENTUM * net->param.n.running_mean[c] + (1 - N_MOMENTUM) * mean[c];
        net->param.n.running_var[c] = N_MOMENTUM * net->param.n.running_var[c] + (1 - N_MOMENTUM) * variance;
    }
}

static void n_forward(struct batchnorm *net, struct range examples)
{
    real mean[N_CHANNELS], scale[N_CHANNELS], bias[N_CHANNELS];
    for (int c = 0; c < N_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.n.mean[c] : net->param.n.running_mean[c];
        scale[c] = net->is_training ? net->statistic.n.scale[c] : 1 / real_sqrt(net->param.n.running_var[c] + N_EPS);
        scale[c] *= net->param.n.weight[c];
        bias[c] = net->param.n.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < N_HEIGHT; y++)
            for (int x = 0; x < N_WIDTH; x++)
                for (int c = 0; c < N_CHANNELS; c++) {
                    const real z = (net->value.c_maxpool[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.n[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void n_backward_gain(struct batchnorm *net, int batch, struct range channels)
{
    double dbias[N_CHANNELS] = {0}, dgain[N_CHANNELS] = {0};
    real mean[N_CHANNELS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.n.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < N_HEIGHT; y++) {
            real row_dbias[N_CHANNELS] = {0};
            real row_dgain[N_CHANNELS] = {0};
            for (int x = 0; x < N_WIDTH; x++)
                for (int c = channels.first; c < channels.end; c++) {
                    net->dvalue.n[n][y][x][c] = net->value.n[n][y][x][c] > 0 ? net->dvalue.n[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.n[n][y][x][c];
                    row_dgain[c] += net->dvalue.n[n][y][x][c] * (net->value.c_maxpool[n][y][x][c] - mean[c]);
                }
            for (int c = channels.first; c < channels.end; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = channels.first; c < channels.end; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.n.bias[c] = (real)dbias[c];
        net->dparam.n.weight[c] = (real)dgain[c] * net->statistic.n.scale[c];
    }
}

static void n_backward(struct batchnorm *net, int batch, struct range examples)
{
    const real pixels = (real)(batch * (N_HEIGHT * N_WIDTH));
    real mean[N_CHANNELS], factor[N_CHANNELS], level[N_CHANNELS], slope[N_CHANNELS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < N_CHANNELS; c++) {
        const real scale = net->statistic.n.scale[c];
        mean[c] = net->statistic.n.mean[c];
        factor[c] = net->param.n.weight[c] * scale;
        level[c] = net->dparam.n.bias[c] / pixels;
        slope[c] = net->dparam.n.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < C_MAXPOOL_CHANNELS; c++)
                    net->dvalue.c_maxpool[n][y][x][c] = factor[c] * (net->dvalue.n[n][y][x][c] - level[c] - (net->value.c_maxpool[n][y][x][c] - mean[c]) * slope[c]);
}

/* f: dense 4 bias=yes batchnorm(momentum=0.5) tanh
 * 3x3x5 -> 4, 184 parameters, 360 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct batchnorm *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_VECTORS,
            &net->value.n[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct batchnorm *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct batchnorm *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 5, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.n[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct batchnorm *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.n[0][0][0][0]);
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void f_batchnorm_measure(struct batchnorm *net, int batch, struct range channels)
{
    if (!net->is_training)
        return;
    const double pixels = batch;
    double sum[F_BATCHNORM_UNITS] = {0}, square[F_BATCHNORM_UNITS] = {0};
    real mean[F_BATCHNORM_UNITS];
    for (int n = 0; n < batch; n++)
        for (int c = channels.first; c < channels.end; c++)
            sum[c] += net->value.f[n][c];
    for (int c = channels.first; c < channels.end; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.f_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int c = channels.first; c < channels.end; c++)
            square[c] += (net->value.f[n][c] - mean[c]) * (net->value.f[n][c] - mean[c]);
    for (int c = channels.first; c < channels.end; c++) {
        net->statistic.f_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + F_BATCHNORM_EPS);
        if (batch == 1)
            continue; /* one number has no variance: the running ones stay */
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.f_batchnorm.running_mean[c] = F_BATCHNORM_MOMENTUM * net->param.f_batchnorm.running_mean[c] + (1 - F_BATCHNORM_MOMENTUM) * mean[c];
        net->param.f_batchnorm.running_var[c] = F_BATCHNORM_MOMENTUM * net->param.f_batchnorm.running_var[c] + (1 - F_BATCHNORM_MOMENTUM) * variance;
    }
}

static void f_batchnorm_forward(struct batchnorm *net, struct range examples)
{
    real mean[F_BATCHNORM_UNITS], scale[F_BATCHNORM_UNITS], bias[F_BATCHNORM_UNITS];
    for (int c = 0; c < F_BATCHNORM_UNITS; c++) {
        mean[c] = net->is_training ? net->statistic.f_batchnorm.mean[c] : net->param.f_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.f_batchnorm.scale[c] : 1 / real_sqrt(net->param.f_batchnorm.running_var[c] + F_BATCHNORM_EPS);
        scale[c] *= net->param.f_batchnorm.weight[c];
        bias[c] = net->param.f_batchnorm.bias[c];
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_BATCHNORM_UNITS; i++) {
            const real z = (net->value.f[n][i] - mean[i]) * scale[i] + bias[i];
            net->value.f_batchnorm[n][i] = real_tanh(z);
        }
}

/* dz = dy * tanh'(z), in the place of dy; the gradients of gain and bias */
static void f_batchnorm_backward_gain(struct batchnorm *net, int batch, struct range channels)
{
    double dbias[F_BATCHNORM_UNITS] = {0}, dgain[F_BATCHNORM_UNITS] = {0};
    real mean[F_BATCHNORM_UNITS];
    for (int c = channels.first; c < channels.end; c++)
        mean[c] = net->statistic.f_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int c = channels.first; c < channels.end; c++) {
            net->dvalue.f_batchnorm[n][c] = net->dvalue.f_batchnorm[n][c] * (1 - net->value.f_batchnorm[n][c] * net->value.f_batchnorm[n][c]);
            dbias[c] += net->dvalue.f_batchnorm[n][c];
            dgain[c] += net->dvalue.f_batchnorm[n][c] * (net->value.f[n][c] - mean[c]);
        }
    for (int c = channels.first; c < channels.end; c++) {
        net->dparam.f_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.f_batchnorm.weight[c] = (real)dgain[c] * net->statistic.f_batchnorm.scale[c];
    }
}

static void f_batchnorm_backward(struct batchnorm *net, int batch, struct range examples)
{
    const real pixels = (real)(batch);
    real mean[F_BATCHNORM_UNITS], factor[F_BATCHNORM_UNITS], level[F_BATCHNORM_UNITS], slope[F_BATCHNORM_UNITS]; /* dx = factor (dy - level - (x - mean) slope) */
    for (int c = 0; c < F_BATCHNORM_UNITS; c++) {
        const real scale = net->statistic.f_batchnorm.scale[c];
        mean[c] = net->statistic.f_batchnorm.mean[c];
        factor[c] = net->param.f_batchnorm.weight[c] * scale;
        level[c] = net->dparam.f_batchnorm.bias[c] / pixels;
        slope[c] = net->dparam.f_batchnorm.weight[c] / pixels * scale;
    }
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = factor[i] * (net->dvalue.f_batchnorm[n][i] - level[i] - (net->value.f[n][i] - mean[i]) * slope[i]);
}

/* g: dense 3
 * 4 -> 3, 15 parameters, 24 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct batchnorm *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_VECTORS,
            net->value.f_batchnorm[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct batchnorm *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct batchnorm *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f_batchnorm[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void g_backward_input(struct batchnorm *net, struct range examples)
{
    for (int q = 0; q < G_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_BACK_VECTORS,
            net->dvalue.g[0], G_UNITS, net->transposed.g[q][0], TILE_NO_BIAS, q, G_INPUTS, net->dvalue.f_batchnorm[0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct batchnorm *net, struct range examples)
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
static void output_loss(struct batchnorm *net, struct range examples)
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

static void output_backward(struct batchnorm *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
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
    struct batchnorm *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_batchnorm = (void *)(net->arena + C_BATCHNORM_AT);
    net->dvalue.c_batchnorm = (void *)(net->arena + C_BATCHNORM_GRADIENT_AT);
    net->value.c_maxpool = (void *)(net->arena + C_MAXPOOL_AT);
    net->index.c_maxpool = (void *)(net->arena + C_MAXPOOL_INDEX_AT);
    net->dvalue.c_maxpool = (void *)(net->arena + C_MAXPOOL_GRADIENT_AT);
    net->value.n = (void *)(net->arena + N_AT);
    net->dvalue.n = (void *)(net->arena + N_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.f_batchnorm = (void *)(net->arena + F_BATCHNORM_AT);
    net->dvalue.f_batchnorm = (void *)(net->arena + F_BATCHNORM_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->transposed.g = (void *)(net->arena + G_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct batchnorm *net, struct team team)
{
    panels_transpose(net->param.g.weight[0][0], G_UNITS, 1, G_INPUTS, G_PANEL, net->transposed.g[0][0], G_BACK_PANEL, team_share(team, G_BACK_PANELS));
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
}

static void forward(struct batchnorm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    c_forward(net, examples);
    team_wait(team);
    c_batchnorm_measure(net, batch, team_share(team, C_BATCHNORM_CHANNELS));
    team_wait(team);
    c_batchnorm_forward(net, examples);
    c_maxpool_forward(net, examples);
    team_wait(team);
    n_measure(net, batch, team_share(team, N_CHANNELS));
    team_wait(team);
    n_forward(net, examples);
    f_forward(net, examples);
    team_wait(team);
    f_batchnorm_measure(net, batch, team_share(team, F_BATCHNORM_UNITS));
    team_wait(team);
    f_batchnorm_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct batchnorm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    team_wait(team);
    f_batchnorm_backward_gain(net, batch, team_share(team, F_BATCHNORM_UNITS));
    team_wait(team);
    f_batchnorm_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    team_wait(team);
    n_backward_gain(net, batch, team_share(team, N_CHANNELS));
    team_wait(team);
    n_backward(net, batch, examples);
    c_maxpool_backward(net, examples);
    team_wait(team);
    c_batchnorm_backward_gain(net, batch, team_share(team, C_BATCHNORM_CHANNELS));
    team_wait(team);
    c_batchnorm_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
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
static void update(struct batchnorm *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_batchnorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_batchnorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(n.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(n.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_batchnorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_batchnorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct batchnorm *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][C_PAD_TOP][C_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct batchnorm *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct batchnorm *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct batchnorm *net, struct batch batch, struct team team)
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
static void step_together(struct batchnorm *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct batchnorm *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct batchnorm *net, struct training *run, struct training_epoch *row)
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
    struct batchnorm *net = memory;
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
    {"input", "input 6x6x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"c", "conv 5 3x3 pad=1 batchnorm relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_batchnorm", "batchnorm", {C_BATCHNORM_HEIGHT, C_BATCHNORM_WIDTH, C_BATCHNORM_CHANNELS, false}, C_BATCHNORM_PARAMETERS, 0, C_BATCHNORM_AT, C_BATCHNORM_SIZE},
    {"c_maxpool", "maxpool 2x2", {C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH, C_MAXPOOL_CHANNELS, false}, 0, 0, C_MAXPOOL_AT, C_MAXPOOL_SIZE},
    {"n", "batchnorm momentum=0.8 eps=1e-3 relu", {N_HEIGHT, N_WIDTH, N_CHANNELS, false}, N_PARAMETERS, 0, N_AT, N_SIZE},
    {"f", "dense 4 bias=yes batchnorm(momentum=0.5) tanh", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_batchnorm", "batchnorm", {1, 1, F_BATCHNORM_UNITS, true}, F_BATCHNORM_PARAMETERS, 0, F_BATCHNORM_AT, F_BATCHNORM_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(batchnorm, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(batchnorm, c_batchnorm.weight), 1, C_BATCHNORM_CHANNELS, 1, 1, 1, C_BATCHNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(batchnorm, c_batchnorm.bias), 1, C_BATCHNORM_CHANNELS, 1, 1, 1, C_BATCHNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(batchnorm, c_batchnorm.running_mean), 1, C_BATCHNORM_CHANNELS, 1, 1, 1, C_BATCHNORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(batchnorm, c_batchnorm.running_var), 1, C_BATCHNORM_CHANNELS, 1, 1, 1, C_BATCHNORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(batchnorm, n.weight), 1, N_CHANNELS, 1, 1, 1, N_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(batchnorm, n.bias), 1, N_CHANNELS, 1, 1, 1, N_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(batchnorm, n.running_mean), 1, N_CHANNELS, 1, 1, 1, N_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(batchnorm, n.running_var), 1, N_CHANNELS, 1, 1, 1, N_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(batchnorm, f.weight), 2, F_UNITS, N_CHANNELS, N_HEIGHT, N_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(batchnorm, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(batchnorm, f_batchnorm.weight), 1, F_BATCHNORM_UNITS, 1, 1, 1, F_BATCHNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(batchnorm, f_batchnorm.bias), 1, F_BATCHNORM_UNITS, 1, 1, 1, F_BATCHNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(batchnorm, f_batchnorm.running_mean), 1, F_BATCHNORM_UNITS, 1, 1, 1, F_BATCHNORM_UNITS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(batchnorm, f_batchnorm.running_var), 1, F_BATCHNORM_UNITS, 1, 1, 1, F_BATCHNORM_UNITS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(batchnorm, g.weight), 2, G_UNITS, F_BATCHNORM_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(batchnorm, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(batchnorm, param),
    MODEL_PIECE(batchnorm, best),
    MODEL_PIECE(batchnorm, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct batchnorm *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct batchnorm *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct batchnorm *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model batchnorm_model = {
    MODEL_OF(batchnorm),
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&batchnorm_model, argc, argv);
}
#endif
