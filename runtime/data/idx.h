/* idx.h - a file in the IDX format of MNIST, plain or gzip-compressed, as an array of examples.
 *
 *     00 00 08 03, 60000, 28, 28, bytes…   ->   rank 3, sizes 60000 28 28, values of 60000 x 784 bytes
 *
 * Bytes stay bytes; signed bytes, shorts, ints, floats and doubles (big-endian) become doubles. */
#ifndef NETC_DATA_IDX_H
#define NETC_DATA_IDX_H

#include <stdbool.h>
#include <stdint.h>

#include "data/store.h"

struct problem;
struct sha256;

#define IDX_RANK 4

struct idx {
    int rank;                 /* dimensions, the number of examples among them */
    uint32_t sizes[IDX_RANK]; /* [rank] of them, the number of examples first */
    struct store values;      /* [sizes[0]] examples; store_free it */
};

/* `fingerprint` takes the bytes of the file; NULL: nobody does. */
bool idx_read(struct idx *idx, const char *path, struct sha256 *fingerprint, struct problem *problem);
/* The sizes as people write them: "60000x28x28" from dimension 0 on, "28x28" from 1 on. */
const char *idx_print_sizes(const struct idx *idx, int first, char *text, size_t length);

#endif
