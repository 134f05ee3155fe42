/* target_input.c - trains the network 'target_input': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "target_input.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* noise 0.1
 * 4x4x2 -> 4x4x2 */

static void input_noise_forward(struct target_input *net, int batch)
{
    const struct noise noise = {net->seed, INPUT_NOISE_STREAM, net->step, !net->is_training ? 0 : INPUT_NOISE_SIGMA};
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < INPUT_NOISE_HEIGHT; y++)
            for (int x = 0; x < INPUT_NOISE_WIDTH; x++)
                for (int c = 0; c < INPUT_NOISE_CHANNELS; c++)
                    net->value.input_noise[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = net->value.input[n][y][x][c] + noise_of_element(noise, (uint32_t)n * INPUT_NOISE_SIZE + (uint32_t)((y * INPUT_NOISE_WIDTH + x) * INPUT_NOISE_CHANNELS + c));
}

/* c: conv 3 3x3 pad=1 stride=2 relu
 * 4x4x2 -> 2x2x3, 57 parameters, 432 FLOP */

static void c_forward(struct target_input *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_NOISE_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.input_noise[n][y * C_STRIDE_Y + i][x * C_STRIDE_X + j][c];
                    net->value.c[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct target_input *net, int batch)
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

static void c_backward_weight(struct target_input *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_NOISE_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.input_noise[n][y * C_STRIDE_Y + i][x * C_STRIDE_X + j][c] * net->dvalue.c[n][y][x][f];
}

/* upsample 2
 * 2x2x3 -> 4x4x3 */

static void c_upsample_forward(struct target_input *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->value.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->value.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c];
}

static void c_upsample_backward(struct target_input *net, int batch)
{
    memset(net->dvalue.c, 0, (size_t)batch * sizeof(net->dvalue.c[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c] += net->dvalue.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c];
}

/* d: conv 2 3x3 pad=1
 * 4x4x3 -> 4x4x2, 56 parameters, 1.73 kFLOP */

static void d_forward(struct target_input *net, int batch)
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
                    net->value.d[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void d_backward_output(struct target_input *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real sum[D_FILTERS] = {0};
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    sum[c] += net->dvalue.d[n][y][x][c];
        for (int c = 0; c < D_FILTERS; c++)
            net->dparam.d.bias[c] += sum[c];
    }
}

static void d_backward_weight(struct target_input *net, int batch)
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

static void d_backward_input(struct target_input *net, int batch)
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

/* output squared_error target=input
 * 4x4x2 -> 32 */

static void output_forward(struct target_input *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *z = &net->value.d[n][0][0][0];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct target_input *net, int batch)
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

static void output_backward(struct target_input *net, int batch)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = 0; n < batch; n++) {
        real *dz = &net->dvalue.d[n][0][0][0];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct target_input *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.input_noise = (void *)(net->arena + INPUT_NOISE_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.c_upsample = (void *)(net->arena + C_UPSAMPLE_AT);
    net->dvalue.c_upsample = (void *)(net->arena + C_UPSAMPLE_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct target_input *net, int batch)
{
    input_noise_forward(net, batch);
    c_forward(net, batch);
    c_upsample_forward(net, batch);
    d_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct target_input *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    d_backward_output(net, batch);
    d_backward_weight(net, batch);
    d_backward_input(net, batch);
    c_upsample_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
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
static void update(struct target_input *net, double rate)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct target_input *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        real *target = net->target[n];
        for (int y = 0; y < INPUT_HEIGHT; y++)
            for (int x = 0; x < INPUT_WIDTH; x++)
                for (int c = 0; c < INPUT_CHANNELS; c++)
                    *target++ = net->value.input[n][y][x][c];
    }
}

/* The forward pass alone */
static void infer(struct target_input *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct target_input *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct target_input *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct target_input *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct target_input *net, struct training *run, struct training_epoch *row)
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
    struct target_input *net = memory;
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
    {"input", "input 4x4x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"input_noise", "noise 0.1", {INPUT_NOISE_HEIGHT, INPUT_NOISE_WIDTH, INPUT_NOISE_CHANNELS, false}, 0, 0, INPUT_NOISE_AT, INPUT_NOISE_PADDED_SIZE},
    {"c", "conv 3 3x3 pad=1 stride=2 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_upsample", "upsample 2", {C_UPSAMPLE_HEIGHT, C_UPSAMPLE_WIDTH, C_UPSAMPLE_CHANNELS, false}, 0, 0, C_UPSAMPLE_AT, C_UPSAMPLE_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=1", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"output", "output squared_error target=input", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(target_input, c.weight), 4, C_FILTERS, INPUT_NOISE_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_HE},
    {MODEL_TENSOR(target_input, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(target_input, d.weight), 4, D_FILTERS, C_UPSAMPLE_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(target_input, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(target_input, param),
    MODEL_PIECE(target_input, best),
    MODEL_PIECE(target_input, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct target_input *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct target_input *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct target_input *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model target_input_model = {
    MODEL_OF(target_input),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_SQUARED_ERROR,
    .target_is_input = true,
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
    return trainer_main(&target_input_model, argc, argv);
}
#endif
