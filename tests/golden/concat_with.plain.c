/* concat_with.c - trains the network 'concat_with': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "concat_with.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* top_a: conv 2 3x3 pad=1 relu
 * 4x4x1 -> 4x4x2, 20 parameters, 576 FLOP */

static void top_a_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int f = 0; f < TOP_A_FILTERS; f++) {
                    real sum = net->param.top_a.bias[f];
                    for (int i = 0; i < TOP_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < TOP_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.top_a.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void top_a_backward_sum(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a[n][y][x][c] = net->dvalue.top_a_from_top_b_concat[n][y][x][c] + net->dvalue.top_a_from_top_b[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void top_a_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a[n][y][x][c] = net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][c] > 0 ? net->dvalue.top_a[n][y][x][c] : 0;
        real sum[TOP_A_FILTERS] = {0};
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    sum[c] += net->dvalue.top_a[n][y][x][c];
        for (int c = 0; c < TOP_A_FILTERS; c++)
            net->dparam.top_a.bias[c] += sum[c];
    }
}

static void top_a_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int i = 0; i < TOP_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < TOP_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < TOP_A_FILTERS; f++)
                                net->dparam.top_a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.top_a[n][y][x][f];
}

/* top_b: conv 2 3x3 pad=1 relu
 * 4x4x2 -> 4x4x2, 38 parameters, 1.15 kFLOP */

static void top_b_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int f = 0; f < TOP_B_FILTERS; f++) {
                    real sum = net->param.top_b.bias[f];
                    for (int i = 0; i < TOP_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < TOP_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < TOP_A_FILTERS; c++)
                                sum += net->param.top_b.weight[i][j][c][f] * net->value.top_a[n][y + i][x + j][c];
                    net->value.top_b[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void top_b_backward_sum(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b[n][y][x][c] = net->dvalue.top_b_from_join[n][y][x][c] + net->dvalue.top_b_from_top_b_concat[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void top_b_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b[n][y][x][c] = net->value.top_b[n][y][x][c] > 0 ? net->dvalue.top_b[n][y][x][c] : 0;
        real sum[TOP_B_FILTERS] = {0};
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    sum[c] += net->dvalue.top_b[n][y][x][c];
        for (int c = 0; c < TOP_B_FILTERS; c++)
            net->dparam.top_b.bias[c] += sum[c];
    }
}

static void top_b_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int i = 0; i < TOP_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < TOP_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < TOP_A_FILTERS; c++)
                            for (int f = 0; f < TOP_B_FILTERS; f++)
                                net->dparam.top_b.weight[i][j][c][f] += net->value.top_a[n][y + i][x + j][c] * net->dvalue.top_b[n][y][x][f];
}

static void top_b_backward_input(struct concat_with *net, int batch)
{
    memset(net->dvalue.top_a_from_top_b, 0, (size_t)batch * sizeof(net->dvalue.top_a_from_top_b[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int i = 0; i < TOP_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < TOP_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < TOP_A_FILTERS; c++)
                            for (int f = 0; f < TOP_B_FILTERS; f++)
                                net->dvalue.top_a_from_top_b[n][y + i][x + j][c] += net->param.top_b.weight[i][j][c][f] * net->dvalue.top_b[n][y][x][f];
}

/* concat with=a
 * 4x4x2 -> 4x4x4 */

static void top_b_concat_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->value.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][c] = net->value.top_b[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->value.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][TOP_B_FILTERS + c] = net->value.top_a[n][y + TOP_B_PAD_TOP][x + TOP_B_PAD_LEFT][c];
}

static void top_b_concat_backward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b_from_top_b_concat[n][y][x][c] = net->dvalue.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_A_HEIGHT; y++)
            for (int x = 0; x < TOP_A_WIDTH; x++)
                for (int c = 0; c < TOP_A_FILTERS; c++)
                    net->dvalue.top_a_from_top_b_concat[n][y][x][c] = net->dvalue.top_b_concat[n][y + LOW_A_PAD_TOP][x + LOW_A_PAD_LEFT][TOP_B_FILTERS + c];
}

