/* positions_weights.c - trains the network 'positions_weights': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "positions_weights.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 4 3x3 pad=1 relu
 * 6x4x1 -> 6x4x4, 40 parameters, 1.73 kFLOP */

static void a_forward(struct positions_weights *net, int batch)
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

/* The parts of the gradient that the layers behind it made */
static void a_backward_sum(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->dvalue.a_from_b_concat[n][y][x][c] + net->dvalue.a_from_a_maxpool[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct positions_weights *net, int batch)
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

static void a_backward_weight(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < A_KERNEL_WIDTH; j++)
                        for (int c = 0; c < INPUT_CHANNELS; c++)
                            for (int f = 0; f < A_FILTERS; f++)
                                net->dparam.a.weight[i][j][c][f] += net->value.input[n][y + i][x + j][c] * net->dvalue.a[n][y][x][f];
}

/* maxpool 2x2
 * 6x4x4 -> 3x2x4 */

static void a_maxpool_forward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < A_MAXPOOL_CHANNELS; c++) {
                    real largest = -INFINITY;
                    int largest_tap = 0;
                    for (int i = 0; i < A_MAXPOOL_WINDOW_HEIGHT; i++)
                        for (int j = 0; j < A_MAXPOOL_WINDOW_WIDTH; j++) {
                            const real tap = net->value.a[n][y * A_MAXPOOL_STRIDE_Y + i][x * A_MAXPOOL_STRIDE_X + j][c];
                            const bool is_larger = tap > largest || tap != tap; /* NaN goes through */
                            largest = is_larger ? tap : largest;
                            largest_tap = is_larger ? i * A_MAXPOOL_WINDOW_WIDTH + j : largest_tap;
                        }
                    net->value.a_maxpool[n][y][x][c] = largest;
                    net->index.a_maxpool[n][y][x][c] = (tap_index)largest_tap;
                }
}

static void a_maxpool_backward(struct positions_weights *net, int batch)
{
    memset(net->dvalue.a_from_a_maxpool, 0, (size_t)batch * sizeof(net->dvalue.a_from_a_maxpool[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int c = 0; c < A_MAXPOOL_CHANNELS; c++) {
                    const int tap = net->index.a_maxpool[n][y][x][c];
                    net->dvalue.a_from_a_maxpool[n][y * A_MAXPOOL_STRIDE_Y + tap / A_MAXPOOL_WINDOW_WIDTH][x * A_MAXPOOL_STRIDE_X + tap % A_MAXPOOL_WINDOW_WIDTH][c] += net->dvalue.a_maxpool[n][y][x][c];
                }
}

/* b: conv_transpose 4 2x2 stride=2 relu
 * 3x2x4 -> 6x4x4, 68 parameters, 768 FLOP */

static void b_forward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y][x][c] = net->param.b.bias[c];
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i, column = x * B_STRIDE_X + j;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_MAXPOOL_CHANNELS; c++)
                                net->value.b[n][row][column][f] += net->param.b.weight[i][j][f][c] * net->value.a_maxpool[n][y][x][c];
                    }
    }
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y][x][c] = net->value.b[n][y][x][c] < 0 ? 0 : net->value.b[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct positions_weights *net, int batch)
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

static void b_backward_weight(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i, column = x * B_STRIDE_X + j;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_MAXPOOL_CHANNELS; c++)
                                net->dparam.b.weight[i][j][f][c] += net->dvalue.b[n][row][column][f] * net->value.a_maxpool[n][y][x][c];
                    }
}

static void b_backward_input(struct positions_weights *net, int batch)
{
    memset(net->dvalue.a_maxpool, 0, (size_t)batch * sizeof(net->dvalue.a_maxpool[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_MAXPOOL_HEIGHT; y++)
            for (int x = 0; x < A_MAXPOOL_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i, column = x * B_STRIDE_X + j;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_MAXPOOL_CHANNELS; c++)
                                net->dvalue.a_maxpool[n][y][x][c] += net->dvalue.b[n][row][column][f] * net->param.b.weight[i][j][f][c];
                    }
}

/* concat with=a
 * 6x4x4 -> 6x4x8 */

static void b_concat_forward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b_concat[n][y][x][c] = net->value.b[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.b_concat[n][y][x][B_FILTERS + c] = net->value.a[n][y][x][c];
}

static void b_concat_backward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->dvalue.b_concat[n][y][x][c];
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a_from_b_concat[n][y][x][c] = net->dvalue.b_concat[n][y][x][B_FILTERS + c];
}

