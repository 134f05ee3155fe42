/* probing.c - trains the network 'probing': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "probing.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* input 8x8x2
 * 8x8x2 */

/* The parts of the gradient that the layers behind it made */
static void input_backward_sum(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++)
            for (int x = 0; x < INPUT_WIDTH; x++)
                for (int c = 0; c < INPUT_CHANNELS; c++)
                    net->dvalue.input[n][y][x][c] = net->dvalue.input_from_p[n][y + P_PAD_TOP][x + P_PAD_LEFT][c] + net->dvalue.input_from_e[n][y + E_PAD_TOP][x + E_PAD_LEFT][c];
}

/* e: conv 2 3x3 pad=1 frozen relu
 * 8x8x2 -> 8x8x2, 4.61 kFLOP */

static void e_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int f = 0; f < E_FILTERS; f++) {
                    real sum = net->param.e.bias[f];
                    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < E_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.e.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.e[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void e_backward_slope(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->value.e[n][y][x][c] > 0 ? net->dvalue.e[n][y][x][c] : 0;
}

static void e_backward_input(struct probing *net, int batch)
{
    memset(net->dvalue.input_from_e, 0, (size_t)batch * sizeof(net->dvalue.input_from_e[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dvalue.input_from_e[n][y + i][x + j][c] += net->param.e.weight[i][j][c][f] * net->dvalue.e[n][y][x][f];
}

/* p: conv 3 3x3 pad=1 bias=no
 * 8x8x2 -> 8x8x3, 54 parameters, 6.91 kFLOP */

static void p_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int f = 0; f < P_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < P_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.p.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.p[n][y][x][f] = sum;
                }
}

static void p_backward_weight(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int i = 0; i < P_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < P_FILTERS; f++)
                                net->dparam.p.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.p[n][y][x][f];
}

static void p_backward_input(struct probing *net, int batch)
{
    memset(net->dvalue.input_from_p, 0, (size_t)batch * sizeof(net->dvalue.input_from_p[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int i = 0; i < P_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < P_FILTERS; f++)
                                net->dvalue.input_from_p[n][y + i][x + j][c] += net->param.p.weight[i][j][c][f] * net->dvalue.p[n][y][x][f];
}

/* concat
 * 8x8x2 -> 8x8x5 */

static void input_concat_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->value.input_concat[n][y][x][c] = net->value.e[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int c = 0; c < P_FILTERS; c++)
                    net->value.input_concat[n][y][x][E_FILTERS + c] = net->value.p[n][y][x][c];
}

static void input_concat_backward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_HEIGHT; y++)
            for (int x = 0; x < P_WIDTH; x++)
                for (int c = 0; c < P_FILTERS; c++)
                    net->dvalue.p[n][y][x][c] = net->dvalue.input_concat[n][y][x][E_FILTERS + c];
}

static void input_concat_backward_rest(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->dvalue.input_concat[n][y][x][c];
}

/* c: conv 4 3x3 relu
 * 8x8x5 -> 6x6x4, 184 parameters, 13 kFLOP */

static void c_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CONCAT_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.input_concat[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
        real sum[C_FILTERS] = {0};
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    sum[c] += net->dvalue.c[n][y][x][c];
        for (int c = 0; c < C_FILTERS; c++)
            net->dparam.c.bias[c] += sum[c];
    }
}

