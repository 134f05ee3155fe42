/* upsample.c - trains the network 'upsample': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "upsample.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* f: dense 8 relu
 * 6 -> 8, 56 parameters, 96 FLOP */

static void f_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum < 0 ? 0 : sum;
        }
    }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.input[n];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

/* reshape 2x2x2
 * 8 -> 2x2x2 */

static void f_reshape_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *number = net->value.f[n];
        for (int y = 0; y < F_RESHAPE_HEIGHT; y++)
            for (int x = 0; x < F_RESHAPE_WIDTH; x++)
                for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                    net->value.f_reshape[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = *number++;
    }
}

static void f_reshape_backward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *number = net->dvalue.f[n];
        for (int y = 0; y < F_RESHAPE_HEIGHT; y++)
            for (int x = 0; x < F_RESHAPE_WIDTH; x++)
                for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                    *number++ = net->dvalue.f_reshape[n][y + C_PAD_TOP][x + C_PAD_LEFT][c];
    }
}

/* c: conv 3 3x3 pad=1
 * 2x2x2 -> 2x2x3, 57 parameters, 432 FLOP */

static void c_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.f_reshape[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void c_backward_output(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[C_FILTERS] = {0};
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    sum[c] += net->dvalue.c[n][y][x][c];
        for (int c = 0; c < C_FILTERS; c++)
            net->dparam.c.bias[c] += sum[c];
    }
}

