/* depthwise_single.c - trains the network 'depthwise_single': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "depthwise_single.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: depthwise 3x3 pad=1 tanh
 * 5x5x1 -> 5x5x1, 10 parameters, 450 FLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION a_forward_tile(struct depthwise_single *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[5 * A_VECTORS];
    tile4_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
        tile4_channels(pixels, A_VECTORS, sum,
            &net->value.input[n][y + i][x][p * A_PANEL], INPUT_CHANNELS, INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_PANEL, A_KERNEL_WIDTH);
    tile4_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y][x][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct depthwise_single *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int p = 0; p < A_PANELS; p++)
                TILE_ALONG(5, 0, A_WIDTH, a_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = real_tanh(net->value.a[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct depthwise_single *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->dvalue.a[n][y][x][c] * (1 - net->value.a[n][y][x][c] * net->value.a[n][y][x][c]);
        tile4_sum(A_HEIGHT * A_WIDTH, A_FILTERS, &net->dvalue.a[n][0][0][0], net->group[g].a.bias);
    }
}

/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct depthwise_single *net, int g, int n, int p, int i, int j, int taps)
{
    tile4 sum[3 * A_VECTORS];
    tile4_clear(taps, A_VECTORS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile4_channels(taps, A_VECTORS, sum,
            &net->value.input[n][y + i][j][p * A_PANEL], INPUT_CHANNELS, INPUT_CHANNELS,
            &net->dvalue.a[n][y][0][p * A_PANEL], A_FILTERS, A_WIDTH);
    tile4_add(taps, A_VECTORS, p, A_FILTERS, sum, net->group[g].a.weight[p][i][j], A_PANEL);
}

static void a_backward_weight(struct depthwise_single *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, A_KERNEL_WIDTH, a_backward_weight_tile, net, g, n, p, i);
}

/* b: depthwise 3x3 multiplier=3 tanh
 * 5x5x1 -> 3x3x3, 30 parameters, 486 FLOP */

static void b_forward(struct depthwise_single *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++) {
                real sum[B_FILTERS];
                for (int f = 0; f < B_FILTERS; f++)
                    sum[f] = net->param.b.bias[f];
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int f = 0; f < B_FILTERS; f++)
                            sum[f] += net->param.b.weight[i][j][f] * net->value.a[n][y + i][x + j][0];
                for (int f = 0; f < B_FILTERS; f++)
                    net->value.b[n][y][x][f] = real_tanh(sum[f]);
            }
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct depthwise_single *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->dvalue.b[n][y][x][c] * (1 - net->value.b[n][y][x][c] * net->value.b[n][y][x][c]);
        real sum[B_FILTERS] = {0};
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    sum[c] += net->dvalue.b[n][y][x][c];
        for (int c = 0; c < B_FILTERS; c++)
            net->group[g].b.bias[c] += sum[c];
    }
}

static void b_backward_weight(struct depthwise_single *net, int batch)
{
    memset(net->dparam.b.weight, 0, sizeof(net->dparam.b.weight));
    for (int n = 0; n < batch; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int f = 0; f < B_FILTERS; f++)
                            net->dparam.b.weight[i][j][f] += net->value.a[n][y + i][x + j][0] * net->dvalue.b[n][y][x][f];
}

