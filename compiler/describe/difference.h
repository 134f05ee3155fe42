/* difference.h - what changed between two networks in meaning, for `netc diff`. */
#ifndef NETC_DIFFERENCE_H
#define NETC_DIFFERENCE_H

#include <stdbool.h>

struct arena;
struct graph;
struct text;

/* One thing that is not the same; "" where one side lacks it. */
struct change {
    const char *what; /* "layer c1", "parameters", "batch" */
    const char *before, *after;
};

struct changes {
    struct change *all;
    int count;
};

/* Layers by name, in the order of the new network, those that are gone last; then totals and train. */
struct changes difference_find(struct arena *arena, const struct graph *before, const struct graph *after);
/* Two columns side by side. */
void difference_print(struct text *to, const struct changes *changes);
/* [{"what": …, "old": …, "new": …}] */
char *difference_json(const struct changes *changes);

#endif
