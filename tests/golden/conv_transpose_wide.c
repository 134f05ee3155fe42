/* conv_transpose_wide.c - trains the network 'conv_transpose_wide': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_transpose_wide.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 19 1x1 tanh
 * 3x2x2 -> 3x2x19, 57 parameters, 456 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct conv_transpose_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * A_VECTORS];
    tile8_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    for (int i = 0; i < A_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_KERNEL_ROW);
    tile8_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y][x][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(2, 0, A_WIDTH, a_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y][x][c] = real_tanh(net->value.a[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y][x][c] = net->dvalue.a[n][y][x][c] * (1 - net->value.a[n][y][x][c] * net->value.a[n][y][x][c]);
        tile8_sum(A_HEIGHT * A_WIDTH, A_FILTERS, &net->dvalue.a[n][0][0][0], net->group[g].a.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct conv_transpose_wide *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[2 * A_VECTORS];
    tile8_clear(rows, A_VECTORS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile8_outer(rows, A_VECTORS, sum, &net->value.input[n][y + i][0][0] + k, INPUT_CHANNELS,
            &net->dvalue.a[n][y][0][p * A_PANEL], A_FILTERS, A_WIDTH);
    tile8_add(rows, A_VECTORS, p, A_FILTERS, sum, net->group[g].a.weight[p][i][k], A_PANEL);
}

static void a_backward_weight(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                TILE_ALONG(2, 0, A_KERNEL_ROW, a_backward_weight_tile, net, g, n, p, i);
}

/* b: conv_transpose 11 2x3 stride=3x2 output_pad=2x1 tanh
 * 3x2x19 -> 10x6x11, 1265 parameters, 15 kFLOP */

