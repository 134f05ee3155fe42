/* source.h - a source text and places in it. Knows nothing of networks. */
#ifndef NETC_SOURCE_H
#define NETC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct source {
    const char *path;  /* as messages show it; "-" reads standard input and shows as <stdin> */
    const char *bytes; /* the whole text, NUL-terminated; may contain NULs itself */
    size_t length;
    const uint32_t *lines; /* offset of the first byte of each line */
    int line_count;
};

/* A run of bytes of one source; what every token, tree node and graph layer carries for messages. */
struct span {
    const struct source *source; /* NULL: no place (a command-line value, for example) */
    uint32_t offset;
    uint32_t length;
};

/* Reads a file. On failure returns NULL and sets *why to a sentence without the path ("No such file or
 * directory"). */
struct source *source_read(struct arena *arena, const char *path, const char **why);
/* Wraps a text that is in memory already (tests, -D values). The bytes are copied. */
struct source *source_from_text(struct arena *arena, const char *path, const char *bytes, size_t length);

int span_line(struct span span); /* from 1 */
int span_column(
    struct span span); /* from 1, in characters (UTF-8 code points; a tab is one) as editors count */
struct span span_join(struct span first,
                      struct span last); /* from the start of one to the end of the other */

#endif
