/* real.h - the type of every weight, activation and gradient: float, or double where a build asks for it
 * (gradient checks and exact comparisons do). */
#ifndef NETC_REAL_H
#define NETC_REAL_H

#ifdef NETC_DOUBLE
typedef double real;
#define REAL_NAME "double"
#else
typedef float real;
#define REAL_NAME "float"
#endif

#endif
