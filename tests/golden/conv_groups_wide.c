/* conv_groups_wide.c - trains the network 'conv_groups_wide': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "conv_groups_wide.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 24 3x2 pad=[1, 2, 0, 1] groups=2 dilation=1x2 stride=2x1 max_norm=0.5 tanh
 * 9x7x6 -> 4x8x24, 456 parameters, 27.6 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct conv_groups_wide *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[8 * A_VECTORS];
    tile4_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    const struct range rows = range_inside(y * A_STRIDE_Y - A_PAD_TOP, 1, A_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        for (int j = 0; j < A_KERNEL_WIDTH; j++)
            tile4_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y * A_STRIDE_Y + i][x + j * A_DILATION_X][p / (A_GROUP_FILTERS / A_PANEL) * A_GROUP_CHANNELS], INPUT_CHANNELS,
                net->param.a.weight[p][i][j * A_GROUP_CHANNELS], A_GROUP_CHANNELS);
    tile4_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(8, 0, A_WIDTH, a_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] = real_tanh(net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] = net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] * (1 - net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] * net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c]);
        for (int y = 0; y < A_HEIGHT; y++)
            tile4_sum(A_WIDTH, A_FILTERS, &net->dvalue.a[n][y + B_PAD_TOP][B_PAD_LEFT][0], net->group[g].a.bias);
    }
}

/* `rows` inputs under tap (i, j) of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct conv_groups_wide *net, int g, int n, int p, int i, int j, int k, int rows)
{
    tile4 sum[3 * A_VECTORS];
    tile4_clear(rows, A_VECTORS, sum);
    const struct range inside = range_inside(i - A_PAD_TOP, A_STRIDE_Y, A_HEIGHT, INPUT_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, A_VECTORS, sum, &net->value.input[n][y * A_STRIDE_Y + i][j * A_DILATION_X][p / (A_GROUP_FILTERS / A_PANEL) * A_GROUP_CHANNELS] + k, INPUT_CHANNELS,
            &net->dvalue.a[n][y + B_PAD_TOP][B_PAD_LEFT][p * A_PANEL], A_FILTERS, A_WIDTH);
    tile4_add(rows, A_VECTORS, p, A_FILTERS, sum, net->group[g].a.weight[p][i][j * A_GROUP_CHANNELS + k], A_PANEL);
}

static void a_backward_weight(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int i = 0; i < A_KERNEL_HEIGHT; i++)
                for (int j = 0; j < A_KERNEL_WIDTH; j++)
                    TILE_ALONG(3, 0, A_GROUP_CHANNELS, a_backward_weight_tile, net, g, n, p, i, j);
}

/* No weights into a filter or unit are longer than A_MAX_NORM */
static void a_limit_norm(struct conv_groups_wide *net, struct range filters)
{
    const int inputs = A_WEIGHTS / A_FILTERS;
    for (int f = filters.first; f < filters.end; f++) {
        real *weight = (real *)net->param.a.weight + f / A_PANEL * inputs * A_PANEL + f % A_PANEL;
        real square = 0;
        for (int k = 0; k < inputs; k++)
            square += weight[k * A_PANEL] * weight[k * A_PANEL];
        const real norm = real_sqrt(square);
        for (int k = 0; k < inputs; k++)
            weight[k * A_PANEL] *= norm > A_MAX_NORM ? A_MAX_NORM / norm : 1;
    }
}

