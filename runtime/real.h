/* real.h - the type of every weight, activation and gradient: float, or double where a build asks for it
 * (gradient checks and exact comparisons do). */
#ifndef NETC_REAL_H
#define NETC_REAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* tap_index says which tap of a window a maximum was; a quarter of a real, so that the plan of an arena holds
 * in both builds. */
#ifdef NETC_DOUBLE
typedef double real;
typedef uint16_t tap_index;
typedef uint64_t real_bits;
#define REAL_NAME "double"
#else
typedef float real;
typedef uint8_t tap_index;
typedef uint32_t real_bits;
#define REAL_NAME "float"
#endif

/* `number` where it is wanted and 0 elsewhere, by its bits: gcc 12 makes no vectors of a choice between
 * numbers that were computed. */
static inline real real_or_zero(real number, bool is_wanted)
{
    real_bits bits;
    memcpy(&bits, &number, sizeof bits);
    bits &= -(real_bits)is_wanted;
    memcpy(&number, &bits, sizeof bits);
    return number;
}

#endif
