/* text.c - a string that grows by doubling inside an arena.
 *
 *     struct text line = text_create(arena);
 *     text_format(&line, "%s: %d", "epochs", 30);     line.bytes is "epochs: 30" */
#include "base/text.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct text text_create(struct arena *arena)
{
    struct text text = {.arena = arena, .bytes = arena_allocate(arena, 1), .capacity = 1};
    return text;
}

/* Makes room for `more` bytes and the NUL. */
static void text_reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity)
        return;
    size_t capacity = text->capacity < 64 ? 64 : text->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *bytes = arena_allocate(text->arena, capacity);
    memcpy(bytes, text->bytes, text->length + 1);
    text->bytes = bytes;
    text->capacity = capacity;
}

const char *text_of_number(struct arena *arena, double number)
{
    return fabs(number) <= 0x1p53 && number == (double)(int64_t)number
               ? arena_format(arena, "%lld", (long long)number)
               : arena_format(arena, "%g", number);
}

void text_append(struct text *text, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    text_reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_format_list(text, format, arguments);
    va_end(arguments);
}

void text_append_choice(struct text *list, const char *choice, bool is_last)
{
    text_format(list, "%s%s", list->length == 0 ? "" : is_last ? " or " : ", ", choice);
}

void text_format_list(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    size_t space = text->capacity - text->length;
    int length = vsnprintf(text->bytes + text->length, space, format, arguments);
    if (length > 0 && (size_t)length >= space) {
        text_reserve(text, (size_t)length);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    }
    if (length > 0)
        text->length += (size_t)length;
    va_end(again);
}