/* b: conv 32 2x3 pad=1 groups=2 stride=1x2 dilation=2x1 tanh
 * 4x8x24 -> 4x4x32, 2336 parameters, 73.7 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION b_forward_tile(struct conv_groups_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[4 * B_VECTORS];
    tile8_start(pixels, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    const struct range rows = range_inside(y - B_PAD_TOP, B_DILATION_Y, B_KERNEL_HEIGHT, A_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        for (int j = 0; j < B_KERNEL_WIDTH; j++)
            tile8_multiply(pixels, B_VECTORS, sum, &net->value.a[n][y + i * B_DILATION_Y][x * B_STRIDE_X + j][p / (B_GROUP_FILTERS / B_PANEL) * B_GROUP_CHANNELS], B_STRIDE_X * A_FILTERS,
                net->param.b.weight[p][i][j * B_GROUP_CHANNELS], B_GROUP_CHANNELS);
    tile8_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int y = 0; y < B_HEIGHT; y++)
                TILE_ALONG(4, 0, B_WIDTH, b_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = real_tanh(net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
}

/* dz = dy * tanh'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = net->dvalue.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] * (1 - net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] * net->value.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][c]);
        for (int y = 0; y < B_HEIGHT; y++)
            tile8_sum(B_WIDTH, B_FILTERS, &net->dvalue.b[n][y + C_PAD_TOP][C_PAD_LEFT][0], net->group[g].b.bias);
    }
}

/* `rows` inputs under tap (i, j) of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct conv_groups_wide *net, int g, int n, int p, int i, int j, int k, int rows)
{
    tile8 sum[6 * B_VECTORS];
    tile8_clear(rows, B_VECTORS, sum);
    const struct range inside = range_inside(i * B_DILATION_Y - B_PAD_TOP, 1, B_HEIGHT, A_HEIGHT);
    const struct range columns = range_inside(j - B_PAD_LEFT, B_STRIDE_X, B_WIDTH, A_WIDTH);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, B_VECTORS, sum, &net->value.a[n][y + i * B_DILATION_Y][columns.first * B_STRIDE_X + j][p / (B_GROUP_FILTERS / B_PANEL) * B_GROUP_CHANNELS] + k, B_STRIDE_X * A_FILTERS,
            &net->dvalue.b[n][y + C_PAD_TOP][columns.first + C_PAD_LEFT][p * B_PANEL], B_FILTERS, columns.end - columns.first);
    tile8_add(rows, B_VECTORS, p, B_FILTERS, sum, net->group[g].b.weight[p][i][j * B_GROUP_CHANNELS + k], B_PANEL);
}

static void b_backward_weight(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                for (int j = 0; j < B_KERNEL_WIDTH; j++)
                    TILE_ALONG(6, 0, B_GROUP_CHANNELS, b_backward_weight_tile, net, g, n, p, i, j);
}

/* `pixels` pixels of row y, from x on, spread over panel q of the inputs of group g under tap (i, j) of the kernel */
TILE_FUNCTION b_backward_input_tile(struct conv_groups_wide *net, int n, int i, int j, int g, int q, int y, int x, int pixels)
{
    tile8 sum[4 * B_BACK_VECTORS];
    tile8_clear(pixels, B_BACK_VECTORS, sum);
    tile8_multiply(pixels, B_BACK_VECTORS, sum, &net->dvalue.b[n][y + C_PAD_TOP][x + C_PAD_LEFT][g * B_GROUP_FILTERS], B_FILTERS,
        net->transposed.b[i][j][q][g * B_GROUP_FILTERS], B_GROUP_FILTERS);
    tile8_add(pixels, B_BACK_VECTORS, q, B_GROUP_CHANNELS, sum, &net->dvalue.a[n][y + i * B_DILATION_Y][x * B_STRIDE_X + j][g * B_GROUP_CHANNELS] + q * B_BACK_PANEL, B_STRIDE_X * A_FILTERS);
}

static void b_backward_input(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.a[n], 0, sizeof(net->dvalue.a[n]));
        for (int i = 0; i < B_KERNEL_HEIGHT; i++)
            for (int j = 0; j < B_KERNEL_WIDTH; j++)
                for (int g = 0; g < B_GROUPS; g++)
                    for (int q = 0; q < B_BACK_PANELS; q++)
                        for (int y = 0; y < B_HEIGHT; y++)
                            TILE_ALONG(4, 0, B_WIDTH, b_backward_input_tile, net, n, i, j, g, q, y);
    }
}

/* c: conv 8 2x2 pad=1 groups=1 dilation=1x3 bias=no tanh
 * 4x4x32 -> 5x3x8, 1024 parameters, 30.7 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct conv_groups_wide *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[3 * C_VECTORS];
    tile8_clear(pixels, C_VECTORS, sum);
    const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, B_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        for (int j = 0; j < C_KERNEL_WIDTH; j++)
            tile8_multiply(pixels, C_VECTORS, sum, &net->value.b[n][y + i][x + j * C_DILATION_X][0], B_FILTERS,
                net->param.c.weight[p][i][j * B_FILTERS], B_FILTERS);
    tile8_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(3, 0, C_WIDTH, c_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->value.c[n][y][x][c] = real_tanh(net->value.c[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy */
static void c_backward_output(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y][x][c] * net->value.c[n][y][x][c]);
}

