/* positions_bernoulli.c - trains the network 'positions_bernoulli': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "positions_bernoulli.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 4 3x3 tanh
 * 6x5x2 -> 4x3x4, 76 parameters, 1.73 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct positions_bernoulli *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * A_VECTORS];
    tile4_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_KERNEL_ROW);
    tile4_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y][x][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct positions_bernoulli *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(3, 0, A_WIDTH, a_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = real_tanh(net->value.a[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct positions_bernoulli *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->dvalue.a[n][y][x][c] * (1 - net->value.a[n][y][x][c] * net->value.a[n][y][x][c]);
        tile4_sum(A_HEIGHT * A_WIDTH, A_FILTERS, &net->dvalue.a[n][0][0][0], net->group[g].a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct positions_bernoulli *net, int g, int n, int i, int rows)
{
    tile8 sum[A_PAIRS];
    tile8_clear(rows, A_PAIRS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile8_outer_pairs(rows, A_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_WIDTH * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.a[n][y][0][0], A_FILTERS, A_WIDTH);
    tile8_add_pairs(rows, A_KERNEL_ROW, A_FILTERS, sum, net->group[g].a.weight[0][i][0]);
}

static void a_backward_weight(struct positions_bernoulli *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, A_KERNEL_HEIGHT, a_backward_weight_tile, net, g, n);
}

/* b: conv 2 1x1
 * 4x3x4 -> 4x3x2, 10 parameters, 192 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION b_forward_tile(struct positions_bernoulli *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * B_VECTORS];
    tile4_start(pixels, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, B_VECTORS, sum, &net->value.a[n][y + i][x][0], A_FILTERS,
            net->param.b.weight[p][i][0], B_KERNEL_ROW);
    tile4_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y][x][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct positions_bernoulli *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(3, 0, B_WIDTH, b_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void b_backward_output(struct positions_bernoulli *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), B_HEIGHT * B_WIDTH / 4, B_FILTERS,
        &net->dvalue.b[examples.first][0][0][0], net->group[g].b.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct positions_bernoulli *net, int g, int n, int i, int rows)
{
    tile8 sum[B_PAIRS];
    tile8_clear(rows, B_PAIRS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile8_outer_pairs(rows, B_KERNEL_ROW, sum, &net->value.a[n][y + i][0][0],
            A_WIDTH * A_FILTERS, A_FILTERS, &net->dvalue.b[n][y][0][0], B_FILTERS, B_WIDTH);
    tile8_add_pairs(rows, B_KERNEL_ROW, B_FILTERS, sum, net->group[g].b.weight[0][i][0]);
}

static void b_backward_weight(struct positions_bernoulli *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, B_KERNEL_HEIGHT, b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION b_backward_input_tile(struct positions_bernoulli *net, real (*spread)[B_BACK_PANELS * B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[3 * B_BACK_VECTORS];
    tile4_clear(pixels, B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, B_BACK_VECTORS, sum, &net->dvalue.b[n][rows.first - t][x][0], B_FILTERS,
            net->transposed.b[rows.tap + t][q][0], B_FILTERS);
    tile4_store(pixels, B_BACK_VECTORS, q, B_BACK_PANELS * B_BACK_PANEL, sum, &spread[x][q * B_BACK_PANEL], B_BACK_PANELS * B_BACK_PANEL);
}

static void b_backward_input(struct positions_bernoulli *net, struct range examples)
{
    real spread[B_WIDTH + 1][B_BACK_PANELS * B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++) {
            const struct taps rows = taps_over(y, B_HEIGHT, B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < B_BACK_PANELS; q++)
                TILE_ALONG(3, 0, B_WIDTH, b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < A_WIDTH; x++) {
                const struct taps columns = taps_over(x, B_WIDTH, B_KERNEL_WIDTH, 1);
                tile4_fold(A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * A_FILTERS],
                    A_FILTERS - B_BACK_PANELS * B_BACK_PANEL, &net->dvalue.a[n][y][x][0]);
            }
        }
}

/* output bernoulli
 * 4x3x2 -> 4x3x2 */

