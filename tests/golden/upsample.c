/* upsample.c - trains the network 'upsample': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "upsample.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* f: dense 8 relu
 * 6 -> 8, 56 parameters, 96 FLOP */

/* relu(x w + b): tiles of examples by units */
static void f_forward(struct upsample *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile8_affine_relu, F_VECTORS,
            net->value.input[0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void f_backward_output(struct upsample *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int i = 0; i < F_UNITS; i++)
            net->dvalue.f[n][i] = net->value.f[n][i] > 0 ? net->dvalue.f[n][i] : 0;
    tile8_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct upsample *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(6, 0, tiles, F_WEIGHT_TILES, tile8_outer_product, F_VECTORS,
            net->value.input[0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* reshape 2x2x2
 * 8 -> 2x2x2 */

static void f_reshape_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *number = net->value.f[n];
        for (int y = 0; y < F_RESHAPE_HEIGHT; y++)
            for (int x = 0; x < F_RESHAPE_WIDTH; x++)
                for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                    net->value.f_reshape[n][y + C_PAD_TOP][x + C_PAD_LEFT][c] = *number++;
    }
}

static void f_reshape_backward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real *number = net->dvalue.f[n];
        for (int y = 0; y < F_RESHAPE_HEIGHT; y++)
            for (int x = 0; x < F_RESHAPE_WIDTH; x++)
                for (int c = 0; c < F_RESHAPE_CHANNELS; c++)
                    *number++ = net->dvalue.f_reshape[n][y][x][c];
    }
}

/* c: conv 3 3x3 pad=1
 * 2x2x2 -> 2x2x3, 57 parameters, 432 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION c_forward_tile(struct upsample *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * C_VECTORS];
    tile4_start(pixels, C_VECTORS, sum, &net->param.c.bias[p * C_PANEL]);
    const struct range rows = range_inside(y - C_PAD_TOP, 1, C_KERNEL_HEIGHT, F_RESHAPE_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, C_VECTORS, sum, &net->value.f_reshape[n][y + i][x][0], F_RESHAPE_CHANNELS,
            net->param.c.weight[p][i][0], C_KERNEL_ROW);
    tile4_store(pixels, C_VECTORS, p, C_FILTERS, sum, &net->value.c[n][y][x][p * C_PANEL], C_FILTERS);
}

static void c_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < C_PANELS; p++)
            for (int y = 0; y < C_HEIGHT; y++)
                TILE_ALONG(2, 0, C_WIDTH, c_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void c_backward_output(struct upsample *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), C_HEIGHT * C_WIDTH / 4, C_FILTERS,
        &net->dvalue.c[examples.first][0][0][0], net->group[g].c.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION c_backward_weight_tile(struct upsample *net, int g, int n, int i, int rows)
{
    tile8 sum[C_PAIRS];
    tile8_clear(rows, C_PAIRS, sum);
    for (int y = 0; y < C_HEIGHT; y++)
        tile8_outer_pairs(rows, C_KERNEL_ROW, sum, &net->value.f_reshape[n][y + i][0][0],
            F_RESHAPE_COLUMNS * F_RESHAPE_CHANNELS, F_RESHAPE_CHANNELS, &net->dvalue.c[n][y][0][0], C_FILTERS, C_WIDTH);
    tile8_add_pairs(rows, C_KERNEL_ROW, C_FILTERS, sum, net->group[g].c.weight[0][i][0]);
}

static void c_backward_weight(struct upsample *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, C_KERNEL_HEIGHT, c_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION c_backward_input_tile(struct upsample *net, real (*spread)[C_BACK_PANELS * C_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[2 * C_BACK_VECTORS];
    tile8_clear(pixels, C_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, C_BACK_VECTORS, sum, &net->dvalue.c[n][rows.first - t][x][0], C_FILTERS,
            net->transposed.c[rows.tap + t][q][0], C_FILTERS);
    tile8_store(pixels, C_BACK_VECTORS, q, C_BACK_PANELS * C_BACK_PANEL, sum, &spread[x][q * C_BACK_PANEL], C_BACK_PANELS * C_BACK_PANEL);
}

static void c_backward_input(struct upsample *net, struct range examples)
{
    real spread[C_WIDTH + 1][C_BACK_PANELS * C_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < F_RESHAPE_HEIGHT; y++) {
            const struct taps rows = taps_over(y + C_PAD_TOP, C_HEIGHT, C_KERNEL_HEIGHT, 1);
            for (int q = 0; q < C_BACK_PANELS; q++)
                TILE_ALONG(2, 0, C_WIDTH, c_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < F_RESHAPE_WIDTH; x++) {
                const struct taps columns = taps_over(x + C_PAD_LEFT, C_WIDTH, C_KERNEL_WIDTH, 1);
                tile4_fold(F_RESHAPE_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * F_RESHAPE_CHANNELS],
                    F_RESHAPE_CHANNELS - C_BACK_PANELS * C_BACK_PANEL, &net->dvalue.f_reshape[n][y][x][0]);
            }
        }
}

/* upsample 2x3
 * 2x2x3 -> 4x6x3 */

