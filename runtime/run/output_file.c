/* output_file.c - temporary in the same folder, every write checked, fsync, rename, fsync of the folder. */
#include "run/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem.h"

/* The one that is being written; NULL: none. */
static const struct output_file *unfinished;

static void remove_unfinished(void)
{
    if (unfinished)
        unlink(unfinished->temporary);
}

static void watch(const struct output_file *file)
{
    static bool is_watched;
    unfinished = file;
    if (file && !is_watched)
        is_watched = atexit(remove_unfinished) == 0;
}

bool output_file_open(struct output_file *file, const char *path, struct problem *problem)
{
    *file = (struct output_file){0};
    int length = snprintf(file->path, sizeof file->path, "%s", path);
    if (length < 0 || length > 4000)
        return problem_at(problem, path, 0, 0, "the path is too long");
    snprintf(file->temporary, sizeof file->temporary, "%.4000s.XXXXXX", path);
    int descriptor = mkstemp(file->temporary);
    if (descriptor < 0)
        return problem_at(problem, path, 0, 0, "cannot be written: %s", strerror(errno));
    watch(file);
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask); /* as any new file; mkstemp gives 0600 */
    file->stream = fdopen(descriptor, "w");
    if (file->stream)
        return true;
    close(descriptor);
    watch(NULL);
    unlink(file->temporary);
    return problem_at(problem, path, 0, 0, "cannot be written: %s", strerror(errno));
}

static void sync_folder(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    int descriptor = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY);
    if (descriptor < 0)
        return;
    fsync(descriptor); /* not every file system can; the rename itself has succeeded */
    close(descriptor);
}

bool output_file_sync(struct output_file *file, struct problem *problem)
{
    errno = EIO; /* for a write that failed long ago */
    if (fflush(file->stream) == 0 && !ferror(file->stream) && fsync(fileno(file->stream)) == 0)
        return true;
    int error = errno;
    output_file_abandon(file);
    return problem_at(problem, file->path, 0, 0, "cannot be written: %s", strerror(error));
}

bool output_file_commit(struct output_file *file, struct problem *problem)
{
    errno = EIO; /* for a write that failed long ago */
    bool is_written = fflush(file->stream) == 0 && !ferror(file->stream) && fsync(fileno(file->stream)) == 0;
    int error = errno;
    if (fclose(file->stream) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    file->stream = NULL;
    watch(NULL);
    if (is_written && rename(file->temporary, file->path) == 0) {
        sync_folder(file->path);
        return true;
    }
    error = is_written ? errno : error;
    unlink(file->temporary);
    return problem_at(problem, file->path, 0, 0, "cannot be written: %s", strerror(error));
}

void output_file_abandon(struct output_file *file)
{
    if (!file->stream)
        return;
    fclose(file->stream);
    file->stream = NULL;
    watch(NULL);
    unlink(file->temporary);
}

bool output_file_fail(struct output_file *file, const char *why, struct problem *problem)
{
    output_file_abandon(file);
    return problem_at(problem, file->path, 0, 0, "%s", why);
}
