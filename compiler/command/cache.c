/* cache.c - entries appear whole by renaming a folder; the oldest go when there are too many. */
#include "command/cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/files.h"

/* The dot keeps it apart from the trainer, which is called after the net. */
#define KEY_FILE "key.txt"

enum { MOST_ENTRIES = 200 };
static const int64_t most_bytes = (int64_t)1 << 30;
static const double abandoned_after = 24 * 3600; /* seconds: work of a netc that was killed */

static const char *cache_folder(struct arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/')
        return arena_format(arena, "%s/netc", cache);
    return home && home[0] == '/' ? arena_format(arena, "%s/.cache/netc", home) : NULL;
}

static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

/* What stands in the entry's key.txt: the key, and what the trainer must be. NULL: there is no trainer. */
static char *sealed_key(struct arena *arena, const struct cache_entry *entry, const char *folder)
{
    const char *path = arena_format(arena, "%s/%s", folder, entry->name);
    size_t length = 0;
    const char *trainer = file_read(arena, path, &length);
    if (!trainer || length == 0 || access(path, X_OK) != 0)
        return NULL;
    return arena_format(arena, "%.*s\ntrainer %zu %016llx\n", (int)entry->key_length, entry->key, length,
                        (unsigned long long)hash_bytes(trainer, length));
}

/* Made from that key, and whole: somebody may have cleaned up, a crash or a full disk cuts files short. */
static bool is_whole(struct arena *arena, const struct cache_entry *entry)
{
    size_t length = 0;
    const char *found = file_read(arena, arena_format(arena, "%s/" KEY_FILE, entry->folder), &length);
    const char *wanted = found ? sealed_key(arena, entry, entry->folder) : NULL;
    return wanted && length == strlen(wanted) && memcmp(found, wanted, length) == 0;
}

bool cache_find(struct arena *arena, struct cache_entry *entry, const char *key, size_t key_length,
                const char *name)
{
    const char *cache = cache_folder(arena);
    *entry = (struct cache_entry){.name = name,
                                  .key = key,
                                  .key_length = key_length,
                                  .is_kept = cache && folder_make(cache) && access(cache, W_OK) == 0};
    if (!entry->is_kept)
        return false;
    entry->folder = arena_format(arena, "%s/%016llx", cache, (unsigned long long)hash_bytes(key, key_length));
    return is_whole(arena, entry);
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

static int64_t folder_bytes(struct arena *arena, const char *path)
{
    DIR *folder = opendir(path);
    int64_t bytes = 0;
    if (!folder)
        return 0;
    for (struct dirent *child; (child = readdir(folder));) {
        struct stat status;
        if (stat(arena_format(arena, "%s/%s", path, child->d_name), &status) == 0 && S_ISREG(status.st_mode))
            bytes += status.st_size;
    }
    closedir(folder);
    return bytes;
}

/* What the cache holds, and the entry that was not used for the longest time. Folders that another netc works
 * in are no entries; those of one that was killed go. */
static void survey(struct arena *arena, const char *cache, int *count, int64_t *bytes, char **oldest)
{
    DIR *folder = opendir(cache);
    time_t when = 0;
    *count = 0, *bytes = 0, *oldest = NULL;
    if (!folder)
        return;
    for (struct dirent *child; (child = readdir(folder));) {
        struct stat status;
        char *path = arena_format(arena, "%s/%s", cache, child->d_name);
        if (child->d_name[0] == '.' || stat(path, &status) != 0)
            continue;
        if (strchr(child->d_name, '.')) {
            if (difftime(time(NULL), status.st_mtime) > abandoned_after)
                folder_remove(path);
            continue;
        }
        ++*count;
        *bytes += folder_bytes(arena, path);
        if (!*oldest || status.st_mtime < when) {
            *oldest = path;
            when = status.st_mtime;
        }
    }
    closedir(folder);
}

static void trim(struct arena *arena, const char *cache)
{
    int count;
    int64_t bytes;
    char *oldest;
    for (;;) {
        survey(arena, cache, &count, &bytes, &oldest);
        if (!oldest || (count <= MOST_ENTRIES && bytes <= most_bytes))
            return;
        folder_remove(oldest);
        if (file_exists(oldest))
            return;
    }
}

void cache_finish(struct arena *arena, struct cache_entry *entry)
{
    const char *sealed = entry->is_kept ? sealed_key(arena, entry, entry->work) : NULL;
    entry->is_kept =
        sealed && file_write(arena_format(arena, "%s/" KEY_FILE, entry->work), sealed, strlen(sealed));
    if (!entry->is_kept) {
        entry->folder = entry->work;
        return;
    }
    if (rename(entry->work, entry->folder) != 0) {
        if (is_whole(arena, entry)) { /* another netc made the same meanwhile, and may be using it */
            folder_remove(entry->work);
            return;
        }
        folder_remove(entry->folder); /* another key with the same hash, or a damaged entry */
        if (rename(entry->work, entry->folder) != 0) {
            entry->is_kept = false;
            entry->folder = entry->work;
            return;
        }
    }
    trim(arena, path_folder(arena, entry->folder));
}

void cache_abandon(struct cache_entry *entry)
{
    if (entry->work)
        folder_remove(entry->work);
}
