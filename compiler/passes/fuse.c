/* fuse.c - an activation that stands as a word behind a layer with weights is applied where that layer stores
 * its result, so that the values before it are never in memory:
 *
 *     c1: conv 6 5x5 relu    c1.forward, c1_relu.forward    ->    c1.forward with activation relu
 *
 * Needs: forward nodes.
 * Gives: layer->activation.
 * Keeps: names and order of the other layers; an activation that is a statement of its own, or whose
 * derivative needs what it was applied to, stays one. */
#include "layers/catalogue.h"
#include "passes/passes.h"

static bool may_fuse(const struct layer *layer)
{
    if (!layer->kind->activation || layer->kind->activation->from_input || layer->statement)
        return false;
    const struct layer *source = layer->input->layer;
    return source->kind->may_fuse_activation && !source->activation && source->output == layer->input &&
           layer->input->consumers == 1;
}

static void remove_nodes_of(struct graph *graph, const struct layer *layer)
{
    for (int i = graph->node_count - 1; i >= 0; i--)
        if (graph->nodes[i]->layer == layer)
            graph_remove_node(graph, graph->nodes[i]);
}

static void replace_value(struct graph *graph, struct value *old, struct value *replacement)
{
    replacement->consumers = old->consumers;
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        if (layer->input == old)
            layer->input = replacement;
        for (int j = 0; j < layer->joined_count; j++)
            if (layer->joined[j] == old)
                layer->joined[j] = replacement;
    }
    for (int i = 0; i < graph->value_count; i++)
        if (graph->values[i]->view_of == old)
            graph->values[i]->view_of = replacement;
    for (int i = 0; i < graph->node_count; i++)
        for (int j = 0; j < graph->nodes[i]->read_count; j++)
            if (graph->nodes[i]->reads[j] == old)
                graph->nodes[i]->reads[j] = replacement;
}

void pass_fuse(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        if (!may_fuse(layer))
            continue;
        layer->input->layer->activation = layer;
        remove_nodes_of(graph, layer);
        replace_value(graph, layer->output, layer->input);
        graph_remove_value(graph, layer->output);
        graph_remove_layer(graph, layer);
        i--;
    }
}
