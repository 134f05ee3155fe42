/* activation.h - the functions of one number that generated code names, in the type that the trainer is built
 * for. */
#ifndef NETC_ACTIVATION_H
#define NETC_ACTIVATION_H

#include "elementary.h"
#include "real.h"

/* 1 / (1 + e^-x), without overflow on either side */
static inline real sigmoid(real x)
{
    const real tail = real_exp(-real_fabs(x));
    return (x < 0 ? tail : 1) / (1 + tail);
}

/* log(1 + e^x), without overflow */
static inline real softplus(real x)
{
    return (x > 0 ? x : 0) + real_log1p(real_exp(-real_fabs(x)));
}

/* SELU (Klambauer et al. 2017), and its slope as a function of the result. */
#define SELU_SCALE ((real)1.0507009873554804934193349852946)
#define SELU_ALPHA ((real)1.6732632423543772848170429916717)

static inline real selu(real x)
{
    return SELU_SCALE * (x < 0 ? SELU_ALPHA * real_expm1(x) : x);
}

static inline real selu_slope(real y)
{
    return y > 0 ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA;
}

/* x / (1 + e^-x) (Elfwing, Uchibe, Doya 2018), and its slope at x. */
static inline real silu(real x)
{
    return x * sigmoid(x);
}

static inline real silu_slope(real x)
{
    real s = sigmoid(x);
    return s * (1 + x * (1 - s));
}

/* x Φ(x), Φ the standard normal distribution function (Hendrycks and Gimpel 2016), and its slope at x. */
static inline real gelu(real x)
{
    return x * (1 + real_erf(x * (real)M_SQRT1_2)) / 2;
}

static inline real gelu_slope(real x)
{
    real density = real_exp(-x * x / 2) * (real)(M_SQRT1_2 * M_2_SQRTPI / 2);
    return (1 + real_erf(x * (real)M_SQRT1_2)) / 2 + x * density;
}

/* x max(0, min(6, x + 3)) / 6 (Howard et al. 2019), and its slope at x; NaN stays NaN. */
static inline real hard_swish(real x)
{
    return x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6;
}

static inline real hard_swish_slope(real x)
{
    return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
}

#endif