static void c_backward_weight(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.input_concat[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct probing *net, int batch)
{
    memset(net->dvalue.input_concat, 0, (size_t)batch * sizeof(net->dvalue.input_concat[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.input_concat[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void c_backward_slope(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

/* maxpool 2x2
 * 6x6x4 -> 3x3x4 */

static void c_maxpool_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < C_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < C_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < C_MAXPOOL_WINDOW_WIDTH; j++) {
                            const real tap = net->value.c[n][y * C_MAXPOOL_STRIDE_Y + i][x * C_MAXPOOL_STRIDE_X + j][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * C_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.c_maxpool[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = largest;
                    net->index.c_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void c_maxpool_backward(struct probing *net, int batch)
{
    memset(net->dvalue.c, 0, (size_t)batch * sizeof(net->dvalue.c[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < C_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.c_maxpool[n][y][x][c];
                    net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y + tap / C_MAXPOOL_WINDOW_WIDTH][x * C_MAXPOOL_STRIDE_X + tap % C_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.c_maxpool[n][y + D_PAD_TOP][x + D_PAD_LEFT][c];
                }
}

/* d: conv 4 3x3 pad=1 batchnorm relu
 * 3x3x4 -> 3x3x4, 144 parameters, 2.59 kFLOP */

static void d_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int f = 0; f < D_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < D_KERNEL_WIDTH; j++)
                            for (int c = 0; c < C_MAXPOOL_CHANNELS; c++)
                                sum += net->param.d.weight[i][j][c][f] * net->value.c_maxpool[n][y + i][x + j][c];
                    net->value.d[n][y][x][f] = sum;
                }
}

static void d_backward_weight(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_MAXPOOL_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dparam.d.weight[i][j][c][f] += net->value.c_maxpool[n][y + i][x + j][c] * net->dvalue.d[n][y][x][f];
}

static void d_backward_input(struct probing *net, int batch)
{
    memset(net->dvalue.c_maxpool, 0, (size_t)batch * sizeof(net->dvalue.c_maxpool[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_MAXPOOL_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dvalue.c_maxpool[n][y + i][x + j][c] += net->param.d.weight[i][j][c][f] * net->dvalue.d[n][y][x][f];
}

/* Mean and inverse deviation of each channel over the batch; the running ones follow. */
static void d_batchnorm_measure(struct probing *net, int batch)
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
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                    row_sum[c] += net->value.d[n][y][x][c];
            for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                sum[c] += (double)row_sum[c];
        }
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        mean[c] = (real)(sum[c] / pixels);
        net->statistic.d_batchnorm.mean[c] = mean[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++) {
            real row_square[D_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                    row_square[c] += (net->value.d[n][y][x][c] - mean[c]) * (net->value.d[n][y][x][c] - mean[c]);
            for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                square[c] += (double)row_square[c];
        }
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        net->statistic.d_batchnorm.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + D_BATCHNORM_EPS);
        const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */
        net->param.d_batchnorm.running_mean[c] = D_BATCHNORM_MOMENTUM * net->param.d_batchnorm.running_mean[c] + (1 - D_BATCHNORM_MOMENTUM) * mean[c];
        net->param.d_batchnorm.running_var[c] = D_BATCHNORM_MOMENTUM * net->param.d_batchnorm.running_var[c] + (1 - D_BATCHNORM_MOMENTUM) * variance;
    }
}

static void d_batchnorm_forward(struct probing *net, int batch)
{
    real mean[D_BATCHNORM_CHANNELS], scale[D_BATCHNORM_CHANNELS], bias[D_BATCHNORM_CHANNELS];
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        mean[c] = net->is_training ? net->statistic.d_batchnorm.mean[c] : net->param.d_batchnorm.running_mean[c];
        scale[c] = net->is_training ? net->statistic.d_batchnorm.scale[c] : 1 / real_sqrt(net->param.d_batchnorm.running_var[c] + D_BATCHNORM_EPS);
        scale[c] *= net->param.d_batchnorm.weight[c];
        bias[c] = net->param.d_batchnorm.bias[c];
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
                    const real z = (net->value.d[n][y][x][c] - mean[c]) * scale[c] + bias[c];
                    net->value.d_batchnorm[n][y][x][c] = z < 0 ? 0 : z;
                }
}

/* dz = dy * relu'(z), in the place of dy; the gradients of gain and bias */
static void d_batchnorm_backward_gain(struct probing *net, int batch)
{
    double dbias[D_BATCHNORM_CHANNELS] = {0}, dgain[D_BATCHNORM_CHANNELS] = {0};
    real mean[D_BATCHNORM_CHANNELS];
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
        mean[c] = net->statistic.d_batchnorm.mean[c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++) {
            real row_dbias[D_BATCHNORM_CHANNELS] = {0};
            real row_dgain[D_BATCHNORM_CHANNELS] = {0};
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
                    net->dvalue.d_batchnorm[n][y][x][c] = net->value.d_batchnorm[n][y][x][c] > 0 ? net->dvalue.d_batchnorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.d_batchnorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.d_batchnorm[n][y][x][c] * (net->value.d[n][y][x][c] - mean[c]);
                }
            for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++) {
        net->dparam.d_batchnorm.bias[c] = (real)dbias[c];
        net->dparam.d_batchnorm.weight[c] = (real)dgain[c] * net->statistic.d_batchnorm.scale[c];
    }
}

static void d_batchnorm_backward(struct probing *net, int batch)
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
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = factor[c] * (net->dvalue.d_batchnorm[n][y][x][c] - level[c] - (net->value.d[n][y][x][c] - mean[c]) * slope[c]);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void d_batchnorm_backward_slope(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                    net->dvalue.d_batchnorm[n][y][x][c] = net->value.d_batchnorm[n][y][x][c] > 0 ? net->dvalue.d_batchnorm[n][y][x][c] : 0;
}

/* With the running statistics, for a probe: each channel is scaled */
static void d_batchnorm_backward_running(struct probing *net, int batch)
{
    real factor[D_BATCHNORM_CHANNELS];
    for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
        factor[c] = net->param.d_batchnorm.weight[c] / real_sqrt(net->param.d_batchnorm.running_var[c] + D_BATCHNORM_EPS);
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = factor[c] * net->dvalue.d_batchnorm[n][y][x][c];
}

/* dropout 0.3
 * 3x3x4 -> 3x3x4 */

static void d_dropout_forward(struct probing *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < D_DROPOUT_WIDTH; x++)
                for (int c = 0; c < D_DROPOUT_CHANNELS; c++)
                    net->value.d_dropout[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * D_DROPOUT_WIDTH + x) * D_DROPOUT_CHANNELS + c)) ? net->value.d_batchnorm[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void d_dropout_backward(struct probing *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_BATCHNORM_HEIGHT; y++)
            for (int x = 0; x < D_BATCHNORM_WIDTH; x++)
                for (int c = 0; c < D_BATCHNORM_CHANNELS; c++)
                    net->dvalue.d_batchnorm[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * D_BATCHNORM_SIZE + (uint32_t)((y * D_BATCHNORM_WIDTH + x) * D_BATCHNORM_CHANNELS + c)) ? net->dvalue.d_dropout[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* f: dense 5 layernorm tanh
 * 3x3x4 -> 5, 185 parameters, 360 FLOP */

static void f_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.d_dropout[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.d_dropout[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.d_dropout[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

static void f_layernorm_forward(struct probing *net, int batch)
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
            net->value.f_layernorm[n][c] = real_tanh(z);
        }
    }
}

static void f_layernorm_backward(struct probing *net, int batch)
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
            net->dvalue.f_layernorm[n][c] = net->dvalue.f_layernorm[n][c] * (1 - net->value.f_layernorm[n][c] * net->value.f_layernorm[n][c]);
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

/* dz = dy * tanh'(z), in the place of dy, for a probe */
static void f_layernorm_backward_slope(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_LAYERNORM_UNITS; i++)
            net->dvalue.f_layernorm[n][i] = net->dvalue.f_layernorm[n][i] * (1 - net->value.f_layernorm[n][i] * net->value.f_layernorm[n][i]);
}

static void f_layernorm_backward_input(struct probing *net, int batch)
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
            level += net->dvalue.f_layernorm[n][c] * net->param.f_layernorm.weight[c] / F_LAYERNORM_UNITS;
            slope += net->dvalue.f_layernorm[n][c] * net->param.f_layernorm.weight[c] * (net->value.f[n][c] - mean) * scale / F_LAYERNORM_UNITS;
        }
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            net->dvalue.f[n][c] = scale * (net->dvalue.f_layernorm[n][c] * net->param.f_layernorm.weight[c] - level - (net->value.f[n][c] - mean) * scale * slope);
    }
}

/* g: dense 3
 * 5 -> 3, 18 parameters, 30 FLOP */

static void g_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_layernorm[n];
        for (int u = 0; u < G_UNITS; u++) {
            real sum = net->param.g.bias[u];
            for (int k = 0; k < G_INPUTS; k++)
                sum += net->param.g.weight[k][u] * x[k];
            net->value.g[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void g_backward_output(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_layernorm[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.f_layernorm[n];
        for (int k = 0; k < G_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < G_UNITS; u++)
                sum += net->dvalue.g[n][u] * net->param.g.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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
static void output_loss(struct probing *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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

static void output_backward(struct probing *net, int batch)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
    for (int n = 0; n < batch; n++) {
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
    net->value.p = (void *)(net->arena + P_AT);
    net->dvalue.p = (void *)(net->arena + P_GRADIENT_AT);
    net->value.input_concat = (void *)(net->arena + INPUT_CONCAT_AT);
    net->dvalue.input_concat = (void *)(net->arena + INPUT_CONCAT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_maxpool = (void *)(net->arena + C_MAXPOOL_AT);
    net->index.c_maxpool = (void *)(net->arena + C_MAXPOOL_INDEX_AT);
    net->dvalue.c_maxpool = (void *)(net->arena + C_MAXPOOL_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
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

static void forward(struct probing *net, int batch)
{
    e_forward(net, batch);
    p_forward(net, batch);
    input_concat_forward(net, batch);
    c_forward(net, batch);
    c_maxpool_forward(net, batch);
    d_forward(net, batch);
    d_batchnorm_measure(net, batch);
    d_batchnorm_forward(net, batch);
    d_dropout_forward(net, batch);
    f_forward(net, batch);
    f_layernorm_forward(net, batch);
    g_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct probing *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    g_backward_output(net, batch);
    g_backward_weight(net, batch);
    g_backward_input(net, batch);
    f_layernorm_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    d_dropout_backward(net, batch);
    d_batchnorm_backward_gain(net, batch);
    d_batchnorm_backward(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_maxpool_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    input_concat_backward(net, batch);
    p_backward_weight(net, batch);
}

/* Training overwrites results that a probe still needs: there their gradients have places of their own. */
static void probe_move_gradients(struct probing *net, bool to_probe)
{
    net->dvalue.c_maxpool = (void *)(net->arena + (to_probe ? C_MAXPOOL_PROBE_GRADIENT_AT : C_MAXPOOL_GRADIENT_AT));
}

/* The forward pass as a probe sees it */
static void probe_forward(struct probing *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_rows(&net->value.input[0][E_PAD_TOP][E_PAD_LEFT][0], INPUT_PADDED_SIZE, INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS));
    e_forward(net, batch);
    probe_look_at_value(probe, E_LAYER, examples, probe_row(&net->value.e[0][0][0][0], E_SIZE));
    p_forward(net, batch);
    probe_look_at_value(probe, P_LAYER, examples, probe_row(&net->value.p[0][0][0][0], P_SIZE));
    input_concat_forward(net, batch);
    probe_look_at_value(probe, INPUT_CONCAT_LAYER, examples, probe_row(&net->value.input_concat[0][0][0][0], INPUT_CONCAT_SIZE));
    c_forward(net, batch);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_maxpool_forward(net, batch);
    probe_look_at_value(probe, C_MAXPOOL_LAYER, examples, probe_rows(&net->value.c_maxpool[0][D_PAD_TOP][D_PAD_LEFT][0], C_MAXPOOL_PADDED_SIZE, C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH * C_MAXPOOL_CHANNELS, C_MAXPOOL_COLUMNS * C_MAXPOOL_CHANNELS));
    d_forward(net, batch);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    d_batchnorm_forward(net, batch);
    probe_look_at_value(probe, D_BATCHNORM_LAYER, examples, probe_row(&net->value.d_batchnorm[0][0][0][0], D_BATCHNORM_SIZE));
    d_dropout_forward(net, batch);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    f_forward(net, batch);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    f_layernorm_forward(net, batch);
    probe_look_at_value(probe, F_LAYERNORM_LAYER, examples, probe_row(net->value.f_layernorm[0], F_LAYERNORM_UNITS));
    g_forward(net, batch);
    probe_look_at_value(probe, G_LAYER, examples, probe_row(net->value.g[0], G_UNITS));
    output_forward(net, batch);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct probing *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch);
    else
        probe_set_unit(probe, examples, net->dvalue.g[0], G_UNITS);
    probe_look_at_gradient(probe, G_LAYER, examples, probe_row(net->dvalue.g[0], G_UNITS));
    g_backward_input(net, batch);
    probe_look_at_gradient(probe, F_LAYERNORM_LAYER, examples, probe_row(net->dvalue.f_layernorm[0], F_LAYERNORM_UNITS));
    f_layernorm_backward_slope(net, batch);
    f_layernorm_backward_input(net, batch);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    f_backward_input(net, batch);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward(net, batch);
    probe_look_at_gradient(probe, D_BATCHNORM_LAYER, examples, probe_row(&net->dvalue.d_batchnorm[0][0][0][0], D_BATCHNORM_SIZE));
    d_batchnorm_backward_slope(net, batch);
    d_batchnorm_backward_running(net, batch);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_input(net, batch);
    probe_look_at_gradient(probe, C_MAXPOOL_LAYER, examples, probe_rows(&net->dvalue.c_maxpool[0][D_PAD_TOP][D_PAD_LEFT][0], C_MAXPOOL_PADDED_SIZE, C_MAXPOOL_HEIGHT, C_MAXPOOL_WIDTH * C_MAXPOOL_CHANNELS, C_MAXPOOL_COLUMNS * C_MAXPOOL_CHANNELS));
    c_maxpool_backward(net, batch);
    probe_look_at_gradient(probe, C_LAYER, examples, probe_row(&net->dvalue.c[0][0][0][0], C_SIZE));
    c_backward_slope(net, batch);
    c_backward_input(net, batch);
    probe_look_at_gradient(probe, INPUT_CONCAT_LAYER, examples, probe_row(&net->dvalue.input_concat[0][0][0][0], INPUT_CONCAT_SIZE));
    input_concat_backward_rest(net, batch);
    input_concat_backward(net, batch);
    probe_look_at_gradient(probe, P_LAYER, examples, probe_row(&net->dvalue.p[0][0][0][0], P_SIZE));
    p_backward_input(net, batch);
    probe_look_at_gradient(probe, E_LAYER, examples, probe_row(&net->dvalue.e[0][0][0][0], E_SIZE));
    e_backward_slope(net, batch);
    e_backward_input(net, batch);
    input_backward_sum(net, batch);
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
    (real *)net->param.name, (const real *)net->dparam.name, NULL, range_of_all(sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct probing *net, double rate)
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

/* The forward pass alone */
static void infer(struct probing *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct probing *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct probing *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct probing *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(probing, e.weight), 4, E_FILTERS, INPUT_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_FILTERS, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(probing, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(probing, p.weight), 4, P_FILTERS, INPUT_CHANNELS, P_KERNEL_HEIGHT, P_KERNEL_WIDTH, P_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(probing, c.weight), 4, C_FILTERS, INPUT_CONCAT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(probing, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(probing, d.weight), 4, D_FILTERS, C_MAXPOOL_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_HE},
    {MODEL_TENSOR(probing, d_batchnorm.weight), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(probing, d_batchnorm.bias), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(probing, d_batchnorm.running_mean), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_RUNNING_MEAN},
    {MODEL_TENSOR(probing, d_batchnorm.running_var), 1, D_BATCHNORM_CHANNELS, 1, 1, 1, D_BATCHNORM_CHANNELS, INIT_RUNNING_VARIANCE},
    {MODEL_TENSOR(probing, f.weight), 2, F_UNITS, D_DROPOUT_CHANNELS, D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(probing, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(probing, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(probing, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(probing, g.weight), 2, G_UNITS, F_LAYERNORM_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(probing, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
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
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct probing *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static const real *probe(void *memory, const struct examples *split, size_t first, int count, const struct probe *probe)
{
    struct probing *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = false;
    probe_move_gradients(net, true);
    load(net, batch, range_of_all((size_t)count));
    probe_forward(net, count, probe);
    output_loss(net, count);
    if (probe->gradient)
        probe_backward(net, count, probe);
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