static void b_backward_input(struct depthwise_single *net, struct range examples)
{
    memset(net->dvalue.a[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.a[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++)
                        for (int f = 0; f < B_FILTERS; f++)
                            net->dvalue.a[n][y + i][x + j][0] += net->param.b.weight[i][j][f] * net->dvalue.b[n][y][x][f];
}

/* c: dense 2
 * 3x3x3 -> 2, 56 parameters, 108 FLOP */

/* x w + b: tiles of examples by units */
static void c_forward(struct depthwise_single *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, C_VECTORS,
            &net->value.b[0][0][0][0], C_INPUTS, net->param.c.weight[p][0], net->param.c.bias, p, C_UNITS, net->value.c[0]);
}

/* dbias = sum of dy */
static void c_backward_output(struct depthwise_single *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, C_UNITS, net->dvalue.c[examples.first], net->group[g].c.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void c_backward_weight(struct depthwise_single *net, int batch, struct range tiles)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_INPUTS(7, 6, tiles, C_WEIGHT_TILES, tile4_outer_product, C_VECTORS,
            &net->value.b[0][0][0][0], C_INPUTS, net->dvalue.c[0], p, C_UNITS, batch, net->dparam.c.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void c_backward_input(struct depthwise_single *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(C_VECTORS, net->dvalue.c[n], C_UNITS, net->param.c.weight[0][0], C_INPUTS, 0, C_INPUTS, &net->dvalue.b[n][0][0][0]);
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct depthwise_single *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.c[n];
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
static void output_loss(struct depthwise_single *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.c[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct depthwise_single *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.c[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct depthwise_single *net = memory;
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

static void forward(struct depthwise_single *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct depthwise_single *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    c_backward_weight(net, batch, team_share(team, C_WEIGHT_TILES));
    c_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    if (team.thread == 0)
        b_backward_weight(net, batch);
    b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.weight);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, c.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

/* All gradients together become no longer than CLIP_NORM (Pascanu, Mikolov, Bengio 2013; PyTorch's clip_grad_norm_) */
static void clip(struct depthwise_single *net, struct team team)
{
    real *gradient = (real *)&net->dparam;
    const struct range numbers = team_numbers(team, sizeof(net->param) / sizeof(real));
    double square = 0;
    const struct range parts = team_share(team, TEAM_PARTS);
    for (int part = parts.first; part < parts.end; part++) {
        const struct range some = team_group(part, TEAM_PARTS, sizeof(net->param) / sizeof(real));
        net->gradient_square[part] = 0;
        for (int i = some.first; i < some.end; i++)
            net->gradient_square[part] += (double)gradient[i] * (double)gradient[i];
    }
    team_wait(team);
    for (int part = 0; part < TEAM_PARTS; part++)
        square += net->gradient_square[part];
    const double scale = CLIP_NORM / (sqrt(square) + 1e-6);
    for (int i = numbers.first; i < numbers.end; i++)
        gradient[i] *= scale < 1 ? (real)scale : 1;
}

#define ADAM_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->mean.name, (real *)net->square.name, team_numbers(team, sizeof(net->param.name) / sizeof(real))
#define ADAM_SETTINGS .rate = rate, .beta1 = ADAM_BETA1, .beta2 = ADAM_BETA2, .eps = ADAM_EPS, .step = net->step + 1

/* Adam (Kingma and Ba 2015) */
static void update(struct depthwise_single *net, double rate, struct team team)
{
    clip(net, team);
    team_wait(team);
    adam_step(ADAM_TENSOR(a.weight), (struct adam){ADAM_SETTINGS});
    adam_step(ADAM_TENSOR(a.bias), (struct adam){ADAM_SETTINGS});
    adam_step(ADAM_TENSOR(b.weight), (struct adam){ADAM_SETTINGS});
    adam_step(ADAM_TENSOR(b.bias), (struct adam){ADAM_SETTINGS});
    adam_step(ADAM_TENSOR(c.weight), (struct adam){ADAM_SETTINGS});
    adam_step(ADAM_TENSOR(c.bias), (struct adam){ADAM_SETTINGS});
}

/* Some examples of the batch, from the data into the network */
static void load(struct depthwise_single *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct depthwise_single *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct depthwise_single *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct depthwise_single *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct depthwise_single *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct depthwise_single *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct depthwise_single *net, struct training *run, struct training_epoch *row)
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
    struct depthwise_single *net = memory;
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
    {"input", "input 5x5x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"a", "depthwise 3x3 pad=1 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"b", "depthwise 3x3 multiplier=3 tanh", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"c", "dense 2", {1, 1, C_UNITS, true}, C_PARAMETERS, C_FLOP, C_AT, C_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(depthwise_single, a.weight), 4, A_FILTERS, A_GROUP_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_single, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(depthwise_single, b.weight), 4, B_FILTERS, B_GROUP_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_single, b.bias), 1, B_FILTERS, 1, 1, 1, B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(depthwise_single, c.weight), 2, C_UNITS, B_FILTERS, B_HEIGHT, B_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_single, c.bias), 1, C_UNITS, 1, 1, 1, C_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(depthwise_single, param),
    MODEL_PIECE(depthwise_single, mean),
    MODEL_PIECE(depthwise_single, square),
    MODEL_PIECE(depthwise_single, best),
    MODEL_PIECE(depthwise_single, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct depthwise_single *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct depthwise_single *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct depthwise_single *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model depthwise_single_model = {
    MODEL_OF(depthwise_single),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_CATEGORICAL,
    .target_size = OUTPUT_UNITS,
    .output_size = OUTPUT_UNITS,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "adam rate=" TEXT_OF(RATE) " beta1=" TEXT_OF(ADAM_BETA1) " beta2=" TEXT_OF(ADAM_BETA2) " eps=" TEXT_OF(ADAM_EPS),
        .schedule = "constant",
        .penalty = "",
        .clip = "norm=" TEXT_OF(CLIP_NORM),
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&depthwise_single_model, argc, argv);
}
#endif
