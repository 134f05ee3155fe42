/* residual.c - trains the network 'residual': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "residual.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* stem: conv width 3x3 pad=1 relu
 * 4x4x1 -> 4x4x3, 30 parameters, 864 FLOP */

static void stem_forward(struct residual *net, int batch)
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
                    net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* The parts of the gradient that the layers behind it made */
static void stem_backward_sum(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->dvalue.stem_from_s1_1_residual[n][y][x][c] + net->dvalue.stem_from_s1_1_a[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void stem_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][c] > 0 ? net->dvalue.stem[n][y][x][c] : 0;
        real sum[STEM_FILTERS] = {0};
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    sum[c] += net->dvalue.stem[n][y][x][c];
        for (int c = 0; c < STEM_FILTERS; c++)
            net->dparam.stem.bias[c] += sum[c];
    }
}

static void stem_backward_weight(struct residual *net, int batch)
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

/* s1_1_a: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

static void s1_1_a_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int f = 0; f < S1_1_A_FILTERS; f++) {
                    real sum = net->param.s1_1_a.bias[f];
                    for (int i = 0; i < S1_1_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S1_1_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < STEM_FILTERS; c++)
                                sum += net->param.s1_1_a.weight[i][j][c][f] * net->value.stem[n][y + i][x + j][c];
                    net->value.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s1_1_a_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int c = 0; c < S1_1_A_FILTERS; c++)
                    net->dvalue.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][c] = net->value.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][c] > 0 ? net->dvalue.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][c] : 0;
        real sum[S1_1_A_FILTERS] = {0};
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int c = 0; c < S1_1_A_FILTERS; c++)
                    sum[c] += net->dvalue.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][c];
        for (int c = 0; c < S1_1_A_FILTERS; c++)
            net->dparam.s1_1_a.bias[c] += sum[c];
    }
}

static void s1_1_a_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int i = 0; i < S1_1_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_1_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < S1_1_A_FILTERS; f++)
                                net->dparam.s1_1_a.weight[i][j][c][f] += net->value.stem[n][y + i][x + j][c] * net->dvalue.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][f];
}

static void s1_1_a_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.stem_from_s1_1_a, 0, (size_t)batch * sizeof(net->dvalue.stem_from_s1_1_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int i = 0; i < S1_1_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_1_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < STEM_FILTERS; c++)
                            for (int f = 0; f < S1_1_A_FILTERS; f++)
                                net->dvalue.stem_from_s1_1_a[n][y + i][x + j][c] += net->param.s1_1_a.weight[i][j][c][f] * net->dvalue.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][f];
}

/* s1_1_b: conv 3 3x3 pad=1
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

static void s1_1_b_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_B_HEIGHT; y++)
            for (int x = 0; x < S1_1_B_WIDTH; x++)
                for (int f = 0; f < S1_1_B_FILTERS; f++) {
                    real sum = net->param.s1_1_b.bias[f];
                    for (int i = 0; i < S1_1_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S1_1_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S1_1_A_FILTERS; c++)
                                sum += net->param.s1_1_b.weight[i][j][c][f] * net->value.s1_1_a[n][y + i][x + j][c];
                    net->value.s1_1_b[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void s1_1_b_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[S1_1_B_FILTERS] = {0};
        for (int y = 0; y < S1_1_B_HEIGHT; y++)
            for (int x = 0; x < S1_1_B_WIDTH; x++)
                for (int c = 0; c < S1_1_B_FILTERS; c++)
                    sum[c] += net->dvalue.s1_1_b[n][y][x][c];
        for (int c = 0; c < S1_1_B_FILTERS; c++)
            net->dparam.s1_1_b.bias[c] += sum[c];
    }
}

static void s1_1_b_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_B_HEIGHT; y++)
            for (int x = 0; x < S1_1_B_WIDTH; x++)
                for (int i = 0; i < S1_1_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_1_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_1_A_FILTERS; c++)
                            for (int f = 0; f < S1_1_B_FILTERS; f++)
                                net->dparam.s1_1_b.weight[i][j][c][f] += net->value.s1_1_a[n][y + i][x + j][c] * net->dvalue.s1_1_b[n][y][x][f];
}

static void s1_1_b_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s1_1_a, 0, (size_t)batch * sizeof(net->dvalue.s1_1_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_B_HEIGHT; y++)
            for (int x = 0; x < S1_1_B_WIDTH; x++)
                for (int i = 0; i < S1_1_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_1_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_1_A_FILTERS; c++)
                            for (int f = 0; f < S1_1_B_FILTERS; f++)
                                net->dvalue.s1_1_a[n][y + i][x + j][c] += net->param.s1_1_b.weight[i][j][c][f] * net->dvalue.s1_1_b[n][y][x][f];
}

/* residual
 * 4x4x3 -> 4x4x3 */

