/* frozen.c - trains the network 'frozen': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "frozen.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 2 3x3 frozen relu
 * 6x6x1 -> 4x4x2, 576 FLOP */

static void a_forward(struct frozen *net, int batch)
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
                    net->value.a[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* b: conv 3 3x3 relu
 * 4x4x2 -> 2x2x3, 57 parameters, 432 FLOP */

static void b_forward(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int f = 0; f < B_FILTERS; f++) {
                    real sum = net->param.b.bias[f];
                    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < B_KERNEL_WIDTH; j++)
                            for (int c = 0; c < A_FILTERS; c++)
                                sum += net->param.b.weight[i][j][c][f] * net->value.a[n][y + i][x + j][c];
                    net->value.b[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct frozen *net, int batch)
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

static void b_backward_weight(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int c = 0; c < A_FILTERS; c++)
                            for (int f = 0; f < B_FILTERS; f++)
                                net->dparam.b.weight[i][j][c][f] += net->value.a[n][y + i][x + j][c] * net->dvalue.b[n][y][x][f];
}

/* c: conv 2 1x1 frozen relu
 * 2x2x3 -> 2x2x2, 48 FLOP */

static void c_forward(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < B_FILTERS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.b[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy */
static void c_backward_output(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
    }
}

static void c_backward_input(struct frozen *net, int batch)
{
    memset(net->dvalue.b, 0, (size_t)batch * sizeof(net->dvalue.b[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < B_FILTERS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.b[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

/* d: dense 4 frozen
 * 2x2x2 -> 4, 64 FLOP */

static void d_forward(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.c[n][0][0][0];
        for (int u = 0; u < D_UNITS; u++) {
            real sum = net->param.d.bias[u];
            for (int k = 0; k < D_INPUTS; k++)
                sum += net->param.d.weight[k][u] * x[k];
            net->value.d[n][u] = sum;
        }
    }
}

static void d_backward_input(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.c[n][0][0][0];
        for (int k = 0; k < D_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < D_UNITS; u++)
                sum += net->dvalue.d[n][u] * net->param.d.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* e: dense 3
 * 4 -> 3, 15 parameters, 24 FLOP */

static void e_forward(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int u = 0; u < E_UNITS; u++) {
            real sum = net->param.e.bias[u];
            for (int k = 0; k < E_INPUTS; k++)
                sum += net->param.e.weight[k][u] * x[k];
            net->value.e[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void e_backward_output(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < E_UNITS; i++)
            net->dparam.e.bias[i] += net->dvalue.e[n][i];
    }
}

static void e_backward_weight(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = net->value.d[n];
        for (int k = 0; k < E_INPUTS; k++)
            for (int u = 0; u < E_UNITS; u++)
                net->dparam.e.weight[k][u] += x[k] * net->dvalue.e[n][u];
    }
}

static void e_backward_input(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = net->dvalue.d[n];
        for (int k = 0; k < E_INPUTS; k++) {
            real sum = 0;
            for (int u = 0; u < E_UNITS; u++)
                sum += net->dvalue.e[n][u] * net->param.e.weight[k][u];
            dx[k] = sum;
        }
    }
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = net->value.e[n];
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
static void output_loss(struct frozen *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        double loss = 0;
        const real *z = net->value.e[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct frozen *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = net->dvalue.e[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct frozen *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct frozen *net, int batch)
{
    a_forward(net, batch);
    b_forward(net, batch);
    c_forward(net, batch);
    d_forward(net, batch);
    e_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct frozen *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    e_backward_output(net, batch);
    e_backward_weight(net, batch);
    e_backward_input(net, batch);
    d_backward_input(net, batch);
    c_backward_output(net, batch);
    c_backward_input(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, range_of_all(sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct frozen *net, double rate)
{
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate, .momentum = MOMENTUM});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate, .momentum = MOMENTUM});
}

/* Some examples of the batch, from the data into the network */
static void load(struct frozen *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct frozen *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct frozen *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct frozen *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct frozen *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct frozen *net, struct training *run, struct training_epoch *row)
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
    struct frozen *net = memory;
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
    {"a", "conv 2 3x3 frozen relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, 0, A_FLOP, A_AT, A_SIZE},
    {"b", "conv 3 3x3 relu", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"c", "conv 2 1x1 frozen relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, 0, C_FLOP, C_AT, C_SIZE},
    {"d", "dense 4 frozen", {1, 1, D_UNITS, true}, 0, D_FLOP, D_AT, D_UNITS},
    {"e", "dense 3", {1, 1, E_UNITS, true}, E_PARAMETERS, E_FLOP, E_AT, E_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(frozen, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_FILTERS, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, b.weight), 4, B_FILTERS, A_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_FILTERS, INIT_HE},
    {MODEL_TENSOR(frozen, b.bias), 1, B_FILTERS, 1, 1, 1, B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(frozen, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, d.weight), 2, D_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, D_UNITS, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, d.bias), 1, D_UNITS, 1, 1, 1, D_UNITS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, e.weight), 2, E_UNITS, D_UNITS, 1, 1, E_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(frozen, e.bias), 1, E_UNITS, 1, 1, 1, E_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(frozen, param),
    MODEL_PIECE(frozen, velocity),
    MODEL_PIECE(frozen, best),
    MODEL_PIECE(frozen, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct frozen *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct frozen *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct frozen *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model frozen_model = {
    MODEL_OF(frozen),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE) " momentum=" TEXT_OF(MOMENTUM),
        .schedule = "constant",
        .penalty = "",
    },
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&frozen_model, argc, argv);
}
#endif
