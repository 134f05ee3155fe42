/* pool.h - small pieces of memory that are freed together: names, nodes of a manifest, lists.
 *
 *     struct pool pool = {0};  char *name = pool_text(&pool, "age", 3);  …  pool_free(&pool);
 *
 * The big arrays of a dataset are malloced on their own; memory_resize is their realloc. Either ends the
 * program when there is no memory: sizes are checked against the real length of files before. */
#ifndef NETC_DATA_POOL_H
#define NETC_DATA_POOL_H

#include <stddef.h>

struct pool {
    struct pool_block *blocks; /* the newest first */
};

void *pool_get(struct pool *pool, size_t size); /* zeroed */
char *pool_text(struct pool *pool, const char *text, size_t length);
char *pool_print(struct pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
/* `list` with room for one more element behind its `count`: doubles where count is a power of two. */
void *pool_grow(struct pool *pool, void *list, int count, size_t element);
void pool_free(struct pool *pool);

void *memory_resize(void *memory, size_t count, size_t element);
/* Ends the program, with a message that so many were not to be had. */
_Noreturn void memory_refuse(size_t count, size_t element);

#endif