static void c_upsample_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->value.c_upsample[n][y + D_PAD_TOP][x + D_PAD_LEFT][c] = net->value.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c];
}

static void c_upsample_backward(struct upsample *net, struct range examples)
{
    memset(net->dvalue.c[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.c[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < C_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.c[n][y / C_UPSAMPLE_FACTOR_Y][x / C_UPSAMPLE_FACTOR_X][c] += net->dvalue.c_upsample[n][y][x][c];
}

/* d: conv 2 3x3 pad=1 relu
 * 4x6x3 -> 4x6x2, 56 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION d_forward_tile(struct upsample *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[6 * D_VECTORS];
    tile4_start(pixels, D_VECTORS, sum, &net->param.d.bias[p * D_PANEL]);
    const struct range rows = range_inside(y - D_PAD_TOP, 1, D_KERNEL_HEIGHT, C_UPSAMPLE_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, D_VECTORS, sum, &net->value.c_upsample[n][y + i][x][0], C_UPSAMPLE_CHANNELS,
            net->param.d.weight[p][i][0], D_KERNEL_ROW);
    tile4_relu(pixels, D_VECTORS, sum);
    tile4_store(pixels, D_VECTORS, p, D_FILTERS, sum, &net->value.d[n][y][x][p * D_PANEL], D_FILTERS);
}

static void d_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < D_PANELS; p++)
            for (int y = 0; y < D_HEIGHT; y++)
                TILE_ALONG(6, 0, D_WIDTH, d_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void d_backward_output(struct upsample *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < D_HEIGHT; y++)
            for (int x = 0; x < D_WIDTH; x++)
                for (int c = 0; c < D_FILTERS; c++)
                    net->dvalue.d[n][y][x][c] = net->value.d[n][y][x][c] > 0 ? net->dvalue.d[n][y][x][c] : 0;
        tile4_sum(D_HEIGHT * D_WIDTH, D_FILTERS, &net->dvalue.d[n][0][0][0], net->group[g].d.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION d_backward_weight_tile(struct upsample *net, int g, int n, int i, int rows)
{
    tile8 sum[D_PAIRS];
    tile8_clear(rows, D_PAIRS, sum);
    for (int y = 0; y < D_HEIGHT; y++)
        tile8_outer_pairs(rows, D_KERNEL_ROW, sum, &net->value.c_upsample[n][y + i][0][0],
            C_UPSAMPLE_COLUMNS * C_UPSAMPLE_CHANNELS, C_UPSAMPLE_CHANNELS, &net->dvalue.d[n][y][0][0], D_FILTERS, D_WIDTH);
    tile8_add_pairs(rows, D_KERNEL_ROW, D_FILTERS, sum, net->group[g].d.weight[0][i][0]);
}

static void d_backward_weight(struct upsample *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, D_KERNEL_HEIGHT, d_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION d_backward_input_tile(struct upsample *net, real (*spread)[D_BACK_PANELS * D_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[6 * D_BACK_VECTORS];
    tile8_clear(pixels, D_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, D_BACK_VECTORS, sum, &net->dvalue.d[n][rows.first - t][x][0], D_FILTERS,
            net->transposed.d[rows.tap + t][q][0], D_FILTERS);
    tile8_store(pixels, D_BACK_VECTORS, q, D_BACK_PANELS * D_BACK_PANEL, sum, &spread[x][q * D_BACK_PANEL], D_BACK_PANELS * D_BACK_PANEL);
}

static void d_backward_input(struct upsample *net, struct range examples)
{
    real spread[D_WIDTH + 1][D_BACK_PANELS * D_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < C_UPSAMPLE_HEIGHT; y++) {
            const struct taps rows = taps_over(y + D_PAD_TOP, D_HEIGHT, D_KERNEL_HEIGHT, 1);
            for (int q = 0; q < D_BACK_PANELS; q++)
                TILE_ALONG(6, 0, D_WIDTH, d_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < C_UPSAMPLE_WIDTH; x++) {
                const struct taps columns = taps_over(x + D_PAD_LEFT, D_WIDTH, D_KERNEL_WIDTH, 1);
                tile4_fold(C_UPSAMPLE_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * C_UPSAMPLE_CHANNELS],
                    C_UPSAMPLE_CHANNELS - D_BACK_PANELS * D_BACK_PANEL, &net->dvalue.c_upsample[n][y][x][0]);
            }
        }
}

/* upsample
 * 4x6x2 -> 8x12x2 */

static void d_upsample_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < D_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                    net->value.d_upsample[n][y][x][c] = net->value.d[n][y / D_UPSAMPLE_FACTOR_Y][x / D_UPSAMPLE_FACTOR_X][c];
}

static void d_upsample_backward(struct upsample *net, struct range examples)
{
    memset(net->dvalue.d[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(net->dvalue.d[0]));
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_UPSAMPLE_HEIGHT; y++)
            for (int x = 0; x < D_UPSAMPLE_WIDTH; x++)
                for (int c = 0; c < D_UPSAMPLE_CHANNELS; c++)
                    net->dvalue.d[n][y / D_UPSAMPLE_FACTOR_Y][x / D_UPSAMPLE_FACTOR_X][c] += net->dvalue.d_upsample[n][y][x][c];
}

/* e: conv 1 3x3
 * 8x12x2 -> 6x10x1, 19 parameters, 2.16 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION e_forward_tile(struct upsample *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[5 * E_VECTORS];
    tile4_start(pixels, E_VECTORS, sum, &net->param.e.bias[p * E_PANEL]);
    for (int i = 0; i < E_KERNEL_HEIGHT; i++)
        tile4_multiply(pixels, E_VECTORS, sum, &net->value.d_upsample[n][y + i][x][0], D_UPSAMPLE_CHANNELS,
            net->param.e.weight[p][i][0], E_KERNEL_ROW);
    tile4_store(pixels, E_VECTORS, p, E_FILTERS, sum, &net->value.e[n][y][x][p * E_PANEL], E_FILTERS);
}

static void e_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < E_PANELS; p++)
            for (int y = 0; y < E_HEIGHT; y++)
                TILE_ALONG(5, 0, E_WIDTH, e_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void e_backward_output(struct upsample *net, int g, struct range examples)
{
    tile4_sum_images(4 * (examples.end - examples.first), E_HEIGHT * E_WIDTH / 4, E_FILTERS,
        &net->dvalue.e[examples.first][0][0][0], net->group[g].e.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION e_backward_weight_tile(struct upsample *net, int g, int n, int i, int rows)
{
    tile8 sum[E_PAIRS];
    tile8_clear(rows, E_PAIRS, sum);
    for (int y = 0; y < E_HEIGHT; y++)
        tile8_outer_pairs(rows, E_KERNEL_ROW, sum, &net->value.d_upsample[n][y + i][0][0],
            D_UPSAMPLE_WIDTH * D_UPSAMPLE_CHANNELS, D_UPSAMPLE_CHANNELS, &net->dvalue.e[n][y][0][0], E_FILTERS, E_WIDTH);
    tile8_add_pairs(rows, E_KERNEL_ROW, E_FILTERS, sum, net->group[g].e.weight[0][i][0]);
}

static void e_backward_weight(struct upsample *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, E_KERNEL_HEIGHT, e_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION e_backward_input_tile(struct upsample *net, real (*spread)[E_BACK_PANELS * E_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[5 * E_BACK_VECTORS];
    tile8_clear(pixels, E_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, E_BACK_VECTORS, sum, &net->dvalue.e[n][rows.first - t][x][0], E_FILTERS,
            net->transposed.e[rows.tap + t][q][0], E_FILTERS);
    tile8_store(pixels, E_BACK_VECTORS, q, E_BACK_PANELS * E_BACK_PANEL, sum, &spread[x][q * E_BACK_PANEL], E_BACK_PANELS * E_BACK_PANEL);
}

static void e_backward_input(struct upsample *net, struct range examples)
{
    real spread[E_WIDTH + 1][E_BACK_PANELS * E_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < D_UPSAMPLE_HEIGHT; y++) {
            const struct taps rows = taps_over(y, E_HEIGHT, E_KERNEL_HEIGHT, 1);
            for (int q = 0; q < E_BACK_PANELS; q++)
                TILE_ALONG(5, 0, E_WIDTH, e_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < D_UPSAMPLE_WIDTH; x++) {
                const struct taps columns = taps_over(x, E_WIDTH, E_KERNEL_WIDTH, 1);
                tile4_fold(D_UPSAMPLE_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * D_UPSAMPLE_CHANNELS],
                    D_UPSAMPLE_CHANNELS - E_BACK_PANELS * E_BACK_PANEL, &net->dvalue.d_upsample[n][y][x][0]);
            }
        }
}

/* reshape 60
 * 6x10x1 -> 60 */

static void e_reshape_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *number = &net->value.e[n][0][0][0];
        for (int i = 0; i < E_RESHAPE_UNITS; i++)
            net->value.e_reshape[n][i] = *number++;
    }
}

