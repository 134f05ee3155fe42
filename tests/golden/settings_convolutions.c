/* settings_convolutions.c - trains the network 'settings_convolutions': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "settings_convolutions.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* a: conv 4 3x3 pad=1 init=glorot l1=1e-3 l2=1e-2 relu
 * 6x6x2 -> 6x6x4, 76 parameters, 5.18 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION a_forward_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[6 * A_VECTORS];
    tile4_start(pixels, A_VECTORS, sum, &net->param.a.bias[p * A_PANEL]);
    const struct range rows = range_inside(y - A_PAD_TOP, 1, A_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, A_VECTORS, sum, &net->value.input[n][y + i][x][0], INPUT_CHANNELS,
            net->param.a.weight[p][i][0], A_KERNEL_ROW);
    tile4_relu(pixels, A_VECTORS, sum);
    tile4_store(pixels, A_VECTORS, p, A_FILTERS, sum, &net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][p * A_PANEL], A_FILTERS);
}

static void a_forward(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < A_PANELS; p++)
            for (int y = 0; y < A_HEIGHT; y++)
                TILE_ALONG(6, 0, A_WIDTH, a_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void a_backward_output(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < A_HEIGHT; y++)
            for (int x = 0; x < A_WIDTH; x++)
                for (int c = 0; c < A_FILTERS; c++)
                    net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] = net->value.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] > 0 ? net->dvalue.a[n][y + B_PAD_TOP][x + B_PAD_LEFT][c] : 0;
        for (int y = 0; y < A_HEIGHT; y++)
            tile4_sum(A_WIDTH, A_FILTERS, &net->dvalue.a[n][y + B_PAD_TOP][B_PAD_LEFT][0], net->group[g].a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION a_backward_weight_tile(struct settings_convolutions *net, int g, int n, int i, int rows)
{
    tile8 sum[A_PAIRS];
    tile8_clear(rows, A_PAIRS, sum);
    for (int y = 0; y < A_HEIGHT; y++)
        tile8_outer_pairs(rows, A_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_COLUMNS * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.a[n][y + B_PAD_TOP][B_PAD_LEFT][0], A_FILTERS, A_WIDTH);
    tile8_add_pairs(rows, A_KERNEL_ROW, A_FILTERS, sum, net->group[g].a.weight[0][i][0]);
}

static void a_backward_weight(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, A_KERNEL_HEIGHT, a_backward_weight_tile, net, g, n);
}

/* b: depthwise 3x3 pad=1 init=he l1=1e-3 relu
 * 6x6x4 -> 6x6x4, 40 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION b_forward_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[6 * B_VECTORS];
    tile4_start(pixels, B_VECTORS, sum, &net->param.b.bias[p * B_PANEL]);
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        tile4_channels(pixels, B_VECTORS, sum,
            &net->value.a[n][y + i][x][p * B_PANEL], A_FILTERS, A_FILTERS,
            net->param.b.weight[p][i][0], B_PANEL, B_KERNEL_WIDTH);
    tile4_relu(pixels, B_VECTORS, sum);
    tile4_store(pixels, B_VECTORS, p, B_FILTERS, sum, &net->value.b[n][y][x][p * B_PANEL], B_FILTERS);
}

static void b_forward(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < B_HEIGHT; y++)
            for (int p = 0; p < B_PANELS; p++)
                TILE_ALONG(6, 0, B_WIDTH, b_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void b_backward_output(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < B_HEIGHT; y++)
            for (int x = 0; x < B_WIDTH; x++)
                for (int c = 0; c < B_FILTERS; c++)
                    net->dvalue.b[n][y][x][c] = net->value.b[n][y][x][c] > 0 ? net->dvalue.b[n][y][x][c] : 0;
        tile4_sum(B_HEIGHT * B_WIDTH, B_FILTERS, &net->dvalue.b[n][0][0][0], net->group[g].b.bias);
    }
}

/* `taps` taps of row i of the kernel, from j on, and the channels of panel p, over one example of group g */
TILE_FUNCTION b_backward_weight_tile(struct settings_convolutions *net, int g, int n, int p, int i, int j, int taps)
{
    tile4 sum[3 * B_VECTORS];
    tile4_clear(taps, B_VECTORS, sum);
    for (int y = 0; y < B_HEIGHT; y++)
        tile4_channels(taps, B_VECTORS, sum,
            &net->value.a[n][y + i][j][p * B_PANEL], A_FILTERS, A_FILTERS,
            &net->dvalue.b[n][y][0][p * B_PANEL], B_FILTERS, B_WIDTH);
    tile4_add(taps, B_VECTORS, p, B_FILTERS, sum, net->group[g].b.weight[p][i][j], B_PANEL);
}

