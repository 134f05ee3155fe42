/* tile_pairs.h - tiles where half a vector holds all filters: two neighbours share a vector of TILE_LANES
 * reals, in the forward pass two pixels, in the gradient of the weights two taps of the kernel.
 *
 *     lane    0    1    2    3    4    5   ...
 *     filter  f0   f0   f1   f1   f2   f2         of the first and the second in turn
 *
 * In an image of one channel what two pixels see are neighbours too, so one load puts both into all lanes.
 * Each sum adds up the same products in the same order as in a vector of its own (tile_lanes.h).
 *
 * Included by tile.h once per width, from 8 on, behind tile_lanes.h; what is read needs the same TILE_SLACK.
 */

#define TILE_PASTE(lanes, name) tile##lanes##name
#define TILE_EXPAND(lanes, name) TILE_PASTE(lanes, name)
#define TILE(name) TILE_EXPAND(TILE_LANES, name)

#ifndef NETC_DOUBLE
typedef tile_pair TILE(_pairs) __attribute__((vector_size(TILE_LANES * sizeof(real))));
#endif

/* pair = x[0], x[1], x[0], x[1], ... */
TILE_FUNCTION TILE(_repeat)(const real *x, TILE() * pair)
{
#ifdef NETC_DOUBLE
    const tile_pair two = *(const tile_pair *)x;
#if TILE_LANES == 8
    *pair = __builtin_shufflevector(two, two, 0, 1, 0, 1, 0, 1, 0, 1);
#else
    *pair = __builtin_shufflevector(two, two, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
#endif
#else
    *pair = (TILE())((TILE(_pairs)){0} + *(const tile_pair *)x);
#endif
}

/* doubled = x[0], x[0], x[1], x[1], ... */
TILE_FUNCTION TILE(_double)(const real *x, TILE() * doubled)
{
    const TILE_HALF() half = *(const TILE_HALF() *)x;
#if TILE_LANES == 8
    *doubled = __builtin_shufflevector(half, half, 0, 0, 1, 1, 2, 2, 3, 3);
#else
    *doubled = __builtin_shufflevector(half, half, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
#endif
}

/* The first of each pair, and the second */
TILE_FUNCTION TILE(_part)(const TILE() * numbers, TILE_HALF() * first, TILE_HALF() * second)
{
#if TILE_LANES == 8
    *first = __builtin_shufflevector(*numbers, *numbers, 0, 2, 4, 6);
    *second = __builtin_shufflevector(*numbers, *numbers, 1, 3, 5, 7);
#else
    *first = __builtin_shufflevector(*numbers, *numbers, 0, 2, 4, 6, 8, 10, 12, 14);
    *second = __builtin_shufflevector(*numbers, *numbers, 1, 3, 5, 7, 9, 11, 13, 15);
#endif
}

/* sum[q][2 f + s] = bias[f] for so many pixels, 2 q + s from the first */
TILE_FUNCTION TILE(_start_pairs)(int pixels, TILE() * sum, const real *bias)
{
    TILE(_double)(bias, &sum[0]);
    TILE_UNROLL
    for (int q = 1; q < (pixels + 1) / 2; q++)
        sum[q] = sum[0];
}

/* sum[q][2 f + s] += Σ_k x[2 q + s + k] * weight[k][f]     weight: [depth][TILE_LANES / 2] */
TILE_FUNCTION TILE(_multiply_pairs)(int pixels, TILE() * sum, const real *x, const real *weight, int depth)
{
    TILE_LOOP
    for (int k = 0; k < depth; k++) {
        TILE() doubled;
        TILE(_double)(weight + k * (TILE_LANES / 2), &doubled);
        TILE_UNROLL
        for (int q = 0; q < (pixels + 1) / 2; q++) {
            TILE() seen;
            TILE(_repeat)(x + 2 * q + k, &seen);
            sum[q] += seen * doubled;
        }
    }
}

/* packed[f], packed[filters + f] = the first and the second of pair f: two pixels as they stand in memory */
TILE_FUNCTION TILE(_pack)(int filters, const TILE() * numbers, TILE() * packed)
{
    TILE(_mask) from = {0};
    TILE_UNROLL
    for (int l = 0; l < 2 * filters; l++)
        from[l] = 2 * (l % filters) + l / filters;
#ifdef __clang__
    TILE_UNROLL
    for (int l = 0; l < TILE_LANES; l++)
        (*packed)[l] = (*numbers)[from[l]];
#else
    *packed = __builtin_shuffle(*numbers, from);
#endif
}

/* y[2 q + s][f] = sum[q][2 f + s] for so many pixels. Whole vectors where there is room: what is too much
 * in them, the next ones overwrite. */
TILE_FUNCTION TILE(_store_pairs)(int pixels, int filters, const TILE() * sum, real *y)
{
    TILE_UNROLL
    for (int x = 0; x < pixels; x += 2) {
        const int room = (pixels - x) * filters, pair = room < 2 * filters ? room : 2 * filters;
        TILE() packed;
        TILE(_pack)(filters, &sum[x / 2], &packed);
        TILE(_put)(room < TILE_LANES ? pair : TILE_LANES, y + x * filters, &packed);
    }
}

/* sum[r][q][2 f + s] += x[r * x_row + 2 q + s] * dy[f], for both taps s of pair q */
TILE_FUNCTION TILE(_outer_pairs_step)(int rows, int pairs, TILE() * sum, const real *x, ptrdiff_t x_row,
                                      const real *dy)
{
    TILE() doubled;
    TILE(_double)(dy, &doubled);
    TILE_UNROLL
    for (int i = 0; i < rows * pairs; i++) {
        TILE() seen;
        TILE(_repeat)(x + i / pairs * x_row + i % pairs * 2, &seen);
        sum[i] += seen * doubled;
    }
}

/* Two neighbours of each row, loaded once for all pixels that see them: they are pair `first` of the pixel
 * with gradient seen_dy[first], pair first + 1 of the one before it, and so on, to the pair in front of
 * `end`. */
TILE_FUNCTION TILE(_outer_pairs_seen)(int rows, int pairs, int first, int end, TILE() * sum, const real *x,
                                      ptrdiff_t x_row, const TILE() * seen_dy)
{
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE() seen;
        TILE(_repeat)(x + r * x_row, &seen);
        TILE_UNROLL
        for (int q = first; q < end; q++)
            sum[r * pairs + q] += seen * seen_dy[q];
    }
}

/* The gradients move on by a pixel. No loop: clang 14 makes a move of memory of one. */
TILE_FUNCTION TILE(_outer_pairs_move)(int pairs, TILE() * seen_dy)
{
    if (pairs > 6)
        seen_dy[6] = seen_dy[5];
    if (pairs > 5)
        seen_dy[5] = seen_dy[4];
    if (pairs > 4)
        seen_dy[4] = seen_dy[3];
    if (pairs > 3)
        seen_dy[3] = seen_dy[2];
    if (pairs > 2)
        seen_dy[2] = seen_dy[1];
    if (pairs > 1)
        seen_dy[1] = seen_dy[0];
}

/* What a pixel and the next one add, each to its own sums and beside its own gradients. Behind the last pixel
 * there are no new ones: that is said by a literal, as a test of dy for NULL stays in the code. */
TILE_FUNCTION TILE(_outer_pairs_two)(int rows, int pairs, int first, int end, TILE() * sum, TILE() * other,
                                     const real *x, ptrdiff_t x_row, bool is_behind, const real *dy,
                                     int filters, TILE() * seen_dy)
{
    TILE(_outer_pairs_move)(pairs, seen_dy);
    if (!is_behind)
        TILE(_double)(dy, &seen_dy[0]);
    TILE(_outer_pairs_seen)(rows, pairs, first, end, sum, x, x_row, seen_dy);
    TILE(_outer_pairs_move)(pairs, seen_dy + pairs);
    if (!is_behind)
        TILE(_double)(dy + filters, &seen_dy[pairs]);
    TILE(_outer_pairs_seen)(rows, pairs, first, end, other, x + 1, x_row, seen_dy + pairs);
}

/* TILE(_outer_pairs) of an image of one channel: `sum` has the pixels 0, 2, 4, ..., `other` 1, 3, 5, ..., of
 * each `count`, at least as many as there are pairs, of which there are 7 at most */
TILE_FUNCTION TILE(_outer_pairs_along)(int rows, int pairs, TILE() * sum, TILE() * other, const real *x,
                                       ptrdiff_t x_row, const real *dy, int filters, int count)
{
    TILE() seen_dy[TILE_SUMS];
    TILE(_clear)(2, pairs, seen_dy);
    TILE_UNROLL
    for (int i = 0; i < pairs - 1; i++, x += 2, dy += 2 * filters)
        TILE(_outer_pairs_two)(rows, pairs, 0, i + 1, sum, other, x, x_row, false, dy, filters, seen_dy);
    TILE_LOOP
    for (int i = pairs - 1; i < count; i++, x += 2, dy += 2 * filters)
        TILE(_outer_pairs_two)(rows, pairs, 0, pairs, sum, other, x, x_row, false, dy, filters, seen_dy);
    TILE_UNROLL
    for (int i = 1; i < pairs; i++, x += 2)
        TILE(_outer_pairs_two)(rows, pairs, i, pairs, sum, other, x, x_row, true, dy, filters, seen_dy);
}

/* sum[r][q][2 f + s] += Σ_i x[r * x_row + i * x_step + 2 q + s] * dy[i][f] for the taps 2 q + s of `rows`
 * rows of the kernel; every second pixel goes to sums of its own     dy: [count][filters] */
TILE_FUNCTION TILE(_outer_pairs)(int rows, int taps, TILE() * sum, const real *x, ptrdiff_t x_row,
                                 ptrdiff_t x_step, const real *dy, int filters, int count)
{
    const int pairs = (taps + 1) / 2;
    TILE() other[TILE_SUMS];
    TILE(_clear)(rows, pairs, other);
    /* Sums and gradients of both, two that are seen, and the order in which lanes are doubled */
    const int registers = (2 * rows + 2) * pairs + 2;
    int i = 0;
    if (x_step == 1 && count / 2 >= pairs && registers <= TILE_REGISTERS) {
        TILE(_outer_pairs_along)(rows, pairs, sum, other, x, x_row, dy, filters, count / 2);
        i = count / 2 * 2;
    }
    TILE_LOOP
    for (; i + 2 <= count; i += 2) {
        TILE(_outer_pairs_step)(rows, pairs, sum, x + i * x_step, x_row, dy + i * filters);
        TILE(_outer_pairs_step)(rows, pairs, other, x + (i + 1) * x_step, x_row, dy + (i + 1) * filters);
    }
    TILE_UNROLL
    for (int r = 0; r < rows * pairs; r++)
        sum[r] += other[r];
    if (i < count)
        TILE(_outer_pairs_step)(rows, pairs, sum, x + i * x_step, x_row, dy + i * filters);
}

/* dw[r][k][f] += sum[r][k / 2][2 f + k % 2] for the taps of `rows` rows of the kernel     dw:
 * [rows][taps][half] */
TILE_FUNCTION TILE(_add_pairs)(int rows, int taps, int filters, const TILE() * sum, real *dw)
{
    const int half = TILE_LANES / 2, pairs = (taps + 1) / 2;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int k = 0; k < taps; k += 2) {
            TILE_HALF() part[2];
            TILE(_part)(&sum[r * pairs + k / 2], &part[0], &part[1]);
            TILE_HALF(_add_lanes)(k + 1 < taps ? 2 : 1, 1, filters, part, dw + (r * taps + k) * half, half);
        }
    }
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
