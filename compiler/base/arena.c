/* arena.c - hands out zeroed memory from large chunks.
 *
 *     struct arena *program = arena_create();
 *     struct tree *tree = ARENA_NEW(program, struct tree);     freed by arena_release(program) */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024, EXIT_INPUT = 1 };

struct chunk {
    struct chunk *previous; /* filled earlier */
    size_t used;            /* bytes of `memory` handed out */
    size_t size;            /* bytes in `memory` */
    alignas(max_align_t) char memory[];
};

struct arena {
    struct chunk *last; /* the one that is being filled */
};

static _Noreturn void die_out_of_memory(void)
{
    fputs("netc: out of memory\n", stderr);
    exit(EXIT_INPUT); /* the machine is too small for it, which is no fault of netc */
}

struct arena *arena_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        die_out_of_memory();
    return arena;
}

void arena_release(struct arena *arena)
{
    for (struct chunk *chunk = arena->last; chunk;) {
        struct chunk *previous = chunk->previous;
        free(chunk);
        chunk = previous;
    }
    free(arena);
}

static struct chunk *chunk_create(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct chunk))
        die_out_of_memory();
    struct chunk *chunk = calloc(1, sizeof(struct chunk) + size);
    if (!chunk)
        die_out_of_memory();
    chunk->size = size;
    return chunk;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        die_out_of_memory();
    size = (size + alignment - 1) / alignment * alignment;

    struct chunk *last = arena->last;
    if (size >= CHUNK_SIZE) {
        /* A large piece gets a chunk of its own behind the current one, which keeps its free rest. */
        struct chunk *own = chunk_create(size);
        own->used = size;
        own->previous = last ? last->previous : NULL;
        if (last)
            last->previous = own;
        else
            arena->last = own;
        return own->memory;
    }
    if (!last || last->size - last->used < size) {
        last = chunk_create(CHUNK_SIZE);
        last->previous = arena->last;
        arena->last = last;
    }
    void *memory = last->memory + last->used;
    last->used += size;
    return memory;
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t element_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_size, &size))
        die_out_of_memory();
    return arena_allocate(arena, size);
}

void *heap_resize(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);
    if (!moved)
        die_out_of_memory();
    return moved;
}

char *heap_copy(const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(heap_resize(NULL, size), text, size);
}

void *arena_grow(struct arena *arena, void *list, size_t count, size_t element_size)
{
    if (count & (count - 1))
        return list;
    void *longer = arena_allocate_array(arena, count ? 2 * count : 1, element_size);
    if (count)
        memcpy(longer, list, count * element_size);
    return longer;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_allocate(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_allocate(arena, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
