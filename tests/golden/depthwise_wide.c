/* depthwise_wide.c - trains the network 'depthwise_wide': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "depthwise_wide.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 19 1x1 tanh
 * 9x8x3 -> 9x8x19, 76 parameters, 8.21 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct depthwise_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[4 * A_VECTORS];
    tile8_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_KERNEL_ROW);
    tile8_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(4, 0, A_WIDTH, a_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = real_tanh(net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct depthwise_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->dvalue.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * (1 - net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * net->value.a[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
        for (int y = 0; y < A_HEIGHT; y++)
            tile8_sum(A_WIDTH, A_FILTERS, &net->dvalue.a[n][y + D_PAD_TOP][D_PAD_LEFT][0], net->group[g].a.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct depthwise_wide *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[3 * A_VECTORS];
    tile8_clear(rows, A_VECTORS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile8_outer(rows, A_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.a[n][y + D_PAD_TOP][D_PAD_LEFT][p * A_PANEL], A_FILTERS, A_WIDTH);
    tile8_add(rows, A_VECTORS, p, A_FILTERS, sum, net->group[g].a.weight[p][i][k], A_PANEL);
}

static void a_backward_weight(struct depthwise_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, A_KERNEL_ROW, a_backward_weight_tile, net, g, n, p, i);
}

/* d: depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh
 * 9x8x19 -> 5x10x19, 133 parameters, 11.4 kFLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION d_forward_tile(struct depthwise_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[5 * D_VECTORS];
    tile8_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
        tile8_channels(pixels, D_VECTORS, sum,
            &net->value.a[n][y * D_STRIDE_Y + i][x][p * D_PANEL], A_FILTERS, D_DILATION_X * A_FILTERS,
            net->param.d.weight[p][i][0], D_PANEL, D_KERNEL_WIDTH);
    tile8_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int p = 0; p < D_PANELS; p++)
                TILE_ALONG(5, 0, D_WIDTH, d_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] = real_tanh(net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct depthwise_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] = net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] * (1 - net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c] * net->value.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][c]);
        for (int y = 0; y < D_HEIGHT; y++)
            tile8_sum(D_WIDTH, D_FILTERS, &net->dvalue.d[n][y + E_PAD_TOP][E_PAD_LEFT][0], net->group[g].d.bias);
    }
}

/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct depthwise_wide *net, int g, int n, int p, int i, int j, int taps)
{
    tile8 sum[2 * D_VECTORS];
    tile8_clear(taps, D_VECTORS, sum);
    for (int y = 0; y < D_HEIGHT; y++)
        tile8_channels(taps, D_VECTORS, sum,
            &net->value.a[n][y * D_STRIDE_Y + i][j * D_DILATION_X][p * D_PANEL], D_DILATION_X * A_FILTERS, A_FILTERS,
            &net->dvalue.d[n][y + E_PAD_TOP][E_PAD_LEFT][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile8_add(taps, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][j], D_PANEL);
}

static void d_backward_weight(struct depthwise_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(2, 0, D_KERNEL_WIDTH, d_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the kernel */
TILE_FUNCTION d_backward_input_tile(struct depthwise_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[5 * D_VECTORS];
    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
        for (int j = 0; j < D_KERNEL_WIDTH; j++) {
            tile8_scale(pixels, D_VECTORS, sum, &net->dvalue.d[n][y + E_PAD_TOP][x + E_PAD_LEFT][p * D_PANEL], D_FILTERS, net->param.d.weight[p][i][j]);
            tile8_add(pixels, D_VECTORS, p, D_FILTERS, sum, &net->dvalue.a[n][y * D_STRIDE_Y + i][x + j * D_DILATION_X][p * D_PANEL], A_FILTERS);
        }
}

static void d_backward_input(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.a[n], 0, sizeof(net->dvalue.a[n]));
        for (int y = 0; y < D_HEIGHT; y++)
            for (int p = 0; p < D_PANELS; p++)
                TILE_ALONG(5, 0, D_WIDTH, d_backward_input_tile, net, n, p, y);
    }
}

/* e: depthwise 2x5 pad=2 dilation=2x1 bias=no l2=1e-3 max_norm=0.4
 * 5x10x19 -> 7x10x19, 190 parameters, 26.6 kFLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION e_forward_tile(struct depthwise_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[5 * E_VECTORS];
    tile8_clear(pixels, E_VECTORS, sum);
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        tile8_channels(pixels, E_VECTORS, sum,
            &net->value.d[n][y + i * E_DILATION_Y][x][p * E_PANEL], D_FILTERS, D_FILTERS,
            net->param.e.weight[p][i][0], E_PANEL, E_KERNEL_WIDTH);
    tile8_store(pixels, E_VECTORS, p, E_FILTERS, sum, &net->value.e[n][y][x][p * E_PANEL], E_FILTERS);
}

static void e_forward(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int p = 0; p < E_PANELS; p++)
                TILE_ALONG(5, 0, E_WIDTH, e_forward_tile, net, n, p, y);
}

/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one example of group g */
TILE_FUNCTION e_backward_weight_tile(struct depthwise_wide *net, int g, int n, int p, int i, int j, int taps)
{
    tile8 sum[5 * E_VECTORS];
    tile8_clear(taps, E_VECTORS, sum);
    for (int y = 0; y < E_HEIGHT; y++)
        tile8_channels(taps, E_VECTORS, sum,
            &net->value.d[n][y + i * E_DILATION_Y][j][p * E_PANEL], D_FILTERS, D_FILTERS,
            &net->dvalue.e[n][y][0][p * E_PANEL], E_FILTERS, E_WIDTH);
    tile8_add(taps, E_VECTORS, p, E_FILTERS, sum, net->group[g].e.weight[p][i][j], E_PANEL);
}

