/* activation.h - the functions of one number that generated code names, in the type that the trainer is built
 * for. */
#ifndef NETC_ACTIVATION_H
#define NETC_ACTIVATION_H

#include <math.h>

#include "real.h"

#ifdef NETC_DOUBLE
#define real_exp exp
#define real_expm1 expm1
#define real_log log
#define real_log1p log1p
#define real_sqrt sqrt
#define real_tanh tanh
#define real_fabs fabs
#else
#define real_exp expf
#define real_expm1 expm1f
#define real_log logf
#define real_log1p log1pf
#define real_sqrt sqrtf
#define real_tanh tanhf
#define real_fabs fabsf
#endif

/* 1 / (1 + e^-x), without overflow on either side */
static inline real sigmoid(real x)
{
    real tail = real_exp(-real_fabs(x));
    return x < 0 ? tail / (1 + tail) : 1 / (1 + tail);
}

/* log(1 + e^x), without overflow */
static inline real softplus(real x)
{
    return (x > 0 ? x : 0) + real_log1p(real_exp(-real_fabs(x)));
}

#endif
