/* store.h - the values of many examples in one array: bytes where the file had bytes, else doubles.
 *
 *     60000 images of 28x28 bytes  ->  count 60000, size 784, bytes[60000][784] */
#ifndef NETC_DATA_STORE_H
#define NETC_DATA_STORE_H

#include <stddef.h>

struct store {
    size_t size;          /* values of one example */
    size_t count;         /* examples */
    unsigned char *bytes; /* [count][size]; NULL if the values are numbers */
    double *numbers;      /* [count][size]; NULL if the values are bytes */
};

/* Moves all of `from` behind what `to` has; `from` is empty then. Bytes meeting numbers become numbers. */
void store_append(struct store *to, struct store *from);
/* Value number `i` of all. */
static inline double store_value(const struct store *store, size_t i)
{
    return store->bytes ? store->bytes[i] : store->numbers[i];
}

/* The values of one example, as they are in the file. */
void store_read(const struct store *store, size_t row, double *to);
void store_free(struct store *store);

#endif
