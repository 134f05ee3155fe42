/* online_image.c - trains the network 'online_image': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "online_image.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 6 3x3 pad=1 batchnorm relu
 * 9x8x2 -> 9x8x6, 108 parameters, 15.6 kFLOP */

static void a_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int f = 0; f < A_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.a.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.a[n][y][x][f] = sum;
                }
}

static void a_backward_weight(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < A_FILTERS; f++)
                                net->dparam.a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.a[n][y][x][f];
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void a_batchnorm_measure(struct online_image *net, int batch)
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
                for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                    row_sum[c] += net->value.a[n][y][x][c];
            for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.a_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++) {
            real row_square[A_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                    row_square[c] += (net->value.a[n][y][x][c] - mean[c]) * (net->value.a[n][y][x][c] - mean[c]);
            for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        net->statistic.a_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + A_BATCHNORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.a_batchnorm.running_mean[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_mean[c] + (1 - A_BATCHNORM_MOMENTUM) * mean[c];
        net->param.a_batchnorm.running_var[c] = A_BATCHNORM_MOMENTUM * net->param.a_batchnorm.running_var[c] + (1 - A_BATCHNORM_MOMENTUM) * variance;
    }
}

static void a_batchnorm_forward(struct online_image *net, int batch)
{
    real mean[A_BATCHNORM_CHANNELS], scale[A_BATCHNORM_CHANNELS], bias[A_BATCHNORM_CHANNELS];
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.a_batchnorm.mean[c] : net->param.a_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.a_batchnorm.scale[c] : 1 / real_sqrt(net->param.a_batchnorm.running_var[c] + A_BATCHNORM_EPS);
        scale[c] *= net->param.a_batchnorm.weight[c];
        bias[c] = net->param.a_batchnorm.bias[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
                    const real z = (net->value.a[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.a_batchnorm[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void a_batchnorm_backward_gain(struct online_image *net, int batch)
{
    double dbias[A_BATCHNORM_CHANNELS] = {0}, dgain[A_BATCHNORM_CHANNELS] = {0};
    real mean[A_BATCHNORM_CHANNELS];
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
        mean[c] = net->statistic.a_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_BATCHNORM_HEIGHT; y++) {
            real row_dbias[A_BATCHNORM_CHANNELS] = {0};
            real row_dgain[A_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < A_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
                    net->dvalue.a_batchnorm[n][y][x][c] = net->value.a_batchnorm[n][y][x][c] > 0 ? net->dvalue.a_batchnorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.a_batchnorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.a_batchnorm[n][y][x][c] * (net->value.a[n][y][x][c] - mean[c]);
                }
            for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = 0; c < A_BATCHNORM_CHANNELS; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = 0; c < A_BATCHNORM_CHANNELS; c++) {
        net->dparam.a_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.a_batchnorm.weight[c] = (real)dgain[c] * net->statistic.a_batchnorm.scale[c];
    }
}

static void a_batchnorm_backward(struct online_image *net, int batch)
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
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = factor[c] * (net->dvalue.a_batchnorm[n][y][x][c] - level[c] - (net->value.a[n][y][x][c] - mean[c]) * slope[c]);
}

/* maxpool 2x2
 * 9x8x6 -> 4x4x6 */

static void a_maxpool_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < A_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < A_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < A_MAXPOOL_WINDOW_WIDTH; j++) {
                            const real tap = net->value.a_batchnorm[n][y * A_MAXPOOL_STRIDE_Y + i][x * A_MAXPOOL_STRIDE_X + j][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * A_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.a_maxpool[n][y][x][c] = largest;
                    net->index.a_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void a_maxpool_backward(struct online_image *net, int batch)
{
    memset(net->dvalue.a_batchnorm, 0, (size_t)batch * sizeof(net->dvalue.a_batchnorm[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < A_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.a_maxpool[n][y][x][c];
                    net->dvalue.a_batchnorm[n][y * A_MAXPOOL_STRIDE_Y + tap / A_MAXPOOL_WINDOW_WIDTH][x * A_MAXPOOL_STRIDE_X + tap % A_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.a_maxpool[n][y][x][c];
                }
}

/* dropout 0.2
 * 4x4x6 -> 4x4x6 */

static void a_dropout_forward(struct online_image *net, int batch)
{
    const struct dropout dropout = {net->seed, A_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : A_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : A_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < A_DROPOUT_WIDTH; x++)
                for (int c = 0; c < A_DROPOUT_CHANNELS; c++)
                    net->value.a_dropout[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * A_DROPOUT_WIDTH + x) * A_DROPOUT_CHANNELS + c)) ? net->value.a_maxpool[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void a_dropout_backward(struct online_image *net, int batch)
{
    const struct dropout dropout = {net->seed, A_DROPOUT_STREAM, net->step, A_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < A_MAXPOOL_CHANNELS; c++)
                    net->dvalue.a_maxpool[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * A_MAXPOOL_SIZE + (uint32_t)((y * A_MAXPOOL_WIDTH + x) * A_MAXPOOL_CHANNELS + c)) ? net->dvalue.a_dropout[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* b: conv 20 3x3
 * 4x4x6 -> 2x2x20, 1080 parameters, 8.64 kFLOP */

static void b_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int f = 0; f < B_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < A_DROPOUT_CHANNELS; c++)
                                sum += net->param.b.weight[i][j][c][f] * net->value.a_dropout[n][y + i][x + j][c];
                    net->value.b[n][y][x][f] = sum;
                }
}

static void b_backward_weight(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < A_DROPOUT_CHANNELS; c++)
                            for (int f = 0; f < B_FILTERS; f++)
                                net->dparam.b.weight[i][j][c][f] += net->value.a_dropout[n][y + i][x + j][c] * net->dvalue.b[n][y][x][f];
}

static void b_backward_input(struct online_image *net, int batch)
{
    memset(net->dvalue.a_dropout, 0, (size_t)batch * sizeof(net->dvalue.a_dropout[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < A_DROPOUT_CHANNELS; c++)
                            for (int f = 0; f < B_FILTERS; f++)
                                net->dvalue.a_dropout[n][y + i][x + j][c] += net->param.b.weight[i][j][c][f] * net->dvalue.b[n][y][x][f];
}

/* b_norm: batchnorm
 * 2x2x20 -> 2x2x20, 40 parameters */

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void b_norm_measure(struct online_image *net, int batch)
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
                for (int c = 0; c < B_NORM_CHANNELS; c++)
                    row_sum[c] += net->value.b[n][y][x][c];
            for (int c = 0; c < B_NORM_CHANNELS; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.b_norm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++) {
            real row_square[B_NORM_CHANNELS] = {0};
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = 0; c < B_NORM_CHANNELS; c++)
                    row_square[c] += (net->value.b[n][y][x][c] - mean[c]) * (net->value.b[n][y][x][c] - mean[c]);
            for (int c = 0; c < B_NORM_CHANNELS; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        net->statistic.b_norm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + B_NORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.b_norm.running_mean[c] = B_NORM_MOMENTUM * net->param.b_norm.running_mean[c] + (1 - B_NORM_MOMENTUM) * mean[c];
        net->param.b_norm.running_var[c] = B_NORM_MOMENTUM * net->param.b_norm.running_var[c] + (1 - B_NORM_MOMENTUM) * variance;
    }
}

static void b_norm_forward(struct online_image *net, int batch)
{
    real mean[B_NORM_CHANNELS], scale[B_NORM_CHANNELS], bias[B_NORM_CHANNELS];
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.b_norm.mean[c] : net->param.b_norm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.b_norm.scale[c] : 1 / real_sqrt(net->param.b_norm.running_var[c] + B_NORM_EPS);
        scale[c] *= net->param.b_norm.weight[c];
        bias[c] = net->param.b_norm.bias[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++)
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = 0; c < B_NORM_CHANNELS; c++)
                    net->value.b_norm[n][y][x][c] = (net->value.b[n][y][x][c] - mean[c]) * scale[c] + bias[c];
}

/* The gradients of gain and bias */
static void b_norm_backward_gain(struct online_image *net, int batch)
{
    double dbias[B_NORM_CHANNELS] = {0}, dgain[B_NORM_CHANNELS] = {0};
    real mean[B_NORM_CHANNELS];
    for (int c = 0; c < B_NORM_CHANNELS; c++)
        mean[c] = net->statistic.b_norm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_NORM_HEIGHT; y++) {
            real row_dbias[B_NORM_CHANNELS] = {0};
            real row_dgain[B_NORM_CHANNELS] = {0};
            for (int x = 0; x < B_NORM_WIDTH; x++)
                for (int c = 0; c < B_NORM_CHANNELS; c++) {
                    row_dbias[c] += net->dvalue.b_norm[n][y][x][c];
                    row_dgain[c] += net->dvalue.b_norm[n][y][x][c] * (net->value.b[n][y][x][c] - mean[c]);
                }
            for (int c = 0; c < B_NORM_CHANNELS; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = 0; c < B_NORM_CHANNELS; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = 0; c < B_NORM_CHANNELS; c++) {
        net->dparam.b_norm.bias[c] = (real)dbias[c];
        net->dparam.b_norm.weight[c] = (real)dgain[c] * net->statistic.b_norm.scale[c];
    }
}

static void b_norm_backward(struct online_image *net, int batch)
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
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = factor[c] * (net->dvalue.b_norm[n][y][x][c] - level[c] - (net->value.b[n][y][x][c] - mean[c]) * slope[c]);
}

/* c: depthwise 2x2 tanh
 * 2x2x20 -> 1x1x20, 100 parameters, 160 FLOP */

static void c_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            sum += net->param.c.weight[i][j][f] * net->value.b_norm[n][y + i][x + j][f];
                    net->value.c[n][y][x][f] = real_tanh(sum);
                }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y][x][c] * net->value.c[n][y][x][c]);
        real sum[C_FILTERS] = {0};
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    sum[c] += net->dvalue.c[n][y][x][c];
        for (int c = 0; c < C_FILTERS; c++)
            net->dparam.c.bias[c] += sum[c];
    }
}

