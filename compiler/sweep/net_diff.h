/* net_diff.h - the .net text of a point beside that of the model. */
#ifndef NETC_SWEEP_NET_DIFF_H
#define NETC_SWEEP_NET_DIFF_H

#include "sweep/sweep.h"

/* As `diff -u` prints it; nothing where both are the same. */
void net_diff(struct text *to, const struct edited *edited);

#endif