static void b_backward_weight(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < B_PANELS; p++)
            for (int i = 0; i < B_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, B_KERNEL_WIDTH, b_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the kernel */
TILE_FUNCTION b_backward_input_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[6 * B_VECTORS];
    for (int i = 0; i < B_KERNEL_HEIGHT; i++)
        for (int j = 0; j < B_KERNEL_WIDTH; j++) {
            tile4_scale(pixels, B_VECTORS, sum, &net->dvalue.b[n][y][x][p * B_PANEL], B_FILTERS, net->param.b.weight[p][i][j]);
            tile4_add(pixels, B_VECTORS, p, B_FILTERS, sum, &net->dvalue.a[n][y + i][x + j][p * B_PANEL], A_FILTERS);
        }
}

static void b_backward_input(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.a[n], 0, sizeof(net->dvalue.a[n]));
        for (int y = 0; y < B_HEIGHT; y++)
            for (int p = 0; p < B_PANELS; p++)
                TILE_ALONG(6, 0, B_WIDTH, b_backward_input_tile, net, n, p, y);
    }
}

/* c: depthwise 3x3 frozen tanh
 * 6x6x4 -> 4x4x4, 1.15 kFLOP */

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION c_forward_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        tile4_channels(pixels, C_VECTORS, sum,
            &net->value.b[n][y + i][x][p * C_PANEL], B_FILTERS, B_FILTERS,
            net->param.c.weight[p][i][0], C_PANEL, C_KERNEL_WIDTH);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int p = 0; p < C_PANELS; p++)
                TILE_ALONG(4, 0, C_WIDTH, c_forward_tile, net, n, p, y);
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->value.c[n][y][x][c] = real_tanh(net->value.c[n][y][x][c]);
}

/* dz = dy * tanh'(z), in the place of dy */
static void c_backward_output(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_HEIGHT; y++)
            for (int x = 0; x < C_WIDTH; x++)
                for (int c = 0; c < C_FILTERS; c++)
                    net->dvalue.c[n][y][x][c] = net->dvalue.c[n][y][x][c] * (1 - net->value.c[n][y][x][c] * net->value.c[n][y][x][c]);
}

/* `pixels` pixels of row y, from x on, spread over the channels of panel p under the kernel */
TILE_FUNCTION c_backward_input_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * C_VECTORS];
    for (int i = 0; i < C_KERNEL_HEIGHT; i++)
        for (int j = 0; j < C_KERNEL_WIDTH; j++) {
            tile4_scale(pixels, C_VECTORS, sum, &net->dvalue.c[n][y][x][p * C_PANEL], C_FILTERS, net->param.c.weight[p][i][j]);
            tile4_add(pixels, C_VECTORS, p, C_FILTERS, sum, &net->dvalue.b[n][y + i][x + j][p * C_PANEL], B_FILTERS);
        }
}

static void c_backward_input(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        memset(net->dvalue.b[n], 0, sizeof(net->dvalue.b[n]));
        for (int y = 0; y < C_HEIGHT; y++)
            for (int p = 0; p < C_PANELS; p++)
                TILE_ALONG(4, 0, C_WIDTH, c_backward_input_tile, net, n, p, y);
    }
}

/* d: conv_transpose 3 2x2 stride=2 init=he l1=1e-3 l2=1e-2 relu
 * 4x4x4 -> 8x8x3, 51 parameters, 1.54 kFLOP */