static void c_backward_weight(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int f = 0; f < C_FILTERS; f++)
                            net->dparam.c.weight[i][j][f] += net->value.b_norm[n][y + i][x + j][f] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct online_image *net, int batch)
{
    memset(net->dvalue.b_norm, 0, (size_t)batch * sizeof(net->dvalue.b_norm[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int f = 0; f < C_FILTERS; f++)
                            net->dvalue.b_norm[n][y + i][x + j][f] += net->param.c.weight[i][j][f] * net->dvalue.c[n][y][x][f];
}

/* f: dense 12 layernorm relu
 * 1x1x20 -> 12, 252 parameters, 480 FLOP */

static void f_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.c[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.c[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.c[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

static void f_layernorm_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real mean = 0, variance = 0;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            mean += net->value.f[n][c] / F_LAYERNORM_UNITS;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            variance += (net->value.f[n][c] - mean) * (net->value.f[n][c] - mean) / F_LAYERNORM_UNITS;
        const real scale = 1 / real_sqrt(variance + F_LAYERNORM_EPS);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
            const real z = (net->value.f[n][c] - mean) * scale * net->param.f_layernorm.weight[c] + net->param.f_layernorm.bias[c];
            net->value.f_layernorm[n][c] = z < 0 ? 0 : z;
        }
    }
}

static void f_layernorm_backward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real mean = 0, variance = 0;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            mean += net->value.f[n][c] / F_LAYERNORM_UNITS;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            variance += (net->value.f[n][c] - mean) * (net->value.f[n][c] - mean) / F_LAYERNORM_UNITS;
        const real scale = 1 / real_sqrt(variance + F_LAYERNORM_EPS);
        real level = 0, slope = 0; /* means of gain dz, and of gain dz x̂ */
        for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
            net->dvalue.f_layernorm[n][c] = net->value.f_layernorm[n][c] > 0 ? net->dvalue.f_layernorm[n][c] : 0;
            const real dz = net->dvalue.f_layernorm[n][c], away = (net->value.f[n][c] - mean) * scale;
            net->dparam.f_layernorm.bias[c] += dz;
            net->dparam.f_layernorm.weight[c] += dz * away;
            level += dz * net->param.f_layernorm.weight[c] / F_LAYERNORM_UNITS;
            slope += dz * net->param.f_layernorm.weight[c] * away / F_LAYERNORM_UNITS;
        }
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            net->dvalue.f[n][c] = scale * (net->dvalue.f_layernorm[n][c] * net->param.f_layernorm.weight[c] - level - (net->value.f[n][c] - mean) * scale * slope);
    }
}

