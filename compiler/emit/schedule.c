/* schedule.c - what runs when: the places of all values, the forward and the backward pass as lists of calls,
 * and the step of the optimizer, one line per tensor. */
#include "emit/emit.h"
#include "layers/catalogue.h"

#define GROUP_LOOP "for (int g = groups.first; g < groups.end; g++)"

/* c1_forward(net, examples); f5_forward(net, batch, team_share(team, F5_PANELS)); or, group by group,
 * for (int g = groups.first; g < groups.end; g++)
 *     c1_backward_weight(net, g, team_group(g, GROUPS, batch));
 *
 * In a chain the loop over the groups stands around it. */
static void emit_call(struct writer *writer, const struct node *node)
{
    const struct operation *operation = node->operation;
    if (operation->call) {
        operation->call(writer, node->layer);
        return;
    }
    const bool is_tiled = writer->graph->form == NODE_TILED;
    enum split split = node_split(writer->graph, node);
    const char *batch =
        operation->is_of_net || (split == SPLIT_EXAMPLES && !operation->takes_batch) ? "" : ", batch";
    const char *share = "", *around = NULL;
    if (split == SPLIT_EXAMPLES) {
        share = node->chain ? ", some" : ", examples";
    } else if (split == SPLIT_GROUPS) {
        around = node->chain ? NULL : GROUP_LOOP;
        batch = ", g";
        share = node->chain ? ", some" : ", team_group(g, GROUPS, batch)";
    } else if (split == SPLIT_PARTS) {
        share = writer_format(writer, "%s, team_share(team, %s)", operation->takes_rate ? ", rate" : "",
                              operation->parts(writer, node->layer));
    } else if (is_tiled && node->phase != PHASE_CREATE) {
        around = "if (team.thread == 0)";
    }
    if (around)
        writer_under(writer, "%s", around);
    writer_line(writer, "%s_%s(net%s%s);", node->layer->name, operation->name, batch, share);
    writer_end(writer, around != NULL);
}

/* What comes in front of a node: a wait, the end of the chain before it, the start of its own. */
static void emit_before(struct writer *writer, const struct node *node, int chain)
{
    if (chain && chain != node->chain)
        writer_close(writer);
    if (node->waits) {
        writer_line(writer, "team_wait(team);");
        if (node->phase != PHASE_CREATE && !phase_is_of_probe(node->phase))
            emit_lap(writer, "", "wait");
    }
    if (node->chain && chain != node->chain) {
        writer_open(writer, GROUP_LOOP);
        writer_line(writer, "const struct range some = team_group(g, GROUPS, batch);");
    }
}

void emit_pass(struct writer *writer, enum node_phase phase)
{
    const struct graph *graph = writer->graph;
    int chain = 0;
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->phase != phase)
            continue;
        emit_before(writer, node, chain);
        chain = node->chain;
        emit_call(writer, node);
        emit_lap_of_node(writer, node);
        if (phase == PHASE_FORWARD || phase == PHASE_BACKWARD)
            emit_numerics_of_node(writer, node);
    }
    if (chain)
        writer_close(writer);
}

/* Does a call of the pass name the thread's examples? */
static bool takes_examples(const struct graph *graph, enum node_phase phase)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->phase == phase && !graph->nodes[i]->chain &&
            node_split(graph, graph->nodes[i]) == SPLIT_EXAMPLES)
            return true;
    return false;
}

/* Is there a loop over its groups? */
static bool takes_groups(const struct graph *graph, enum node_phase phase)
{
    for (int i = 0; i < graph->node_count; i++)
        if (graph->nodes[i]->phase == phase &&
            (graph->nodes[i]->chain || node_split(graph, graph->nodes[i]) == SPLIT_GROUPS))
            return true;
    return false;
}

