/* conv_transpose.c - trains the network 'conv_transpose': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_transpose.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv_transpose 3 2x2 stride=2 relu
 * 3x4x2 -> 6x8x3, 27 parameters, 576 FLOP */

/* What `pixels` pixels from x on, in all rows that see a row of the result, give to panel q of the columns under the kernel */
TILE_FUNCTION a_forward_tile(struct conv_transpose *net, real (*spread)[A_BACK_PANELS * A_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * A_BACK_VECTORS];
    tile8_clear(pixels, A_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, A_BACK_VECTORS, sum, &net->value.input[n][rows.first - t][x][0], INPUT_CHANNELS,
            net->transposed.a[rows.tap + t * A_STRIDE_Y][q][0], INPUT_CHANNELS);
    tile8_store(pixels, A_BACK_VECTORS, q, A_BACK_PANELS * A_BACK_PANEL, sum, &spread[x][q * A_BACK_PANEL], A_BACK_PANELS * A_BACK_PANEL);
}

static void a_forward(struct conv_transpose *net, struct range examples)
{
    real spread[INPUT_WIDTH + 1][A_BACK_PANELS * A_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++) {
            const struct taps rows = taps_over(y, INPUT_HEIGHT, A_KERNEL_HEIGHT, A_STRIDE_Y);
            for (int q = 0; q < A_BACK_PANELS; q++)
                TILE_ALONG(4, 0, INPUT_WIDTH, a_forward_tile, net, spread, rows, n, q);
            for (int x = 0; x < A_WIDTH; x++) {
                const struct taps columns = taps_over(x, INPUT_WIDTH, A_KERNEL_WIDTH, A_STRIDE_X);
                tile4_fold(A_FILTERS, columns.count, net->param.a.bias, &spread[columns.first][columns.tap * A_FILTERS],
                    A_STRIDE_X * A_FILTERS - A_BACK_PANELS * A_BACK_PANEL, &net->value.a[n][y][x][0]);
            }
        }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = net->value.a[n][y][x][c] < 0 ? 0 : net->value.a[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct conv_transpose *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->value.a[n][y][x][c] > 0 ? net->dvalue.a[n][y][x][c] : 0;
        tile4_sum(A_HEIGHT * A_WIDTH, A_FILTERS, &net->dvalue.a[n][0][0][0], net->group[g].a.bias);
    }
}

/* `rows` results under row i of the kernel, from k on, and the channels of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct conv_transpose *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[6 * A_VECTORS];
    tile4_clear(rows, A_VECTORS, sum);
    for (int y = 0; y < INPUT_HEIGHT; y++)
        tile4_outer(rows, A_VECTORS, sum, &net->dvalue.a[n][y * A_STRIDE_Y + i][0][0] + k, A_STRIDE_X * A_FILTERS,
            &net->value.input[n][y][0][p * A_PANEL], INPUT_CHANNELS, INPUT_WIDTH);
    tile4_add(rows, A_VECTORS, p, INPUT_CHANNELS, sum, net->group[g].a.weight[p][i][k], A_PANEL);
}

static void a_backward_weight(struct conv_transpose *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, A_KERNEL_ROW, a_backward_weight_tile, net, g, n, p, i);
}

/* b: conv_transpose 2 3x3 stride=2x1 pad=1 output_pad=1x0 bias=no sigmoid
 * 6x8x3 -> 12x8x2, 54 parameters, 5.18 kFLOP */

static void b_forward(struct conv_transpose *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
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
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = sigmoid(net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
}

/* dz = dy * sigmoid'(z), in the place of dy */
static void b_backward_output(struct conv_transpose *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->dvalue.b[n][y][x][c] * net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] * (1 - net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
    }
}

static void b_backward_weight(struct conv_transpose *net, int batch)
{
    memset(net->dparam.b.weight, 0, sizeof(net->dparam.b.weight));
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
                                net->dparam.b.weight[i][j][f][c] += net->dvalue.b[n][row][column][f] * net->value.a[n][y][x][c];
                    }
}

static void b_backward_input(struct conv_transpose *net, struct range examples)
{
    memset(net->dvalue.a[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.a[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                    for (int j = 0; j < B_KERNEL_WIDTH; j++) {
                        const int row = y * B_STRIDE_Y + i - B_PAD_TOP, column = x + j - B_PAD_LEFT;
                        if (row < 0 || row >= B_HEIGHT || column < 0 || column >= B_WIDTH)
                            continue;
                        for (int f = 0; f < B_FILTERS; f++)
                            for (int c = 0; c < A_FILTERS; c++)
                                net->dvalue.a[n][y][x][c] += net->dvalue.b[n][row][column][f] * net->param.b.weight[i][j][f][c];
                    }
}

/* c: conv 2 3x3 pad=1
 * 12x8x2 -> 12x8x2, 38 parameters, 6.91 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct conv_transpose *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[8 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, B_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, C_VECTORS, sum, &net->value.b[n][y + i][x][0], B_FILTERS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct conv_transpose *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(8, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void c_backward_output(struct conv_transpose *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), C_HEIGHT * C_WIDTH / 4, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct conv_transpose *net, int g, int n, int i, int rows)
{
    tile8 sum[C_PAIRS];
    tile8_clear(rows, C_PAIRS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer_pairs(rows, C_KERNEL_ROW, sum, &net->value.b[n][y + i][0][0],
            B_COLUMNS * B_FILTERS, B_FILTERS, &net->dvalue.c[n][y][0][0], C_FILTERS, C_WIDTH);
    tile8_add_pairs(rows, C_KERNEL_ROW, C_FILTERS, sum, net->group[g].c.weight[0][i][0]);
}

static void c_backward_weight(struct conv_transpose *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, C_KERNEL_HEIGHT, c_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct conv_transpose *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[8 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct conv_transpose *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++) {
            const struct taps rows = taps_over(y + C_PAD_TOP, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(8, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < B_WIDTH; x++) {
                const struct taps columns = taps_over(x + C_PAD_LEFT, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(B_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * B_FILTERS],
                    B_FILTERS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.b[n][y][x][0]);
            }
        }
}

/* output squared_error
 * 12x8x2 -> 192 */

static void output_forward(struct conv_transpose *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = &net->value.c[n][0][0][0];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct conv_transpose *net, struct range examples)
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

static void output_backward(struct conv_transpose *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
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
    net->transposed.a = (void *)(net->arena + A_TRANSPOSED_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct conv_transpose *net, struct team team)
{
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct conv_transpose *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    panels_transpose(net->param.a.weight[0][0][0], INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_ROW, A_PANEL, net->transposed.a[0][0][0], A_BACK_PANEL, team_share(team, A_BACK_PANELS));
    team_wait(team);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_transpose *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    c_backward_input(net, examples);
    b_backward_output(net, examples);
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
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
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
static void update(struct conv_transpose *net, double rate, struct team team)
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

/* The forward pass alone, as one of a team */
static void infer(struct conv_transpose *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_transpose *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_transpose *net, struct batch batch, struct team team)
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
static void step_together(struct conv_transpose *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_transpose *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
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
    {MODEL_TENSOR(conv_transpose, a.weight), 4, INPUT_CHANNELS, A_FILTERS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_HE},
    {MODEL_TENSOR(conv_transpose, a.bias), 1, A_FILTERS, 1, 1, 1, A_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(conv_transpose, b.weight), 4, A_FILTERS, B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, A_FILTERS, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
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
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_transpose *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
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
    .threads_most = THREADS_MOST,
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&conv_transpose_model, argc, argv);
}
#endif
