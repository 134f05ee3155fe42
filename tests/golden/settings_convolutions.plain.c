/* settings_convolutions.c - trains the network 'settings_convolutions': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "settings_convolutions.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 4 3x3 pad=1 init=glorot l1=1e-3 l2=1e-2 relu
 * 6x6x2 -> 6x6x4, 76 parameters, 5.18 kFLOP */

static void a_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int f = 0; f < A_FILTERS; f++) {
                    real sum = net->param.a.bias[f];
                    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.a.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] = net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] > 0 ? net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] : 0;
        real sum[A_FILTERS] = {0};
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    sum[c] += net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c];
        for (int c = 0; c < A_FILTERS; c++)
            net->dparam.a.bias[c] += sum[c];
    }
}

static void a_backward_weight(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < A_FILTERS; f++)
                                net->dparam.a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][f];
}

/* b: depthwise 3x3 pad=1 init=he l1=1e-3 relu
 * 6x6x4 -> 6x6x4, 40 parameters, 2.59 kFLOP */

static void b_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int f = 0; f < B_FILTERS; f++) {
                    real sum = net->param.b.bias[f];
                    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < B_KERNEL_WIDTH; j++)
                            sum += net->param.b.weight[i][j][f] * net->value.a[n][y + i][x + j][f];
                    net->value.b[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->value.b[n][y][x][c] > 0 ? net->dvalue.b[n][y][x][c] : 0;
        real sum[B_FILTERS] = {0};
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    sum[c] += net->dvalue.b[n][y][x][c];
        for (int c = 0; c < B_FILTERS; c++)
            net->dparam.b.bias[c] += sum[c];
    }
}

static void b_backward_weight(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int f = 0; f < B_FILTERS; f++)
                            net->dparam.b.weight[i][j][f] += net->value.a[n][y + i][x + j][f] * net->dvalue.b[n][y][x][f];
}

static void b_backward_input(struct settings_convolutions *net, int batch)
{
    memset(net->dvalue.a, 0, (size_t)batch * sizeof(net->dvalue.a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int f = 0; f < B_FILTERS; f++)
                            net->dvalue.a[n][y + i][x + j][f] += net->param.b.weight[i][j][f] * net->dvalue.b[n][y][x][f];
}

/* c: depthwise 3x3 frozen tanh
 * 6x6x4 -> 4x4x4, 1.15 kFLOP */

static void c_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            sum += net->param.c.weight[i][j][f] * net->value.b[n][y + i][x + j][f];
                    net->value.c[n][y][x][f] = real_tanh(sum);
                }
}

/* dz = dy * tanh'(z), in the place of dy */
static void c_backward_output(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y][x][c] * net->value.c[n][y][x][c]);
    }
}

static void c_backward_input(struct settings_convolutions *net, int batch)
{
    memset(net->dvalue.b, 0, (size_t)batch * sizeof(net->dvalue.b[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int f = 0; f < C_FILTERS; f++)
                            net->dvalue.b[n][y + i][x + j][f] += net->param.c.weight[i][j][f] * net->dvalue.c[n][y][x][f];
}

/* d: conv_transpose 3 2x2 stride=2 init=he l1=1e-3 l2=1e-2 relu
 * 4x4x4 -> 8x8x3, 51 parameters, 1.54 kFLOP */

static void d_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->value.d[n][y][x][c] = net->param.d.bias[c];
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++) {
                        const int row = y * D_STRIDE_Y + i, column = x * D_STRIDE_X + j;
                        for (int f = 0; f < D_FILTERS; f++)
                            for (int c = 0; c < C_FILTERS; c++)
                                net->value.d[n][row][column][f] += net->param.d.weight[i][j][f][c] * net->value.c[n][y][x][c];
                    }
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->value.d[n][y][x][c] = net->value.d[n][y][x][c] < 0 ? 0 : net->value.d[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct settings_convolutions *net, int batch)
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

static void d_backward_weight(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++) {
                        const int row = y * D_STRIDE_Y + i, column = x * D_STRIDE_X + j;
                        for (int f = 0; f < D_FILTERS; f++)
                            for (int c = 0; c < C_FILTERS; c++)
                                net->dparam.d.weight[i][j][f][c] += net->dvalue.d[n][row][column][f] * net->value.c[n][y][x][c];
                    }
}

static void d_backward_input(struct settings_convolutions *net, int batch)
{
    memset(net->dvalue.c, 0, (size_t)batch * sizeof(net->dvalue.c[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++) {
                        const int row = y * D_STRIDE_Y + i, column = x * D_STRIDE_X + j;
                        for (int f = 0; f < D_FILTERS; f++)
                            for (int c = 0; c < C_FILTERS; c++)
                                net->dvalue.c[n][y][x][c] += net->dvalue.d[n][row][column][f] * net->param.d.weight[i][j][f][c];
                    }
}

/* e: conv_transpose 2 2x2 frozen sigmoid
 * 8x8x3 -> 9x9x2, 3.07 kFLOP */

static void e_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->value.e[n][y][x][c] = net->param.e.bias[c];
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++) {
                        const int row = y + i, column = x + j;
                        for (int f = 0; f < E_FILTERS; f++)
                            for (int c = 0; c < D_FILTERS; c++)
                                net->value.e[n][row][column][f] += net->param.e.weight[i][j][f][c] * net->value.d[n][y][x][c];
                    }
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->value.e[n][y][x][c] = sigmoid(net->value.e[n][y][x][c]);
}

