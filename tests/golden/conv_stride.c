/* conv_stride.c - trains the network 'conv_stride': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_stride.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 3 3x3 tanh
 * 9x9x1 -> 7x7x3, 30 parameters, 2.65 kFLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION c_forward_tile(struct conv_stride *net, int n, int y, int x, int pixels)
{
    tile8 sum[4];
    tile8_start_pairs(pixels, sum, net->param.c.bias);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.c.weight[0][i][0], C_KERNEL_ROW);
    tile8_store_pairs(pixels, C_FILTERS, sum, &net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][0]);
}

static void c_forward(struct conv_stride *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            TILE_ALONG(7, 0, C_WIDTH, c_forward_tile, net, n, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = real_tanh(net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct conv_stride *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
        tile4_sum(C_HEIGHT * C_WIDTH, C_FILTERS, &net->dvalue.c[n][0][0][0], net->group[g].c.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct conv_stride *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * C_PAIRS];
    tile8_clear(rows, C_PAIRS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer_pairs(rows, C_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_WIDTH * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.c[n][y][0][0], C_FILTERS, C_WIDTH);
    tile8_add_pairs(rows, C_KERNEL_ROW, C_FILTERS, sum, net->group[g].c.weight[0][i][0]);
}

static void c_backward_weight(struct conv_stride *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, C_KERNEL_HEIGHT, c_backward_weight_tile, net, g, n);
}

/* d: conv 5 3x3 stride=2 pad=1 tanh
 * 7x7x3 -> 4x4x5, 140 parameters, 4.32 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct conv_stride *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[4 * D_VECTORS];
    tile8_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    const struct range rows = range_inside(y * D_STRIDE_Y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply(pixels, D_VECTORS, sum, &net->value.c[n][y * D_STRIDE_Y + i][x * D_STRIDE_X][0], D_STRIDE_X * C_FILTERS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile8_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct conv_stride *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(4, 0, D_WIDTH, d_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->value.d[n][y][x][c] = real_tanh(net->value.d[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct conv_stride *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->dvalue.d[n][y][x][c] * (1 - net->value.d[n][y][x][c] * net->value.d[n][y][x][c]);
        tile8_sum(D_HEIGHT * D_WIDTH, D_FILTERS, &net->dvalue.d[n][0][0][0], net->group[g].d.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct conv_stride *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[5 * D_VECTORS];
    tile8_clear(rows, D_VECTORS, sum);
    const struct range inside = range_inside(i - D_PAD_TOP, D_STRIDE_Y, D_HEIGHT, C_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, D_VECTORS, sum, &net->value.c[n][y * D_STRIDE_Y + i][0][0] + k, D_STRIDE_X * C_FILTERS,
            &net->dvalue.d[n][y][0][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile8_add(rows, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][k], D_PANEL);
}

static void d_backward_weight(struct conv_stride *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(5, 4, D_KERNEL_ROW, d_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct conv_stride *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t * D_STRIDE_Y][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct conv_stride *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, D_STRIDE_Y);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(4, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, D_STRIDE_X);
                tile4_fold(C_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * C_FILTERS],
                    D_STRIDE_X * C_FILTERS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c[n][y][x][0]);
            }
        }
}

/* f: dense 3
 * 4x4x5 -> 3, 243 parameters, 480 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct conv_stride *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_VECTORS,
            &net->value.d[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct conv_stride *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct conv_stride *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.d[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct conv_stride *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.d[0][0][0][0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct conv_stride *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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
static void output_loss(struct conv_stride *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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

static void output_backward(struct conv_stride *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.f[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct conv_stride *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct conv_stride *net, struct team team)
{
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
}

static void forward(struct conv_stride *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    c_forward(net, examples);
    d_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_stride *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
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
static void update(struct conv_stride *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct conv_stride *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct conv_stride *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_stride *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_stride *net, struct batch batch, struct team team)
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
static void step_together(struct conv_stride *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_stride *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct conv_stride *net, struct training *run, struct training_epoch *row)
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
    struct conv_stride *net = memory;
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
    {"input", "input 9x9x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"c", "conv 3 3x3 tanh", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_PADDED_SIZE},
    {"d", "conv 5 3x3 stride=2 pad=1 tanh", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(conv_stride, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_stride, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_stride, d.weight), 4, D_FILTERS, C_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_stride, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_stride, f.weight), 2, F_UNITS, D_FILTERS, D_HEIGHT, D_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_stride, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(conv_stride, param),
    MODEL_PIECE(conv_stride, best),
    MODEL_PIECE(conv_stride, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct conv_stride *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_stride *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct conv_stride *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model conv_stride_model = {
    MODEL_OF(conv_stride),
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
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&conv_stride_model, argc, argv);
}
#endif
