/* describe.h - texts about the language, made from the catalogue's own tables: for `netc explain`. */
#ifndef NETC_DESCRIBE_H
#define NETC_DESCRIBE_H

#include <stdbool.h>

struct attribute;
struct suggestion;
struct text;

/* Everything that has this name: kinds, settings, words, keys, an error code. False when nothing has; the
 * nearest name is then in `nearest`. */
bool describe_name(struct text *to, const char *name, struct suggestion *nearest);
/* All names, by what they are. */
void describe_all(struct text *to);
/* Calls `visit` with every name that describe_name knows, each once. */
void describe_each(void (*visit)(void *context, const char *name), void *context);

/* "1 to 65535", "above 0, at most 1"; false and nothing where any value goes. */
bool describe_range(struct text *to, const struct attribute *attribute);

#endif
