/* real.h - the type of every weight, activation and gradient: float, or double where a build asks for it
 * (gradient checks and exact comparisons do). */
#ifndef NETC_REAL_H
#define NETC_REAL_H

#include <stdint.h>

/* tap_index says which tap of a window a maximum was; a quarter of a real, so that the plan of an arena holds
 * in both builds. */
#ifdef NETC_DOUBLE
typedef double real;
typedef uint16_t tap_index;
#define REAL_NAME "double"
#else
typedef float real;
typedef uint8_t tap_index;
#define REAL_NAME "float"
#endif

#endif
