/* test_middle_support.c - text to graph for the tests of checks and passes. */
#include "test_middle_support.h"

#include <criterion/criterion.h>
#include <string.h>

#include "ast/tree.h"
#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "check/check.h"
#include "compile.h"
#include "passes/passes.h"

static const struct target test_targets[] = {
    {"x86-64-v3", 8, 16}, {"x86-64-v4", 16, 32}, {"armv8-a", 4, 32}, {"portable", 4, 16}};

struct graph *checked_graph(const char *text)
{
    struct arena *arena = arena_create();
    struct diagnostics *diagnostics = diagnostics_create(arena);
    struct names *names = names_create(arena);
    const struct source *source = source_from_text(arena, "test.net", text, strlen(text));
    struct tree *tree = tree_parse(arena, names, source, diagnostics);
    tree = tree_expand(arena, names, tree, NULL, diagnostics);
    struct graph *graph = check_tree(arena, tree, diagnostics);
    if (!graph)
        diagnostics_print(diagnostics, stderr, DIAGNOSTICS_TEXT, false);
    cr_assert_not_null(graph);
    return graph;
}

struct graph *passed_graph(const char *text, const char *march, enum node_form form)
{
    struct graph *graph = checked_graph(text);
    for (size_t i = 0; i < sizeof test_targets / sizeof test_targets[0]; i++)
        if (strcmp(test_targets[i].march, march) == 0)
            graph->target = &test_targets[i];
    graph->form = form;
    struct text dump = text_create(graph->arena);
    pipeline_run(graph, NULL, &dump);
    return graph;
}

const struct layer *find_layer(const struct graph *graph, const char *name)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (strcmp(graph->layers[i]->name, name) == 0)
            return graph->layers[i];
    cr_assert_fail("no layer '%s'", name);
    return NULL;
}

const char *node_names(const struct graph *graph)
{
    struct text text = text_create(graph->arena);
    for (int i = 0; i < graph->node_count; i++)
        text_format(&text, "%s%s.%s", i ? " " : "", graph->nodes[i]->layer->name,
                    graph->nodes[i]->operation->name);
    return text.bytes;
}
