/* check.c - a tree becomes a graph: the statements of net { } layer by layer, then train { }, then what of a
 * layer depends on those behind it and on train { }.
 *
 *     c1: conv 6 5x5 relu    ->    layers c1 and c1_relu; weights of c1 drawn after He, as relu follows */
#include "check/check.h"

#include "layers/weights.h"

/* Is what takes the layer's result relu-like, a normalisation between them left aside? */
static bool is_before_relu(const struct graph *graph, int at)
{
    const struct value *result = graph->layers[at]->output;
    for (int i = at + 1; i < graph->layer_count; i++) {
        const struct layer *layer = graph->layers[i];
        if (layer->input != result)
            continue;
        if (!layer->kind->is_normalisation)
            return layer->kind->is_relu_like;
        result = layer->output;
    }
    return false;
}

/* What depends on more than the layer itself: penalties on train { }, the first weights on the layer behind
 * (He where that is relu-like, unless the author said otherwise). */
static void finish_weights(struct graph *graph)
{
    for (int i = 0; i < graph->layer_count; i++) {
        struct layer *layer = graph->layers[i];
        if (!layer->weight)
            continue;
        weights_resolve_penalties(graph, layer);
        if (layer->weight->init == PARAMETER_GLOROT && is_before_relu(graph, i) &&
            !layer_setting(layer, "init")->is_given)
            layer->weight->init = PARAMETER_HE;
    }
}

static void check_complete(struct check *check, const struct tree_declaration *net)
{
    struct graph *graph = check->graph;
    if (!check->output_span.source && !check->failed)
        diagnostics_error(check->diagnostics, E0312, net->name_span,
                          "net '%s' has no output, for example 'output categorical'", net->name);
    bool has_frozen = false;
    for (int i = 0; i < graph->layer_count; i++) {
        if (layer_parameter_size(graph->layers[i]))
            return;
        has_frozen = has_frozen || graph->layers[i]->is_frozen;
    }
    if (!diagnostics_error_count(check->diagnostics))
        diagnostics_error(check->diagnostics, E0312, net->name_span,
                          "net '%s' has no layer with weights%s: there is nothing to train", net->name,
                          has_frozen ? " that are not frozen" : "");
}

static const struct tree_declaration *find_declaration(const struct tree *tree,
                                                       enum tree_declaration_kind kind)
{
    for (int i = 0; i < tree->declaration_count; i++)
        if (tree->declarations[i]->kind == kind)
            return tree->declarations[i];
    return NULL;
}

struct graph *check_tree(struct arena *arena, const struct tree *tree, struct diagnostics *diagnostics)
{
    const struct tree_declaration *net = find_declaration(tree, TREE_NET),
                                  *train = find_declaration(tree, TREE_TRAIN);
    if (!net)
        return NULL;
    struct check check = {.arena = arena, .diagnostics = diagnostics, .tree = tree, .last_label = "input"};
    check.measures_end = &check.measures;
    check.graph = graph_create(arena, net->name);
    net_name_check(&check, net->name, net->name_span);
    check_read_body(&check, net->body);
    check_complete(&check, net);
    train_check(&check, train ? train->body : NULL);
    finish_weights(check.graph);
    return diagnostics_error_count(diagnostics) ? NULL : check.graph;
}
