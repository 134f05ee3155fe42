/* join.h - the sum of the gradients that several layers make for one result. */
#ifndef NETC_LAYERS_JOIN_H
#define NETC_LAYERS_JOIN_H

#include "ir/graph.h"

/* Reads the parts of the layer's result, writes its gradient. */
extern const struct operation join_sum;

#endif
