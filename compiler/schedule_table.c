/* schedule_table.c - how a step runs, for people: which function does what in which order, what of it each
 * thread takes, by which tiles, and where all wait for each other.
 *
 *     c3.forward          own examples               5 x 2 vectors of 8
 *     -- all wait --
 *     c3.backward_weight  own groups of examples     6 (4) x 2 vectors of 8, over one example
 *
 * A tile is rows x vectors; the rows of an edge tile stand in brackets, and behind it of how many images its
 * rows are, where these are few, or over what it sums up at a time. Few filters leave room for two pixels, or
 * taps, in a vector: "28 pixels, two in a vector of 16". Neighbours that go group by group go together: all
 * of them for one group of examples, then for the next. */
#include <string.h>

#include "compile.h"
#include "emit/writer.h"
#include "layers/catalogue.h"
#include "passes/passes.h"

static const char *share_text(struct writer *writer, const struct node *node)
{
    const struct operation *operation = node->operation;
    switch (node_split(writer->graph, node)) {
    case SPLIT_EXAMPLES:
        return node->chain ? "own examples, group by group" : "own examples";
    case SPLIT_GROUPS:
        return "own groups of examples";
    case SPLIT_PARTS:
        return writer_format(writer, "%s: %s", operation->part, operation->parts(writer, node->layer));
    case SPLIT_NONE:
        break;
    }
    return writer->graph->form == NODE_PLAIN ? "" : "one thread";
}

/* Which of the layer's tilings an operation walks, by its name; TILING_USES: none. A transposed convolution
 * is a convolution from its result to its input. */
static enum tiling_use tiling_use_of(const struct node *node)
{
    static const struct {
        const char *operation;
        enum tiling_use use;
    } uses[] = {
        {"forward", TILING_FORWARD}, {"backward_weight", TILING_WEIGHT}, {"backward_input", TILING_INPUT}};
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        if (strcmp(uses[i].operation, node->operation->name) == 0)
            return uses[i].use == TILING_WEIGHT || !node->layer->kind->tensor_shape ? uses[i].use
                   : uses[i].use == TILING_INPUT                                    ? TILING_FORWARD
                                                                                    : TILING_INPUT;
    return TILING_USES;
}

static const char *tile_text(struct writer *writer, const struct node *node)
{
    const struct layer *layer = node->layer;
    const enum tiling_use use = tiling_use_of(node);
    if (use == TILING_USES || !layer->tiling[use].rows || !layer->weight)
        return "";
    const struct tiling *tiling = &layer->tiling[use];
    const char *rest = tiling->rest ? writer_format(writer, " (%d)", tiling->rest) : "";
    if (tiling->in_pairs)
        return writer_format(writer, "%d%s %s%s, two in a vector of %d", tiling->rows, rest,
                             use == TILING_WEIGHT ? "kernel row" : "pixel", tiling->rows == 1 ? "" : "s",
                             2 * tiling->lanes);
    return writer_format(writer, "%d%s x %d vector%s of %d%s", tiling->rows, rest, tiling->vectors,
                         tiling->vectors > 1 ? "s" : "", tiling->lanes,
                         layer->kind->tile_note ? layer->kind->tile_note(writer, layer, use) : "");
}

/* The longest share of those that have tiles beside them. */
static int share_width(struct writer *writer)
{
    int width = 30;
    for (int i = 0; i < writer->graph->node_count; i++) {
        const struct node *node = writer->graph->nodes[i];
        const int length = (int)strlen(share_text(writer, node));
        if (length > width && *tile_text(writer, node))
            width = length;
    }
    return width;
}

static void print_phase(struct text *to, struct writer *writer, enum node_phase phase, const char *title)
{
    const struct graph *graph = writer->graph;
    const int width = share_width(writer);
    for (int i = 0; i < graph->node_count; i++) {
        const struct node *node = graph->nodes[i];
        if (node->phase != phase)
            continue;
        if (title)
            text_format(to, "%s\n", title);
        title = NULL;
        if (node->waits)
            text_format(to, "  -- all wait --\n");
        const char *name = writer_format(writer, "%s.%s", node->layer->name, node->operation->name);
        const char *share = share_text(writer, node), *tile = tile_text(writer, node);
        if (*tile)
            text_format(to, "  %-28s %-*s %s\n", name, width, share, tile);
        else
            text_format(to, "  %-28s %s\n", name, share);
    }
}

void compile_print_schedule(struct text *to, const struct compiled *compiled)
{
    const struct graph *graph = compiled->graph;
    struct writer writer = writer_create(graph);
    const int64_t least = memory_least(graph);
    text_format(to, "for %s, at most %d thread%s\n", graph->target->march,
                graph->threads_most > 1 ? graph->threads_most : 1, graph->threads_most > 1 ? "s" : "");
    print_phase(to, &writer, PHASE_PREPARE, "weights as the backward pass reads them");
    print_phase(to, &writer, PHASE_FORWARD, "forward");
    print_phase(to, &writer, PHASE_BACKWARD, "backward, when all have their losses");
    print_phase(to, &writer, PHASE_UPDATE, "behind the optimizer");
    text_format(to, "values %lld reals, %.3f of the least that any plan needs (%lld)\n",
                (long long)graph->arena_size, least ? (double)graph->arena_size / (double)least : 1.0,
                (long long)least);
}
