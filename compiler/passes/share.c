/* share.c - results that several layers take. A padded convolution wants its image with a border of zeros, a
 * dense layer as one run of numbers; where both take the same image, the run is a copy:
 *
 *     c1 to f5 and c2    ->    c1 to f5_copy and c2, f5_copy to f5
 *
 * Needs: forward nodes.
 * Gives: layers of kind copy in front of those that read flat.
 * Keeps: all others, and every image that one layer alone takes. */
#include "base/arena.h"
#include "layers/catalogue.h"
#include "passes/passes.h"

static bool needs_copy(const struct layer *layer)
{
    return layer->kind->reads_flat && !layer->input->shape.is_vector && layer->input->consumers > 1;
}

static void insert_copy(struct graph *graph, struct layer *layer)
{
    struct value *input = layer->input;
    const char *name = arena_format(graph->arena, "%s_copy", layer->name);
    struct layer *copy = graph_add_layer(graph, &layer_copy, name);
    copy->statement = arena_format(graph->arena, "%s: copy of %s for %s", name, input->name, layer->name);
    copy->span = layer->span;
    copy->input = input;
    struct shape_check check = {.arena = graph->arena, .layer = copy, .source = input->layer};
    copy->output =
        graph_add_value(graph, VALUE_ACTIVATION, copy, copy->kind->shape(graph, copy, input->shape, &check));
    copy->output->consumers = 1;
    copy->kind->forward(graph, copy);
    graph_move_before(graph, layer);
    layer->input = copy->output;
    if (layer->output->view_of == input)
        layer->output->view_of = copy->output;
    for (int i = 0; i < graph->node_count; i++)
        for (int j = 0; graph->nodes[i]->layer == layer && j < graph->nodes[i]->read_count; j++)
            if (graph->nodes[i]->reads[j] == input)
                graph->nodes[i]->reads[j] = copy->output;
}

void pass_share(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (needs_copy(graph->layers[i])) {
            insert_copy(graph, graph->layers[i]);
            i++;
        }
}
