/* layernorm.c - trains the network 'layernorm': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "layernorm.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* i: layernorm
 * 5x5x3 -> 5x5x3, 6 parameters */

static void i_forward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < I_HEIGHT; y++)
            for (int x = 0; x < I_WIDTH; x++) {
                real mean = 0, variance = 0;
                for (int c = 0; c < I_CHANNELS; c++)
                    mean += net->value.input[n][y][x][c] / I_CHANNELS;
                for (int c = 0; c < I_CHANNELS; c++)
                    variance += (net->value.input[n][y][x][c] - mean) * (net->value.input[n][y][x][c] - mean) / I_CHANNELS;
                const real scale = 1 / real_sqrt(variance + I_EPS);
                for (int c = 0; c < I_CHANNELS; c++)
                    net->value.i[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = (net->value.input[n][y][x][c] - mean) * scale * net->param.i.weight[c] + net->param.i.bias[c];
            }
}

static void i_backward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < I_HEIGHT; y++)
            for (int x = 0; x < I_WIDTH; x++) {
                real mean = 0, variance = 0;
                for (int c = 0; c < I_CHANNELS; c++)
                    mean += net->value.input[n][y][x][c] / I_CHANNELS;
                for (int c = 0; c < I_CHANNELS; c++)
                    variance += (net->value.input[n][y][x][c] - mean) * (net->value.input[n][y][x][c] - mean) / I_CHANNELS;
                const real scale = 1 / real_sqrt(variance + I_EPS);
                for (int c = 0; c < I_CHANNELS; c++) {
                    const real dz = net->dvalue.i[n][y + C_PAD_TOP][x + C_PAD_LEFT][c], away = (net->value.input[n][y][x][c] - mean) * scale;
                    net->dparam.i.bias[c] += dz;
                    net->dparam.i.weight[c] += dz * away;
                }
            }
}

/* c: conv 6 3x3 pad=1 layernorm relu
 * 5x5x3 -> 5x5x6, 168 parameters, 8.1 kFLOP */

static void c_forward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < I_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.i[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void c_backward_output(struct layernorm *net, int batch)
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

static void c_backward_weight(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < I_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.i[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct layernorm *net, int batch)
{
    memset(net->dvalue.i, 0, (size_t)batch * sizeof(net->dvalue.i[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < I_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.i[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

static void c_layernorm_forward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_LAYERNORM_HEIGHT; y++)
            for (int x = 0; x < C_LAYERNORM_WIDTH; x++) {
                real mean = 0, variance = 0;
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    mean += net->value.c[n][y][x][c] / C_LAYERNORM_CHANNELS;
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    variance += (net->value.c[n][y][x][c] - mean) * (net->value.c[n][y][x][c] - mean) / C_LAYERNORM_CHANNELS;
                const real scale = 1 / real_sqrt(variance + C_LAYERNORM_EPS);
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++) {
                    const real z = (net->value.c[n][y][x][c] - mean) * scale * net->param.c_layernorm.weight[c] + net->param.c_layernorm.bias[c];
                    net->value.c_layernorm[n][y][x][c] = z < 0 ? 0 : z;
                }
            }
}

static void c_layernorm_backward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_LAYERNORM_HEIGHT; y++)
            for (int x = 0; x < C_LAYERNORM_WIDTH; x++) {
                real mean = 0, variance = 0;
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    mean += net->value.c[n][y][x][c] / C_LAYERNORM_CHANNELS;
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    variance += (net->value.c[n][y][x][c] - mean) * (net->value.c[n][y][x][c] - mean) / C_LAYERNORM_CHANNELS;
                const real scale = 1 / real_sqrt(variance + C_LAYERNORM_EPS);
                real level = 0, slope = 0; /* means of gain dz, and of gain dz x̂ */
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++) {
                    net->dvalue.c_layernorm[n][y][x][c] = net->value.c_layernorm[n][y][x][c] > 0 ? net->dvalue.c_layernorm[n][y][x][c] : 0;
                    const real dz = net->dvalue.c_layernorm[n][y][x][c], away = (net->value.c[n][y][x][c] - mean) * scale;
                    net->dparam.c_layernorm.bias[c] += dz;
                    net->dparam.c_layernorm.weight[c] += dz * away;
                    level += dz * net->param.c_layernorm.weight[c] / C_LAYERNORM_CHANNELS;
                    slope += dz * net->param.c_layernorm.weight[c] * away / C_LAYERNORM_CHANNELS;
                }
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    net->dvalue.c[n][y][x][c] = scale * (net->dvalue.c_layernorm[n][y][x][c] * net->param.c_layernorm.weight[c] - level - (net->value.c[n][y][x][c] - mean) * scale * slope);
            }
}

/* f: dense 7 layernorm(eps=1e-3)
 * 5x5x6 -> 7, 1057 parameters, 2.1 kFLOP */

static void f_forward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.c_layernorm[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.c_layernorm[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.c_layernorm[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

static void f_layernorm_forward(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real mean = 0, variance = 0;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            mean += net->value.f[n][c] / F_LAYERNORM_UNITS;
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            variance += (net->value.f[n][c] - mean) * (net->value.f[n][c] - mean) / F_LAYERNORM_UNITS;
        const real scale = 1 / real_sqrt(variance + F_LAYERNORM_EPS);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++)
            net->value.f_layernorm[n][c] = (net->value.f[n][c] - mean) * scale * net->param.f_layernorm.weight[c] + net->param.f_layernorm.bias[c];
    }
}

static void f_layernorm_backward(struct layernorm *net, int batch)
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

/* g: dense 3
 * 7 -> 3, 24 parameters, 42 FLOP */

static void g_forward(struct layernorm *net, int batch)
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
static void g_backward_output(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < G_UNITS; i++)
            net->dparam.g.bias[i] += net->dvalue.g[n][i];
    }
}

