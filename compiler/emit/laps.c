/* laps.c - what --time-layers adds to a step: behind each of its parts, the time since the one before.
 *
 *     c1_forward(net, examples);
 *     LAP(team, "c1", "forward"); */
#include "emit/emit.h"
#include "layers/catalogue.h"

void emit_lap(struct writer *writer, const char *layer, const char *part)
{
    if (!writer->graph->times_layers)
        return;
    writer_line(writer, "LAP(%s, \"%s\", \"%s\");", writer->graph->form == NODE_TILED ? "team" : "LAP_ALONE",
                layer, part);
}

void emit_lap_start(struct writer *writer)
{
    if (writer->graph->times_layers)
        writer_line(writer, "laps_start(%s);", writer->graph->form == NODE_TILED ? "team" : "LAP_ALONE");
}

void emit_lap_of_node(struct writer *writer, const struct node *node)
{
    if (node->phase != PHASE_CREATE && !phase_is_of_probe(node->phase))
        emit_lap(writer, node->layer->name, node->operation->name);
}

void emit_laps_mark(struct writer *writer)
{
    if (!writer->graph->times_layers)
        return;
    writer_line(writer, "const bool laps_are_taken = true;");
    writer_blank(writer);
}
