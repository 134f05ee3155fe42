/* edit.c - a point of a sweep as a .net text, and what is wrong with that text told about the sweep.
 *
 *     λ l1=2  with λ.l1 = -1    ->    λ l1=-1
 *     lasso.net:14:18: error: l1 of lambda must be at least 0    ->    sweep.yaml:4:13: error: …
 *
 * What the compiler says of a value that a sweep puts in is said at that value in SWEEP.yaml; what it says of
 * other places is said there, with a note for each value. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sweep/sweep.h"

const char *edit_value(const struct sweep *sweep, const struct sweep_axis *axis,
                       const struct sweep_value *value)
{
    const struct place *place = &axis->place;
    if (!place->is_text || value->text[0] == '"')
        return value->text;
    struct text text = text_create(sweep->arena);
    text_append(&text, "\"", 1);
    for (const char *at = value->text; *at; at++)
        text_format(&text, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    text_append(&text, "\"", 1);
    return text.bytes;
}

/* Axes in the order of their places; those at one place as they stand in the sweep. */
static int *order_of(const struct sweep *sweep)
{
    int *order = ARENA_ARRAY(sweep->arena, int, (size_t)sweep->axis_count + 1);
    for (int i = 0; i < sweep->axis_count; i++) {
        int at = i;
        for (; at > 0 && sweep->axes[i].place.offset < sweep->axes[order[at - 1]].place.offset; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

struct edited edit_net(const struct sweep *sweep, const struct sweep_value *values)
{
    struct edited edited = {.sweep = sweep, .values = values, .order = order_of(sweep)};
    struct text text = text_create(sweep->arena);
    uint32_t done = 0;
    edited.spans = ARENA_ARRAY(sweep->arena, struct span, (size_t)sweep->axis_count + 1);
    for (int i = 0; i < sweep->axis_count; i++) {
        const int number = edited.order[i];
        const struct sweep_axis *axis = &sweep->axes[number];
        const struct place *place = &axis->place;
        const bool is_out = place->is_flag && strcmp(values[number].text, "no") == 0;
        const bool is_in = place->is_flag && strcmp(values[number].text, "yes") == 0;
        text_append(&text, sweep->net->bytes + done, place->offset - done);
        edited.spans[number].offset = (uint32_t)text.length;
        if (!is_out)
            text_append(&text, place->before, strlen(place->before));
        if (!is_out && !is_in) {
            const char *value = edit_value(sweep, axis, &values[number]);
            text_append(&text, value, strlen(value));
        }
        edited.spans[number].length = (uint32_t)text.length - edited.spans[number].offset;
        done = place->offset + place->length;
    }
    text_append(&text, sweep->net->bytes + done, sweep->net->length - done);
    edited.source = source_from_text(sweep->arena, sweep->net->path, text.bytes, text.length);
    return edited;
}

bool edit_is_as_written(const struct edited *edited, int axis)
{
    const struct place *place = &edited->sweep->axes[axis].place;
    const struct span *put_in = &edited->spans[axis];
    return place->length == put_in->length &&
           memcmp(edited->sweep->net->bytes + place->offset, edited->source->bytes + put_in->offset,
                  put_in->length) == 0;
}

/* Where a place of the new text was in the old one, or stands in the sweep. */
static struct span moved(void *context, struct span span)
{
    const struct edited *edited = context;
    const struct sweep *sweep = edited->sweep;
    uint32_t offset = span.offset;
    if (span.source != edited->source)
        return span;
    for (int i = 0; i < sweep->axis_count; i++) {
        const int number = edited->order[i];
        const struct place *place = &sweep->axes[number].place;
        const struct span *put_in = &edited->spans[number];
        if (span.offset < put_in->offset)
            break;
        if (span.offset < put_in->offset + put_in->length)
            return edited->values[number].span;
        offset = span.offset - (put_in->offset + put_in->length) + place->offset + place->length;
    }
    return (struct span){sweep->net, offset, span.length};
}

void edit_move_errors(const struct edited *edited, int first)
{
    const struct sweep *sweep = edited->sweep;
    diagnostics_move(sweep->diagnostics, first, moved, (void *)edited);
    for (int i = first; diagnostics_at(sweep->diagnostics, i); i++) {
        struct diagnostic *error = diagnostics_at(sweep->diagnostics, i);
        bool is_at_value = false;
        for (int j = 0; j < sweep->axis_count; j++)
            is_at_value = is_at_value || diagnostic_is_at(error, edited->values[j].span);
        for (int j = 0; j < sweep->axis_count && !is_at_value; j++)
            diagnostic_note(error, edited->values[j].span, "with %s = %s", sweep->axes[j].name,
                            edited->values[j].text);
    }
}
