/* concat.c - trains the network 'concat': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "concat.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* stem: conv 2 3x3 pad=1
 * 5x4x1 -> 5x4x2, 20 parameters, 720 FLOP */

static void stem_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int f = 0; f < STEM_FILTERS; f++) {
                    real sum = net->param.stem.bias[f];
                    for (int i = 0; i < STEM_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < STEM_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.stem.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.stem[n][y + P5_PAD_TOP][x + P5_PAD_LEFT][f] = sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void stem_backward_sum(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->dvalue.stem_from_stem_concat[n][y][x][c] + net->dvalue.stem_from_stem_maxpool[n][y][x][c] + net->dvalue.stem_from_p5[n][y + P5_PAD_TOP][x + P5_PAD_LEFT][c] + net->dvalue.stem_from_p3[n][y + P3_PAD_TOP][x + P3_PAD_LEFT][c] + net->dvalue.stem_from_p1[n][y][x][c];
}

/* dbias = sum of dy */
static void stem_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[STEM_FILTERS] = {0};
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    sum[c] += net->dvalue.stem[n][y][x][c];
        for (int c = 0; c < STEM_FILTERS; c++)
            net->dparam.stem.bias[c] += sum[c];
    }
}

static void stem_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int i = 0; i < STEM_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < STEM_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < STEM_FILTERS; f++)
                                net->dparam.stem.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.stem[n][y][x][f];
}

/* p1: conv 2 1x1
 * 5x4x2 -> 5x4x2, 6 parameters, 160 FLOP */

static void p1_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int f = 0; f < P1_FILTERS; f++) {
                    real sum = net->param.p1.bias[f];
                    for (int i = 0; i < P1_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P1_KERNEL_WIDTH; j++)
                            for (int c = 0; c < STEM_FILTERS; c++)
                                sum += net->param.p1.weight[i][j][c][f] * net->value.stem[n][y + i + P5_PAD_TOP][x + j + P5_PAD_LEFT][c];
                    net->value.p1[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void p1_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[P1_FILTERS] = {0};
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int c = 0; c < P1_FILTERS; c++)
                    sum[c] += net->dvalue.p1[n][y][x][c];
        for (int c = 0; c < P1_FILTERS; c++)
            net->dparam.p1.bias[c] += sum[c];
    }
}

static void p1_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int i = 0; i < P1_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P1_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P1_FILTERS; f++)
                                net->dparam.p1.weight[i][j][c][f] += net->value.stem[n][y + i + P5_PAD_TOP][x + j + P5_PAD_LEFT][c] * net->dvalue.p1[n][y][x][f];
}

static void p1_backward_input(struct concat *net, int batch)
{
    memset(net->dvalue.stem_from_p1, 0, (size_t)batch * sizeof(net->dvalue.stem_from_p1[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int i = 0; i < P1_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P1_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P1_FILTERS; f++)
                                net->dvalue.stem_from_p1[n][y + i][x + j][c] += net->param.p1.weight[i][j][c][f] * net->dvalue.p1[n][y][x][f];
}

/* p3: conv 3 3x3 pad=1 relu
 * 5x4x2 -> 5x4x3, 57 parameters, 2.16 kFLOP */

static void p3_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int f = 0; f < P3_FILTERS; f++) {
                    real sum = net->param.p3.bias[f];
                    for (int i = 0; i < P3_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P3_KERNEL_WIDTH; j++)
                            for (int c = 0; c < STEM_FILTERS; c++)
                                sum += net->param.p3.weight[i][j][c][f] * net->value.stem[n][y + i + P5_PAD_TOP - P3_PAD_TOP][x + j + P5_PAD_LEFT - P3_PAD_LEFT][c];
                    net->value.p3[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void p3_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->dvalue.p3[n][y][x][c] = net->value.p3[n][y][x][c] > 0 ? net->dvalue.p3[n][y][x][c] : 0;
        real sum[P3_FILTERS] = {0};
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    sum[c] += net->dvalue.p3[n][y][x][c];
        for (int c = 0; c < P3_FILTERS; c++)
            net->dparam.p3.bias[c] += sum[c];
    }
}

static void p3_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int i = 0; i < P3_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P3_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P3_FILTERS; f++)
                                net->dparam.p3.weight[i][j][c][f] += net->value.stem[n][y + i + P5_PAD_TOP - P3_PAD_TOP][x + j + P5_PAD_LEFT - P3_PAD_LEFT][c] * net->dvalue.p3[n][y][x][f];
}

