/* adversary.c - training on inputs that are moved against the network: what is done to a batch in front of
 * its step (runtime/adversary.h has the moves).
 *
 *     adversarial fgsm epsilon=0.1    ->    #define ADVERSARIAL_EPSILON 0.1
 *                                           static void perturb(struct lenet5 *net, struct batch batch) …
 *
 * The gradient by the input is the probe's, in evaluation mode: the network that is led astray is the one
 * that will be used, and neither masks nor running statistics change by it. */
#include "emit/emit.h"
#include "layers/catalogue.h"
#include "layers/probe.h"

static const struct setting *setting_of(const struct graph *graph, const char *name)
{
    return setting_find(catalogue_find_training("adversarial")->attributes, graph->training.adversarial,
                        name);
}

static bool is_pgd(const struct graph *graph)
{
    return setting_of(graph, "pgd")->is_given;
}

static bool has_share(const struct graph *graph)
{
    return setting_of(graph, "share")->real < 1;
}

static bool is_shared(const struct writer *writer)
{
    return writer->graph->form == NODE_TILED;
}

void emit_adversary_constants(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (!graph->training.adversarial)
        return;
    writer_setting(writer, "ADVERSARIAL_EPSILON", setting_of(graph, "epsilon")->real);
    if (is_pgd(graph))
        writer_setting_count(writer, "ADVERSARIAL_STEPS", setting_of(graph, "steps")->integer[0]);
    if (setting_of(graph, "step_size")->is_given)
        writer_setting(writer, "ADVERSARIAL_STEP_SIZE", setting_of(graph, "step_size")->real);
    if (has_share(graph))
        writer_setting(writer, "ADVERSARIAL_SHARE", setting_of(graph, "share")->real);
}

const char *emit_adversary_description(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const char *step =
        setting_of(graph, "step_size")->is_given ? " \" step_size=\" TEXT_OF(ADVERSARIAL_STEP_SIZE)" : "";
    return writer_format(writer, "\"%s%s epsilon=\" TEXT_OF(ADVERSARIAL_EPSILON)%s%s%s",
                         is_pgd(graph) ? "pgd" : "fgsm",
                         setting_of(graph, "norm")->integer[0] ? " norm=2" : "",
                         is_pgd(graph) ? " \" steps=\" TEXT_OF(ADVERSARIAL_STEPS)" : "", step,
                         has_share(graph) ? " \" share=\" TEXT_OF(ADVERSARIAL_SHARE)" : "");
}

static void emit_input_gradient(struct writer *writer)
{
    const bool shared = is_shared(writer);
    writer_line(writer, "/* The gradient of each example's loss by its input, in evaluation mode */");
    writer_line(writer, "static void input_gradient(struct %s *net, int batch%s)", writer->graph->name,
                shared ? ", struct team team" : "");
    writer_line(writer, "{");
    writer->depth++;
    if (shared)
        writer_line(writer, "const struct range examples = team_examples(team, GROUPS, batch);");
    emit_pass(writer, PHASE_PROBE_BACKWARD);
    writer_function_end(writer);
}

/* How far, in which steps, from where. */
static void emit_settings(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    writer_open(writer, "const struct adversary adversary =");
    writer_line(writer, ".norm = %s,",
                setting_of(graph, "norm")->integer[0] ? "ADVERSARY_2" : "ADVERSARY_INF");
    writer_line(writer, ".epsilon = ADVERSARIAL_EPSILON,");
    if (setting_of(graph, "step_size")->is_given)
        writer_line(writer, ".step = ADVERSARIAL_STEP_SIZE,");
    else if (is_pgd(graph))
        writer_line(writer, ".step = adversary_usual_step(ADVERSARIAL_EPSILON, ADVERSARIAL_STEPS),");
    else
        writer_line(writer, ".step = ADVERSARIAL_EPSILON,");
    if (is_pgd(graph))
        writer_line(writer, ".starts_anywhere = true,");
    writer->depth--;
    writer_line(writer, "};");
    writer_line(writer, "const struct input_space *space = dataset_input_space(batch.examples->data);");
    writer_line(writer, "const struct probe_place input = %s;",
                probe_place(writer, graph->layers[0]->output));
    writer_line(writer, "const struct probe_place dinput = %s;",
                probe_place(writer, graph->layers[0]->doutput));
    if (has_share(graph))
        writer_line(writer, "const int count = (int)(ADVERSARIAL_SHARE * batch.count + 0.5);");
    else
        writer_line(writer, "const int count = batch.count;");
}

