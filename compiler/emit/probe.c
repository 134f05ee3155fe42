/* probe.c - the passes of a probe as lists of calls, and the function that the runtime calls them through.
 *
 *     probe_forward:   c1_forward(net, examples);
 *                      probe_look_at_value(probe, C1_LAYER, examples, probe_row(…));
 *     probe_backward:  c3_backward_input(net, examples);
 *                      probe_look_at_gradient(probe, C1_MAXPOOL_LAYER, examples, probe_row(…)); */
#include "emit/emit.h"
#include "layers/catalogue.h"

static const struct layer *output_of(const struct writer *writer)
{
    return writer->graph->layers[writer->graph->layer_count - 1];
}

static bool is_shared(const struct writer *writer)
{
    return writer->graph->form == NODE_TILED;
}

void emit_probe_constants(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (!graph->wants_looks)
        return;
    writer_line(writer, "/* The layers by their numbers, for a probe */");
    writer_open(writer, "enum");
    for (int i = 0; i < graph->layer_count; i++)
        writer_line(writer, "%s,", layer_constant(writer, graph->layers[i], "layer"));
    writer->depth--;
    writer_line(writer, "};");
    writer_blank(writer);
}

static void open_pass(struct writer *writer, const char *name)
{
    writer_line(writer, "static void %s(struct %s *net, int batch, const struct probe *probe%s)", name,
                writer->graph->name, is_shared(writer) ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, is_shared(writer)
                            ? "const struct range examples = team_examples(team, GROUPS, batch);"
                            : "const struct range examples = range_of_all((size_t)batch);");
}

bool emit_has_moves(const struct graph *graph)
{
    for (int i = 0; i < graph->value_count; i++)
        if (graph->values[i]->moves)
            return true;
    return false;
}

static bool moves(const struct value *value)
{
    while (value->view_of)
        value = value->view_of;
    return value->moves;
}

static void emit_moves(struct writer *writer)
{
    if (!emit_has_moves(writer->graph))
        return;
    writer_line(writer,
                "/* Training overwrites results that a probe still needs: there their gradients have places "
                "of their own. */");
    writer_line(writer, "static void probe_move_gradients(struct %s *net, bool to_probe)",
                writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    for (const struct value **value = emit_values_in_order(writer->graph); *value; value++)
        if (moves(*value))
            writer_line(writer, "%s = (void *)(net->arena + (to_probe ? %s : %s));",
                        value_place(writer, *value), emit_probe_place(writer, *value, "at"),
                        emit_place(writer, *value, "at"));
    writer_function_end(writer);
}

void emit_probe_passes(struct writer *writer)
{
    if (!writer->graph->wants_probe)
        return;
    emit_moves(writer);
    if (!writer->graph->wants_looks)
        return;
    writer->has_looks = true;
    writer_line(writer, "/* The forward pass as a probe sees it */");
    open_pass(writer, "probe_forward");
    emit_pass(writer, PHASE_PROBE_FORWARD);
    writer_function_end(writer);
    writer_line(writer,
                "/* Gradients of one number of each example in evaluation mode: its loss, or what the probe "
                "sets */");
    open_pass(writer, "probe_backward");
    emit_pass(writer, PHASE_PROBE_BACKWARD);
    writer_function_end(writer);
    writer->has_looks = false;
}

static void emit_team_probe(struct writer *writer)
{
    emit_team_function(writer, "probe_together", "struct batch batch, const struct probe *probe");
    writer_line(writer, "const int count = batch.count;");
    writer_line(writer, "const struct range examples = team_examples(team, GROUPS, count);");
    writer_line(writer, "load(net, batch, examples);");
    if (emit_has_prepare(writer->graph))
        writer_line(writer, "prepare(net, team);");
    writer_line(writer, "probe_forward(net, count, probe, team);");
    writer_line(writer, "output_loss(net, examples);");
    writer_line(writer, "team_wait(team);");
    writer_under(writer, "if (probe->gradient)");
    writer_line(writer, "probe_backward(net, count, probe, team);");
    writer_end(writer, 1);
    writer_function_end(writer);
}

static void emit_plain_probe(struct writer *writer)
{
    writer_line(writer, "load(net, batch, range_of_all((size_t)count));");
    writer_line(writer, "probe_forward(net, count, probe);");
    writer_line(writer, "output_loss(net, count);");
    writer_under(writer, "if (probe->gradient)");
    writer_line(writer, "probe_backward(net, count, probe);");
    writer_end(writer, 1);
}

void emit_probe(struct writer *writer)
{
    if (!writer->graph->wants_looks)
        return;
    if (is_shared(writer))
        emit_team_probe(writer);
    writer_line(writer,
                "static const real *probe(void *memory, const struct examples *split, size_t first, int "
                "count, const struct probe *probe)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", writer->graph->name);
    writer_line(writer, "const struct batch batch = batch_of(split, NULL, first, count);");
    writer_line(writer, "net->is_training = false;");
    if (emit_has_moves(writer->graph))
        writer_line(writer, "probe_move_gradients(net, true);");
    if (is_shared(writer))
        emit_team_call(writer, "probe_together", "batch, probe");
    else
        emit_plain_probe(writer);
    if (emit_has_moves(writer->graph))
        writer_line(writer, "probe_move_gradients(net, false);");
    writer_line(writer, "probe_give_losses(probe, net->loss, count);");
    writer_line(writer, "return %s;", value_start(writer, output_of(writer)->output, "0"));
    writer_function_end(writer);
}
