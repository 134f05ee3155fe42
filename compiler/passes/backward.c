/* backward.c - the chain rule: from the output back to the first weights, each layer adds the nodes of its
 * gradients.
 *
 *     f7.forward, output.forward    ->    output.backward,
 *                                         f7.backward_output, f7.backward_weight, f7.backward_input, …
 *
 * Where several layers take one result, each makes a part of its gradient, and a node of the layer that gave
 * it adds them up: stem.backward_sum(stem_from_a, stem_from_add) -> dstem.
 *
 * Behind them stand the nodes of what happens to weights after a step and at the start.
 *
 * Needs: forward nodes in order, activations fused.
 * Gives: backward nodes, gradient values, layer->dinput and layer->doutput.
 * Keeps: everything of the forward pass. A layer behind which nothing wants a gradient gets no nodes; what
 * only a probe wants is marked as such. */
#include "layers/catalogue.h"
#include "layers/join.h"
#include "layers/weights.h"
#include "passes/passes.h"

/* Training wants a gradient wherever weights stand before it, on any path; a probe wants them all. */
static bool trains_gradient(const struct layer *layer)
{
    if (!layer->input)
        return false;
    bool is_wanted = (layer->parameter_count && !layer->is_frozen) || layer->input->layer->trains_gradient;
    for (int i = 0; i < layer->joined_count; i++)
        is_wanted = is_wanted || layer->joined[i]->layer->trains_gradient;
    return is_wanted;
}

/* One part alone is the gradient. */
static void add_parts(struct graph *graph, struct layer *layer)
{
    const struct value *output = layer->output;
    if (output->part_count == 0)
        return;
    if (output->part_count == 1) {
        layer->doutput = output->parts[0];
        return;
    }
    layer->doutput = graph_add_value(graph, VALUE_GRADIENT, layer, output->shape);
    layer->doutput->is_for_probe = !layer->trains_gradient;
    struct node *node = graph_add_node(graph, &join_sum, layer);
    for (int i = 0; i < output->part_count; i++)
        node_reads(node, output->parts[i]);
    node_writes(node, layer->doutput);
}

void pass_backward(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        layer->trains_gradient = trains_gradient(layer);
        layer->wants_gradient = layer->trains_gradient || graph->wants_probe;
    }
    for (int i = graph->layer_count - 1; i >= 0; i--) {
        struct layer *layer = graph->layers[i];
        add_parts(graph, layer);
        if (layer->kind->backward && layer->wants_gradient)
            layer->kind->backward(graph, layer);
    }
    weights_add_steps(graph);
}
