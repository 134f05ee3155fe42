/* tile_lanes.h - the tile functions for vectors of TILE_LANES reals; included by tile.h once per width.
 *
 * Reads of a vector may reach past the last filter of a row (the lanes in question are never stored), so
 * whatever is read needs TILE_SLACK reals behind it; the arena of a network has them. */

#define TILE_PASTE(lanes, name) tile##lanes##name
#define TILE_EXPAND(lanes, name) TILE_PASTE(lanes, name)
#define TILE(name) TILE_EXPAND(TILE_LANES, name)

typedef real TILE() __attribute__((vector_size(TILE_LANES * sizeof(real)), aligned(sizeof(real)), may_alias));
typedef tile_mask TILE(_mask)
    __attribute__((vector_size(TILE_LANES * sizeof(real)), aligned(sizeof(real)), may_alias));

typedef tap_index TILE(_taps)
    __attribute__((vector_size(TILE_LANES * sizeof(tap_index)), aligned(sizeof(tap_index)), may_alias));

/* Between a tap_index and a tile_mask in width: gcc converts vectors well one step at a time. */
typedef tile_middle TILE(_middle)
    __attribute__((vector_size(TILE_LANES * sizeof(tile_middle)), aligned(sizeof(tile_middle)), may_alias));

/* sum[r][·] = bias */
TILE_FUNCTION TILE(_start)(int rows, int vectors, TILE() * sum, const real *bias)
{
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < vectors; v++)
            sum[r * vectors + v] = *(const TILE() *)(bias + v * TILE_LANES);
    }
}

/* sum[r][·] = 0 */
TILE_FUNCTION TILE(_clear)(int rows, int vectors, TILE() * sum)
{
    TILE_UNROLL
    for (int i = 0; i < rows * vectors; i++)
        sum[i] = (TILE()){0};
}

/* sum[r][·] = from[r][·]     from: [rows][vectors * TILE_LANES] */
TILE_FUNCTION TILE(_load)(int rows, int vectors, TILE() * sum, const real *from)
{
    TILE_UNROLL
    for (int i = 0; i < rows * vectors; i++)
        sum[i] = *(const TILE() *)(from + i * TILE_LANES);
}

/* sum[r][·] += Σ_k x[r / width * image + r % width * x_stride + k] * weight[k][·]: pixels from the same place
 * of several images, and of those of each image only some. weight: [depth][vectors * TILE_LANES] */
TILE_FUNCTION TILE(_multiply_some_images)(int rows, int vectors, TILE() * sum, struct range some,
                                          const real *x, ptrdiff_t x_stride, int width, ptrdiff_t image,
                                          const real *weight, int depth)
{
    TILE_LOOP
    for (int k = 0; k < depth; k++) {
        const TILE() *panel = (const TILE() *)(weight + (ptrdiff_t)k * vectors * TILE_LANES);
        TILE_UNROLL
        for (int first = 0; first < rows; first += width) {
            TILE_UNROLL
            for (int r = some.first; r < some.end; r++) {
                real factor = x[first / width * image + r * x_stride + k];
                TILE_UNROLL
                for (int v = 0; v < vectors; v++)
                    sum[(first + r) * vectors + v] += factor * panel[v];
            }
        }
    }
}

/* The same of all pixels */
TILE_FUNCTION TILE(_multiply_images)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_stride,
                                     int width, ptrdiff_t image, const real *weight, int depth)
{
    TILE(_multiply_some_images)
    (rows, vectors, sum, (struct range){0, width}, x, x_stride, width, image, weight, depth);
}

/* sum[r][·] += Σ_k x[r * x_stride + k] * weight[k][·] for some of the rows */
TILE_FUNCTION TILE(_multiply_some)(int rows, int vectors, TILE() * sum, struct range some, const real *x,
                                   ptrdiff_t x_stride, const real *weight, int depth)
{
    TILE(_multiply_some_images)(rows, vectors, sum, some, x, x_stride, rows, 0, weight, depth);
}

/* sum[r][·] += Σ_k x[r * x_stride + k] * weight[k][·] */
TILE_FUNCTION TILE(_multiply)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_stride,
                              const real *weight, int depth)
{
    TILE(_multiply_images)(rows, vectors, sum, x, x_stride, rows, 0, weight, depth);
}

/* to[i][·] = from[i * step + ·] for `count` pixels     to: [count][vectors * TILE_LANES] */
TILE_FUNCTION TILE(_gather)(int vectors, int count, const real *from, ptrdiff_t step, real *to)
{
    TILE_LOOP
    for (int i = 0; i < count; i++) {
        TILE_UNROLL
        for (int v = 0; v < vectors; v++)
            ((TILE() *)to)[i * vectors + v] = ((const TILE() *)(from + i * step))[v];
    }
}

