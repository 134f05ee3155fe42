/* tile_windows.h - windows of pooling, channels in the lanes: the largest of each, with its tap, and the
 * gradient of that. A function takes a row of `count` windows, `stride` pixels apart.
 *
 * Where channels do not fill their last vector, a window may store it whole: what lies behind them the next
 * pixel overwrites, so it must be no more than a pixel; the last window of a row stores its channels alone.
 * Gradients do so only where windows lie side by side and one vector holds all channels: of more, the first
 * vector of the next tap has been stored before.
 *
 * Included by tile.h once per width, behind tile_lanes.h. */

#define TILE_PASTE(lanes, name) tile##lanes##name
#define TILE_EXPAND(lanes, name) TILE_PASTE(lanes, name)
#define TILE(name) TILE_EXPAND(TILE_LANES, name)

/* Does a whole vector at a pixel's last channels end before the pixel behind the next one? */
static inline __attribute__((always_inline)) bool TILE(_ends_in_next)(int channels)
{
    return TILE_LANES - channels % TILE_LANES <= channels;
}

/* One window of those of TILE(_maximum). */
TILE_FUNCTION TILE(_maximum_window)(int height, int width, int channels, bool is_whole, const real *x,
                                    ptrdiff_t row, ptrdiff_t column, real *y, tap_index *index)
{
    for (int c = 0; c < channels; c += TILE_LANES) {
        const int lanes = channels - c < TILE_LANES ? channels - c : TILE_LANES;
        TILE() largest = *(const TILE() *)(x + c);
        TILE(_mask) tap = {0};
        TILE_UNROLL
        for (int k = 1; k < height * width; k++) {
            TILE() seen = *(const TILE() *)(x + k / width * row + k % width * column + c);
            TILE(_mask) is_larger = (TILE(_mask))((seen > largest) | (seen != seen));
            largest = (TILE())(((TILE(_mask))seen & is_larger) | ((TILE(_mask))largest & ~is_larger));
            tap = (is_larger & k) | (tap & ~is_larger);
        }
        TILE(_taps) taps = __builtin_convertvector(__builtin_convertvector(tap, TILE(_middle)), TILE(_taps));
        if (is_whole || lanes == TILE_LANES) {
            *(TILE() *)(y + c) = largest;
            *(TILE(_taps) *)(index + c) = taps;
        } else {
            TILE(_put)(channels % TILE_LANES, y + c, &largest);
            memcpy(index + c, &taps, (size_t)(channels % TILE_LANES) * sizeof(tap_index));
        }
    }
}

/* y[c] = max_ij x[i * row + j * column + c], index[c] = which tap that is, counted row by row; of equal ones
 * the first, and NaN goes through. */
TILE_FUNCTION TILE(_maximum)(int height, int width, int channels, int count, int stride, const real *x,
                             ptrdiff_t row, ptrdiff_t column, real *y, tap_index *index)
{
    const bool is_whole = TILE(_ends_in_next)(channels);
    TILE_LOOP
    for (int i = 0; i < count - 1; i++, x += stride * column, y += channels, index += channels)
        TILE(_maximum_window)(height, width, channels, is_whole, x, row, column, y, index);
    TILE(_maximum_window)(height, width, channels, false, x, row, column, y, index);
}

/* One window of those of TILE(_maximum_spread). */
TILE_FUNCTION TILE(_maximum_spread_window)(int height, int width, int channels, bool overlap, bool is_whole,
                                           bool is_gate, const real *y, real scale, const real *dy,
                                           const tap_index *index, real *dx, ptrdiff_t row, ptrdiff_t column)
{
    for (int c = 0; c < channels; c += TILE_LANES) {
        const int lanes = channels - c < TILE_LANES ? channels - c : TILE_LANES;
        TILE(_mask) gradient = (TILE(_mask))(*(const TILE() *)(dy + c) * scale);
        if (is_gate)
            gradient &= (TILE(_mask))(*(const TILE() *)(y + c) > 0);
        TILE(_mask)
        tap = __builtin_convertvector(
            __builtin_convertvector(*(const TILE(_taps) *)(index + c), TILE(_middle)), TILE(_mask));
        TILE_UNROLL
        for (int k = 0; k < height * width; k++) {
            real *to = dx + k / width * row + k % width * column + c;
            TILE() share = (TILE())(gradient & (tap == k));
            if (overlap)
                share += *(const TILE() *)to;
            if (is_whole || lanes == TILE_LANES)
                *(TILE() *)to = share;
            else
                TILE(_put)(channels % TILE_LANES, to, &share);
        }
    }
}

/* What these gradients share: dx = scale dy at its tap and 0 at the others; where y is a gate, only if that
 * is above 0. Where it is none, it is not read. */
TILE_FUNCTION TILE(_maximum_spread)(int height, int width, int channels, int count, int stride, bool overlap,
                                    bool is_gate, const real *y, real scale, const real *dy,
                                    const tap_index *index, real *dx, ptrdiff_t row, ptrdiff_t column)
{
    const bool is_whole =
        !overlap && stride == width && channels < TILE_LANES && TILE(_ends_in_next)(channels);
    TILE_LOOP
    for (int i = 0; i < count - 1;
         i++, y += channels, dy += channels, index += channels, dx += stride * column)
        TILE(_maximum_spread_window)
    (height, width, channels, overlap, is_whole, is_gate, y, scale, dy, index, dx, row, column);
    TILE(_maximum_spread_window)
    (height, width, channels, overlap, false, is_gate, y, scale, dy, index, dx, row, column);
}

/* The gradient of that: dx = dy at the tap that was the largest and 0 at the others; added where windows
 * overlap. */
TILE_FUNCTION TILE(_maximum_gradient)(int height, int width, int channels, int count, int stride,
                                      bool overlap, const real *dy, const tap_index *index, real *dx,
                                      ptrdiff_t row, ptrdiff_t column)
{
    TILE(_maximum_spread)
    (height, width, channels, count, stride, overlap, false, dy, 1, dy, index, dx, row, column);
}

/* The same where y is the maximum of relu(z), and windows lie side by side: dz instead of dx. */
TILE_FUNCTION TILE(_maximum_gate)(int height, int width, int channels, int count, int stride, const real *y,
                                  const real *dy, const tap_index *index, real *dz, ptrdiff_t row,
                                  ptrdiff_t column)
{
    TILE(_maximum_spread)
    (height, width, channels, count, stride, false, true, y, 1, dy, index, dz, row, column);
}

/* The same where y is what dropout has made of the maximum: with its mask, and dy times `scale`. */
TILE_FUNCTION TILE(_maximum_dropout_gate)(int height, int width, int channels, int count, int stride,
                                          const real *y, real scale, const real *dy, const tap_index *index,
                                          real *dz, ptrdiff_t row, ptrdiff_t column)
{
    TILE(_maximum_spread)
    (height, width, channels, count, stride, false, true, y, scale, dy, index, dz, row, column);
}

#undef TILE
#undef TILE_EXPAND
#undef TILE_PASTE
