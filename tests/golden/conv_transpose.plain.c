/* conv_transpose.c - trains the network 'conv_transpose': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_transpose.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv_transpose 3 2x2 stride=2 relu
 * 3x4x2 -> 6x8x3, 27 parameters, 576 FLOP */

static void a_forward(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = net->param.a.bias[c];
        for (int y = 0; y < INPUT_HEIGHT; y++)
            for (int x = 0; x < INPUT_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++) {
                        const int row = y * A_STRIDE_Y + i, column = x * A_STRIDE_X + j;
                        for (int f = 0; f < A_FILTERS; f++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                net->value.a[n][row][column][f] += net->param.a.weight[i][j][f][c] * net->value.input[n][y][x][c];
                    }
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = net->value.a[n][y][x][c] < 0 ? 0 : net->value.a[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->value.a[n][y][x][c] > 0 ? net->dvalue.a[n][y][x][c] : 0;
        real sum[A_FILTERS] = {0};
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    sum[c] += net->dvalue.a[n][y][x][c];
        for (int c = 0; c < A_FILTERS; c++)
            net->dparam.a.bias[c] += sum[c];
    }
}

static void a_backward_weight(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++)
            for (int x = 0; x < INPUT_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++) {
                        const int row = y * A_STRIDE_Y + i, column = x * A_STRIDE_X + j;
                        for (int f = 0; f < A_FILTERS; f++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                net->dparam.a.weight[i][j][f][c] += net->dvalue.a[n][row][column][f] * net->value.input[n][y][x][c];
                    }
}

/* b: conv_transpose 2 3x3 stride=2x1 pad=1 output_pad=1x0 bias=no sigmoid
 * 6x8x3 -> 12x8x2, 54 parameters, 5.18 kFLOP */

static void b_forward(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = 0;
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i - B_PAD_TOP, column = x + j - B_PAD_LEFT;
                        if (row < 0 || row >= B_HEIGHT || column < 0 || column >= B_WIDTH)
                            continue;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_FILTERS; c++)
                                net->value.b[n][row + C_PAD_TOP][column + C_PAD_LEFT][f] += net->param.b.weight[i][j][f][c] * net->value.a[n][y][x][c];
                    }
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = sigmoid(net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
}

/* dz = dy * sigmoid'(z), in the place of dy */
static void b_backward_output(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = net->dvalue.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] * net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] * (1 - net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
    }
}

static void b_backward_weight(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i - B_PAD_TOP, column = x + j - B_PAD_LEFT;
                        if (row < 0 || row >= B_HEIGHT || column < 0 || column >= B_WIDTH)
                            continue;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_FILTERS; c++)
                                net->dparam.b.weight[i][j][f][c] += net->dvalue.b[n][row + C_PAD_TOP][column + C_PAD_LEFT][f] * net->value.a[n][y][x][c];
                    }
}

static void b_backward_input(struct conv_transpose *net, int batch)
{
    memset(net->dvalue.a, 0, (size_t)batch * sizeof(net->dvalue.a[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i - B_PAD_TOP, column = x + j - B_PAD_LEFT;
                        if (row < 0 || row >= B_HEIGHT || column < 0 || column >= B_WIDTH)
                            continue;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_FILTERS; c++)
                                net->dvalue.a[n][y][x][c] += net->dvalue.b[n][row + C_PAD_TOP][column + C_PAD_LEFT][f] * net->param.b.weight[i][j][f][c];
                    }
}

/* c: conv 2 3x3 pad=1
 * 12x8x2 -> 12x8x2, 38 parameters, 6.91 kFLOP */

static void c_forward(struct conv_transpose *net, int batch)
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
                    net->value.c[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void c_backward_output(struct conv_transpose *net, int batch)
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

static void c_backward_weight(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < B_FILTERS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.b[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct conv_transpose *net, int batch)
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

/* output squared_error
 * 12x8x2 -> 192 */

static void output_forward(struct conv_transpose *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = &net->value.c[n][0][0][0];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct conv_transpose *net, int batch)
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

static void output_backward(struct conv_transpose *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = &net->dvalue.c[n][0][0][0];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct conv_transpose *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct conv_transpose *net, int batch)
{
    a_forward(net, batch);
    b_forward(net, batch);
    c_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_transpose *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
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
static void update(struct conv_transpose *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct conv_transpose *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone */
static void infer(struct conv_transpose *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_transpose *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_transpose *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_transpose *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct conv_transpose *net, struct training *run, struct training_epoch *row)
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
    struct conv_transpose *net = memory;
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
    {"input", "input 3x4x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"a", "conv_transpose 3 2x2 stride=2 relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"b", "conv_transpose 2 3x3 stride=2x1 pad=1 output_pad=1x0 bias=no sigmoid", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_PADDED_SIZE},
    {"c", "conv 2 3x3 pad=1", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(conv_transpose, a.weight), 4, INPUT_CHANNELS, A_FILTERS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, INPUT_CHANNELS, INIT_HE},
    {MODEL_TENSOR(conv_transpose, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(conv_transpose, b.weight), 4, A_FILTERS, B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, A_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(conv_transpose, param),
    MODEL_PIECE(conv_transpose, best),
    MODEL_PIECE(conv_transpose, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct conv_transpose *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_transpose *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct conv_transpose *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model conv_transpose_model = {
    MODEL_OF(conv_transpose),
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
    return trainer_main(&conv_transpose_model, argc, argv);
}
#endif
