/* include.c - trains the network 'include': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "include.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* p_a: conv 2 3x3 relu
 * 5x5x1 -> 3x3x2, 20 parameters, 324 FLOP */

static void p_a_forward(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_A_HEIGHT; y++)
            for (int x = 0; x < P_A_WIDTH; x++)
                for (int f = 0; f < P_A_FILTERS; f++) {
                    real sum = net->param.p_a.bias[f];
                    for (int i = 0; i < P_A_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P_A_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.p_a.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.p_a[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void p_a_backward_output(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < P_A_HEIGHT; y++)
            for (int x = 0; x < P_A_WIDTH; x++)
                for (int c = 0; c < P_A_FILTERS; c++)
                    net->dvalue.p_a[n][y][x][c] = net->value.p_a[n][y][x][c] > 0 ? net->dvalue.p_a[n][y][x][c] : 0;
        real sum[P_A_FILTERS] = {0};
        for (int y = 0; y < P_A_HEIGHT; y++)
            for (int x = 0; x < P_A_WIDTH; x++)
                for (int c = 0; c < P_A_FILTERS; c++)
                    sum[c] += net->dvalue.p_a[n][y][x][c];
        for (int c = 0; c < P_A_FILTERS; c++)
            net->dparam.p_a.bias[c] += sum[c];
    }
}

static void p_a_backward_weight(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_A_HEIGHT; y++)
            for (int x = 0; x < P_A_WIDTH; x++)
                for (int i = 0; i < P_A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P_A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < P_A_FILTERS; f++)
                                net->dparam.p_a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.p_a[n][y][x][f];
}

/* p_b: conv 3 1x1
 * 3x3x2 -> 3x3x3, 9 parameters, 108 FLOP */

static void p_b_forward(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_B_HEIGHT; y++)
            for (int x = 0; x < P_B_WIDTH; x++)
                for (int f = 0; f < P_B_FILTERS; f++) {
                    real sum = net->param.p_b.bias[f];
                    for (int i = 0; i < P_B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < P_B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < P_A_FILTERS; c++)
                                sum += net->param.p_b.weight[i][j][c][f] * net->value.p_a[n][y + i][x + j][c];
                    net->value.p_b[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void p_b_backward_output(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[P_B_FILTERS] = {0};
        for (int y = 0; y < P_B_HEIGHT; y++)
            for (int x = 0; x < P_B_WIDTH; x++)
                for (int c = 0; c < P_B_FILTERS; c++)
                    sum[c] += net->dvalue.p_b[n][y][x][c];
        for (int c = 0; c < P_B_FILTERS; c++)
            net->dparam.p_b.bias[c] += sum[c];
    }
}

static void p_b_backward_weight(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_B_HEIGHT; y++)
            for (int x = 0; x < P_B_WIDTH; x++)
                for (int i = 0; i < P_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < P_A_FILTERS; c++)
                            for (int f = 0; f < P_B_FILTERS; f++)
                                net->dparam.p_b.weight[i][j][c][f] += net->value.p_a[n][y + i][x + j][c] * net->dvalue.p_b[n][y][x][f];
}

static void p_b_backward_input(struct include *net, int batch)
{
    memset(net->dvalue.p_a, 0, (size_t)batch * sizeof(net->dvalue.p_a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < P_B_HEIGHT; y++)
            for (int x = 0; x < P_B_WIDTH; x++)
                for (int i = 0; i < P_B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < P_B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < P_A_FILTERS; c++)
                            for (int f = 0; f < P_B_FILTERS; f++)
                                net->dvalue.p_a[n][y + i][x + j][c] += net->param.p_b.weight[i][j][c][f] * net->dvalue.p_b[n][y][x][f];
}

/* r_1_d: dense 4 tanh
 * 3x3x3 -> 4, 112 parameters, 216 FLOP */

static void r_1_d_forward(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.p_b[n][0][0][0];
        for (int u = 0; u < R_1_D_UNITS; u++) {
            real sum = net->param.r_1_d.bias[u];
            for (int k = 0; k < R_1_D_INPUTS; k++)
                sum += net->param.r_1_d.weight[k][u] * x[k];
            net->value.r_1_d[n][u] = real_tanh(sum);
        }
    }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void r_1_d_backward_output(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < R_1_D_UNITS; i++)
            net->dvalue.r_1_d[n][i] = net->dvalue.r_1_d[n][i] * (1 - net->value.r_1_d[n][i] * net->value.r_1_d[n][i]);
        for (int i = 0; i < R_1_D_UNITS; i++)
            net->dparam.r_1_d.bias[i] += net->dvalue.r_1_d[n][i];
    }
}

static void r_1_d_backward_weight(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.p_b[n][0][0][0];
        for (int k = 0; k < R_1_D_INPUTS; k++)
            for (int u = 0; u < R_1_D_UNITS; u++)
                net->dparam.r_1_d.weight[k][u] += x[k] * net->dvalue.r_1_d[n][u];
    }
}

static void r_1_d_backward_input(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.p_b[n][0][0][0];
        for (int k = 0; k < R_1_D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < R_1_D_UNITS; u++)
                sum += net->dvalue.r_1_d[n][u] * net->param.r_1_d.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* r_2_d: dense 4 tanh
 * 4 -> 4, 20 parameters, 32 FLOP */

static void r_2_d_forward(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.r_1_d[n];
        for (int u = 0; u < R_2_D_UNITS; u++) {
            real sum = net->param.r_2_d.bias[u];
            for (int k = 0; k < R_2_D_INPUTS; k++)
                sum += net->param.r_2_d.weight[k][u] * x[k];
            net->value.r_2_d[n][u] = real_tanh(sum);
        }
    }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void r_2_d_backward_output(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < R_2_D_UNITS; i++)
            net->dvalue.r_2_d[n][i] = net->dvalue.r_2_d[n][i] * (1 - net->value.r_2_d[n][i] * net->value.r_2_d[n][i]);
        for (int i = 0; i < R_2_D_UNITS; i++)
            net->dparam.r_2_d.bias[i] += net->dvalue.r_2_d[n][i];
    }
}

