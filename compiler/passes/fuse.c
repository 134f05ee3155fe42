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

/* Is the layer applied where the one before it stores? */
static bool is_fused(const struct layer *layer)
{
    return layer->kind->activation && layer->input->layer->activation == layer;
}

/* What stands for a value: the result of the layer that applies the activation. */
static struct value *standing(struct value *value)
{
    bool is_gone = value && value->layer && value == value->layer->output && is_fused(value->layer);
    return is_gone ? value->layer->input : value;
}

static void replace_values(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        if (!is_fused(layer))
            layer->input = standing(layer->input);
        for (int j = 0; j < layer->joined_count; j++)
            layer->joined[j] = standing(layer->joined[j]);
    }
    for (int i = 0; i < graph->value_count; i++)
        graph->values[i]->view_of = standing(graph->values[i]->view_of);
    for (int i = 0; i < graph->node_count; i++)
        for (int j = 0; j < graph->nodes[i]->read_count; j++)
            graph->nodes[i]->reads[j] = standing(graph->nodes[i]->reads[j]);
}

/* The fused layers, their results and their nodes leave the graph. */
static void remove_fused(struct graph *graph)
{
    int nodes = 0, values = 0, layers = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (!is_fused(graph->nodes[i]->layer))
            graph->nodes[nodes++] = graph->nodes[i];
    for (int i = 0; i < graph->value_count; i++)
        if (standing(graph->values[i]) == graph->values[i])
            graph->values[values++] = graph->values[i];
        else
            graph->values[i]->mark = 0; /* the verifier knows it no more */
    for (int i = 0; i < graph->layer_count; i++)
        if (!is_fused(graph->layers[i]))
            graph->layers[layers++] = graph->layers[i];
    graph->node_count = nodes;
    graph->value_count = values;
    graph->layer_count = layers;
}

void pass_fuse(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        if (!may_fuse(layer))
            continue;
        layer->input->layer->activation = layer;
        layer->input->consumers = layer->output->consumers;
    }
    replace_values(graph);
    remove_fused(graph);
}
