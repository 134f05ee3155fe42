/* dropout_relu.c - trains the network 'dropout_relu': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "dropout_relu.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* c: conv 3 3x3 relu
 * 6x6x1 -> 4x4x3, 30 parameters, 864 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION c_forward_tile(struct dropout_relu *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.c.bias);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.c.weight[0][i][0], C_KERNEL_ROW);
    tile8_relu((pixels + 1) / 2, C_VECTORS, sum);
    tile8_store_pairs(pixels, C_FILTERS, sum, &net->value.c[n][y][x][0]);
}

static void c_forward(struct dropout_relu *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            TILE_ALONG(4, 0, C_WIDTH, c_forward_tile, net, n, y);
}

/* dbias = sum of dz, which c_dropout_backward has made */
static void c_backward_output(struct dropout_relu *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, C_HEIGHT * C_WIDTH, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct dropout_relu *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * C_PAIRS];
    tile8_clear(rows, C_PAIRS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer_pairs(rows, C_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_WIDTH * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.c[n][y][0][0], C_FILTERS, C_WIDTH);
    tile8_add_pairs(rows, C_KERNEL_ROW, C_FILTERS, sum, net->group[g].c.weight[0][i][0]);
}

static void c_backward_weight(struct dropout_relu *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, C_KERNEL_HEIGHT, c_backward_weight_tile, net, g, n);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void c_backward_slope(struct dropout_relu *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->value.c[n][y][x][c] > 0 ? net->dvalue.c[n][y][x][c] : 0;
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct dropout_relu *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[4 * C_BACK_VECTORS];
    tile4_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile4_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct dropout_relu *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < INPUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(4, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < INPUT_WIDTH; x++) {
                const struct taps columns = taps_over(x, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(INPUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * INPUT_CHANNELS],
                    INPUT_CHANNELS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.input[n][y][x][0]);
            }
        }
}

/* dropout 0.3
 * 4x4x3 -> 4x4x3 */

static void c_dropout_forward(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : C_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : C_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++)
            dropout_apply(dropout, (uint32_t)n * apart + (uint32_t)(y * C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS), &net->value.c[n][y][0][0], &net->value.c_dropout[n][y + D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS);
}

/* With relu' of c: dz = 0 where the result is not above 0 */
static void c_dropout_backward(struct dropout_relu *net, struct range examples)
{
    const real scale = (real)(1 / (1 - C_DROPOUT_RATE));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = real_or_zero(net->dvalue.c_dropout[n][y][x][c] * scale, net->value.c_dropout[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] > 0);
}

/* Without gates, as relu' of c, for a probe, which wants dy */
static void c_dropout_backward_ungated(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, C_DROPOUT_STREAM, net->step, !net->is_training ? 0 : C_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * C_SIZE, &net->dvalue.c_dropout[n][0][0][0], &net->dvalue.c[n][0][0][0], C_SIZE);
}

/* d: conv 2 3x3 pad=1 bias=no relu
 * 4x4x3 -> 4x4x2, 54 parameters, 1.73 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct dropout_relu *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * D_VECTORS];
    tile4_clear(pixels, D_VECTORS, sum);
    const struct range rows = range_inside(y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_DROPOUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c_dropout[n][y + i][x][0], C_DROPOUT_CHANNELS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_relu(pixels, D_VECTORS, sum);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct dropout_relu *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(4, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct dropout_relu *net, int g, int n, int i, int rows)
{
    tile8 sum[D_PAIRS];
    tile8_clear(rows, D_PAIRS, sum);
    for (int y = 0; y < D_HEIGHT; y++)
        tile8_outer_pairs(rows, D_KERNEL_ROW, sum, &net->value.c_dropout[n][y + i][0][0],
            C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS, C_DROPOUT_CHANNELS, &net->dvalue.d[n][y][0][0], D_FILTERS, D_WIDTH);
    tile8_add_pairs(rows, D_KERNEL_ROW, D_FILTERS, sum, net->group[g].d.weight[0][i][0]);
}

static void d_backward_weight(struct dropout_relu *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, D_KERNEL_HEIGHT, d_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct dropout_relu *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct dropout_relu *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_DROPOUT_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, 1);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(4, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_DROPOUT_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, 1);
                tile4_fold(C_DROPOUT_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * C_DROPOUT_CHANNELS],
                    C_DROPOUT_CHANNELS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c_dropout[n][y][x][0]);
            }
        }
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void d_backward_slope(struct dropout_relu *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
}

/* dropout 0.1
 * 4x4x2 -> 4x4x2 */

