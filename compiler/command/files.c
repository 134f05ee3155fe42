/* files.c - files that appear whole: temporary in the same folder, every write checked, rename. */
#include "command/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"

static bool told(const char *path)
{
    fprintf(stderr, "netc: cannot write '%s': %s\n", path, strerror(errno));
    return false;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_mode(const char *path, const char *bytes, size_t length, mode_t mode)
{
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        return told(path);
    }
    int descriptor = mkstemp(temporary);
    if (descriptor < 0)
        return told(path);
    mode_t mask = umask(0);
    umask(mask);
    bool is_written = write_all(descriptor, bytes, length) && fchmod(descriptor, mode & ~mask) == 0;
    int error = errno;
    if (close(descriptor) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    if (is_written && rename(temporary, path) == 0)
        return true;
    errno = is_written ? errno : error;
    told(path);
    unlink(temporary);
    return false;
}

bool file_write(const char *path, const char *bytes, size_t length)
{
    return write_mode(path, bytes, length, 0666);
}

char *file_read(struct arena *arena, const char *path, size_t *length)
{
    FILE *stream = fopen(path, "rb");
    struct stat status;
    if (!stream)
        return NULL;
    char *bytes = NULL;
    if (fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode)) {
        *length = (size_t)status.st_size;
        bytes = arena_allocate(arena, *length + 1);
        if (fread(bytes, 1, *length, stream) != *length)
            bytes = NULL;
    }
    fclose(stream);
    return bytes;
}

bool file_copy(const char *from, const char *to)
{
    struct arena *arena = arena_create();
    size_t length = 0;
    char *bytes = file_read(arena, from, &length);
    bool is_copied = bytes ? write_mode(to, bytes, length, 0777) : told(to);
    arena_release(arena);
    return is_copied;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool folder_make(const char *path)
{
    char above[4096];
    if (snprintf(above, sizeof above, "%s", path) >= (int)sizeof above)
        return false;
    for (char *at = above + 1; *at; at++)
        if (*at == '/') {
            *at = 0;
            if (mkdir(above, 0777) != 0 && errno != EEXIST)
                return false;
            *at = '/';
        }
    return mkdir(above, 0777) == 0 || errno == EEXIST;
}

void folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char file[4096];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(file, sizeof file, "%s/%s", path, entry->d_name) < (int)sizeof file)
            unlink(file);
    }
    closedir(folder);
    rmdir(path);
}

const char *path_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *make_escape(struct arena *arena, const char *path)
{
    struct text text = text_create(arena);
    for (; *path; path++)
        text_format(&text, *path == ' ' || *path == '#' ? "\\%c" : *path == '$' ? "$%c" : "%c", *path);
    return text.bytes;
}