/* What `pixels` pixels from x on, in all rows that see a row of the result, give to panel q of the columns under the kernel */
TILE_FUNCTION d_forward_tile(struct settings_convolutions *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->value.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.d[rows.tap + t * D_STRIDE_Y][q][0], C_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_forward(struct settings_convolutions *net, struct range examples)
{
    real spread[C_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++) {
            const struct taps rows = taps_over(y, C_HEIGHT, D_KERNEL_HEIGHT, D_STRIDE_Y);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(4, 0, C_WIDTH, d_forward_tile, net, spread, rows, n, q);
            for (int x = 0; x < D_WIDTH; x++) {
                const struct taps columns = taps_over(x, C_WIDTH, D_KERNEL_WIDTH, D_STRIDE_X);
                tile4_fold(D_FILTERS, columns.count, net->param.d.bias, &spread[columns.first][columns.tap * D_FILTERS],
                    D_STRIDE_X * D_FILTERS - D_BACK_PANELS * D_BACK_PANEL, &net->value.d[n][y][x][0]);
            }
        }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->value.d[n][y][x][c] = net->value.d[n][y][x][c] < 0 ? 0 : net->value.d[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
        tile4_sum(D_HEIGHT * D_WIDTH, D_FILTERS, &net->dvalue.d[n][0][0][0], net->group[g].d.bias);
    }
}

/* `rows` results under row i of the kernel, from k on, and the channels of panel p, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct settings_convolutions *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[6 * D_VECTORS];
    tile4_clear(rows, D_VECTORS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile4_outer(rows, D_VECTORS, sum, &net->dvalue.d[n][y * D_STRIDE_Y + i][0][0] + k, D_STRIDE_X * D_FILTERS,
            &net->value.c[n][y][0][p * D_PANEL], C_FILTERS, C_WIDTH);
    tile4_add(rows, D_VECTORS, p, C_FILTERS, sum, net->group[g].d.weight[p][i][k], D_PANEL);
}

static void d_backward_weight(struct settings_convolutions *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int i = 0; i < D_KERNEL_HEIGHT; i++)
                TILE_ALONG(6, 0, D_KERNEL_ROW, d_backward_weight_tile, net, g, n, p, i);
}

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION d_backward_input_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * D_VECTORS];
    tile4_clear(pixels, D_VECTORS, sum);
    for (int i = 0; i < D_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->dvalue.d[n][y * D_STRIDE_Y + i][x * D_STRIDE_X][0], D_STRIDE_X * D_FILTERS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_store(pixels, D_VECTORS, p, C_FILTERS, sum, &net->dvalue.c[n][y][x][p * D_PANEL], C_FILTERS);
}

static void d_backward_input(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(4, 0, C_WIDTH, d_backward_input_tile, net, n, p, y);
}

/* e: conv_transpose 2 2x2 frozen sigmoid
 * 8x8x3 -> 9x9x2, 3.07 kFLOP */

/* What `pixels` pixels from x on, in all rows that see a row of the result, give to panel q of the columns under the kernel */
TILE_FUNCTION e_forward_tile(struct settings_convolutions *net, real (*spread)[E_BACK_PANELS * E_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[8 * E_BACK_VECTORS];
    tile4_clear(pixels, E_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, E_BACK_VECTORS, sum, &net->value.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.e[rows.tap + t][q][0], D_FILTERS);
    tile4_store(pixels, E_BACK_VECTORS, q, E_BACK_PANELS * E_BACK_PANEL, sum, &spread[x][q * E_BACK_PANEL], E_BACK_PANELS * E_BACK_PANEL);
}

static void e_forward(struct settings_convolutions *net, struct range examples)
{
    real spread[D_WIDTH + 1][E_BACK_PANELS * E_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++) {
            const struct taps rows = taps_over(y, D_HEIGHT, E_KERNEL_HEIGHT, 1);
            for (int q = 0; q < E_BACK_PANELS; q++)
                TILE_ALONG(8, 0, D_WIDTH, e_forward_tile, net, spread, rows, n, q);
            for (int x = 0; x < E_WIDTH; x++) {
                const struct taps columns = taps_over(x, D_WIDTH, E_KERNEL_WIDTH, 1);
                tile4_fold(E_FILTERS, columns.count, net->param.e.bias, &spread[columns.first][columns.tap * E_FILTERS],
                    E_FILTERS - E_BACK_PANELS * E_BACK_PANEL, &net->value.e[n][y][x][0]);
            }
        }
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->value.e[n][y][x][c] = sigmoid(net->value.e[n][y][x][c]);
}

/* dz = dy * sigmoid'(z), in the place of dy */
static void e_backward_output(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < E_HEIGHT; y++)
            for (int x = 0; x < E_WIDTH; x++)
                for (int c = 0; c < E_FILTERS; c++)
                    net->dvalue.e[n][y][x][c] = net->dvalue.e[n][y][x][c] * net->value.e[n][y][x][c] * (1 - net->value.e[n][y][x][c]);
}

/* `pixels` pixels of row y, from x on, and the channels of panel p */
TILE_FUNCTION e_backward_input_tile(struct settings_convolutions *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[8 * E_VECTORS];
    tile4_clear(pixels, E_VECTORS, sum);
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, E_VECTORS, sum, &net->dvalue.e[n][y + i][x][0], E_FILTERS,
            net->param.e.weight[p][i][0], E_KERNEL_ROW);
    tile4_store(pixels, E_VECTORS, p, D_FILTERS, sum, &net->dvalue.d[n][y][x][p * E_PANEL], D_FILTERS);
}

