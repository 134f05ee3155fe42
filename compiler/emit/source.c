/* source.c - NAME.c from its parts: stanzas, schedule, training loop, tables. */
#include <string.h>

#include "emit/emit.h"
#include "layers/catalogue.h"

static bool has_header(const struct graph *graph, const char *name)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (graph->layers[i]->kind->header && strcmp(graph->layers[i]->kind->header, name) == 0)
            return true;
    return false;
}

static void emit_opening(struct writer *writer, const char *header_name)
{
    const struct graph *graph = writer->graph;
    bool is_plain = graph->form == NODE_PLAIN;
    writer_line(writer, "/* %s.c - trains the network '%s': %s.", graph->name, graph->name,
                is_plain ? "the textbook form" : "loops over register tiles");
    writer_line(writer, " *");
    writer_line(writer, " * One stanza per layer with its forward and backward functions, then the order in "
                        "which they run, the optimizer and the");
    writer_line(writer, " * training loop, then tables for the runtime. Made by netc from a .net file; edit "
                        "that, not this. */");
    writer_line(writer, "#include \"%s\"", header_name);
    writer_blank(writer);
    writer_line(writer, "#include <math.h>");
    writer_line(writer, "#include <stddef.h>");
    writer_line(writer, "#include <string.h>");
    writer_blank(writer);
    writer_line(writer, "#include \"activation.h\"");
    if (graph->training.adversarial)
        writer_line(writer, "#include \"adversary.h\"");
    if (emit_has_augment(graph))
        writer_line(writer, "#include \"augment.h\"");
    writer_line(writer, "#include \"dataset.h\"");
    writer_line(writer, "#include \"dropout.h\"");
    if (graph->times_layers)
        writer_line(writer, "#include \"laps.h\"");
    if (has_header(graph, "noise.h"))
        writer_line(writer, "#include \"noise.h\"");
    if (graph->checks_numerics)
        writer_line(writer, "#include \"numerics.h\"");
    writer_line(writer, "#include \"optimizer.h\"");
    if (!is_plain)
        writer_line(writer, "#include \"panels.h\"");
    if (graph->wants_probe)
        writer_line(writer, "#include \"probe.h\"");
    if (graph->training.adversarial)
        writer_line(writer, "#include \"random.h\"");
    writer_line(writer, "#include \"score.h\"");
    if (!is_plain) {
        writer_line(writer, "#include \"team.h\"");
        writer_line(writer, "#include \"tile.h\"");
    }
    writer_line(writer, "#include \"trainer.h\"");
    writer_line(writer, "#include \"training.h\"");
    writer_blank(writer);
    writer_line(
        writer,
        "_Static_assert(NETC_ABI == %d, \"this file and the runtime do not fit together: emit it again\");",
        EMIT_ABI);
    writer_blank(writer);
}

void emit_source(struct text *to, const struct graph *graph, const char *header_name,
                 const struct plain_settings *settings)
{
    struct writer writer = writer_create(graph);
    writer.settings = *settings;
    emit_opening(&writer, header_name);
    emit_stanzas(&writer);
    emit_schedule(&writer);
    emit_training(&writer);
    emit_settings_at_start(&writer);
    emit_tables(&writer);
    *to = writer.text;
}
