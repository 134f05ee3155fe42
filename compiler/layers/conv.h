/* conv.h - between conv.c (rules and nodes) and the forms of its C: conv_tiled.c, conv_looped.c and
 * conv_plain.c. */
#ifndef NETC_CONV_H
#define NETC_CONV_H

#include "layers/weights.h"
#include "layers/window.h"

/* Which filters see which channels. */
struct grouping {
    int64_t groups;
    int64_t channels, filters; /* of one group */
    bool is_depthwise;         /* one channel to a group, so weights have no index for it */
};

struct window conv_window(const struct layer *layer);
struct grouping conv_grouping(const struct layer *layer);

void conv_tiled_forward(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_weight(struct writer *writer, const struct layer *layer);
void conv_tiled_transpose(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_input(struct writer *writer, const struct layer *layer);

void conv_looped_forward(struct writer *writer, const struct layer *layer);

void conv_plain_forward(struct writer *writer, const struct layer *layer);
void conv_plain_backward_weight(struct writer *writer, const struct layer *layer);
void conv_plain_backward_input(struct writer *writer, const struct layer *layer);

/* Loops over the taps i and j and the channels c of a group; gives their number. */
int conv_kernel_loops(struct writer *writer, const struct layer *layer);
/* "net->param.c1.weight[i][j][c][f]" */
const char *conv_weight(struct writer *writer, const struct layer *layer, const char *tensors);
/* What the tap (i, j) of pixel (y, x) sees of the input or its gradient, in the channel that c and f are
 * about. */
const char *conv_under(struct writer *writer, const struct layer *layer, const struct value *value);

#endif