static void s1_1_residual_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_1_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_1_RESIDUAL_CHANNELS; c++)
                    net->value.s1_1_residual[n][y][x][c] = net->value.s1_1_b[n][y][x][c] + net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][c];
}

static void s1_1_residual_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem_from_s1_1_residual[n][y][x][c] = net->dvalue.s1_1_residual[n][y][x][c];
}

/* relu
 * 4x4x3 -> 4x4x3 */

static void s1_1_relu_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c] = net->value.s1_1_residual[n][y][x][c] < 0 ? 0 : net->value.s1_1_residual[n][y][x][c];
}

/* The parts of the gradient that the layers behind it made */
static void s1_1_relu_backward_sum(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->dvalue.s1_1_relu[n][y][x][c] = net->dvalue.s1_1_relu_from_s1_2_residual[n][y][x][c] + net->dvalue.s1_1_relu_from_s1_2_a[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c];
}

static void s1_1_relu_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_1_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_1_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s1_1_relu[n][y][x][c];
                    net->dvalue.s1_1_residual[n][y][x][c] = net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c] > 0 ? dy : 0;
                }
}

/* s1_2_a: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

static void s1_2_a_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int f = 0; f < S1_2_A_FILTERS; f++) {
                    real sum = net->param.s1_2_a.bias[f];
                    for (int i = 0; i < S1_2_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S1_2_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                                sum += net->param.s1_2_a.weight[i][j][c][f] * net->value.s1_1_relu[n][y + i][x + j][c];
                    net->value.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s1_2_a_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int c = 0; c < S1_2_A_FILTERS; c++)
                    net->dvalue.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][c] = net->value.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][c] > 0 ? net->dvalue.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][c] : 0;
        real sum[S1_2_A_FILTERS] = {0};
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int c = 0; c < S1_2_A_FILTERS; c++)
                    sum[c] += net->dvalue.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][c];
        for (int c = 0; c < S1_2_A_FILTERS; c++)
            net->dparam.s1_2_a.bias[c] += sum[c];
    }
}

static void s1_2_a_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int i = 0; i < S1_2_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_2_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                            for (int f = 0; f < S1_2_A_FILTERS; f++)
                                net->dparam.s1_2_a.weight[i][j][c][f] += net->value.s1_1_relu[n][y + i][x + j][c] * net->dvalue.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][f];
}

static void s1_2_a_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s1_1_relu_from_s1_2_a, 0, (size_t)batch * sizeof(net->dvalue.s1_1_relu_from_s1_2_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int i = 0; i < S1_2_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_2_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                            for (int f = 0; f < S1_2_A_FILTERS; f++)
                                net->dvalue.s1_1_relu_from_s1_2_a[n][y + i][x + j][c] += net->param.s1_2_a.weight[i][j][c][f] * net->dvalue.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][f];
}

/* s1_2_b: conv 3 3x3 pad=1
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

static void s1_2_b_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_B_HEIGHT; y++)
            for (int x = 0; x < S1_2_B_WIDTH; x++)
                for (int f = 0; f < S1_2_B_FILTERS; f++) {
                    real sum = net->param.s1_2_b.bias[f];
                    for (int i = 0; i < S1_2_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S1_2_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S1_2_A_FILTERS; c++)
                                sum += net->param.s1_2_b.weight[i][j][c][f] * net->value.s1_2_a[n][y + i][x + j][c];
                    net->value.s1_2_b[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void s1_2_b_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[S1_2_B_FILTERS] = {0};
        for (int y = 0; y < S1_2_B_HEIGHT; y++)
            for (int x = 0; x < S1_2_B_WIDTH; x++)
                for (int c = 0; c < S1_2_B_FILTERS; c++)
                    sum[c] += net->dvalue.s1_2_b[n][y][x][c];
        for (int c = 0; c < S1_2_B_FILTERS; c++)
            net->dparam.s1_2_b.bias[c] += sum[c];
    }
}

static void s1_2_b_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_B_HEIGHT; y++)
            for (int x = 0; x < S1_2_B_WIDTH; x++)
                for (int i = 0; i < S1_2_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_2_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_A_FILTERS; c++)
                            for (int f = 0; f < S1_2_B_FILTERS; f++)
                                net->dparam.s1_2_b.weight[i][j][c][f] += net->value.s1_2_a[n][y + i][x + j][c] * net->dvalue.s1_2_b[n][y][x][f];
}

static void s1_2_b_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s1_2_a, 0, (size_t)batch * sizeof(net->dvalue.s1_2_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_B_HEIGHT; y++)
            for (int x = 0; x < S1_2_B_WIDTH; x++)
                for (int i = 0; i < S1_2_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S1_2_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_A_FILTERS; c++)
                            for (int f = 0; f < S1_2_B_FILTERS; f++)
                                net->dvalue.s1_2_a[n][y + i][x + j][c] += net->param.s1_2_b.weight[i][j][c][f] * net->dvalue.s1_2_b[n][y][x][f];
}

/* residual
 * 4x4x3 -> 4x4x3 */

