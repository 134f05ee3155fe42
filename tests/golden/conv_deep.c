/* conv_deep.c - trains the network 'conv_deep': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_deep.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* b: conv 60 1x1 relu
 * 2x2x12 -> 2x2x60, 780 parameters, 5.76 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION b_forward_tile(struct conv_deep *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * B_VECTORS];
    tile8_start(pixels, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, B_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.b.weight[p][i][0], B_KERNEL_ROW);
    tile8_relu(pixels, B_VECTORS, sum);
    tile8_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct conv_deep *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(2, 0, B_WIDTH, b_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct conv_deep *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] > 0 ? net->dvalue.b[n][y][x][c] : 0;
        tile8_sum(B_HEIGHT * B_WIDTH, B_FILTERS, &net->dvalue.b[n][0][0][0], net->group[g].b.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct conv_deep *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * B_VECTORS];
    tile8_clear(rows, B_VECTORS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile8_outer(rows, B_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.b[n][y][0][p * B_PANEL], B_FILTERS, B_WIDTH);
    tile8_add(rows, B_VECTORS, p, B_FILTERS, sum, net->group[g].b.weight[p][i][k], B_PANEL);
}

static void b_backward_weight(struct conv_deep *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, B_KERNEL_ROW, b_backward_weight_tile, net, g, n, p, i);
}

/* c: conv 32 3x3 pad=1 relu
 * 2x2x60 -> 2x2x32, 17312 parameters, 138 kFLOP */

/* `pixels` pixels, which are a row of each example from n on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct conv_deep *net, int p, int n, int pixels)
{
    for (int y = 0; y < C_HEIGHT; y++) {
        tile8 sum[6 * C_VECTORS];
        tile8_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
        const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, B_HEIGHT);
        for (int i = rows.first; i < rows.end; i++) {
            TILE_UNROLL
            for (int j = 0; j < C_KERNEL_WIDTH; j++) {
                const struct range columns = range_inside(j - C_PAD_LEFT, 1, C_WIDTH, B_WIDTH);
                tile8_multiply_some_images(pixels, C_VECTORS, sum, columns, &net->value.b[n][y + i][j][0], B_FILTERS, C_WIDTH, B_PADDED_SIZE,
                    net->param.c.weight[p][i][j * B_FILTERS], B_FILTERS);
            }
        }
        tile8_relu(pixels, C_VECTORS, sum);
        tile8_store_images(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH, C_SIZE);
    }
}

static void c_forward(struct conv_deep *net, struct range examples)
{
    for (int p = 0; p < C_PANELS; p++)
        TILE_IMAGES(3, 6, 2, examples, c_forward_tile, net, p);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void c_backward_output(struct conv_deep *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
        tile8_sum(C_HEIGHT * C_WIDTH, C_FILTERS, &net->dvalue.c[n][0][0][0], net->group[g].c.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over some examples */
TILE_FUNCTION c_backward_weight_tile(struct conv_deep *net, real (*dy)[C_HEIGHT][C_WIDTH][C_PANEL], struct range examples, int p, int i, int k, int rows)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    const struct range inside = range_inside(i - C_PAD_TOP, 1, C_HEIGHT, B_HEIGHT);
    const struct range columns = range_inside(k / B_FILTERS - C_PAD_LEFT, 1, C_WIDTH, B_WIDTH);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = inside.first; y < inside.end; y++)
            tile8_outer(rows, C_VECTORS, sum, &net->value.b[n][y + i][columns.first][0] + k, B_FILTERS,
                dy[n - examples.first][y][columns.first], C_PANEL, columns.end - columns.first);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->dparam.c.weight[p][i][k], C_PANEL);
}

