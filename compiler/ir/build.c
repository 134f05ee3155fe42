/* build.c - nodes as most layers add them, and the backward nodes of layers with weights. */
#include "ir/build.h"

struct value *build_input_gradient(struct graph *graph, struct layer *layer)
{
    struct layer *source = layer->input->layer;
    const struct value *root = layer->input;
    while (root->view_of)
        root = root->view_of;
    if (root == graph->layers[0]->output && !graph->wants_input_gradient)
        return NULL;
    if (!source->doutput)
        source->doutput = graph_add_value(graph, VALUE_GRADIENT, source, layer->input->shape);
    layer->dinput = source->doutput;
    return layer->dinput;
}

struct node *build_forward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    struct node *node = graph_add_node(graph, operation, layer);
    node_reads(node, layer->input);
    node_writes(node, layer->output);
    return node;
}

struct node *build_backward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    struct value *dinput = build_input_gradient(graph, layer);
    if (!dinput)
        return NULL;
    struct node *node = graph_add_node(graph, operation, layer);
    node_reads(node, layer->doutput);
    node_writes(node, dinput);
    return node;
}

void build_weights_backward(struct graph *graph, struct layer *layer, const struct build_weights *operations)
{
    if (operations->needs_output) {
        struct node *output = graph_add_node(graph, operations->output, layer);
        node_reads(output, layer->doutput);
        if (layer->activation)
            node_reads(output, layer->output);
        node_writes(output, layer->doutput);
    }
    struct node *weight = graph_add_node(graph, operations->weight, layer);
    node_reads(weight, layer->input);
    node_reads(weight, layer->doutput);
    struct value *dinput = build_input_gradient(graph, layer);
    if (!dinput)
        return;
    if (graph->form == NODE_TILED) {
        layer->transposed = graph_add_value(graph, VALUE_TRANSPOSED, layer, (struct shape){1, 1, 1, false});
        node_writes(graph_add_node(graph, operations->transpose, layer), layer->transposed);
    }
    struct node *input = graph_add_node(graph, operations->input, layer);
    node_reads(input, layer->doutput);
    node_reads(input, layer->transposed);
    node_writes(input, dinput);
}
