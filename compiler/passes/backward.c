/* backward.c - the chain rule: from the output back to the first weights, each layer adds the nodes of its
 * gradients.
 *
 *     f7.forward, output.forward    ->    output.backward, f7.backward_output, f7.backward_weight,
 * f7.backward_input, …
 *
 * Needs: forward nodes in order, activations fused.
 * Gives: backward nodes, gradient values, layer->dinput and layer->doutput.
 * Keeps: everything of the forward pass. A layer behind which nothing wants a gradient gets no nodes. */
#include "layers/catalogue.h"
#include "passes/passes.h"

static bool is_above_weights(const struct graph *graph, int layer)
{
    if (graph->wants_input_gradient)
        return true;
    for (int i = 0; i <= layer; i++)
        if (graph->layers[i]->kind->has_parameters)
            return true;
    return false;
}

void pass_backward(struct graph *graph)
{
    for (int i = graph->layer_count - 1; i > 0; i--) {
        struct layer *layer = graph->layers[i];
        if (layer->kind->backward && is_above_weights(graph, i))
            layer->kind->backward(graph, layer);
    }
}
