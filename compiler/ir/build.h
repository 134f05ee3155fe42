/* build.h - the backward nodes that layers add in the same way, and the gradients that they ask for. */
#ifndef NETC_BUILD_H
#define NETC_BUILD_H

#include "ir/graph.h"

/* Where a layer puts the gradient by a value that it takes, made on first demand; NULL where nobody wants it
 * (the network's own input). It is the doutput of the layer that the value comes from, or a part of that when
 * other layers take the value, too. */
struct value *build_gradient_of(struct graph *graph, const struct layer *layer, struct value *input);
/* The same for a layer's only input; sets layer->dinput. */
struct value *build_input_gradient(struct graph *graph, struct layer *layer);

/* Appends the node that makes a layer's result from its input. */
struct node *build_forward(struct graph *graph, struct layer *layer, const struct operation *operation);
/* Appends the node that makes the gradient by the input from the one by the result; NULL where nobody wants
 * it. */
struct node *build_backward(struct graph *graph, struct layer *layer, const struct operation *operation);

/* Operations of the backward pass of a layer with weights; any of them but `weight` may be unused. */
struct build_weights {
    const struct operation *output; /* dy becomes dz, and dbias */
    bool needs_output;
    const struct operation *weight;    /* dweight from input and dz */
    bool weight_gives_input;           /* and dinput, where training wants it: then `input` is for a probe */
    bool weight_moves;                 /* and moves the weights, once `input` has read them */
    const struct operation *transpose; /* weights turned for `input`, tiled form only */
    const struct operation *input;     /* dinput from dz and the weights */
};
void build_weights_backward(struct graph *graph, struct layer *layer, const struct build_weights *operations);

#endif
