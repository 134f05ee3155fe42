/* residual.c - trains the network 'residual': loops over register tiles.
 *
 * One stanza per layer with its forward and backward functions, then the order in which they run, the optimizer and the
 * training loop, then tables for the runtime. Made by netc from a .net file; edit that, not this. */
#include "residual.h"

#include "generated.h"

_Static_assert(NETC_ABI == 13, "this file and the runtime do not fit together: emit it again");

/* stem: conv width 3x3 pad=1 relu
 * 4x4x1 -> 4x4x3, 30 parameters, 864 FLOP */

/* `pixels` pixels of row y, from x on, two to a vector */
TILE_FUNCTION stem_forward_tile(struct residual *net, int n, int y, int x, int pixels)
{
    tile8 sum[2];
    tile8_start_pairs(pixels, sum, net->param.stem.bias);
    const struct range rows = range_inside(y - STEM_PAD_TOP, 1, STEM_KERNEL_HEIGHT, INPUT_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile8_multiply_pairs(pixels, sum, &net->value.input[n][y + i][x][0], net->param.stem.weight[0][i][0], STEM_KERNEL_ROW);
    tile8_relu((pixels + 1) / 2, STEM_VECTORS, sum);
    tile8_store_pairs(pixels, STEM_FILTERS, sum, &net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][0]);
}

static void stem_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            TILE_ALONG(4, 0, STEM_WIDTH, stem_forward_tile, net, n, y);
}

/* The parts of the gradient that the layers behind it made */
static void stem_backward_sum(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->dvalue.stem_from_s1_1_residual[n][y][x][c] + net->dvalue.stem_from_s1_1_a[n][y][x][c];
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void stem_backward_output(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem[n][y][x][c] = net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][c] > 0 ? net->dvalue.stem[n][y][x][c] : 0;
        tile4_sum(STEM_HEIGHT * STEM_WIDTH, STEM_FILTERS, &net->dvalue.stem[n][0][0][0], net->group[g].stem.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION stem_backward_weight_tile(struct residual *net, int g, int n, int i, int rows)
{
    tile8 sum[2 * STEM_PAIRS];
    tile8_clear(rows, STEM_PAIRS, sum);
    for (int y = 0; y < STEM_HEIGHT; y++)
        tile8_outer_pairs(rows, STEM_KERNEL_ROW, sum, &net->value.input[n][y + i][0][0],
            INPUT_COLUMNS * INPUT_CHANNELS, INPUT_CHANNELS, &net->dvalue.stem[n][y][0][0], STEM_FILTERS, STEM_WIDTH);
    tile8_add_pairs(rows, STEM_KERNEL_ROW, STEM_FILTERS, sum, net->group[g].stem.weight[0][i][0]);
}

static void stem_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(2, 1, STEM_KERNEL_HEIGHT, stem_backward_weight_tile, net, g, n);
}

/* s1_1_a: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s1_1_a_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * S1_1_A_VECTORS];
    tile4_start(pixels, S1_1_A_VECTORS, sum, &net->param.s1_1_a.bias[p * S1_1_A_PANEL]);
    const struct range rows = range_inside(y - S1_1_A_PAD_TOP, 1, S1_1_A_KERNEL_HEIGHT, STEM_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, S1_1_A_VECTORS, sum, &net->value.stem[n][y + i][x][0], STEM_FILTERS,
            net->param.s1_1_a.weight[p][i][0], S1_1_A_KERNEL_ROW);
    tile4_relu(pixels, S1_1_A_VECTORS, sum);
    tile4_store(pixels, S1_1_A_VECTORS, p, S1_1_A_FILTERS, sum, &net->value.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][p * S1_1_A_PANEL], S1_1_A_FILTERS);
}

static void s1_1_a_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S1_1_A_PANELS; p++)
            for (int y = 0; y < S1_1_A_HEIGHT; y++)
                TILE_ALONG(4, 0, S1_1_A_WIDTH, s1_1_a_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s1_1_a_backward_output(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < S1_1_A_HEIGHT; y++)
            for (int x = 0; x < S1_1_A_WIDTH; x++)
                for (int c = 0; c < S1_1_A_FILTERS; c++)
                    net->dvalue.s1_1_a[n][y][x][c] = net->value.s1_1_a[n][y + S1_1_B_PAD_TOP][x + S1_1_B_PAD_LEFT][c] > 0 ? net->dvalue.s1_1_a[n][y][x][c] : 0;
        tile4_sum(S1_1_A_HEIGHT * S1_1_A_WIDTH, S1_1_A_FILTERS, &net->dvalue.s1_1_a[n][0][0][0], net->group[g].s1_1_a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION s1_1_a_backward_weight_tile(struct residual *net, int g, int n, int i, int rows)
{
    tile8 sum[S1_1_A_PAIRS];
    tile8_clear(rows, S1_1_A_PAIRS, sum);
    for (int y = 0; y < S1_1_A_HEIGHT; y++)
        tile8_outer_pairs(rows, S1_1_A_KERNEL_ROW, sum, &net->value.stem[n][y + i][0][0],
            STEM_COLUMNS * STEM_FILTERS, STEM_FILTERS, &net->dvalue.s1_1_a[n][y][0][0], S1_1_A_FILTERS, S1_1_A_WIDTH);
    tile8_add_pairs(rows, S1_1_A_KERNEL_ROW, S1_1_A_FILTERS, sum, net->group[g].s1_1_a.weight[0][i][0]);
}

static void s1_1_a_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, S1_1_A_KERNEL_HEIGHT, s1_1_a_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s1_1_a_backward_input_tile(struct residual *net, real (*spread)[S1_1_A_BACK_PANELS * S1_1_A_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * S1_1_A_BACK_VECTORS];
    tile8_clear(pixels, S1_1_A_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, S1_1_A_BACK_VECTORS, sum, &net->dvalue.s1_1_a[n][rows.first - t][x][0], S1_1_A_FILTERS,
            net->transposed.s1_1_a[rows.tap + t][q][0], S1_1_A_FILTERS);
    tile8_store(pixels, S1_1_A_BACK_VECTORS, q, S1_1_A_BACK_PANELS * S1_1_A_BACK_PANEL, sum, &spread[x][q * S1_1_A_BACK_PANEL], S1_1_A_BACK_PANELS * S1_1_A_BACK_PANEL);
}

static void s1_1_a_backward_input(struct residual *net, struct range examples)
{
    real spread[S1_1_A_WIDTH + 1][S1_1_A_BACK_PANELS * S1_1_A_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++) {
            const struct taps rows = taps_over(y + S1_1_A_PAD_TOP, S1_1_A_HEIGHT, S1_1_A_KERNEL_HEIGHT, 1);
            for (int q = 0; q < S1_1_A_BACK_PANELS; q++)
                TILE_ALONG(4, 0, S1_1_A_WIDTH, s1_1_a_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < STEM_WIDTH; x++) {
                const struct taps columns = taps_over(x + S1_1_A_PAD_LEFT, S1_1_A_WIDTH, S1_1_A_KERNEL_WIDTH, 1);
                tile4_fold(STEM_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * STEM_FILTERS],
                    STEM_FILTERS - S1_1_A_BACK_PANELS * S1_1_A_BACK_PANEL, &net->dvalue.stem_from_s1_1_a[n][y][x][0]);
            }
        }
}

/* s1_1_b: conv 3 3x3 pad=1
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s1_1_b_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * S1_1_B_VECTORS];
    tile4_start(pixels, S1_1_B_VECTORS, sum, &net->param.s1_1_b.bias[p * S1_1_B_PANEL]);
    const struct range rows = range_inside(y - S1_1_B_PAD_TOP, 1, S1_1_B_KERNEL_HEIGHT, S1_1_A_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, S1_1_B_VECTORS, sum, &net->value.s1_1_a[n][y + i][x][0], S1_1_A_FILTERS,
            net->param.s1_1_b.weight[p][i][0], S1_1_B_KERNEL_ROW);
    tile4_store(pixels, S1_1_B_VECTORS, p, S1_1_B_FILTERS, sum, &net->value.s1_1_b[n][y][x][p * S1_1_B_PANEL], S1_1_B_FILTERS);
}

static void s1_1_b_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S1_1_B_PANELS; p++)
            for (int y = 0; y < S1_1_B_HEIGHT; y++)
                TILE_ALONG(4, 0, S1_1_B_WIDTH, s1_1_b_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void s1_1_b_backward_output(struct residual *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, S1_1_B_HEIGHT * S1_1_B_WIDTH, S1_1_B_FILTERS,
        &net->dvalue.s1_1_b[examples.first][0][0][0], net->group[g].s1_1_b.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION s1_1_b_backward_weight_tile(struct residual *net, int g, int n, int i, int rows)
{
    tile8 sum[S1_1_B_PAIRS];
    tile8_clear(rows, S1_1_B_PAIRS, sum);
    for (int y = 0; y < S1_1_B_HEIGHT; y++)
        tile8_outer_pairs(rows, S1_1_B_KERNEL_ROW, sum, &net->value.s1_1_a[n][y + i][0][0],
            S1_1_A_COLUMNS * S1_1_A_FILTERS, S1_1_A_FILTERS, &net->dvalue.s1_1_b[n][y][0][0], S1_1_B_FILTERS, S1_1_B_WIDTH);
    tile8_add_pairs(rows, S1_1_B_KERNEL_ROW, S1_1_B_FILTERS, sum, net->group[g].s1_1_b.weight[0][i][0]);
}

static void s1_1_b_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, S1_1_B_KERNEL_HEIGHT, s1_1_b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s1_1_b_backward_input_tile(struct residual *net, real (*spread)[S1_1_B_BACK_PANELS * S1_1_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * S1_1_B_BACK_VECTORS];
    tile8_clear(pixels, S1_1_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, S1_1_B_BACK_VECTORS, sum, &net->dvalue.s1_1_b[n][rows.first - t][x][0], S1_1_B_FILTERS,
            net->transposed.s1_1_b[rows.tap + t][q][0], S1_1_B_FILTERS);
    tile8_store(pixels, S1_1_B_BACK_VECTORS, q, S1_1_B_BACK_PANELS * S1_1_B_BACK_PANEL, sum, &spread[x][q * S1_1_B_BACK_PANEL], S1_1_B_BACK_PANELS * S1_1_B_BACK_PANEL);
}

static void s1_1_b_backward_input(struct residual *net, struct range examples)
{
    real spread[S1_1_B_WIDTH + 1][S1_1_B_BACK_PANELS * S1_1_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y + S1_1_B_PAD_TOP, S1_1_B_HEIGHT, S1_1_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < S1_1_B_BACK_PANELS; q++)
                TILE_ALONG(4, 0, S1_1_B_WIDTH, s1_1_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S1_1_A_WIDTH; x++) {
                const struct taps columns = taps_over(x + S1_1_B_PAD_LEFT, S1_1_B_WIDTH, S1_1_B_KERNEL_WIDTH, 1);
                tile4_fold(S1_1_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * S1_1_A_FILTERS],
                    S1_1_A_FILTERS - S1_1_B_BACK_PANELS * S1_1_B_BACK_PANEL, &net->dvalue.s1_1_a[n][y][x][0]);
            }
        }
}

/* residual
 * 4x4x3 -> 4x4x3 */

static void s1_1_residual_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_1_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_1_RESIDUAL_CHANNELS; c++)
                    net->value.s1_1_residual[n][y][x][c] = net->value.s1_1_b[n][y][x][c] + net->value.stem[n][y + S1_1_A_PAD_TOP][x + S1_1_A_PAD_LEFT][c];
}

