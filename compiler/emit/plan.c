/* plan.c - the plan of the memory, at the end of NAME.h: where each value of a batch begins and ends.
 *
 *     #define C1_AT 0
 *     #define C1_END (C1_AT + PLACE_SIZE((size_t)BATCH * C1_SIZE))
 *     #define C1_GRADIENT_AT C1_END */
#include "base/arena.h"
#include "emit/emit.h"
#include "layers/catalogue.h"

const char *emit_place(const struct writer *writer, const struct value *value, const char *what)
{
    static const char *const infixes[] = {
        [VALUE_ACTIVATION] = "",
        [VALUE_GRADIENT] = "gradient_",
        [VALUE_INDEX] = "index_",
        [VALUE_TRANSPOSED] = "transposed_",
    };
    while (value->view_of)
        value = value->view_of;
    return constant_name(writer, value->name,
                         arena_format(writer->graph->arena, "%s%s", infixes[value->kind], what));
}

const char *emit_probe_place(const struct writer *writer, const struct value *value, const char *what)
{
    while (value->view_of)
        value = value->view_of;
    if (!value->moves)
        return emit_place(writer, value, what);
    return constant_name(writer, value->name,
                         arena_format(writer->graph->arena,
                                      value->kind == VALUE_INDEX ? "probe_index_%s" : "probe_gradient_%s",
                                      what));
}

static const char *batch_reals(struct writer *writer, const struct value *value)
{
    const char *size = value_padded_size(writer, value);
    switch (value->kind) {
    case VALUE_INDEX:
        return writer_format(writer, "PLACE_SIZE(((size_t)BATCH * %s + 3) / 4)", size);
    case VALUE_TRANSPOSED:
        return writer_format(writer, "PLACE_SIZE(%s)",
                             layer_constant(writer, value->layer, "transposed_size"));
    case VALUE_ACTIVATION:
    case VALUE_GRADIENT:
        break;
    }
    return writer_format(writer, "PLACE_SIZE((size_t)BATCH * %s)", size);
}

typedef const char *place_name(const struct writer *writer, const struct value *value, const char *what);

static void define_place(struct writer *writer, const struct value *value, place_name *name,
                         const struct value *after)
{
    writer_line(writer, "#define %s %s", name(writer, value, "at"), after ? name(writer, after, "end") : "0");
    writer_line(writer, "#define %s (%s + %s)", name(writer, value, "end"), name(writer, value, "at"),
                batch_reals(writer, value));
}

/* What a probe has besides, or elsewhere; the one behind which its plan ends, NULL where training's is
 * longer. */
static const struct value *emit_probe_plan(struct writer *writer, int64_t end_of_training)
{
    const struct graph *graph = writer->graph;
    const struct value *last = NULL;
    for (const struct value **place = emit_values_in_order(graph); *place; place++) {
        const struct value *value = *place;
        if (value->view_of || !(value->is_for_probe || value->moves))
            continue;
        if (value->probe_offset + value->size > end_of_training) {
            end_of_training = value->probe_offset + value->size;
            last = value;
        }
        define_place(writer, value, emit_probe_place, value->probe_after);
    }
    return last;
}

void emit_plan(struct writer *writer)
{
    const struct graph *graph = writer->graph;
    const struct value *last = NULL;
    writer_line(writer, "/* The arena, in reals: where each value of a batch begins and ends. Values that "
                        "are never needed at the same time share a place. */");
    writer_line(writer, "#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)");
    for (const struct value **place = emit_values_in_order(graph); *place; place++) {
        const struct value *value = *place;
        if (value->view_of || value->is_for_probe)
            continue;
        if (!last || value->offset + value->size > last->offset + last->size)
            last = value;
        define_place(writer, value, emit_place, value->after);
    }
    const struct value *last_of_probe =
        graph->wants_probe ? emit_probe_plan(writer, last->offset + last->size) : NULL;
    const char *end = emit_place(writer, last, "end");
    const char *end_of_probe = last_of_probe ? emit_probe_place(writer, last_of_probe, "end") : end;
    writer_line(writer, "#define ARENA_SLACK 64 /* vectors may be read past the last real */");
    writer_line(writer, "#define ARENA_SIZE (%s + ARENA_SLACK)",
                graph->training.adversarial ? end_of_probe : end);
    if (graph->wants_looks && (graph->training.adversarial || !last_of_probe))
        writer_line(writer, "#define PROBE_ARENA_SIZE ARENA_SIZE");
    else if (graph->wants_looks)
        writer_line(writer, "#define PROBE_ARENA_SIZE (%s + ARENA_SLACK)", end_of_probe);
    writer_blank(writer);
}