static void r_2_d_backward_weight(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.r_1_d[n];
        for (int k = 0; k < R_2_D_INPUTS; k++)
            for (int u = 0; u < R_2_D_UNITS; u++)
                net->dparam.r_2_d.weight[k][u] += x[k] * net->dvalue.r_2_d[n][u];
    }
}

static void r_2_d_backward_input(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.r_1_d[n];
        for (int k = 0; k < R_2_D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < R_2_D_UNITS; u++)
                sum += net->dvalue.r_2_d[n][u] * net->param.r_2_d.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* f: dense 2
 * 4 -> 2, 10 parameters, 16 FLOP */

static void f_forward(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.r_2_d[n];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.r_2_d[n];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct include *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.r_2_d[n];
        for (int k = 0; k < F_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < F_UNITS; u++)
                sum += net->dvalue.f[n][u] * net->param.f.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct include *net, int batch)
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
static void output_loss(struct include *net, int batch)
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

static void output_backward(struct include *net, int batch)
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
    struct include *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.p_a = (void *)(net->arena + P_A_AT);
    net->dvalue.p_a = (void *)(net->arena + P_A_GRADIENT_AT);
    net->value.p_b = (void *)(net->arena + P_B_AT);
    net->dvalue.p_b = (void *)(net->arena + P_B_GRADIENT_AT);
    net->value.r_1_d = (void *)(net->arena + R_1_D_AT);
    net->dvalue.r_1_d = (void *)(net->arena + R_1_D_GRADIENT_AT);
    net->value.r_2_d = (void *)(net->arena + R_2_D_AT);
    net->dvalue.r_2_d = (void *)(net->arena + R_2_D_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct include *net, int batch)
{
    p_a_forward(net, batch);
    p_b_forward(net, batch);
    r_1_d_forward(net, batch);
    r_2_d_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct include *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    r_2_d_backward_output(net, batch);
    r_2_d_backward_weight(net, batch);
    r_2_d_backward_input(net, batch);
    r_1_d_backward_output(net, batch);
    r_1_d_backward_weight(net, batch);
    r_1_d_backward_input(net, batch);
    p_b_backward_output(net, batch);
    p_b_backward_weight(net, batch);
    p_b_backward_input(net, batch);
    p_a_backward_output(net, batch);
    p_a_backward_weight(net, batch);
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
static void update(struct include *net, double rate)
{
    sgd_step(SGD_TENSOR(p_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_1_d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_1_d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_2_d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_2_d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct include *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct include *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct include *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct include *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct include *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct include *net, struct training *run, struct training_epoch *row)
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
    struct include *net = memory;
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
    {"input", "input 5x5x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"p_a", "conv 2 3x3 relu", {P_A_HEIGHT, P_A_WIDTH, P_A_FILTERS, false}, P_A_PARAMETERS, P_A_FLOP, P_A_AT, P_A_SIZE},
    {"p_b", "conv 3 1x1", {P_B_HEIGHT, P_B_WIDTH, P_B_FILTERS, false}, P_B_PARAMETERS, P_B_FLOP, P_B_AT, P_B_SIZE},
    {"r_1_d", "dense 4 tanh", {1, 1, R_1_D_UNITS, true}, R_1_D_PARAMETERS, R_1_D_FLOP, R_1_D_AT, R_1_D_UNITS},
    {"r_2_d", "dense 4 tanh", {1, 1, R_2_D_UNITS, true}, R_2_D_PARAMETERS, R_2_D_FLOP, R_2_D_AT, R_2_D_UNITS},
    {"f", "dense 2", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(include, p_a.weight), 4, P_A_FILTERS, INPUT_CHANNELS, P_A_KERNEL_HEIGHT, P_A_KERNEL_WIDTH, P_A_FILTERS, INIT_HE},
    {MODEL_TENSOR(include, p_a.bias), 1, P_A_FILTERS, 1, 1, 1, P_A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(include, p_b.weight), 4, P_B_FILTERS, P_A_FILTERS, P_B_KERNEL_HEIGHT, P_B_KERNEL_WIDTH, P_B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(include, p_b.bias), 1, P_B_FILTERS, 1, 1, 1, P_B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(include, r_1_d.weight), 2, R_1_D_UNITS, P_B_FILTERS, P_B_HEIGHT, P_B_WIDTH, R_1_D_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(include, r_1_d.bias), 1, R_1_D_UNITS, 1, 1, 1, R_1_D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(include, r_2_d.weight), 2, R_2_D_UNITS, R_1_D_UNITS, 1, 1, R_2_D_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(include, r_2_d.bias), 1, R_2_D_UNITS, 1, 1, 1, R_2_D_UNITS, INIT_ZERO},
    {MODEL_TENSOR(include, f.weight), 2, F_UNITS, R_2_D_UNITS, 1, 1, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(include, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(include, param),
    MODEL_PIECE(include, best),
    MODEL_PIECE(include, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct include *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct include *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct include *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model include_model = {
    MODEL_OF(include),
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
    return trainer_main(&include_model, argc, argv);
}
#endif
