/* compile.c - the passes of the whole compiler in their order: read, parse, expand, check, passes, emit. */
#include "compile.h"

#include <string.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "base/source.h"
#include "check/check.h"
#include "cost.h"
#include "emit/emit.h"
#include "ir/graph.h"
#include "passes/passes.h"

/* Vector registers and the floats in one, of each machine that C is emitted for. Of SSE's sixteen two hold
 * products: there is no multiply-add. */
static const struct target targets[] = {
    {.march = "x86-64-v3", .lanes = 8, .registers = 16},
    {.march = "x86-64-v4", .lanes = 16, .registers = 32},
    {.march = "armv8-a", .lanes = 4, .registers = 32},
    {.march = "portable", .lanes = 4, .registers = 14},
};
enum { TARGETS = sizeof targets / sizeof targets[0] };

const char *const *compile_march_names(void)
{
    static const char *names[TARGETS + 1];
    for (int i = 0; i < TARGETS; i++)
        names[i] = targets[i].march;
    return names;
}

const char *compile_layer_text(const struct layer *layer)
{
    return emit_layer_description(layer);
}

const char *const *compile_pass_names(void)
{
    static const char *names[16];
    for (int i = 0; pipeline[i].name; i++)
        names[i] = pipeline[i].name;
    return names;
}

static const struct target *find_target(const char *march)
{
    for (int i = 0; march && i < TARGETS; i++)
        if (strcmp(targets[i].march, march) == 0)
            return &targets[i];
    return &targets[0];
}

bool compile_check(struct arena *program, const struct compile_options *options,
                   struct diagnostics *diagnostics, struct compiled *result)
{
    const char *why = NULL;
    const struct source *source = options->text ? options->text : source_read(program, options->path, &why);
    if (!source) {
        diagnostics_error(diagnostics, E0601, (struct span){0}, "cannot read '%s': %s", options->path, why);
        return false;
    }
    struct names *names = names_create(program);
    struct tree *tree = tree_parse(program, names, source, diagnostics);
    const struct tree_expansion expansion = {options->overrides, options->override_count, name_is_reserved};
    tree = tree_expand(program, names, tree, &expansion, diagnostics);
    result->source = source;
    result->sources = tree->sources;
    result->source_count = tree->source_count;
    struct graph *graph = check_tree(program, tree, diagnostics);
    if (!graph)
        return false;
    result->json = text_create(program);
    if (options->as_json)
        network_print_json(&result->json, graph);
    graph->target = find_target(options->march);
    graph->form = options->form == FORM_PLAIN ? NODE_PLAIN : NODE_TILED;
    graph->checks_numerics = options->debug_numerics;
    graph->tuning = options->tuning;
    graph->times_layers = options->time_layers;
    graph->wants_looks = options->probe;
    graph->wants_probe = graph->wants_looks || graph->training.adversarial;
    graph->settings_at_start = options->settings_at_start;
    result->dump = text_create(program);
    pipeline_run(graph, options->dump_after, &result->dump);
    if (!cost_check(graph, diagnostics))
        return false;
    result->graph = graph;
    result->name = graph->name;
    result->data = graph->training.data;
    return true;
}

bool compile_emit(struct arena *program, const struct compile_options *options,
                  struct diagnostics *diagnostics, struct compiled *result)
{
    if (!compile_check(program, options, diagnostics, result))
        return false;
    struct text header_name = text_create(program);
    text_format(&header_name, "%s.h", result->name);
    result->settings = emit_header(&result->header, result->graph);
    emit_source(&result->code, result->graph, options->header_name ? options->header_name : header_name.bytes,
                &result->settings);
    return true;
}