static void e_reshape_backward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        real *number = &net->dvalue.e[n][0][0][0];
        for (int i = 0; i < E_RESHAPE_UNITS; i++)
            *number++ = net->dvalue.e_reshape[n][i];
    }
}

/* g: dense 3
 * 60 -> 3, 183 parameters, 360 FLOP */

/* x w + b: tiles of examples by units */
static void g_forward(struct upsample *net, struct range examples)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_EXAMPLES(3, 0, examples, tile4_affine, G_VECTORS,
            net->value.e_reshape[0], G_INPUTS, net->param.g.weight[p][0], net->param.g.bias, p, G_UNITS, net->value.g[0]);
}

/* dbias = sum of dy */
static void g_backward_output(struct upsample *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, G_UNITS, net->dvalue.g[examples.first], net->group[g].g.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void g_backward_weight(struct upsample *net, int batch, struct range tiles)
{
    for (int p = 0; p < G_PANELS; p++)
        TILE_INPUTS(8, 4, tiles, G_WEIGHT_TILES, tile4_outer_product, G_VECTORS,
            net->value.e_reshape[0], G_INPUTS, net->dvalue.g[0], p, G_UNITS, batch, net->dparam.g.weight[p][0]);
}

/* dx = dz w^T: so few examples that the weights stay as they lie */
static void g_backward_input(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        tile4_row_product(G_VECTORS, net->dvalue.g[n], G_UNITS, net->param.g.weight[0][0], G_INPUTS, 0, G_INPUTS, net->dvalue.e_reshape[n]);
}

/* output squared_error
 * 3 -> 3 */

static void output_forward(struct upsample *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const real *z = net->value.g[n];
        real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            mean[k] = z[k];
    }
}