static void s1_1_residual_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < STEM_HEIGHT; y++)
            for (int x = 0; x < STEM_WIDTH; x++)
                for (int c = 0; c < STEM_FILTERS; c++)
                    net->dvalue.stem_from_s1_1_residual[n][y][x][c] = net->dvalue.s1_1_residual[n][y][x][c];
}

/* relu
 * 4x4x3 -> 4x4x3 */

static void s1_1_relu_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c] = net->value.s1_1_residual[n][y][x][c] < 0 ? 0 : net->value.s1_1_residual[n][y][x][c];
}

/* The parts of the gradient that the layers behind it made */
static void s1_1_relu_backward_sum(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->dvalue.s1_1_relu[n][y][x][c] = net->dvalue.s1_1_relu_from_s1_2_residual[n][y][x][c] + net->dvalue.s1_1_relu_from_s1_2_a[n][y][x][c];
}

static void s1_1_relu_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_1_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_1_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s1_1_relu[n][y][x][c];
                    net->dvalue.s1_1_residual[n][y][x][c] = net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c] > 0 ? dy : 0;
                }
}

/* s1_2_a: conv 3 3x3 pad=1 relu
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s1_2_a_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * S1_2_A_VECTORS];
    tile4_start(pixels, S1_2_A_VECTORS, sum, &net->param.s1_2_a.bias[p * S1_2_A_PANEL]);
    const struct range rows = range_inside(y - S1_2_A_PAD_TOP, 1, S1_2_A_KERNEL_HEIGHT, S1_1_RELU_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, S1_2_A_VECTORS, sum, &net->value.s1_1_relu[n][y + i][x][0], S1_1_RELU_CHANNELS,
            net->param.s1_2_a.weight[p][i][0], S1_2_A_KERNEL_ROW);
    tile4_relu(pixels, S1_2_A_VECTORS, sum);
    tile4_store(pixels, S1_2_A_VECTORS, p, S1_2_A_FILTERS, sum, &net->value.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][p * S1_2_A_PANEL], S1_2_A_FILTERS);
}

static void s1_2_a_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S1_2_A_PANELS; p++)
            for (int y = 0; y < S1_2_A_HEIGHT; y++)
                TILE_ALONG(4, 0, S1_2_A_WIDTH, s1_2_a_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s1_2_a_backward_output(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < S1_2_A_HEIGHT; y++)
            for (int x = 0; x < S1_2_A_WIDTH; x++)
                for (int c = 0; c < S1_2_A_FILTERS; c++)
                    net->dvalue.s1_2_a[n][y][x][c] = net->value.s1_2_a[n][y + S1_2_B_PAD_TOP][x + S1_2_B_PAD_LEFT][c] > 0 ? net->dvalue.s1_2_a[n][y][x][c] : 0;
        tile4_sum(S1_2_A_HEIGHT * S1_2_A_WIDTH, S1_2_A_FILTERS, &net->dvalue.s1_2_a[n][0][0][0], net->group[g].s1_2_a.bias);
    }
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION s1_2_a_backward_weight_tile(struct residual *net, int g, int n, int i, int rows)
{
    tile8 sum[S1_2_A_PAIRS];
    tile8_clear(rows, S1_2_A_PAIRS, sum);
    for (int y = 0; y < S1_2_A_HEIGHT; y++)
        tile8_outer_pairs(rows, S1_2_A_KERNEL_ROW, sum, &net->value.s1_1_relu[n][y + i][0][0],
            S1_1_RELU_COLUMNS * S1_1_RELU_CHANNELS, S1_1_RELU_CHANNELS, &net->dvalue.s1_2_a[n][y][0][0], S1_2_A_FILTERS, S1_2_A_WIDTH);
    tile8_add_pairs(rows, S1_2_A_KERNEL_ROW, S1_2_A_FILTERS, sum, net->group[g].s1_2_a.weight[0][i][0]);
}

static void s1_2_a_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, S1_2_A_KERNEL_HEIGHT, s1_2_a_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s1_2_a_backward_input_tile(struct residual *net, real (*spread)[S1_2_A_BACK_PANELS * S1_2_A_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * S1_2_A_BACK_VECTORS];
    tile8_clear(pixels, S1_2_A_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, S1_2_A_BACK_VECTORS, sum, &net->dvalue.s1_2_a[n][rows.first - t][x][0], S1_2_A_FILTERS,
            net->transposed.s1_2_a[rows.tap + t][q][0], S1_2_A_FILTERS);
    tile8_store(pixels, S1_2_A_BACK_VECTORS, q, S1_2_A_BACK_PANELS * S1_2_A_BACK_PANEL, sum, &spread[x][q * S1_2_A_BACK_PANEL], S1_2_A_BACK_PANELS * S1_2_A_BACK_PANEL);
}

static void s1_2_a_backward_input(struct residual *net, struct range examples)
{
    real spread[S1_2_A_WIDTH + 1][S1_2_A_BACK_PANELS * S1_2_A_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++) {
            const struct taps rows = taps_over(y + S1_2_A_PAD_TOP, S1_2_A_HEIGHT, S1_2_A_KERNEL_HEIGHT, 1);
            for (int q = 0; q < S1_2_A_BACK_PANELS; q++)
                TILE_ALONG(4, 0, S1_2_A_WIDTH, s1_2_a_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S1_1_RELU_WIDTH; x++) {
                const struct taps columns = taps_over(x + S1_2_A_PAD_LEFT, S1_2_A_WIDTH, S1_2_A_KERNEL_WIDTH, 1);
                tile4_fold(S1_1_RELU_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * S1_1_RELU_CHANNELS],
                    S1_1_RELU_CHANNELS - S1_2_A_BACK_PANELS * S1_2_A_BACK_PANEL, &net->dvalue.s1_1_relu_from_s1_2_a[n][y][x][0]);
            }
        }
}

/* s1_2_b: conv 3 3x3 pad=1
 * 4x4x3 -> 4x4x3, 84 parameters, 2.59 kFLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s1_2_b_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[4 * S1_2_B_VECTORS];
    tile4_start(pixels, S1_2_B_VECTORS, sum, &net->param.s1_2_b.bias[p * S1_2_B_PANEL]);
    const struct range rows = range_inside(y - S1_2_B_PAD_TOP, 1, S1_2_B_KERNEL_HEIGHT, S1_2_A_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, S1_2_B_VECTORS, sum, &net->value.s1_2_a[n][y + i][x][0], S1_2_A_FILTERS,
            net->param.s1_2_b.weight[p][i][0], S1_2_B_KERNEL_ROW);
    tile4_store(pixels, S1_2_B_VECTORS, p, S1_2_B_FILTERS, sum, &net->value.s1_2_b[n][y][x][p * S1_2_B_PANEL], S1_2_B_FILTERS);
}

static void s1_2_b_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S1_2_B_PANELS; p++)
            for (int y = 0; y < S1_2_B_HEIGHT; y++)
                TILE_ALONG(4, 0, S1_2_B_WIDTH, s1_2_b_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void s1_2_b_backward_output(struct residual *net, int g, struct range examples)
{
    tile4_sum_images(examples.end - examples.first, S1_2_B_HEIGHT * S1_2_B_WIDTH, S1_2_B_FILTERS,
        &net->dvalue.s1_2_b[examples.first][0][0][0], net->group[g].s1_2_b.bias);
}

/* The inputs under `rows` rows of the kernel, from row i on, two to a vector, over one example of group g */
TILE_FUNCTION s1_2_b_backward_weight_tile(struct residual *net, int g, int n, int i, int rows)
{
    tile8 sum[S1_2_B_PAIRS];
    tile8_clear(rows, S1_2_B_PAIRS, sum);
    for (int y = 0; y < S1_2_B_HEIGHT; y++)
        tile8_outer_pairs(rows, S1_2_B_KERNEL_ROW, sum, &net->value.s1_2_a[n][y + i][0][0],
            S1_2_A_COLUMNS * S1_2_A_FILTERS, S1_2_A_FILTERS, &net->dvalue.s1_2_b[n][y][0][0], S1_2_B_FILTERS, S1_2_B_WIDTH);
    tile8_add_pairs(rows, S1_2_B_KERNEL_ROW, S1_2_B_FILTERS, sum, net->group[g].s1_2_b.weight[0][i][0]);
}

