/* tune.c - tiles as somebody measured them instead of by rule: MODEL.tune.yaml, or a candidate of `netc
 * tune`.
 *
 *     c3: forward in tiles of 8 pixels, tuned to 5    ->    layer->tiling of c3: 5 rows
 *
 * Needs: layer->tiling.
 * Gives: the same with other rows.
 * Keeps: every result to the last bit. A row of a tile is a pixel, an example or a weight with sums of its
 * own, so rows may be grouped at will; but a small tile of weights' gradients takes pixels in pairs
 * (TILE(_outer) of runtime/tile_lanes.h), so those stay on their side of that border. Taps that share a
 * vector have no other tile. */
#include <string.h>

#include "ir/graph.h"
#include "layers/catalogue.h"
#include "layers/weights.h"
#include "passes/passes.h"

static const char *const parts[] = {
    [TILING_FORWARD] = "forward", [TILING_WEIGHT] = "backward_weight", [TILING_INPUT] = "backward_input"};
enum { PARTS = sizeof parts / sizeof parts[0] };

/* The rows that are asked for; 0: none are. */
static int rows_asked(const struct tuning *tuning, const struct layer *layer, int use)
{
    for (int i = 0; i < tuning->count; i++)
        if (strcmp(tuning->tiles[i].layer, layer->name) == 0 &&
            strcmp(tuning->tiles[i].part, parts[use]) == 0)
            return tuning->tiles[i].rows;
    return tuning->rows;
}

static bool has_pairs(const struct tiling *tiling)
{
    return tiling->rows * tiling->vectors < TILE_PAIRED_SUMS ||
           (tiling->rest && tiling->rest * tiling->vectors < TILE_PAIRED_SUMS);
}

static void tune_tiling(struct tiling *tiling, int use, int rows)
{
    struct tiling tuned = *tiling;
    const int most = TILE_SUMS / tiling->vectors;
    tiling_divide(&tuned, rows < most ? rows : most);
    if (use == TILING_WEIGHT && (tiling->in_pairs || has_pairs(tiling) || has_pairs(&tuned)))
        return;
    *tiling = tuned;
}

void pass_tune(struct graph *graph)
{
    if (!graph->tuning || graph->form != NODE_TILED)
        return;
    for (int i = 0; i < graph->layer_count; i++)
        for (int use = 0; use < PARTS && graph->layers[i]->kind->may_be_tuned; use++) {
            struct tiling *tiling = &graph->layers[i]->tiling[use];
            const int rows = rows_asked(graph->tuning, graph->layers[i], use);
            if (tiling->rows && rows)
                tune_tiling(tiling, use, rows);
        }
}

const char *tune_part(int use)
{
    return use < PARTS ? parts[use] : NULL;
}
