/* file.h - the bytes of a data file, as they are or inflated piece by piece.
 *
 *     train-images.gz  ->  file_read  ->  stream_open  ->  16 bytes of header, then exactly what it declares
 *
 * A file is read whole; what is inflated goes straight to where the caller wants it, so nothing is inflated
 * that the file's header did not declare. */
#ifndef NETC_DATA_FILE_H
#define NETC_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

struct problem;
struct sha256;

struct file {
    const char *path;
    unsigned char *bytes; /* [length], and a zero behind them */
    size_t length;
};

/* Reads a regular file of at most `limit` bytes and adds its bytes to the fingerprint (NULL: to none). */
bool file_read(struct file *file, const char *path, size_t limit, struct sha256 *fingerprint,
               struct problem *problem);
void file_free(struct file *file);
/* Why there is no regular file of that name, in words; NULL: there is one. */
const char *file_fault(const char *path);

struct stream {
    const struct file *file;
    size_t position;  /* of the file's first byte that zlib or the reader has not seen */
    bool is_gzip;     /* by its first two bytes, whatever its name */
    bool is_complete; /* gzip: the check sum at the end was right */
    z_stream inflating;
};

bool stream_open(struct stream *stream, const struct file *file, struct problem *problem);
/* Gives up to `length` bytes; fewer only at the end. False on a damaged file. */
bool stream_read(struct stream *stream, void *to, size_t length, size_t *given, struct problem *problem);
/* Whether so many more bytes can be in it: known exactly of a plain file, at most 1032 a byte of gzip. */
bool stream_can_hold(const struct stream *stream, size_t length);
/* True if nothing follows what was read. */
bool stream_finish(struct stream *stream, struct problem *problem);
void stream_close(struct stream *stream);

#endif
