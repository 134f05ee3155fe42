/* places.c - values in generated C: the constants of their shapes, and where their numbers stand in memory.
 *
 *     c1, which c3 pads    ->    net->value.c1[n][y + C3_PAD_TOP][x + C3_PAD_LEFT][f] */
#include "emit/writer.h"

#include <string.h>

#include "base/arena.h"
#include "layers/catalogue.h"

const char *value_height(const struct writer *writer, const struct value *value)
{
    return layer_constant(writer, value->layer, "height");
}

const char *value_width(const struct writer *writer, const struct value *value)
{
    return layer_constant(writer, value->layer, "width");
}

const char *value_channels(const struct writer *writer, const struct value *value)
{
    const char *word = value->layer->kind->channel_word;
    return layer_constant(writer, value->layer, word ? word : value->shape.is_vector ? "units" : "channels");
}

const char *value_size(const struct writer *writer, const struct value *value)
{
    return value->shape.is_vector ? value_channels(writer, value)
                                  : layer_constant(writer, value->layer, "size");
}

const char *value_place(const struct writer *writer, const struct value *value)
{
    static const char *const members[] = {
        [VALUE_ACTIVATION] = "value",
        [VALUE_GRADIENT] = "dvalue",
        [VALUE_INDEX] = "index",
        [VALUE_TRANSPOSED] = "transposed",
    };
    return arena_format(writer->graph->arena, "net->%s.%s", members[value->kind], value->name);
}

enum side { SIDE_TOP, SIDE_LEFT, SIDE_BOTTOM, SIDE_RIGHT };

static const char *side_constant(const struct writer *writer, const struct layer *layer, enum side side)
{
    static const char *const names[] = {"pad_top", "pad_left", "pad_bottom", "pad_right"};
    return layer_constant(writer, layer, names[side]);
}

static int64_t side_of(const struct border *border, enum side side)
{
    const int64_t sides[] = {border->top, border->left, border->bottom, border->right};
    return sides[side];
}

/* "y + C3_PAD_TOP", without a blank term; less the padding that the reader's index has in it already. */
static const char *index_with(const struct writer *writer, const struct value *value, const char *index,
                              const struct layer *layer, const struct border *pad, enum side side)
{
    const struct layer *owner = value->border_of[side];
    int64_t border = side_of(&value->border, side), own = pad ? side_of(pad, side) : 0;
    if (border == own)
        return index;
    const char *before = side_constant(writer, owner, side);
    if (own)
        before = arena_format(writer->graph->arena, "%s - %s", before, side_constant(writer, layer, side));
    return strcmp(index, "0") == 0 ? before : arena_format(writer->graph->arena, "%s + %s", index, before);
}

const char *value_at_corner(const struct writer *writer, const struct value *value, const struct layer *layer,
                            const struct border *pad, const char *n, const char *y, const char *x,
                            const char *c)
{
    const char *place = value_place(writer, value);
    if (value->shape.is_vector)
        return arena_format(writer->graph->arena, "%s[%s][%s]", place, n, c);
    return arena_format(writer->graph->arena, "%s[%s][%s][%s][%s]", place, n,
                        index_with(writer, value, y, layer, pad, SIDE_TOP),
                        index_with(writer, value, x, layer, pad, SIDE_LEFT), c);
}

const char *value_at(const struct writer *writer, const struct value *value, const char *n, const char *y,
                     const char *x, const char *c)
{
    return value_at_corner(writer, value, NULL, NULL, n, y, x, c);
}

/* The constants of a layer are about the border of its result; a gradient may have another one. */
static bool has_own_border(const struct value *value)
{
    return !border_equal(&value->border, &value->layer->output->border) ||
           memcmp(value->border_of, value->layer->output->border_of, sizeof value->border_of) != 0;
}

static const char *extent(const struct writer *writer, const struct value *value, const char *size,
                          enum side before, enum side after)
{
    struct text text = text_create(writer->graph->arena);
    text_format(&text, "(%s", size);
    if (side_of(&value->border, before))
        text_format(&text, " + %s", side_constant(writer, value->border_of[before], before));
    if (side_of(&value->border, after))
        text_format(&text, " + %s", side_constant(writer, value->border_of[after], after));
    text_format(&text, ")");
    return text.bytes;
}

const char *value_rows_extent(const struct writer *writer, const struct value *value)
{
    return extent(writer, value, value_height(writer, value), SIDE_TOP, SIDE_BOTTOM);
}

const char *value_columns_extent(const struct writer *writer, const struct value *value)
{
    return extent(writer, value, value_width(writer, value), SIDE_LEFT, SIDE_RIGHT);
}

const char *value_rows(const struct writer *writer, const struct value *value)
{
    if (!value_has_border(value))
        return value_height(writer, value);
    return has_own_border(value) ? value_rows_extent(writer, value)
                                 : layer_constant(writer, value->layer, "rows");
}

const char *value_columns(const struct writer *writer, const struct value *value)
{
    if (!value_has_border(value))
        return value_width(writer, value);
    return has_own_border(value) ? value_columns_extent(writer, value)
                                 : layer_constant(writer, value->layer, "columns");
}

const char *value_padded_size(const struct writer *writer, const struct value *value)
{
    if (!value_has_border(value))
        return value_size(writer, value);
    if (!has_own_border(value))
        return layer_constant(writer, value->layer, "padded_size");
    return arena_format(writer->graph->arena, "(%s * %s * %s)", value_rows(writer, value),
                        value_columns(writer, value), value_channels(writer, value));
}

const char *value_start(const struct writer *writer, const struct value *value, const char *n)
{
    if (value->shape.is_vector)
        return arena_format(writer->graph->arena, "%s[%s]", value_place(writer, value), n);
    return arena_format(writer->graph->arena, "&%s", value_at(writer, value, n, "0", "0", "0"));
}

int writer_elements(struct writer *writer, const struct value *const *values, int count, const char **element)
{
    bool is_vector = values[0]->shape.is_vector;
    if (is_vector) {
        writer_loop(writer, "i", value_channels(writer, values[0]));
    } else {
        writer_loop(writer, "y", value_height(writer, values[0]));
        writer_loop(writer, "x", value_width(writer, values[0]));
        writer_loop(writer, "c", value_channels(writer, values[0]));
    }
    for (int i = 0; i < count; i++)
        element[i] = value_at(writer, values[i], "n", "y", "x", is_vector ? "i" : "c");
    return is_vector ? 1 : 3;
}