/* sum[r][·] += x[r] * dy[·] */
TILE_FUNCTION TILE(_outer_step)(int rows, int vectors, TILE() * sum, const real *x, const real *dy)
{
    const TILE() *gradient = (const TILE() *)dy;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < vectors; v++)
            sum[r * vectors + v] += x[r] * gradient[v];
    }
}

/* sum[r][·] += Σ_i x[i * x_step + r] * dy[i * dy_step + ·]: the gradient of a block of weights by `count`
 * pixels or examples. Where the tile has fewer than TILE_PAIRED_SUMS, every second pixel goes to sums of its
 * own. */
TILE_FUNCTION TILE(_outer)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_step,
                           const real *dy, ptrdiff_t dy_step, int count)
{
    int i = 0;
    if (TILE_HAS_FMA && rows * vectors < TILE_PAIRED_SUMS) {
        TILE() other[TILE_PAIRED_SUMS];
        TILE(_clear)(rows, vectors, other);
        TILE_LOOP
        for (; i + 2 <= count; i += 2) {
            TILE(_outer_step)(rows, vectors, sum, x + i * x_step, dy + i * dy_step);
            TILE(_outer_step)(rows, vectors, other, x + (i + 1) * x_step, dy + (i + 1) * dy_step);
        }
        TILE_UNROLL
        for (int r = 0; r < rows * vectors; r++)
            sum[r] += other[r];
    }
    TILE_LOOP
    for (; i < count; i++)
        TILE(_outer_step)(rows, vectors, sum, x + i * x_step, dy + i * dy_step);
}

/* sum[r][l] += Σ_i x[r * x_row + i * x_step + l] * y[i * y_step + l]: lanes are channels, each on its own. */
TILE_FUNCTION TILE(_channels)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_row,
                              ptrdiff_t x_step, const real *y, ptrdiff_t y_step, int count)
{
    TILE_LOOP
    for (int i = 0; i < count; i++) {
        const TILE() *factor = (const TILE() *)(y + i * y_step);
        TILE_UNROLL
        for (int r = 0; r < rows; r++) {
            const TILE() *seen = (const TILE() *)(x + r * x_row + i * x_step);
            TILE_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r * vectors + v] += seen[v] * factor[v];
        }
    }
}

/* sum[r][l] = x[r * x_row + l] * factor[l] */
TILE_FUNCTION TILE(_scale)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_row,
                           const real *factor)
{
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < vectors; v++)
            sum[r * vectors + v] = ((const TILE() *)(x + r * x_row))[v] * ((const TILE() *)factor)[v];
    }
}

/* sum = max(sum, 0); NaN stays NaN. */
TILE_FUNCTION TILE(_relu)(int rows, int vectors, TILE() * sum)
{
    TILE_UNROLL
    for (int i = 0; i < rows * vectors; i++)
        sum[i] = (TILE())((TILE(_mask))sum[i] & ~(TILE(_mask))(sum[i] < 0));
}

/* sum = sum where it is positive, slope * sum elsewhere. */
TILE_FUNCTION TILE(_leaky_relu)(int rows, int vectors, TILE() * sum, real slope)
{
    TILE_UNROLL
    for (int i = 0; i < rows * vectors; i++) {
        TILE(_mask) negative = (TILE(_mask))(sum[i] < 0);
        sum[i] = (TILE())(((TILE(_mask))sum[i] & ~negative) | ((TILE(_mask))(sum[i] * slope) & negative));
    }
}

#if TILE_LANES > 4
TILE_FUNCTION TILE(_halves)(const TILE() * numbers, TILE_HALF() * low, TILE_HALF() * high)
{
#if TILE_LANES == 8
    *low = __builtin_shufflevector(*numbers, *numbers, 0, 1, 2, 3);
    *high = __builtin_shufflevector(*numbers, *numbers, 4, 5, 6, 7);
#else
    *low = __builtin_shufflevector(*numbers, *numbers, 0, 1, 2, 3, 4, 5, 6, 7);
    *high = __builtin_shufflevector(*numbers, *numbers, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
}
#endif

/* y[l] = numbers[l] for the first `lanes` lanes: half a vector at a time, as gcc takes a copy of some of its
 * bytes through memory. */
TILE_FUNCTION TILE(_put)(int lanes, real *y, const TILE() * numbers)
{
    if (lanes == TILE_LANES) {
        *(TILE() *)y = *numbers;
        return;
    }
#if TILE_LANES > 4
    const int half = TILE_LANES / 2;
    TILE_HALF() low, high;
    TILE(_halves)(numbers, &low, &high);
    TILE_HALF(_put)(lanes < half ? lanes : half, y, &low);
    if (lanes > half)
        TILE_HALF(_put)(lanes - half, y + half, &high);
#else
    TILE_UNROLL
    for (int l = 0; l < lanes; l++)
        y[l] = (*numbers)[l];
#endif
}

TILE_FUNCTION TILE(_store_lanes)(int rows, int vectors, int lanes, const TILE() * sum, real *y,
                                 ptrdiff_t y_stride)
{
    const int filled = (lanes + TILE_LANES - 1) / TILE_LANES;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < filled; v++) {
            int here = lanes - v * TILE_LANES < TILE_LANES ? lanes - v * TILE_LANES : TILE_LANES;
            TILE(_put)(here, y + r * y_stride + v * TILE_LANES, &sum[r * vectors + v]);
        }
    }
}