/* dz = dy * sigmoid'(z), in the place of dy */
static void e_backward_output(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->dvalue.e[n][y][x][c] * net->value.e[n][y][x][c] * (1 - net->value.e[n][y][x][c]);
    }
}

static void e_backward_input(struct settings_convolutions *net, int batch)
{
    memset(net->dvalue.d, 0, (size_t)batch * sizeof(net->dvalue.d[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++) {
                        const int row = y + i, column = x + j;
                        for (int f = 0; f < E_FILTERS; f++)
                            for (int c = 0; c < D_FILTERS; c++)
                                net->dvalue.d[n][y][x][c] += net->dvalue.e[n][row][column][f] * net->param.e.weight[i][j][f][c];
                    }
}

/* globalpool avg
 * 9x9x2 -> 2 */

static void e_globalpool_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int c = 0; c < E_GLOBALPOOL_UNITS; c++) {
            real sum = 0;
            for (int y = 0; y < E_HEIGHT; y++)
                for (int x = 0; x < E_WIDTH; x++)
                    sum += net->value.e[n][y][x][c];
            net->value.e_globalpool[n][c] = sum / (E_HEIGHT * E_WIDTH);
        }
}

static void e_globalpool_backward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int c = 0; c < E_GLOBALPOOL_UNITS; c++) {
            const real share = net->dvalue.e_globalpool[n][c] / (E_HEIGHT * E_WIDTH);
            for (int y = 0; y < E_HEIGHT; y++)
                for (int x = 0; x < E_WIDTH; x++)
                    net->dvalue.e[n][y][x][c] = share;
        }
}

/* f: dense 3
 * 2 -> 3, 9 parameters, 12 FLOP */

static void f_forward(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_globalpool[n];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_globalpool[n];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct settings_convolutions *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.e_globalpool[n];
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

static void output_forward(struct settings_convolutions *net, int batch)
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
static void output_loss(struct settings_convolutions *net, int batch)
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

static void output_backward(struct settings_convolutions *net, int batch)
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
    struct settings_convolutions *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_globalpool = (void *)(net->arena + E_GLOBALPOOL_AT);
    net->dvalue.e_globalpool = (void *)(net->arena + E_GLOBALPOOL_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct settings_convolutions *net, int batch)
{
    a_forward(net, batch);
    b_forward(net, batch);
    c_forward(net, batch);
    d_forward(net, batch);
    e_forward(net, batch);
    e_globalpool_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct settings_convolutions *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    e_globalpool_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_input(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_backward_output(net, batch);
    c_backward_input(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_backward_output(net, batch);
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
    (real *)net->param.name, (const real *)net->dparam.name, NULL, range_of_all(sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct settings_convolutions *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate, .l1 = A_L1, .l2 = A_L2});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate, .l1 = B_L1});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate, .l1 = D_L1, .l2 = D_L2});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct settings_convolutions *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct settings_convolutions *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct settings_convolutions *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct settings_convolutions *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct settings_convolutions *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct settings_convolutions *net, struct training *run, struct training_epoch *row)
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
    struct settings_convolutions *net = memory;
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
    {"a", "conv 4 3x3 pad=1 init=glorot l1=1e-3 l2=1e-2 relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_PADDED_SIZE},
    {"b", "depthwise 3x3 pad=1 init=he l1=1e-3 relu", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"c", "depthwise 3x3 frozen tanh", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, 0, C_FLOP, C_AT, C_SIZE},
    {"d", "conv_transpose 3 2x2 stride=2 init=he l1=1e-3 l2=1e-2 relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"e", "conv_transpose 2 2x2 frozen sigmoid", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, 0, E_FLOP, E_AT, E_SIZE},
    {"e_globalpool", "globalpool avg", {1, 1, E_GLOBALPOOL_UNITS, true}, 0, 0, E_GLOBALPOOL_AT, E_GLOBALPOOL_UNITS},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(settings_convolutions, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(settings_convolutions, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, b.weight), 4, B_FILTERS, B_GROUP_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_FILTERS, INIT_HE},
    {MODEL_TENSOR(settings_convolutions, b.bias), 1, B_FILTERS, 1, 1, 1, B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, c.weight), 4, C_FILTERS, C_GROUP_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, d.weight), 4, C_FILTERS, D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(settings_convolutions, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, e.weight), 4, D_FILTERS, E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, D_FILTERS, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, f.weight), 2, F_UNITS, E_GLOBALPOOL_UNITS, 1, 1, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(settings_convolutions, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(settings_convolutions, param),
    MODEL_PIECE(settings_convolutions, best),
    MODEL_PIECE(settings_convolutions, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct settings_convolutions *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct settings_convolutions *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct settings_convolutions *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model settings_convolutions_model = {
    MODEL_OF(settings_convolutions),
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
    return trainer_main(&settings_convolutions_model, argc, argv);
}
#endif
