/* include.c - trains the network 'include': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "include.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* p_a: conv 2 3x3 relu
 * 5x5x1 -> 3x3x2, 20 parameters, 324 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION p_a_forward_tile(struct include *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.p_a.bias);
    for (int i = 0; i < P_A_KERNEL_HEIGHT; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.p_a.weight[0][i][0], P_A_KERNEL_ROW);
    tile8_relu((pixels + 1) / 2, P_A_VECTORS, sum);
    tile8_store_pairs(pixels, P_A_FILTERS, sum, &net->value.p_a[n][y][x][0]);
}

static void p_a_forward(struct include *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P_A_HEIGHT; y++)
            TILE_ALONG(3, 0, P_A_WIDTH, p_a_forward_tile, net, n, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void p_a_backward_output(struct include *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < P_A_HEIGHT; y++)
            for (int x = 0; x < P_A_WIDTH; x++)
                for (int c = 0; c < P_A_FILTERS; c++)
                    net->dvalue.p_a[n][y][x][c] = net->value.p_a[n][y][x][c] > 0 ? net->dvalue.p_a[n][y][x][c] : 0;
        tile4_sum(P_A_HEIGHT * P_A_WIDTH, P_A_FILTERS, &net->dvalue.p_a[n][0][0][0], net->group[g].p_a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p_a_backward_weight_tile(struct include *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * P_A_PAIRS];
    tile8_clear(rows, P_A_PAIRS, sum);
    for (int y = 0; y < P_A_HEIGHT; y++)
        tile8_outer_pairs(rows, P_A_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_WIDTH * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.p_a[n][y][0][0], P_A_FILTERS, P_A_WIDTH);
    tile8_add_pairs(rows, P_A_KERNEL_ROW, P_A_FILTERS, sum, net->group[g].p_a.weight[0][i][0]);
}

static void p_a_backward_weight(struct include *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, P_A_KERNEL_HEIGHT, p_a_backward_weight_tile, net, g, n);
}

/* p_b: conv 3 1x1
 * 3x3x2 -> 3x3x3, 9 parameters, 108 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION p_b_forward_tile(struct include *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * P_B_VECTORS];
    tile4_start(pixels, P_B_VECTORS, sum, &net->param.p_b.bias[p * P_B_PANEL]);
    for (int i = 0; i < P_B_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, P_B_VECTORS, sum, &net->value.p_a[n][y + i][x][0], P_A_FILTERS,
            net->param.p_b.weight[p][i][0], P_B_KERNEL_ROW);
    tile4_store(pixels, P_B_VECTORS, p, P_B_FILTERS, sum, &net->value.p_b[n][y][x][p * P_B_PANEL], P_B_FILTERS);
}

static void p_b_forward(struct include *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < P_B_PANELS; p++)
            for (int y = 0; y < P_B_HEIGHT; y++)
                TILE_ALONG(3, 0, P_B_WIDTH, p_b_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void p_b_backward_output(struct include *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, P_B_HEIGHT * P_B_WIDTH, P_B_FILTERS,
        &net->dvalue.p_b[examples.first][0][0][0], net->group[g].p_b.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION p_b_backward_weight_tile(struct include *net, int g, int n, int i, int rows)
{
    tile8 sum[P_B_PAIRS];
    tile8_clear(rows, P_B_PAIRS, sum);
    for (int y = 0; y < P_B_HEIGHT; y++)
        tile8_outer_pairs(rows, P_B_KERNEL_ROW, sum, &net->value.p_a[n][y + i][0][0],
            P_A_WIDTH * P_A_FILTERS, P_A_FILTERS, &net->dvalue.p_b[n][y][0][0], P_B_FILTERS, P_B_WIDTH);
    tile8_add_pairs(rows, P_B_KERNEL_ROW, P_B_FILTERS, sum, net->group[g].p_b.weight[0][i][0]);
}

static void p_b_backward_weight(struct include *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, P_B_KERNEL_HEIGHT, p_b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION p_b_backward_input_tile(struct include *net, real (*spread)[P_B_BACK_PANELS * P_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[3 * P_B_BACK_VECTORS];
    tile4_clear(pixels, P_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, P_B_BACK_VECTORS, sum, &net->dvalue.p_b[n][rows.first - t][x][0], P_B_FILTERS,
            net->transposed.p_b[rows.tap + t][q][0], P_B_FILTERS);
    tile4_store(pixels, P_B_BACK_VECTORS, q, P_B_BACK_PANELS * P_B_BACK_PANEL, sum, &spread[x][q * P_B_BACK_PANEL], P_B_BACK_PANELS * P_B_BACK_PANEL);
}

static void p_b_backward_input(struct include *net, struct range examples)
{
    real spread[P_B_WIDTH + 1][P_B_BACK_PANELS * P_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < P_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y, P_B_HEIGHT, P_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < P_B_BACK_PANELS; q++)
                TILE_ALONG(3, 0, P_B_WIDTH, p_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < P_A_WIDTH; x++) {
                const struct taps columns = taps_over(x, P_B_WIDTH, P_B_KERNEL_WIDTH, 1);
                tile4_fold(P_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * P_A_FILTERS],
                    P_A_FILTERS - P_B_BACK_PANELS * P_B_BACK_PANEL, &net->dvalue.p_a[n][y][x][0]);
            }
        }
}

/* r_1_d: dense 4 tanh
 * 3x3x3 -> 4, 112 parameters, 216 FLOP */