/* What `pixels` pixels from x on, in all rows that see a row of the result, give to panel q of the columns under the kernel */
TILE_FUNCTION b_forward_tile(struct conv_transpose_wide *net, real (*spread)[B_BACK_PANELS * B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[2 * B_BACK_VECTORS];
    tile8_clear(pixels, B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, B_BACK_VECTORS, sum, &net->value.a[n][rows.first - t][x][0], A_FILTERS,
            net->transposed.b[rows.tap + t * B_STRIDE_Y][q][0], A_FILTERS);
    tile8_store(pixels, B_BACK_VECTORS, q, B_BACK_PANELS * B_BACK_PANEL, sum, &spread[x][q * B_BACK_PANEL], B_BACK_PANELS * B_BACK_PANEL);
}

static void b_forward(struct conv_transpose_wide *net, struct range examples)
{
    real spread[A_WIDTH + 1][B_BACK_PANELS * B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++) {
            const struct taps rows = taps_over(y, A_HEIGHT, B_KERNEL_HEIGHT, B_STRIDE_Y);
            for (int q = 0; q < B_BACK_PANELS; q++)
                TILE_ALONG(2, 0, A_WIDTH, b_forward_tile, net, spread, rows, n, q);
            for (int x = 0; x < B_WIDTH; x++) {
                const struct taps columns = taps_over(x, A_WIDTH, B_KERNEL_WIDTH, B_STRIDE_X);
                tile8_fold(B_FILTERS, columns.count, net->param.b.bias, &spread[columns.first][columns.tap * B_FILTERS],
                    B_STRIDE_X * B_FILTERS - B_BACK_PANELS * B_BACK_PANEL, &net->value.b[n][y][x][0]);
            }
        }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y][x][c] = real_tanh(net->value.b[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->dvalue.b[n][y][x][c] * (1 - net->value.b[n][y][x][c] * net->value.b[n][y][x][c]);
        tile8_sum(B_HEIGHT * B_WIDTH, B_FILTERS, &net->dvalue.b[n][0][0][0], net->group[g].b.bias);
    }
}

/* `rows` results under row i of the kernel, from k on, and the channels of panel p, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct conv_transpose_wide *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * B_VECTORS];
    tile8_clear(rows, B_VECTORS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile8_outer(rows, B_VECTORS, sum, &net->dvalue.b[n][y * B_STRIDE_Y + i][0][0] + k, B_STRIDE_X * B_FILTERS,
            &net->value.a[n][y][0][p * B_PANEL], A_FILTERS, A_WIDTH);
    tile8_add(rows, B_VECTORS, p, A_FILTERS, sum, net->group[g].b.weight[p][i][k], B_PANEL);
}

static void b_backward_weight(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 3, B_KERNEL_ROW, b_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION b_backward_input_tile(struct conv_transpose_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * B_VECTORS];
    tile8_clear(pixels, B_VECTORS, sum);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, B_VECTORS, sum, &net->dvalue.b[n][y * B_STRIDE_Y + i][x * B_STRIDE_X][0], B_STRIDE_X * B_FILTERS,
            net->param.b.weight[p][i][0], B_KERNEL_ROW);
    tile8_store(pixels, B_VECTORS, p, A_FILTERS, sum, &net->dvalue.a[n][y][x][p * B_PANEL], A_FILTERS);
}

static void b_backward_input(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(2, 0, A_WIDTH, b_backward_input_tile, net, n, p, y);
}

/* c: conv_transpose 3 3x2 stride=1x2 bias=no sigmoid
 * 10x6x11 -> 12x12x3, 198 parameters, 23.8 kFLOP */

/* What `pixels` pixels from x on, in all rows that see a row of the result, give to panel q of the columns under the kernel */
TILE_FUNCTION c_forward_tile(struct conv_transpose_wide *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[6 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->value.b[n][rows.first - t][x][0], B_FILTERS,
            net->transposed.c[rows.tap + t][q][0], B_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_forward(struct conv_transpose_wide *net, struct range examples)
{
    real spread[B_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++) {
            const struct taps rows = taps_over(y, B_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(6, 0, B_WIDTH, c_forward_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_WIDTH; x++) {
                const struct taps columns = taps_over(x, B_WIDTH, C_KERNEL_WIDTH, C_STRIDE_X);
                tile4_fold(C_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * C_FILTERS],
                    C_STRIDE_X * C_FILTERS - C_BACK_PANELS * C_BACK_PANEL, &net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][0]);
            }
        }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = sigmoid(net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
}

/* dz = dy * sigmoid'(z), in the place of dy */
static void c_backward_output(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] * (1 - net->value.c[n][y + D_PAD_TOP][x + D_PAD_LEFT][c]);
}

/* `rows` results under row i of the kernel, from k on, and the channels of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct conv_transpose_wide *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->dvalue.c[n][y + i][0][0] + k, C_STRIDE_X * C_FILTERS,
            &net->value.b[n][y][0][p * C_PANEL], B_FILTERS, B_WIDTH);
    tile8_add(rows, C_VECTORS, p, B_FILTERS, sum, net->group[g].c.weight[p][i][k], C_PANEL);
}

static void c_backward_weight(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, C_KERNEL_ROW, c_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION c_backward_input_tile(struct conv_transpose_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[6 * C_VECTORS];
    tile8_clear(pixels, C_VECTORS, sum);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, C_VECTORS, sum, &net->dvalue.c[n][y + i][x * C_STRIDE_X][0], C_STRIDE_X * C_FILTERS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile8_store(pixels, C_VECTORS, p, B_FILTERS, sum, &net->dvalue.b[n][y][x][p * C_PANEL], B_FILTERS);
}

static void c_backward_input(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(6, 0, B_WIDTH, c_backward_input_tile, net, n, p, y);
}

/* d: conv 2 3x3 pad=2 stride=3
 * 12x12x3 -> 5x5x2, 56 parameters, 2.7 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct conv_transpose_wide *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[5 * D_VECTORS];
    tile4_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    const struct range rows = range_inside(y * D_STRIDE_Y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c[n][y * D_STRIDE_Y + i][x * D_STRIDE_X][0], D_STRIDE_X * C_FILTERS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(5, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void d_backward_output(struct conv_transpose_wide *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, D_HEIGHT * D_WIDTH, D_FILTERS,
        &net->dvalue.d[examples.first][0][0][0], net->group[g].d.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct conv_transpose_wide *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[5 * D_VECTORS];
    tile4_clear(rows, D_VECTORS, sum);
    const struct range inside = range_inside(i - D_PAD_TOP, D_STRIDE_Y, D_HEIGHT, C_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, D_VECTORS, sum, &net->value.c[n][y * D_STRIDE_Y + i][0][0] + k, D_STRIDE_X * C_FILTERS,
            &net->dvalue.d[n][y][0][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile4_add(rows, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][k], D_PANEL);
}

static void d_backward_weight(struct conv_transpose_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(5, 4, D_KERNEL_ROW, d_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct conv_transpose_wide *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[5 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t * D_STRIDE_Y][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct conv_transpose_wide *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, D_STRIDE_Y);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(5, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, D_STRIDE_X);
                tile4_fold(C_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * C_FILTERS],
                    D_STRIDE_X * C_FILTERS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c[n][y][x][0]);
            }
        }
}

/* output squared_error
 * 5x5x2 -> 50 */

static void output_forward(struct conv_transpose_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = &net->value.d[n][0][0][0];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct conv_transpose_wide *net, struct range examples)
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

static void output_backward(struct conv_transpose_wide *net, int batch, struct range examples)
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
    struct conv_transpose_wide *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->transposed.b = (void *)(net->arena + B_TRANSPOSED_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct conv_transpose_wide *net, struct team team)
{
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
}

static void forward(struct conv_transpose_wide *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    panels_transpose(net->param.b.weight[0][0][0], A_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_ROW, B_PANEL, net->transposed.b[0][0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
    team_wait(team);
    b_forward(net, examples);
    panels_transpose(net->param.c.weight[0][0][0], B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
    team_wait(team);
    c_forward(net, examples);
    d_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_transpose_wide *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_backward_output(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        c_backward_weight(net, g, team_group(g, GROUPS, batch));
    c_backward_input(net, examples);
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
    TEAM_ADD_GROUPS(team, net, c.weight);
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
static void update(struct conv_transpose_wide *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct conv_transpose_wide *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][0][0][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_WIDTH * INPUT_CHANNELS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct conv_transpose_wide *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_transpose_wide *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_transpose_wide *net, struct batch batch, struct team team)
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
static void step_together(struct conv_transpose_wide *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_transpose_wide *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct conv_transpose_wide *net, struct training *run, struct training_epoch *row)
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
    struct conv_transpose_wide *net = memory;
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
    {"input", "input 3x2x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_SIZE},
    {"a", "conv 19 1x1 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_SIZE},
    {"b", "conv_transpose 11 2x3 stride=3x2 output_pad=2x1 tanh", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"c", "conv_transpose 3 3x2 stride=1x2 bias=no sigmoid", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=2 stride=3", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(conv_transpose_wide, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose_wide, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_transpose_wide, b.weight), 4, A_FILTERS, B_FILTERS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose_wide, b.bias), 1, B_FILTERS, 1, 1, 1, B_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(conv_transpose_wide, c.weight), 4, B_FILTERS, C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose_wide, d.weight), 4, D_FILTERS, C_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_transpose_wide, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(conv_transpose_wide, param),
    MODEL_PIECE(conv_transpose_wide, best),
    MODEL_PIECE(conv_transpose_wide, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct conv_transpose_wide *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_transpose_wide *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct conv_transpose_wide *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model conv_transpose_wide_model = {
    MODEL_OF(conv_transpose_wide),
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
    return trainer_main(&conv_transpose_wide_model, argc, argv);
}
#endif