static void s1_2_b_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        TILE_ALONG(1, 0, S1_2_B_KERNEL_HEIGHT, s1_2_b_backward_weight_tile, net, g, n);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s1_2_b_backward_input_tile(struct residual *net, real (*spread)[S1_2_B_BACK_PANELS * S1_2_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[4 * S1_2_B_BACK_VECTORS];
    tile8_clear(pixels, S1_2_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, S1_2_B_BACK_VECTORS, sum, &net->dvalue.s1_2_b[n][rows.first - t][x][0], S1_2_B_FILTERS,
            net->transposed.s1_2_b[rows.tap + t][q][0], S1_2_B_FILTERS);
    tile8_store(pixels, S1_2_B_BACK_VECTORS, q, S1_2_B_BACK_PANELS * S1_2_B_BACK_PANEL, sum, &spread[x][q * S1_2_B_BACK_PANEL], S1_2_B_BACK_PANELS * S1_2_B_BACK_PANEL);
}

static void s1_2_b_backward_input(struct residual *net, struct range examples)
{
    real spread[S1_2_B_WIDTH + 1][S1_2_B_BACK_PANELS * S1_2_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y + S1_2_B_PAD_TOP, S1_2_B_HEIGHT, S1_2_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < S1_2_B_BACK_PANELS; q++)
                TILE_ALONG(4, 0, S1_2_B_WIDTH, s1_2_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S1_2_A_WIDTH; x++) {
                const struct taps columns = taps_over(x + S1_2_B_PAD_LEFT, S1_2_B_WIDTH, S1_2_B_KERNEL_WIDTH, 1);
                tile4_fold(S1_2_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * S1_2_A_FILTERS],
                    S1_2_A_FILTERS - S1_2_B_BACK_PANELS * S1_2_B_BACK_PANEL, &net->dvalue.s1_2_a[n][y][x][0]);
            }
        }
}

/* residual
 * 4x4x3 -> 4x4x3 */

static void s1_2_residual_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_2_RESIDUAL_CHANNELS; c++)
                    net->value.s1_2_residual[n][y][x][c] = net->value.s1_2_b[n][y][x][c] + net->value.s1_1_relu[n][y + S1_2_A_PAD_TOP][x + S1_2_A_PAD_LEFT][c];
}

static void s1_2_residual_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_1_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_1_RELU_WIDTH; x++)
                for (int c = 0; c < S1_1_RELU_CHANNELS; c++)
                    net->dvalue.s1_1_relu_from_s1_2_residual[n][y][x][c] = net->dvalue.s1_2_residual[n][y][x][c];
}

/* relu
 * 4x4x3 -> 4x4x3 */

static void s1_2_relu_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_2_RELU_WIDTH; x++)
                for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                    net->value.s1_2_relu[n][y + S2_A_PAD_TOP][x + S2_A_PAD_LEFT][c] = net->value.s1_2_residual[n][y][x][c] < 0 ? 0 : net->value.s1_2_residual[n][y][x][c];
}

/* The parts of the gradient that the layers behind it made */
static void s1_2_relu_backward_sum(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++)
            for (int x = 0; x < S1_2_RELU_WIDTH; x++)
                for (int c = 0; c < S1_2_RELU_CHANNELS; c++)
                    net->dvalue.s1_2_relu[n][y][x][c] = net->dvalue.s1_2_relu_from_s2_p[n][y][x][c] + net->dvalue.s1_2_relu_from_s2_a[n][y][x][c];
}

static void s1_2_relu_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S1_2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S1_2_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s1_2_relu[n][y][x][c];
                    net->dvalue.s1_2_residual[n][y][x][c] = net->value.s1_2_relu[n][y + S2_A_PAD_TOP][x + S2_A_PAD_LEFT][c] > 0 ? dy : 0;
                }
}