/* low_a: conv 3 3x3 pad=1 relu
 * 4x4x4 -> 4x4x3, 111 parameters, 3.46 kFLOP */

static void low_a_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int f = 0; f < LOW_A_FILTERS; f++) {
                    real sum = net->param.low_a.bias[f];
                    for (int i = 0; i < LOW_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < LOW_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < TOP_B_CONCAT_CHANNELS; c++)
                                sum += net->param.low_a.weight[i][j][c][f] * net->value.top_b_concat[n][y + i][x + j][c];
                    net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void low_a_backward_sum(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a[n][y][x][c] = net->dvalue.low_a_from_join[n][y][x][c] + net->dvalue.low_a_from_low_b_concat[n][y][x][c] + net->dvalue.low_a_from_low_b[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void low_a_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a[n][y][x][c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c] > 0 ? net->dvalue.low_a[n][y][x][c] : 0;
        real sum[LOW_A_FILTERS] = {0};
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    sum[c] += net->dvalue.low_a[n][y][x][c];
        for (int c = 0; c < LOW_A_FILTERS; c++)
            net->dparam.low_a.bias[c] += sum[c];
    }
}

static void low_a_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int i = 0; i < LOW_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < LOW_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < TOP_B_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < LOW_A_FILTERS; f++)
                                net->dparam.low_a.weight[i][j][c][f] += net->value.top_b_concat[n][y + i][x + j][c] * net->dvalue.low_a[n][y][x][f];
}

static void low_a_backward_input(struct concat_with *net, int batch)
{
    memset(net->dvalue.top_b_concat, 0, (size_t)batch * sizeof(net->dvalue.top_b_concat[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int i = 0; i < LOW_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < LOW_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < TOP_B_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < LOW_A_FILTERS; f++)
                                net->dvalue.top_b_concat[n][y + i][x + j][c] += net->param.low_a.weight[i][j][c][f] * net->dvalue.low_a[n][y][x][f];
}

/* low_b: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

static void low_b_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int f = 0; f < LOW_B_FILTERS; f++) {
                    real sum = net->param.low_b.bias[f];
                    for (int i = 0; i < LOW_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < LOW_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < LOW_A_FILTERS; c++)
                                sum += net->param.low_b.weight[i][j][c][f] * net->value.low_a[n][y + i][x + j][c];
                    net->value.low_b[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void low_b_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->dvalue.low_b[n][y][x][c] = net->value.low_b[n][y][x][c] > 0 ? net->dvalue.low_b[n][y][x][c] : 0;
        real sum[LOW_B_FILTERS] = {0};
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    sum[c] += net->dvalue.low_b[n][y][x][c];
        for (int c = 0; c < LOW_B_FILTERS; c++)
            net->dparam.low_b.bias[c] += sum[c];
    }
}

static void low_b_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int i = 0; i < LOW_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < LOW_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < LOW_A_FILTERS; c++)
                            for (int f = 0; f < LOW_B_FILTERS; f++)
                                net->dparam.low_b.weight[i][j][c][f] += net->value.low_a[n][y + i][x + j][c] * net->dvalue.low_b[n][y][x][f];
}

static void low_b_backward_input(struct concat_with *net, int batch)
{
    memset(net->dvalue.low_a_from_low_b, 0, (size_t)batch * sizeof(net->dvalue.low_a_from_low_b[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int i = 0; i < LOW_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < LOW_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < LOW_A_FILTERS; c++)
                            for (int f = 0; f < LOW_B_FILTERS; f++)
                                net->dvalue.low_a_from_low_b[n][y + i][x + j][c] += net->param.low_b.weight[i][j][c][f] * net->dvalue.low_b[n][y][x][f];
}

/* concat with=a
 * 4x4x3 -> 4x4x6 */

static void low_b_concat_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->value.low_b_concat[n][y][x][c] = net->value.low_b[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->value.low_b_concat[n][y][x][LOW_B_FILTERS + c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c];
}

static void low_b_concat_backward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_HEIGHT; y++)
            for (int x = 0; x < LOW_B_WIDTH; x++)
                for (int c = 0; c < LOW_B_FILTERS; c++)
                    net->dvalue.low_b[n][y][x][c] = net->dvalue.low_b_concat[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a_from_low_b_concat[n][y][x][c] = net->dvalue.low_b_concat[n][y][x][LOW_B_FILTERS + c];
}

/* join: concat with=[top_b, low_a]
 * 4x4x6 -> 4x4x11 */

static void join_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_CONCAT_HEIGHT; y++)
            for (int x = 0; x < LOW_B_CONCAT_WIDTH; x++)
                for (int c = 0; c < LOW_B_CONCAT_CHANNELS; c++)
                    net->value.join[n][y][x][c] = net->value.low_b_concat[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->value.join[n][y][x][LOW_B_CONCAT_CHANNELS + c] = net->value.top_b[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->value.join[n][y][x][LOW_B_CONCAT_CHANNELS + TOP_B_FILTERS + c] = net->value.low_a[n][y + LOW_B_PAD_TOP][x + LOW_B_PAD_LEFT][c];
}

static void join_backward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_B_CONCAT_HEIGHT; y++)
            for (int x = 0; x < LOW_B_CONCAT_WIDTH; x++)
                for (int c = 0; c < LOW_B_CONCAT_CHANNELS; c++)
                    net->dvalue.low_b_concat[n][y][x][c] = net->dvalue.join[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < TOP_B_HEIGHT; y++)
            for (int x = 0; x < TOP_B_WIDTH; x++)
                for (int c = 0; c < TOP_B_FILTERS; c++)
                    net->dvalue.top_b_from_join[n][y][x][c] = net->dvalue.join[n][y][x][LOW_B_CONCAT_CHANNELS + c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < LOW_A_HEIGHT; y++)
            for (int x = 0; x < LOW_A_WIDTH; x++)
                for (int c = 0; c < LOW_A_FILTERS; c++)
                    net->dvalue.low_a_from_join[n][y][x][c] = net->dvalue.join[n][y][x][LOW_B_CONCAT_CHANNELS + TOP_B_FILTERS + c];
}

