/* writer.c - lines of C, and names of layers' constants and values. */
#include "emit/writer.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "layers/catalogue.h"

enum { INDENT = 4 };

struct writer writer_create(const struct graph *graph)
{
    return (struct writer){.text = text_create(graph->arena), .graph = graph};
}

/* One line: indentation, text, an ending. */
__attribute__((format(printf, 2, 0))) static void writer_put(struct writer *writer, const char *format,
                                                             va_list arguments, const char *ending)
{
    text_format(&writer->text, "%*s", writer->depth * INDENT, "");
    text_format_list(&writer->text, format, arguments);
    text_format(&writer->text, "%s\n", ending);
}

void writer_line(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    writer_put(writer, format, arguments, "");
    va_end(arguments);
}

void writer_more(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    writer->depth++;
    writer_put(writer, format, arguments, "");
    writer->depth--;
    va_end(arguments);
}

void writer_blank(struct writer *writer)
{
    text_append(&writer->text, "\n", 1);
}

void writer_open(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    writer_put(writer, format, arguments, " {");
    va_end(arguments);
    writer->depth++;
}

void writer_brace(struct writer *writer)
{
    writer->text.length--; /* the end of the loop's line */
    text_append(&writer->text, " {\n", 3);
}

void writer_close(struct writer *writer)
{
    writer->depth--;
    writer_line(writer, "}");
}

void writer_under(struct writer *writer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    writer_put(writer, format, arguments, "");
    va_end(arguments);
    writer->depth++;
}

void writer_loop(struct writer *writer, const char *index, const char *limit)
{
    writer_under(writer, "for (int %s = 0; %s < %s; %s++)", index, index, limit, index);
}

void writer_loop_open(struct writer *writer, const char *index, const char *limit)
{
    writer_open(writer, "for (int %s = 0; %s < %s; %s++)", index, index, limit, index);
}

void writer_end(struct writer *writer, int loops)
{
    writer->depth -= loops;
}

/* What a function takes besides the network. */
static const char *split_arguments(const struct writer *writer)
{
    const struct operation *operation = writer->operation;
    struct arena *arena = writer->graph->arena;
    const char *batch = operation->is_of_net ? "" : ", int batch";
    switch (writer->split) {
    case SPLIT_EXAMPLES:
        return operation->takes_batch ? ", int batch, struct range examples" : ", struct range examples";
    case SPLIT_GROUPS:
        return ", int g, struct range examples";
    case SPLIT_PARTS:
        return arena_format(arena, "%s, struct range %s", batch, operation->part);
    case SPLIT_NONE:
        break;
    }
    return batch;
}

void writer_function(struct writer *writer, const struct layer *layer, const char *name)
{
    writer_line(writer, "static void %s_%s(struct %s *net%s)", layer->name, name, writer->graph->name,
                split_arguments(writer));
    writer_line(writer, "{");
    writer->depth++;
}

static bool has_own_examples(const struct writer *writer)
{
    return writer->split == SPLIT_EXAMPLES || writer->split == SPLIT_GROUPS;
}

void writer_examples(struct writer *writer)
{
    if (has_own_examples(writer))
        writer_under(writer, "for (int n = examples.first; n < examples.end; n++)");
    else
        writer_loop(writer, "n", "batch");
}

void writer_examples_open(struct writer *writer)
{
    writer_examples(writer);
    writer_brace(writer);
}

void writer_examples_clear(struct writer *writer, const char *place)
{
    if (has_own_examples(writer))
        writer_line(writer,
                    "memset(%s[examples.first], 0, (size_t)(examples.end - examples.first) * sizeof(%s[0]));",
                    place, place);
    else
        writer_line(writer, "memset(%s, 0, (size_t)batch * sizeof(%s[0]));", place, place);
}

