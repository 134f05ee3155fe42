/* buffer.c - a cookie of stdio that appends to bytes which grow. */
#include "report/buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 1 << 14 };

/* With a NUL behind it. */
static bool make_room(struct buffer *buffer, size_t count)
{
    size_t room = buffer->room;
    while (buffer->length + count >= room)
        room *= 2;
    if (room == buffer->room)
        return true;
    char *grown = realloc(buffer->bytes, room);
    if (!grown)
        return false;
    buffer->bytes = grown;
    buffer->room = room;
    return true;
}

/* All of it, or nothing from then on. */
static ssize_t append(void *cookie, const char *bytes, size_t count)
{
    struct buffer *buffer = cookie;
    buffer->lacks_memory = buffer->lacks_memory || !make_room(buffer, count);
    if (buffer->lacks_memory) {
        errno = ENOMEM;
        return 0;
    }
    memcpy(buffer->bytes + buffer->length, bytes, count);
    buffer->length += count;
    buffer->bytes[buffer->length] = 0;
    return (ssize_t)count;
}

bool buffer_open(struct buffer *buffer)
{
    *buffer = (struct buffer){.bytes = calloc(1, FIRST), .room = FIRST};
    if (buffer->bytes)
        buffer->to = fopencookie(buffer, "w", (cookie_io_functions_t){.write = append});
    if (!buffer->to)
        buffer_free(buffer);
    return buffer->to != NULL;
}

bool buffer_close(struct buffer *buffer)
{
    if (buffer->to && fclose(buffer->to) != 0)
        buffer->lacks_memory = true;
    buffer->to = NULL;
    if (buffer->lacks_memory)
        buffer_free(buffer);
    return buffer->bytes != NULL;
}

void buffer_free(struct buffer *buffer)
{
    if (buffer->to)
        fclose(buffer->to);
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