/* What of the batch is this thread's, as far as the pass asks. */
static void emit_shares(struct writer *writer, enum node_phase phase)
{
    const bool has_examples = takes_examples(writer->graph, phase),
               has_groups = takes_groups(writer->graph, phase);
    if (has_examples || has_groups)
        writer_line(writer, "const struct range %s%s%s;",
                    has_examples ? "examples = team_examples(team, GROUPS, batch)" : "",
                    has_examples && has_groups ? ", " : "",
                    has_groups ? "groups = team_share(team, GROUPS)" : "");
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

bool emit_has_prepare(const struct graph *graph)
{
    return graph_has_phase(graph, PHASE_PREPARE);
}

static void emit_prepare(struct writer *writer)
{
    if (!emit_has_prepare(writer->graph))
        return;
    writer_line(writer, "/* The weights as the backward pass reads them */");
    writer_line(writer, "static void prepare(struct %s *net, struct team team)", writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
    emit_pass(writer, PHASE_PREPARE);
    writer_function_end(writer);
}

/* Gradients that groups of examples have summed apart, in the order of the groups. */
static void emit_group_sums(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (!emit_has_groups(graph))
        return;
    writer_line(writer, "team_wait(team);");
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        for (int j = 0; j < layer->parameter_count; j++)
            if (layer->parameters[j]->in_groups)
                writer_line(writer, "TEAM_ADD_GROUPS(team, net, %s.%s);", layer->name,
                            layer->parameters[j]->name);
    }
    emit_lap(writer, "", "add_groups");
}

static void emit_passes(struct writer *writer)
{
    const char *name = writer->graph->name;
    const char *team = writer->graph->form == NODE_TILED ? ", struct team team" : "";
    const bool moves = graph_moves_at_once(writer->graph);
    emit_prepare(writer);
    writer_line(writer, "static void forward(struct %s *net, int batch%s)", name, team);
    writer_line(writer, "{");
    writer->depth++;
    emit_shares(writer, PHASE_FORWARD);
    emit_pass(writer, PHASE_FORWARD);
    writer_function_end(writer);

    writer_line(writer,
                "/* Gradients of the mean loss of the batch, by all parameters; penalties are left "
                "to the optimizer.%s */",
                moves ? "\n * With a rate, weights that take one move at once and keep no gradient." : "");
    writer_line(writer, "static void backward(struct %s *net, int batch%s%s)", name,
                moves ? ", const double *rate" : "", team);
    writer_line(writer, "{");
    writer->depth++;
    if (writer->graph->form == NODE_PLAIN)
        writer_line(writer, "memset(&net->dparam, 0, sizeof(net->dparam));");
    emit_shares(writer, PHASE_BACKWARD);
    if (emit_has_groups(writer->graph))
        writer_line(writer, "memset(&net->group[groups.first], 0, (size_t)(groups.end - groups.first) * "
                            "sizeof(net->group[0]));");
    emit_pass(writer, PHASE_BACKWARD);
    emit_group_sums(writer);
    emit_numerics_of_tensors(writer, "the gradient", "dparam", parameter_is_updated);
    writer_function_end(writer);
    emit_probe_passes(writer);
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

/* How many tensors are left for the optimizer behind the backward pass. */
static int updated_count(const struct graph *graph)
{
    int count = 0;
    for (int i = 0; i < graph->layer_count; i++)
        for (int j = 0; j < graph->layers[i]->parameter_count; j++)
            count += parameter_is_updated(graph->layers[i]->parameters[j]);
    return count;
}

static void emit_update(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct optimizer_kind *optimizer = graph->training.optimizer;
    const bool is_shared = graph->form == NODE_TILED, has_any = updated_count(graph) > 0;
    if (has_any) {
        optimizer->tensor(writer, graph);
        writer_blank(writer);
    }
    writer_line(writer, "/* %s */", optimizer->summary);
    writer_line(writer, "static void update(struct %s *net, double rate%s)", graph->name,
                is_shared ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
    if (graph->training.clip_norm > 0 || graph->training.clip_value > 0) {
        writer_line(writer, is_shared ? "clip(net, team);" : "clip(net);");
        if (is_shared)
            writer_line(writer, "team_wait(team);");
    }
    for (int i = 0; i < graph->layer_count; i++)
        for (int j = 0; j < graph->layers[i]->parameter_count; j++)
            if (parameter_is_updated(graph->layers[i]->parameters[j]))
                optimizer->update(writer, graph, graph->layers[i]->parameters[j]);
    if (!has_any)
        writer_line(writer, "(void)net, (void)rate, (void)team; /* all weights move in the backward pass */");
    emit_lap(writer, "", "update");
    if (is_shared && graph_has_phase(graph, PHASE_UPDATE))
        writer_line(writer, "team_wait(team);");
    emit_pass(writer, PHASE_UPDATE);
    emit_numerics_of_tensors(writer, "the new value", "param", parameter_is_learned);
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
