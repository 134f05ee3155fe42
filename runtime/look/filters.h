/* filters.h - the weights of a layer as pictures.
 *
 *     c1.weight, 6 filters of 5x5x1     ->  6 tiles, each on its own scale: red where a bright pixel raises
 *                                           the result, blue where it lowers it
 *     c1.weight, 64 filters of 3x3x3    ->  64 tiles in colour, grey for 0
 *     c3.weight, 16 filters of 5x5x6    ->  a column for each filter, a row for each channel that it reads
 *     f.weight, 10 units of 28x28x1     ->  10 tiles: what a dense layer that reads a picture looks for */
#ifndef NETC_LOOK_FILTERS_H
#define NETC_LOOK_FILTERS_H

#include <stdbool.h>

#include "model.h"
#include "report/png.h"

struct filters {
    int filters, channels;             /* of the layer */
    int shown_filters, shown_channels; /* the first ones, where there are many */
    bool is_colour;                    /* the channels are red, green and blue of a tile */
    bool is_one_tile;                  /* a filter is one tile; else one for each of its channels */
    bool is_upright; /* which stand beside each other, or, where they are fewer than the filters, below */
};

/* Whether there is something to see: a convolution, or a dense layer that reads a picture of 1 or 3 channels.
 */
bool filters_plan(struct filters *filters, const struct model *model, const struct model_tensor *tensor);
/* `parameters` are those of the network. */
bool filters_draw(struct picture *to, const struct filters *filters, const struct model_tensor *tensor,
                  const real *parameters);

#endif
