/* cost.c - sums over the graph, and the limits that train { } sets to them.
 *
 *     limit parameters=50000      ->      error: the net has 61,706 parameters, … note: f5 has 48,120 of them
 */
#include "cost.h"

#include "base/diagnostics.h"
#include "ir/graph.h"
#include "layers/catalogue.h"

/* Reals of the gradients that groups of examples sum apart. */
static int64_t layer_group_reals(const struct graph *graph, const struct layer *layer)
{
    int64_t reals = 0;
    for (int i = 0; i < layer->parameter_count; i++)
        if (layer->parameters[i]->in_groups)
            reals += graph_groups(graph) * parameter_memory(graph, layer->parameters[i]);
    return reals;
}

struct cost cost_of(const struct graph *graph)
{
    struct cost cost = {.copies = 3 + graph->training.optimizer->buffers(graph)};
    int64_t reals = 0, group_reals = 0;
    cost.copies += graph->training.ema >= 0 || graph->training.swa >= 0;
    for (int i = 0; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        cost.parameters += layer_parameter_size(layer);
        cost.frozen += layer_frozen_size(layer);
        cost.running += layer_running_size(layer);
        cost.flop += layer->flop;
        for (int j = 0; j < layer->parameter_count; j++)
            reals += parameter_memory(graph, layer->parameters[j]);
        group_reals += layer_group_reals(graph, layer);
    }
    cost.row = reals * (int64_t)sizeof(float);
    cost.values = graph->arena_size * (int64_t)sizeof(float);
    cost.groups = group_reals * (int64_t)sizeof(float);
    if (graph->training.adversarial) /* inputs as the data have them */
        cost.values +=
            graph->training.batch * shape_size(graph->layers[0]->output->shape) * (int64_t)sizeof(float);
    cost.memory = cost.values + cost.copies * cost.row + cost.groups;
    return cost;
}

/* Bytes that a layer's results and gradients take, and all copies of its parameters. */
static int64_t layer_memory(const struct graph *graph, const struct layer *layer, int copies)
{
    int64_t reals = 0;
    for (int i = 0; i < graph->value_count; i++)
        if (graph->values[i]->layer == layer && !graph->values[i]->view_of)
            reals += graph->values[i]->size;
    for (int i = 0; i < layer->parameter_count; i++)
        reals += copies * parameter_memory(graph, layer->parameters[i]);
    reals += layer_group_reals(graph, layer);
    return reals * (int64_t)sizeof(float);
}

/* Notes about the three layers that cost most, the dearest first. */
static void note_dearest(const struct graph *graph, struct diagnostic *error, bool is_memory, int copies)
{
    int64_t below = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        const struct layer *dearest = NULL;
        int64_t most = 0;
        for (int j = 0; j < graph->layer_count; j++) {
            const struct layer *layer = graph->layers[j];
            int64_t cost = is_memory ? layer_memory(graph, layer, copies) : layer_parameter_size(layer);
            if (cost > most && cost < below) {
                most = cost;
                dearest = layer;
            }
        }
        if (!dearest)
            return;
        diagnostic_note(error, dearest->span,
                        is_memory ? "'%s' takes %lld bytes" : "'%s' has %lld parameters", dearest->name,
                        (long long)most);
        below = most;
    }
}

bool cost_check(const struct graph *graph, struct diagnostics *diagnostics)
{
    const struct training *training = &graph->training;
    struct cost cost = cost_of(graph);
    bool has_many = training->limit_parameters > 0 && (double)cost.parameters > training->limit_parameters;
    bool is_large = training->limit_memory > 0 && (double)cost.memory > training->limit_memory;
    if (has_many)
        note_dearest(graph,
                     diagnostics_error(diagnostics, E0503, training->limit_span,
                                       "net '%s' has %lld parameters, and its limit is %.0f", graph->name,
                                       (long long)cost.parameters, training->limit_parameters),
                     false, cost.copies);
    if (is_large)
        note_dearest(
            graph,
            diagnostics_error(diagnostics, E0503, training->limit_span,
                              "training net '%s' in batches of %lld takes %lld bytes, and its limit is %.0f",
                              graph->name, (long long)training->batch, (long long)cost.memory,
                              training->limit_memory),
            true, cost.copies);
    return !has_many && !is_large;
}