static void d_dropout_forward(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : D_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : D_DROPOUT_SIZE; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, &net->value.d[n][0][0][0], &net->value.d_dropout[n][0][0][0], D_DROPOUT_SIZE);
}

/* With relu' of d: dz = 0 where the result is not above 0 */
static void d_dropout_backward(struct dropout_relu *net, struct range examples)
{
    const real scale = (real)(1 / (1 - D_DROPOUT_RATE));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = real_or_zero(net->dvalue.d_dropout[n][y][x][c] * scale, net->value.d_dropout[n][y][x][c] > 0);
}

/* Without gates, as relu' of d, for a probe, which wants dy */
static void d_dropout_backward_ungated(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, D_DROPOUT_STREAM, net->step, !net->is_training ? 0 : D_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * D_SIZE, &net->dvalue.d_dropout[n][0][0][0], &net->dvalue.d[n][0][0][0], D_SIZE);
}

/* f: dense 5 relu dropout(0.5)
 * 4x4x2 -> 5, 165 parameters, 320 FLOP */

/* relu(x w + b): tiles of examples by units */
static void f_forward(struct dropout_relu *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine_relu, F_VECTORS,
            &net->value.d_dropout[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dz, which f_dropout_backward has made */
static void f_backward_output(struct dropout_relu *net, int g, struct range examples)
{
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct dropout_relu *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            &net->value.d_dropout[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct dropout_relu *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.d_dropout[0][0][0][0]);
}

/* dz = dy * relu'(z), in the place of dy, for a probe */
static void f_backward_slope(struct dropout_relu *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
}

static void f_dropout_forward(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training && !net->is_sampling ? 0 : F_DROPOUT_RATE};
    const uint32_t apart = net->is_sampling ? 0 : F_DROPOUT_UNITS; /* a sample has one mask for all examples */
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * apart, net->value.f[n], net->value.f_dropout[n], F_DROPOUT_UNITS);
}

/* With relu' of f: dz = 0 where the result is not above 0 */
static void f_dropout_backward(struct dropout_relu *net, struct range examples)
{
    const real scale = (real)(1 / (1 - F_DROPOUT_RATE));
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = real_or_zero(net->dvalue.f_dropout[n][i] * scale, net->value.f_dropout[n][i] > 0);
}

/* Without gates, as relu' of f, for a probe, which wants dy */
static void f_dropout_backward_ungated(struct dropout_relu *net, struct range examples)
{
    const struct dropout dropout = {net->seed, F_DROPOUT_STREAM, net->step, !net->is_training ? 0 : F_DROPOUT_RATE};
    for (int n = examples.first; n < examples.end; n++)
        dropout_apply(dropout, (uint32_t)n * F_UNITS, net->dvalue.f_dropout[n], net->dvalue.f[n], F_UNITS);
}

