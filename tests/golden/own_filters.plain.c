/* own_filters.c - trains the network 'own_filters': the textbook form.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "own_filters.plain.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* edges: conv filters=[vertical_edge, horizontal_edge] pad=1 frozen relu
 * 6x6x2 -> 6x6x2, 2.59 kFLOP */

static void edges_forward(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < EDGES_HEIGHT; y++)
            for (int x = 0; x < EDGES_WIDTH; x++)
                for (int f = 0; f < EDGES_FILTERS; f++) {
                    real sum = net->param.edges.bias[f];
                    for (int i = 0; i < EDGES_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < EDGES_KERNEL_WIDTH; j++)
                            for (int c = 0; c < INPUT_CHANNELS; c++)
                                sum += net->param.edges.weight[i][j][c][f] * net->value.input[n][y + i][x + j][c];
                    net->value.edges[n][y][x][f] = sum < 0 ? 0 : sum;
                }
}

static const real edges_filters[EDGES_FILTERS][EDGES_KERNEL_HEIGHT][EDGES_KERNEL_WIDTH] = {
    {{1, 0, -1}, {1, 0, -1}, {1, 0, -1}},
    {{1, 1, 1}, {0, 0, 0}, {-1, -1, -1}},
};

static void edges_set_filters(struct own_filters *net)
{
    for (int f = 0; f < EDGES_FILTERS; f++)
        for (int i = 0; i < EDGES_KERNEL_HEIGHT; i++)
            for (int j = 0; j < EDGES_KERNEL_WIDTH; j++)
                for (int c = 0; c < INPUT_CHANNELS; c++)
                    net->param.edges.weight[i][j][c][f] = edges_filters[f][i][j];
}

/* blur: conv [[.25 .25; .25 .25]] stride=2 bias=no
 * 6x6x2 -> 3x3x1, 8 parameters, 144 FLOP */

static void blur_forward(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < BLUR_HEIGHT; y++)
            for (int x = 0; x < BLUR_WIDTH; x++)
                for (int f = 0; f < BLUR_FILTERS; f++) {
                    real sum = 0;
                    for (int i = 0; i < BLUR_KERNEL_HEIGHT; i++)
                        for (int j = 0; j < BLUR_KERNEL_WIDTH; j++)
                            for (int c = 0; c < EDGES_FILTERS; c++)
                                sum += net->param.blur.weight[i][j][c][f] * net->value.edges[n][y * BLUR_STRIDE_Y + i][x * BLUR_STRIDE_X + j][c];
                    net->value.blur[n][y][x][f] = sum;
                }
}

static void blur_backward_weight(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < BLUR_HEIGHT; y++)
            for (int x = 0; x < BLUR_WIDTH; x++)
                for (int i = 0; i < BLUR_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < BLUR_KERNEL_WIDTH; j++)
                        for (int c = 0; c < EDGES_FILTERS; c++)
                            for (int f = 0; f < BLUR_FILTERS; f++)
                                net->dparam.blur.weight[i][j][c][f] += net->value.edges[n][y * BLUR_STRIDE_Y + i][x * BLUR_STRIDE_X + j][c] * net->dvalue.blur[n][y][x][f];
}

static const real blur_filters[BLUR_FILTERS][BLUR_KERNEL_HEIGHT][BLUR_KERNEL_WIDTH] = {
    {{0.25, 0.25}, {0.25, 0.25}},
};

static void blur_set_filters(struct own_filters *net)
{
    for (int f = 0; f < BLUR_FILTERS; f++)
        for (int i = 0; i < BLUR_KERNEL_HEIGHT; i++)
            for (int j = 0; j < BLUR_KERNEL_WIDTH; j++)
                for (int c = 0; c < EDGES_FILTERS; c++)
                    net->param.blur.weight[i][j][c][f] = blur_filters[f][i][j];
}

/* f: dense 3
 * 3x3x1 -> 3, 30 parameters, 54 FLOP */

static void f_forward(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.blur[n][0][0][0];
        for (int u = 0; u < F_UNITS; u++) {
            real sum = net->param.f.bias[u];
            for (int k = 0; k < F_INPUTS; k++)
                sum += net->param.f.weight[k][u] * x[k];
            net->value.f[n][u] = sum;
        }
    }
}

