/* writer.c - lines of C: indentation, loops, functions, constants and settings. */
#include "emit/writer.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

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
        return arena_format(arena, "%s%s, struct range %s", batch,
                            operation->takes_rate ? ", const double *rate" : "", operation->part);
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
