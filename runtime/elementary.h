/* elementary.h - exp, log and their kin for `real`: in float our own, so that a loop over them becomes
 * vectors and a trainer computes the same wherever its C library comes from; in double those of the C
 * library.
 *
 *     for (int k = 0; k < 10; k++)        eight or sixteen numbers at once, no call:
 *         p[k] = real_exp(z[k] - largest);
 *
 * No branches, tables or conversions that trap: a special value is chosen at the end. Errors are the largest
 * over all floats, in units in the last place of the exact result; tests/unit/test_elementary.c holds them:
 *
 *     real_exp 1.1   real_expm1 1.8   real_log 0.9   real_log1p 1.5   real_tanh 2.6   real_erf 2.6
 *
 * Infinities, NaN and results below the least normal float are as C11 Annex F has them; the sign of a zero is
 * not. The polynomials are minimax (Remez), in the weights of the error that they stand for. */
#ifndef NETC_ELEMENTARY_H
#define NETC_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "real.h"

#ifdef NETC_DOUBLE

#define real_exp exp
#define real_expm1 expm1
#define real_log log
#define real_log1p log1p
#define real_sqrt sqrt
#define real_tanh tanh
#define real_fabs fabs
#define real_erf erf

#else

#define real_sqrt sqrtf
#define real_fabs fabsf

#define ELEMENTARY_LN2_HIGH 0x1.62e4p-1f /* its last bits are 0: times a small whole number it is exact */
#define ELEMENTARY_LN2_LOW 0x1.7f7d1cp-20f
#define ELEMENTARY_ROUND 0x1.8p23f /* what is added to it loses its fraction */

static inline uint32_t float_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float float_of_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^n, -126 <= n <= 127 */
static inline float float_power(int32_t n)
{
    return float_of_bits((uint32_t)(n + 127) << 23);
}

/* x = n ln 2 + r with |r| <= ln 2 / 2, and e^r - 1 */
struct elementary_exp {
    int32_t n;
    float excess;
};

static inline struct elementary_exp elementary_exp(float x)
{
    const float shifted = x * (float)M_LOG2E + ELEMENTARY_ROUND, n = shifted - ELEMENTARY_ROUND;
    const float r = (x - n * ELEMENTARY_LN2_HIGH) - n * ELEMENTARY_LN2_LOW;
    /* (e^r - 1 - r) / r^2, to 2^-26 of e^r - 1 */
    const float p = 0x1.000000p-1f +
                    r * (0x1.5554aep-3f + r * (0x1.555486p-5f + r * (0x1.122836p-7f + r * 0x1.6d992ep-10f)));
    return (struct elementary_exp){(int32_t)(float_bits(shifted) - float_bits(ELEMENTARY_ROUND)),
                                   r + r * r * p};
}

static inline float real_exp(float x)
{
    const float low = x < -104 ? -104 : x, within = low > 89 ? 89 : low; /* beyond: 0 and infinity */
    const struct elementary_exp e = elementary_exp(within);
    const int32_t half = e.n >> 1; /* 2^n in two factors, as it may be no normal float */
    return (1 + e.excess) * float_power(half) * float_power(e.n - half);
}

/* e^x - 1 */
static inline float real_expm1(float x)
{
    const float low = x < -25 ? -25 : x, within = low > 89 ? 89 : low;
    const struct elementary_exp e = elementary_exp(within);
    const int32_t half = e.n >> 1;
    const float power = float_power(half), one = float_power(half - e.n); /* 2^n - 1 in units of 1 / one */
    return (power * e.excess + (power - one)) * float_power(e.n - half);
}

/* log of x > 0, whatever it gives for others */
static inline float elementary_log(float x)
{
    const float normal = x < 0x1p-126f ? x * 0x1p23f : x;
    const uint32_t root =
        float_bits(0x1.6a09e6p-1f); /* of 1/2: x = 2^n (1 + f), sqrt(1/2) <= 1 + f < sqrt(2) */
    const uint32_t above = float_bits(normal) - root;
    const int32_t whole = (int32_t)above >> 23;
    const float n = (float)(whole - (x < 0x1p-126f ? 23 : 0));
    const float f = float_of_bits((above & 0x7fffff) + root) - 1;
    /* log(1 + f) = 2 atanh(s) = 2s + 2s^3 q(s^2) */
    const float s = f / (2 + f), z = s * s;
    const float q = 0x1.55557ap-2f + z * (0x1.995e7cp-3f + z * 0x1.31ea00p-3f);
    const float half_square = f * f / 2;
    return n * ELEMENTARY_LN2_HIGH +
           (f - (half_square - (s * (half_square + 2 * z * q) + n * ELEMENTARY_LN2_LOW)));
}

static inline float real_log(float x)
{
    const float limit = x == 0 ? -INFINITY : NAN;
    return x > 0 ? (x < INFINITY ? elementary_log(x) : x) : limit;
}

/* log(1 + x): what 1 + x rounds away is made good by the slope there. */
static inline float real_log1p(float x)
{
    const float above = 1 + x, lost = x < 1 ? x - (above - 1) : 1 - (above - x);
    const float result = elementary_log(above) + lost / above;
    const float limit = x == -1 ? -INFINITY : NAN;
    return x > -1 ? (x < INFINITY ? result : x) : limit;
}

static inline float real_tanh(float x)
{
    const float size = fabsf(x), within = size > 10 ? 10 : size; /* beyond: 1 */
    const float grown = real_expm1(2 * within);
    return copysignf(grown / (grown + 2), x);
}

/* 2/sqrt(pi) times the integral of e^-t^2 from 0 to x */
static inline float real_erf(float x)
{
    const float size = fabsf(x), a = size > 4 ? 4 : size, z = a * a;
    /* near 0: a p(a^2) */
    const float p =
        0x1.20dd75p+0f +
        z * (-0x1.812744p-2f +
             z * (0x1.ce2e22p-4f + z * (-0x1.b8108cp-6f + z * (0x1.54da1cp-8f + z * (-0x1.aad8f2p-11f +
                                                                                     z * 0x1.5ebd1ep-14f)))));
    /* farther: 1 - e^-g(a) */
    const float g =
        -0x1.6e5864p-13f +
        a * (0x1.2127e4p+0f +
             a * (0x1.44460ap-1f +
                  a * (0x1.bb83f2p-4f +
                       a * (-0x1.9b8ea0p-6f +
                            a * (0x1.115b02p-8f + a * (-0x1.c791d2p-12f + a * 0x1.61eb82p-16f))))));
    return copysignf(a < 0.92f ? a * p : 1 - real_exp(-g), x);
}

#endif

#endif