static void p3_backward_input(struct concat *net, int batch)
{
    memset(net->dvalue.stem_from_p3, 0, (size_t)batch * sizeof(net->dvalue.stem_from_p3[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int i = 0; i < P3_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P3_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P3_FILTERS; f++)
                                net->dvalue.stem_from_p3[n][y + i][x + j][c] += net->param.p3.weight[i][j][c][f] * net->dvalue.p3[n][y][x][f];
}

/* p5: conv 2 5x5 pad=[3, 2, 1, 2]
 * 5x4x2 -> 5x4x2, 102 parameters, 4 kFLOP */

static void p5_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int f = 0; f < P5_FILTERS; f++) {
                    real sum = net->param.p5.bias[f];
                    for (int i = 0; i < P5_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P5_KERNEL_WIDTH; j++)
                            for (int c = 0; c < STEM_FILTERS; c++)
                                sum += net->param.p5.weight[i][j][c][f] * net->value.stem[n][y + i][x + j][c];
                    net->value.p5[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void p5_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[P5_FILTERS] = {0};
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int c = 0; c < P5_FILTERS; c++)
                    sum[c] += net->dvalue.p5[n][y][x][c];
        for (int c = 0; c < P5_FILTERS; c++)
            net->dparam.p5.bias[c] += sum[c];
    }
}

static void p5_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int i = 0; i < P5_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P5_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P5_FILTERS; f++)
                                net->dparam.p5.weight[i][j][c][f] += net->value.stem[n][y + i][x + j][c] * net->dvalue.p5[n][y][x][f];
}

static void p5_backward_input(struct concat *net, int batch)
{
    memset(net->dvalue.stem_from_p5, 0, (size_t)batch * sizeof(net->dvalue.stem_from_p5[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int i = 0; i < P5_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P5_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < P5_FILTERS; f++)
                                net->dvalue.stem_from_p5[n][y + i][x + j][c] += net->param.p5.weight[i][j][c][f] * net->dvalue.p5[n][y][x][f];
}

/* maxpool 3x3 stride=1 pad=1
 * 5x4x2 -> 5x4x2 */

static void stem_maxpool_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
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

static void stem_maxpool_backward(struct concat *net, int batch)
{
    memset(net->dvalue.stem_from_stem_maxpool, 0, (size_t)batch * sizeof(net->dvalue.stem_from_stem_maxpool[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.stem_maxpool[n][y][x][c];
                    net->dvalue.stem_from_stem_maxpool[n][y + tap / STEM_MAXPOOL_WINDOW_WIDTH - STEM_MAXPOOL_PAD_TOP][x + tap % STEM_MAXPOOL_WINDOW_WIDTH - STEM_MAXPOOL_PAD_LEFT][c] += net->dvalue.stem_maxpool[n][y][x][c];
                }
}

/* concat sigmoid
 * 5x4x2 -> 5x4x11 */

static void stem_concat_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int c = 0; c < P1_FILTERS; c++)
                    net->value.stem_concat[n][y][x][c] = net->value.p1[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + c] = net->value.p3[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int c = 0; c < P5_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + c] = net->value.p5[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + c] = net->value.stem_maxpool[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->value.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + STEM_MAXPOOL_CHANNELS + c] = net->value.stem[n][y + P5_PAD_TOP][x + P5_PAD_LEFT][c];
}

static void stem_concat_backward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P1_HEIGHT; y++)
            for (int x = 0; x < P1_WIDTH; x++)
                for (int c = 0; c < P1_FILTERS; c++)
                    net->dvalue.p1[n][y][x][c] = net->dvalue.stem_concat[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P3_HEIGHT; y++)
            for (int x = 0; x < P3_WIDTH; x++)
                for (int c = 0; c < P3_FILTERS; c++)
                    net->dvalue.p3[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P5_HEIGHT; y++)
            for (int x = 0; x < P5_WIDTH; x++)
                for (int c = 0; c < P5_FILTERS; c++)
                    net->dvalue.p5[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < STEM_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < STEM_MAXPOOL_CHANNELS; c++)
                    net->dvalue.stem_maxpool[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem_from_stem_concat[n][y][x][c] = net->dvalue.stem_concat[n][y][x][P1_FILTERS + P3_FILTERS + P5_FILTERS + STEM_MAXPOOL_CHANNELS + c];
}

static void stem_sigmoid_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_SIGMOID_HEIGHT; y++)
            for (int x = 0; x < STEM_SIGMOID_WIDTH; x++)
                for (int c = 0; c < STEM_SIGMOID_CHANNELS; c++)
                    net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c] = sigmoid(net->value.stem_concat[n][y][x][c]);
}