/* s2_a: conv 3 3x3 pad=1 stride=2 relu
 * 4x4x3 -> 2x2x3, 84 parameters, 648 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s2_a_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile4 sum[2 * S2_A_VECTORS];
    tile4_start(pixels, S2_A_VECTORS, sum, &net->param.s2_a.bias[p * S2_A_PANEL]);
    const struct range rows = range_inside(y * S2_A_STRIDE_Y - S2_A_PAD_TOP, 1, S2_A_KERNEL_HEIGHT, S1_2_RELU_HEIGHT);
    for (int i = rows.first; i < rows.end; i++)
        tile4_multiply(pixels, S2_A_VECTORS, sum, &net->value.s1_2_relu[n][y * S2_A_STRIDE_Y + i][x * S2_A_STRIDE_X][0], S2_A_STRIDE_X * S1_2_RELU_CHANNELS,
            net->param.s2_a.weight[p][i][0], S2_A_KERNEL_ROW);
    tile4_relu(pixels, S2_A_VECTORS, sum);
    tile4_store(pixels, S2_A_VECTORS, p, S2_A_FILTERS, sum, &net->value.s2_a[n][y][x][p * S2_A_PANEL], S2_A_FILTERS);
}

static void s2_a_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_A_PANELS; p++)
            for (int y = 0; y < S2_A_HEIGHT; y++)
                TILE_ALONG(2, 0, S2_A_WIDTH, s2_a_forward_tile, net, n, p, y);
}

/* dz = dy * relu'(z), in the place of dy; dbias = sum of dz */
static void s2_a_backward_output(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        for (int y = 0; y < S2_A_HEIGHT; y++)
            for (int x = 0; x < S2_A_WIDTH; x++)
                for (int c = 0; c < S2_A_FILTERS; c++)
                    net->dvalue.s2_a[n][y][x][c] = net->value.s2_a[n][y][x][c] > 0 ? net->dvalue.s2_a[n][y][x][c] : 0;
        tile4_sum(S2_A_HEIGHT * S2_A_WIDTH, S2_A_FILTERS, &net->dvalue.s2_a[n][0][0][0], net->group[g].s2_a.bias);
    }
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION s2_a_backward_weight_tile(struct residual *net, int g, int n, int p, int i, int k, int rows)
{
    tile4 sum[5 * S2_A_VECTORS];
    tile4_clear(rows, S2_A_VECTORS, sum);
    const struct range inside = range_inside(i - S2_A_PAD_TOP, S2_A_STRIDE_Y, S2_A_HEIGHT, S1_2_RELU_HEIGHT);
    for (int y = inside.first; y < inside.end; y++)
        tile4_outer(rows, S2_A_VECTORS, sum, &net->value.s1_2_relu[n][y * S2_A_STRIDE_Y + i][0][0] + k, S2_A_STRIDE_X * S1_2_RELU_CHANNELS,
            &net->dvalue.s2_a[n][y][0][p * S2_A_PANEL], S2_A_FILTERS, S2_A_WIDTH);
    tile4_add(rows, S2_A_VECTORS, p, S2_A_FILTERS, sum, net->group[g].s2_a.weight[p][i][k], S2_A_PANEL);
}

static void s2_a_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_A_PANELS; p++)
            for (int i = 0; i < S2_A_KERNEL_HEIGHT; i++)
                TILE_ALONG(5, 4, S2_A_KERNEL_ROW, s2_a_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s2_a_backward_input_tile(struct residual *net, real (*spread)[S2_A_BACK_PANELS * S2_A_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile8 sum[2 * S2_A_BACK_VECTORS];
    tile8_clear(pixels, S2_A_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile8_multiply(pixels, S2_A_BACK_VECTORS, sum, &net->dvalue.s2_a[n][rows.first - t][x][0], S2_A_FILTERS,
            net->transposed.s2_a[rows.tap + t * S2_A_STRIDE_Y][q][0], S2_A_FILTERS);
    tile8_store(pixels, S2_A_BACK_VECTORS, q, S2_A_BACK_PANELS * S2_A_BACK_PANEL, sum, &spread[x][q * S2_A_BACK_PANEL], S2_A_BACK_PANELS * S2_A_BACK_PANEL);
}

static void s2_a_backward_input(struct residual *net, struct range examples)
{
    real spread[S2_A_WIDTH + 1][S2_A_BACK_PANELS * S2_A_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++) {
            const struct taps rows = taps_over(y + S2_A_PAD_TOP, S2_A_HEIGHT, S2_A_KERNEL_HEIGHT, S2_A_STRIDE_Y);
            for (int q = 0; q < S2_A_BACK_PANELS; q++)
                TILE_ALONG(2, 0, S2_A_WIDTH, s2_a_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S1_2_RELU_WIDTH; x++) {
                const struct taps columns = taps_over(x + S2_A_PAD_LEFT, S2_A_WIDTH, S2_A_KERNEL_WIDTH, S2_A_STRIDE_X);
                tile4_fold(S1_2_RELU_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * S1_2_RELU_CHANNELS],
                    S2_A_STRIDE_X * S1_2_RELU_CHANNELS - S2_A_BACK_PANELS * S2_A_BACK_PANEL, &net->dvalue.s1_2_relu_from_s2_a[n][y][x][0]);
            }
        }
}

/* s2_b: conv 6 1x1
 * 2x2x3 -> 2x2x6, 24 parameters, 144 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s2_b_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * S2_B_VECTORS];
    tile8_start(pixels, S2_B_VECTORS, sum, &net->param.s2_b.bias[p * S2_B_PANEL]);
    for (int i = 0; i < S2_B_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, S2_B_VECTORS, sum, &net->value.s2_a[n][y + i][x][0], S2_A_FILTERS,
            net->param.s2_b.weight[p][i][0], S2_B_KERNEL_ROW);
    tile8_store(pixels, S2_B_VECTORS, p, S2_B_FILTERS, sum, &net->value.s2_b[n][y][x][p * S2_B_PANEL], S2_B_FILTERS);
}

static void s2_b_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_B_PANELS; p++)
            for (int y = 0; y < S2_B_HEIGHT; y++)
                TILE_ALONG(2, 0, S2_B_WIDTH, s2_b_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void s2_b_backward_output(struct residual *net, int g, struct range examples)
{
    tile8_sum_images(examples.end - examples.first, S2_B_HEIGHT * S2_B_WIDTH, S2_B_FILTERS,
        &net->dvalue.s2_b[examples.first][0][0][0], net->group[g].s2_b.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION s2_b_backward_weight_tile(struct residual *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[3 * S2_B_VECTORS];
    tile8_clear(rows, S2_B_VECTORS, sum);
    for (int y = 0; y < S2_B_HEIGHT; y++)
        tile8_outer(rows, S2_B_VECTORS, sum, &net->value.s2_a[n][y + i][0][0] + k, S2_A_FILTERS,
            &net->dvalue.s2_b[n][y][0][p * S2_B_PANEL], S2_B_FILTERS, S2_B_WIDTH);
    tile8_add(rows, S2_B_VECTORS, p, S2_B_FILTERS, sum, net->group[g].s2_b.weight[p][i][k], S2_B_PANEL);
}

static void s2_b_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_B_PANELS; p++)
            for (int i = 0; i < S2_B_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, S2_B_KERNEL_ROW, s2_b_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s2_b_backward_input_tile(struct residual *net, real (*spread)[S2_B_BACK_PANELS * S2_B_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[2 * S2_B_BACK_VECTORS];
    tile4_clear(pixels, S2_B_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, S2_B_BACK_VECTORS, sum, &net->dvalue.s2_b[n][rows.first - t][x][0], S2_B_FILTERS,
            net->transposed.s2_b[rows.tap + t][q][0], S2_B_FILTERS);
    tile4_store(pixels, S2_B_BACK_VECTORS, q, S2_B_BACK_PANELS * S2_B_BACK_PANEL, sum, &spread[x][q * S2_B_BACK_PANEL], S2_B_BACK_PANELS * S2_B_BACK_PANEL);
}

static void s2_b_backward_input(struct residual *net, struct range examples)
{
    real spread[S2_B_WIDTH + 1][S2_B_BACK_PANELS * S2_B_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S2_A_HEIGHT; y++) {
            const struct taps rows = taps_over(y, S2_B_HEIGHT, S2_B_KERNEL_HEIGHT, 1);
            for (int q = 0; q < S2_B_BACK_PANELS; q++)
                TILE_ALONG(2, 0, S2_B_WIDTH, s2_b_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S2_A_WIDTH; x++) {
                const struct taps columns = taps_over(x, S2_B_WIDTH, S2_B_KERNEL_WIDTH, 1);
                tile4_fold(S2_A_FILTERS, columns.count, NULL, &spread[columns.first][columns.tap * S2_A_FILTERS],
                    S2_A_FILTERS - S2_B_BACK_PANELS * S2_B_BACK_PANEL, &net->dvalue.s2_a[n][y][x][0]);
            }
        }
}

/* s2_p: conv 6 1x1 stride=2
 * 4x4x3 -> 2x2x6, 24 parameters, 144 FLOP */

/* `pixels` pixels of row y, from x on, and the filters of panel p */
TILE_FUNCTION s2_p_forward_tile(struct residual *net, int n, int p, int y, int x, int pixels)
{
    tile8 sum[2 * S2_P_VECTORS];
    tile8_start(pixels, S2_P_VECTORS, sum, &net->param.s2_p.bias[p * S2_P_PANEL]);
    for (int i = 0; i < S2_P_KERNEL_HEIGHT; i++)
        tile8_multiply(pixels, S2_P_VECTORS, sum, &net->value.s1_2_relu[n][y * S2_P_STRIDE_Y + i + S2_A_PAD_TOP][x * S2_P_STRIDE_X + S2_A_PAD_LEFT][0], S2_P_STRIDE_X * S1_2_RELU_CHANNELS,
            net->param.s2_p.weight[p][i][0], S2_P_KERNEL_ROW);
    tile8_store(pixels, S2_P_VECTORS, p, S2_P_FILTERS, sum, &net->value.s2_p[n][y][x][p * S2_P_PANEL], S2_P_FILTERS);
}

static void s2_p_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_P_PANELS; p++)
            for (int y = 0; y < S2_P_HEIGHT; y++)
                TILE_ALONG(2, 0, S2_P_WIDTH, s2_p_forward_tile, net, n, p, y);
}

