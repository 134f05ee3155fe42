/* pool.c - a list of zeroed blocks, freed together. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"

#define POOL_BLOCK 4096

struct pool_block {
    struct pool_block *next;
    size_t used, size; /* bytes of `memory` */
    max_align_t memory[];
};

void memory_refuse(size_t count, size_t element)
{
    fprintf(stderr, "error: out of memory: %zu times %zu bytes are not to be had\n", count, element);
    exit(1);
}

void *memory_resize(void *memory, size_t count, size_t element)
{
    size_t size;
    void *moved = __builtin_mul_overflow(count, element, &size) ? NULL : realloc(memory, size > 0 ? size : 1);
    if (!moved)
        memory_refuse(count, element);
    return moved;
}

void *pool_get(struct pool *pool, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct pool_block *block = pool->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > POOL_BLOCK ? size : POOL_BLOCK;
        block = memory_resize(NULL, 1, sizeof *block + room);
        *block = (struct pool_block){.next = pool->blocks, .size = room};
        pool->blocks = block;
    }
    void *memory = (char *)block->memory + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

char *pool_text(struct pool *pool, const char *text, size_t length)
{
    char *copy = pool_get(pool, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *pool_print(struct pool *pool, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = pool_get(pool, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

void *pool_grow(struct pool *pool, void *list, int count, size_t element)
{
    if (count & (count - 1))
        return list;
    void *longer = pool_get(pool, (count > 0 ? 2 * (size_t)count : 1) * element);
    if (count > 0)
        memcpy(longer, list, (size_t)count * element);
    return longer;
}

void pool_free(struct pool *pool)
{
    while (pool->blocks) {
        struct pool_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
}
