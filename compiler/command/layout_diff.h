/* layout_diff.h - the unified diff between a text and the same text in another layout. */
#ifndef NETC_COMMAND_LAYOUT_DIFF_H
#define NETC_COMMAND_LAYOUT_DIFF_H

#include <stddef.h>

struct text;

/* Appends nothing when they are equal. `path` names both sides. */
void layout_diff(struct text *to, const char *path, const char *old, size_t old_length, const char *new,
                 size_t new_length);

#endif
