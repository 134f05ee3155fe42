/* cache.h - compiled trainers in the user's cache folder, keyed by everything that they depend on.
 *
 *     ~/.cache/netc/3f2a…/ key.txt, lenet5        the folder is the hash of the key
 *
 * The key itself is compared, too, and the trainer with its length and hash, which stand behind the key. */
#ifndef NETC_COMMAND_CACHE_H
#define NETC_COMMAND_CACHE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct cache_entry {
    const char *name;   /* of the trainer in it */
    const char *folder; /* where the entry is, or will be */
    const char *work;   /* temporary folder to compile in; NULL before cache_begin */
    const char *key;
    size_t key_length;
    bool is_kept; /* false: the cache cannot be written, `folder` goes away at the end */
};

/* True when the entry is there, whole, with a file `name` in it, and was made from the same key. */
bool cache_find(struct arena *arena, struct cache_entry *entry, const char *key, size_t key_length,
                const char *name);
/* Makes the folder to compile in; false (told) when there is no place at all. */
bool cache_begin(struct arena *arena, struct cache_entry *entry);
/* Gives what was compiled its place at once; another netc may have been faster. */
void cache_finish(struct arena *arena, struct cache_entry *entry);
void cache_abandon(struct cache_entry *entry);

#endif
