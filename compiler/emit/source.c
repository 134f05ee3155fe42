/* source.c - NAME.c from its parts: stanzas, schedule, training loop, tables. */
#include <string.h>

#include "emit/emit.h"
#include "layers/catalogue.h"

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
    writer_line(writer, "#include \"generated.h\"");
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
