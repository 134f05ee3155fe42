/* dense.h - between dense.c (rules, nodes and tiles), dense_one.c and dense_plain.c. */
#ifndef NETC_DENSE_H
#define NETC_DENSE_H

#include "layers/catalogue.h"

struct writer;

void dense_plain_forward(struct writer *writer, const struct layer *layer);
void dense_plain_backward_weight(struct writer *writer, const struct layer *layer);
void dense_plain_backward_input(struct writer *writer, const struct layer *layer);

/* Do the weights move as soon as a part of their gradient is there: a row, where a step has one example, or a
 * tile? */
bool dense_moves_at_once(const struct graph *graph, const struct layer *layer);
void dense_backward_one(struct writer *writer, const struct layer *layer);
void dense_moved_backward_weight(struct writer *writer, const struct layer *layer);

#endif
