/* conv.h - between conv.c (rules and nodes) and the two forms of its C, conv_tiled.c and conv_plain.c. */
#ifndef NETC_CONV_H
#define NETC_CONV_H

#include "layers/weights.h"
#include "layers/window.h"

struct window conv_window(const struct layer *layer);

void conv_tiled_forward(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_weight(struct writer *writer, const struct layer *layer);
void conv_tiled_transpose(struct writer *writer, const struct layer *layer);
void conv_tiled_backward_input(struct writer *writer, const struct layer *layer);

void conv_plain_forward(struct writer *writer, const struct layer *layer);
void conv_plain_backward_weight(struct writer *writer, const struct layer *layer);
void conv_plain_backward_input(struct writer *writer, const struct layer *layer);

#endif