static void s1_2_residual_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_2_RESIDUAL_CHANNELS; c++)
                    net->value.s1_2_residual[n][y][x][c] = net->value.s1_2_b[n][y][x][c] + net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c];
}

static void s1_2_residual_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->dvalue.s1_1_relu_from_s1_2_residual[n][y][x][c] = net->dvalue.s1_2_residual[n][y][x][c];
}

/* relu
 * 4x4x3 -> 4x4x3 */

static void s1_2_relu_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_2_RELU_WIDTH; x++)
                for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                    net->value.s1_2_relu[n][y + S2_A_PAD_TOP][x + S2_A_PAD_LEFT][c] = net->value.s1_2_residual[n][y][x][c] < 0 ? 0 : net->value.s1_2_residual[n][y][x][c];
}

/* The parts of the gradient that the layers behind it made */
static void s1_2_relu_backward_sum(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_2_RELU_WIDTH; x++)
                for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                    net->dvalue.s1_2_relu[n][y][x][c] = net->dvalue.s1_2_relu_from_s2_p[n][y][x][c] + net->dvalue.s1_2_relu_from_s2_a[n][y + S2_A_PAD_TOP][x + S2_A_PAD_LEFT][c];
}

static void s1_2_relu_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S1_2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_2_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s1_2_relu[n][y][x][c];
                    net->dvalue.s1_2_residual[n][y][x][c] = net->value.s1_2_relu[n][y + S2_A_PAD_TOP][x + S2_A_PAD_LEFT][c] > 0 ? dy : 0;
                }
}

/* s2_a: conv 3 3x3 pad=1 stride=2 relu
 * 4x4x3 -> 2x2x3, 84 parameters, 648 FLOP */

