/* panels.h - weights in panels: so many filters or units side by side as a tile has lanes.
 *
 *     weight[filter / panel][row][input][filter % panel]                 as the forward pass reads them
 *     transposed[row][input / back][filter][input % back]                as the backward pass reads them
 *
 * A dense layer has one row, whose inputs are all of its own; a convolution one for each row of its kernel,
 * or for each tap where those of a row lie apart. */
#ifndef NETC_PANELS_H
#define NETC_PANELS_H

#include <stddef.h>

#include "real.h"
#include "team.h"
#include "tile.h"

enum { PANELS_SQUARE = 4 }; /* rows and columns that turn in registers */

/* to[c][r] = from[r][c] for four rows of four, `row` and `to_row` reals from one to the next */
TILE_FUNCTION panels_turn(const real *from, ptrdiff_t row, real *to, ptrdiff_t to_row)
{
    const tile4 a = *(const tile4 *)from, b = *(const tile4 *)(from + row);
    const tile4 c = *(const tile4 *)(from + 2 * row), d = *(const tile4 *)(from + 3 * row);
    const tile4 ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const tile4 cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const tile4 ab_end = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const tile4 cd_end = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(tile4 *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(tile4 *)(to + to_row) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    *(tile4 *)(to + 2 * to_row) = __builtin_shufflevector(ab_end, cd_end, 0, 1, 4, 5);
    *(tile4 *)(to + 3 * to_row) = __builtin_shufflevector(ab_end, cd_end, 2, 3, 6, 7);
}

/* The same for `height` rows of `width`: by squares, and number by number where none fits. */
static inline void panels_turn_block(const real *from, int height, int width, ptrdiff_t row, real *to,
                                     ptrdiff_t to_row)
{
    const int even = width / PANELS_SQUARE * PANELS_SQUARE, high = height / PANELS_SQUARE * PANELS_SQUARE;
    for (int c = 0; c < even; c += PANELS_SQUARE)
        for (int r = 0; r < high; r += PANELS_SQUARE)
            panels_turn(from + r * row + c, row, to + c * to_row + r, to_row);
    for (int c = 0; c < width; c++)
        for (int r = c < even ? high : 0; r < height; r++)
            to[c * to_row + r] = from[r * row + c];
}

/* Panel q of a row of the transposed weights: to[filter][input % back]. In `weight` it is `apart` reals from
 * a panel of filters to the next. */
static inline void panels_transpose_panel(const real *weight, ptrdiff_t apart, int filters, int inputs,
                                          int panel, int q, real *to, int back)
{
    const struct range here = range_within(q * back, back, inputs);
    for (int f = 0; f < filters; f += panel)
        panels_turn_block(weight + f / panel * apart + (ptrdiff_t)here.first * panel, here.end - here.first,
                          range_within(f, panel, filters).end - f, panel, to + (ptrdiff_t)f * back, back);
}

/* The weights of `filters` filters, `rows` rows of `inputs` inputs each, with filters and inputs exchanged:
 * from panels of `panel` filters to panels of `back` inputs, those of `share` (of each row). */
static inline void panels_transpose(const real *weight, int filters, int rows, int inputs, int panel,
                                    real *transposed, int back, struct range share)
{
    const int back_panels = (inputs + back - 1) / back;
    const ptrdiff_t row = (ptrdiff_t)inputs * panel;
    for (int i = 0; i < rows; i++)
        for (int q = share.first; q < share.end; q++)
            panels_transpose_panel(weight + i * row, rows * row, filters, inputs, panel, q,
                                   transposed + ((ptrdiff_t)i * back_panels + q) * filters * back, back);
}

/* The same of panel q of a dense layer alone, where all of them would be too much for a cache; asks memory
 * for what panel q + 1 is made of. */
static inline void panels_transpose_one(const real *weight, int units, int inputs, int panel, int q, real *to,
                                        int back)
{
    const ptrdiff_t apart = (ptrdiff_t)inputs * panel;
    const struct range next = range_within((q + 1) * back, back, inputs);
    panels_transpose_panel(weight, apart, units, inputs, panel, q, to, back);
    for (int f = 0; next.first < next.end && f < units; f += panel)
        tile_fetch((const char *)(weight + f / panel * apart + (ptrdiff_t)next.first * panel),
                   (size_t)(next.end - next.first) * (size_t)panel * sizeof(real));
}

#endif