/* f: dense 4 relu
 * 4x4x11 -> 4, 708 parameters, 1.41 kFLOP */

static void f_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.join[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum < 0 ? 0 : sum;
        }
    }
}

/* The parts of the gradient that the layers behind it made */
static void f_backward_sum(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->dvalue.f_from_g_concat[n][i] + net->dvalue.f_from_g[n][i];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.join[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.join[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* g: dense 3
 * 4 -> 3, 15 parameters, 24 FLOP */

static void g_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f[n];
        for (int u = 0; u < G_UNITS; u++) {
            real sum = net->param.g.bias[u];
            for (int k = 0; k < G_INPUTS; k++)
                sum += net->param.g.weight[k][u] * x[k];
            net->value.g[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void g_backward_output(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.f_from_g[n];
        for (int k = 0; k < G_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < G_UNITS; u++)
                sum += net->dvalue.g[n][u] * net->param.g.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* concat with=f
 * 3 -> 7 */

static void g_concat_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < G_UNITS; i++)
            net->value.g_concat[n][i] = net->value.g[n][i];
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->value.g_concat[n][G_UNITS + i] = net->value.f[n][i];
}

static void g_concat_backward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < G_UNITS; i++)
            net->dvalue.g[n][i] = net->dvalue.g_concat[n][i];
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f_from_g_concat[n][i] = net->dvalue.g_concat[n][G_UNITS + i];
}

/* output squared_error
 * 7 -> 7 */

static void output_forward(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.g_concat[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct concat_with *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        double loss = 0;
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++) {
            const double error = (double)(mean[k] - net->target[n][k]);
            loss += error * error;
        }
        net->loss[n] = loss;
    }
}

static void output_backward(struct concat_with *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
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
    net->value.top_b_concat = (void *)(net->arena + TOP_B_CONCAT_AT);
    net->dvalue.top_b_concat = (void *)(net->arena + TOP_B_CONCAT_GRADIENT_AT);
    net->value.low_a = (void *)(net->arena + LOW_A_AT);
    net->dvalue.low_a_from_join = (void *)(net->arena + LOW_A_FROM_JOIN_GRADIENT_AT);
    net->dvalue.low_a_from_low_b_concat = (void *)(net->arena + LOW_A_FROM_LOW_B_CONCAT_GRADIENT_AT);
    net->dvalue.low_a_from_low_b = (void *)(net->arena + LOW_A_FROM_LOW_B_GRADIENT_AT);
    net->dvalue.low_a = (void *)(net->arena + LOW_A_GRADIENT_AT);
    net->value.low_b = (void *)(net->arena + LOW_B_AT);
    net->dvalue.low_b = (void *)(net->arena + LOW_B_GRADIENT_AT);
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

static void forward(struct concat_with *net, int batch)
{
    top_a_forward(net, batch);
    top_b_forward(net, batch);
    top_b_concat_forward(net, batch);
    low_a_forward(net, batch);
    low_b_forward(net, batch);
    low_b_concat_forward(net, batch);
    join_forward(net, batch);
    f_forward(net, batch);
    g_forward(net, batch);
    g_concat_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct concat_with *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    g_concat_backward(net, batch);
    g_backward_output(net, batch);
    g_backward_weight(net, batch);
    g_backward_input(net, batch);
    f_backward_sum(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    join_backward(net, batch);
    low_b_concat_backward(net, batch);
    low_b_backward_output(net, batch);
    low_b_backward_weight(net, batch);
    low_b_backward_input(net, batch);
    low_a_backward_sum(net, batch);
    low_a_backward_output(net, batch);
    low_a_backward_weight(net, batch);
    low_a_backward_input(net, batch);
    top_b_concat_backward(net, batch);
    top_b_backward_sum(net, batch);
    top_b_backward_output(net, batch);
    top_b_backward_weight(net, batch);
    top_b_backward_input(net, batch);
    top_a_backward_sum(net, batch);
    top_a_backward_output(net, batch);
    top_a_backward_weight(net, batch);
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
static void update(struct concat_with *net, double rate)
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

/* The forward pass alone */
static void infer(struct concat_with *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct concat_with *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct concat_with *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct concat_with *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(concat_with, top_a.weight), 4, TOP_A_FILTERS, INPUT_CHANNELS, TOP_A_KERNEL_HEIGHT, TOP_A_KERNEL_WIDTH, TOP_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(concat_with, top_a.bias), 1, TOP_A_FILTERS, 1, 1, 1, TOP_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat_with, top_b.weight), 4, TOP_B_FILTERS, TOP_A_FILTERS, TOP_B_KERNEL_HEIGHT, TOP_B_KERNEL_WIDTH, TOP_B_FILTERS, INIT_HE},
    {MODEL_TENSOR(concat_with, top_b.bias), 1, TOP_B_FILTERS, 1, 1, 1, TOP_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat_with, low_a.weight), 4, LOW_A_FILTERS, TOP_B_CONCAT_CHANNELS, LOW_A_KERNEL_HEIGHT, LOW_A_KERNEL_WIDTH, LOW_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(concat_with, low_a.bias), 1, LOW_A_FILTERS, 1, 1, 1, LOW_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat_with, low_b.weight), 4, LOW_B_FILTERS, LOW_A_FILTERS, LOW_B_KERNEL_HEIGHT, LOW_B_KERNEL_WIDTH, LOW_B_FILTERS, INIT_HE},
    {MODEL_TENSOR(concat_with, low_b.bias), 1, LOW_B_FILTERS, 1, 1, 1, LOW_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat_with, f.weight), 2, F_UNITS, JOIN_CHANNELS, JOIN_HEIGHT, JOIN_WIDTH, F_UNITS, INIT_HE},
    {MODEL_TENSOR(concat_with, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(concat_with, g.weight), 2, G_UNITS, F_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(concat_with, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct concat_with *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&concat_with_model, argc, argv);
}
#endif
