/* numerics.h - what a trainer compiled with --debug-numerics asks after each layer of a step: is every number
 * of it finite? The first that is not is remembered, and named when the step has ended.
 *
 *     c1_forward(net, examples);
 *     numerics_share(team, net->is_training, "the result of 'c1'", net->value.c1, (size_t)batch * C1_SIZE);
 */
#ifndef NETC_NUMERICS_H
#define NETC_NUMERICS_H

#include <stdbool.h>
#include <stddef.h>

#include "real.h"
#include "team.h"

/* In the generated file where it checks; elsewhere there is none, and its address is NULL. */
extern const bool numerics_are_checked __attribute__((weak));

/* Nothing is looked at where `is_training` is false, or when something has been found. */
void numerics_check(bool is_training, const char *what, const void *numbers, size_t count);
/* "the result of 'c1' has a NaN, its number 17"; NULL: nothing was found. */
const char *numerics_finding(void);

/* The same among threads: when all have come, and before any goes on. */
static inline void numerics_share(struct team team, bool is_training, const char *what, const void *numbers,
                                  size_t count)
{
    team_wait(team);
    if (team.thread == 0)
        numerics_check(is_training, what, numbers, count);
    team_wait(team);
}

#endif
