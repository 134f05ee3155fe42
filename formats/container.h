/* container.h - the file form that model files and states share, safetensors: eight bytes with the length of
 * a JSON header, the header, padded with blanks to a multiple of eight, then the data that it places.
 *
 *     {"c1.bias": {"dtype": "F32", "shape": [6], "data_offsets": [0, 24]}, "__metadata__": {…}}   … */
#ifndef NETC_FORMATS_CONTAINER_H
#define NETC_FORMATS_CONTAINER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A file in memory, and what its header says. */
struct container {
    const char *path;
    const char *what; /* it should be: "model file" */
    unsigned char *bytes;
    size_t length;
    const unsigned char *data; /* behind the header */
    size_t data_length;
    json_t *header;  /* an object */
    bool may_differ; /* the file may lack tensors of the network, and have others */
    char fault[256]; /* why it could not be read, in a sentence about it */
};

/* Reads the file at `path` and parses its header, or sets the fault; to be released in any case. */
bool container_load(struct container *container);
void container_release(struct container *container);

/* The two offsets of an entry; false for anything but two numbers in order. */
bool container_offsets(const json_t *entry, size_t *from, size_t *to);

/* The length and the header; false where a text in it is no UTF-8, or memory ran out. */
bool container_write_header(const json_t *header, FILE *to);

#endif
