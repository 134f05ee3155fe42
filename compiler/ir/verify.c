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

/* Before the passes of a probe stand there, what only they write has no writer yet. */
static bool has_probe(const struct graph *graph)
{
    for (int i = 0; i < graph->node_count; i++)
        if (phase_is_of_probe(graph->nodes[i]->phase))
            return true;
    return false;
}

static const char *verify_node(const struct graph *graph, const struct node *node)
{
    for (int i = 0; i < node->read_count; i++)
        if (value_root(node->reads[i])->mark != 2 && !(node->reads[i]->is_for_probe && !has_probe(graph)))
            return fault(graph, node, "reads a value before any node writes it");
    for (int i = 0; i < node->write_count; i++) {
        if (!value_root(node->writes[i])->mark)
            return fault(graph, node, "writes a value that is not in the graph");
        value_root(node->writes[i])->mark = 2;
    }
    return NULL;
}

static const char *verify_training(const struct graph *graph)
{
    enum node_phase phase = PHASE_FORWARD;
    const char *finding = NULL;
    mark_values(graph);
    for (int i = 0; i < graph->node_count && !finding; i++) {
        const struct node *node = graph->nodes[i];
        if (phase_is_of_probe(node->phase))
            break;
        if (node->phase != PHASE_PREPARE) {
            if (node->phase < phase)
                return fault(graph, node, "is a forward node behind a backward node");
            phase = node->phase;
        }
        finding = verify_node(graph, node);
    }
    return finding;
}

/* A probe runs on its own, with the weights turned as for a step. */
static const char *verify_probe(const struct graph *graph)
{
    const char *finding = NULL;
    mark_values(graph);
    for (int i = 0; i < graph->node_count && !finding; i++) {
        const struct node *node = graph->nodes[i];
        if (node->phase == PHASE_PREPARE || phase_is_of_probe(node->phase))
            finding = verify_node(graph, node);
    }
    return finding;
}

/* Where a value lies in one of the two timelines, and when. */
struct stay {
    const struct value *value;
    int64_t offset;
    int first, last;
};

static int compare_offsets(const void *left, const void *right)
{
    const struct stay *one = left, *other = right;
    return (one->offset > other->offset) - (one->offset < other->offset);
}

/* No two values that are needed at the same time may share memory. By offset, each is compared with those
 * that begin before its end. */
static const char *verify_places(const struct graph *graph, bool is_probe)
{
    struct stay *stays = ARENA_ARRAY(graph->arena, struct stay, (size_t)graph->value_count);
    int count = 0;
    for (int i = 0; i < graph->value_count; i++) {
        const struct value *value = graph->values[i];
        const bool is_elsewhere = is_probe && (value->is_for_probe || value->moves);
        if (value->size <= 0 || value->view_of || (value->is_for_probe && !is_probe))
            continue;
        stays[count++] = (struct stay){value, is_elsewhere ? value->probe_offset : value->offset,
                                       is_probe ? value->probe_first : value->first,
                                       is_probe ? value->probe_last : value->last};
    }
    qsort(stays, (size_t)count, sizeof *stays, compare_offsets);
    for (int i = 0; i < count; i++)
        for (int j = i + 1; j < count && stays[j].offset < stays[i].offset + stays[i].value->size; j++)
            if (stays[i].first <= stays[j].last && stays[j].first <= stays[i].last)
                return arena_format(graph->arena, "values %s and %s share memory while both are needed%s",
                                    stays[i].value->name, stays[j].value->name,
                                    is_probe ? " by a probe" : "");
    return NULL;
}

const char *graph_verify(const struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++) {
        const struct value *value = graph->values[i];
        if (shape_size(value->shape) <= 0)
            return arena_format(graph->arena, "value %s has an empty shape", value->name);
    }
    const char *finding = verify_training(graph);
    if (!finding)
        finding = verify_probe(graph);
    if (!finding)
        finding = verify_places(graph, false);
    return finding || !graph->wants_probe ? finding : verify_places(graph, true);
}
