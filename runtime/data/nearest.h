/* nearest.h - the known name that a misspelt one most likely meant.
 *
 *     nearest_name("standardise", names, count)  ->  "standardize" */
#ifndef NETC_DATA_NEAREST_H
#define NETC_DATA_NEAREST_H

struct problem;

/* NULL where none is near: at most one slip in three letters. */
const char *nearest_name(const char *word, const char *const *names, int count);
/* Adds "help: did you mean 'NAME'?" where one is near. */
void nearest_help(struct problem *problem, const char *word, const char *const *names, int count);
/* Else "help: there are 'a', 'b' and 'c'", of many the first. */
void nearest_or_list_help(struct problem *problem, const char *word, const char *const *names, int count);

#endif
