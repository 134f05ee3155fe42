/* tile_dense.h - tiles of dense layers from their first number to their store: y = x w + b, and dw = x^T dy.
 *
 * Included by tile.h once per width, behind tile_lanes.h. */

#define TILE_PASTE(lanes, name) tile##lanes##name
#define TILE_EXPAND(lanes, name) TILE_PASTE(lanes, name)
#define TILE(name) TILE_EXPAND(TILE_LANES, name)

/* sum[r][l] = bias[p panel + l] + Σ_k x[n + r][k] weight[k][l] for each row r of `rows`, bias TILE_NO_BIAS: 0
 *
 *     x: [·][depth], weight: [depth][panel] of panel p */
TILE_FUNCTION TILE(_affine_sum)(int vectors, TILE() * sum, const real *x, int depth, const real *weight,
                                const real *bias, int p, int n, int rows)
{
    if (bias)
        TILE(_start)(rows, vectors, sum, bias + (ptrdiff_t)p * vectors * TILE_LANES);
    else
        TILE(_clear)(rows, vectors, sum);
    TILE(_multiply)(rows, vectors, sum, x + (ptrdiff_t)n * depth, depth, weight, depth);
}

/* y[n + r][p panel + l] = sum[r][l]     y: [·][columns] */
TILE_FUNCTION TILE(_affine_store)(int vectors, const TILE() * sum, int p, int columns, real *y, int n,
                                  int rows)
{
    real *to = y + (ptrdiff_t)n * columns + (ptrdiff_t)p * vectors * TILE_LANES;
    TILE(_store)(rows, vectors, p, columns, sum, to, columns);
}

/* y = x weight + bias, relu of that, leaky_relu of that: rows n to n + rows, panel p of the columns */
TILE_FUNCTION TILE(_affine)(int vectors, const real *x, int depth, const real *weight, const real *bias,
                            int p, int columns, real *y, int n, int rows)
{
    TILE() sum[TILE_SUMS];
    TILE(_affine_sum)(vectors, sum, x, depth, weight, bias, p, n, rows);
    TILE(_affine_store)(vectors, sum, p, columns, y, n, rows);
}

TILE_FUNCTION TILE(_affine_relu)(int vectors, const real *x, int depth, const real *weight, const real *bias,
                                 int p, int columns, real *y, int n, int rows)
{
    TILE() sum[TILE_SUMS];
    TILE(_affine_sum)(vectors, sum, x, depth, weight, bias, p, n, rows);
    TILE(_relu)(rows, vectors, sum);
    TILE(_affine_store)(vectors, sum, p, columns, y, n, rows);
}

TILE_FUNCTION TILE(_affine_leaky_relu)(int vectors, real slope, const real *x, int depth, const real *weight,
                                       const real *bias, int p, int columns, real *y, int n, int rows)
{
    TILE() sum[TILE_SUMS];
    TILE(_affine_sum)(vectors, sum, x, depth, weight, bias, p, n, rows);
    TILE(_leaky_relu)(rows, vectors, sum, slope);
    TILE(_affine_store)(vectors, sum, p, columns, y, n, rows);
}

/* dw[k + r][l] = Σ_i x[i][k + r] dy[i][p panel + l] for each row r of `rows`
 *
 *     x: [count][inputs], dy: [count][columns], dw: [inputs][panel] */
TILE_FUNCTION TILE(_outer_product)(int vectors, const real *x, int inputs, const real *dy, int p, int columns,
                                   int count, real *dw, int k, int rows)
{
    const int panel = vectors * TILE_LANES;
    TILE() sum[TILE_SUMS];
    TILE(_clear)(rows, vectors, sum);
    TILE(_outer)(rows, vectors, sum, x + k, inputs, dy + (ptrdiff_t)p * panel, columns, count);
    TILE(_store)(rows, vectors, p, columns, sum, dw + (ptrdiff_t)k * panel, panel);
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