/* Some tiles of panel p, over some examples */
static void c_backward_weight_panel(struct conv_deep *net, struct range examples, int p, struct range tiles)
{
    real dy[64][C_HEIGHT][C_WIDTH][C_PANEL]; /* side by side: all tiles read them from a near cache */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            tile8_gather(C_VECTORS, C_WIDTH, &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, dy[n - examples.first][y][0]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        TILE_INPUTS(6, 0, tiles, C_WEIGHT_TILES, c_backward_weight_tile, net, dy, examples, p, i);
}

static void c_backward_weight(struct conv_deep *net, int batch, struct range tiles)
{
    for (int p = tiles.first / C_WEIGHT_TILES; p * C_WEIGHT_TILES < tiles.end; p++) {
        const struct range some = range_part(tiles, p * C_WEIGHT_TILES, C_WEIGHT_TILES);
        const int first = some.first * 6, end = some.end < C_WEIGHT_TILES ? some.end * 6 : C_KERNEL_ROW;
        for (int i = 0; i < C_KERNEL_HEIGHT; i++)
            memset(net->dparam.c.weight[p][i][first], 0, (size_t)(end - first) * sizeof(net->dparam.c.weight[p][i][first]));
    }
    for (int n = 0; n < batch; n += 64)
        for (int p = tiles.first / C_WEIGHT_TILES; p * C_WEIGHT_TILES < tiles.end; p++) {
            const struct range some = range_part(tiles, p * C_WEIGHT_TILES, C_WEIGHT_TILES);
            c_backward_weight_panel(net, range_within(n, 64, batch), p, some);
        }
}

/* What `pixels` pixels, a row of each example from n on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct conv_deep *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int pixels)
{
    tile8 sum[6 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply_images(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][0][0], C_FILTERS, C_WIDTH, C_SIZE,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[0][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

/* All rows of the examples from n on that have `pixels` pixels in a row */
TILE_FUNCTION c_backward_input_images(struct conv_deep *net, int n, int pixels)
{
    real spread[3 * C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int y = 0; y < B_HEIGHT; y++) {
        const struct taps rows = taps_over(y + C_PAD_TOP, C_HEIGHT, C_KERNEL_HEIGHT, 1);
        for (int q = 0; q < C_BACK_PANELS; q++)
            c_backward_input_tile(net, spread, rows, n, q, pixels);
        for (int e = 0; e < pixels / C_WIDTH; e++)
            for (int x = 0; x < B_WIDTH; x++) {
                const struct taps columns = taps_over(x + C_PAD_LEFT, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile8_fold(B_FILTERS, columns.count, NULL, &spread[e * C_WIDTH + columns.first][columns.tap * B_FILTERS],
                    B_FILTERS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.b[n + e][y][x][0]);
            }
    }
}

static void c_backward_input(struct conv_deep *net, struct range examples)
{
    TILE_IMAGES(3, 6, 2, examples, c_backward_input_images, net);
}

/* f: dense 4
 * 2x2x32 -> 4, 516 parameters, 1.02 kFLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct conv_deep *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(8, 6, examples, tile4_affine, F_VECTORS,
            &net->value.c[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct conv_deep *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct conv_deep *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.c[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct conv_deep *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(6, 4, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.c[0][0][0][0]);
}

/* output categorical
 * 4 -> 4 */

static void output_forward(struct conv_deep *net, struct range examples)
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
static void output_loss(struct conv_deep *net, struct range examples)
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

static void output_backward(struct conv_deep *net, int batch, struct range examples)
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
    struct conv_deep *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct conv_deep *net, struct team team)
{
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct conv_deep *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    b_forward(net, examples);
    c_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_deep *net, int batch, struct team team)
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
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    c_backward_weight(net, batch, team_share(team, C_PANELS * C_WEIGHT_TILES));
    c_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        b_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, b.weight);
    TEAM_ADD_GROUPS(team, net, b.bias);
    TEAM_ADD_GROUPS(team, net, c.bias);
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
static void update(struct conv_deep *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct conv_deep *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct conv_deep *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_deep *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_deep *net, struct batch batch, struct team team)
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
static void step_together(struct conv_deep *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_deep *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct conv_deep *net, struct training *run, struct training_epoch *row)
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
    struct conv_deep *net = memory;
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
    {"input", "input 2x2x12", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"b", "conv 60 1x1 relu", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_PADDED_SIZE},
    {"c", "conv 32 3x3 pad=1 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"f", "dense 4", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(conv_deep, b.weight), 4, B_FILTERS, INPUT_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_HE},
    {MODEL_TENSOR(conv_deep, b.bias), 1, B_FILTERS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_deep, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(conv_deep, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_deep, f.weight), 2, F_UNITS, C_FILTERS, C_HEIGHT, C_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_deep, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(conv_deep, param),
    MODEL_PIECE(conv_deep, best),
    MODEL_PIECE(conv_deep, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct conv_deep *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_deep *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct conv_deep *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model conv_deep_model = {
    MODEL_OF(conv_deep),
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
    return trainer_main(&conv_deep_model, argc, argv);
}
#endif