/* dbias = sum of dy */
static void f_backward_output(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        for (int i = 0; i < F_UNITS; i++)
            net->dparam.f.bias[i] += net->dvalue.f[n][i];
    }
}

static void f_backward_weight(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        const real *x = &net->value.blur[n][0][0][0];
        for (int k = 0; k < F_INPUTS; k++)
            for (int u = 0; u < F_UNITS; u++)
                net->dparam.f.weight[k][u] += x[k] * net->dvalue.f[n][u];
    }
}

static void f_backward_input(struct own_filters *net, int batch)
{
    for (int n = 0; n < batch; n++) {
        real *dx = &net->dvalue.blur[n][0][0][0];
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

static void output_forward(struct own_filters *net, int batch)
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
static void output_loss(struct own_filters *net, int batch)
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

static void output_backward(struct own_filters *net, int batch)
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
    struct own_filters *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.edges = (void *)(net->arena + EDGES_AT);
    net->value.blur = (void *)(net->arena + BLUR_AT);
    net->dvalue.blur = (void *)(net->arena + BLUR_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
    edges_set_filters(net);
    blur_set_filters(net);
}

static void forward(struct own_filters *net, int batch)
{
    edges_forward(net, batch);
    blur_forward(net, batch);
    f_forward(net, batch);
    output_forward(net, batch);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct own_filters *net, int batch)
{
    memset(&net->dparam, 0, sizeof(net->dparam));
    output_backward(net, batch);
    f_backward_output(net, batch);
    f_backward_weight(net, batch);
    f_backward_input(net, batch);
    blur_backward_weight(net, batch);
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
static void update(struct own_filters *net, double rate)
{
    sgd_step(SGD_TENSOR(blur.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct own_filters *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][EDGES_PAD_TOP][EDGES_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone */
static void infer(struct own_filters *net, struct batch batch)
{
    load(net, batch, range_of_all((size_t)batch.count));
    forward(net, batch.count);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct own_filters *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        infer(net, batch);
        output_loss(net, batch.count);
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct own_filters *net, struct batch batch)
{
    infer(net, batch);
    output_loss(net, batch.count);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count);
    return loss;
}

/* One step: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct own_filters *net, struct batch batch, double rate)
{
    const double loss = compute_gradients(net, batch);
    if (isfinite(loss))
        update(net, rate);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct own_filters *net, struct training *run, struct training_epoch *row)
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
    struct own_filters *net = memory;
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
    {"edges", "conv filters=[vertical_edge, horizontal_edge] pad=1 frozen relu", {EDGES_HEIGHT, EDGES_WIDTH, EDGES_FILTERS, false}, 0, EDGES_FLOP, EDGES_AT, EDGES_SIZE},
    {"blur", "conv [[.25 .25; .25 .25]] stride=2 bias=no", {BLUR_HEIGHT, BLUR_WIDTH, BLUR_FILTERS, false}, BLUR_PARAMETERS, BLUR_FLOP, BLUR_AT, BLUR_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(own_filters, edges.weight), 4, EDGES_FILTERS, INPUT_CHANNELS, EDGES_KERNEL_HEIGHT, EDGES_KERNEL_WIDTH, EDGES_FILTERS, INIT_GIVEN | TENSOR_FROZEN},
    {MODEL_TENSOR(own_filters, edges.bias), 1, EDGES_FILTERS, 1, 1, 1, EDGES_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(own_filters, blur.weight), 4, BLUR_FILTERS, EDGES_FILTERS, BLUR_KERNEL_HEIGHT, BLUR_KERNEL_WIDTH, BLUR_FILTERS, INIT_GIVEN},
    {MODEL_TENSOR(own_filters, f.weight), 2, F_UNITS, BLUR_FILTERS, BLUR_HEIGHT, BLUR_WIDTH, F_UNITS, INIT_GLOROT},
    {MODEL_TENSOR(own_filters, f.bias), 1, F_UNITS, 1, 1, 1, F_UNITS, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(own_filters, param),
    MODEL_PIECE(own_filters, best),
    MODEL_PIECE(own_filters, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct own_filters *net = memory;
    net->is_training = false;
    infer(net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct own_filters *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    compute_gradients(net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct own_filters *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model own_filters_model = {
    MODEL_OF(own_filters),
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
    return trainer_main(&own_filters_model, argc, argv);
}
#endif
