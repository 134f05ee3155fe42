/* tile_rows.h - a row of reals as a whole, vector by vector: its mean and variance, what a layernorm makes of
 * it, its dot products with the rows of a matrix. No row needs to be full vectors; what is left over goes one
 * by one.
 *
 * Included by tile.h once per width, behind tile_lanes.h. */

#define TILE_PASTE(lanes, name) tile##lanes##name
#define TILE_EXPAND(lanes, name) TILE_PASTE(lanes, name)
#define TILE(name) TILE_EXPAND(TILE_LANES, name)

/* Sum of the lanes, by halves. */
static inline __attribute__((always_inline)) real TILE(_total)(TILE() sum)
{
#if TILE_LANES == 4
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
#else
    TILE_HALF() low, high;
    TILE(_halves)(&sum, &low, &high);
    return TILE_HALF(_total)(low + high);
#endif
}

/* y[r] = TILE(_total)(sum[r]) for `rows` sums, four of them together. */
TILE_FUNCTION TILE(_totals)(int rows, const TILE() * sum, real *y)
{
#if TILE_LANES == 4
    int r = 0;
    TILE_UNROLL
    for (; r + 4 <= rows; r += 4) {
        const TILE() *s = sum + r;
        TILE()
        first =
            __builtin_shufflevector(s[0], s[1], 0, 4, 1, 5) + __builtin_shufflevector(s[0], s[1], 2, 6, 3, 7);
        TILE()
        second =
            __builtin_shufflevector(s[2], s[3], 0, 4, 1, 5) + __builtin_shufflevector(s[2], s[3], 2, 6, 3, 7);
        *(TILE() *)(y + r) = __builtin_shufflevector(first, second, 0, 1, 4, 5) +
                             __builtin_shufflevector(first, second, 2, 3, 6, 7);
    }
    TILE_UNROLL
    for (; r < rows; r++)
        y[r] = TILE(_total)(sum[r]);
#else
    TILE_HALF() half[TILE_DOTS];
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_HALF() low, high;
        TILE(_halves)(&sum[r], &low, &high);
        half[r] = low + high;
    }
    TILE_HALF(_totals)(rows, half, y);
#endif
}

/* y[r] = Σ_u row[u] weight[u][k + r] for `rows` inputs; the row's last panel is `last`. */
TILE_FUNCTION TILE(_dots)(int rows, int vectors, const real *row, const real *last, int panels,
                          const real *weight, int inputs, int k, real *y)
{
    const int panel = vectors * TILE_LANES;
    TILE() sum[TILE_DOTS];
    TILE(_clear)(rows, 1, sum);
    for (int p = 0; p < panels; p++) {
        const TILE() *factor = (const TILE() *)(p < panels - 1 ? row + (ptrdiff_t)p * panel : last);
        const TILE() *seen = (const TILE() *)(weight + ((ptrdiff_t)p * inputs + k) * panel);
        TILE_UNROLL
        for (int r = 0; r < rows; r++) {
            TILE_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r] += factor[v] * seen[r * vectors + v];
        }
    }
    TILE(_totals)(rows, sum, y);
}

/* y[k] = Σ_u row[u] weight[u][k] for the inputs from `first` to in front of `end`: one row times weights as
 * the forward pass reads them
 *
 *     row: [units], which may be whole panels, 0 behind the last unit; weight: [panels][inputs][panel], 0
 *     there, too; y: [inputs] */
TILE_FUNCTION TILE(_row_product)(int vectors, const real *row, int units, const real *weight, int inputs,
                                 int first, int end, real *y)
{
    const int panel = vectors * TILE_LANES, panels = (units + panel - 1) / panel;
    const real *last = row + (ptrdiff_t)(panels - 1) * panel;
    real filled[TILE_PAIRED_SUMS * TILE_LANES]; /* where behind the row's end stands anything */
    if (units % panel) {
        memset(filled, 0, sizeof filled);
        memcpy(filled, last, (size_t)(units % panel) * sizeof(real));
        last = filled;
    }
    int k = first;
    for (; k + TILE_DOTS <= end; k += TILE_DOTS)
        TILE(_dots)(TILE_DOTS, vectors, row, last, panels, weight, inputs, k, y + k);
    for (; k < end; k++)
        TILE(_dots)(1, vectors, row, last, panels, weight, inputs, k, y + k);
}

/* Mean of a row of `count` reals and 1 / sqrt(variance + eps), in two passes. */
TILE_FUNCTION TILE(_row_measure)(const real *x, int count, real eps, real *mean, real *scale)
{
    const int even = count / TILE_LANES * TILE_LANES;
    TILE() sums = {0}, squares = {0};
    for (int k = 0; k < even; k += TILE_LANES)
        sums += *(const TILE() *)(x + k);
    real sum = TILE(_total)(sums);
    for (int k = even; k < count; k++)
        sum += x[k];
    *mean = sum / (real)count;
    for (int k = 0; k < even; k += TILE_LANES) {
        TILE() away = *(const TILE() *)(x + k) - *mean;
        squares += away * away;
    }
    real square = TILE(_total)(squares);
    for (int k = even; k < count; k++)
        square += (x[k] - *mean) * (x[k] - *mean);
    *scale = 1 / real_sqrt(square / (real)count + eps);
}

/* y[k] = (x[k] - mean) scale gain[k] + bias[k] */
TILE_FUNCTION TILE(_row_normalise)(const real *x, const real *gain, const real *bias, real mean, real scale,
                                   int count, real *y)
{
    const int even = count / TILE_LANES * TILE_LANES;
    for (int k = 0; k < even; k += TILE_LANES)
        *(TILE() *)(y + k) = (*(const TILE() *)(x + k) - mean) * scale * *(const TILE() *)(gain + k) +
                             *(const TILE() *)(bias + k);
    for (int k = even; k < count; k++)
        y[k] = (x[k] - mean) * scale * gain[k] + bias[k];
}

/* The gradient of that: dx[k] = scale (g[k] - Σ g / count - x̂[k] Σ g x̂ / count), g = gain dy, x̂ = (x - mean)
 * scale */
TILE_FUNCTION TILE(_row_gradient)(const real *dy, const real *gain, const real *x, real mean, real scale,
                                  int count, real *dx)
{
    const int even = count / TILE_LANES * TILE_LANES;
    TILE() sums = {0}, products = {0};
    for (int k = 0; k < even; k += TILE_LANES) {
        TILE() gradient = *(const TILE() *)(dy + k) * *(const TILE() *)(gain + k);
        sums += gradient;
        products += gradient * (*(const TILE() *)(x + k) - mean);
    }
    real level = TILE(_total)(sums), slope = TILE(_total)(products);
    for (int k = even; k < count; k++) {
        level += dy[k] * gain[k];
        slope += dy[k] * gain[k] * (x[k] - mean);
    }
    level /= (real)count;
    slope *= scale * scale / (real)count;
    for (int k = 0; k < even; k += TILE_LANES)
        *(TILE() *)(dx + k) = (*(const TILE() *)(dy + k) * *(const TILE() *)(gain + k) - level -
                               (*(const TILE() *)(x + k) - mean) * slope) *
                              scale;
    for (int k = even; k < count; k++)
        dx[k] = (dy[k] * gain[k] - level - (x[k] - mean) * slope) * scale;
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
