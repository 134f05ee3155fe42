/* tuning_file.c - reads and writes MODEL.tune.yaml. */
#include "command/tuning_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/files.h"
#include "formats/yaml_tree.h"
#include "layers/catalogue.h"
#include "passes/passes.h"

enum { MOST_ROWS = 16 };

static const char *const machines[] = {"x86-64-v3", "x86-64-v4", "armv8-a", "portable"};
enum { MACHINES = sizeof machines / sizeof machines[0] };

const char *tuning_path(struct arena *arena, const char *model)
{
    const char *dot = strrchr(model, '.');
    const int length = dot && strcmp(dot, ".net") == 0 ? (int)(dot - model) : (int)strlen(model);
    return arena_format(arena, "%.*s.tune.yaml", length, model);
}

static void *yaml_get(void *owner, size_t size)
{
    return arena_allocate(owner, size);
}

static bool refuse(const char *path, const struct yaml_node *node, const char *sentence)
{
    fprintf(stderr, "%s:%d:%d: error: %s\n", path, node->line, node->column, sentence);
    fprintf(stderr, "help: run netc tune again, or delete the file: it only makes steps faster\n");
    return false;
}

/* The whole file; NULL where there is none or, with `is_fault`, where it cannot be read. */
static const struct yaml_node *read_tree(struct arena *arena, const char *path, bool *is_fault)
{
    size_t length;
    *is_fault = false;
    if (!file_exists(path))
        return NULL;
    const char *bytes = file_read(arena, path, &length);
    *is_fault = true;
    if (!bytes) {
        fprintf(stderr, "netc: cannot read '%s'\n", path);
        return NULL;
    }
    struct yaml_fault fault;
    const struct yaml_node *tree =
        yaml_parse(bytes, length, "a file of tiles", (struct yaml_memory){yaml_get, arena}, &fault);
    if (!tree) {
        fprintf(stderr, "%s:%d:%d: error: %s\n", path, fault.line, fault.column, fault.sentence);
        return NULL;
    }
    if (tree->kind != YAML_MAPPING) {
        refuse(path, tree, "here must be a mapping: a machine, and its layers");
        return NULL;
    }
    *is_fault = false;
    return tree;
}

static bool read_rows(const char *path, const struct yaml_node *node, int *rows)
{
    char *end = NULL;
    *rows = node->kind == YAML_SCALAR ? (int)strtol(node->text, &end, 10) : 0;
    if (*rows < 1 || *rows > MOST_ROWS || *end)
        return refuse(path, node, "the rows of a tile are a number from 1 to 16");
    return true;
}

static bool is_part(const char *name)
{
    for (int use = 0; tune_part(use); use++)
        if (strcmp(tune_part(use), name) == 0)
            return true;
    return false;
}

static bool read_machine(struct arena *arena, const char *path, const struct yaml_node *machine,
                         struct tuning *tuning)
{
    int most = 0;
    if (machine->kind != YAML_MAPPING)
        return refuse(path, machine, "here must be a mapping: a layer, and the rows of its tiles");
    for (int i = 0; i < machine->count; i++) {
        if (machine->items[i]->kind != YAML_MAPPING)
            return refuse(path, machine->items[i],
                          "here must be a mapping: forward, backward_weight, backward_input");
        most += machine->items[i]->count;
    }
    struct tuned_tile *tiles = ARENA_ARRAY(arena, struct tuned_tile, (size_t)most + 1);
    for (int i = 0; i < machine->count; i++)
        for (int j = 0; j < machine->items[i]->count; j++) {
            const struct yaml_node *part = machine->items[i]->keys[j];
            struct tuned_tile *tile = &tiles[tuning->count++];
            *tile = (struct tuned_tile){.layer = machine->keys[i]->text, .part = part->text};
            if (!is_part(part->text))
                return refuse(path, part, "a part is forward, backward_weight or backward_input");
            if (!read_rows(path, machine->items[i]->items[j], &tile->rows))
                return false;
        }
    tuning->tiles = tiles;
    return true;
}

static bool is_machine(const char *name)
{
    for (int i = 0; i < MACHINES; i++)
        if (strcmp(machines[i], name) == 0)
            return true;
    return false;
}

bool tuning_read(struct arena *arena, const char *model, const char *march, const struct tuning **tuning)
{
    const char *path = tuning_path(arena, model);
    bool is_fault;
    const struct yaml_node *tree = strcmp(model, "-") == 0 ? NULL : read_tree(arena, path, &is_fault);
    *tuning = NULL;
    if (!tree)
        return strcmp(model, "-") == 0 || !is_fault;
    for (int i = 0; i < tree->count; i++)
        if (!is_machine(tree->keys[i]->text))
            return refuse(path, tree->keys[i], "a machine is x86-64-v3, x86-64-v4, armv8-a or portable");
    const struct yaml_node *machine = yaml_find(tree, march);
    if (!machine)
        return true;
    struct tuning *found = ARENA_ARRAY(arena, struct tuning, 1);
    *tuning = found;
    return read_machine(arena, path, machine, found);
}

static bool has_layer(const struct graph *graph, const char *name)
{
    for (int i = 0; i < graph->layer_count; i++)
        if (strcmp(graph->layers[i]->name, name) == 0)
            return graph->layers[i]->kind->may_be_tuned;
    return false;
}

bool tuning_fits(struct arena *arena, const char *model, const char *march, const struct graph *graph)
{
    const char *path = tuning_path(arena, model);
    bool is_fault;
    const struct yaml_node *tree = strcmp(model, "-") == 0 ? NULL : read_tree(arena, path, &is_fault);
    const struct yaml_node *machine = tree ? yaml_find(tree, march) : NULL;
    for (int i = 0; machine && i < machine->count; i++)
        if (!has_layer(graph, machine->keys[i]->text))
            return refuse(path, machine->keys[i],
                          arena_format(arena, "'%s' has no layer '%s' with tiles", graph->name,
                                       machine->keys[i]->text));
    return true;
}

/* "  c3: { forward: 5, backward_weight: 6 }" for each layer; parts of one stand together. */
static void print_tuning(struct text *text, const struct tuning *tuning)
{
    for (int i = 0; i < tuning->count; i++) {
        const struct tuned_tile *tile = &tuning->tiles[i];
        const bool is_first = i == 0 || strcmp(tile[-1].layer, tile->layer) != 0;
        const bool is_last = i + 1 == tuning->count || strcmp(tile[1].layer, tile->layer) != 0;
        if (is_first)
            text_format(text, "  %s: { ", tile->layer);
        text_format(text, "%s: %d%s", tile->part, tile->rows, is_last ? " }\n" : ", ");
    }
}

bool tuning_write(struct arena *arena, const char *model, const char *march, const struct tuning *tuning)
{
    struct text text = text_create(arena);
    text_format(&text,
                "# Rows of tiles that `netc tune` found fastest. They change how long a step takes, and no "
                "number that it computes.\n");
    int sections = 0;
    for (int i = 0; i < MACHINES; i++) {
        const struct tuning *of_machine = tuning;
        if (strcmp(machines[i], march) != 0 && !tuning_read(arena, model, machines[i], &of_machine))
            return false;
        if (!of_machine || !of_machine->count)
            continue;
        sections++;
        text_format(&text, "%s:\n", machines[i]);
        print_tuning(&text, of_machine);
    }
    if (!sections)
        text_format(&text, "{}\n");
    return file_write(tuning_path(arena, model), text.bytes, text.length);
}
