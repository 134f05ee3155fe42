/* verify.c - what must hold of every graph between two passes. What it finds is a fault of netc, never of a
 * user:
 *
 *     "c3.backward_input reads dc3 before any node writes it" */
#include <string.h>

#include "base/arena.h"
#include "ir/graph.h"

static struct value *value_root(struct value *value)
{
    while (value->view_of)
        value = value->view_of;
    return value;
}

static const char *fault(const struct graph *graph, const struct node *node, const char *what)
{
    return arena_format(graph->arena, "%s.%s %s", node->layer->name, node->operation->name, what);
}

/* Marks: 0 not in the graph, 1 in it, 2 written. */
static void mark_values(const struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++)
        graph->values[i]->mark = 1;
    value_root(graph->layers[0]->output)->mark = 2;
}

static const char *verify_nodes(const struct graph *graph)
{
    enum node_phase phase = PHASE_FORWARD;
    mark_values(graph);
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->operation->phase != PHASE_PREPARE) {
            if (node->operation->phase < phase)
                return fault(graph, node, "is a forward node behind a backward node");
            phase = node->operation->phase;
        }
        for (int j = 0; j < node->read_count; j++)
            if (value_root(node->reads[j])->mark != 2)
                return fault(graph, node, "reads a value before any node writes it");
        for (int j = 0; j < node->write_count; j++) {
            if (!value_root(node->writes[j])->mark)
                return fault(graph, node, "writes a value that is not in the graph");
            value_root(node->writes[j])->mark = 2;
        }
    }
    return NULL;
}

static bool is_placed(const struct value *value)
{
    return value->size > 0 && !value->view_of;
}

/* No two values that are needed at the same time may share memory: most pairs stand
 * apart and cost one comparison. */
static const char *verify_places(const struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++)
        for (int j = 0; is_placed(graph->values[i]) && j < i; j++) {
            const struct value *left = graph->values[i], *right = graph->values[j];
            if (left->offset >= right->offset + right->size || right->offset >= left->offset + left->size)
                continue;
            if (is_placed(left) && is_placed(right) && left->first <= right->last &&
                right->first <= left->last)
                return arena_format(graph->arena, "values %s and %s share memory while both are needed",
                                    left->name, right->name);
        }
    return NULL;
}

const char *graph_verify(const struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++) {
        const struct value *value = graph->values[i];
        if (shape_size(value->shape) <= 0)
            return arena_format(graph->arena, "value %s has an empty shape", value->name);
    }
    const char *finding = verify_nodes(graph);
    return finding ? finding : verify_places(graph);
}