static void s2_a_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int f = 0; f < S2_A_FILTERS; f++) {
                    real sum = net->param.s2_a.bias[f];
                    for (int i = 0; i < S2_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S2_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                                sum += net->param.s2_a.weight[i][j][c][f] * net->value.s1_2_relu[n][y * S2_A_STRIDE_Y + i][x * S2_A_STRIDE_X + j][c];
                    net->value.s2_a[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s2_a_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int c = 0; c < S2_A_FILTERS; c++)
                    net->dvalue.s2_a[n][y][x][c] = net->value.s2_a[n][y][x][c] > 0 ? net->dvalue.s2_a[n][y][x][c] : 0;
        real sum[S2_A_FILTERS] = {0};
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int c = 0; c < S2_A_FILTERS; c++)
                    sum[c] += net->dvalue.s2_a[n][y][x][c];
        for (int c = 0; c < S2_A_FILTERS; c++)
            net->dparam.s2_a.bias[c] += sum[c];
    }
}

static void s2_a_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int i = 0; i < S2_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                            for (int f = 0; f < S2_A_FILTERS; f++)
                                net->dparam.s2_a.weight[i][j][c][f] += net->value.s1_2_relu[n][y * S2_A_STRIDE_Y + i][x * S2_A_STRIDE_X + j][c] * net->dvalue.s2_a[n][y][x][f];
}

static void s2_a_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s1_2_relu_from_s2_a, 0, (size_t)batch * sizeof(net->dvalue.s1_2_relu_from_s2_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int i = 0; i < S2_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                            for (int f = 0; f < S2_A_FILTERS; f++)
                                net->dvalue.s1_2_relu_from_s2_a[n][y * S2_A_STRIDE_Y + i][x * S2_A_STRIDE_X + j][c] += net->param.s2_a.weight[i][j][c][f] * net->dvalue.s2_a[n][y][x][f];
}

/* s2_b: conv 6 1x1
 * 2x2x3 -> 2x2x6, 24 parameters, 144 FLOP */

static void s2_b_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_B_HEIGHT; y++)
            for (int x = 0; x < S2_B_WIDTH; x++)
                for (int f = 0; f < S2_B_FILTERS; f++) {
                    real sum = net->param.s2_b.bias[f];
                    for (int i = 0; i < S2_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S2_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S2_A_FILTERS; c++)
                                sum += net->param.s2_b.weight[i][j][c][f] * net->value.s2_a[n][y + i][x + j][c];
                    net->value.s2_b[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void s2_b_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[S2_B_FILTERS] = {0};
        for (int y = 0; y < S2_B_HEIGHT; y++)
            for (int x = 0; x < S2_B_WIDTH; x++)
                for (int c = 0; c < S2_B_FILTERS; c++)
                    sum[c] += net->dvalue.s2_b[n][y][x][c];
        for (int c = 0; c < S2_B_FILTERS; c++)
            net->dparam.s2_b.bias[c] += sum[c];
    }
}

static void s2_b_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_B_HEIGHT; y++)
            for (int x = 0; x < S2_B_WIDTH; x++)
                for (int i = 0; i < S2_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S2_A_FILTERS; c++)
                            for (int f = 0; f < S2_B_FILTERS; f++)
                                net->dparam.s2_b.weight[i][j][c][f] += net->value.s2_a[n][y + i][x + j][c] * net->dvalue.s2_b[n][y][x][f];
}

static void s2_b_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s2_a, 0, (size_t)batch * sizeof(net->dvalue.s2_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_B_HEIGHT; y++)
            for (int x = 0; x < S2_B_WIDTH; x++)
                for (int i = 0; i < S2_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S2_A_FILTERS; c++)
                            for (int f = 0; f < S2_B_FILTERS; f++)
                                net->dvalue.s2_a[n][y + i][x + j][c] += net->param.s2_b.weight[i][j][c][f] * net->dvalue.s2_b[n][y][x][f];
}

/* s2_p: conv 6 1x1 stride=2
 * 4x4x3 -> 2x2x6, 24 parameters, 144 FLOP */