/* `rows` inputs under tap (i, j) of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct conv_groups_wide *net, int g, int n, int p, int i, int j, int k, int rows)
{
    tile8 sum[8 * C_VECTORS];
    tile8_clear(rows, C_VECTORS, sum);
    const struct range inside = range_inside(i - C_PAD_TOP, 1, C_HEIGHT, B_HEIGHT);
    const struct range columns = range_inside(j * C_DILATION_X - C_PAD_LEFT, 1, C_WIDTH, B_WIDTH);
    for (int y = inside.first; y < inside.end; y++)
        tile8_outer(rows, C_VECTORS, sum, &net->value.b[n][y + i][columns.first + j * C_DILATION_X][0] + k, B_FILTERS,
            &net->dvalue.c[n][y][columns.first][p * C_PANEL], C_FILTERS, columns.end - columns.first);
    tile8_add(rows, C_VECTORS, p, C_FILTERS, sum, net->group[g].c.weight[p][i][j * B_FILTERS + k], C_PANEL);
}

static void c_backward_weight(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int i = 0; i < C_KERNEL_HEIGHT; i++)
                for (int j = 0; j < C_KERNEL_WIDTH; j++)
                    TILE_ALONG(8, 0, B_FILTERS, c_backward_weight_tile, net, g, n, p, i, j);
}

/* `pixels` pixels of row y, from x on, spread over panel q of the inputs under tap (i, j) of the kernel */
TILE_FUNCTION c_backward_input_tile(struct conv_groups_wide *net, int n, int i, int j, int q, int y, int x, int pixels)
{
    tile8 sum[3 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][y][x][0], C_FILTERS,
        net->transposed.c[i][j][q][0], C_FILTERS);
    tile8_add(pixels, C_BACK_VECTORS, q, B_FILTERS, sum, &net->dvalue.b[n][y + i][x + j * C_DILATION_X][0] + q * C_BACK_PANEL, B_FILTERS);
}

static void c_backward_input(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.b[n], 0, sizeof(net->dvalue.b[n]));
        for (int i = 0; i < C_KERNEL_HEIGHT; i++)
            for (int j = 0; j < C_KERNEL_WIDTH; j++)
                for (int q = 0; q < C_BACK_PANELS; q++)
                    for (int y = 0; y < C_HEIGHT; y++)
                        TILE_ALONG(3, 0, C_WIDTH, c_backward_input_tile, net, n, i, j, q, y);
    }
}

/* d: conv 8 1x1 groups=2
 * 5x3x8 -> 5x3x8, 40 parameters, 960 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct conv_groups_wide *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[3 * D_VECTORS];
    tile4_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
        for (int j = 0; j < D_KERNEL_WIDTH; j++)
            tile4_multiply(pixels, D_VECTORS, sum, &net->value.c[n][y + i][x + j][p / (D_GROUP_FILTERS / D_PANEL) * D_GROUP_CHANNELS], C_FILTERS,
                net->param.d.weight[p][i][j * D_GROUP_CHANNELS], D_GROUP_CHANNELS);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(3, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void d_backward_output(struct conv_groups_wide *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, D_HEIGHT * D_WIDTH, D_FILTERS,
        &net->dvalue.d[examples.first][0][0][0], net->group[g].d.bias);
}

/* `rows` inputs under tap (i, j) of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct conv_groups_wide *net, int g, int n, int p, int i, int j, int k, int rows)
{
    tile4 sum[4 * D_VECTORS];
    tile4_clear(rows, D_VECTORS, sum);
    for (int y = 0; y < D_HEIGHT; y++)
        tile4_outer(rows, D_VECTORS, sum, &net->value.c[n][y + i][j][p / (D_GROUP_FILTERS / D_PANEL) * D_GROUP_CHANNELS] + k, C_FILTERS,
            &net->dvalue.d[n][y][0][p * D_PANEL], D_FILTERS, D_WIDTH);
    tile4_add(rows, D_VECTORS, p, D_FILTERS, sum, net->group[g].d.weight[p][i][j * D_GROUP_CHANNELS + k], D_PANEL);
}

static void d_backward_weight(struct conv_groups_wide *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                for (int j = 0; j < D_KERNEL_WIDTH; j++)
                    TILE_ALONG(4, 0, D_GROUP_CHANNELS, d_backward_weight_tile, net, g, n, p, i, j);
}

/* `pixels` pixels of row y, from x on, spread over panel q of the inputs of group g under tap (i, j) of the kernel */
TILE_FUNCTION d_backward_input_tile(struct conv_groups_wide *net, int n, int i, int j, int g, int q, int y, int x, int pixels)
{
    tile4 sum[3 * D_BACK_VECTORS];
    tile4_clear(pixels, D_BACK_VECTORS, sum);
    tile4_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][y][x][g * D_GROUP_FILTERS], D_FILTERS,
        net->transposed.d[i][j][q][g * D_GROUP_FILTERS], D_GROUP_FILTERS);
    tile4_add(pixels, D_BACK_VECTORS, q, D_GROUP_CHANNELS, sum, &net->dvalue.c[n][y + i][x + j][g * D_GROUP_CHANNELS] + q * D_BACK_PANEL, C_FILTERS);
}

