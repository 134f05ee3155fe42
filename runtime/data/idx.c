/* idx.c - the header of an IDX file, checked against the real length before a byte is allocated for what it
 * promises; then the values. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/file.h"
#include "data/idx.h"
#include "data/pool.h"
#include "problem.h"

enum idx_type {
    IDX_BYTE = 0x08,
    IDX_SIGNED_BYTE = 0x09,
    IDX_SHORT = 0x0b,
    IDX_INT = 0x0c,
    IDX_FLOAT = 0x0d,
    IDX_DOUBLE = 0x0e,
};

/* Bytes of one value; 0: there is no such type. */
static size_t type_width(int type)
{
    static const unsigned char width[16] = {[IDX_BYTE] = 1, [IDX_SIGNED_BYTE] = 1, [IDX_SHORT] = 2,
                                            [IDX_INT] = 4,  [IDX_FLOAT] = 4,       [IDX_DOUBLE] = 8};
    return type < 16 ? width[type] : 0;
}

static uint64_t read_big_endian(const unsigned char *from, size_t width)
{
    uint64_t word = 0;
    for (size_t i = 0; i < width; i++)
        word = word << 8 | from[i];
    return word;
}

static double value_of(const unsigned char *from, enum idx_type type, size_t width)
{
    uint64_t word = read_big_endian(from, width);
    uint32_t half = (uint32_t)word;
    float single;
    double value;
    switch (type) {
    case IDX_SIGNED_BYTE:
        return (int8_t)word;
    case IDX_SHORT:
        return (int16_t)word;
    case IDX_INT:
        return (int32_t)word;
    case IDX_FLOAT:
        memcpy(&single, &half, sizeof single);
        return single;
    case IDX_DOUBLE:
        memcpy(&value, &word, sizeof value);
        return value;
    default:
        return (double)word;
    }
}

/* Type and sizes; on success exactly that much of the stream has been read. */
static bool idx_read_header(struct idx *idx, int *type, struct stream *stream, struct problem *problem)
{
    const char *path = stream->file->path;
    unsigned char magic[4], size[4];
    size_t given;
    if (!stream_read(stream, magic, sizeof magic, &given, problem))
        return false;
    if (given < sizeof magic || magic[0] || magic[1] || !type_width(magic[2]))
        return problem_at(problem, path, 0, 0, "is not an IDX file: its first bytes are not an IDX magic");
    *type = magic[2];
    idx->rank = magic[3];
    if (idx->rank < 1 || idx->rank > IDX_RANK)
        return problem_at(problem, path, 0, 0, "has %d dimensions; an IDX file of examples has 1 to %d",
                          idx->rank, IDX_RANK);
    for (int i = 0; i < idx->rank; i++) {
        if (!stream_read(stream, size, sizeof size, &given, problem))
            return false;
        if (given < sizeof size)
            return problem_at(problem, path, 0, 0, "is too short: its header is cut off");
        idx->sizes[i] = (uint32_t)read_big_endian(size, sizeof size);
    }
    return true;
}

/* Bytes that the header declares; false if there cannot be so many. */
static bool idx_check_length(const struct idx *idx, int type, const struct stream *stream, size_t *length,
                             struct problem *problem)
{
    char sizes[64];
    bool overflows = false, is_empty = false;
    *length = type_width(type);
    for (int i = 0; i < idx->rank; i++) {
        is_empty |= idx->sizes[i] == 0;
        overflows |= __builtin_mul_overflow(*length, (size_t)idx->sizes[i], length);
    }
    idx_print_sizes(idx, 0, sizes, sizeof sizes);
    if (is_empty)
        return problem_at(problem, stream->file->path, 0, 0, "holds no values: its size is %s", sizes);
    if (overflows || !stream_can_hold(stream, *length))
        return problem_at(problem, stream->file->path, 0, 0,
                          "is too short: it declares %s values, more than its %zu bytes can hold", sizes,
                          stream->file->length);
    return true;
}

static bool idx_convert(struct idx *idx, int type, unsigned char *bytes, size_t length, const char *path,
                        struct problem *problem)
{
    size_t width = type_width(type), count = length / width;
    double *numbers = memory_resize(NULL, count, sizeof *numbers);
    idx->values.numbers = numbers;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = value_of(bytes + i * width, (enum idx_type)type, width);
        if (!isfinite(numbers[i]))
            return problem_at(problem, path, 0, 0, "example %zu (counted from 0) has a value that is %s",
                              i / idx->values.size, isnan(numbers[i]) ? "not a number" : "infinite");
    }
    return true;
}

static bool idx_read_values(struct idx *idx, int type, struct stream *stream, struct problem *problem)
{
    size_t length, given;
    if (!idx_check_length(idx, type, stream, &length, problem))
        return false;
    idx->values.count = idx->sizes[0];
    idx->values.size = length / type_width(type) / idx->values.count;
    unsigned char *bytes = memory_resize(NULL, length, 1);
    char sizes[64];
    bool is_read = stream_read(stream, bytes, length, &given, problem);
    if (is_read && given < length)
        is_read = problem_at(problem, stream->file->path, 0, 0,
                             "is too short: it declares %s values, %zu bytes, but has only %zu",
                             idx_print_sizes(idx, 0, sizes, sizeof sizes), length, given);
    is_read = is_read && stream_finish(stream, problem);
    if (is_read && type == IDX_BYTE) {
        idx->values.bytes = bytes;
        return true;
    }
    is_read = is_read && idx_convert(idx, type, bytes, length, stream->file->path, problem);
    free(bytes);
    return is_read;
}

bool idx_read(struct idx *idx, const char *path, struct sha256 *fingerprint, struct problem *problem)
{
    struct file file;
    struct stream stream;
    int type = 0;
    *idx = (struct idx){0};
    if (!file_read(&file, path, SIZE_MAX / 2, fingerprint, problem))
        return false;
    bool is_read = stream_open(&stream, &file, problem);
    if (is_read) {
        is_read =
            idx_read_header(idx, &type, &stream, problem) && idx_read_values(idx, type, &stream, problem);
        stream_close(&stream);
    }
    file_free(&file);
    if (!is_read)
        store_free(&idx->values);
    return is_read;
}

const char *idx_print_sizes(const struct idx *idx, int first, char *text, size_t length)
{
    size_t used = 0;
    text[0] = 0;
    for (int i = first; i < idx->rank && used < length; i++)
        used += (size_t)snprintf(text + used, length - used, "%s%u", i > first ? "x" : "", idx->sizes[i]);
    return text;
}
