/* buffer.h - a stream into memory that says when there was none left, which open_memstream keeps to itself:
 * it loses what did not fit and goes on.
 *
 *     buffer_open(&buffer);  fputs("<p>", buffer.to);  …  buffer_close(&buffer)    ->    bytes, or false */
#ifndef NETC_REPORT_BUFFER_H
#define NETC_REPORT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct buffer {
    FILE *to;
    char *bytes; /* [length] and a NUL, once it is closed */
    size_t length, room;
    bool lacks_memory;
};

/* False: no memory. */
bool buffer_open(struct buffer *buffer);
/* False: something is missing, and there are no bytes. A second time it does nothing. */
bool buffer_close(struct buffer *buffer);
/* Whether it is open or closed. */
void buffer_free(struct buffer *buffer);

#endif
