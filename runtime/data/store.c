/* store.c - growing and reading the array of all examples. */
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "data/store.h"

static void *values_append(void *to, size_t have, void *from, size_t more)
{
    /* The first file, mostly the biggest, is not copied. */
    if (!to)
        return from;
    char *joined = memory_resize(to, have + more, 1);
    memcpy(joined + have, from, more);
    free(from);
    return joined;
}

static void store_widen(struct store *store)
{
    size_t count = store->count * store->size;
    store->numbers = memory_resize(NULL, count, sizeof *store->numbers);
    for (size_t i = 0; i < count; i++)
        store->numbers[i] = store->bytes[i];
    free(store->bytes);
    store->bytes = NULL;
}

void store_append(struct store *to, struct store *from)
{
    if (to->bytes && from->numbers)
        store_widen(to);
    else if (to->numbers && from->bytes)
        store_widen(from);
    size_t have = to->count * to->size, more = from->count * from->size;
    if (from->bytes)
        to->bytes = values_append(to->bytes, have, from->bytes, more);
    else
        to->numbers = values_append(to->numbers, have * sizeof(double), from->numbers, more * sizeof(double));
    to->size = from->size;
    to->count += from->count;
    *from = (struct store){0};
}

void store_read(const struct store *store, size_t row, double *to)
{
    for (size_t i = 0; i < store->size; i++)
        to[i] = store_value(store, row * store->size + i);
}

void store_free(struct store *store)
{
    free(store->bytes);
    free(store->numbers);
    *store = (struct store){0};
}