/* c: conv 3 1x1
 * 6x4x8 -> 6x4x3, 27 parameters, 1.15 kFLOP */

static void c_forward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int f = 0; f < C_FILTERS; f++) {
                    real sum = net->param.c.bias[f];
                    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < C_KERNEL_WIDTH; j++)
                            for (int c = 0; c < B_CONCAT_CHANNELS; c++)
                                sum += net->param.c.weight[i][j][c][f] * net->value.b_concat[n][y + i][x + j][c];
                    net->value.c[n][y][x][f] = sum;
                }
}

/* dbias = sum of dy */
static void c_backward_output(struct positions_weights *net, int batch)
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

static void c_backward_weight(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < B_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dparam.c.weight[i][j][c][f] += net->value.b_concat[n][y + i][x + j][c] * net->dvalue.c[n][y][x][f];
}

static void c_backward_input(struct positions_weights *net, int batch)
{
    memset(net->dvalue.b_concat, 0, (size_t)batch * sizeof(net->dvalue.b_concat[0]));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < C_KERNEL_WIDTH; j++)
                        for (int c = 0; c < B_CONCAT_CHANNELS; c++)
                            for (int f = 0; f < C_FILTERS; f++)
                                net->dvalue.b_concat[n][y + i][x + j][c] += net->param.c.weight[i][j][c][f] * net->dvalue.c[n][y][x][f];
}

/* output categorical smoothing=0.2 weights=[1, 2.5, 0.5]
 * 6x4x3 -> 6x4x3 */

static const real output_weights[OUTPUT_CHANNELS] = {1, 2.5, 0.5};

/* How much the loss wants of class k: its weight times the smoothed target */
static real output_aim(int target, int k)
{
    return output_weights[k] * ((k == target ? 1 - OUTPUT_SMOOTHING : 0) + OUTPUT_SMOOTHING / OUTPUT_CHANNELS);
}

static void output_forward(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUTPUT_HEIGHT; y++)
            for (int x = 0; x < OUTPUT_WIDTH; x++) {
                const real *z = net->value.c[n][y][x];
                real *p = net->value.output[n][y][x];
                const real largest = z[score_most_probable(z, OUTPUT_CHANNELS)];
                real sum = 0;
                for (int k = 0; k < OUTPUT_CHANNELS; k++) {
                    p[k] = real_exp(z[k] - largest);
                    sum += p[k];
                }
                for (int k = 0; k < OUTPUT_CHANNELS; k++)
                    p[k] /= sum;
            }
}

/* loss[n] = mean over the positions of -(sum over k of output_aim(target, k) log softmax(z)[k]) */
static void output_loss(struct positions_weights *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        double loss = 0;
        for (int y = 0; y < OUTPUT_HEIGHT; y++)
            for (int x = 0; x < OUTPUT_WIDTH; x++) {
                const real *z = net->value.c[n][y][x];
                const real largest = z[score_most_probable(z, OUTPUT_CHANNELS)];
                double sum = 0;
                for (int k = 0; k < OUTPUT_CHANNELS; k++)
                    sum += exp((double)(z[k] - largest));
                for (int k = 0; k < OUTPUT_CHANNELS; k++)
                    loss += (double)output_aim(net->target[n][y][x], k) * (log(sum) - (double)(z[k] - largest));
            }
        net->loss[n] = loss / OUTPUT_POSITIONS;
    }
}

