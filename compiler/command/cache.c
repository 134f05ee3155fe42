/* cache.c - entries appear whole by renaming a folder; the oldest go when there are too many. */
#include "command/cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/files.h"

enum { MOST_ENTRIES = 200 };

static const char *cache_folder(struct arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/')
        return arena_format(arena, "%s/netc", cache);
    return home && home[0] == '/' ? arena_format(arena, "%s/.cache/netc", home) : NULL;
}

static uint64_t hash_key(const char *key, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3u;
    return hash;
}

bool cache_find(struct arena *arena, struct cache_entry *entry, const char *key, size_t key_length)
{
    const char *cache = cache_folder(arena);
    *entry = (struct cache_entry){.key = key,
                                  .key_length = key_length,
                                  .is_kept = cache && folder_make(cache) && access(cache, W_OK) == 0};
    if (!entry->is_kept)
        return false;
    entry->folder = arena_format(arena, "%s/%016llx", cache, (unsigned long long)hash_key(key, key_length));
    size_t length = 0;
    const char *found = file_read(arena, arena_format(arena, "%s/key", entry->folder), &length);
    return found && length == key_length && memcmp(found, key, length) == 0;
}

bool cache_begin(struct arena *arena, struct cache_entry *entry)
{
    const char *temporary = getenv("TMPDIR");
    char *work = entry->is_kept
                     ? arena_format(arena, "%s.XXXXXX", entry->folder)
                     : arena_format(arena, "%s/netc.XXXXXX", temporary && *temporary ? temporary : "/tmp");
    entry->work = mkdtemp(work);
    if (entry->work)
        return true;
    fprintf(stderr, "netc: no folder to compile in, '%s': %s\n", work, strerror(errno));
    return false;
}

/* Removes the entries that were not used for the longest time, until few enough are left. */
static void trim(struct arena *arena, const char *cache)
{
    for (;;) {
        DIR *folder = opendir(cache);
        char *oldest = NULL;
        time_t when = 0;
        int count = 0;
        if (!folder)
            return;
        for (struct dirent *child; (child = readdir(folder));) {
            struct stat status;
            char *path = arena_format(arena, "%s/%s", cache, child->d_name);
            if (child->d_name[0] == '.' || stat(path, &status) != 0)
                continue;
            count++;
            if (!oldest || status.st_mtime < when) {
                oldest = path;
                when = status.st_mtime;
            }
        }
        closedir(folder);
        if (count <= MOST_ENTRIES || !oldest)
            return;
        folder_remove(oldest);
        if (file_exists(oldest))
            return;
    }
}

void cache_finish(struct arena *arena, struct cache_entry *entry)
{
    if (!entry->is_kept) {
        entry->folder = entry->work;
        return;
    }
    bool is_written = file_write(arena_format(arena, "%s/key", entry->work), entry->key, entry->key_length);
    if (!is_written || rename(entry->work, entry->folder) == 0) {
        entry->folder = is_written ? entry->folder : entry->work;
        trim(arena, path_folder(arena, entry->folder));
        return;
    }
    folder_remove(entry->folder); /* of another key with the same hash, or the same made meanwhile */
    if (rename(entry->work, entry->folder) != 0)
        entry->folder = entry->work;
}

void cache_abandon(struct cache_entry *entry)
{
    if (entry->work)
        folder_remove(entry->work);
}
