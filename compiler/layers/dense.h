/* dense.h - between dense.c (rules, nodes and tiles) and dense_plain.c. */
#ifndef NETC_DENSE_H
#define NETC_DENSE_H

#include "layers/catalogue.h"

struct writer;

void dense_plain_forward(struct writer *writer, const struct layer *layer);
void dense_plain_backward_weight(struct writer *writer, const struct layer *layer);
void dense_plain_backward_input(struct writer *writer, const struct layer *layer);

#endif
