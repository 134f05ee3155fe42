/* frozen.c - trains the network 'frozen': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "frozen.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 2 3x3 frozen relu
 * 6x6x1 -> 4x4x2, 576 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION a_forward_tile(struct frozen *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.a.bias);
    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.a.weight[0][i][0], A_KERNEL_ROW);
    tile8_relu((pixels + 1) / 2, A_VECTORS, sum);
    tile8_store_pairs(pixels, A_FILTERS, sum, &net->value.a[n][y][x][0]);
}

static void a_forward(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            TILE_ALONG(4, 0, A_WIDTH, a_forward_tile, net, n, y);
}

/* b: conv 3 3x3 relu
 * 4x4x2 -> 2x2x3, 57 parameters, 432 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION b_forward_tile(struct frozen *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * B_VECTORS];
    tile4_start(pixels, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, B_VECTORS, sum, &net->value.a[n][y + i][x][0], A_FILTERS,
            net->param.b.weight[p][i][0], B_KERNEL_ROW);
    tile4_relu(pixels, B_VECTORS, sum);
    tile4_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y][x][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(2, 0, B_WIDTH, b_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct frozen *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->value.b[n][y][x][c] > 0 ? net->dvalue.b[n][y][x][c] : 0;
        tile4_sum(B_HEIGHT * B_WIDTH, B_FILTERS, &net->dvalue.b[n][0][0][0], net->group[g].b.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct frozen *net, int g, int n, int i, int rows)
{
    tile8 sum[B_PAIRS];
    tile8_clear(rows, B_PAIRS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile8_outer_pairs(rows, B_KERNEL_ROW, sum, &net->value.a[n][y + i][0][0],
            A_WIDTH * A_FILTERS, A_FILTERS, &net->dvalue.b[n][y][0][0], B_FILTERS, B_WIDTH);
    tile8_add_pairs(rows, B_KERNEL_ROW, B_FILTERS, sum, net->group[g].b.weight[0][i][0]);
}

static void b_backward_weight(struct frozen *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, B_KERNEL_HEIGHT, b_backward_weight_tile, net, g, n);
}

/* c: conv 2 1x1 frozen relu
 * 2x2x3 -> 2x2x2, 48 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct frozen *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, C_VECTORS, sum, &net->value.b[n][y + i][x][0], B_FILTERS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile4_relu(pixels, C_VECTORS, sum);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(2, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy */
static void c_backward_output(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct frozen *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[2 * C_BACK_VECTORS];
    tile4_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile4_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct frozen *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++) {
            const struct taps rows = taps_over(y, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(2, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < B_WIDTH; x++) {
                const struct taps columns = taps_over(x, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(B_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * B_FILTERS],
                    B_FILTERS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.b[n][y][x][0]);
            }
        }
}

/* d: dense 4 frozen
 * 2x2x2 -> 4, 64 FLOP */

/* x w + b: tiles of examples by units */
static void d_forward(struct frozen *net, struct range examples)
{
    for (int p = 0; p < D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, D_VECTORS,
            &net->value.c[0][0][0][0], D_INPUTS, net->param.d.weight[p][0], net->param.d.bias, p, D_UNITS, net->value.d[0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void d_backward_input(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(D_VECTORS, net->dvalue.d[n], D_UNITS, net->param.d.weight[0][0], D_INPUTS, 0, D_INPUTS, &net->dvalue.c[n][0][0][0]);
}

/* e: dense 3
 * 4 -> 3, 15 parameters, 24 FLOP */

/* x w + b: tiles of examples by units */
static void e_forward(struct frozen *net, struct range examples)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, E_VECTORS,
            net->value.d[0], E_INPUTS, net->param.e.weight[p][0], net->param.e.bias, p, E_UNITS, net->value.e[0]);
}

/* dbias = sum of dy */
static void e_backward_output(struct frozen *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, E_UNITS, net->dvalue.e[examples.first], net->group[g].e.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void e_backward_weight(struct frozen *net, int batch, struct range tiles)
{
    for (int p = 0; p < E_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, E_WEIGHT_TILES, tile4_outer_product, E_VECTORS,
            net->value.d[0], E_INPUTS, net->dvalue.e[0], p, E_UNITS, batch, net->dparam.e.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void e_backward_input(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(E_VECTORS, net->dvalue.e[n], E_UNITS, net->param.e.weight[0][0], E_INPUTS, 0, E_INPUTS, net->dvalue.d[n]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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
static void output_loss(struct frozen *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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

static void output_backward(struct frozen *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
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
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct frozen *net, struct team team)
{
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct frozen *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    d_forward(net, examples);
    e_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct frozen *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    e_backward_weight(net, batch, team_share(team, E_WEIGHT_TILES));
    e_backward_input(net, examples);
    d_backward_input(net, examples);
    c_backward_output(net, examples);
    c_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        b_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, b.weight);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, e.bias);
}

/* the same rate throughout: the rate of step `step`, from 0 */
static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)
{
    (void)step, (void)steps_per_epoch;
    (void)epochs;
    return RATE;
}

#define SGD_TENSOR(name) \
    (real *)net->param.name, (const real *)net->dparam.name, (real *)net->velocity.name, team_numbers(team, sizeof(net->param.name) / sizeof(real))

/* stochastic gradient descent, with momentum where it is set */
static void update(struct frozen *net, double rate, struct team team)
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

/* The forward pass alone, as one of a team */
static void infer(struct frozen *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct frozen *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct frozen *net, struct batch batch, struct team team)
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
static void step_together(struct frozen *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct frozen *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
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
    {MODEL_TENSOR(frozen, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, b.weight), 4, B_FILTERS, A_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_HE},
    {MODEL_TENSOR(frozen, b.bias), 1, B_FILTERS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(frozen, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, d.weight), 2, D_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, D_PANEL, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, d.bias), 1, D_UNITS, 1, 1, 1, D_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(frozen, e.weight), 2, E_UNITS, D_UNITS, 1, 1, E_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(frozen, e.bias), 1, E_UNITS, 1, 1, 1, E_PANEL, INIT_ZERO},
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
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct frozen *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
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
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&frozen_model, argc, argv);
}
#endif