static void e_backward_weight(struct depthwise_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < E_PANELS; p++)
            for (int i = 0; i < E_KERNEL_HEIGHT; i++)
                TILE_ALONG(5, 0, E_KERNEL_WIDTH, e_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the kernel */
TILE_FUNCTION e_backward_input_tile(struct depthwise_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[5 * E_VECTORS];
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        for (int j = 0; j < E_KERNEL_WIDTH; j++) {
            tile8_scale(pixels, E_VECTORS, sum, &net->dvalue.e[n][y][x][p * E_PANEL], E_FILTERS, net->param.e.weight[p][i][j]);
            tile8_add(pixels, E_VECTORS, p, E_FILTERS, sum, &net->dvalue.d[n][y + i * E_DILATION_Y][x + j][p * E_PANEL], D_FILTERS);
        }
}

static void e_backward_input(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.d[n], 0, sizeof(net->dvalue.d[n]));
        for (int y = 0; y < E_HEIGHT; y++)
            for (int p = 0; p < E_PANELS; p++)
                TILE_ALONG(5, 0, E_WIDTH, e_backward_input_tile, net, n, p, y);
    }
}

/* No weights into a filter or unit are longer than E_MAX_NORM */
static void e_limit_norm(struct depthwise_wide *net, struct range filters)
{
    const int inputs = E_WEIGHTS / E_FILTERS;
    for (int f = filters.first; f < filters.end; f++) {
        real *weight = (real *)net->param.e.weight + f / E_PANEL * inputs * E_PANEL + f % E_PANEL;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * E_PANEL] * weight[k * E_PANEL];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * E_PANEL] *= norm > E_MAX_NORM ? E_MAX_NORM / norm : 1;
    }
}

/* f: dense 3
 * 7x10x19 -> 3, 3993 parameters, 7.98 kFLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct depthwise_wide *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, F_VECTORS,
            &net->value.e[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct depthwise_wide *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct depthwise_wide *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 2, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.e[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct depthwise_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, &net->dvalue.e[n][0][0][0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct depthwise_wide *net, struct range examples)
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
static void output_loss(struct depthwise_wide *net, struct range examples)
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

static void output_backward(struct depthwise_wide *net, int batch, struct range examples)
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
    struct depthwise_wide *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct depthwise_wide *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    d_forward(net, examples);
    e_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct depthwise_wide *net, int batch, struct team team)
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
        e_backward_weight(net, g, team_group(g, GROUPS, batch));
    e_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        a_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, a.weight);
    TEAM_ADD_GROUPS(team, net, a.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, e.weight);
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
static void update(struct depthwise_wide *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate, .l2 = E_L2});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    team_wait(team);
    e_limit_norm(net, team_share(team, E_FILTERS));
}

/* Some examples of the batch, from the data into the network */
static void load(struct depthwise_wide *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct depthwise_wide *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct depthwise_wide *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct depthwise_wide *net, struct batch batch, struct team team)
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
static void step_together(struct depthwise_wide *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct depthwise_wide *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct depthwise_wide *net, struct training *run, struct training_epoch *row)
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
    struct depthwise_wide *net = memory;
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
    {"input", "input 9x8x3", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"a", "conv 19 1x1 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_PADDED_SIZE},
    {"d", "depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_PADDED_SIZE},
    {"e", "depthwise 2x5 pad=2 dilation=2x1 bias=no l2=1e-3 max_norm=0.4", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(depthwise_wide, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(depthwise_wide, d.weight), 4, D_FILTERS, D_GROUP_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(depthwise_wide, e.weight), 4, E_FILTERS, E_GROUP_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, f.weight), 2, F_UNITS, E_FILTERS, E_HEIGHT, E_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(depthwise_wide, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(depthwise_wide, param),
    MODEL_PIECE(depthwise_wide, best),
    MODEL_PIECE(depthwise_wide, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct depthwise_wide *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct depthwise_wide *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct depthwise_wide *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model depthwise_wide_model = {
    MODEL_OF(depthwise_wide),
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
    return trainer_main(&depthwise_wide_model, argc, argv);
}
#endif