static void c_backward_weight(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.f_reshape[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct upsample *net, int batch)
{
    memset(net->dvalue.f_reshape, 0, (size_t)batch * sizeof(net->dvalue.f_reshape[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.f_reshape[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

/* upsample 2x3
 * 2x2x3 -> 4x6x3 */

static void c_upsample_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->value.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->value.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c];
}

static void c_upsample_backward(struct upsample *net, int batch)
{
    memset(net->dvalue.c, 0, (size_t)batch * sizeof(net->dvalue.c[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c] += net->dvalue.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c];
}

/* d: conv 2 3x3 pad=1 relu
 * 4x6x3 -> 4x6x2, 56 parameters, 2.59 kFLOP */

static void d_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int f = 0; f < D_FILTERS; f++) {
                    real sum = net->param.d.bias[f];
                    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < D_KERNEL_WIDTH; j++)
                            for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                                sum += net->param.d.weight[i][j][c][f] * net->value.c_upsample[n][y + i][x + j][c];
                    net->value.d[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct upsample *net, int batch)
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

static void d_backward_weight(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dparam.d.weight[i][j][c][f] += net->value.c_upsample[n][y + i][x + j][c] * net->dvalue.d[n][y][x][f];
}

static void d_backward_input(struct upsample *net, int batch)
{
    memset(net->dvalue.c_upsample, 0, (size_t)batch * sizeof(net->dvalue.c_upsample[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                            for (int f = 0; f < D_FILTERS; f++)
                                net->dvalue.c_upsample[n][y + i][x + j][c] += net->param.d.weight[i][j][c][f] * net->dvalue.d[n][y][x][f];
}

/* upsample
 * 4x6x2 -> 8x12x2 */

static void d_upsample_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < D_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                    net->value.d_upsample[n][y][x][c] = net->value.d[n][y / D_UPSAMPLE_FACTOR_Y][x / D_UPSAMPLE_FACTOR_X][c];
}

static void d_upsample_backward(struct upsample *net, int batch)
{
    memset(net->dvalue.d, 0, (size_t)batch * sizeof(net->dvalue.d[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < D_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.d[n][y / D_UPSAMPLE_FACTOR_Y][x / D_UPSAMPLE_FACTOR_X][c] += net->dvalue.d_upsample[n][y][x][c];
}

/* e: conv 1 3x3
 * 8x12x2 -> 6x10x1, 19 parameters, 2.16 kFLOP */

static void e_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int f = 0; f < E_FILTERS; f++) {
                    real sum = net->param.e.bias[f];
                    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < E_KERNEL_WIDTH; j++)
                            for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                                sum += net->param.e.weight[i][j][c][f] * net->value.d_upsample[n][y + i][x + j][c];
                    net->value.e[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void e_backward_output(struct upsample *net, int batch)
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

static void e_backward_weight(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dparam.e.weight[i][j][c][f] += net->value.d_upsample[n][y + i][x + j][c] * net->dvalue.e[n][y][x][f];
}

static void e_backward_input(struct upsample *net, int batch)
{
    memset(net->dvalue.d_upsample, 0, (size_t)batch * sizeof(net->dvalue.d_upsample[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                            for (int f = 0; f < E_FILTERS; f++)
                                net->dvalue.d_upsample[n][y + i][x + j][c] += net->param.e.weight[i][j][c][f] * net->dvalue.e[n][y][x][f];
}

/* reshape 60
 * 6x10x1 -> 60 */

static void e_reshape_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *number = &net->value.e[n][0][0][0];
        for (int i = 0; i < E_RESHAPE_UNITS; i++)
            net->value.e_reshape[n][i] = *number++;
    }
}

static void e_reshape_backward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *number = &net->dvalue.e[n][0][0][0];
        for (int i = 0; i < E_RESHAPE_UNITS; i++)
            *number++ = net->dvalue.e_reshape[n][i];
    }
}

/* g: dense 3
 * 60 -> 3, 183 parameters, 360 FLOP */

static void g_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_reshape[n];
        for (int u = 0; u < G_UNITS; u++) {
            real sum = net->param.g.bias[u];
            for (int k = 0; k < G_INPUTS; k++)
                sum += net->param.g.weight[k][u] * x[k];
            net->value.g[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void g_backward_output(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.e_reshape[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.e_reshape[n];
        for (int k = 0; k < G_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < G_UNITS; u++)
                sum += net->dvalue.g[n][u] * net->param.g.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output squared_error
 * 3 -> 3 */

static void output_forward(struct upsample *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.g[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct upsample *net, int batch)
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

static void output_backward(struct upsample *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.g[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct upsample *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_reshape = (void *)(net->arena + F_RESHAPE_AT);
    net->dvalue.f_reshape = (void *)(net->arena + F_RESHAPE_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_upsample = (void *)(net->arena + C_UPSAMPLE_AT);
    net->dvalue.c_upsample = (void *)(net->arena + C_UPSAMPLE_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.d_upsample = (void *)(net->arena + D_UPSAMPLE_AT);
    net->dvalue.d_upsample = (void *)(net->arena + D_UPSAMPLE_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.e_reshape = (void *)(net->arena + E_RESHAPE_AT);
    net->dvalue.e_reshape = (void *)(net->arena + E_RESHAPE_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct upsample *net, int batch)
{
    f_forward(net, batch);
    f_reshape_forward(net, batch);
    c_forward(net, batch);
    c_upsample_forward(net, batch);
    d_forward(net, batch);
    d_upsample_forward(net, batch);
    e_forward(net, batch);
    e_reshape_forward(net, batch);
    g_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct upsample *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    g_backward_output(net, batch);
    g_backward_weight(net, batch);
    g_backward_input(net, batch);
    e_reshape_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_upsample_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_upsample_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    f_reshape_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
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
static void update(struct upsample *net, double rate)
{
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct upsample *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone */
static void infer(struct upsample *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct upsample *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct upsample *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct upsample *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct upsample *net, struct training *run, struct training_epoch *row)
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
    struct upsample *net = memory;
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
    {"input", "input 6", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"f", "dense 8 relu", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_reshape", "reshape 2x2x2", {F_RESHAPE_HEIGHT, F_RESHAPE_WIDTH, F_RESHAPE_CHANNELS, false}, 0, 0, F_RESHAPE_AT, F_RESHAPE_PADDED_SIZE},
    {"c", "conv 3 3x3 pad=1", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_upsample", "upsample 2x3", {C_UPSAMPLE_HEIGHT, C_UPSAMPLE_WIDTH, C_UPSAMPLE_CHANNELS, false}, 0, 0, C_UPSAMPLE_AT, C_UPSAMPLE_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=1 relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_upsample", "upsample", {D_UPSAMPLE_HEIGHT, D_UPSAMPLE_WIDTH, D_UPSAMPLE_CHANNELS, false}, 0, 0, D_UPSAMPLE_AT, D_UPSAMPLE_SIZE},
    {"e", "conv 1 3x3", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"e_reshape", "reshape 60", {1, 1, E_RESHAPE_UNITS, true}, 0, 0, E_RESHAPE_AT, E_RESHAPE_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(upsample, f.weight), 2, F_UNITS, INPUT_UNITS, 1, 1, F_UNITS, INIT_HE},
    {MODEL_TENSOR(upsample, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(upsample, c.weight), 4, C_FILTERS, F_RESHAPE_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(upsample, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(upsample, d.weight), 4, D_FILTERS, C_UPSAMPLE_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_HE},
    {MODEL_TENSOR(upsample, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(upsample, e.weight), 4, E_FILTERS, D_UPSAMPLE_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(upsample, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(upsample, g.weight), 2, G_UNITS, E_RESHAPE_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(upsample, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(upsample, param),
    MODEL_PIECE(upsample, best),
    MODEL_PIECE(upsample, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct upsample *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct upsample *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct upsample *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model upsample_model = {
    MODEL_OF(upsample),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
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
    return trainer_main(&upsample_model, argc, argv);
}
#endif