static void s2_p_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int f = 0; f < S2_P_FILTERS; f++) {
                    real sum = net->param.s2_p.bias[f];
                    for (int i = 0; i < S2_P_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < S2_P_KERNEL_WIDTH; j++)
                            for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                                sum += net->param.s2_p.weight[i][j][c][f] * net->value.s1_2_relu[n][y * S2_P_STRIDE_Y + i + S2_A_PAD_TOP][x * S2_P_STRIDE_X + j + S2_A_PAD_LEFT][c];
                    net->value.s2_p[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void s2_p_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[S2_P_FILTERS] = {0};
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int c = 0; c < S2_P_FILTERS; c++)
                    sum[c] += net->dvalue.s2_p[n][y][x][c];
        for (int c = 0; c < S2_P_FILTERS; c++)
            net->dparam.s2_p.bias[c] += sum[c];
    }
}

static void s2_p_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int i = 0; i < S2_P_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_P_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                            for (int f = 0; f < S2_P_FILTERS; f++)
                                net->dparam.s2_p.weight[i][j][c][f] += net->value.s1_2_relu[n][y * S2_P_STRIDE_Y + i + S2_A_PAD_TOP][x * S2_P_STRIDE_X + j + S2_A_PAD_LEFT][c] * net->dvalue.s2_p[n][y][x][f];
}

static void s2_p_backward_input(struct residual *net, int batch)
{
    memset(net->dvalue.s1_2_relu_from_s2_p, 0, (size_t)batch * sizeof(net->dvalue.s1_2_relu_from_s2_p[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int i = 0; i < S2_P_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < S2_P_KERNEL_WIDTH; j++)
                        for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                            for (int f = 0; f < S2_P_FILTERS; f++)
                                net->dvalue.s1_2_relu_from_s2_p[n][y * S2_P_STRIDE_Y + i][x * S2_P_STRIDE_X + j][c] += net->param.s2_p.weight[i][j][c][f] * net->dvalue.s2_p[n][y][x][f];
}

/* residual relu
 * 2x2x6 -> 2x2x6 */

static void s2_residual_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S2_RESIDUAL_CHANNELS; c++)
                    net->value.s2_residual[n][y][x][c] = net->value.s2_b[n][y][x][c] + net->value.s2_p[n][y][x][c];
}

static void s2_residual_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int c = 0; c < S2_P_FILTERS; c++)
                    net->dvalue.s2_p[n][y][x][c] = net->dvalue.s2_residual[n][y][x][c];
}

static void s2_relu_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_RELU_HEIGHT; y++)
            for (int x = 0; x < S2_RELU_WIDTH; x++)
                for (int c = 0; c < S2_RELU_CHANNELS; c++)
                    net->value.s2_relu[n][y][x][c] = net->value.s2_residual[n][y][x][c] < 0 ? 0 : net->value.s2_residual[n][y][x][c];
}

static void s2_relu_backward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < S2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S2_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s2_relu[n][y][x][c];
                    net->dvalue.s2_residual[n][y][x][c] = net->value.s2_relu[n][y][x][c] > 0 ? dy : 0;
                }
}

/* f: dense 3
 * 2x2x6 -> 3, 75 parameters, 144 FLOP */