/* dbias = sum of dy */
static void s2_p_backward_output(struct residual *net, int g, struct range examples)
{
    tile8_sum_images(examples.end - examples.first, S2_P_HEIGHT * S2_P_WIDTH, S2_P_FILTERS,
        &net->dvalue.s2_p[examples.first][0][0][0], net->group[g].s2_p.bias);
}

/* `rows` inputs under row i of the kernel, from k on, and the filters of panel p, over one example of group g */
TILE_FUNCTION s2_p_backward_weight_tile(struct residual *net, int g, int n, int p, int i, int k, int rows)
{
    tile8 sum[3 * S2_P_VECTORS];
    tile8_clear(rows, S2_P_VECTORS, sum);
    for (int y = 0; y < S2_P_HEIGHT; y++)
        tile8_outer(rows, S2_P_VECTORS, sum, &net->value.s1_2_relu[n][y * S2_P_STRIDE_Y + i + S2_A_PAD_TOP][S2_A_PAD_LEFT][0] + k, S2_P_STRIDE_X * S1_2_RELU_CHANNELS,
            &net->dvalue.s2_p[n][y][0][p * S2_P_PANEL], S2_P_FILTERS, S2_P_WIDTH);
    tile8_add(rows, S2_P_VECTORS, p, S2_P_FILTERS, sum, net->group[g].s2_p.weight[p][i][k], S2_P_PANEL);
}

static void s2_p_backward_weight(struct residual *net, int g, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int p = 0; p < S2_P_PANELS; p++)
            for (int i = 0; i < S2_P_KERNEL_HEIGHT; i++)
                TILE_ALONG(3, 0, S2_P_KERNEL_ROW, s2_p_backward_weight_tile, net, g, n, p, i);
}

/* What `pixels` pixels from x on, in all rows that see a row of the input, give to panel q of the columns under the kernel */
TILE_FUNCTION s2_p_backward_input_tile(struct residual *net, real (*spread)[S2_P_BACK_PANELS * S2_P_BACK_PANEL], struct taps rows, int n, int q, int x, int pixels)
{
    tile4 sum[2 * S2_P_BACK_VECTORS];
    tile4_clear(pixels, S2_P_BACK_VECTORS, sum);
    for (int t = 0; t < rows.count; t++)
        tile4_multiply(pixels, S2_P_BACK_VECTORS, sum, &net->dvalue.s2_p[n][rows.first - t][x][0], S2_P_FILTERS,
            net->transposed.s2_p[rows.tap + t * S2_P_STRIDE_Y][q][0], S2_P_FILTERS);
    tile4_store(pixels, S2_P_BACK_VECTORS, q, S2_P_BACK_PANELS * S2_P_BACK_PANEL, sum, &spread[x][q * S2_P_BACK_PANEL], S2_P_BACK_PANELS * S2_P_BACK_PANEL);
}

static void s2_p_backward_input(struct residual *net, struct range examples)
{
    real spread[S2_P_WIDTH + 1][S2_P_BACK_PANELS * S2_P_BACK_PANEL]; /* the last row is never used, but may be read */
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S1_2_RELU_HEIGHT; y++) {
            const struct taps rows = taps_over(y, S2_P_HEIGHT, S2_P_KERNEL_HEIGHT, S2_P_STRIDE_Y);
            for (int q = 0; q < S2_P_BACK_PANELS; q++)
                TILE_ALONG(2, 0, S2_P_WIDTH, s2_p_backward_input_tile, net, spread, rows, n, q);
            for (int x = 0; x < S1_2_RELU_WIDTH; x++) {
                const struct taps columns = taps_over(x, S2_P_WIDTH, S2_P_KERNEL_WIDTH, S2_P_STRIDE_X);
                tile4_fold(S1_2_RELU_CHANNELS, columns.count, NULL, &spread[columns.first][columns.tap * S1_2_RELU_CHANNELS],
                    S2_P_STRIDE_X * S1_2_RELU_CHANNELS - S2_P_BACK_PANELS * S2_P_BACK_PANEL, &net->dvalue.s1_2_relu_from_s2_p[n][y][x][0]);
            }
        }
}

/* residual relu
 * 2x2x6 -> 2x2x6 */

static void s2_residual_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S2_RESIDUAL_CHANNELS; c++)
                    net->value.s2_residual[n][y][x][c] = net->value.s2_b[n][y][x][c] + net->value.s2_p[n][y][x][c];
}

static void s2_residual_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S2_P_HEIGHT; y++)
            for (int x = 0; x < S2_P_WIDTH; x++)
                for (int c = 0; c < S2_P_FILTERS; c++)
                    net->dvalue.s2_p[n][y][x][c] = net->dvalue.s2_residual[n][y][x][c];
}

static void s2_relu_forward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S2_RELU_HEIGHT; y++)
            for (int x = 0; x < S2_RELU_WIDTH; x++)
                for (int c = 0; c < S2_RELU_CHANNELS; c++)
                    net->value.s2_relu[n][y][x][c] = net->value.s2_residual[n][y][x][c] < 0 ? 0 : net->value.s2_residual[n][y][x][c];
}

static void s2_relu_backward(struct residual *net, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int y = 0; y < S2_RESIDUAL_HEIGHT; y++)
            for (int x = 0; x < S2_RESIDUAL_WIDTH; x++)
                for (int c = 0; c < S2_RESIDUAL_CHANNELS; c++) {
                    const real dy = net->dvalue.s2_relu[n][y][x][c];
                    net->dvalue.s2_residual[n][y][x][c] = net->value.s2_relu[n][y][x][c] > 0 ? dy : 0;
                }
}

/* f: dense 3
 * 2x2x6 -> 3, 75 parameters, 144 FLOP */

/* x w + b: tiles of examples by units */
static void f_forward(struct residual *net, struct range examples)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_EXAMPLES(5, 0, examples, tile4_affine, F_VECTORS,
            &net->value.s2_relu[0][0][0][0], F_INPUTS, net->param.f.weight[p][0], net->param.f.bias, p, F_UNITS, net->value.f[0]);
}

