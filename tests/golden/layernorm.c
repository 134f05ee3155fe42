/* layernorm.c - trains the network 'layernorm': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "layernorm.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* i: layernorm
 * 5x5x3 -> 5x5x3, 6 parameters */

static void i_forward(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < I_HEIGHT; y++)
            for (int x = 0; x < I_WIDTH; x++) {
                real mean, scale;
                tile4_row_measure(&net->value.input[n][y][x][0], I_CHANNELS, I_EPS, &mean, &scale);
                tile4_row_normalise(&net->value.input[n][y][x][0], net->param.i.weight, net->param.i.bias,
                    mean, scale, I_CHANNELS, &net->value.i[n][y + C_PAD_TOP][x + C_PAD_LEFT][0]);
            }
}

static void i_backward(struct layernorm *net, int g, struct range examples)
{
    double dbias[I_CHANNELS] = {0}, dgain[I_CHANNELS] = {0};
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < I_HEIGHT; y++) {
            real row_dbias[I_CHANNELS] = {0};
            real row_dgain[I_CHANNELS] = {0};
            for (int x = 0; x < I_WIDTH; x++) {
                real mean, scale;
                tile4_row_measure(&net->value.input[n][y][x][0], I_CHANNELS, I_EPS, &mean, &scale);
                for (int c = 0; c < I_CHANNELS; c++) {
                    row_dbias[c] += net->dvalue.i[n][y][x][c];
                    row_dgain[c] += net->dvalue.i[n][y][x][c] * ((net->value.input[n][y][x][c] - mean) * scale);
                }
            }
            for (int c = 0; c < I_CHANNELS; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = 0; c < I_CHANNELS; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = 0; c < I_CHANNELS; c++) {
        net->group[g].i.bias[c] = (real)dbias[c];
        net->group[g].i.weight[c] = (real)dgain[c];
    }
}