static void emit_examples(struct writer *writer)
{
    writer_under(writer, "for (int n = examples.first; n < examples.end; n++)");
}

/* One look at the gradient and one move. */
static void emit_move(struct writer *writer)
{
    writer_line(writer, is_shared(writer) ? "forward(net, count, team);" : "forward(net, count);");
    if (is_shared(writer))
        writer_line(writer, "team_wait(team);");
    writer_line(writer,
                is_shared(writer) ? "input_gradient(net, count, team);" : "input_gradient(net, count);");
    emit_examples(writer);
    writer_line(writer,
                "adversary_step(&adversary, space, probe_view_of(input, n), probe_view_of(dinput, n), "
                "net->clean[n]);");
    writer_end(writer, 1);
}

static void emit_moves(struct writer *writer)
{
    const bool shared = is_shared(writer);
    writer_line(writer, shared ? "load(net, batch, team_examples(team, GROUPS, batch.count));"
                               : "load(net, batch, range_of_all((size_t)batch.count));");
    if (shared && has_share(writer->graph))
        writer_line(writer, "team_wait(team);");
    writer_line(writer, shared ? "const struct range examples = team_examples(team, GROUPS, count);"
                               : "const struct range examples = range_of_all((size_t)count);");
    if (emit_has_prepare(writer->graph))
        writer_line(writer, "prepare(net, team);");
    emit_examples(writer);
    writer_line(writer,
                "adversary_start(&adversary, space, probe_view_of(input, n), net->clean[n], net->seed, "
                "random_stream(\"adversarial\") + net->step, (uint32_t)n);");
    writer_end(writer, 1);
    if (!is_pgd(writer->graph)) {
        emit_move(writer);
        return;
    }
    writer_open(writer, "for (int step = 0; step < ADVERSARIAL_STEPS; step++)");
    emit_move(writer);
    if (shared)
        writer_line(writer, "team_wait(team);");
    writer_close(writer);
}

static void emit_perturb(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    if (is_shared(writer)) {
        emit_team_function(writer, "perturb_together", "struct batch batch");
        emit_settings(writer);
        emit_moves(writer);
        writer_function_end(writer);
    }
    writer_line(
        writer,
        "/* The batch with %s inputs moved to where their loss is larger, within ADVERSARIAL_EPSILON */",
        has_share(graph) ? "a share of its" : "all");
    writer_line(writer, "static void perturb(struct %s *net, struct batch batch)", graph->name);
    writer_line(writer, "{");
    writer->depth++;
    if (!is_shared(writer))
        emit_settings(writer);
    writer_line(writer, "net->is_training = false;");
    if (emit_has_moves(graph))
        writer_line(writer, "probe_move_gradients(net, true);");
    if (is_shared(writer))
        emit_team_call(writer, "perturb_together", "batch");
    else
        emit_moves(writer);
    if (emit_has_moves(graph))
        writer_line(writer, "probe_move_gradients(net, false);");
    writer_line(writer, "net->is_training = true;");
    writer_function_end(writer);
}

void emit_adversary(struct writer *writer)
{
    if (!writer->graph->training.adversarial)
        return;
    emit_input_gradient(writer);
    emit_perturb(writer);
}

void emit_adversary_clean_gradients(struct writer *writer)
{
    const bool shared = is_shared(writer);
    if (!writer->graph->training.adversarial)
        return;
    writer_line(writer, "/* The gradients of a batch as it is, not moved */");
    emit_team_function(writer, "clean_gradients", "struct batch batch");
    writer_line(writer, shared ? "load(net, batch, team_examples(team, GROUPS, batch.count));"
                               : "load(net, batch, range_of_all((size_t)batch.count));");
    writer_line(writer, "compute_gradients(net, batch%s%s);",
                graph_moves_at_once(writer->graph) ? ", NULL" : "", shared ? ", team" : "");
    writer_function_end(writer);
}
