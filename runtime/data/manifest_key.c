/* manifest_key.c - tables of keys, and the faults that all of them share. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/manifest_key.h"
#include "data/nearest.h"
#include "data/pool.h"
#include "problem.h"

bool node_refuse(struct manifest_reading *reading, const struct yaml_node *node, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return problem_at(reading->problem, reading->manifest->path, node->line, node->column, "%s", sentence);
}

bool node_is(struct manifest_reading *reading, const struct yaml_node *node, enum yaml_kind kind,
             const char *wanted)
{
    static const char *const found[] = {"a single value", "a list", "a mapping"};
    return node->kind == kind || node_refuse(reading, node, "expected %s, not %s", wanted, found[node->kind]);
}

int node_choose(struct manifest_reading *reading, const struct yaml_node *node, const char *what,
                const char *const *words, int count)
{
    if (!node_is(reading, node, YAML_SCALAR, words[0]))
        return -1;
    for (int i = 0; i < count; i++)
        if (strcmp(node->text, words[i]) == 0)
            return i;
    node_refuse(reading, node, "unknown %s '%.60s'", what, node->text);
    nearest_help(reading->problem, node->text, words, count);
    return -1;
}

const struct manifest_key *manifest_find_key(const struct manifest_key *keys, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

bool manifest_refuse_key(struct manifest_reading *reading, const struct yaml_node *key,
                         const struct manifest_key *keys, int count)
{
    const char **names = pool_get(reading->pool, (size_t)count * sizeof *names);
    for (int i = 0; i < count; i++)
        names[i] = keys[i].name;
    return node_choose(reading, key, "key", names, count) >= 0;
}

bool manifest_read_keys(struct manifest_reading *reading, const struct yaml_node *mapping,
                        const struct manifest_key *keys, int count)
{
    for (int i = 0; i < mapping->count; i++) {
        const struct manifest_key *key = manifest_find_key(keys, count, mapping->keys[i]->text);
        if (!key)
            return manifest_refuse_key(reading, mapping->keys[i], keys, count);
        if (!key->read(reading, mapping->items[i]))
            return false;
    }
    return true;
}

bool text_is_number(const char *text, double *number)
{
    if (!*text || text[strspn(text, "+-.0123456789eE")])
        return false;
    char *end;
    *number = strtod(text, &end);
    return *end == 0 && end != text && isfinite(*number);
}