/* g: dense 3
 * 5 -> 3, 18 parameters, 30 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct dropout_relu *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, G_VECTORS,
            net->value.f_dropout[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct dropout_relu *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct dropout_relu *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(5, 0, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.f_dropout[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void g_backward_input(struct dropout_relu *net, struct range examples)
{
    for (int q = 0; q < G_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, G_BACK_VECTORS,
            net->dvalue.g[0], G_UNITS, net->transposed.g[q][0], TILE_NO_BIAS, q, G_INPUTS, net->dvalue.f_dropout[0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct dropout_relu *net, struct range examples)
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
static void output_loss(struct dropout_relu *net, struct range examples)
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

static void output_backward(struct dropout_relu *net, int batch, struct range examples)
{
    const real share = 1 / (real)(net->is_training ? batch : 1); /* the loss of a batch is the mean over its examples; for a probe each stands alone */
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
    struct dropout_relu *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->dvalue.input = (void *)(net->arena + INPUT_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_dropout = (void *)(net->arena + C_DROPOUT_AT);
    net->dvalue.c_dropout = (void *)(net->arena + C_DROPOUT_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_dropout = (void *)(net->arena + D_DROPOUT_AT);
    net->dvalue.d_dropout = (void *)(net->arena + D_DROPOUT_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.f_dropout = (void *)(net->arena + F_DROPOUT_AT);
    net->dvalue.f_dropout = (void *)(net->arena + F_DROPOUT_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->transposed.g = (void *)(net->arena + G_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct dropout_relu *net, struct team team)
{
    panels_transpose(net->param.g.weight[0][0], G_UNITS, 1, G_INPUTS, G_PANEL, net->transposed.g[0][0], G_BACK_PANEL, team_share(team, G_BACK_PANELS));
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
}

static void forward(struct dropout_relu *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    c_forward(net, examples);
    c_dropout_forward(net, examples);
    d_forward(net, examples);
    d_dropout_forward(net, examples);
    f_forward(net, examples);
    f_dropout_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct dropout_relu *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    f_dropout_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    d_dropout_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_dropout_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, g.bias);
}

/* Training overwrites results that a probe still needs: there their gradients have places of their own. */
static void probe_move_gradients(struct dropout_relu *net, bool to_probe)
{
    net->dvalue.c = (void *)(net->arena + (to_probe ? C_PROBE_GRADIENT_AT : C_GRADIENT_AT));
    net->dvalue.c_dropout = (void *)(net->arena + (to_probe ? C_DROPOUT_PROBE_GRADIENT_AT : C_DROPOUT_GRADIENT_AT));
    net->dvalue.f_dropout = (void *)(net->arena + (to_probe ? F_DROPOUT_PROBE_GRADIENT_AT : F_DROPOUT_GRADIENT_AT));
    net->dvalue.g = (void *)(net->arena + (to_probe ? G_PROBE_GRADIENT_AT : G_GRADIENT_AT));
}

/* The forward pass as a probe sees it */
static void probe_forward(struct dropout_relu *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    probe_look_at_value(probe, INPUT_LAYER, examples, probe_row(&net->value.input[0][0][0][0], INPUT_SIZE));
    c_forward(net, examples);
    probe_look_at_value(probe, C_LAYER, examples, probe_row(&net->value.c[0][0][0][0], C_SIZE));
    c_dropout_forward(net, examples);
    probe_look_at_value(probe, C_DROPOUT_LAYER, examples, probe_rows(&net->value.c_dropout[0][D_PAD_TOP][D_PAD_LEFT][0], C_DROPOUT_PADDED_SIZE, C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS, C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS));
    d_forward(net, examples);
    probe_look_at_value(probe, D_LAYER, examples, probe_row(&net->value.d[0][0][0][0], D_SIZE));
    d_dropout_forward(net, examples);
    probe_look_at_value(probe, D_DROPOUT_LAYER, examples, probe_row(&net->value.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    f_forward(net, examples);
    probe_look_at_value(probe, F_LAYER, examples, probe_row(net->value.f[0], F_UNITS));
    f_dropout_forward(net, examples);
    probe_look_at_value(probe, F_DROPOUT_LAYER, examples, probe_row(net->value.f_dropout[0], F_DROPOUT_UNITS));
    g_forward(net, examples);
    probe_look_at_value(probe, G_LAYER, examples, probe_row(net->value.g[0], G_UNITS));
    output_forward(net, examples);
    probe_look_at_value(probe, OUTPUT_LAYER, examples, probe_row(net->value.output[0], OUTPUT_UNITS));
}

/* Gradients of one number of each example in evaluation mode: its loss, or what the probe sets */
static void probe_backward(struct dropout_relu *net, int batch, const struct probe *probe, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    if (probe->unit == PROBE_LOSS)
        output_backward(net, batch, examples);
    else
        probe_set_unit(probe, examples, net->dvalue.g[0], G_UNITS);
    probe_look_at_gradient(probe, G_LAYER, examples, probe_row(net->dvalue.g[0], G_UNITS));
    team_wait(team);
    g_backward_input(net, examples);
    probe_look_at_gradient(probe, F_DROPOUT_LAYER, examples, probe_row(net->dvalue.f_dropout[0], F_DROPOUT_UNITS));
    f_dropout_backward_ungated(net, examples);
    probe_look_at_gradient(probe, F_LAYER, examples, probe_row(net->dvalue.f[0], F_UNITS));
    f_backward_slope(net, examples);
    team_wait(team);
    f_backward_input(net, examples);
    probe_look_at_gradient(probe, D_DROPOUT_LAYER, examples, probe_row(&net->dvalue.d_dropout[0][0][0][0], D_DROPOUT_SIZE));
    d_dropout_backward_ungated(net, examples);
    probe_look_at_gradient(probe, D_LAYER, examples, probe_row(&net->dvalue.d[0][0][0][0], D_SIZE));
    d_backward_slope(net, examples);
    d_backward_input(net, examples);
    probe_look_at_gradient(probe, C_DROPOUT_LAYER, examples, probe_row(&net->dvalue.c_dropout[0][0][0][0], C_DROPOUT_SIZE));
    c_dropout_backward_ungated(net, examples);
    probe_look_at_gradient(probe, C_LAYER, examples, probe_row(&net->dvalue.c[0][0][0][0], C_SIZE));
    c_backward_slope(net, examples);
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
    team_wait(team);
    c_backward_input(net, examples);
    probe_look_at_gradient(probe, INPUT_LAYER, examples, probe_row(&net->dvalue.input[0][0][0][0], INPUT_SIZE));
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
static void update(struct dropout_relu *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct dropout_relu *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct dropout_relu *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct dropout_relu *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct dropout_relu *net, struct batch batch, struct team team)
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
static void step_together(struct dropout_relu *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct dropout_relu *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct dropout_relu *net, struct training *run, struct training_epoch *row)
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
    struct dropout_relu *net = memory;
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
    {"c", "conv 3 3x3 relu", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_dropout", "dropout 0.3", {C_DROPOUT_HEIGHT, C_DROPOUT_WIDTH, C_DROPOUT_CHANNELS, false}, 0, 0, C_DROPOUT_AT, C_DROPOUT_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=1 bias=no relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_dropout", "dropout 0.1", {D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, D_DROPOUT_CHANNELS, false}, 0, 0, D_DROPOUT_AT, D_DROPOUT_SIZE},
    {"f", "dense 5 relu dropout(0.5)", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_dropout", "dropout", {1, 1, F_DROPOUT_UNITS, true}, 0, 0, F_DROPOUT_AT, F_DROPOUT_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(dropout_relu, c.weight), 4, C_FILTERS, INPUT_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_relu, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dropout_relu, d.weight), 4, D_FILTERS, C_DROPOUT_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_relu, f.weight), 2, F_UNITS, D_DROPOUT_CHANNELS, D_DROPOUT_HEIGHT, D_DROPOUT_WIDTH, F_PANEL, INIT_HE},
    {MODEL_TENSOR(dropout_relu, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(dropout_relu, g.weight), 2, G_UNITS, F_DROPOUT_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(dropout_relu, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(dropout_relu, param),
    MODEL_PIECE(dropout_relu, best),
    MODEL_PIECE(dropout_relu, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct dropout_relu *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

/* The same with dropout on, as the seed has it in sample `number`. */
static const real *sample(void *memory, const struct examples *split, size_t first, int count, uint64_t seed, uint64_t number)
{
    struct dropout_relu *net = memory;
    net->is_sampling = true;
    net->seed = seed;
    net->step = number;
    const real *prediction = predict(net, split, first, count);
    net->is_sampling = false;
    return prediction;
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct dropout_relu *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct dropout_relu *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

static void probe_together(struct dropout_relu *net, struct batch batch, const struct probe *probe, struct team team)
{
    const int count = batch.count;
    const struct range examples = team_examples(team, GROUPS, count);
    load(net, batch, examples);
    prepare(net, team);
    probe_forward(net, count, probe, team);
    output_loss(net, examples);
    team_wait(team);
    if (probe->gradient)
        probe_backward(net, count, probe, team);
}

static const real *probe(void *memory, const struct examples *split, size_t first, int count, const struct probe *probe)
{
    struct dropout_relu *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = false;
    probe_move_gradients(net, true);
    TEAM_RUN(THREADS_MOST, probe_together, net, batch, probe);
    probe_move_gradients(net, false);
    probe_give_losses(probe, net->loss, count);
    return net->value.output[0];
}

const struct model dropout_relu_model = {
    MODEL_OF(dropout_relu),
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
    .sample = sample,
    .probe = probe,
    .probe_memory = sizeof(struct dropout_relu) + PROBE_ARENA_SIZE * sizeof(real),
};

#ifndef NETC_NO_MAIN
int main(int argc, char **argv)
{
    return trainer_main(&dropout_relu_model, argc, argv);
}
#endif