static void stem_sigmoid_backward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_CONCAT_HEIGHT; y++)
            for (int x = 0; x < STEM_CONCAT_WIDTH; x++)
                for (int c = 0; c < STEM_CONCAT_CHANNELS; c++) {
                    const real dy = net->dvalue.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c];
                    net->dvalue.stem_concat[n][y][x][c] = dy * net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c] * (1 - net->value.stem_sigmoid[n][y + OUT_PAD_TOP][x + OUT_PAD_LEFT][c]);
                }
}

/* out: conv 1 3x3 pad=1
 * 5x4x11 -> 5x4x1, 100 parameters, 3.96 kFLOP */

static void out_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int f = 0; f < OUT_FILTERS; f++) {
                    real sum = net->param.out.bias[f];
                    for (int i = 0; i < OUT_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < OUT_KERNEL_WIDTH; j++)
                            for (int c = 0; c < STEM_SIGMOID_CHANNELS; c++)
                                sum += net->param.out.weight[i][j][c][f] * net->value.stem_sigmoid[n][y + i][x + j][c];
                    net->value.out[n][y][x][f] = sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void out_backward_sum(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->dvalue.out[n][y][x][c] = net->dvalue.out_from_e[n][y][x][c] + net->dvalue.out_from_d_copy[n][y][x][c];
}

/* dbias = sum of dy */
static void out_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[OUT_FILTERS] = {0};
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    sum[c] += net->dvalue.out[n][y][x][c];
        for (int c = 0; c < OUT_FILTERS; c++)
            net->dparam.out.bias[c] += sum[c];
    }
}

static void out_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int i = 0; i < OUT_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < OUT_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_SIGMOID_CHANNELS; c++)
                            for (int f = 0; f < OUT_FILTERS; f++)
                                net->dparam.out.weight[i][j][c][f] += net->value.stem_sigmoid[n][y + i][x + j][c] * net->dvalue.out[n][y][x][f];
}

static void out_backward_input(struct concat *net, int batch)
{
    memset(net->dvalue.stem_sigmoid, 0, (size_t)batch * sizeof(net->dvalue.stem_sigmoid[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int i = 0; i < OUT_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < OUT_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_SIGMOID_CHANNELS; c++)
                            for (int f = 0; f < OUT_FILTERS; f++)
                                net->dvalue.stem_sigmoid[n][y + i][x + j][c] += net->param.out.weight[i][j][c][f] * net->dvalue.out[n][y][x][f];
}

/* d_copy: copy of out for d
 * 5x4x1 -> 20 */

static void d_copy_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        int i = 0;
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->value.d_copy[n][i++] = net->value.out[n][y][x][c];
    }
}

static void d_copy_backward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        int i = 0;
        for (int y = 0; y < OUT_HEIGHT; y++)
            for (int x = 0; x < OUT_WIDTH; x++)
                for (int c = 0; c < OUT_FILTERS; c++)
                    net->dvalue.out_from_d_copy[n][y][x][c] = net->dvalue.d_copy[n][i++];
    }
}

/* d: dense 4
 * 20 -> 4, 84 parameters, 160 FLOP */

static void d_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_copy[n];
        for (int u = 0; u < D_UNITS; u++) {
            real sum = net->param.d.bias[u];
            for (int k = 0; k < D_INPUTS; k++)
                sum += net->param.d.weight[k][u] * x[k];
            net->value.d[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void d_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < D_UNITS; i++)
            net->dparam.d.bias[i] += net->dvalue.d[n][i];
    }
}

static void d_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d_copy[n];
        for (int k = 0; k < D_INPUTS; k++)
            for (int u = 0; u < D_UNITS; u++)
                net->dparam.d.weight[k][u] += x[k] * net->dvalue.d[n][u];
    }
}

static void d_backward_input(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d_copy[n];
        for (int k = 0; k < D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < D_UNITS; u++)
                sum += net->dvalue.d[n][u] * net->param.d.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* e: conv 4 5x4
 * 5x4x1 -> 1x1x4, 84 parameters, 160 FLOP */

static void e_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int f = 0; f < E_FILTERS; f++) {
                    real sum = net->param.e.bias[f];
                    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < E_KERNEL_WIDTH; j++)
                            for (int c = 0; c < OUT_FILTERS; c++)
                                sum += net->param.e.weight[i][j][c][f] * net->value.out[n][y + i][x + j][c];
                    net->value.e[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void e_backward_output(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[E_FILTERS] = {0};
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    sum[c] += net->dvalue.e[n][y][x][c];
        for (int c = 0; c < E_FILTERS; c++)
            net->dparam.e.bias[c] += sum[c];
    }
}

static void e_backward_weight(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < OUT_FILTERS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dparam.e.weight[i][j][c][f] += net->value.out[n][y + i][x + j][c] * net->dvalue.e[n][y][x][f];
}

