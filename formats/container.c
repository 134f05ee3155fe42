/* container.c - a file of tensors in memory, its header parsed, and the header of one to be written. */
#include "formats/container.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const size_t most_header = (size_t)64 << 20;

__attribute__((format(printf, 2, 3))) static bool refuse(struct container *container, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(container->fault, sizeof container->fault, format, arguments);
    va_end(arguments);
    return false;
}

static bool read_bytes(struct container *container)
{
    FILE *stream = fopen(container->path, "rb");
    struct stat status;
    if (!stream)
        return refuse(container, "cannot be read: %s", strerror(errno));
    const char *fault = NULL;
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode))
        fault = "is no regular file";
    container->length = fault ? 0 : (size_t)status.st_size;
    if (!fault && !(container->bytes = malloc(container->length + 1)))
        fault = "is larger than the memory that is free";
    if (!fault && fread(container->bytes, 1, container->length, stream) != container->length)
        fault = "cannot be read whole";
    fclose(stream);
    return !fault || refuse(container, "%s", fault);
}

static bool parse_header(struct container *container)
{
    if (container->length < 8)
        return refuse(container, "is no %s: it has only %zu bytes", container->what, container->length);
    uint64_t header = 0;
    for (int i = 7; i >= 0; i--)
        header = header << 8 | container->bytes[i];
    if (header > most_header)
        return refuse(container, "is no %s: its header would have %llu bytes", container->what,
                      (unsigned long long)header);
    if (header > container->length - 8)
        return refuse(container, "is cut off: it has %zu bytes, its header alone needs %llu",
                      container->length, (unsigned long long)header + 8);
    json_error_t error;
    container->header =
        json_loadb((const char *)container->bytes + 8, (size_t)header, JSON_REJECT_DUPLICATES, &error);
    if (!container->header)
        return refuse(container, "is no %s: its header is no JSON: %s", container->what, error.text);
    if (!json_is_object(container->header))
        return refuse(container, "is no %s: its header is no JSON object", container->what);
    container->data = container->bytes + 8 + header;
    container->data_length = container->length - 8 - (size_t)header;
    return true;
}

bool container_load(struct container *container)
{
    return read_bytes(container) && parse_header(container);
}

void container_release(struct container *container)
{
    json_decref(container->header);
    free(container->bytes);
}

bool container_offsets(const json_t *entry, size_t *from, size_t *to)
{
    const json_t *offsets = json_object_get(entry, "data_offsets");
    const json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
        json_integer_value(begin) < 0 || json_integer_value(end) < json_integer_value(begin))
        return false;
    *from = (size_t)json_integer_value(begin);
    *to = (size_t)json_integer_value(end);
    return true;
}

bool container_write_header(const json_t *header, FILE *to)
{
    char *text = json_dumps(header, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (!text)
        return false;
    const size_t used = strlen(text), length = (used + 7) / 8 * 8;
    for (int i = 0; i < 8; i++)
        fputc((unsigned char)((uint64_t)length >> (8 * i)), to);
    fprintf(to, "%s%*s", text, (int)(length - used), "");
    free(text);
    return true;
}
