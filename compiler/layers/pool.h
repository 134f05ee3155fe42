/* pool.h - between pool.c (rules, nodes and the textbook's loops) and pool_tiled.c. */
#ifndef NETC_POOL_H
#define NETC_POOL_H

#include "layers/window.h"

struct window pool_window(const struct layer *layer);
bool pool_windows_overlap(const struct layer *layer);
void pool_clear_gradient(struct writer *writer, const struct layer *layer);

void pool_tiled_forward(struct writer *writer, const struct layer *layer);
void pool_tiled_backward(struct writer *writer, const struct layer *layer);
void pool_tiled_backward_ungated(struct writer *writer, const struct layer *layer);

#endif
