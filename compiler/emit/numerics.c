/* numerics.c - what --debug-numerics adds to the passes: a look at all that a layer's function has written,
 * and at gradients and weights when a step has them.
 *
 *     c1_forward(net, examples);
 *     numerics_share(team, net->is_training, "the result of 'c1'", net->value.c1, (size_t)batch * C1_SIZE);
 */
#include "emit/emit.h"
#include "layers/catalogue.h"

static void emit_look(struct writer *writer, const char *what, const char *numbers, const char *count)
{
    if (!writer->graph->checks_numerics)
        return;
    writer_line(writer, "%snet->is_training, \"%s\", %s, %s);",
                writer->graph->form == NODE_TILED ? "numerics_share(team, " : "numerics_check(", what,
                numbers, count);
}

void emit_numerics_mark(struct writer *writer)
{
    if (!writer->graph->checks_numerics)
        return;
    writer_line(writer, "const bool numerics_are_checked = true;");
    writer_blank(writer);
}

void emit_numerics_of_node(struct writer *writer, const struct node *node)
{
    if (phase_is_of_probe(node->phase))
        return;
    for (int i = 0; i < node->write_count; i++) {
        const struct value *value = node->writes[i];
        if (value->kind != VALUE_ACTIVATION && value->kind != VALUE_GRADIENT)
            continue;
        emit_look(writer,
                  writer_format(writer, "the %s of '%s'",
                                value->kind == VALUE_ACTIVATION ? "result" : "gradient by the result",
                                value->name),
                  value_place(writer, value),
                  writer_format(writer, "(size_t)batch * %s", value_padded_size(writer, value)));
    }
}

void emit_numerics_of_tensors(struct writer *writer, const char *what, const char *member,
                              bool (*has)(const struct parameter *parameter))
{
    const struct graph *graph = writer->graph;
    for (int i = 0; i < graph->layer_count; i++)
        for (int j = 0; j < graph->layers[i]->parameter_count; j++) {
            const struct parameter *parameter = graph->layers[i]->parameters[j];
            const char *place =
                writer_format(writer, "net->%s.%s.%s", member, parameter->layer->name, parameter->name);
            if (has(parameter))
                emit_look(
                    writer,
                    writer_format(writer, "%s of '%s.%s'", what, parameter->layer->name, parameter->name),
                    writer_format(writer, "&%s", place),
                    writer_format(writer, "sizeof(%s) / sizeof(real)", place));
        }
}
