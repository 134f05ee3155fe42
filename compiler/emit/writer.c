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

void writer_function(struct writer *writer, const struct layer *layer, const char *name)
{
    writer_line(writer, "static void %s_%s(struct %s *net, int batch)", layer->name, name,
                writer->graph->name);
    writer_line(writer, "{");
    writer->depth++;
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

static const char *constant_name(const struct writer *writer, const char *layer, const char *name)
{
    char *constant = arena_format(writer->graph->arena, "%s_%s", layer, name);
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

const char *writer_number(struct writer *writer, double number)
{
    char digits[40];
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
    return constant_name(writer, value->name, "height");
}

const char *value_width(const struct writer *writer, const struct value *value)
{
    return constant_name(writer, value->name, "width");
}

const char *value_channels(const struct writer *writer, const struct value *value)
{
    const char *word = value->layer->kind->channel_word;
    return constant_name(writer, value->name, word ? word : value->shape.is_vector ? "units" : "channels");
}

const char *value_size(const struct writer *writer, const struct value *value)
{
    return value->shape.is_vector ? value_channels(writer, value)
                                  : constant_name(writer, value->name, "size");
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

static const char *index_with(const struct writer *writer, const struct value *value, const char *index,
                              int64_t border, const char *side)
{
    if (!border)
        return index;
    const char *pad = layer_constant(writer, value->border_of, side);
    return strcmp(index, "0") == 0 ? pad : arena_format(writer->graph->arena, "%s + %s", index, pad);
}

const char *value_at_corner(const struct writer *writer, const struct value *value, const char *n,
                            const char *y, const char *x, const char *c)
{
    const char *place = value_place(writer, value);
    if (value->shape.is_vector)
        return arena_format(writer->graph->arena, "%s[%s][%s]", place, n, c);
    return arena_format(writer->graph->arena, "%s[%s][%s][%s][%s]", place, n, y, x, c);
}

const char *value_at(const struct writer *writer, const struct value *value, const char *n, const char *y,
                     const char *x, const char *c)
{
    return value_at_corner(writer, value, n, index_with(writer, value, y, value->border.top, "pad_top"),
                           index_with(writer, value, x, value->border.left, "pad_left"), c);
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
