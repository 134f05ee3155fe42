/* verify.c - what must hold of every graph between two passes. What it finds is a fault of netc, never of a
 * user:
 *
 *     "c3.backward_input reads dc3 before any node writes it" */
#include <stdlib.h>
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

static int compare_offsets(const void *left, const void *right)
{
    const struct value *const *one = left, *const *other = right;
    return ((*one)->offset > (*other)->offset) - ((*one)->offset < (*other)->offset);
}

/* No two values that are needed at the same time may share memory. By offset, each is compared with those
 * that begin before its end. */
static const char *verify_places(const struct graph *graph)
{
    const struct value **placed = ARENA_ARRAY(graph->arena, const struct value *, (size_t)graph->value_count);
    int count = 0;
    for (int i = 0; i < graph->value_count; i++)
        if (graph->values[i]->size > 0 && !graph->values[i]->view_of)
            placed[count++] = graph->values[i];
    qsort(placed, (size_t)count, sizeof(struct value *), compare_offsets);
    for (int i = 0; i < count; i++)
        for (int j = i + 1; j < count && placed[j]->offset < placed[i]->offset + placed[i]->size; j++)
            if (placed[i]->first <= placed[j]->last && placed[j]->first <= placed[i]->last)
                return arena_format(graph->arena, "values %s and %s share memory while both are needed",
                                    placed[i]->name, placed[j]->name);
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