/* loss[n] = (target - mean)^2 */
static void output_loss(struct upsample *net, struct range examples)
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

static void output_backward(struct upsample *net, int batch, struct range examples)
{
    const real share = 1 / (real)batch; /* the loss of a batch is the mean over its examples */
    for (int n = examples.first; n < examples.end; n++) {
        real *dz = net->dvalue.g[n];
        const real *mean = net->value.output[n];
        for (int k = 0; k < OUTPUT_TARGETS; k++)
            dz[k] = 2 * (mean[k] - net->target[n][k]) * share;
    }
}

/* A network in `memory`, which is zero: every value gets its place. */
static void create(void *memory, uint64_t seed)
{
    struct upsample *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->value.f_reshape = (void *)(net->arena + F_RESHAPE_AT);
    net->dvalue.f_reshape = (void *)(net->arena + F_RESHAPE_GRADIENT_AT);
    net->value.c = (void *)(net->arena + C_AT);
    net->dvalue.c = (void *)(net->arena + C_GRADIENT_AT);
    net->transposed.c = (void *)(net->arena + C_TRANSPOSED_AT);
    net->value.c_upsample = (void *)(net->arena + C_UPSAMPLE_AT);
    net->dvalue.c_upsample = (void *)(net->arena + C_UPSAMPLE_GRADIENT_AT);
    net->value.d = (void *)(net->arena + D_AT);
    net->dvalue.d = (void *)(net->arena + D_GRADIENT_AT);
    net->transposed.d = (void *)(net->arena + D_TRANSPOSED_AT);
    net->value.d_upsample = (void *)(net->arena + D_UPSAMPLE_AT);
    net->dvalue.d_upsample = (void *)(net->arena + D_UPSAMPLE_GRADIENT_AT);
    net->value.e = (void *)(net->arena + E_AT);
    net->dvalue.e = (void *)(net->arena + E_GRADIENT_AT);
    net->transposed.e = (void *)(net->arena + E_TRANSPOSED_AT);
    net->value.e_reshape = (void *)(net->arena + E_RESHAPE_AT);
    net->dvalue.e_reshape = (void *)(net->arena + E_RESHAPE_GRADIENT_AT);
    net->value.g = (void *)(net->arena + G_AT);
    net->dvalue.g = (void *)(net->arena + G_GRADIENT_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct upsample *net, struct team team)
{
    panels_transpose(net->param.e.weight[0][0][0], E_FILTERS, E_KERNEL_HEIGHT, E_KERNEL_ROW, E_PANEL, net->transposed.e[0][0][0], E_BACK_PANEL, team_share(team, E_BACK_PANELS));
    panels_transpose(net->param.d.weight[0][0][0], D_FILTERS, D_KERNEL_HEIGHT, D_KERNEL_ROW, D_PANEL, net->transposed.d[0][0][0], D_BACK_PANEL, team_share(team, D_BACK_PANELS));
    panels_transpose(net->param.c.weight[0][0][0], C_FILTERS, C_KERNEL_HEIGHT, C_KERNEL_ROW, C_PANEL, net->transposed.c[0][0][0], C_BACK_PANEL, team_share(team, C_BACK_PANELS));
}

static void forward(struct upsample *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    f_forward(net, examples);
    f_reshape_forward(net, examples);
    c_forward(net, examples);
    c_upsample_forward(net, examples);
    d_forward(net, examples);
    d_upsample_forward(net, examples);
    e_forward(net, examples);
    e_reshape_forward(net, examples);
    g_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct upsample *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        g_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    g_backward_weight(net, batch, team_share(team, G_WEIGHT_TILES));
    g_backward_input(net, examples);
    e_reshape_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        e_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        e_backward_weight(net, g, team_group(g, GROUPS, batch));
    e_backward_input(net, examples);
    d_upsample_backward(net, examples);
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
    c_backward_input(net, examples);
    f_reshape_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, f.bias);
    TEAM_ADD_GROUPS(team, net, c.weight);
    TEAM_ADD_GROUPS(team, net, c.bias);
    TEAM_ADD_GROUPS(team, net, d.weight);
    TEAM_ADD_GROUPS(team, net, d.bias);
    TEAM_ADD_GROUPS(team, net, e.weight);
    TEAM_ADD_GROUPS(team, net, e.bias);
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
static void update(struct upsample *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(c.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(d.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(e.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(g.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct upsample *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, net->value.input[n], 1, INPUT_UNITS, INPUT_UNITS);
        examples_read_target(batch.examples, i, net->target[n], OUTPUT_TARGETS);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct upsample *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct upsample *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_values(score, score_sum(net->loss, batch.count), net->value.output[0], OUTPUT_UNITS, net->target[0], batch.count, OUTPUT_TARGETS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct upsample *net, struct batch batch, struct team team)
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
static void step_together(struct upsample *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct upsample *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct upsample *net, struct training *run, struct training_epoch *row)
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
    struct upsample *net = memory;
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
    {"input", "input 6", {1, 1, INPUT_UNITS, true}, 0, 0, INPUT_AT, INPUT_UNITS},
    {"f", "dense 8 relu", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"f_reshape", "reshape 2x2x2", {F_RESHAPE_HEIGHT, F_RESHAPE_WIDTH, F_RESHAPE_CHANNELS, false}, 0, 0, F_RESHAPE_AT, F_RESHAPE_PADDED_SIZE},
    {"c", "conv 3 3x3 pad=1", {C_HEIGHT, C_WIDTH, C_FILTERS, false}, C_PARAMETERS, C_FLOP, C_AT, C_SIZE},
    {"c_upsample", "upsample 2x3", {C_UPSAMPLE_HEIGHT, C_UPSAMPLE_WIDTH, C_UPSAMPLE_CHANNELS, false}, 0, 0, C_UPSAMPLE_AT, C_UPSAMPLE_PADDED_SIZE},
    {"d", "conv 2 3x3 pad=1 relu", {D_HEIGHT, D_WIDTH, D_FILTERS, false}, D_PARAMETERS, D_FLOP, D_AT, D_SIZE},
    {"d_upsample", "upsample", {D_UPSAMPLE_HEIGHT, D_UPSAMPLE_WIDTH, D_UPSAMPLE_CHANNELS, false}, 0, 0, D_UPSAMPLE_AT, D_UPSAMPLE_SIZE},
    {"e", "conv 1 3x3", {E_HEIGHT, E_WIDTH, E_FILTERS, false}, E_PARAMETERS, E_FLOP, E_AT, E_SIZE},
    {"e_reshape", "reshape 60", {1, 1, E_RESHAPE_UNITS, true}, 0, 0, E_RESHAPE_AT, E_RESHAPE_UNITS},
    {"g", "dense 3", {1, 1, G_UNITS, true}, G_PARAMETERS, G_FLOP, G_AT, G_UNITS},
    {"output", "output squared_error", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(upsample, f.weight), 2, F_UNITS, INPUT_UNITS, 1, 1, F_PANEL, INIT_HE},
    {MODEL_TENSOR(upsample, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
    {MODEL_TENSOR(upsample, c.weight), 4, C_FILTERS, F_RESHAPE_CHANNELS, C_KERNEL_HEIGHT, C_KERNEL_WIDTH, C_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(upsample, c.bias), 1, C_FILTERS, 1, 1, 1, C_PANEL, INIT_ZERO},
    {MODEL_TENSOR(upsample, d.weight), 4, D_FILTERS, C_UPSAMPLE_CHANNELS, D_KERNEL_HEIGHT, D_KERNEL_WIDTH, D_PANEL, INIT_HE},
    {MODEL_TENSOR(upsample, d.bias), 1, D_FILTERS, 1, 1, 1, D_PANEL, INIT_ZERO},
    {MODEL_TENSOR(upsample, e.weight), 4, E_FILTERS, D_UPSAMPLE_CHANNELS, E_KERNEL_HEIGHT, E_KERNEL_WIDTH, E_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(upsample, e.bias), 1, E_FILTERS, 1, 1, 1, E_PANEL, INIT_ZERO},
    {MODEL_TENSOR(upsample, g.weight), 2, G_UNITS, E_RESHAPE_UNITS, 1, 1, G_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(upsample, g.bias), 1, G_UNITS, 1, 1, 1, G_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(upsample, param),
    MODEL_PIECE(upsample, best),
    MODEL_PIECE(upsample, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct upsample *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct upsample *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct upsample *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model upsample_model = {
    MODEL_OF(upsample),
    .march = "x86-64-v3",
    .input = {1, 1, INPUT_UNITS, true},
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
    return trainer_main(&upsample_model, argc, argv);
}
#endif
