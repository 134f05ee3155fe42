/* stanza.c - one stanza per statement of the .net file: what was written, its shapes and cost, then the
 * functions that compute it forward and backward.
 *
 *     // c1: conv 6 5x5 pad=2 relu        28x28x1 -> 28x28x6, 156 parameters, 235 kFLOP
 *     static void c1_forward(struct lenet5 *net, int batch) … */
#include "emit/emit.h"
#include "layers/catalogue.h"

static void print_flop(struct text *to, int64_t flop)
{
    if (flop >= 1000000)
        text_format(to, ", %.3g MFLOP", (double)flop / 1e6);
    else if (flop >= 1000)
        text_format(to, ", %.3g kFLOP", (double)flop / 1e3);
    else
        text_format(to, ", %lld FLOP", (long long)flop);
}

/* "28x28x1 -> 28x28x6, 156 parameters, 235 kFLOP" */
static void print_cost(struct text *to, const struct layer *layer, const struct layer *last)
{
    if (layer->input) {
        shape_print(to, layer->input->shape);
        text_format(to, " -> ");
    }
    shape_print(to, last->output->shape);
    int64_t parameters = layer_parameter_size(layer);
    if (parameters)
        text_format(to, ", %lld parameters", (long long)parameters);
    if (layer->flop)
        print_flop(to, layer->flop);
}

/* The last layer of the statement that begins at `first`: its words may have become layers of their own. */
static int statement_end(const struct graph *graph, int first)
{
    int last = first;
    while (last + 1 < graph->layer_count && !graph->layers[last + 1]->statement)
        last++;
    return last;
}

/* A pass of the probe may call a function of training's. */
static void emit_node(struct writer *writer, const struct node *node)
{
    if (node->operation->call || graph_find_node(writer->graph, node->layer, node->operation) != node)
        return;
    writer->operation = node->operation;
    writer->split = node_split(writer->graph, node);
    node->operation->emit[writer->graph->form](writer, node->layer);
}

static void emit_stanza(struct writer *writer, int first, int last)
{
    const struct graph *graph = writer->graph;
    const struct layer *layer = graph->layers[first];
    struct text cost = text_create(graph->arena);
    print_cost(&cost, layer, graph->layers[last]);
    if (!graph->settings_at_start) {
        writer_line(writer, "/* %s", layer->statement);
        writer_line(writer, " * %s */", cost.bytes);
        writer_blank(writer);
    }
    for (int i = first; i <= last; i++)
        for (int j = 0; j < graph->node_count; j++)
            if (graph->nodes[j]->layer == graph->layers[i])
                emit_node(writer, graph->nodes[j]);
}

static bool has_nodes(const struct graph *graph, int first, int last)
{
    for (int i = first; i <= last; i++)
        for (int j = 0; j < graph->node_count; j++)
            if (graph->nodes[j]->layer == graph->layers[i] && !graph->nodes[j]->operation->call)
                return true;
    return false;
}

void emit_stanzas(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    for (int first = 0; first < graph->layer_count; first++) {
        int last = statement_end(graph, first);
        if (has_nodes(graph, first, last))
            emit_stanza(writer, first, last);
        first = last;
    }
}
