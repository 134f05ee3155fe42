/* table.c - the table of layers that `netc check` prints:
 *
 *     layer         kind              shape     parameters   FLOP   memory
 *     c1            conv 6 5x5 …      28x28x6          156   235k   1.15 MiB */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "compile.h"
#include "cost.h"
#include "ir/graph.h"
#include "layers/catalogue.h"

enum { COLUMNS = 6, LONGEST = 56 /* bytes of a statement that are shown */ };

struct row {
    const char *cells[COLUMNS];
};

static const char *count_text(struct arena *arena, int64_t count)
{
    static const char units[] = {' ', 'k', 'M', 'G', 'T', 'P'};
    double number = (double)count;
    int unit = 0;
    while (number >= 1000 && unit < 5) {
        number /= 1000;
        unit++;
    }
    return unit ? arena_format(arena, "%.3g %c", number, units[unit])
                : arena_format(arena, "%lld", (long long)count);
}

static const char *bytes_text(struct arena *arena, int64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double number = (double)bytes;
    int unit = 0;
    while (number >= 1024 && unit < 4) {
        number /= 1024;
        unit++;
    }
    return arena_format(arena, unit ? "%.2f %s" : "%.0f %s", number, units[unit]);
}

static const char *description(struct arena *arena, const struct layer *layer)
{
    if (!layer->statement)
        return layer->kind->name;
    const char *colon = strstr(layer->statement, ": "), *text = colon ? colon + 2 : layer->statement;
    size_t length = strlen(text);
    if (length <= LONGEST)
        return text;
    for (length = LONGEST - 1; ((unsigned char)text[length] & 0xc0) == 0x80;)
        length--;
    return arena_format(arena, "%.*s…", (int)length, text);
}

static struct row row_of(struct arena *arena, const struct layer *layer)
{
    struct text shape = text_create(arena);
    shape_print(&shape, layer->output->shape);
    int64_t parameters = layer_parameter_size(layer), size = layer->output->view_of ? 0 : layer->output->size;
    if (layer->doutput && !layer->doutput->view_of)
        size += layer->doutput->size;
    return (struct row){{layer->name, description(arena, layer), shape.bytes,
                         parameters ? arena_format(arena, "%lld", (long long)parameters) : "",
                         layer->flop ? count_text(arena, layer->flop) : "",
                         size ? bytes_text(arena, size * (int64_t)sizeof(float)) : ""}};
}

static void print_rows(struct text *to, const struct row *rows, int count)
{
    int widths[COLUMNS] = {0};
    for (int i = 0; i < count; i++)
        for (int j = 0; j < COLUMNS; j++) {
            int width = (int)strlen(rows[i].cells[j]);
            widths[j] = width > widths[j] ? width : widths[j];
        }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < COLUMNS; j++) {
            bool is_number = j >= 3;
            text_format(to, "%s%*s%s", j ? "  " : "", is_number ? widths[j] : -widths[j], rows[i].cells[j],
                        j == COLUMNS - 1 ? "\n" : "");
        }
}

static void print_totals(struct text *to, struct arena *arena, const struct graph *graph)
{
    struct cost cost = cost_of(graph);
    text_format(to, "\n%lld parameters%s%s, %s%sFLOP forward per example\n", (long long)cost.parameters,
                cost.frozen ? arena_format(arena, ", %lld frozen", (long long)cost.frozen) : "",
                cost.running ? arena_format(arena, ", %lld running statistics", (long long)cost.running) : "",
                count_text(arena, cost.flop), cost.flop < 1000 ? " " : "");
    text_format(to, "%s to train in batches of %lld: %s for values, %d x %s for parameters%s\n",
                bytes_text(arena, cost.memory), (long long)graph->training.batch,
                bytes_text(arena, cost.values), cost.copies, bytes_text(arena, cost.row),
                cost.groups ? arena_format(arena, ", %s for sums of groups", bytes_text(arena, cost.groups))
                            : "");
}

void compile_print_table(struct text *to, const struct compiled *compiled)
{
    const struct graph *graph = compiled->graph;
    struct row *rows = ARENA_ARRAY(graph->arena, struct row, (size_t)graph->layer_count + 1);
    rows[0] = (struct row){{"layer", "kind", "shape", "parameters", "FLOP", "memory"}};
    for (int i = 0; i < graph->layer_count; i++)
        rows[i + 1] = row_of(graph->arena, graph->layers[i]);
    print_rows(to, rows, graph->layer_count + 1);
    print_totals(to, graph->arena, graph);
}