static void f_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.s2_relu[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.s2_relu[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.s2_relu[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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
static void output_loss(struct residual *net, int batch)
{
    for (int n = 0; n < batch; n++) {
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

static void output_backward(struct residual *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.f[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct residual *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.stem = (void *)(net->arena + STEM_AT);
    net->dvalue.stem_from_s1_1_residual = (void *)(net->arena + STEM_FROM_S1_1_RESIDUAL_GRADIENT_AT);
    net->dvalue.stem_from_s1_1_a = (void *)(net->arena + STEM_FROM_S1_1_A_GRADIENT_AT);
    net->dvalue.stem = (void *)(net->arena + STEM_GRADIENT_AT);
    net->value.s1_1_a = (void *)(net->arena + S1_1_A_AT);
    net->dvalue.s1_1_a = (void *)(net->arena + S1_1_A_GRADIENT_AT);
    net->value.s1_1_b = (void *)(net->arena + S1_1_B_AT);
    net->dvalue.s1_1_b = (void *)(net->arena + S1_1_RESIDUAL_GRADIENT_AT);
    net->value.s1_1_residual = (void *)(net->arena + S1_1_RESIDUAL_AT);
    net->dvalue.s1_1_residual = (void *)(net->arena + S1_1_RESIDUAL_GRADIENT_AT);
    net->value.s1_1_relu = (void *)(net->arena + S1_1_RELU_AT);
    net->dvalue.s1_1_relu_from_s1_2_residual = (void *)(net->arena + S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_AT);
    net->dvalue.s1_1_relu_from_s1_2_a = (void *)(net->arena + S1_1_RELU_FROM_S1_2_A_GRADIENT_AT);
    net->dvalue.s1_1_relu = (void *)(net->arena + S1_1_RELU_GRADIENT_AT);
    net->value.s1_2_a = (void *)(net->arena + S1_2_A_AT);
    net->dvalue.s1_2_a = (void *)(net->arena + S1_2_A_GRADIENT_AT);
    net->value.s1_2_b = (void *)(net->arena + S1_2_B_AT);
    net->dvalue.s1_2_b = (void *)(net->arena + S1_2_RESIDUAL_GRADIENT_AT);
    net->value.s1_2_residual = (void *)(net->arena + S1_2_RESIDUAL_AT);
    net->dvalue.s1_2_residual = (void *)(net->arena + S1_2_RESIDUAL_GRADIENT_AT);
    net->value.s1_2_relu = (void *)(net->arena + S1_2_RELU_AT);
    net->dvalue.s1_2_relu_from_s2_p = (void *)(net->arena + S1_2_RELU_FROM_S2_P_GRADIENT_AT);
    net->dvalue.s1_2_relu_from_s2_a = (void *)(net->arena + S1_2_RELU_FROM_S2_A_GRADIENT_AT);
    net->dvalue.s1_2_relu = (void *)(net->arena + S1_2_RELU_GRADIENT_AT);
    net->value.s2_a = (void *)(net->arena + S2_A_AT);
    net->dvalue.s2_a = (void *)(net->arena + S2_A_GRADIENT_AT);
    net->value.s2_b = (void *)(net->arena + S2_B_AT);
    net->dvalue.s2_b = (void *)(net->arena + S2_RESIDUAL_GRADIENT_AT);
    net->value.s2_p = (void *)(net->arena + S2_P_AT);
    net->dvalue.s2_p = (void *)(net->arena + S2_P_GRADIENT_AT);
    net->value.s2_residual = (void *)(net->arena + S2_RESIDUAL_AT);
    net->dvalue.s2_residual = (void *)(net->arena + S2_RESIDUAL_GRADIENT_AT);
    net->value.s2_relu = (void *)(net->arena + S2_RELU_AT);
    net->dvalue.s2_relu = (void *)(net->arena + S2_RELU_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct residual *net, int batch)
{
    stem_forward(net, batch);
    s1_1_a_forward(net, batch);
    s1_1_b_forward(net, batch);
    s1_1_residual_forward(net, batch);
    s1_1_relu_forward(net, batch);
    s1_2_a_forward(net, batch);
    s1_2_b_forward(net, batch);
    s1_2_residual_forward(net, batch);
    s1_2_relu_forward(net, batch);
    s2_a_forward(net, batch);
    s2_b_forward(net, batch);
    s2_p_forward(net, batch);
    s2_residual_forward(net, batch);
    s2_relu_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct residual *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    s2_relu_backward(net, batch);
    s2_residual_backward(net, batch);
    s2_p_backward_output(net, batch);
    s2_p_backward_weight(net, batch);
    s2_p_backward_input(net, batch);
    s2_b_backward_output(net, batch);
    s2_b_backward_weight(net, batch);
    s2_b_backward_input(net, batch);
    s2_a_backward_output(net, batch);
    s2_a_backward_weight(net, batch);
    s2_a_backward_input(net, batch);
    s1_2_relu_backward_sum(net, batch);
    s1_2_relu_backward(net, batch);
    s1_2_residual_backward(net, batch);
    s1_2_b_backward_output(net, batch);
    s1_2_b_backward_weight(net, batch);
    s1_2_b_backward_input(net, batch);
    s1_2_a_backward_output(net, batch);
    s1_2_a_backward_weight(net, batch);
    s1_2_a_backward_input(net, batch);
    s1_1_relu_backward_sum(net, batch);
    s1_1_relu_backward(net, batch);
    s1_1_residual_backward(net, batch);
    s1_1_b_backward_output(net, batch);
    s1_1_b_backward_weight(net, batch);
    s1_1_b_backward_input(net, batch);
    s1_1_a_backward_output(net, batch);
    s1_1_a_backward_weight(net, batch);
    s1_1_a_backward_input(net, batch);
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
static void update(struct residual *net, double rate)
{
    sgd_step(SGD_TENSOR(stem.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(stem.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_p.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_p.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct residual *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][STEM_PAD_TOP][STEM_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct residual *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct residual *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct residual *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct residual *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct residual *net, struct training *run, struct training_epoch *row)
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
    struct residual *net = memory;
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
    {"stem", "conv width 3x3 pad=1 relu", {STEM_HEIGHT, STEM_WIDTH, STEM_FILTERS, false}, STEM_PARAMETERS, STEM_FLOP, STEM_AT, STEM_PADDED_SIZE},
    {"s1_1_a", "conv 3 3x3 pad=1 relu", {S1_1_A_HEIGHT, S1_1_A_WIDTH, S1_1_A_FILTERS, false}, S1_1_A_PARAMETERS, S1_1_A_FLOP, S1_1_A_AT, S1_1_A_PADDED_SIZE},
    {"s1_1_b", "conv 3 3x3 pad=1", {S1_1_B_HEIGHT, S1_1_B_WIDTH, S1_1_B_FILTERS, false}, S1_1_B_PARAMETERS, S1_1_B_FLOP, S1_1_B_AT, S1_1_B_SIZE},
    {"s1_1_residual", "residual", {S1_1_RESIDUAL_HEIGHT, S1_1_RESIDUAL_WIDTH, S1_1_RESIDUAL_CHANNELS, false}, 0, 0, S1_1_RESIDUAL_AT, S1_1_RESIDUAL_SIZE},
    {"s1_1_relu", "relu", {S1_1_RELU_HEIGHT, S1_1_RELU_WIDTH, S1_1_RELU_CHANNELS, false}, 0, 0, S1_1_RELU_AT, S1_1_RELU_PADDED_SIZE},
    {"s1_2_a", "conv 3 3x3 pad=1 relu", {S1_2_A_HEIGHT, S1_2_A_WIDTH, S1_2_A_FILTERS, false}, S1_2_A_PARAMETERS, S1_2_A_FLOP, S1_2_A_AT, S1_2_A_PADDED_SIZE},
    {"s1_2_b", "conv 3 3x3 pad=1", {S1_2_B_HEIGHT, S1_2_B_WIDTH, S1_2_B_FILTERS, false}, S1_2_B_PARAMETERS, S1_2_B_FLOP, S1_2_B_AT, S1_2_B_SIZE},
    {"s1_2_residual", "residual", {S1_2_RESIDUAL_HEIGHT, S1_2_RESIDUAL_WIDTH, S1_2_RESIDUAL_CHANNELS, false}, 0, 0, S1_2_RESIDUAL_AT, S1_2_RESIDUAL_SIZE},
    {"s1_2_relu", "relu", {S1_2_RELU_HEIGHT, S1_2_RELU_WIDTH, S1_2_RELU_CHANNELS, false}, 0, 0, S1_2_RELU_AT, S1_2_RELU_PADDED_SIZE},
    {"s2_a", "conv 3 3x3 pad=1 stride=2 relu", {S2_A_HEIGHT, S2_A_WIDTH, S2_A_FILTERS, false}, S2_A_PARAMETERS, S2_A_FLOP, S2_A_AT, S2_A_SIZE},
    {"s2_b", "conv 6 1x1", {S2_B_HEIGHT, S2_B_WIDTH, S2_B_FILTERS, false}, S2_B_PARAMETERS, S2_B_FLOP, S2_B_AT, S2_B_SIZE},
    {"s2_p", "conv 6 1x1 stride=2", {S2_P_HEIGHT, S2_P_WIDTH, S2_P_FILTERS, false}, S2_P_PARAMETERS, S2_P_FLOP, S2_P_AT, S2_P_SIZE},
    {"s2_residual", "residual relu", {S2_RESIDUAL_HEIGHT, S2_RESIDUAL_WIDTH, S2_RESIDUAL_CHANNELS, false}, 0, 0, S2_RESIDUAL_AT, S2_RESIDUAL_SIZE},
    {"s2_relu", "relu", {S2_RELU_HEIGHT, S2_RELU_WIDTH, S2_RELU_CHANNELS, false}, 0, 0, S2_RELU_AT, S2_RELU_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(residual, stem.weight), 4, STEM_FILTERS, INPUT_CHANNELS, STEM_KERNEL_HEIGHT, STEM_KERNEL_WIDTH, STEM_FILTERS, INIT_HE},
    {MODEL_TENSOR(residual, stem.bias), 1, STEM_FILTERS, 1, 1, 1, STEM_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_1_a.weight), 4, S1_1_A_FILTERS, STEM_FILTERS, S1_1_A_KERNEL_HEIGHT, S1_1_A_KERNEL_WIDTH, S1_1_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(residual, s1_1_a.bias), 1, S1_1_A_FILTERS, 1, 1, 1, S1_1_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_1_b.weight), 4, S1_1_B_FILTERS, S1_1_A_FILTERS, S1_1_B_KERNEL_HEIGHT, S1_1_B_KERNEL_WIDTH, S1_1_B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(residual, s1_1_b.bias), 1, S1_1_B_FILTERS, 1, 1, 1, S1_1_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_2_a.weight), 4, S1_2_A_FILTERS, S1_1_RELU_CHANNELS, S1_2_A_KERNEL_HEIGHT, S1_2_A_KERNEL_WIDTH, S1_2_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(residual, s1_2_a.bias), 1, S1_2_A_FILTERS, 1, 1, 1, S1_2_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_2_b.weight), 4, S1_2_B_FILTERS, S1_2_A_FILTERS, S1_2_B_KERNEL_HEIGHT, S1_2_B_KERNEL_WIDTH, S1_2_B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(residual, s1_2_b.bias), 1, S1_2_B_FILTERS, 1, 1, 1, S1_2_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_a.weight), 4, S2_A_FILTERS, S1_2_RELU_CHANNELS, S2_A_KERNEL_HEIGHT, S2_A_KERNEL_WIDTH, S2_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(residual, s2_a.bias), 1, S2_A_FILTERS, 1, 1, 1, S2_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_b.weight), 4, S2_B_FILTERS, S2_A_FILTERS, S2_B_KERNEL_HEIGHT, S2_B_KERNEL_WIDTH, S2_B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(residual, s2_b.bias), 1, S2_B_FILTERS, 1, 1, 1, S2_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_p.weight), 4, S2_P_FILTERS, S1_2_RELU_CHANNELS, S2_P_KERNEL_HEIGHT, S2_P_KERNEL_WIDTH, S2_P_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(residual, s2_p.bias), 1, S2_P_FILTERS, 1, 1, 1, S2_P_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(residual, f.weight), 2, F_UNITS, S2_RELU_CHANNELS, S2_RELU_HEIGHT, S2_RELU_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(residual, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(residual, param),
    MODEL_PIECE(residual, best),
    MODEL_PIECE(residual, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct residual *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct residual *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct residual *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model residual_model = {
    MODEL_OF(residual),
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
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&residual_model, argc, argv);
}
#endif
