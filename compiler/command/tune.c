/* tune.c - `netc tune`: trainers whose tiles have other numbers of rows take turns; for each part of each
 * layer the fastest goes into MODEL.tune.yaml.
 *
 *     c3  forward  10 rows 118.96 us  ->  5 rows 109.41 us
 *
 * A trainer is the same network with one most of rows for all tiles, compiled with --time-layers; its `bench`
 * tells each part's least time. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "command/building.h"
#include "command/commands.h"
#include "command/tuning_file.h"
#include "layers/catalogue.h"
#include "passes/passes.h"

enum { MOST_TRIALS = 6, ROUNDS = 5, MOST_PARTS = 3 };

struct trial {
    struct tuning tuning; /* one most of rows for all */
    struct building building;
    double (*least)[MOST_PARTS]; /* [layer_count] seconds; 0: not measured */
};

struct tune {
    struct arena *arena;
    const struct options *options;
    struct trial trials[MOST_TRIALS]; /* the first by rule */
    int count;
};

static const struct graph *graph_of(const struct trial *trial)
{
    return trial->building.compiled.graph;
}

/* Rows that are worth a measurement, of machines with many registers and with few. */
static const int *candidates(const struct graph *graph)
{
    static const int many[] = {4, 6, 10, 12, 0}, few[] = {3, 4, 5, 0};
    return graph->target->registers >= 32 ? many : few;
}

static int add_trial(struct tune *tune, int rows)
{
    struct trial *trial = &tune->trials[tune->count++];
    trial->tuning.rows = rows;
    trial->building = (struct building){.arena = tune->arena, .options = tune->options};
    struct compile_options compile = options_for_compiler(tune->options);
    compile.time_layers = true;
    compile.probe = false;
    compile.tuning = &trial->tuning;
    int end = building_emit(&trial->building, compile);
    if (end == EXIT_GOOD)
        end = building_make(&trial->building);
    if (end == EXIT_GOOD)
        trial->least = (double(*)[MOST_PARTS])arena_allocate_array(
            tune->arena, (size_t)graph_of(trial)->layer_count, sizeof *trial->least);
    return end;
}

static void keep_least(struct trial *trial, const char *label, const char *part, double seconds)
{
    for (int i = 0; i < graph_of(trial)->layer_count; i++)
        for (int use = 0; tune_part(use) && strcmp(graph_of(trial)->layers[i]->name, label) == 0; use++) {
            double *least = &trial->least[i][use];
            if (strcmp(tune_part(use), part) == 0 && seconds > 0 && (*least <= 0 || seconds < *least))
                *least = seconds;
        }
}

static bool measure(struct tune *tune, struct trial *trial)
{
    struct arguments arguments = {0};
    struct text output;
    arguments_add(tune->arena, &arguments, trial->building.binary);
    arguments_split(tune->arena, &arguments, "bench --threads 1 --json --seconds");
    arguments_add(tune->arena, &arguments,
                  arena_format(tune->arena, "%g", tune->options->seconds > 0 ? tune->options->seconds : 0.5));
    if (arguments_output(tune->arena, &arguments, &output) != 0)
        return false;
    json_t *root = json_loads(output.bytes, 0, NULL), *row;
    size_t i;
    json_array_foreach(json_object_get(root, "parts"), i, row)
    {
        const char *label = "", *part = "";
        double least = 0;
        json_unpack(row, "{s:s, s:s, s:F}", "layer", &label, "part", &part, "least", &least);
        keep_least(trial, label, part, least);
    }
    const bool has_parts = i > 0;
    json_decref(root);
    return has_parts;
}

static int rows_of(const struct trial *trial, int layer, int use)
{
    return graph_of(trial)->layers[layer]->tiling[use].rows;
}

/* The trial whose tile of that part is clearly faster than the one by rule; 0: none is. */
static int fastest(const struct tune *tune, int layer, int use)
{
    const double worth = 0.98; /* less of a gain is within what the clock and the machine blur */
    int best = 0;
    double least = tune->trials[0].least[layer][use] * worth;
    for (int t = 1; t < tune->count; t++) {
        const double seconds = tune->trials[t].least[layer][use];
        if (rows_of(&tune->trials[t], layer, use) == rows_of(&tune->trials[0], layer, use) || seconds <= 0 ||
            seconds >= least)
            continue;
        least = seconds;
        best = t;
    }
    return best;
}

static struct tuning choose(const struct tune *tune)
{
    const struct graph *graph = graph_of(&tune->trials[0]);
    struct tuned_tile *tiles =
        ARENA_ARRAY(tune->arena, struct tuned_tile, (size_t)graph->layer_count * MOST_PARTS);
    struct tuning found = {.tiles = tiles};
    for (int i = 0; i < graph->layer_count; i++)
        for (int use = 0; tune_part(use) && graph->layers[i]->kind->may_be_tuned; use++) {
            const struct layer *layer = graph->layers[i];
            const int best = fastest(tune, i, use);
            if (!best)
                continue;
            printf("%s %s: %d rows %.2f us, %d rows %.2f us\n", layer->name, tune_part(use),
                   rows_of(&tune->trials[0], i, use), tune->trials[0].least[i][use] * 1e6,
                   rows_of(&tune->trials[best], i, use), tune->trials[best].least[i][use] * 1e6);
            tiles[found.count++] =
                (struct tuned_tile){layer->name, tune_part(use), tune->trials[best].tuning.rows};
        }
    return found;
}

static int measure_all(struct tune *tune)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int t = 0; t < tune->count; t++)
            if (!measure(tune, &tune->trials[t])) {
                fprintf(stderr, "netc tune: the trainer '%s' cannot be measured here\n",
                        tune->trials[t].building.binary);
                return EXIT_INPUT;
            }
    return EXIT_GOOD;
}

static int make_all(struct tune *tune)
{
    int end = add_trial(tune, 0);
    if (end != EXIT_GOOD)
        return end;
    for (const int *rows = candidates(graph_of(&tune->trials[0])); *rows && end == EXIT_GOOD; rows++)
        end = add_trial(tune, *rows);
    return end;
}

int command_tune(struct arena *arena, const struct options *options)
{
    struct tune tune = {.arena = arena, .options = options};
    if (strcmp(options->file, "-") == 0) {
        fprintf(stderr, "netc tune: the model must be a file, beside which the result goes\n");
        return EXIT_USAGE;
    }
    int end = make_all(&tune);
    if (end == EXIT_GOOD)
        end = measure_all(&tune);
    if (end == EXIT_GOOD) {
        const struct tuning found = choose(&tune);
        const char *march = building_march(options);
        end = tuning_write(arena, options->file, march, &found) ? EXIT_GOOD : EXIT_INPUT;
        if (end == EXIT_GOOD)
            printf("%d tile%s for %s in %s\n", found.count, found.count == 1 ? "" : "s", march,
                   tuning_path(arena, options->file));
    }
    for (int t = 0; t < tune.count; t++)
        building_release(&tune.trials[t].building);
    return end;
}