TILE_FUNCTION TILE(_add_lanes)(int rows, int vectors, int lanes, const TILE() * sum, real *y,
                               ptrdiff_t y_stride)
{
    const int filled = (lanes + TILE_LANES - 1) / TILE_LANES;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < filled; v++) {
            int here = lanes - v * TILE_LANES < TILE_LANES ? lanes - v * TILE_LANES : TILE_LANES;
            real *to = y + r * y_stride + v * TILE_LANES;
            TILE() total = sum[r * vectors + v] + *(const TILE() *)to;
            TILE(_put)(here, to, &total);
        }
    }
}

/* y[r * y_stride + l] = sum[r][l], for panel p of so many columns: the last panel may be narrower. */
TILE_FUNCTION TILE(_store)(int rows, int vectors, int p, int columns, const TILE() * sum, real *y,
                           ptrdiff_t y_stride)
{
    const int panel = vectors * TILE_LANES;
    if (columns % panel == 0 || p < columns / panel)
        TILE(_store_lanes)(rows, vectors, panel, sum, y, y_stride);
    else
        TILE(_store_lanes)(rows, vectors, columns % panel, sum, y, y_stride);
}

/* The same for rows of `width` pixels, `image` reals from one to the next. */
TILE_FUNCTION TILE(_store_images)(int rows, int vectors, int p, int columns, const TILE() * sum, real *y,
                                  ptrdiff_t y_stride, int width, ptrdiff_t image)
{
    TILE_UNROLL
    for (int r = 0; r < rows; r += width)
        TILE(_store)(width, vectors, p, columns, sum + r * vectors, y + r / width * image, y_stride);
}

/* y[r * y_stride + l] += sum[r][l], row after row: rows may overlap. */
TILE_FUNCTION TILE(_add)(int rows, int vectors, int p, int columns, const TILE() * sum, real *y,
                         ptrdiff_t y_stride)
{
    const int panel = vectors * TILE_LANES;
    if (columns % panel == 0 || p < columns / panel)
        TILE(_add_lanes)(rows, vectors, panel, sum, y, y_stride);
    else
        TILE(_add_lanes)(rows, vectors, columns % panel, sum, y, y_stride);
}

/* total[c] += Σ_r y[i][r][c] for some images, each of which is summed on its own first
 *
 *     y: [images][rows][columns] */
TILE_FUNCTION TILE(_sum_some)(int images, int rows, int columns, const real *y, real *total)
{
    for (int c = 0; c < columns; c += TILE_LANES) {
        TILE() sum[4];
        TILE(_clear)(images, 1, sum);
        for (int r = 0; r < rows; r++) {
            TILE_UNROLL
            for (int i = 0; i < images; i++)
                sum[i] += *(const TILE() *)(y + ((ptrdiff_t)i * rows + r) * columns + c);
        }
        TILE() all = *(const TILE() *)(total + c);
        TILE_UNROLL
        for (int i = 0; i < images; i++)
            all += sum[i];
        if (columns - c >= TILE_LANES)
            *(TILE() *)(total + c) = all;
        else
            TILE(_put)(columns % TILE_LANES, total + c, &all);
    }
}

/* The same for any number of images: by fours, as one addition waits for the one before. */
TILE_FUNCTION TILE(_sum_images)(int images, int rows, int columns, const real *y, real *total)
{
    for (; images >= 4; images -= 4, y += (ptrdiff_t)4 * rows * columns)
        TILE(_sum_some)(4, rows, columns, y, total);
    for (; images > 0; images--, y += (ptrdiff_t)rows * columns)
        TILE(_sum_some)(1, rows, columns, y, total);
}

/* total[c] += Σ_r y[r][c], which is summed on its own first     y: [rows][columns] */
TILE_FUNCTION TILE(_sum)(int rows, int columns, const real *y, real *total)
{
    TILE(_sum_some)(1, rows, columns, y, total);
}

/* y[c] = start[c] + Σ_t spread[t * step + c]; `start` may be NULL, for 0. */
TILE_FUNCTION TILE(_fold)(int channels, int taps, const real *start, const real *spread, ptrdiff_t step,
                          real *y)
{
    const int even = channels / TILE_LANES * TILE_LANES;
    for (int c = 0; c <= even; c += TILE_LANES) {
        if (c == channels)
            return;
        TILE() sum = start ? *(const TILE() *)(start + c) : (TILE()){0};
        for (int t = 0; t < taps; t++)
            sum += *(const TILE() *)(spread + t * step + c);
        if (c < even)
            *(TILE() *)(y + c) = sum;
        else
            TILE(_put)(channels - even, y + c, &sum);
    }
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
