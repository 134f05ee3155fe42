/* dropout_pool.c - trains the network 'dropout_pool': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dropout_pool.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 5 3x3 relu
 * 10x9x2 -> 8x7x5, 95 parameters, 10.1 kFLOP */

static void c_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct dropout_pool *net, int batch)
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

static void c_backward_weight(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void c_backward_slope(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

static void c_backward_input(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.input, 0, (size_t)batch * sizeof(net->dvalue.input[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.input[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

/* maxpool 2x2
 * 8x7x5 -> 4x3x5 */

static void c_maxpool_forward(struct dropout_pool *net, int batch)
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
                    net->value.c_maxpool[n][y][x][c] = largest;
                    net->index.c_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void c_maxpool_backward(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.c, 0, (size_t)batch * sizeof(net->dvalue.c[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < C_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.c_maxpool[n][y][x][c];
                    net->dvalue.c[n][y * C_MAXPOOL_STRIDE_Y + tap / C_MAXPOOL_WINDOW_WIDTH][x * C_MAXPOOL_STRIDE_X + tap % C_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.c_maxpool[n][y][x][c];
                }
}

/* dropout 0.3
 * 4x3x5 -> 4x3x5 */

static void c_dropout_forward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : C_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : C_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < C_DROPOUT_WIDTH; x++)
                for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                    net->value.c_dropout[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * C_DROPOUT_WIDTH + x) * C_DROPOUT_CHANNELS + c)) ? net->value.c_maxpool[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void c_dropout_backward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training ? 0 : C_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < C_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < C_MAXPOOL_CHANNELS; c++)
                    net->dvalue.c_maxpool[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * C_MAXPOOL_SIZE + (uint32_t)((y * C_MAXPOOL_WIDTH + x) * C_MAXPOOL_CHANNELS + c)) ? net->dvalue.c_dropout[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] / (real)(1 - dropout.rate) : 0;
}

/* d: conv 4 3x3 pad=1 relu
 * 4x3x5 -> 4x3x4, 184 parameters, 4.32 kFLOP */

static void d_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int f = 0; f < D_FILTERS; f++) {
                    real sum = net->param.d.bias[f];
                    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < D_KERNEL_WIDTH; j++)
                            for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                                sum += net->param.d.weight[i][j][c][f] * net->value.c_dropout[n][y + i][x + j][c];
                    net->value.d[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
        real sum[D_FILTERS] = {0};
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    sum[c] += net->dvalue.d[n][y][x][c];
        for (int c = 0; c < D_FILTERS; c++)
            net->dparam.d.bias[c] += sum[c];
    }
}

static void d_backward_weight(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dparam.d.weight[i][j][c][f] += net->value.c_dropout[n][y + i][x + j][c] * net->dvalue.d[n][y][x][f];
}

static void d_backward_input(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.c_dropout, 0, (size_t)batch * sizeof(net->dvalue.c_dropout[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dvalue.c_dropout[n][y + i][x + j][c] += net->param.d.weight[i][j][c][f] * net->dvalue.d[n][y][x][f];
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void d_backward_slope(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
}

/* dropout 0.2
 * 4x3x4 -> 4x3x4 */

static void d_dropout_forward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < D_DROPOUT_WIDTH; x++)
                for (int c = 0; c < D_DROPOUT_CHANNELS; c++)
                    net->value.d_dropout[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * D_DROPOUT_WIDTH + x) * D_DROPOUT_CHANNELS + c)) ? net->value.d[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void d_dropout_backward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * D_SIZE + (uint32_t)((y * D_WIDTH + x) * D_FILTERS + c)) ? net->dvalue.d_dropout[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* maxpool 2x2 stride=1
 * 4x3x4 -> 3x2x4 */

static void d_maxpool_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < D_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < D_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < D_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < D_MAXPOOL_WINDOW_WIDTH; j++) {
                            const real tap = net->value.d_dropout[n][y + i][x + j][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * D_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.d_maxpool[n][y][x][c] = largest;
                    net->index.d_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void d_maxpool_backward(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.d_dropout, 0, (size_t)batch * sizeof(net->dvalue.d_dropout[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < D_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < D_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.d_maxpool[n][y][x][c];
                    net->dvalue.d_dropout[n][y + tap / D_MAXPOOL_WINDOW_WIDTH][x + tap % D_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.d_maxpool[n][y][x][c];
                }
}

/* dropout 0.1
 * 3x2x4 -> 3x2x4 */

static void d_dropout_2_forward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_2_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_2_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_2_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_DROPOUT_2_HEIGHT; y++)
            for (int x = 0; x < D_DROPOUT_2_WIDTH; x++)
                for (int c = 0; c < D_DROPOUT_2_CHANNELS; c++)
                    net->value.d_dropout_2[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * D_DROPOUT_2_WIDTH + x) * D_DROPOUT_2_CHANNELS + c)) ? net->value.d_maxpool[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void d_dropout_2_backward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_2_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_2_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < D_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < D_MAXPOOL_CHANNELS; c++)
                    net->dvalue.d_maxpool[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * D_MAXPOOL_SIZE + (uint32_t)((y * D_MAXPOOL_WIDTH + x) * D_MAXPOOL_CHANNELS + c)) ? net->dvalue.d_dropout_2[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* e: conv 4 1x1 relu
 * 3x2x4 -> 3x2x4, 20 parameters, 192 FLOP */

static void e_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int f = 0; f < E_FILTERS; f++) {
                    real sum = net->param.e.bias[f];
                    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < E_KERNEL_WIDTH; j++)
                            for (int c = 0; c < D_DROPOUT_2_CHANNELS; c++)
                                sum += net->param.e.weight[i][j][c][f] * net->value.d_dropout_2[n][y + i][x + j][c];
                    net->value.e[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void e_backward_output(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->value.e[n][y][x][c] > 0 ? net->dvalue.e[n][y][x][c] : 0;
        real sum[E_FILTERS] = {0};
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    sum[c] += net->dvalue.e[n][y][x][c];
        for (int c = 0; c < E_FILTERS; c++)
            net->dparam.e.bias[c] += sum[c];
    }
}

static void e_backward_weight(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < D_DROPOUT_2_CHANNELS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dparam.e.weight[i][j][c][f] += net->value.d_dropout_2[n][y + i][x + j][c] * net->dvalue.e[n][y][x][f];
}

static void e_backward_input(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.d_dropout_2, 0, (size_t)batch * sizeof(net->dvalue.d_dropout_2[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < D_DROPOUT_2_CHANNELS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dvalue.d_dropout_2[n][y + i][x + j][c] += net->param.e.weight[i][j][c][f] * net->dvalue.e[n][y][x][f];
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void e_backward_slope(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->value.e[n][y][x][c] > 0 ? net->dvalue.e[n][y][x][c] : 0;
}

/* maxpool 2x2
 * 3x2x4 -> 1x1x4 */

static void e_maxpool_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < E_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < E_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < E_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < E_MAXPOOL_WINDOW_WIDTH; j++) {
                            const real tap = net->value.e[n][y * E_MAXPOOL_STRIDE_Y + i][x * E_MAXPOOL_STRIDE_X + j][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * E_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.e_maxpool[n][y][x][c] = largest;
                    net->index.e_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void e_maxpool_backward(struct dropout_pool *net, int batch)
{
    memset(net->dvalue.e, 0, (size_t)batch * sizeof(net->dvalue.e[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < E_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < E_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.e_maxpool[n][y][x][c];
                    net->dvalue.e[n][y * E_MAXPOOL_STRIDE_Y + tap / E_MAXPOOL_WINDOW_WIDTH][x * E_MAXPOOL_STRIDE_X + tap % E_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.e_maxpool[n][y][x][c];
                }
}

/* dropout 0.25
 * 1x1x4 -> 1x1x4 */

static void e_dropout_forward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, E_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : E_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : E_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < E_DROPOUT_WIDTH; x++)
                for (int c = 0; c < E_DROPOUT_CHANNELS; c++)
                    net->value.e_dropout[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * E_DROPOUT_WIDTH + x) * E_DROPOUT_CHANNELS + c)) ? net->value.e_maxpool[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void e_dropout_backward(struct dropout_pool *net, int batch)
{
    const struct dropout dropout = {net->seed, E_DROPOUT_STREAM, net->step, !net->is_training ? 0 : E_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < E_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < E_MAXPOOL_CHANNELS; c++)
                    net->dvalue.e_maxpool[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * E_MAXPOOL_SIZE + (uint32_t)((y * E_MAXPOOL_WIDTH + x) * E_MAXPOOL_CHANNELS + c)) ? net->dvalue.e_dropout[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* f: dense 3
 * 1x1x4 -> 3, 15 parameters, 24 FLOP */

static void f_forward(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.e_dropout[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.e_dropout[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct dropout_pool *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.e_dropout[n][0][0][0];
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

static void output_forward(struct dropout_pool *net, int batch)
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
static void output_loss(struct dropout_pool *net, int batch)
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

static void output_backward(struct dropout_pool *net, int batch)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
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
    struct dropout_pool *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_maxpool = (void *)(net->arena + C_MAXPOOL_AT);
    net->index.c_maxpool = (void *)(net->arena + C_MAXPOOL_INDEX_AT);
    net->dvalue.c_maxpool = (void *)(net->arena + C_MAXPOOL_GRADIENT_AT);
    net->value.c_dropout = (void *)(net->arena + C_DROPOUT_AT);
    net->dvalue.c_dropout = (void *)(net->arena + C_DROPOUT_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.d_dropout = (void *)(net->arena + D_DROPOUT_AT);
    net->dvalue.d_dropout = (void *)(net->arena + D_DROPOUT_GRADIENT_AT);
    net->value.d_maxpool = (void *)(net->arena + D_MAXPOOL_AT);
    net->index.d_maxpool = (void *)(net->arena + D_MAXPOOL_INDEX_AT);
    net->dvalue.d_maxpool = (void *)(net->arena + D_MAXPOOL_GRADIENT_AT);
    net->value.d_dropout_2 = (void *)(net->arena + D_DROPOUT_2_AT);
    net->dvalue.d_dropout_2 = (void *)(net->arena + D_DROPOUT_2_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_maxpool = (void *)(net->arena + E_MAXPOOL_AT);
    net->index.e_maxpool = (void *)(net->arena + E_MAXPOOL_INDEX_AT);
    net->dvalue.e_maxpool = (void *)(net->arena + E_MAXPOOL_GRADIENT_AT);
    net->value.e_dropout = (void *)(net->arena + E_DROPOUT_AT);
    net->dvalue.e_dropout = (void *)(net->arena + E_DROPOUT_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct dropout_pool *net, int batch)
{
    c_forward(net, batch);
    c_maxpool_forward(net, batch);
    c_dropout_forward(net, batch);
    d_forward(net, batch);
    d_dropout_forward(net, batch);
    d_maxpool_forward(net, batch);
    d_dropout_2_forward(net, batch);
    e_forward(net, batch);
    e_maxpool_forward(net, batch);
    e_dropout_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dropout_pool *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    e_dropout_backward(net, batch);
    e_maxpool_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_dropout_2_backward(net, batch);
    d_maxpool_backward(net, batch);
    d_dropout_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_dropout_backward(net, batch);
    c_maxpool_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
}

/* The forward pass as a probe sees it */
static void probe_forward(struct dropout_pool *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_row(&net->value.input[0][0][0][0], INPUT_SIZE));
    c_forward(net, batch);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_maxpool_forward(net, batch);
    probe_look_at_value(probe, C_MAXPOOL_LAYER, examples, probe_row(&net->value.c_maxpool[0][0][0][0], C_MAXPOOL_SIZE));
    c_dropout_forward(net, batch);
    probe_look_at_value(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->value.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    d_forward(net, batch);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    d_dropout_forward(net, batch);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_maxpool_forward(net, batch);
    probe_look_at_value(probe, D_MAXPOOL_LAYER, examples, probe_row(&net->value.d_maxpool[0][0][0][0], D_MAXPOOL_SIZE));
    d_dropout_2_forward(net, batch);
    probe_look_at_value(probe, D_DROPOUT_2_LAYER, examples, probe_row(&net->value.d_dropout_2[0][0][0][0], D_DROPOUT_2_SIZE));
    e_forward(net, batch);
    probe_look_at_value(probe, E_LAYER, examples, probe_row(&net->value.e[0][0][0][0], E_SIZE));
    e_maxpool_forward(net, batch);
    probe_look_at_value(probe, E_MAXPOOL_LAYER, examples, probe_row(&net->value.e_maxpool[0][0][0][0], E_MAXPOOL_SIZE));
    e_dropout_forward(net, batch);
    probe_look_at_value(probe, E_DROPOUT_LAYER, examples, probe_row(&net->value.e_dropout[0][0][0][0], E_DROPOUT_SIZE));
    f_forward(net, batch);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    output_forward(net, batch);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct dropout_pool *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch);
    else
        probe_set_unit(probe, examples, net->dvalue.f[0], F_UNITS);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    f_backward_input(net, batch);
    probe_look_at_gradient(probe, E_DROPOUT_LAYER, examples, probe_row(&net->dvalue.e_dropout[0][0][0][0], E_DROPOUT_SIZE));
    e_dropout_backward(net, batch);
    probe_look_at_gradient(probe, E_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.e_maxpool[0][0][0][0], E_MAXPOOL_SIZE));
    e_maxpool_backward(net, batch);
    probe_look_at_gradient(probe, E_LAYER, examples, probe_row(&net->dvalue.e[0][0][0][0], E_SIZE));
    e_backward_slope(net, batch);
    e_backward_input(net, batch);
    probe_look_at_gradient(probe, D_DROPOUT_2_LAYER, examples, probe_row(&net->dvalue.d_dropout_2[0][0][0][0], D_DROPOUT_2_SIZE));
    d_dropout_2_backward(net, batch);
    probe_look_at_gradient(probe, D_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.d_maxpool[0][0][0][0], D_MAXPOOL_SIZE));
    d_maxpool_backward(net, batch);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward(net, batch);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_slope(net, batch);
    d_backward_input(net, batch);
    probe_look_at_gradient(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->dvalue.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    c_dropout_backward(net, batch);
    probe_look_at_gradient(probe, C_MAXPOOL_LAYER, examples, probe_row(&net->dvalue.c_maxpool[0][0][0][0], C_MAXPOOL_SIZE));
    c_maxpool_backward(net, batch);
    probe_look_at_gradient(probe, C_LAYER, examples, probe_row(&net->dvalue.c[0][0][0][0], C_SIZE));
    c_backward_slope(net, batch);
    c_backward_input(net, batch);
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
static void update(struct dropout_pool *net, double rate)
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

/* The forward pass alone */
static void infer(struct dropout_pool *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dropout_pool *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dropout_pool *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dropout_pool *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
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
    {MODEL_TENSOR(dropout_pool, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(dropout_pool, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, d.weight), 4, D_FILTERS, C_DROPOUT_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_HE},
    {MODEL_TENSOR(dropout_pool, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, e.weight), 4, E_FILTERS, D_DROPOUT_2_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_FILTERS, INIT_HE},
    {MODEL_TENSOR(dropout_pool, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(dropout_pool, f.weight), 2, F_UNITS, E_DROPOUT_CHANNELS, E_DROPOUT_HEIGHT, E_DROPOUT_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(dropout_pool, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
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
    infer(net, batch_of(split, NULL, first, count));
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
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dropout_pool *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static const real *probe(void *memory, const struct examples *split, size_t first, int count, const struct probe *probe)
{
    struct dropout_pool *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = false;
    load(net, batch, range_of_all((size_t)count));
    probe_forward(net, count, probe);
    output_loss(net, count);
    if (probe->gradient)
        probe_backward(net, count, probe);
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