void writer_tile_function(struct writer *writer, const struct layer *layer, const char *name,
                          const char *arguments)
{
    writer_line(writer, "TILE_FUNCTION %s_%s(struct %s *net, %s)", layer->name, name, writer->graph->name,
                arguments);
    writer_line(writer, "{");
    writer->depth++;
}

void writer_function_end(struct writer *writer)
{
    writer_close(writer);
    writer_blank(writer);
}

const char *writer_format(struct writer *writer, const char *format, ...)
{
    struct text text = text_create(writer->graph->arena);
    va_list arguments;
    va_start(arguments, format);
    text_format_list(&text, format, arguments);
    va_end(arguments);
    return text.bytes;
}

const char *constant_name(const struct writer *writer, const char *owner, const char *name)
{
    char *constant = arena_format(writer->graph->arena, "%s_%s", owner, name);
    for (char *at = constant; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return constant;
}

const char *layer_constant(const struct writer *writer, const struct layer *layer, const char *name)
{
    return constant_name(writer, layer->name, name);
}

void writer_define(struct writer *writer, const struct layer *layer, const char *name, const char *format,
                   ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_format(&writer->text, "#define %s ", layer_constant(writer, layer, name));
    text_format_list(&writer->text, format, arguments);
    text_append(&writer->text, "\n", 1);
    va_end(arguments);
}

void writer_define_shape(struct writer *writer, const struct layer *layer)
{
    const struct shape shape = layer->output->shape;
    if (shape.is_vector) {
        writer_define(writer, layer, "units", "%lld", (long long)shape.channels);
        return;
    }
    writer_define(writer, layer, "height", "%lld", (long long)shape.height);
    writer_define(writer, layer, "width", "%lld", (long long)shape.width);
    writer_define(writer, layer, "channels", "%lld", (long long)shape.channels);
}

static void define_setting(struct writer *writer, struct plain_setting setting)
{
    struct plain_settings *settings = &writer->settings;
    ARENA_GROW(writer->graph->arena, settings->list, settings->count);
    settings->list[settings->count++] = setting;
    if (!writer->graph->settings_at_start)
        text_format(&writer->text, "#define %s %s\n", setting.name, setting.text);
    else if (setting.type != PLAIN_OF_RUN)
        text_format(&writer->text, "static %s %s;\n", setting.type == PLAIN_REAL ? "double" : "int",
                    setting.name);
}

void writer_setting(struct writer *writer, const char *name, double number)
{
    define_setting(writer, (struct plain_setting){PLAIN_REAL, name, writer_number(writer, number)});
}

void writer_setting_count(struct writer *writer, const char *name, int64_t number)
{
    define_setting(
        writer, (struct plain_setting){PLAIN_COUNT, name, writer_format(writer, "%lld", (long long)number)});
}

void writer_setting_of_run(struct writer *writer, const char *name, const char *number)
{
    define_setting(writer, (struct plain_setting){PLAIN_OF_RUN, name, number});
}

const char *writer_number(struct writer *writer, double number)
{
    char digits[40];
    if (fabs(number) < 1e6 && number == (double)(int64_t)number)
        return writer_format(writer, "%.0f", number); /* 10, not 1e+01 */
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number)
            break;
    }
    return writer_format(writer, "%s", digits);
}

const char *writer_real(struct writer *writer, double number)
{
    return writer_format(writer, "((real)%s)", writer_number(writer, number));
}

const char *writer_string(struct writer *writer, const char *bytes)
{
    struct text text = text_create(writer->graph->arena);
    text_append(&text, "\"", 1);
    for (; *bytes; bytes++) {
        unsigned char byte = (unsigned char)*bytes;
        if (byte == '"' || byte == '\\')
            text_format(&text, "\\%c", byte);
        else if (byte < ' ' || byte == 127 || byte == '?')
            text_format(&text, "\\%03o", byte);
        else
            text_format(&text, "%c", byte);
    }
    text_append(&text, "\"", 1);
    return text.bytes;
}

uint64_t writer_stream(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return hash;
}

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
