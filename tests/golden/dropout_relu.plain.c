/* dropout_relu.c - trains the network 'dropout_relu': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dropout_relu.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 3 3x3 relu
 * 6x6x1 -> 4x4x3, 30 parameters, 864 FLOP */

static void c_forward(struct dropout_relu *net, int batch)
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
static void c_backward_output(struct dropout_relu *net, int batch)
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

static void c_backward_weight(struct dropout_relu *net, int batch)
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
static void c_backward_slope(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

static void c_backward_input(struct dropout_relu *net, int batch)
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

/* dropout 0.3
 * 4x4x3 -> 4x4x3 */

static void c_dropout_forward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : C_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : C_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < C_DROPOUT_WIDTH; x++)
                for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                    net->value.c_dropout[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * C_DROPOUT_WIDTH + x) * C_DROPOUT_CHANNELS + c)) ? net->value.c[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void c_dropout_backward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training ? 0 : C_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * C_SIZE + (uint32_t)((y * C_WIDTH + x) * C_FILTERS + c)) ? net->dvalue.c_dropout[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] / (real)(1 - dropout.rate) : 0;
}

/* d: conv 2 3x3 pad=1 bias=no relu
 * 4x4x3 -> 4x4x2, 54 parameters, 1.73 kFLOP */

static void d_forward(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int f = 0; f < D_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < D_KERNEL_WIDTH; j++)
                            for (int c = 0; c < C_DROPOUT_CHANNELS; c++)
                                sum += net->param.d.weight[i][j][c][f] * net->value.c_dropout[n][y + i][x + j][c];
                    net->value.d[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy */
static void d_backward_output(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
    }
}

static void d_backward_weight(struct dropout_relu *net, int batch)
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

static void d_backward_input(struct dropout_relu *net, int batch)
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
static void d_backward_slope(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
}

/* dropout 0.1
 * 4x4x2 -> 4x4x2 */

static void d_dropout_forward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_DROPOUT_HEIGHT; y++)
            for (int x = 0; x < D_DROPOUT_WIDTH; x++)
                for (int c = 0; c < D_DROPOUT_CHANNELS; c++)
                    net->value.d_dropout[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)((y * D_DROPOUT_WIDTH + x) * D_DROPOUT_CHANNELS + c)) ? net->value.d[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

static void d_dropout_backward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = dropout_keeps_element(dropout, (uint32_t)n * D_SIZE + (uint32_t)((y * D_WIDTH + x) * D_FILTERS + c)) ? net->dvalue.d_dropout[n][y][x][c] / (real)(1 - dropout.rate) : 0;
}

/* f: dense 5 relu dropout(0.5)
 * 4x4x2 -> 5, 165 parameters, 320 FLOP */

static void f_forward(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.d_dropout[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum < 0 ? 0 : sum;
        }
    }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.d_dropout[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct dropout_relu *net, int batch)
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

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void f_backward_slope(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
}

static void f_dropout_forward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : F_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : F_DROPOUT_UNITS; /* a sample has one mask for all examples */
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_DROPOUT_UNITS; i++)
            net->value.f_dropout[n][i] = dropout_keeps_element(dropout, (uint32_t)n * apart + (uint32_t)i) ? net->value.f[n][i] / (real)(1 - dropout.rate) : 0;
}

static void f_dropout_backward(struct dropout_relu *net, int batch)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training ? 0 : F_DROPOUT_RATE};
    for (int n = 0; n < batch; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = dropout_keeps_element(dropout, (uint32_t)n * F_UNITS + (uint32_t)i) ? net->dvalue.f_dropout[n][i] / (real)(1 - dropout.rate) : 0;
}

/* g: dense 3
 * 5 -> 3, 18 parameters, 30 FLOP */

