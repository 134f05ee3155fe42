/* build.c - nodes as most layers add them, and the backward nodes of layers with weights. */
#include "ir/build.h"

#include "base/arena.h"

/* What a layer adds to the gradient of a value that others take, too: c1_from_c2. */
static struct value *add_part(struct graph *graph, const struct layer *layer, struct value *input)
{
    struct value *part = graph_add_value(graph, VALUE_GRADIENT, input->layer, input->shape);
    int same = 1;
    part->name = arena_format(graph->arena, "%s_from_%s", input->name, layer->name);
    for (int i = 0; i < input->part_count; i++)
        if (input->parts[i]->taker == layer)
            part->name = arena_format(graph->arena, "%s_from_%s_%d", input->name, layer->name, ++same);
    part->taker = layer;
    part->is_for_probe = !input->layer->trains_gradient;
    ARENA_GROW(graph->arena, input->parts, input->part_count);
    input->parts[input->part_count++] = part;
    return part;
}

struct value *build_gradient_of(struct graph *graph, const struct layer *layer, struct value *input)
{
    if (!input->layer->wants_gradient)
        return NULL;
    if (input->consumers > 1)
        return add_part(graph, layer, input);
    struct layer *source = input->layer;
    if (!source->doutput) {
        source->doutput = graph_add_value(graph, VALUE_GRADIENT, source, input->shape);
        source->doutput->is_for_probe = !source->trains_gradient;
    }
    return source->doutput;
}

struct value *build_input_gradient(struct graph *graph, struct layer *layer)
{
    layer->dinput = build_gradient_of(graph, layer, layer->input);
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

/* The gradient of the weights, of a layer that learns; NULL: this one does not. */
static struct node *add_weight(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    if (layer->is_frozen)
        return NULL;
    struct node *weight = graph_add_node(graph, operation, layer);
    node_reads(weight, layer->input);
    node_reads(weight, layer->doutput);
    return weight;
}

static void add_input(struct graph *graph, struct layer *layer, const struct build_weights *operations,
                      struct value *dinput)
{
    if (graph->form == NODE_TILED && operations->transpose) {
        layer->transposed = graph_add_value(graph, VALUE_TRANSPOSED, layer, (struct shape){1, 1, 1, false});
        layer->transposed->is_for_probe = dinput->is_for_probe;
        node_writes(graph_add_node(graph, operations->transpose, layer), layer->transposed);
    }
    struct node *input = graph_add_node(graph, operations->input, layer);
    node_reads(input, layer->doutput);
    node_reads(input, layer->transposed);
    node_writes(input, dinput);
}

void build_weights_backward(struct graph *graph, struct layer *layer, const struct build_weights *operations)
{
    if (operations->needs_output) {
        struct node *output = graph_add_node(graph, operations->output, layer);
        node_reads(output, layer->doutput);
        if (layer->activation && !layer->gate)
            node_reads(output, layer->output);
        node_writes(output, layer->doutput);
        if (layer->bias)
            layer->bias->in_groups = graph->form == NODE_TILED && !layer->is_frozen;
    }
    struct node *weight = operations->weight_moves ? NULL : add_weight(graph, layer, operations->weight);
    struct value *dinput = build_input_gradient(graph, layer);
    if (weight && dinput && operations->weight_gives_input && !dinput->is_for_probe)
        node_writes(weight, dinput);
    else if (dinput)
        add_input(graph, layer, operations, dinput);
    if (operations->weight_moves) {
        weight = add_weight(graph, layer, operations->weight);
        if (weight)
            weight->changes_read = dinput && !dinput->is_for_probe && !layer->transposed;
    }
}