/* dbias = sum of dy */
static void f_backward_output(struct residual *net, int g, struct range examples)
{
    tile4_sum(examples.end - examples.first, F_UNITS, net->dvalue.f[examples.first], net->group[g].f.bias);
}

/* dw = x^T dz, over the batch: tiles of inputs by units */
static void f_backward_weight(struct residual *net, int batch, struct range tiles)
{
    for (int p = 0; p < F_PANELS; p++)
        TILE_INPUTS(8, 0, tiles, F_WEIGHT_TILES, tile4_outer_product, F_VECTORS,
            &net->value.s2_relu[0][0][0][0], F_INPUTS, net->dvalue.f[0], p, F_UNITS, batch, net->dparam.f.weight[p][0]);
}

/* dx = dz w^T: tiles of examples by inputs */
static void f_backward_input(struct residual *net, struct range examples)
{
    for (int q = 0; q < F_BACK_PANELS; q++)
        TILE_EXAMPLES(5, 0, examples, tile8_affine, F_BACK_VECTORS,
            net->dvalue.f[0], F_UNITS, net->transposed.f[q][0], TILE_NO_BIAS, q, F_INPUTS, &net->dvalue.s2_relu[0][0][0][0]);
}

/* output categorical
 * 3 -> 3 */

static void output_forward(struct residual *net, struct range examples)
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
static void output_loss(struct residual *net, struct range examples)
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

static void output_backward(struct residual *net, int batch, struct range examples)
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
    struct residual *net = memory;
    net->seed = seed;
    net->arena = (real *)(net + 1);
    net->value.input = (void *)(net->arena + INPUT_AT);
    net->value.stem = (void *)(net->arena + STEM_AT);
    net->dvalue.stem_from_s1_1_residual = (void *)(net->arena + STEM_FROM_S1_1_RESIDUAL_GRADIENT_AT);
    net->dvalue.stem_from_s1_1_a = (void *)(net->arena + STEM_FROM_S1_1_A_GRADIENT_AT);
    net->dvalue.stem = (void *)(net->arena + STEM_GRADIENT_AT);
    net->value.s1_1_a = (void *)(net->arena + S1_1_A_AT);
    net->dvalue.s1_1_a = (void *)(net->arena + S1_1_A_GRADIENT_AT);
    net->transposed.s1_1_a = (void *)(net->arena + S1_1_A_TRANSPOSED_AT);
    net->value.s1_1_b = (void *)(net->arena + S1_1_B_AT);
    net->dvalue.s1_1_b = (void *)(net->arena + S1_1_RESIDUAL_GRADIENT_AT);
    net->transposed.s1_1_b = (void *)(net->arena + S1_1_B_TRANSPOSED_AT);
    net->value.s1_1_residual = (void *)(net->arena + S1_1_RESIDUAL_AT);
    net->dvalue.s1_1_residual = (void *)(net->arena + S1_1_RESIDUAL_GRADIENT_AT);
    net->value.s1_1_relu = (void *)(net->arena + S1_1_RELU_AT);
    net->dvalue.s1_1_relu_from_s1_2_residual = (void *)(net->arena + S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_AT);
    net->dvalue.s1_1_relu_from_s1_2_a = (void *)(net->arena + S1_1_RELU_FROM_S1_2_A_GRADIENT_AT);
    net->dvalue.s1_1_relu = (void *)(net->arena + S1_1_RELU_GRADIENT_AT);
    net->value.s1_2_a = (void *)(net->arena + S1_2_A_AT);
    net->dvalue.s1_2_a = (void *)(net->arena + S1_2_A_GRADIENT_AT);
    net->transposed.s1_2_a = (void *)(net->arena + S1_2_A_TRANSPOSED_AT);
    net->value.s1_2_b = (void *)(net->arena + S1_2_B_AT);
    net->dvalue.s1_2_b = (void *)(net->arena + S1_2_RESIDUAL_GRADIENT_AT);
    net->transposed.s1_2_b = (void *)(net->arena + S1_2_B_TRANSPOSED_AT);
    net->value.s1_2_residual = (void *)(net->arena + S1_2_RESIDUAL_AT);
    net->dvalue.s1_2_residual = (void *)(net->arena + S1_2_RESIDUAL_GRADIENT_AT);
    net->value.s1_2_relu = (void *)(net->arena + S1_2_RELU_AT);
    net->dvalue.s1_2_relu_from_s2_p = (void *)(net->arena + S1_2_RELU_FROM_S2_P_GRADIENT_AT);
    net->dvalue.s1_2_relu_from_s2_a = (void *)(net->arena + S1_2_RELU_FROM_S2_A_GRADIENT_AT);
    net->dvalue.s1_2_relu = (void *)(net->arena + S1_2_RELU_GRADIENT_AT);
    net->value.s2_a = (void *)(net->arena + S2_A_AT);
    net->dvalue.s2_a = (void *)(net->arena + S2_A_GRADIENT_AT);
    net->transposed.s2_a = (void *)(net->arena + S2_A_TRANSPOSED_AT);
    net->value.s2_b = (void *)(net->arena + S2_B_AT);
    net->dvalue.s2_b = (void *)(net->arena + S2_RESIDUAL_GRADIENT_AT);
    net->transposed.s2_b = (void *)(net->arena + S2_B_TRANSPOSED_AT);
    net->value.s2_p = (void *)(net->arena + S2_P_AT);
    net->dvalue.s2_p = (void *)(net->arena + S2_P_GRADIENT_AT);
    net->transposed.s2_p = (void *)(net->arena + S2_P_TRANSPOSED_AT);
    net->value.s2_residual = (void *)(net->arena + S2_RESIDUAL_AT);
    net->dvalue.s2_residual = (void *)(net->arena + S2_RESIDUAL_GRADIENT_AT);
    net->value.s2_relu = (void *)(net->arena + S2_RELU_AT);
    net->dvalue.s2_relu = (void *)(net->arena + S2_RELU_GRADIENT_AT);
    net->value.f = (void *)(net->arena + F_AT);
    net->dvalue.f = (void *)(net->arena + F_GRADIENT_AT);
    net->transposed.f = (void *)(net->arena + F_TRANSPOSED_AT);
    net->value.output = (void *)(net->arena + OUTPUT_AT);
}

/* The weights as the backward pass reads them */
static void prepare(struct residual *net, struct team team)
{
    panels_transpose(net->param.f.weight[0][0], F_UNITS, 1, F_INPUTS, F_PANEL, net->transposed.f[0][0], F_BACK_PANEL, team_share(team, F_BACK_PANELS));
    panels_transpose(net->param.s2_p.weight[0][0][0], S2_P_FILTERS, S2_P_KERNEL_HEIGHT, S2_P_KERNEL_ROW, S2_P_PANEL, net->transposed.s2_p[0][0][0], S2_P_BACK_PANEL, team_share(team, S2_P_BACK_PANELS));
    panels_transpose(net->param.s2_b.weight[0][0][0], S2_B_FILTERS, S2_B_KERNEL_HEIGHT, S2_B_KERNEL_ROW, S2_B_PANEL, net->transposed.s2_b[0][0][0], S2_B_BACK_PANEL, team_share(team, S2_B_BACK_PANELS));
    panels_transpose(net->param.s2_a.weight[0][0][0], S2_A_FILTERS, S2_A_KERNEL_HEIGHT, S2_A_KERNEL_ROW, S2_A_PANEL, net->transposed.s2_a[0][0][0], S2_A_BACK_PANEL, team_share(team, S2_A_BACK_PANELS));
    panels_transpose(net->param.s1_2_b.weight[0][0][0], S1_2_B_FILTERS, S1_2_B_KERNEL_HEIGHT, S1_2_B_KERNEL_ROW, S1_2_B_PANEL, net->transposed.s1_2_b[0][0][0], S1_2_B_BACK_PANEL, team_share(team, S1_2_B_BACK_PANELS));
    panels_transpose(net->param.s1_2_a.weight[0][0][0], S1_2_A_FILTERS, S1_2_A_KERNEL_HEIGHT, S1_2_A_KERNEL_ROW, S1_2_A_PANEL, net->transposed.s1_2_a[0][0][0], S1_2_A_BACK_PANEL, team_share(team, S1_2_A_BACK_PANELS));
    panels_transpose(net->param.s1_1_b.weight[0][0][0], S1_1_B_FILTERS, S1_1_B_KERNEL_HEIGHT, S1_1_B_KERNEL_ROW, S1_1_B_PANEL, net->transposed.s1_1_b[0][0][0], S1_1_B_BACK_PANEL, team_share(team, S1_1_B_BACK_PANELS));
    panels_transpose(net->param.s1_1_a.weight[0][0][0], S1_1_A_FILTERS, S1_1_A_KERNEL_HEIGHT, S1_1_A_KERNEL_ROW, S1_1_A_PANEL, net->transposed.s1_1_a[0][0][0], S1_1_A_BACK_PANEL, team_share(team, S1_1_A_BACK_PANELS));
}