static void g_forward(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_dropout[n];
        for (int u = 0; u < G_UNITS; u++) {
            real sum = net->param.g.bias[u];
            for (int k = 0; k < G_INPUTS; k++)
                sum += net->param.g.weight[k][u] * x[k];
            net->value.g[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void g_backward_output(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_dropout[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct dropout_relu *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.f_dropout[n];
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

static void output_forward(struct dropout_relu *net, int batch)
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
static void output_loss(struct dropout_relu *net, int batch)
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

static void output_backward(struct dropout_relu *net, int batch)
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
    struct dropout_relu *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_dropout = (void *)(net->arena + C_DROPOUT_AT);
    net->dvalue.c_dropout = (void *)(net->arena + C_DROPOUT_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.d_dropout = (void *)(net->arena + D_DROPOUT_AT);
    net->dvalue.d_dropout = (void *)(net->arena + D_DROPOUT_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_dropout = (void *)(net->arena + F_DROPOUT_AT);
    net->dvalue.f_dropout = (void *)(net->arena + F_DROPOUT_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct dropout_relu *net, int batch)
{
    c_forward(net, batch);
    c_dropout_forward(net, batch);
    d_forward(net, batch);
    d_dropout_forward(net, batch);
    f_forward(net, batch);
    f_dropout_forward(net, batch);
    g_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dropout_relu *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    g_backward_output(net, batch);
    g_backward_weight(net, batch);
    g_backward_input(net, batch);
    f_dropout_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    d_dropout_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_dropout_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
}

/* The forward pass as a probe sees it */
static void probe_forward(struct dropout_relu *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_row(&net->value.input[0][0][0][0], INPUT_SIZE));
    c_forward(net, batch);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_dropout_forward(net, batch);
    probe_look_at_value(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->value.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    d_forward(net, batch);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    d_dropout_forward(net, batch);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    f_forward(net, batch);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    f_dropout_forward(net, batch);
    probe_look_at_value(probe, F_DROPOUT_LAYER, examples, probe_row(net->value.f_dropout[0], F_DROPOUT_UNITS));
    g_forward(net, batch);
    probe_look_at_value(probe, G_LAYER, examples, probe_row(net->value.g[0], G_UNITS));
    output_forward(net, batch);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct dropout_relu *net, int batch, const struct probe *probe)
{
    const struct range examples = range_of_all((size_t)batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch);
    else
        probe_set_unit(probe, examples, net->dvalue.g[0], G_UNITS);
    probe_look_at_gradient(probe, G_LAYER, examples, probe_row(net->dvalue.g[0], G_UNITS));
    g_backward_input(net, batch);
    probe_look_at_gradient(probe, F_DROPOUT_LAYER, examples, probe_row(net->dvalue.f_dropout[0], F_DROPOUT_UNITS));
    f_dropout_backward(net, batch);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    f_backward_slope(net, batch);
    f_backward_input(net, batch);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward(net, batch);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_slope(net, batch);
    d_backward_input(net, batch);
    probe_look_at_gradient(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->dvalue.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    c_dropout_backward(net, batch);
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
static void update(struct dropout_relu *net, double rate)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct dropout_relu *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct dropout_relu *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dropout_relu *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dropout_relu *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dropout_relu *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct dropout_relu *net, struct training *run, struct training_epoch *row)
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
    struct dropout_relu *net = memory;
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
    {"input", "input 6x6x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"c", "conv 3 3x3 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_dropout", "dropout 0.3", {C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH, C_DROPOUT_CHANNELS, false}, 0, 0, C_DROPOUT_AT, C_DROPOUT_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=1 bias=no relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_dropout", "dropout 0.1", {D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, D_DROPOUT_CHANNELS, false}, 0, 0, D_DROPOUT_AT, D_DROPOUT_SIZE},
    {"f", "dense 5 relu dropout(0.5)", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_dropout", "dropout", {1, 1, F_DROPOUT_UNITS, true}, 0, 0, F_DROPOUT_AT, F_DROPOUT_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(dropout_relu, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(dropout_relu, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(dropout_relu, d.weight), 4, D_FILTERS, C_DROPOUT_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_HE},
    {MODEL_TENSOR(dropout_relu, f.weight), 2, F_UNITS, D_DROPOUT_CHANNELS, D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, F_UNITS, INIT_HE},
    {MODEL_TENSOR(dropout_relu, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(dropout_relu, g.weight), 2, G_UNITS, F_DROPOUT_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(dropout_relu, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(dropout_relu, param),
    MODEL_PIECE(dropout_relu, best),
    MODEL_PIECE(dropout_relu, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct dropout_relu *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The same with dropout on, as the seed has it in sample `number`. */
static const real *sample(void *memory, const struct examples *split, size_t first, int count, uint64_t seed, uint64_t number)
{
    struct dropout_relu *net = memory;
    net->is_sampling = true;
    net->seed = seed;
    net->step = number;
    const real *prediction = predict(net, split, first, count);
    net->is_sampling = false;
    return prediction;
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dropout_relu *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dropout_relu *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static const real *probe(void *memory, const struct examples *split, size_t first, int count, const struct probe *probe)
{
    struct dropout_relu *net = memory;
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

const struct model dropout_relu_model = {
    MODEL_OF(dropout_relu),
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
    .probe_memory = sizeof(struct dropout_relu) + PROBE_ARENA_SIZE * sizeof(real),
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&dropout_relu_model, argc, argv);
}
#endif
