/* demand.c - what a sweep demands of its model: the figure that points are ranked by, epochs enough for its
 * rounds, weights to collect, and data.
 *
 *     measure: validation accuracy, and no validate in the model    ->    error at `measure` */
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "command/files.h"
#include "layers/catalogue.h"
#include "sweep/plan.h"
#include "sweep/results.h"

enum { MOST_WEIGHTS = 4096 };

/* The layer of that name with weights; NULL: there is none. */
static const struct layer *find_weights(const struct graph *graph, const char *label,
                                        struct suggestion *suggestion)
{
    for (int i = 0; i < graph->layer_count; i++) {
        if (!graph->layers[i]->weight)
            continue;
        if (strcmp(graph->layers[i]->name, label) == 0)
            return graph->layers[i];
        suggestion_offer(suggestion, graph->layers[i]->name);
    }
    return NULL;
}

static bool check_collect(struct sweep *sweep)
{
    struct suggestion suggestion = suggestion_for(sweep->collect ? sweep->collect : "");
    if (!sweep->collect)
        return true;
    const struct layer *layer = find_weights(sweep->graph, sweep->collect, &suggestion);
    if (layer && parameter_size(layer->weight) <= MOST_WEIGHTS)
        return true;
    if (layer)
        return sweep_refuse(sweep, E0703, sweep->collect_span,
                            "'%s' has %lld weights; a table has at most %d columns of them", sweep->collect,
                            (long long)parameter_size(layer->weight), MOST_WEIGHTS);
    struct diagnostic *error = diagnostics_error(sweep->diagnostics, E0703, sweep->collect_span,
                                                 "no layer '%.60s' has weights", sweep->collect);
    if (suggestion.nearest)
        diagnostic_help(error, "did you mean '%s'?", suggestion.nearest);
    return false;
}

/* Columns are the same weights in every row. */
bool demand_check_point(const struct plan *plan, const struct sweep_point *point, const struct graph *graph)
{
    struct sweep *sweep = plan->sweep;
    struct suggestion nobody = suggestion_for("");
    if (!sweep->collect)
        return true;
    const struct parameter *own = find_weights(sweep->graph, sweep->collect, &nobody)->weight;
    const struct layer *layer = find_weights(graph, sweep->collect, &nobody);
    const struct parameter *its = layer ? layer->weight : NULL;
    if (its && its->filters == own->filters && its->channels == own->channels && its->height == own->height &&
        its->width == own->width)
        return true;
    return sweep_refuse(sweep, E0703, sweep->collect_span,
                        "the weights of '%s' are not the same ones at every point: %s", sweep->collect,
                        results_point(plan, (int)(point - plan->points)));
}

/* Does the model give the figure that points are ranked by? */
static bool check_measure(struct sweep *sweep)
{
    const struct graph *graph = sweep->graph;
    struct measure *measure = &sweep->measure;
    const bool is_validated = graph->training.validate != VALIDATION_NONE,
               is_class = graph->layers[graph->layer_count - 1]->likelihood->is_class;
    if (!measure->split) {
        *measure = (struct measure){.split = is_validated ? "validation" : "train", .figure = "loss"};
        return true;
    }
    const bool is_of_class =
        strcmp(measure->figure, "accuracy") == 0 || strcmp(measure->figure, "error") == 0;
    if (strcmp(measure->split, "validation") == 0 && !is_validated)
        return sweep_refuse(sweep, E0703, measure->span,
                            "the model has no 'validate' in train { }, so there is no validation %s",
                            measure->figure);
    if (strcmp(measure->figure, "loss") != 0 && is_of_class != is_class)
        return sweep_refuse(sweep, E0703, measure->span, "the output of '%s' is %s, so there is no %s",
                            graph->name, is_class ? "a class" : "no class", measure->figure);
    return true;
}

static bool check_halving(struct sweep *sweep)
{
    const double full = sweep->budget == BUDGET_SHARE ? 100 : (double)sweep->graph->training.epochs;
    if (sweep->search != SEARCH_HALVING || sweep->budget_from < full)
        return true;
    return sweep_refuse(
        sweep, E0703, sweep->halving_span, "the first round must be below the %s of the last",
        sweep->budget == BUDGET_SHARE
            ? "100%"
            : arena_format(sweep->arena, "%lld epochs", (long long)sweep->graph->training.epochs));
}

/* Is there a manifest? What it says is the trainer's matter. */
static bool check_data(struct sweep *sweep)
{
    const char *data = sweep->graph->training.data;
    if (sweep->data)
        return file_exists(sweep->data) ||
               sweep_refuse(sweep, E0703, sweep->data_span, "there is no file '%s'", sweep->data);
    if (!data)
        return sweep_refuse(sweep, E0703, sweep->model_span,
                            "no data: the model names none, and neither does the sweep");
    for (int i = 0; i < sweep->axis_count; i++)
        if (strcmp(sweep->axes[i].owner, "data") == 0)
            return true;
    const char *path = data[0] == '/' ? data
                                      : arena_format(sweep->arena, "%s/%s",
                                                     path_folder(sweep->arena, sweep->net->path), data);
    return file_exists(path) ||
           sweep_refuse(sweep, E0703, sweep->model_span, "there is no file '%s', the model's data", path);
}

bool demand_check(struct sweep *sweep)
{
    return check_measure(sweep) && check_halving(sweep) && check_collect(sweep) && check_data(sweep);
}
