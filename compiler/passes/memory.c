/* memory.c - one arena for all values of a batch: a value that is no longer needed gives its place to later
 * ones.
 *
 *     c1 needed in stages 0 to 4, df7 in 2 to 3    ->    c1 at 0, df7 behind it, where dc3 will be later
 *
 * Needs: nodes in their final order with their stages, shapes and borders.
 * Gives: value->size, first, last, offset, after; graph->arena_size.
 * Keeps: everything else. Largest values first, each at the lowest place that is free while it lives (first
 * fit by decreasing size), so that every place is 0 or the end of another value. */
#include <stdlib.h>

#include "base/arena.h"
#include "passes/passes.h"

enum { ALIGNMENT = 16 }; /* reals: 64 bytes of floats */

static struct value *value_root(struct value *value)
{
    while (value->view_of)
        value = value->view_of;
    return value;
}

static void value_live(struct value *value, int stage)
{
    struct value *root = value_root(value);
    if (stage < root->first)
        root->first = stage;
    if (stage > root->last)
        root->last = stage;
}

static int last_forward_stage(const struct graph *graph)
{
    int last = 0;
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->operation->phase == PHASE_FORWARD)
            last = graph->nodes[i]->stage;
    return last;
}

/* The input is there from the start, and the prediction until the end. All results of the forward pass stay
 * until its end, where a search for the first NaN wants them. A border of zeros is written once, so its value
 * shares with no one. */
static void find_lives(struct graph *graph)
{
    int end = graph->stage_count - 1, forward_end = last_forward_stage(graph);
    for (int i = 0; i < graph->value_count; i++) {
        graph->values[i]->first = end;
        graph->values[i]->last = 0;
    }
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        for (int j = 0; j < node->read_count; j++)
            value_live(node->reads[j], node->stage);
        for (int j = 0; j < node->write_count; j++)
            value_live(node->writes[j], node->stage);
    }
    value_live(graph->layers[0]->output, 0);
    value_live(graph->layers[graph->layer_count - 1]->output, end);
    if (graph->layers[0]->doutput)
        value_live(graph->layers[0]->doutput, end);
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->kind != VALUE_ACTIVATION)
            continue;
        value_live(value, forward_end);
        if (value_has_border(value)) {
            value_live(value, 0);
            value_live(value, end);
        }
    }
}

/* Reals of a value for a whole batch. The index of a maximum takes a quarter of a real. */
static int64_t batch_size(const struct graph *graph, const struct value *value)
{
    int64_t size = value_example_size(value);
    if (value->kind != VALUE_TRANSPOSED)
        size *= graph->training.batch;
    if (value->kind == VALUE_INDEX)
        size = (size + 3) / 4;
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* What a search for a place reads of a value that has one. */
struct tenant {
    int first, last; /* stages */
    int64_t offset, end;
    struct value *value;
};

/* Gives `value` the lowest place among those placed already, which stand by offset, and a place in their
 * list. */
static void place(struct tenant *placed, int count, struct value *value)
{
    const int first = value->first, last = value->last;
    int64_t offset = 0;
    for (int i = 0; i < count; i++) {
        if (placed[i].first > last || placed[i].last < first || placed[i].end <= offset)
            continue;
        if (placed[i].offset >= offset + value->size)
            break;
        offset = placed[i].end;
        value->after = placed[i].value;
    }
    value->offset = offset;
    int at = count;
    for (; at > 0 && placed[at - 1].offset > offset; at--)
        placed[at] = placed[at - 1];
    placed[at] = (struct tenant){first, last, offset, offset + value->size, value};
}

/* The largest first; of equal ones in the graph's order, which `mark` holds. */
static int compare_sizes(const void *left, const void *right)
{
    const struct value *one = *(struct value *const *)left, *other = *(struct value *const *)right;
    if (one->size != other->size)
        return one->size > other->size ? -1 : 1;
    return one->mark - other->mark;
}

void pass_memory(struct graph *graph)
{
    find_lives(graph);
    struct value **order = ARENA_ARRAY(graph->arena, struct value *, (size_t)graph->value_count);
    int count = 0;
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        if (value->view_of)
            continue;
        value->size = batch_size(graph, value);
        value->mark = i;
        order[count++] = value;
    }
    qsort(order, (size_t)count, sizeof *order, compare_sizes);
    struct tenant *placed = ARENA_ARRAY(graph->arena, struct tenant, (size_t)count);
    for (int i = 0; i < count; i++) {
        place(placed, i, order[i]);
        int64_t end = order[i]->offset + order[i]->size;
        graph->arena_size = end > graph->arena_size ? end : graph->arena_size;
    }
}
