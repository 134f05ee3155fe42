/* test_elementary.c - exp, log and their kin in float against the C library's in double: the errors that
 * runtime/elementary.h states, over every 1999th float, and what special values give. */
#include <criterion/criterion.h>
#include <math.h>

#include "elementary.h"

/* In units in the last place that the exact result has as a float. */
static double error_of(float result, double exact)
{
    int exponent;
    if (isnan(exact) || isinf(exact))
        return (isnan(exact) && isnan(result)) || (isinf(exact) && (double)result == exact) ? 0 : INFINITY;
    if (isinf((float)exact) && isinf(result))
        return 0;
    frexp(exact, &exponent);
    return fabs((double)result - exact) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

static double largest_error(float (*function)(float), double (*exact)(double))
{
    double largest = 0;
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 1999) {
        const float x = float_of_bits((uint32_t)bits);
        const double error = error_of(function(x), exact((double)x));
        largest = error > largest ? error : largest;
    }
    return largest;
}

Test(elementary, errors)
{
    cr_expect_leq(largest_error(real_exp, exp), 1.1);
    cr_expect_leq(largest_error(real_expm1, expm1), 1.8);
    cr_expect_leq(largest_error(real_log, log), 0.9);
    cr_expect_leq(largest_error(real_log1p, log1p), 1.5);
    cr_expect_leq(largest_error(real_tanh, tanh), 2.6);
    cr_expect_leq(largest_error(real_erf, erf), 2.6);
}

Test(elementary, special_values)
{
    static const float numbers[] = {
        0,          -0.0f,      1,       -1,       0x1p-149f, -0x1p-149f, 88.72283f,       88.72284f,
        -87.33655f, -103.2789f, -104.1f, INFINITY, -INFINITY, NAN,        0x1.fffffep127f, 0x1p-126f};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const float x = numbers[i];
        const double wide = (double)x;
        cr_expect_leq(error_of(real_exp(x), exp(wide)), 1.1, "exp(%a)", wide);
        cr_expect_leq(error_of(real_expm1(x), expm1(wide)), 1.8, "expm1(%a)", wide);
        cr_expect_leq(error_of(real_log(x), log(wide)), 0.9, "log(%a)", wide);
        cr_expect_leq(error_of(real_log1p(x), log1p(wide)), 1.5, "log1p(%a)", wide);
        cr_expect_leq(error_of(real_tanh(x), tanh(wide)), 2.6, "tanh(%a)", wide);
        cr_expect_leq(error_of(real_erf(x), erf(wide)), 2.6, "erf(%a)", wide);
    }
}