/* dropout 0.3
 * 12 -> 12 */

static void f_dropout_forward(struct online_image *net, int batch)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : F_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : F_DROPOUT_UNITS; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_DROPOUT_UNITS; i++)
            net->value.f_dropout[n][i] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)i) ? net->value.f_layernorm[n][i] / (real)(1 - dropout.rate) : 0;
}

static void f_dropout_backward(struct online_image *net, int batch)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, F_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_LAYERNORM_UNITS; i++)
            net->dvalue.f_layernorm[n][i] = dropout_keeps_element(dropout, (uint32_t)n * F_LAYERNORM_UNITS + (uint32_t)i) ? net->dvalue.f_dropout[n][i] / (real)(1 - dropout.rate) : 0;
}

/* z: dense 3
 * 12 -> 3, 39 parameters, 72 FLOP */

static void z_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_dropout[n];
        for (int u = 0; u < Z_UNITS; u++) {
            real sum = net->param.z.bias[u];
            for (int k = 0; k < Z_INPUTS; k++)
                sum += net->param.z.weight[k][u] * x[k];
            net->value.z[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void z_backward_output(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < Z_UNITS; i++)
            net->dparam.z.bias[i] += net->dvalue.z[n][i];
    }
}

static void z_backward_weight(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_dropout[n];
        for (int k = 0; k < Z_INPUTS; k++)
            for (int u = 0; u < Z_UNITS; u++)
                net->dparam.z.weight[k][u] += x[k] * net->dvalue.z[n][u];
    }
}

