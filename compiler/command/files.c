/* files.c - files that appear whole: temporary in the same folder, every write checked, fsync, rename. */
#include "command/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

/* What a new file may be used for, as the shell's umask has it. */
static mode_t new_file_mode(mode_t wanted)
{
    mode_t mask = umask(0);
    umask(mask);
    return wanted & ~mask;
}

/* A file on its way: where it is now and where it will be. */
struct pending {
    char path[4096], temporary[4096];
    bool is_done; /* written to directly: nothing to rename */
};

static bool write_closing(int descriptor, const char *bytes, size_t length)
{
    /* A pipe or a device has no disk to be written to. */
    bool is_written =
        write_all(descriptor, bytes, length) && (fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS);
    int error = errno;
    if (close(descriptor) != 0 && is_written)
        return false;
    errno = is_written ? 0 : error;
    return is_written;
}

/* A pipe or a device is no file that could be replaced. */
static bool is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool pending_write(struct pending *pending, const char *path, const char *bytes, size_t length,
                          mode_t mode)
{
    struct stat status;
    *pending = (struct pending){0};
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return told(path);
    }
    if (is_special(path)) {
        int descriptor = open(path, O_WRONLY);
        pending->is_done = true;
        return (descriptor >= 0 && write_closing(descriptor, bytes, length)) || told(path);
    }
    if (!realpath(path, pending->path) &&
        snprintf(pending->path, sizeof pending->path, "%s", path) >= (int)sizeof pending->path) {
        errno = ENAMETOOLONG;
        return told(path);
    }
    if (snprintf(pending->temporary, sizeof pending->temporary, "%.4000s.XXXXXX", pending->path) >= 4008) {
        errno = ENAMETOOLONG;
        return told(path);
    }
    int descriptor = mkstemp(pending->temporary);
    if (descriptor < 0)
        return told(path);
    fchmod(descriptor, mode);
    if (write_closing(descriptor, bytes, length))
        return true;
    told(path);
    unlink(pending->temporary);
    return false;
}

static bool pending_finish(const struct pending *pending)
{
    if (pending->is_done || rename(pending->temporary, pending->path) == 0)
        return true;
    told(pending->path);
    unlink(pending->temporary);
    return false;
}

bool files_write(const struct file_content *files, int count)
{
    enum { MOST = 4 };
    struct pending pending[MOST];
    for (int i = 0; i < count; i++)
        if (!pending_write(&pending[i], files[i].path, files[i].bytes, files[i].length,
                           new_file_mode(0666))) {
            while (i-- > 0)
                unlink(pending[i].temporary);
            return false;
        }
    bool is_good = true;
    for (int i = 0; i < count; i++)
        is_good = pending_finish(&pending[i]) && is_good;
    return is_good;
}

bool file_write(const char *path, const char *bytes, size_t length)
{
    return files_write(&(struct file_content){path, bytes, length}, 1);
}

bool file_replace(const char *path, const char *bytes, size_t length)
{
    struct stat status;
    struct pending pending;
    /* A rename would not ask whether the file itself may be written to. */
    if (access(path, W_OK) != 0 || stat(path, &status) != 0)
        return told(path);
    mode_t mode = status.st_mode & 07777;
    if (!pending_write(&pending, path, bytes, length, mode))
        return false;
    /* Who may not give files away keeps the new one; giving it takes bits from the mode. */
    if (!pending.is_done && chown(pending.temporary, status.st_uid, status.st_gid) == 0)
        chmod(pending.temporary, mode);
    return pending_finish(&pending);
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
    struct pending pending;
    bool is_copied =
        bytes ? pending_write(&pending, to, bytes, length, new_file_mode(0777)) && pending_finish(&pending)
              : told(from);
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
