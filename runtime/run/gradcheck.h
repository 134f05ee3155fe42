/* gradcheck.h - every gradient of a network against finite differences. */
#ifndef NETC_RUN_GRADCHECK_H
#define NETC_RUN_GRADCHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

/* Checks a full batch, and a smaller one where the batch has room for it; prints a line per tensor when
 * `is_verbose`. True when all agree. Only meaningful where real is double. */
bool gradcheck_run(const struct model *model, uint64_t seed, bool is_verbose);

#endif