/* c: conv 6 3x3 pad=1 layernorm relu
 * 5x5x3 -> 5x5x6, 168 parameters, 8.1 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct layernorm *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[5 * C_VECTORS];
    tile8_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, I_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply(pixels, C_VECTORS, sum, &net->value.i[n][y + i][x][0], I_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(5, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void c_backward_output(struct layernorm *net, int g, struct range examples)
{
    tile8_sum_images(examples.end - examples.first, C_HEIGHT * C_WIDTH, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct layernorm *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[5 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    const struct range inside = range_inside(i - C_PAD_TOP, 1, C_HEIGHT, I_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->value.i[n][y + i][0][0] + k, I_CHANNELS,
            &net->dvalue.c[n][y][0][p * C_PANEL], C_FILTERS, C_WIDTH);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct layernorm *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(5, 4, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct layernorm *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[5 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct layernorm *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < I_HEIGHT; y++) {
            const struct taps rows = taps_over(y + C_PAD_TOP, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(5, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < I_WIDTH; x++) {
                const struct taps columns = taps_over(x + C_PAD_LEFT, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(I_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * I_CHANNELS],
                    I_CHANNELS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.i[n][y][x][0]);
            }
        }
}

static void c_layernorm_forward(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_LAYERNORM_HEIGHT; y++)
            for (int x = 0; x < C_LAYERNORM_WIDTH; x++) {
                real mean, scale;
                tile4_row_measure(&net->value.c[n][y][x][0], C_LAYERNORM_CHANNELS, C_LAYERNORM_EPS, &mean, &scale);
                tile4_row_normalise(&net->value.c[n][y][x][0], net->param.c_layernorm.weight, net->param.c_layernorm.bias,
                    mean, scale, C_LAYERNORM_CHANNELS, &net->value.c_layernorm[n][y][x][0]);
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                    net->value.c_layernorm[n][y][x][c] = net->value.c_layernorm[n][y][x][c] < 0 ? 0 : net->value.c_layernorm[n][y][x][c];
            }
}

static void c_layernorm_backward(struct layernorm *net, int g, struct range examples)
{
    double dbias[C_LAYERNORM_CHANNELS] = {0}, dgain[C_LAYERNORM_CHANNELS] = {0};
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_LAYERNORM_HEIGHT; y++) {
            real row_dbias[C_LAYERNORM_CHANNELS] = {0};
            real row_dgain[C_LAYERNORM_CHANNELS] = {0};
            for (int x = 0; x < C_LAYERNORM_WIDTH; x++) {
                real mean, scale;
                tile4_row_measure(&net->value.c[n][y][x][0], C_LAYERNORM_CHANNELS, C_LAYERNORM_EPS, &mean, &scale);
                for (int c = 0; c < C_LAYERNORM_CHANNELS; c++) {
                    net->dvalue.c_layernorm[n][y][x][c] = net->value.c_layernorm[n][y][x][c] > 0 ? net->dvalue.c_layernorm[n][y][x][c] : 0;
                    row_dbias[c] += net->dvalue.c_layernorm[n][y][x][c];
                    row_dgain[c] += net->dvalue.c_layernorm[n][y][x][c] * ((net->value.c[n][y][x][c] - mean) * scale);
                }
                tile4_row_gradient(&net->dvalue.c_layernorm[n][y][x][0], net->param.c_layernorm.weight, &net->value.c[n][y][x][0],
                    mean, scale, C_LAYERNORM_CHANNELS, &net->dvalue.c[n][y][x][0]);
            }
            for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                dbias[c] += (double)row_dbias[c];
            for (int c = 0; c < C_LAYERNORM_CHANNELS; c++)
                dgain[c] += (double)row_dgain[c];
        }
    for (int c = 0; c < C_LAYERNORM_CHANNELS; c++) {
        net->group[g].c_layernorm.bias[c] = (real)dbias[c];
        net->group[g].c_layernorm.weight[c] = (real)dgain[c];
    }
}

/* f: dense 7 layernorm(eps=1e-3)
 * 5x5x6 -> 7, 1057 parameters, 2.1 kFLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct layernorm *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_VECTORS,
            &net->value.c_layernorm[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct layernorm *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct layernorm *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 6, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            &net->value.c_layernorm[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct layernorm *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.c_layernorm[0][0][0][0]);
}

static void f_layernorm_forward(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile4_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        tile4_row_normalise(&net->value.f[n][0], net->param.f_layernorm.weight, net->param.f_layernorm.bias,
            mean, scale, F_LAYERNORM_UNITS, &net->value.f_layernorm[n][0]);
    }
}

static void f_layernorm_backward(struct layernorm *net, int g, struct range examples)
{
    double dbias[F_LAYERNORM_UNITS] = {0}, dgain[F_LAYERNORM_UNITS] = {0};
    for (int n = examples.first; n < examples.end; n++) {
        real mean, scale;
        tile4_row_measure(&net->value.f[n][0], F_LAYERNORM_UNITS, F_LAYERNORM_EPS, &mean, &scale);
        for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
            dbias[c] += net->dvalue.f_layernorm[n][c];
            dgain[c] += net->dvalue.f_layernorm[n][c] * ((net->value.f[n][c] - mean) * scale);
        }
        tile4_row_gradient(&net->dvalue.f_layernorm[n][0], net->param.f_layernorm.weight, &net->value.f[n][0],
            mean, scale, F_LAYERNORM_UNITS, &net->dvalue.f[n][0]);
    }
    for (int c = 0; c < F_LAYERNORM_UNITS; c++) {
        net->group[g].f_layernorm.bias[c] = (real)dbias[c];
        net->group[g].f_layernorm.weight[c] = (real)dgain[c];
    }
}

/* g: dense 3
 * 7 -> 3, 24 parameters, 42 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct layernorm *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_VECTORS,
            net->value.f_layernorm[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct layernorm *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct layernorm *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(7, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f_layernorm[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void g_backward_input(struct layernorm *net, struct range examples)
{
    for (int q = 0; q < G_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, G_BACK_VECTORS,
            net->dvalue.g[0], G_UNITS, net->transposed.g[q][0], TILE_NO_BIAS, q, G_INPUTS, net->dvalue.f_layernorm[0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.g[n];
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
static void output_loss(struct layernorm *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        double loss = 0;
        const real *z = net->value.g[n];
        const real largest = z[score_most_probable(z, OUTPUT_UNITS)];
        double sum = 0;
        for (int k = 0; k < OUTPUT_UNITS; k++)
            sum += exp((double)(z[k] - largest));
        loss += log(sum) - (double)(z[net->target[n]] - largest);
        net->loss[n] = loss;
    }
}

static void output_backward(struct layernorm *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.g[n];
        const real *p = net->value.output[n];
        for (int k = 0; k < OUTPUT_UNITS; k++)
            dz[k] = (p[k] - (k == net->target[n])) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct layernorm *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.i = (void *)(net->arena + I_AT);
    net->dvalue.i = (void *)(net->arena + I_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_layernorm = (void *)(net->arena + C_LAYERNORM_AT);
    net->dvalue.c_layernorm = (void *)(net->arena + C_LAYERNORM_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.f_layernorm = (void *)(net->arena + F_LAYERNORM_AT);
    net->dvalue.f_layernorm = (void *)(net->arena + F_LAYERNORM_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->transposed.g = (void *)(net->arena + G_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct layernorm *net, struct team team)
{
    panels_transpose(net->param.g.weight[0][0], G_UNITS, 1, G_INPUTS, G_PANEL, net->transposed.g[0][0], G_BACK_PANEL, team_share(team, G_BACK_PANELS));
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct layernorm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    i_forward(net, examples);
    c_forward(net, examples);
    c_layernorm_forward(net, examples);
    f_forward(net, examples);
    f_layernorm_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct layernorm *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_layernorm_backward(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_layernorm_backward(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    c_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        i_backward(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, i.weight);
    TEAM_ADD_GROUPS(team, net, i.bias);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, c_layernorm.weight);
    TEAM_ADD_GROUPS(team, net, c_layernorm.bias);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, f_layernorm.weight);
    TEAM_ADD_GROUPS(team, net, f_layernorm.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
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
static void update(struct layernorm *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(i.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(i.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_layernorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c_layernorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f_layernorm.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct layernorm *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct layernorm *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct layernorm *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct layernorm *net, struct batch batch, struct team team)
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
static void step_together(struct layernorm *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct layernorm *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct layernorm *net, struct training *run, struct training_epoch *row)
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
    struct layernorm *net = memory;
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
    {"input", "input 5x5x3", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"i", "layernorm", {I_HEIGHT, I_WIDTH, I_CHANNELS, false}, I_PARAMETERS, 0, I_AT, I_PADDED_SIZE},
    {"c", "conv 6 3x3 pad=1 layernorm relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_layernorm", "layernorm", {C_LAYERNORM_HEIGHT, C_LAYERNORM_WIDTH, C_LAYERNORM_CHANNELS, false}, C_LAYERNORM_PARAMETERS, 0, C_LAYERNORM_AT, C_LAYERNORM_SIZE},
    {"f", "dense 7 layernorm(eps=1e-3)", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_layernorm", "layernorm", {1, 1, F_LAYERNORM_UNITS, true}, F_LAYERNORM_PARAMETERS, 0, F_LAYERNORM_AT, F_LAYERNORM_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(layernorm, i.weight), 1, I_CHANNELS, 1, 1, 1, I_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(layernorm, i.bias), 1, I_CHANNELS, 1, 1, 1, I_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, c.weight), 4, C_FILTERS, I_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(layernorm, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(layernorm, c_layernorm.weight), 1, C_LAYERNORM_CHANNELS, 1, 1, 1, C_LAYERNORM_CHANNELS, INIT_ONE},
    {MODEL_TENSOR(layernorm, c_layernorm.bias), 1, C_LAYERNORM_CHANNELS, 1, 1, 1, C_LAYERNORM_CHANNELS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, f.weight), 2, F_UNITS, C_LAYERNORM_CHANNELS, C_LAYERNORM_HEIGHT, C_LAYERNORM_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(layernorm, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(layernorm, f_layernorm.weight), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ONE},
    {MODEL_TENSOR(layernorm, f_layernorm.bias), 1, F_LAYERNORM_UNITS, 1, 1, 1, F_LAYERNORM_UNITS, INIT_ZERO},
    {MODEL_TENSOR(layernorm, g.weight), 2, G_UNITS, F_LAYERNORM_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(layernorm, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(layernorm, param),
    MODEL_PIECE(layernorm, best),
    MODEL_PIECE(layernorm, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct layernorm *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct layernorm *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct layernorm *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model layernorm_model = {
    MODEL_OF(layernorm),
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
    return trainer_main(&layernorm_model, argc, argv);
}
#endif
