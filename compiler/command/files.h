/* files.h - writing files whole or not at all, and paths. */
#ifndef NETC_COMMAND_FILES_H
#define NETC_COMMAND_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Writes a temporary beside `path`, then renames it; what is no regular file (a pipe, /dev/stdout) is written
 * to, and a link keeps pointing where it did. Tells on standard error why it cannot. */
bool file_write(const char *path, const char *bytes, size_t length);
/* The same for a file that is there, whose permissions and owner stay. */
bool file_replace(const char *path, const char *bytes, size_t length);
/* Several files of which all appear or, when one cannot be written, none. */
struct file_content {
    const char *path, *bytes;
    size_t length;
};
bool files_write(const struct file_content *files, int count);
bool file_copy(const char *from, const char *to); /* keeps the execute bits */
bool file_exists(const char *path);
/* The bytes of a file, NUL-terminated, or NULL. */
char *file_read(struct arena *arena, const char *path, size_t *length);
bool folder_make(const char *path);   /* with those above it */
void folder_remove(const char *path); /* with the files in it, not with folders in it */
const char *path_folder(struct arena *arena, const char *path); /* "." without one */
const char *path_name(const char *path);
/* Blanks, # and $ as a Make rule wants them. */
const char *make_escape(struct arena *arena, const char *path);

#endif
