/* schedule.c - what runs when: the places of all values, the forward and the backward pass as lists of calls,
 * and the step of the optimizer, one line per tensor. */
#include "emit/emit.h"
#include "layers/catalogue.h"

static void emit_pass(struct writer *writer, enum node_phase phase)
{
    const struct graph *graph = writer->graph;
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->operation->phase == phase)
            writer_line(writer, "%s_%s(net%s);", node->layer->name, node->operation->name,
                        node->operation->is_of_net ? "" : ", batch");
    }
}

static void emit_create(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_line(writer, "/* A network in `memory`, which is zero: every value gets its place. */");
    writer_line(writer, "static void create(void *memory, uint64_t seed)");
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "struct %s *net = memory;", graph->name);
    writer_line(writer, "net->seed = seed;");
    writer_line(writer, "net->arena = (real *)(net + 1);");
    for (const struct value **value = emit_values_in_order(graph); *value; value++)
        writer_line(writer, "%s = (void *)(net->arena + %s);", value_place(writer, *value),
                    emit_place(writer, *value, "at"));
    emit_pass(writer, PHASE_CREATE);
    writer_function_end(writer);
}

static void emit_passes(struct writer *writer)
{
    const char *name = writer->graph->name;
    writer_line(writer, "static void forward(struct %s *net, int batch)", name);
    writer_line(writer, "{");
    writer->depth++;
    emit_pass(writer, PHASE_FORWARD);
    writer_function_end(writer);

    writer_line(writer, "/* Gradients of the mean loss of the batch, by all parameters; penalties are left "
                        "to the optimizer. */");
    writer_line(writer, "static void backward(struct %s *net, int batch)", name);
    writer_line(writer, "{");
    writer->depth++;
    writer_line(writer, "memset(&net->dparam, 0, sizeof(net->dparam));");
    emit_pass(writer, PHASE_BACKWARD);
    writer_function_end(writer);
}

static void emit_learning_rate(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_line(writer, "/* %s: the rate of step `step`, from 0 */", graph->training.schedule->summary);
    writer_line(writer, "static double learning_rate(uint64_t step, uint64_t steps_per_epoch, int epochs)");
    writer_line(writer, "{");
    writer->depth++;
    graph->training.schedule->body(writer, graph);
    writer_function_end(writer);
}

static void emit_update(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct optimizer_kind *optimizer = graph->training.optimizer;
    optimizer->tensor(writer, graph);
    writer_blank(writer);
    writer_line(writer, "/* %s */", optimizer->summary);
    writer_line(writer, "static void update(struct %s *net, double rate)", graph->name);
    writer_line(writer, "{");
    writer->depth++;
    if (graph->training.clip_norm > 0 || graph->training.clip_value > 0)
        writer_line(writer, "clip(net);");
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        for (int j = 0; j < layer->parameter_count; j++)
            if (parameter_is_learned(layer->parameters[j]))
                optimizer->update(writer, graph, layer->parameters[j]);
    }
    emit_pass(writer, PHASE_UPDATE);
    writer_function_end(writer);
}

void emit_schedule(struct writer *writer)
{
    emit_create(writer);
    emit_passes(writer);
    emit_learning_rate(writer);
    emit_clip(writer);
    emit_update(writer);
}
