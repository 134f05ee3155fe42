/* file.c - reading regular files whole, and inflating them in pieces of known length. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/file.h"
#include "data/pool.h"
#include "problem.h"
#include "sha256.h"

#define DEFLATE_MOST 1032 /* bytes that one byte of deflate can become, zlib's documentation */
#define PIECE (1u << 30)  /* zlib and read() count in smaller types than size_t */

static bool file_fill(struct file *file, int descriptor, struct problem *problem)
{
    size_t filled = 0;
    while (filled < file->length) {
        size_t rest = file->length - filled;
        ssize_t got = read(descriptor, file->bytes + filled, rest < PIECE ? rest : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_at(problem, file->path, 0, 0, "cannot read: %s", strerror(errno));
        if (got == 0)
            return problem_at(problem, file->path, 0, 0, "became shorter while it was read");
        filled += (size_t)got;
    }
    file->bytes[file->length] = 0;
    return true;
}

bool file_read(struct file *file, const char *path, size_t limit, struct sha256 *fingerprint,
               struct problem *problem)
{
    *file = (struct file){.path = path};
    struct stat state;
    /* Without O_NONBLOCK a named pipe would be waited for. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &state) != 0) {
        problem_at(problem, path, 0, 0, "cannot open: %s", strerror(errno));
    } else if (!S_ISREG(state.st_mode)) {
        problem_at(problem, path, 0, 0, "is not a regular file");
    } else if ((size_t)state.st_size > limit) {
        problem_at(problem, path, 0, 0, "has %lld bytes; at most %zu are read", (long long)state.st_size,
                   limit);
    } else {
        file->length = (size_t)state.st_size;
        file->bytes = memory_resize(NULL, file->length + 1, 1);
        if (!file_fill(file, descriptor, problem))
            file_free(file);
    }
    if (descriptor >= 0)
        close(descriptor);
    if (file->bytes && fingerprint)
        sha256_add(fingerprint, file->bytes, file->length);
    return file->bytes != NULL;
}

void file_free(struct file *file)
{
    free(file->bytes);
    file->bytes = NULL;
}

const char *file_fault(const char *path)
{
    struct stat state;
    if (stat(path, &state) != 0)
        return strerror(errno);
    return S_ISREG(state.st_mode) ? NULL : "not a regular file";
}

bool stream_open(struct stream *stream, const struct file *file, struct problem *problem)
{
    *stream = (struct stream){.file = file};
    stream->is_gzip = file->length >= 2 && file->bytes[0] == 0x1f && file->bytes[1] == 0x8b;
    if (stream->is_gzip && inflateInit2(&stream->inflating, 16 + MAX_WBITS) != Z_OK)
        return problem_at(problem, file->path, 0, 0, "cannot be inflated: zlib does not start");
    return true;
}

/* Lets zlib see the next piece of the file once it has used up the last. */
static void stream_feed(struct stream *stream)
{
    if (stream->inflating.avail_in > 0)
        return;
    size_t rest = stream->file->length - stream->position;
    stream->inflating.next_in = stream->file->bytes + stream->position;
    stream->inflating.avail_in = (uInt)(rest < PIECE ? rest : PIECE);
    stream->position += stream->inflating.avail_in;
}

static bool stream_inflate(struct stream *stream, unsigned char *to, size_t length, size_t *given,
                           struct problem *problem)
{
    while (*given < length && !stream->is_complete) {
        stream_feed(stream);
        size_t room = length - *given < PIECE ? length - *given : PIECE;
        stream->inflating.next_out = to + *given;
        stream->inflating.avail_out = (uInt)room;
        int status = inflate(&stream->inflating, Z_NO_FLUSH);
        *given += room - stream->inflating.avail_out;
        if (status == Z_STREAM_END)
            stream->is_complete = true;
        else if (status == Z_BUF_ERROR)
            return problem_at(problem, stream->file->path, 0, 0, "is cut off: its gzip data ends too early");
        else if (status != Z_OK)
            return problem_at(problem, stream->file->path, 0, 0, "is damaged: not valid gzip data (%s)",
                              stream->inflating.msg ? stream->inflating.msg : "no reason given");
    }
    return true;
}

bool stream_read(struct stream *stream, void *to, size_t length, size_t *given, struct problem *problem)
{
    *given = 0;
    if (stream->is_gzip)
        return stream_inflate(stream, to, length, given, problem);
    size_t rest = stream->file->length - stream->position;
    *given = length < rest ? length : rest;
    memcpy(to, stream->file->bytes + stream->position, *given);
    stream->position += *given;
    return true;
}

bool stream_can_hold(const struct stream *stream, size_t length)
{
    size_t rest = stream->file->length - stream->position + stream->inflating.avail_in;
    return stream->is_gzip ? length / DEFLATE_MOST <= rest : length <= rest;
}

bool stream_finish(struct stream *stream, struct problem *problem)
{
    unsigned char more;
    size_t given;
    if (!stream_read(stream, &more, 1, &given, problem))
        return false;
    if (given > 0 || stream->position < stream->file->length || stream->inflating.avail_in > 0)
        return problem_at(problem, stream->file->path, 0, 0,
                          "has trailing bytes behind what its header declares");
    return true;
}

void stream_close(struct stream *stream)
{
    if (stream->is_gzip)
        inflateEnd(&stream->inflating);
}
