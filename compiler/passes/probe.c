/* probe.c - the passes of a probe: what the network makes of an example in evaluation mode, and the gradient
 * of one number by the input and by every layer's result, each handed over when it is complete:
 *
 *     probe forward:   see input, c1.forward, see c1, c1_maxpool.forward, see c1_maxpool, …
 *     probe backward:  …, c1_maxpool.backward, see dc1, c1.backward_slope, c1.backward_input, see dinput
 *
 * It has the functions of training where they do the same, and leaves out what is about weights or a batch.
 * Gradients that training does without, as that by the input, are made here alone.
 *
 * Needs: all nodes of training, with what layers added for gradients by the input.
 * Gives: nodes of the probe's two phases behind all others; none where nobody wants a probe.
 * Keeps: training's nodes, but for those that make gradients for the probe alone. */
#include "layers/catalogue.h"
#include "layers/join.h"
#include "layers/probe.h"
#include "passes/passes.h"

static struct node *add_repeat(struct graph *graph, const struct node *node, enum node_phase phase)
{
    struct node *repeat = graph_add_node(graph, node->operation, node->layer);
    repeat->phase = phase;
    repeat->repeats = node;
    for (int i = 0; i < node->read_count; i++)
        node_reads(repeat, node->reads[i]);
    for (int i = 0; i < node->write_count; i++)
        node_writes(repeat, node->writes[i]);
    return repeat;
}

/* Who looks may change what is seen. */
static void add_look(struct graph *graph, const struct operation *operation, struct layer *layer,
                     struct value *value)
{
    struct node *node = graph_add_node(graph, operation, layer);
    node_reads(node, value);
    node_writes(node, value);
}

/* What gives no value measures a batch. */
static void add_forward(struct graph *graph, struct layer *layer, int count)
{
    for (int i = 0; i < count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->layer == layer && node->phase == PHASE_FORWARD && node->write_count)
            add_repeat(graph, node, PHASE_PROBE_FORWARD);
    }
    add_look(graph, &probe_look_at_value, layer, layer->output);
}

/* Does it give more than dz in the place of dy, and gradients of weights? */
static bool gives_result(const struct node *node)
{
    for (int i = 0; i < node->write_count; i++)
        if (node->writes[i] != node->layer->doutput)
            return true;
    return false;
}

static bool is_for_probe(const struct node *node)
{
    for (int i = 0; i < node->write_count; i++)
        if (!node->writes[i]->is_for_probe)
            return false;
    return node->write_count > 0;
}

static void add_gradient(struct graph *graph, const struct node *node)
{
    struct layer *layer = node->layer;
    const struct operation *other = node->operation->in_probe ? node->operation->in_probe(layer) : NULL;
    if (!other && gives_result(node)) {
        add_repeat(graph, node, PHASE_PROBE_BACKWARD);
    } else if (other && layer->dinput) {
        struct node *stand_in = add_repeat(graph, node, PHASE_PROBE_BACKWARD);
        stand_in->operation = other;
        stand_in->write_count = 0;
        node_writes(stand_in, layer->dinput);
    }
}

/* Weights that training turns, too, lie ready. */
static void add_backward(struct graph *graph, struct layer *layer, int count)
{
    for (int i = 0; i < count; i++)
        if (graph->nodes[i]->layer == layer && graph->nodes[i]->operation == &join_sum)
            add_repeat(graph, graph->nodes[i], PHASE_PROBE_BACKWARD);
    if (layer->doutput)
        add_look(graph, &probe_look_at_gradient, layer, layer->doutput);
    if (layer->doutput && layer->activation) {
        struct node *slope = graph_add_node(graph, &probe_slope, layer);
        node_reads(slope, layer->output);
        node_reads(slope, layer->doutput);
        node_writes(slope, layer->doutput);
    }
    for (int i = 0; i < count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->layer != layer || node->operation == &join_sum)
            continue;
        if (node->phase == PHASE_BACKWARD)
            add_gradient(graph, node);
        else if (node->phase == PHASE_PREPARE && is_for_probe(node))
            add_repeat(graph, node, PHASE_PROBE_BACKWARD);
    }
}

static void leave_to_probe(struct graph *graph)
{
    int kept = 0;
    for (int i = 0; i < graph->node_count; i++) {
        struct node *node = graph->nodes[i];
        const bool is_of_training = node->phase == PHASE_PREPARE || node->phase == PHASE_BACKWARD;
        if (!is_of_training || !is_for_probe(node))
            graph->nodes[kept++] = node;
    }
    graph->node_count = kept;
}

void pass_probe(struct graph *graph)
{
    const int count = graph->node_count;
    if (!graph->wants_probe)
        return;
    for (int i = 0; i < graph->layer_count; i++)
        add_forward(graph, graph->layers[i], count);
    for (int i = graph->layer_count - 1; i >= 0; i--)
        add_backward(graph, graph->layers[i], count);
    leave_to_probe(graph);
}
