/* source.c - reads a text and tells line and column of places in it.
 *
 *     offset 9 of "let a = 1\nlet λ = 2"  ->  line 2 starts at 10, λ is column 5 and '=' column 7 */
#include "base/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"

enum { LARGEST_SOURCE = 4 * 1024 * 1024, READ_SIZE = 64 * 1024 };

/* Fills source->lines from its bytes. */
static void source_find_lines(struct arena *arena, struct source *source)
{
    const char *bytes = source->bytes, *end = bytes + source->length;
    int count = 1;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    uint32_t *lines = ARENA_ARRAY(arena, uint32_t, (size_t)count);
    int line = 0;
    lines[line++] = 0;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++)
        lines[line++] = (uint32_t)(at + 1 - bytes);
    source->lines = lines;
    source->line_count = count;
}

/* Reads to the end; NULL with *why set when that fails. */
static char *read_stream(struct arena *arena, FILE *file, size_t *length, const char **why)
{
    size_t capacity = READ_SIZE;
    char *bytes = arena_allocate(arena, capacity + 1);
    *length = 0;
    for (size_t got; (got = fread(bytes + *length, 1, capacity - *length, file)) > 0;) {
        *length += got;
        if (*length > LARGEST_SOURCE) {
            *why = "larger than 4 MiB, which no .net file is";
            return NULL;
        }
        if (*length == capacity) {
            char *larger = arena_allocate(arena, 2 * capacity + 1);
            memcpy(larger, bytes, capacity);
            bytes = larger;
            capacity *= 2;
        }
    }
    if (ferror(file)) {
        *why = strerror(errno);
        return NULL;
    }
    struct stat status;
    if (file != stdin && fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) &&
        *length < (size_t)status.st_size) {
        *why = "it became shorter while it was read";
        return NULL;
    }
    bytes[*length] = '\0';
    return bytes;
}

struct source *source_read(struct arena *arena, const char *path, const char **why)
{
    bool is_standard_input = strcmp(path, "-") == 0;
    FILE *file = is_standard_input ? stdin : fopen(path, "rb");
    if (!file) {
        *why = strerror(errno);
        return NULL;
    }
    struct source *source = ARENA_NEW(arena, struct source);
    source->path = is_standard_input ? "<stdin>" : arena_copy(arena, path, strlen(path));
    source->bytes = read_stream(arena, file, &source->length, why);
    if (!is_standard_input)
        fclose(file);
    if (!source->bytes)
        return NULL;
    source_find_lines(arena, source);
    return source;
}

struct source *source_from_text(struct arena *arena, const char *path, const char *bytes, size_t length)
{
    struct source *source = ARENA_NEW(arena, struct source);
    source->path = arena_copy(arena, path, strlen(path));
    source->bytes = arena_copy(arena, bytes, length);
    source->length = length;
    source_find_lines(arena, source);
    return source;
}

int span_line(struct span span)
{
    const uint32_t *lines = span.source->lines;
    int low = 0, high = span.source->line_count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (lines[middle] <= span.offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

int span_column(struct span span)
{
    const char *bytes = span.source->bytes;
    int column = 1;
    for (uint32_t i = span.source->lines[span_line(span) - 1]; i < span.offset; i++)
        column += ((unsigned char)bytes[i] & 0xc0) != 0x80;
    return column;
}

struct span span_join(struct span first, struct span last)
{
    first.length = last.offset + last.length - first.offset;
    return first;
}
