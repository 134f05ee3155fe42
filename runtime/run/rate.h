/* rate.h - the learning rate of a network's optimizer, and how another one is written in its .net text.
 *
 *     "sgd rate=0.05 momentum=0.9"   ->   0.05
 *     0.02   ->   line 19: optimizer sgd rate=0.05 momentum=0.9   ->   optimizer sgd rate=0.02 momentum=0.9
 */
#ifndef NETC_RUN_RATE_H
#define NETC_RUN_RATE_H

#include <stddef.h>

struct model;

/* Before any schedule; 0 where it names none. */
double rate_of(const struct model *model);

struct rate_statement {
    int line;      /* of the optimizer's statement; 0: there is none, and one is to be added */
    char file[64]; /* "": the model's own; else the included one */
    char now[128]; /* as it stands; "" without */
    char then[192];
};
/* How train { } in a .net text, which may be "", says that rate. */
void rate_state(const struct model *model, const char *text, double rate, struct rate_statement *to);

#endif
