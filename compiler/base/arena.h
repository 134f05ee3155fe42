/* arena.h - memory that is given back all at once.
 *
 * The compiler allocates from two arenas, `program` (what lives until the end) and `scratch` (what a pass
 * needs for itself), and frees nothing one by one. When memory runs out the process ends with exit code 1 in
 * one place. */
#ifndef NETC_ARENA_H
#define NETC_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_release(struct arena *arena);

/* `size` bytes, all zero, aligned for any type. Never NULL. */
void *arena_allocate(struct arena *arena, size_t size);
/* Zeroed array of `count` elements; the product is checked for overflow. */
void *arena_allocate_array(struct arena *arena, size_t count, size_t element_size);
/* A list of `count` elements with room for one more: grows at powers of two, which `count` alone tells. */
void *arena_grow(struct arena *arena, void *list, size_t count, size_t element_size);
/* A copy of `length` bytes with a terminating NUL. */
char *arena_copy(struct arena *arena, const char *text, size_t length);
/* What printf would print. */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For the few things that are freed one by one: realloc and strdup that never give NULL. */
void *heap_resize(void *memory, size_t size);
char *heap_copy(const char *text);

#define ARENA_NEW(arena, type) ((type *)arena_allocate((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_allocate_array((arena), (count), sizeof(type)))
/* Before `list[count++] = …`. */
#define ARENA_GROW(arena, list, count) ((list) = arena_grow((arena), (list), (size_t)(count), sizeof *(list)))

#endif