/* tanh(x w + b): tiles of examples by units */
static void r_1_d_forward(struct include *net, struct range examples)
{
    for (int p = 0; p < R_1_D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, R_1_D_VECTORS,
            &net->value.p_b[0][0][0][0], R_1_D_INPUTS, net->param.r_1_d.weight[p][0], net->param.r_1_d.bias, p, R_1_D_UNITS, net->value.r_1_d[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < R_1_D_UNITS; i++)
            net->value.r_1_d[n][i] = real_tanh(net->value.r_1_d[n][i]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void r_1_d_backward_output(struct include *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < R_1_D_UNITS; i++)
            net->dvalue.r_1_d[n][i] = net->dvalue.r_1_d[n][i] * (1 - net->value.r_1_d[n][i] * net->value.r_1_d[n][i]);
    tile4_sum(examples.end - examples.first, R_1_D_UNITS, net->dvalue.r_1_d[examples.first], net->group[g].r_1_d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void r_1_d_backward_weight(struct include *net, int batch, struct range tiles)
{
    for (int p = 0; p < R_1_D_PANELS; p++)
        TILE_INPUTS(7, 6, tiles, R_1_D_WEIGHT_TILES, tile4_outer_product, R_1_D_VECTORS,
            &net->value.p_b[0][0][0][0], R_1_D_INPUTS, net->dvalue.r_1_d[0], p, R_1_D_UNITS, batch, net->dparam.r_1_d.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void r_1_d_backward_input(struct include *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(R_1_D_VECTORS, net->dvalue.r_1_d[n], R_1_D_UNITS, net->param.r_1_d.weight[0][0], R_1_D_INPUTS, 0, R_1_D_INPUTS, &net->dvalue.p_b[n][0][0][0]);
}

/* r_2_d: dense 4 tanh
 * 4 -> 4, 20 parameters, 32 FLOP */

/* tanh(x w + b): tiles of examples by units */
static void r_2_d_forward(struct include *net, struct range examples)
{
    for (int p = 0; p < R_2_D_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, R_2_D_VECTORS,
            net->value.r_1_d[0], R_2_D_INPUTS, net->param.r_2_d.weight[p][0], net->param.r_2_d.bias, p, R_2_D_UNITS, net->value.r_2_d[0]);
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < R_2_D_UNITS; i++)
            net->value.r_2_d[n][i] = real_tanh(net->value.r_2_d[n][i]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void r_2_d_backward_output(struct include *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < R_2_D_UNITS; i++)
            net->dvalue.r_2_d[n][i] = net->dvalue.r_2_d[n][i] * (1 - net->value.r_2_d[n][i] * net->value.r_2_d[n][i]);
    tile4_sum(examples.end - examples.first, R_2_D_UNITS, net->dvalue.r_2_d[examples.first], net->group[g].r_2_d.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void r_2_d_backward_weight(struct include *net, int batch, struct range tiles)
{
    for (int p = 0; p < R_2_D_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, R_2_D_WEIGHT_TILES, tile4_outer_product, R_2_D_VECTORS,
            net->value.r_1_d[0], R_2_D_INPUTS, net->dvalue.r_2_d[0], p, R_2_D_UNITS, batch, net->dparam.r_2_d.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void r_2_d_backward_input(struct include *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(R_2_D_VECTORS, net->dvalue.r_2_d[n], R_2_D_UNITS, net->param.r_2_d.weight[0][0], R_2_D_INPUTS, 0, R_2_D_INPUTS, net->dvalue.r_1_d[n]);
}

/* f: dense 2
 * 4 -> 2, 10 parameters, 16 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct include *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, F_VECTORS,
            net->value.r_2_d[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct include *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct include *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(4, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            net->value.r_2_d[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct include *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, net->dvalue.r_2_d[n]);
}

/* output categorical
 * 2 -> 2 */

static void output_forward(struct include *net, struct range examples)
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
static void output_loss(struct include *net, struct range examples)
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

static void output_backward(struct include *net, int batch, struct range examples)
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
    struct include *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.p_a = (void *)(net->arena + P_A_AT);
    net->dvalue.p_a = (void *)(net->arena + P_A_GRADIENT_AT);
    net->value.p_b = (void *)(net->arena + P_B_AT);
    net->dvalue.p_b = (void *)(net->arena + P_B_GRADIENT_AT);
    net->transposed.p_b = (void *)(net->arena + P_B_TRANSPOSED_AT);
    net->value.r_1_d = (void *)(net->arena + R_1_D_AT);
    net->dvalue.r_1_d = (void *)(net->arena + R_1_D_GRADIENT_AT);
    net->value.r_2_d = (void *)(net->arena + R_2_D_AT);
    net->dvalue.r_2_d = (void *)(net->arena + R_2_D_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct include *net, struct team team)
{
    panels_transpose(net->param.p_b.weight[0][0][0], P_B_FILTERS, P_B_KERNEL_HEIGHT, P_B_KERNEL_ROW, P_B_PANEL, net->transposed.p_b[0][0][0], P_B_BACK_PANEL, team_share(team, P_B_BACK_PANELS));
}

static void forward(struct include *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    p_a_forward(net, examples);
    p_b_forward(net, examples);
    r_1_d_forward(net, examples);
    r_2_d_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct include *net, int batch, struct team team)
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
        r_2_d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    r_2_d_backward_weight(net, batch, team_share(team, R_2_D_WEIGHT_TILES));
    r_2_d_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        r_1_d_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    r_1_d_backward_weight(net, batch, team_share(team, R_1_D_WEIGHT_TILES));
    r_1_d_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        p_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    p_b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        p_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        p_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, p_a.weight);
    TEAM_ADD_GROUPS(team, net, p_a.bias);
    TEAM_ADD_GROUPS(team, net, p_b.weight);
    TEAM_ADD_GROUPS(team, net, p_b.bias);
    TEAM_ADD_GROUPS(team, net, r_1_d.bias);
    TEAM_ADD_GROUPS(team, net, r_2_d.bias);
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
static void update(struct include *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(p_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(p_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_1_d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_1_d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_2_d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(r_2_d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct include *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct include *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct include *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct include *net, struct batch batch, struct team team)
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
static void step_together(struct include *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct include *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct include *net, struct training *run, struct training_epoch *row)
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
    struct include *net = memory;
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
    {"input", "input 5x5x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"p_a", "conv 2 3x3 relu", {P_A_HEIGHT, P_A_WIDTH, P_A_FILTERS, false}, P_A_PARAMETERS, P_A_FLOP, P_A_AT, P_A_SIZE},
    {"p_b", "conv 3 1x1", {P_B_HEIGHT, P_B_WIDTH, P_B_FILTERS, false}, P_B_PARAMETERS, P_B_FLOP, P_B_AT, P_B_SIZE},
    {"r_1_d", "dense 4 tanh", {1, 1, R_1_D_UNITS, true}, R_1_D_PARAMETERS, R_1_D_FLOP, R_1_D_AT, R_1_D_UNITS},
    {"r_2_d", "dense 4 tanh", {1, 1, R_2_D_UNITS, true}, R_2_D_PARAMETERS, R_2_D_FLOP, R_2_D_AT, R_2_D_UNITS},
    {"f", "dense 2", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(include, p_a.weight), 4, P_A_FILTERS, INPUT_CHANNELS, P_A_KERNEL_HEIGHT, P_A_KERNEL_WIDTH, P_A_PANEL, INIT_HE},
    {MODEL_TENSOR(include, p_a.bias), 1, P_A_FILTERS, 1, 1, 1, P_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(include, p_b.weight), 4, P_B_FILTERS, P_A_FILTERS, P_B_KERNEL_HEIGHT, P_B_KERNEL_WIDTH, P_B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(include, p_b.bias), 1, P_B_FILTERS, 1, 1, 1, P_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(include, r_1_d.weight), 2, R_1_D_UNITS, P_B_FILTERS, P_B_HEIGHT, P_B_WIDTH, R_1_D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(include, r_1_d.bias), 1, R_1_D_UNITS, 1, 1, 1, R_1_D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(include, r_2_d.weight), 2, R_2_D_UNITS, R_1_D_UNITS, 1, 1, R_2_D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(include, r_2_d.bias), 1, R_2_D_UNITS, 1, 1, 1, R_2_D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(include, f.weight), 2, F_UNITS, R_2_D_UNITS, 1, 1, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(include, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(include, param),
    MODEL_PIECE(include, best),
    MODEL_PIECE(include, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct include *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct include *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct include *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model include_model = {
    MODEL_OF(include),
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
    return trainer_main(&include_model, argc, argv);
}
#endif
