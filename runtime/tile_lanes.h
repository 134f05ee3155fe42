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

/* sum[r][·] += Σ_k x[r * x_stride + k] * weight[k][·]     weight: [depth][vectors * TILE_LANES] */
TILE_FUNCTION TILE(_multiply)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_stride,
                              const real *weight, int depth)
{
    for (int k = 0; k < depth; k++) {
        const TILE() *panel = (const TILE() *)(weight + (ptrdiff_t)k * vectors * TILE_LANES);
        TILE_UNROLL
        for (int r = 0; r < rows; r++) {
            real factor = x[r * x_stride + k];
            TILE_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r * vectors + v] += factor * panel[v];
        }
    }
}

/* sum[r][·] += Σ_i x[i * x_step + r] * dy[i * dy_step + ·]: the gradient of a block of weights by `count`
 * pixels or examples. */
TILE_FUNCTION TILE(_outer)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_step,
                           const real *dy, ptrdiff_t dy_step, int count)
{
    for (int i = 0; i < count; i++) {
        const TILE() *gradient = (const TILE() *)(dy + i * dy_step);
        TILE_UNROLL
        for (int r = 0; r < rows; r++) {
            real factor = x[i * x_step + r];
            TILE_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r * vectors + v] += factor * gradient[v];
        }
    }
}

/* sum[r][l] += Σ_i x[r * x_row + i * x_step + l] * y[i * y_step + l]: lanes are channels, each on its own. */
TILE_FUNCTION TILE(_channels)(int rows, int vectors, TILE() * sum, const real *x, ptrdiff_t x_row,
                              ptrdiff_t x_step, const real *y, ptrdiff_t y_step, int count)
{
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

/* y[r * y_stride + l] = sum[r][l] for the first `lanes` lanes of each row */
TILE_FUNCTION TILE(_store)(int rows, int vectors, int lanes, const TILE() * sum, real *y, ptrdiff_t y_stride)
{
    const int filled = (lanes + TILE_LANES - 1) / TILE_LANES;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < filled; v++) {
            int here = lanes - v * TILE_LANES < TILE_LANES ? lanes - v * TILE_LANES : TILE_LANES;
            memcpy(y + r * y_stride + v * TILE_LANES, &sum[r * vectors + v], (size_t)here * sizeof(real));
        }
    }
}

/* y[r * y_stride + l] += sum[r][l] for the first `lanes` lanes of each row, row after row: rows may overlap.
 */
TILE_FUNCTION TILE(_add)(int rows, int vectors, int lanes, const TILE() * sum, real *y, ptrdiff_t y_stride)
{
    const int filled = (lanes + TILE_LANES - 1) / TILE_LANES;
    TILE_UNROLL
    for (int r = 0; r < rows; r++) {
        TILE_UNROLL
        for (int v = 0; v < filled; v++) {
            int here = lanes - v * TILE_LANES < TILE_LANES ? lanes - v * TILE_LANES : TILE_LANES;
            real *to = y + r * y_stride + v * TILE_LANES;
            TILE() total = sum[r * vectors + v] + *(const TILE() *)to;
            memcpy(to, &total, (size_t)here * sizeof(real));
        }
    }
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