static void z_backward_input(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.f_dropout[n];
        for (int k = 0; k < Z_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < Z_UNITS; u++)
                sum += net->dvalue.z[n][u] * net->param.z.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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
static void output_loss(struct online_image *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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

static void output_backward(struct online_image *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
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

static void forward(struct online_image *net, int batch)
{
    a_forward(net, batch);
    a_batchnorm_measure(net, batch);
    a_batchnorm_forward(net, batch);
    a_maxpool_forward(net, batch);
    a_dropout_forward(net, batch);
    b_forward(net, batch);
    b_norm_measure(net, batch);
    b_norm_forward(net, batch);
    c_forward(net, batch);
    f_forward(net, batch);
    f_layernorm_forward(net, batch);
    f_dropout_forward(net, batch);
    z_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct online_image *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    z_backward_output(net, batch);
    z_backward_weight(net, batch);
    z_backward_input(net, batch);
    f_dropout_backward(net, batch);
    f_layernorm_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    b_norm_backward_gain(net, batch);
    b_norm_backward(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_dropout_backward(net, batch);
    a_maxpool_backward(net, batch);
    a_batchnorm_backward_gain(net, batch);
    a_batchnorm_backward(net, batch);
    a_backward_weight(net, batch);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, range_of_all(sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct online_image *net, double rate)
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

/* The forward pass alone */
static void infer(struct online_image *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct online_image *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct online_image *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct online_image *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(online_image, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_FILTERS, INIT_HE},
    {MODEL_TENSOR(online_image, a_batchnorm.weight), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(online_image, a_batchnorm.bias), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(online_image, a_batchnorm.running_mean), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(online_image, a_batchnorm.running_var), 1, A_BATCHNORM_CHANNELS, 1, 1, 1, A_BATCHNORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(online_image, b.weight), 4, B_FILTERS, A_DROPOUT_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(online_image, b_norm.weight), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(online_image, b_norm.bias), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(online_image, b_norm.running_mean), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(online_image, b_norm.running_var), 1, B_NORM_CHANNELS, 1, 1, 1, B_NORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(online_image, c.weight), 4, C_FILTERS, C_GROUP_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(online_image, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(online_image, f.weight), 2, F_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, F_UNITS, INIT_HE},
    {MODEL_TENSOR(online_image, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(online_image, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(online_image, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(online_image, z.weight), 2, Z_UNITS, F_DROPOUT_UNITS, 1, 1, Z_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(online_image, z.bias), 1, Z_UNITS, 1, 1, 1, Z_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
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
    compute_gradients(net, batch);
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
    .sample = sample,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&online_image_model, argc, argv);
}
#endif
