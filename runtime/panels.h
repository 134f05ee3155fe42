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

/* The weights of `filters` filters, `rows` rows of `inputs` inputs each, with filters and inputs exchanged:
 * from panels of `panel` filters to panels of `back` inputs, those of `share` (of each row). */
static inline void panels_transpose(const real *weight, int filters, int rows, int inputs, int panel,
                                    real *transposed, int back, struct range share)
{
    const int back_panels = (inputs + back - 1) / back;
    for (int i = 0; i < rows; i++)
        for (int q = share.first; q < share.end; q++)
            for (int f = 0; f < filters; f++) {
                const real *from = weight + ((ptrdiff_t)(f / panel) * rows + i) * inputs * panel + f % panel;
                real *to = transposed + (((ptrdiff_t)i * back_panels + q) * filters + f) * back;
                for (int k = 0; k < back && q * back + k < inputs; k++)
                    to[k] = from[(ptrdiff_t)(q * back + k) * panel];
            }
}

#endif
