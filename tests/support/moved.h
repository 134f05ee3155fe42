/* moved.h - weights one unit in the last place off: what a network makes of these is what it makes of
 * rounding. */
#ifndef NETC_TEST_MOVED_H
#define NETC_TEST_MOVED_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "real.h"

/* For weights_for_each; `context` is the stream of random numbers (uint64_t) that says up or down. */
static inline void move_by_rounding(void *context, size_t element, real *weight)
{
    const double to =
        random_uniform(5, *(uint64_t *)context, 2, (uint32_t)element) < 0.5 ? -INFINITY : INFINITY;
    *weight = sizeof(real) == sizeof(float) ? (real)nextafterf((float)*weight, (float)to)
                                            : (real)nextafter((double)*weight, to);
}

#endif