static void forward(struct residual *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch);
    stem_forward(net, examples);
    s1_1_a_forward(net, examples);
    s1_1_b_forward(net, examples);
    s1_1_residual_forward(net, examples);
    s1_1_relu_forward(net, examples);
    s1_2_a_forward(net, examples);
    s1_2_b_forward(net, examples);
    s1_2_residual_forward(net, examples);
    s1_2_relu_forward(net, examples);
    s2_a_forward(net, examples);
    s2_b_forward(net, examples);
    s2_p_forward(net, examples);
    s2_residual_forward(net, examples);
    s2_relu_forward(net, examples);
    f_forward(net, examples);
    output_forward(net, examples);
}

/* Gradients of the mean loss of the batch, by all parameters; penalties are left to the optimizer. */
static void backward(struct residual *net, int batch, struct team team)
{
    const struct range examples = team_examples(team, GROUPS, batch), groups = team_share(team, GROUPS);
    memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * sizeof(net->group[0]));
    output_backward(net, batch, examples);
    for (int g = groups.first; g < groups.end; g++)
        f_backward_output(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    f_backward_weight(net, batch, team_share(team, F_WEIGHT_TILES));
    f_backward_input(net, examples);
    s2_relu_backward(net, examples);
    s2_residual_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s2_p_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s2_p_backward_weight(net, g, team_group(g, GROUPS, batch));
    s2_p_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s2_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s2_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    s2_b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s2_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s2_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    s2_a_backward_input(net, examples);
    s1_2_relu_backward_sum(net, examples);
    s1_2_relu_backward(net, examples);
    s1_2_residual_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s1_2_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s1_2_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    s1_2_b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s1_2_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s1_2_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    s1_2_a_backward_input(net, examples);
    s1_1_relu_backward_sum(net, examples);
    s1_1_relu_backward(net, examples);
    s1_1_residual_backward(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s1_1_b_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s1_1_b_backward_weight(net, g, team_group(g, GROUPS, batch));
    s1_1_b_backward_input(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        s1_1_a_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        s1_1_a_backward_weight(net, g, team_group(g, GROUPS, batch));
    s1_1_a_backward_input(net, examples);
    stem_backward_sum(net, examples);
    for (int g = groups.first; g < groups.end; g++)
        stem_backward_output(net, g, team_group(g, GROUPS, batch));
    for (int g = groups.first; g < groups.end; g++)
        stem_backward_weight(net, g, team_group(g, GROUPS, batch));
    team_wait(team);
    TEAM_ADD_GROUPS(team, net, stem.weight);
    TEAM_ADD_GROUPS(team, net, stem.bias);
    TEAM_ADD_GROUPS(team, net, s1_1_a.weight);
    TEAM_ADD_GROUPS(team, net, s1_1_a.bias);
    TEAM_ADD_GROUPS(team, net, s1_1_b.weight);
    TEAM_ADD_GROUPS(team, net, s1_1_b.bias);
    TEAM_ADD_GROUPS(team, net, s1_2_a.weight);
    TEAM_ADD_GROUPS(team, net, s1_2_a.bias);
    TEAM_ADD_GROUPS(team, net, s1_2_b.weight);
    TEAM_ADD_GROUPS(team, net, s1_2_b.bias);
    TEAM_ADD_GROUPS(team, net, s2_a.weight);
    TEAM_ADD_GROUPS(team, net, s2_a.bias);
    TEAM_ADD_GROUPS(team, net, s2_b.weight);
    TEAM_ADD_GROUPS(team, net, s2_b.bias);
    TEAM_ADD_GROUPS(team, net, s2_p.weight);
    TEAM_ADD_GROUPS(team, net, s2_p.bias);
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
static void update(struct residual *net, double rate, struct team team)
{
    sgd_step(SGD_TENSOR(stem.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(stem.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_1_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s1_2_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_a.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_a.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_b.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_b.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_p.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(s2_p.bias), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.weight), (struct sgd){.rate = rate});
    sgd_step(SGD_TENSOR(f.bias), (struct sgd){.rate = rate});
}

/* Some examples of the batch, from the data into the network */
static void load(struct residual *net, struct batch batch, struct range examples)
{
    for (int n = examples.first; n < examples.end; n++) {
        const size_t i = batch_example(&batch, n);
        examples_read_input(batch.examples, i, &net->value.input[n][STEM_PAD_TOP][STEM_PAD_LEFT][0], INPUT_HEIGHT, INPUT_WIDTH * INPUT_CHANNELS, INPUT_COLUMNS * INPUT_CHANNELS);
        net->target[n] = examples_read_class(batch.examples, i);
    }
}

/* The forward pass alone, as one of a team */
static void infer(struct residual *net, struct batch batch, struct team team)
{
    load(net, batch, team_examples(team, GROUPS, batch.count));
    forward(net, batch.count, team);
}

static void evaluate(void *memory, const struct examples *examples, struct score *score)
{
    struct residual *net = memory;
    net->is_training = false;
    for (size_t first = 0; first < examples->count; first += BATCH) {
        const struct batch batch = batch_of(examples, NULL, first, BATCH);
        TEAM_RUN(THREADS_MOST, infer, net, batch);
        output_loss(net, range_of_all((size_t)batch.count));
        score_add_categorical(score, score_sum(net->loss, batch.count), net->value.output[0], net->target, batch.count, OUTPUT_UNITS);
    }
}

/* The gradients of a batch, as one of a team, and the sum of its losses. Where that is not finite, there are none. */
static double compute_gradients(struct residual *net, struct batch batch, struct team team)
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
static void step_together(struct residual *net, struct batch batch, double rate, double *loss, struct team team)
{
    const double sum = compute_gradients(net, batch, team);
    team_wait(team);
    if (isfinite(sum))
        update(net, rate, team);
    if (team.thread == 0)
        *loss = sum;
}

/* One step, by all threads together: the loss of the batch before it. Where that is not finite, nothing has moved. */
static double train_step(struct residual *net, struct batch batch, double rate)
{
    double loss = 0;
    TEAM_RUN(THREADS_MOST, step_together, net, batch, rate, &loss);
    return loss;
}

/* One pass over the training split in its new order. False when the loss or the weights are no longer finite. */
static bool train_epoch(struct residual *net, struct training *run, struct training_epoch *row)
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
    struct residual *net = memory;
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
    {"input", "input 4x4x1", {INPUT_HEIGHT, INPUT_WIDTH, INPUT_CHANNELS, false}, 0, 0, INPUT_AT, INPUT_PADDED_SIZE},
    {"stem", "conv width 3x3 pad=1 relu", {STEM_HEIGHT, STEM_WIDTH, STEM_FILTERS, false}, STEM_PARAMETERS, STEM_FLOP, STEM_AT, STEM_PADDED_SIZE},
    {"s1_1_a", "conv 3 3x3 pad=1 relu", {S1_1_A_HEIGHT, S1_1_A_WIDTH, S1_1_A_FILTERS, false}, S1_1_A_PARAMETERS, S1_1_A_FLOP, S1_1_A_AT, S1_1_A_PADDED_SIZE},
    {"s1_1_b", "conv 3 3x3 pad=1", {S1_1_B_HEIGHT, S1_1_B_WIDTH, S1_1_B_FILTERS, false}, S1_1_B_PARAMETERS, S1_1_B_FLOP, S1_1_B_AT, S1_1_B_SIZE},
    {"s1_1_residual", "residual", {S1_1_RESIDUAL_HEIGHT, S1_1_RESIDUAL_WIDTH, S1_1_RESIDUAL_CHANNELS, false}, 0, 0, S1_1_RESIDUAL_AT, S1_1_RESIDUAL_SIZE},
    {"s1_1_relu", "relu", {S1_1_RELU_HEIGHT, S1_1_RELU_WIDTH, S1_1_RELU_CHANNELS, false}, 0, 0, S1_1_RELU_AT, S1_1_RELU_PADDED_SIZE},
    {"s1_2_a", "conv 3 3x3 pad=1 relu", {S1_2_A_HEIGHT, S1_2_A_WIDTH, S1_2_A_FILTERS, false}, S1_2_A_PARAMETERS, S1_2_A_FLOP, S1_2_A_AT, S1_2_A_PADDED_SIZE},
    {"s1_2_b", "conv 3 3x3 pad=1", {S1_2_B_HEIGHT, S1_2_B_WIDTH, S1_2_B_FILTERS, false}, S1_2_B_PARAMETERS, S1_2_B_FLOP, S1_2_B_AT, S1_2_B_SIZE},
    {"s1_2_residual", "residual", {S1_2_RESIDUAL_HEIGHT, S1_2_RESIDUAL_WIDTH, S1_2_RESIDUAL_CHANNELS, false}, 0, 0, S1_2_RESIDUAL_AT, S1_2_RESIDUAL_SIZE},
    {"s1_2_relu", "relu", {S1_2_RELU_HEIGHT, S1_2_RELU_WIDTH, S1_2_RELU_CHANNELS, false}, 0, 0, S1_2_RELU_AT, S1_2_RELU_PADDED_SIZE},
    {"s2_a", "conv 3 3x3 pad=1 stride=2 relu", {S2_A_HEIGHT, S2_A_WIDTH, S2_A_FILTERS, false}, S2_A_PARAMETERS, S2_A_FLOP, S2_A_AT, S2_A_SIZE},
    {"s2_b", "conv 6 1x1", {S2_B_HEIGHT, S2_B_WIDTH, S2_B_FILTERS, false}, S2_B_PARAMETERS, S2_B_FLOP, S2_B_AT, S2_B_SIZE},
    {"s2_p", "conv 6 1x1 stride=2", {S2_P_HEIGHT, S2_P_WIDTH, S2_P_FILTERS, false}, S2_P_PARAMETERS, S2_P_FLOP, S2_P_AT, S2_P_SIZE},
    {"s2_residual", "residual relu", {S2_RESIDUAL_HEIGHT, S2_RESIDUAL_WIDTH, S2_RESIDUAL_CHANNELS, false}, 0, 0, S2_RESIDUAL_AT, S2_RESIDUAL_SIZE},
    {"s2_relu", "relu", {S2_RELU_HEIGHT, S2_RELU_WIDTH, S2_RELU_CHANNELS, false}, 0, 0, S2_RELU_AT, S2_RELU_SIZE},
    {"f", "dense 3", {1, 1, F_UNITS, true}, F_PARAMETERS, F_FLOP, F_AT, F_UNITS},
    {"output", "output categorical", {1, 1, OUTPUT_UNITS, true}, 0, 0, OUTPUT_AT, OUTPUT_UNITS},
};

static const struct model_tensor tensors[] = {
    {MODEL_TENSOR(residual, stem.weight), 4, STEM_FILTERS, INPUT_CHANNELS, STEM_KERNEL_HEIGHT, STEM_KERNEL_WIDTH, STEM_PANEL, INIT_HE},
    {MODEL_TENSOR(residual, stem.bias), 1, STEM_FILTERS, 1, 1, 1, STEM_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_1_a.weight), 4, S1_1_A_FILTERS, STEM_FILTERS, S1_1_A_KERNEL_HEIGHT, S1_1_A_KERNEL_WIDTH, S1_1_A_PANEL, INIT_HE},
    {MODEL_TENSOR(residual, s1_1_a.bias), 1, S1_1_A_FILTERS, 1, 1, 1, S1_1_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_1_b.weight), 4, S1_1_B_FILTERS, S1_1_A_FILTERS, S1_1_B_KERNEL_HEIGHT, S1_1_B_KERNEL_WIDTH, S1_1_B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(residual, s1_1_b.bias), 1, S1_1_B_FILTERS, 1, 1, 1, S1_1_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_2_a.weight), 4, S1_2_A_FILTERS, S1_1_RELU_CHANNELS, S1_2_A_KERNEL_HEIGHT, S1_2_A_KERNEL_WIDTH, S1_2_A_PANEL, INIT_HE},
    {MODEL_TENSOR(residual, s1_2_a.bias), 1, S1_2_A_FILTERS, 1, 1, 1, S1_2_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s1_2_b.weight), 4, S1_2_B_FILTERS, S1_2_A_FILTERS, S1_2_B_KERNEL_HEIGHT, S1_2_B_KERNEL_WIDTH, S1_2_B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(residual, s1_2_b.bias), 1, S1_2_B_FILTERS, 1, 1, 1, S1_2_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_a.weight), 4, S2_A_FILTERS, S1_2_RELU_CHANNELS, S2_A_KERNEL_HEIGHT, S2_A_KERNEL_WIDTH, S2_A_PANEL, INIT_HE},
    {MODEL_TENSOR(residual, s2_a.bias), 1, S2_A_FILTERS, 1, 1, 1, S2_A_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_b.weight), 4, S2_B_FILTERS, S2_A_FILTERS, S2_B_KERNEL_HEIGHT, S2_B_KERNEL_WIDTH, S2_B_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(residual, s2_b.bias), 1, S2_B_FILTERS, 1, 1, 1, S2_B_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, s2_p.weight), 4, S2_P_FILTERS, S1_2_RELU_CHANNELS, S2_P_KERNEL_HEIGHT, S2_P_KERNEL_WIDTH, S2_P_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(residual, s2_p.bias), 1, S2_P_FILTERS, 1, 1, 1, S2_P_PANEL, INIT_ZERO},
    {MODEL_TENSOR(residual, f.weight), 2, F_UNITS, S2_RELU_CHANNELS, S2_RELU_HEIGHT, S2_RELU_WIDTH, F_PANEL, INIT_GLOROT},
    {MODEL_TENSOR(residual, f.bias), 1, F_UNITS, 1, 1, 1, F_PANEL, INIT_ZERO},
};

static const struct model_piece pieces[] = {
    MODEL_PIECE(residual, param),
    MODEL_PIECE(residual, best),
    MODEL_PIECE(residual, step),
};

static const real *predict(void *memory, const struct examples *split, size_t first, int count)
{
    struct residual *net = memory;
    net->is_training = false;
    TEAM_RUN(THREADS_MOST, infer, net, batch_of(split, NULL, first, count));
    return net->value.output[0];
}

static double gradient(void *memory, const struct examples *split, size_t first, int count, uint64_t step)
{
    struct residual *net = memory;
    const struct batch batch = batch_of(split, NULL, first, count);
    net->is_training = true;
    net->step = step;
    TEAM_RUN(THREADS_MOST, compute_gradients, net, batch);
    return score_sum(net->loss, batch.count) / batch.count;
}

static double step(void *memory, struct batch batch, uint64_t number, double rate)
{
    struct residual *net = memory;
    net->is_training = true;
    net->step = number;
    return train_step(net, batch, rate) / batch.count;
}

const struct model residual_model = {
    MODEL_OF(residual),
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
    return trainer_main(&residual_model, argc, argv);
}
#endif