static void output_forward(struct positions_bernoulli *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = &net->value.b[n][0][0][0];
        real *p = &net->value.output[n][0][0][0];
        for (int k = 0; k < OUTPUT_SIZE; k++)
            p[k] = sigmoid(z[k]);
    }
}

/* loss[n] = mean over the positions of -target log p - (1 - target) log(1 - p), computed as softplus(z) - target z */
static void output_loss(struct positions_bernoulli *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = &net->value.b[n][0][0][0];
        for (int k = 0; k < OUTPUT_SIZE; k++)
            loss += (double)(softplus(z[k]) - net->target[n][k] * z[k]);
        net->loss[n] = loss / OUTPUT_POSITIONS;
    }
}

static void output_backward(struct positions_bernoulli *net, int batch, struct range examples)
{
    const real share = 1 / ((real)batch * OUTPUT_POSITIONS); /* the loss of a batch is the mean over all positions */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = &net->dvalue.b[n][0][0][0];
        const real *p = &net->value.output[n][0][0][0];
        for (int k = 0; k < OUTPUT_SIZE; k++)
            dz[k] = (p[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct positions_bernoulli *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct positions_bernoulli *net, struct team team)
{
    panels_transpose(net->param.b.weight[0][0][0], B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_ROW, B_PANEL, net->transposed.b[0][0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
}

static void forward(struct positions_bernoulli *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct positions_bernoulli *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        b_backward_weight(net, g, team_group(g, GROUPS, batch));
    b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.weight);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, b.weight);
    TEAM_ADD_GROUPS(team, net, b.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, NULL, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct positions_bernoulli *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct positions_bernoulli *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_SIZE);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct positions_bernoulli *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct positions_bernoulli *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_bernoulli(score, score_sum(net->loss, batch.count), &net->value.output[0][0][0][0], net->target[0], batch.count, OUTPUT_SIZE);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct positions_bernoulli *net, struct batch batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch.count);
    load(net, batch, examples);
    prepare(net, team);
    forward(net, batch.count, team);
    output_loss(net, examples);
    team_wait(team);
    const double loss = score_sum(net->loss, batch.count);
    if (isfinite(loss))
        backward(net, batch.count, team);
    return loss;
}

/* A step as one of a team; where the loss is not finite, nothing moves. */
static void step_together(struct positions_bernoulli *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct positions_bernoulli *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct positions_bernoulli *net, struct training *run, struct training_epoch *row)
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
        score_add_bernoulli(&row->train, loss, &net->value.output[0][0][0][0], net->target[0], batch.count, OUTPUT_SIZE);
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
    struct positions_bernoulli *net = memory;
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
    {"input", "input 6x5x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"a", "conv 4 3x3 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"b", "conv 2 1x1", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"output", "output bernoulli", {OUTPUT_HEIGHT, OUTPUT_WIDTH, OUTPUT_CHANNELS, false}, 0, 0, OUTPUT_AT, OUTPUT_SIZE},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(positions_bernoulli, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(positions_bernoulli, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(positions_bernoulli, b.weight), 4, B_FILTERS, A_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(positions_bernoulli, b.bias), 1, B_FILTERS, 1, 1, 1, B_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(positions_bernoulli, param),
    MODEL_PIECE(positions_bernoulli, best),
    MODEL_PIECE(positions_bernoulli, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct positions_bernoulli *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return &net->value.output[0][0][0][0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct positions_bernoulli *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct positions_bernoulli *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model positions_bernoulli_model = {
    MODEL_OF(positions_bernoulli),
    .march = "x86-64-v3",
    .input = {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false},
    .output = OUTPUT_BERNOULLI,
    .target_size = OUTPUT_SIZE,
    .target_height = OUTPUT_HEIGHT,
    .target_width = OUTPUT_WIDTH,
    .output_size = OUTPUT_SIZE,
    .settings = {
        .batch = BATCH,
        .epochs = EPOCHS,
        .seed = SEED,
        .optimizer = "sgd rate=" TEXT_OF(RATE),
        .schedule = "constant",
        .penalty = "",
    },
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&positions_bernoulli_model, argc, argv);
}
#endif
