/* depthwise_wide.c - trains the network 'depthwise_wide': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "depthwise_wide.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 19 1x1 tanh
 * 9x8x3 -> 9x8x19, 76 parameters, 8.21 kFLOP */

static void a_forward(struct depthwise_wide *net, int batch)
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
                    net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][f] = real_tanh(sum);
                }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * (1 - net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
        real sum[A_FILTERS] = {0};
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    sum[c] += net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c];
        for (int c = 0; c < A_FILTERS; c++)
            net->dparam.a.bias[c] += sum[c];
    }
}

static void a_backward_weight(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < A_FILTERS; f++)
                                net->dparam.a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][f];
}

/* d: depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh
 * 9x8x19 -> 5x10x19, 133 parameters, 11.4 kFLOP */

static void d_forward(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int f = 0; f < D_FILTERS; f++) {
                    real sum = net->param.d.bias[f];
                    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < D_KERNEL_WIDTH; j++)
                            sum += net->param.d.weight[i][j][f] * net->value.a[n][y * D_STRIDE_Y + i][x + j * D_DILATION_X][f];
                    net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][f] = real_tanh(sum);
                }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] = net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] * (1 - net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] * net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c]);
        real sum[D_FILTERS] = {0};
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    sum[c] += net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c];
        for (int c = 0; c < D_FILTERS; c++)
            net->dparam.d.bias[c] += sum[c];
    }
}

static void d_backward_weight(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int f = 0; f < D_FILTERS; f++)
                            net->dparam.d.weight[i][j][f] += net->value.a[n][y * D_STRIDE_Y + i][x + j * D_DILATION_X][f] * net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][f];
}

static void d_backward_input(struct depthwise_wide *net, int batch)
{
    memset(net->dvalue.a, 0, (size_t)batch * sizeof(net->dvalue.a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < D_KERNEL_WIDTH; j++)
                        for (int f = 0; f < D_FILTERS; f++)
                            net->dvalue.a[n][y * D_STRIDE_Y + i][x + j * D_DILATION_X][f] += net->param.d.weight[i][j][f] * net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][f];
}

/* e: depthwise 2x5 pad=2 dilation=2x1 bias=no l2=1e-3 max_norm=0.4
 * 5x10x19 -> 7x10x19, 190 parameters, 26.6 kFLOP */

static void e_forward(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int f = 0; f < E_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < E_KERNEL_WIDTH; j++)
                            sum += net->param.e.weight[i][j][f] * net->value.d[n][y + i * E_DILATION_Y][x + j][f];
                    net->value.e[n][y][x][f] = sum;
                }
}

static void e_backward_weight(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int f = 0; f < E_FILTERS; f++)
                            net->dparam.e.weight[i][j][f] += net->value.d[n][y + i * E_DILATION_Y][x + j][f] * net->dvalue.e[n][y][x][f];
}

static void e_backward_input(struct depthwise_wide *net, int batch)
{
    memset(net->dvalue.d, 0, (size_t)batch * sizeof(net->dvalue.d[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < E_KERNEL_WIDTH; j++)
                        for (int f = 0; f < E_FILTERS; f++)
                            net->dvalue.d[n][y + i * E_DILATION_Y][x + j][f] += net->param.e.weight[i][j][f] * net->dvalue.e[n][y][x][f];
}

/* No weights into a filter or unit are longer than E_MAX_NORM */
static void e_limit_norm(struct depthwise_wide *net)
{
    const int inputs = E_WEIGHTS / E_FILTERS;
    for (int f = 0; f < E_FILTERS; f++) {
        real *weight = (real *)net->param.e.weight + f;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * E_FILTERS] * weight[k * E_FILTERS];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * E_FILTERS] *= norm > E_MAX_NORM ? E_MAX_NORM / norm : 1;
    }
}

/* f: dense 3
 * 7x10x19 -> 3, 3993 parameters, 7.98 kFLOP */

static void f_forward(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.e[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.e[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct depthwise_wide *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.e[n][0][0][0];
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

static void output_forward(struct depthwise_wide *net, int batch)
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
static void output_loss(struct depthwise_wide *net, int batch)
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

static void output_backward(struct depthwise_wide *net, int batch)
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
    struct depthwise_wide *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct depthwise_wide *net, int batch)
{
    a_forward(net, batch);
    d_forward(net, batch);
    e_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct depthwise_wide *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
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
static void update(struct depthwise_wide *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate, .l2 = E_L2});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    e_limit_norm(net);
}

/* Some examples of the batch, from the data into the network */
static void load(struct depthwise_wide *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct depthwise_wide *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct depthwise_wide *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct depthwise_wide *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct depthwise_wide *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct depthwise_wide *net, struct training *run, struct training_epoch *row)
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
    struct depthwise_wide *net = memory;
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
    {"input", "input 9x8x3", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"a", "conv 19 1x1 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_PADDED_SIZE},
    {"d", "depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_PADDED_SIZE},
    {"e", "depthwise 2x5 pad=2 dilation=2x1 bias=no l2=1e-3 max_norm=0.4", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(depthwise_wide, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(depthwise_wide, d.weight), 4, D_FILTERS, D_GROUP_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(depthwise_wide, e.weight), 4, E_FILTERS, E_GROUP_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, f.weight), 2, F_UNITS, E_FILTERS, E_HEIGHT, E_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(depthwise_wide, param),
    MODEL_PIECE(depthwise_wide, best),
    MODEL_PIECE(depthwise_wide, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct depthwise_wide *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct depthwise_wide *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct depthwise_wide *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model depthwise_wide_model = {
    MODEL_OF(depthwise_wide),
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
    return trainer_main(&depthwise_wide_model, argc, argv);
}
#endif
