/* album.c - files are written into a folder beside the wanted one, which is then renamed to it. */
#include "look/album.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/pool.h"
#include "problem.h"

void album_begin(struct album *album, const char *title)
{
    *album = (struct album){0};
    if (!buffer_open(&album->text))
        abort(); /* as memory_resize does without memory */
    html_begin(&album->page, album->text.to, title);
}

void album_add(struct album *album, struct picture *picture, const char *name)
{
    struct album_file file = {.length = 0};
    snprintf(file.name, sizeof file.name, "%s", name);
    file.bytes = picture->samples ? png_encode(picture, &file.length) : NULL;
    picture_release(picture);
    if (!file.bytes) {
        album->has_failed = true;
        return;
    }
    album->files = memory_resize(album->files, (size_t)album->file_count + 1, sizeof *album->files);
    album->files[album->file_count++] = file;
}

static bool write_file(const char *folder, const char *name, const void *bytes, size_t length,
                       struct problem *problem)
{
    char path[4200 + ALBUM_NAME];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *to = fopen(path, "wbx");
    errno = to ? EIO : errno;
    bool is_written =
        to && fwrite(bytes, 1, length, to) == length && fflush(to) == 0 && fsync(fileno(to)) == 0;
    int error = errno;
    if (to && fclose(to) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    return is_written || problem_at(problem, path, 0, 0, "cannot be written: %s", strerror(error));
}

static bool write_files(const struct album *album, const char *folder, struct problem *problem)
{
    for (int i = 0; i < album->file_count; i++) {
        const struct album_file *file = &album->files[i];
        if (!write_file(folder, file->name, file->bytes, file->length, problem))
            return false;
    }
    return write_file(folder, "index.html", album->text.bytes, album->text.length, problem);
}

static void remove_folder(const struct album *album, const char *folder)
{
    char path[4200 + ALBUM_NAME];
    for (int i = 0; i < album->file_count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, album->files[i].name);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/index.html", folder);
    unlink(path);
    rmdir(folder);
}

bool album_save(struct album *album, const char *folder, struct problem *problem)
{
    char temporary[4200];
    if (!html_end(&album->page) || !buffer_close(&album->text) || album->has_failed)
        return problem_at(problem, folder, 0, 0, "there is no memory for its pictures");
    size_t plain = strlen(folder);
    while (plain > 1 && folder[plain - 1] == '/')
        plain--;
    snprintf(temporary, sizeof temporary, "%.*s.XXXXXX", (int)(plain < 4000 ? plain : 4000), folder);
    if (!mkdtemp(temporary))
        return problem_at(problem, folder, 0, 0, "cannot be written: %s", strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    chmod(temporary, 0777 & ~mask); /* as any new folder; mkdtemp gives 0700 */
    if (write_files(album, temporary, problem) &&
        (rename(temporary, folder) == 0 ||
         problem_at(problem, folder, 0, 0, "cannot be written: %s", strerror(errno))))
        return true;
    remove_folder(album, temporary);
    return false;
}

void album_release(struct album *album)
{
    buffer_free(&album->text);
    for (int i = 0; i < album->file_count; i++)
        free(album->files[i].bytes);
    free(album->files);
    *album = (struct album){0};
}
