/* drawing.c - a network in the language of Graphviz.
 *
 *     c1: conv 6 5x5 relu    ->    c1 [label="c1\nconv 6 5x5 relu\n156 parameters"];
 *                                  input -> c1 [label="28x28x1"]; */
#include "describe/drawing.h"

#include <string.h>

#include "base/text.h"
#include "ir/graph.h"
#include "layers/catalogue.h"

static void print_escaped(struct text *to, const char *from)
{
    for (; *from; from++) {
        if (*from == '"' || *from == '\\')
            text_append(to, "\\", 1);
        text_append(to, from, 1);
    }
}

/* What was written, without the label. */
static const char *description(const struct layer *layer)
{
    if (!layer->statement)
        return layer->kind->name;
    const char *colon = strstr(layer->statement, ": ");
    return colon ? colon + 2 : layer->statement;
}

static void print_layer(struct text *to, const struct layer *layer)
{
    int64_t parameters = layer_parameter_size(layer);
    text_format(to, "    \"%s\" [label=\"%s\\n", layer->name, layer->name);
    print_escaped(to, description(layer));
    if (parameters)
        text_format(to, "\\n%lld parameters", (long long)parameters);
    text_format(to, "\"%s];\n", parameters ? ", style=filled, fillcolor=\"#e8eef7\"" : "");
}

static void print_arrow(struct text *to, const struct value *value, const struct layer *layer)
{
    text_format(to, "    \"%s\" -> \"%s\" [label=\"", value->layer->name, layer->name);
    shape_print(to, value->shape);
    text_format(to, "\"];\n");
}

void drawing_print(struct text *to, const struct graph *graph)
{
    text_format(to, "digraph \"%s\" {\n", graph->name);
    text_format(to, "    node [shape=box, fontname=\"sans-serif\", fontsize=11];\n");
    text_format(to, "    edge [fontname=\"sans-serif\", fontsize=9];\n\n");
    for (int i = 0; i < graph->layer_count; i++)
        print_layer(to, graph->layers[i]);
    text_format(to, "\n");
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        if (layer->input && !layer->joined_count)
            print_arrow(to, layer->input, layer);
        for (int j = 0; j < layer->joined_count; j++)
            print_arrow(to, layer->joined[j], layer);
    }
    text_format(to, "}\n");
}
