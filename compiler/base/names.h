/* names.h - interned names: equal names are equal pointers, so the rest of the compiler compares names with
 * ==. */
#ifndef NETC_NAMES_H
#define NETC_NAMES_H

#include <stddef.h>

struct arena;
struct names;

struct names *names_create(struct arena *arena);
const char *names_intern(struct names *names, const char *text, size_t length);

/* Nearest known name for a misspelt one: collects candidates one by one and keeps the closest by edit
 * distance (insert, delete, substitute, swap of neighbours: one each; small and capital letters are equal). A
 * candidate further away than a third of the longer name (at least 1), or with nothing in common, does not
 * count, unless the name begins or ends with it (batch_size, learning_rate), or is what others call it (mse);
 * of equally close ones the first offered wins. */
struct suggestion {
    const char *wanted;  /* the misspelt name */
    const char *nearest; /* NULL while nothing is close enough */
    int distance;
    const char *offered[8]; /* the first candidates */
    int offered_count;      /* all of them */
};

struct suggestion suggestion_for(const char *wanted);
void suggestion_offer(struct suggestion *suggestion, const char *candidate);

#endif
