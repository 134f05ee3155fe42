/* print.c - a graph as text, in the names that the author wrote:
 *
 *     net lenet5: 17 layers, 12 nodes
 *     value c1 28x28x6 border 0 0 2 2 size 301056 at 0
 *     c1.forward(input) -> c1 */
#include "base/arena.h"
#include "base/text.h"
#include "ir/graph.h"

static const char *const value_prefixes[] = {
    [VALUE_ACTIVATION] = "",
    [VALUE_GRADIENT] = "d",
    [VALUE_INDEX] = "index.",
    [VALUE_TRANSPOSED] = "transposed.",
};

static void print_value_name(struct text *to, const struct value *value)
{
    text_format(to, "%s%s", value_prefixes[value->kind], value->name);
}

static void print_value(struct text *to, const struct value *value)
{
    text_format(to, "value ");
    print_value_name(to, value);
    text_format(to, " ");
    shape_print(to, value->shape);
    if (value_has_border(value))
        text_format(to, " border %lld %lld %lld %lld", (long long)value->border.top,
                    (long long)value->border.left, (long long)value->border.bottom,
                    (long long)value->border.right);
    if (value->view_of) {
        text_format(to, " view of ");
        print_value_name(to, value->view_of);
    } else if (value->size) {
        text_format(to, " size %lld at %lld, stages %d to %d", (long long)value->size,
                    (long long)value->offset, value->first, value->last);
    }
    text_format(to, "\n");
}

static void print_values(struct text *to, struct value *const *values, int count)
{
    for (int i = 0; i < count; i++) {
        text_format(to, "%s", i ? ", " : "");
        print_value_name(to, values[i]);
    }
}

static void print_tiling(struct text *to, const char *use, const struct tiling *tiling)
{
    if (!tiling->rows)
        return;
    text_format(to, " %s %dx%d of %d%s", use, tiling->rows, tiling->vectors, tiling->lanes,
                tiling->in_pairs ? " in pairs" : "");
    if (tiling->rest)
        text_format(to, " and %dx%d", tiling->rest, tiling->vectors);
}

void graph_print(struct text *to, const struct graph *graph)
{
    text_format(to, "net %s: %d layers, %d nodes\n", graph->name, graph->layer_count, graph->node_count);
    for (int i = 0; i < graph->value_count; i++)
        print_value(to, graph->values[i]);
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        text_format(to, "layer %s", layer->name);
        if (layer->activation)
            text_format(to, " fused %s", layer->activation->name);
        print_tiling(to, "forward", &layer->tiling[TILING_FORWARD]);
        print_tiling(to, "weight", &layer->tiling[TILING_WEIGHT]);
        print_tiling(to, "input", &layer->tiling[TILING_INPUT]);
        text_format(to, "\n");
    }
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->waits)
            text_format(to, "wait\n");
        text_format(to, "%s.%s(", node->layer->name, node->operation->name);
        print_values(to, node->reads, node->read_count);
        text_format(to, ") -> ");
        print_values(to, node->writes, node->write_count);
        text_format(to, "\n");
    }
    if (graph->arena_size)
        text_format(to, "arena %lld\n", (long long)graph->arena_size);
}