static void g_backward_weight(struct layernorm *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.f_layernorm[n];
        for (int k = 0; k < G_INPUTS; k++)
            for (int u = 0; u < G_UNITS; u++)
                net->dparam.g.weight[k][u] += x[k] * net->dvalue.g[n][u];
    }
}

static void g_backward_input(struct layernorm *net, int batch)
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

static void output_forward(struct layernorm *net, int batch)
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
static void output_loss(struct layernorm *net, int batch)
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

static void output_backward(struct layernorm *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
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
    struct layernorm *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.i = (void *)(net->arena + I_AT);
    net->dvalue.i = (void *)(net->arena + I_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_layernorm = (void *)(net->arena + C_LAYERNORM_AT);
    net->dvalue.c_layernorm = (void *)(net->arena + C_LAYERNORM_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_layernorm = (void *)(net->arena + F_LAYERNORM_AT);
    net->dvalue.f_layernorm = (void *)(net->arena + F_LAYERNORM_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct layernorm *net, int batch)
{
    i_forward(net, batch);
    c_forward(net, batch);
    c_layernorm_forward(net, batch);
    f_forward(net, batch);
    f_layernorm_forward(net, batch);
    g_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct layernorm *net, int batch)
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
    c_layernorm_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    i_backward(net, batch);
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
static void update(struct layernorm *net, double rate)
{
    sgd_step(SGD_TENSOR(i.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(i.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_layernorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_layernorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct layernorm *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct layernorm *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct layernorm *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct layernorm *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct layernorm *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct layernorm *net, struct training *run, struct training_epoch *row)
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
    struct layernorm *net = memory;
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
    {"input", "input 5x5x3", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"i", "layernorm", {I_HEIGHT, I_WIDTH, I_CHANNELS, false}, I_PARAMETERS, 0, I_AT, I_PADDED_SIZE},
    {"c", "conv 6 3x3 pad=1 layernorm relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_layernorm", "layernorm", {C_LAYERNORM_HEIGHT, C_LAYERNORM_WIDTH, C_LAYERNORM_CHANNELS, false}, C_LAYERNORM_PARAMETERS, 0, C_LAYERNORM_AT, C_LAYERNORM_SIZE},
    {"f", "dense 7 layernorm(eps=1e-3)", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_layernorm", "layernorm", {1, 1, F_LAYERNORM_UNITS, true}, F_LAYERNORM_PARAMETERS, 0, F_LAYERNORM_AT, F_LAYERNORM_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(layernorm, i.weight), 1, I_CHANNELS, 1, 1, 1, I_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(layernorm, i.bias), 1, I_CHANNELS, 1, 1, 1, I_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, c.weight), 4, C_FILTERS, I_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(layernorm, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, c_layernorm.weight), 1, C_LAYERNORM_CHANNELS, 1, 1, 1, C_LAYERNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(layernorm, c_layernorm.bias), 1, C_LAYERNORM_CHANNELS, 1, 1, 1, C_LAYERNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, f.weight), 2, F_UNITS, C_LAYERNORM_CHANNELS, C_LAYERNORM_HEIGHT, C_LAYERNORM_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(layernorm, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(layernorm, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, g.weight), 2, G_UNITS, F_LAYERNORM_UNITS, 1, 1, G_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(layernorm, g.bias), 1, G_UNITS, 1, 1, 1, G_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(layernorm, param),
    MODEL_PIECE(layernorm, best),
    MODEL_PIECE(layernorm, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct layernorm *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct layernorm *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct layernorm *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model layernorm_model = {
    MODEL_OF(layernorm),
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
    return trainer_main(&layernorm_model, argc, argv);
}
#endif