static void output_backward(struct positions_weights *net, int batch)
{
    const real share = 1 / ((real)batch * OUTPUT_POSITIONS); /* the loss of a batch is the mean over all positions */
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < OUTPUT_HEIGHT; y++)
            for (int x = 0; x < OUTPUT_WIDTH; x++) {
                real *dz = net->dvalue.c[n][y][x];
                const real *p = net->value.output[n][y][x];
                real sum = 0;
                for (int k = 0; k < OUTPUT_CHANNELS; k++)
                    sum += output_aim(net->target[n][y][x], k);
                for (int k = 0; k < OUTPUT_CHANNELS; k++)
                    dz[k] = (p[k] * sum - output_aim(net->target[n][y][x], k)) * share;
            }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct positions_weights *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a_from_b_concat = (void *)(net->arena + A_FROM_B_CONCAT_GRADIENT_AT);
    net->dvalue.a_from_a_maxpool = (void *)(net->arena + A_FROM_A_MAXPOOL_GRADIENT_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.a_maxpool = (void *)(net->arena + A_MAXPOOL_AT);
    net->index.a_maxpool = (void *)(net->arena + A_MAXPOOL_INDEX_AT);
    net->dvalue.a_maxpool = (void *)(net->arena + A_MAXPOOL_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.b_concat = (void *)(net->arena + B_CONCAT_AT);
    net->dvalue.b_concat = (void *)(net->arena + B_CONCAT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct positions_weights *net, int batch)
{
    a_forward(net, batch);
    a_maxpool_forward(net, batch);
    b_forward(net, batch);
    b_concat_forward(net, batch);
    c_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct positions_weights *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    c_backward_output(net, batch);
    c_backward_weight(net, batch);
    c_backward_input(net, batch);
    b_concat_backward(net, batch);
    b_backward_output(net, batch);
    b_backward_weight(net, batch);
    b_backward_input(net, batch);
    a_maxpool_backward(net, batch);
    a_backward_sum(net, batch);
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
static void update(struct positions_weights *net, double rate)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct positions_weights *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        examples_read_classes(batch.examples, i, net->target[n][0], OUTPUT_POSITIONS);
    }
}

/* The forward pass alone */
static void infer(struct positions_weights *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct positions_weights *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_positions(score, score_sum(net->loss, batch.count), &net->value.output[0][0][0][0], net->target[0][0], batch.count, OUTPUT_POSITIONS, OUTPUT_CHANNELS);
    }
}

/* How each example changes as it is read for training, by seed, epoch and its number */
static const struct augment augment = {
    .shift = AUGMENT_SHIFT,
    .flip = AUGMENT_FLIP,
};

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct positions_weights *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct positions_weights *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct positions_weights *net, struct training *run, struct training_epoch *row)
{
    const uint64_t steps_per_epoch = (run->train->count + BATCH - 1) / BATCH;
    const struct examples augmented = augment_examples(run->train, &augment, run->seed, row->epoch);
    net->is_training = true;
    for (size_t first = run->at.first; first < run->train->count; first += BATCH) {
        const struct batch batch = batch_of(&augmented, run->order, first, BATCH);
        row->rate = learning_rate(net->step, steps_per_epoch, run->epochs);
        const double loss = train_step(net, batch, row->rate);
        if (!isfinite(loss)) {
            training_diverged(run, net, row->epoch, net->step + 1, batch.count);
            return false;
        }
        score_add_positions(&row->train, loss, &net->value.output[0][0][0][0], net->target[0][0], batch.count, OUTPUT_POSITIONS, OUTPUT_CHANNELS);
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
    struct positions_weights *net = memory;
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
    {"input", "input 6x4x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"a", "conv 4 3x3 pad=1 relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"a_maxpool", "maxpool 2x2", {A_MAXPOOL_HEIGHT, A_MAXPOOL_WIDTH, A_MAXPOOL_CHANNELS, false}, 0, 0, A_MAXPOOL_AT, A_MAXPOOL_SIZE},
    {"b", "conv_transpose 4 2x2 stride=2 relu", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"b_concat", "concat with=a", {B_CONCAT_HEIGHT, B_CONCAT_WIDTH, B_CONCAT_CHANNELS, false}, 0, 0, B_CONCAT_AT, B_CONCAT_SIZE},
    {"c", "conv 3 1x1", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"output", "output categorical smoothing=0.2 weights=[1, 2.5, 0.5]", {OUTPUT_HEIGHT, OUTPUT_WIDTH, OUTPUT_CHANNELS, false}, 0, 0, OUTPUT_AT, OUTPUT_SIZE},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(positions_weights, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_FILTERS, INIT_HE},
    {MODEL_TENSOR(positions_weights, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(positions_weights, b.weight), 4, A_MAXPOOL_CHANNELS, B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, A_MAXPOOL_CHANNELS, INIT_HE},
    {MODEL_TENSOR(positions_weights, b.bias), 1, B_FILTERS, 1, 1, 1, B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(positions_weights, c.weight), 4, C_FILTERS, B_CONCAT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(positions_weights, c.bias), 1, C_FILTERS, 1, 1, 1, C_FILTERS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(positions_weights, param),
    MODEL_PIECE(positions_weights, best),
    MODEL_PIECE(positions_weights, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct positions_weights *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return &net->value.output[0][0][0][0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct positions_weights *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct positions_weights *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model positions_weights_model = {
    MODEL_OF(positions_weights),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_CHANNELS,
    .target_height = OUTPUT_HEIGHT,
    .target_width = OUTPUT_WIDTH,
    .output_size = OUTPUT_SIZE,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE),
        .schedule = "constant",
        .augment = &augment,
        .penalty = "",
    },
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&positions_weights_model, argc, argv);
}
#endif
