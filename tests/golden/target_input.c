/* target_input.c - trains the network 'target_input': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "target_input.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* noise 0.1
 * 4x4x2 -> 4x4x2 */

static void input_noise_forward(struct target_input *net, struct range examples)
{
    const struct noise noise = {net->seed, INPUT_NOISE_STREAM, net->step, !net->is_training ? 0 : INPUT_NOISE_SIGMA};
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_NOISE_HEIGHT; y++)
            noise_apply(noise, (uint32_t)n * INPUT_NOISE_SIZE + (uint32_t)(y * INPUT_NOISE_WIDTH * INPUT_NOISE_CHANNELS), &net->value.input[n][y][0][0], &net->value.input_noise[n][y + C_PAD_TOP][C_PAD_LEFT][0], INPUT_NOISE_WIDTH * INPUT_NOISE_CHANNELS);
}

/* c: conv 3 3x3 pad=1 stride=2 relu
 * 4x4x2 -> 2x2x3, 57 parameters, 432 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct target_input *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    const struct range rows = range_inside(y * C_STRIDE_Y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, INPUT_NOISE_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, C_VECTORS, sum, &net->value.input_noise[n][y * C_STRIDE_Y + i][x * C_STRIDE_X][0], C_STRIDE_X * INPUT_NOISE_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile4_relu(pixels, C_VECTORS, sum);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct target_input *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(2, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct target_input *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
        tile4_sum(C_HEIGHT * C_WIDTH, C_FILTERS, &net->dvalue.c[n][0][0][0], net->group[g].c.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct target_input *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[6 * C_VECTORS];
    tile4_clear(rows, C_VECTORS, sum);
    const struct range inside = range_inside(i - C_PAD_TOP, C_STRIDE_Y, C_HEIGHT, INPUT_NOISE_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, C_VECTORS, sum, &net->value.input_noise[n][y * C_STRIDE_Y + i][0][0] + k, C_STRIDE_X * INPUT_NOISE_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile4_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct target_input *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* upsample 2
 * 2x2x3 -> 4x4x3 */

static void c_upsample_forward(struct target_input *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->value.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->value.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c];
}

static void c_upsample_backward(struct target_input *net, struct range examples)
{
    memset(net->dvalue.c[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.c[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c] += net->dvalue.c_upsample[n][y][x][c];
}

/* d: conv 2 3x3 pad=1
 * 4x4x3 -> 4x4x2, 56 parameters, 1.73 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct target_input *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * D_VECTORS];
    tile4_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    const struct range rows = range_inside(y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_UPSAMPLE_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c_upsample[n][y + i][x][0], C_UPSAMPLE_CHANNELS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct target_input *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(4, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void d_backward_output(struct target_input *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), D_HEIGHT * D_WIDTH / 4, D_FILTERS,
        &net->dvalue.d[examples.first][0][0][0], net->group[g].d.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct target_input *net, int g, int n, int i, int rows)
{
    tile8 sum[D_PAIRS];
    tile8_clear(rows, D_PAIRS, sum);
    for (int y = 0; y < D_HEIGHT; y++)
        tile8_outer_pairs(rows, D_KERNEL_ROW, sum, &net->value.c_upsample[n][y + i][0][0],
            C_UPSAMPLE_COLUMNS * C_UPSAMPLE_CHANNELS, C_UPSAMPLE_CHANNELS, &net->dvalue.d[n][y][0][0], D_FILTERS, D_WIDTH);
    tile8_add_pairs(rows, D_KERNEL_ROW, D_FILTERS, sum, net->group[g].d.weight[0][i][0]);
}

static void d_backward_weight(struct target_input *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, D_KERNEL_HEIGHT, d_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct target_input *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct target_input *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, 1);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(4, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, 1);
                tile4_fold(C_UPSAMPLE_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * C_UPSAMPLE_CHANNELS],
                    C_UPSAMPLE_CHANNELS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c_upsample[n][y][x][0]);
            }
        }
}

/* output squared_error target=input
 * 4x4x2 -> 32 */

static void output_forward(struct target_input *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = &net->value.d[n][0][0][0];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct target_input *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++) {
            const double error = (double)(mean[k] - net->target[n][k]);
            loss += error * error;
        }
        net->loss[n] = loss;
    }
}

static void output_backward(struct target_input *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
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
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct target_input *net, struct team team)
{
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
}

static void forward(struct target_input *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    input_noise_forward(net, examples);
    c_forward(net, examples);
    c_upsample_forward(net, examples);
    d_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct target_input *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_upsample_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, d.bias);
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
static void update(struct target_input *net, double rate, struct team team)
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

/* The forward pass alone, as one of a team */
static void infer(struct target_input *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct target_input *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct target_input *net, struct batch batch, struct team team)
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
static void step_together(struct target_input *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct target_input *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
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
    {MODEL_TENSOR(target_input, c.weight), 4, C_FILTERS, INPUT_NOISE_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(target_input, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(target_input, d.weight), 4, D_FILTERS, C_UPSAMPLE_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(target_input, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
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
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct target_input *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
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
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&target_input_model, argc, argv);
}
#endif
