/* schedule.c - how each layer walks its loops: borders of zeros around padded inputs, panels and tiles.
 *
 *     c3: conv 16 5x5 on x86-64-v3    ->    two vectors of 8 filters side by side, tiles of 5 pixels
 *
 * Needs: all nodes and values.
 * Gives: value->border, layer->tiling, the shape of transposed weights.
 * Keeps: the nodes and their order. Decided by shape and target alone, never by a timing: tiles order sums.
 */
#include <string.h>

#include "layers/catalogue.h"
#include "passes/passes.h"

/* What is the same memory has the same border, where it has the same shape. */
static void share_borders(struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++) {
        struct value *value = graph->values[i];
        const struct value *root = value;
        while (root->view_of)
            root = root->view_of;
        if (root == value || !shape_equal(root->shape, value->shape))
            continue;
        value->border = root->border;
        memcpy(value->border_of, root->border_of, sizeof value->border_of);
    }
}

void pass_schedule(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->kind->schedule)
            graph->layers[i]->kind->schedule(graph, graph->layers[i]);
    share_borders(graph);
}