static void e_backward_input(struct concat *net, int batch)
{
    memset(net->dvalue.out_from_e, 0, (size_t)batch * sizeof(net->dvalue.out_from_e[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < OUT_FILTERS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dvalue.out_from_e[n][y + i][x + j][c] += net->param.e.weight[i][j][c][f] * net->dvalue.e[n][y][x][f];
}

/* add
 * 4 -> 4 */

static void out_add_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < OUT_ADD_UNITS; i++)
            net->value.out_add[n][i] = net->value.d[n][i] + net->value.e_flatten[n][i];
}

static void out_add_backward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < E_FLATTEN_UNITS; i++)
            net->dvalue.e_flatten[n][i] = net->dvalue.out_add[n][i];
}

/* output squared_error
 * 4 -> 4 */

static void output_forward(struct concat *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.out_add[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct concat *net, int batch)
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

static void output_backward(struct concat *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
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
    net->value.p3 = (void *)(net->arena + P3_AT);
    net->dvalue.p3 = (void *)(net->arena + P3_GRADIENT_AT);
    net->value.p5 = (void *)(net->arena + P5_AT);
    net->dvalue.p5 = (void *)(net->arena + P5_GRADIENT_AT);
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
    net->value.d_copy = (void *)(net->arena + D_COPY_AT);
    net->dvalue.d_copy = (void *)(net->arena + D_COPY_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + OUT_ADD_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_flatten = (void *)(net->arena + E_AT);
    net->dvalue.e_flatten = (void *)(net->arena + E_GRADIENT_AT);
    net->value.out_add = (void *)(net->arena + OUT_ADD_AT);
    net->dvalue.out_add = (void *)(net->arena + OUT_ADD_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct concat *net, int batch)
{
    stem_forward(net, batch);
    p1_forward(net, batch);
    p3_forward(net, batch);
    p5_forward(net, batch);
    stem_maxpool_forward(net, batch);
    stem_concat_forward(net, batch);
    stem_sigmoid_forward(net, batch);
    out_forward(net, batch);
    d_copy_forward(net, batch);
    d_forward(net, batch);
    e_forward(net, batch);
    out_add_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct concat *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    out_add_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    d_copy_backward(net, batch);
    out_backward_sum(net, batch);
    out_backward_output(net, batch);
    out_backward_weight(net, batch);
    out_backward_input(net, batch);
    stem_sigmoid_backward(net, batch);
    stem_concat_backward(net, batch);
    stem_maxpool_backward(net, batch);
    p5_backward_output(net, batch);
    p5_backward_weight(net, batch);
    p5_backward_input(net, batch);
    p3_backward_output(net, batch);
    p3_backward_weight(net, batch);
    p3_backward_input(net, batch);
    p1_backward_output(net, batch);
    p1_backward_weight(net, batch);
    p1_backward_input(net, batch);
    stem_backward_sum(net, batch);
    stem_backward_output(net, batch);
    stem_backward_weight(net, batch);
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
static void update(struct concat *net, double rate)
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

/* The forward pass alone */
static void infer(struct concat *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct concat *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct concat *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct concat *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(concat, stem.weight), 4, STEM_FILTERS, INPUT_CHANNELS, STEM_KERNEL_HEIGHT, STEM_KERNEL_WIDTH, STEM_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(concat, stem.bias), 1, STEM_FILTERS, 1, 1, 1, STEM_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat, p1.weight), 4, P1_FILTERS, STEM_FILTERS, P1_KERNEL_HEIGHT, P1_KERNEL_WIDTH, P1_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(concat, p1.bias), 1, P1_FILTERS, 1, 1, 1, P1_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat, p3.weight), 4, P3_FILTERS, STEM_FILTERS, P3_KERNEL_HEIGHT, P3_KERNEL_WIDTH, P3_FILTERS, INIT_HE},
    {MODEL_TENSOR(concat, p3.bias), 1, P3_FILTERS, 1, 1, 1, P3_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat, p5.weight), 4, P5_FILTERS, STEM_FILTERS, P5_KERNEL_HEIGHT, P5_KERNEL_WIDTH, P5_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(concat, p5.bias), 1, P5_FILTERS, 1, 1, 1, P5_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat, out.weight), 4, OUT_FILTERS, STEM_SIGMOID_CHANNELS, OUT_KERNEL_HEIGHT, OUT_KERNEL_WIDTH, OUT_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(concat, out.bias), 1, OUT_FILTERS, 1, 1, 1, OUT_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(concat, d.weight), 2, D_UNITS, D_COPY_UNITS, 1, 1, D_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(concat, d.bias), 1, D_UNITS, 1, 1, 1, D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(concat, e.weight), 4, E_FILTERS, OUT_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(concat, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct concat *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&concat_model, argc, argv);
}
#endif