static void d_backward_input(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.c[n], 0, sizeof(net->dvalue.c[n]));
        for (int i = 0; i < D_KERNEL_HEIGHT; i++)
            for (int j = 0; j < D_KERNEL_WIDTH; j++)
                for (int g = 0; g < D_GROUPS; g++)
                    for (int q = 0; q < D_BACK_PANELS; q++)
                        for (int y = 0; y < D_HEIGHT; y++)
                            TILE_ALONG(3, 0, D_WIDTH, d_backward_input_tile, net, n, i, j, g, q, y);
    }
}

/* f: dense 3
 * 5x3x8 -> 3, 363 parameters, 720 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct conv_groups_wide *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, F_VECTORS,
            &net->value.d[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct conv_groups_wide *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct conv_groups_wide *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.d[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct conv_groups_wide *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, &net->dvalue.d[n][0][0][0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct conv_groups_wide *net, struct range examples)
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
static void output_loss(struct conv_groups_wide *net, struct range examples)
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

static void output_backward(struct conv_groups_wide *net, int batch, struct range examples)
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
    struct conv_groups_wide *net = memory;
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
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct conv_groups_wide *net, struct team team)
{
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT * D_KERNEL_WIDTH, D_GROUP_CHANNELS, D_PANEL, net->transposed.d[0][0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT * C_KERNEL_WIDTH, B_FILTERS, C_PANEL, net->transposed.c[0][0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
    panels_transpose(net->param.b.weight[0][0][0], B_FILTERS, B_KERNEL_HEIGHT * B_KERNEL_WIDTH, B_GROUP_CHANNELS, B_PANEL, net->transposed.b[0][0][0][0], B_BACK_PANEL, team_share(team, B_BACK_PANELS));
}

static void forward(struct conv_groups_wide *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    d_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct conv_groups_wide *net, int batch, struct team team)
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
static void update(struct conv_groups_wide *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    team_wait(team);
    a_limit_norm(net, team_share(team, A_FILTERS));
}

/* Some examples of the batch, from the data into the network */
static void load(struct conv_groups_wide *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct conv_groups_wide *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct conv_groups_wide *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct conv_groups_wide *net, struct batch batch, struct team team)
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
static void step_together(struct conv_groups_wide *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct conv_groups_wide *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct conv_groups_wide *net, struct training *run, struct training_epoch *row)
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
    struct conv_groups_wide *net = memory;
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
    {"input", "input 9x7x6", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"a", "conv 24 3x2 pad=[1, 2, 0, 1] groups=2 dilation=1x2 stride=2x1 max_norm=0.5 tanh", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_PADDED_SIZE},
    {"b", "conv 32 2x3 pad=1 groups=2 stride=1x2 dilation=2x1 tanh", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_PADDED_SIZE},
    {"c", "conv 8 2x2 pad=1 groups=1 dilation=1x3 bias=no tanh", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"d", "conv 8 1x1 groups=2", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(conv_groups_wide, a.weight), 4, A_FILTERS, A_GROUP_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_groups_wide, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_groups_wide, b.weight), 4, B_FILTERS, B_GROUP_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_groups_wide, b.bias), 1, B_FILTERS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_groups_wide, c.weight), 4, C_FILTERS, B_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_groups_wide, d.weight), 4, D_FILTERS, D_GROUP_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_groups_wide, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(conv_groups_wide, f.weight), 2, F_UNITS, D_FILTERS, D_HEIGHT, D_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(conv_groups_wide, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(conv_groups_wide, param),
    MODEL_PIECE(conv_groups_wide, best),
    MODEL_PIECE(conv_groups_wide, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct conv_groups_wide *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct conv_groups_wide *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct conv_groups_wide *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model conv_groups_wide_model = {
    MODEL_OF(conv_groups_wide),
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
    return trainer_main(&conv_groups_wide_model, argc, argv);
}
#endif