static void e_backward_input(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < E_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(8, 0, D_WIDTH, e_backward_input_tile, net, n, p, y);
}

/* globalpool avg
 * 9x9x2 -> 2 */

static void e_globalpool_forward(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int c = 0; c < E_GLOBALPOOL_UNITS; c++) {
            real sum = 0;
            for (int y = 0; y < E_HEIGHT; y++)
                for (int x = 0; x < E_WIDTH; x++)
                    sum += net->value.e[n][y][x][c];
            net->value.e_globalpool[n][c] = sum / (E_HEIGHT * E_WIDTH);
        }
}

static void e_globalpool_backward(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int c = 0; c < E_GLOBALPOOL_UNITS; c++) {
            const real share = net->dvalue.e_globalpool[n][c] / (E_HEIGHT * E_WIDTH);
            for (int y = 0; y < E_HEIGHT; y++)
                for (int x = 0; x < E_WIDTH; x++)
                    net->dvalue.e[n][y][x][c] = share;
        }
}

/* f: dense 3
 * 2 -> 3, 9 parameters, 12 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct settings_convolutions *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, F_VECTORS,
            net->value.e_globalpool[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct settings_convolutions *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct settings_convolutions *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(2, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            net->value.e_globalpool[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void f_backward_input(struct settings_convolutions *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(F_VECTORS, net->dvalue.f[n], F_UNITS, net->param.f.weight[0][0], F_INPUTS, 0, F_INPUTS, net->dvalue.e_globalpool[n]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct settings_convolutions *net, struct range examples)
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
static void output_loss(struct settings_convolutions *net, struct range examples)
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

static void output_backward(struct settings_convolutions *net, int batch, struct range examples)
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
    struct settings_convolutions *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.a = (void *)(net->arena + A_AT);
    net->dvalue.a = (void *)(net->arena + A_GRADIENT_AT);
    net->value.b = (void *)(net->arena + B_AT);
    net->dvalue.b = (void *)(net->arena + B_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_globalpool = (void *)(net->arena + E_GLOBALPOOL_AT);
    net->dvalue.e_globalpool = (void *)(net->arena + E_GLOBALPOOL_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

static void forward(struct settings_convolutions *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    a_forward(net, examples);
    b_forward(net, examples);
    c_forward(net, examples);
    panels_transpose(net->param.d.weight[0][0][0], C_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
    team_wait(team);
    d_forward(net, examples);
    panels_transpose(net->param.e.weight[0][0][0], D_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_ROW, E_PANEL, net->transposed.e[0][0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    team_wait(team);
    e_forward(net, examples);
    e_globalpool_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct settings_convolutions *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    e_globalpool_backward(net, examples);
    e_backward_output(net, examples);
    e_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        d_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        d_backward_weight(net, g, team_group(g, GROUPS, batch));
    d_backward_input(net, examples);
    c_backward_output(net, examples);
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
static void update(struct settings_convolutions *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(a.weight), (struct sgd){.rate = rate, .l1 = A_L1, .l2 = A_L2});
    sgd_step(SGD_TENSOR(a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(b.weight), (struct sgd){.rate = rate, .l1 = B_L1});
    sgd_step(SGD_TENSOR(b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate, .l1 = D_L1, .l2 = D_L2});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct settings_convolutions *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][A_PAD_TOP][A_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct settings_convolutions *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct settings_convolutions *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct settings_convolutions *net, struct batch batch, struct team team)
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
static void step_together(struct settings_convolutions *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct settings_convolutions *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct settings_convolutions *net, struct training *run, struct training_epoch *row)
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
    struct settings_convolutions *net = memory;
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
    {"input", "input 6x6x2", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"a", "conv 4 3x3 pad=1 init=glorot l1=1e-3 l2=1e-2 relu", {A_HEIGHT, A_WIDTH, A_FILTERS, false}, A_PARAMETERS, A_FLOP, A_AT, A_PADDED_SIZE},
    {"b", "depthwise 3x3 pad=1 init=he l1=1e-3 relu", {B_HEIGHT, B_WIDTH, B_FILTERS, false}, B_PARAMETERS, B_FLOP, B_AT, B_SIZE},
    {"c", "depthwise 3x3 frozen tanh", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, 0, C_FLOP, C_AT, C_SIZE},
    {"d", "conv_transpose 3 2x2 stride=2 init=he l1=1e-3 l2=1e-2 relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"e", "conv_transpose 2 2x2 frozen sigmoid", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, 0, E_FLOP, E_AT, E_SIZE},
    {"e_globalpool", "globalpool avg", {1, 1, E_GLOBALPOOL_UNITS, true}, 0, 0, E_GLOBALPOOL_AT, E_GLOBALPOOL_UNITS},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(settings_convolutions, a.weight), 4, A_FILTERS, INPUT_CHANNELS, A_KERNEL_HEIGHT, A_KERNEL_WIDTH, A_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(settings_convolutions, a.bias), 1, A_FILTERS, 1, 1, 1, A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, b.weight), 4, B_FILTERS, B_GROUP_CHANNELS, B_KERNEL_HEIGHT, B_KERNEL_WIDTH, B_PANEL, INIT_HE},
    {MODEL_TENSOR(settings_convolutions, b.bias), 1, B_FILTERS, 1, 1, 1, B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, c.weight), 4, C_FILTERS, C_GROUP_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, d.weight), 4, C_FILTERS, D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(settings_convolutions, d.bias), 1, D_FILTERS, 1, 1, 1, D_FILTERS, INIT_ZERO},
    {MODEL_TENSOR(settings_convolutions, e.weight), 4, D_FILTERS, E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_GLOROT | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, e.bias), 1, E_FILTERS, 1, 1, 1, E_FILTERS, INIT_ZERO | TENSOR_FROZEN},
    {MODEL_TENSOR(settings_convolutions, f.weight), 2, F_UNITS, E_GLOBALPOOL_UNITS, 1, 1, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(settings_convolutions, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(settings_convolutions, param),
    MODEL_PIECE(settings_convolutions, best),
    MODEL_PIECE(settings_convolutions, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct settings_convolutions *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct settings_convolutions *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct settings_convolutions *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model settings_convolutions_model = {
    MODEL_OF(settings_convolutions),
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
    return trainer_main(&settings_convolutions_model, argc, argv);
}
#endif
