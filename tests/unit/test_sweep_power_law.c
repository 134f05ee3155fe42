/* test_sweep_power_law.c - the power law of learning curves against SciPy's curve_fit
 * (tests/judges/power_law.py), and points that follow none. */
#include <criterion/criterion.h>
#include <math.h>

#include "sweep/power_law.h"

#include "power_law_reference.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static void expect_near(const char *set, const char *figure, double value, double wanted, double share)
{
    if (isnan(wanted))
        cr_expect(isnan(value), "%s: %s is %.9g, which should not be there", set, figure, value);
    else
        cr_expect(fabs(value - wanted) <= share * fabs(wanted), "%s: %s is %.12g instead of %.12g", set,
                  figure, value, wanted);
}

static void expect_law(const char *set, const double *n, const double *y, int count, const double wanted[9])
{
    struct power_law law;
    cr_assert(power_law_fit(n, y, count, &law), "%s: no law", set);
    const double twice = 2 * n[count - 1], value = power_law_at(&law, twice),
                 error = power_law_error_at(&law, twice);
    const double found[] = {law.a,       law.b,         law.c, law.a_error, law.b_error,
                            law.c_error, law.deviation, value, error};
    static const char *const names[] = {"a",         "b",         "c",     "a's error",    "b's error",
                                        "c's error", "deviation", "value", "value's error"};
    cr_expect_eq(law.count, count);
    for (int i = 0; i < 9; i++)
        expect_near(set, names[i], found[i], wanted[i], 1e-5);
}

#define EXPECT_LAW(set) expect_law(#set, set##_n, set##_y, COUNT(set##_n), set##_law)

Test(sweep_power_law, as_scipy_has_it)
{
    EXPECT_LAW(exact);
    EXPECT_LAW(noisy);
    EXPECT_LAW(steep);
    EXPECT_LAW(shallow);
    EXPECT_LAW(mostly_limit);
    EXPECT_LAW(narrow);
    EXPECT_LAW(wide);
}

Test(sweep_power_law, held_at_zero)
{
    EXPECT_LAW(without_limit);
    EXPECT_LAW(below_zero);
}

/* Orders of points and units of figures make no difference. */
Test(sweep_power_law, order_and_units)
{
    enum { MOST = COUNT(noisy_n) };
    double n[MOST], y[MOST];
    struct power_law law;
    for (int i = 0; i < MOST; i++) {
        n[i] = noisy_n[MOST - 1 - i];
        y[i] = 1000 * noisy_y[MOST - 1 - i];
    }
    cr_assert(power_law_fit(n, y, MOST, &law));
    expect_near("reversed", "a", law.a, 1000 * noisy_law[0], 1e-5);
    expect_near("reversed", "b", law.b, 1000 * noisy_law[1], 1e-5);
    expect_near("reversed", "c", law.c, noisy_law[2], 1e-5);
    expect_near("reversed", "a's error", law.a_error, 1000 * noisy_law[3], 1e-5);
}

Test(sweep_power_law, none)
{
    struct power_law law;
    const double n[] = {100, 200, 400, 800, 1600}, rising[] = {0.1, 0.2, 0.3, 0.4, 0.5},
                 same[] = {1, 1, 1, 1, 1}, few[] = {100, 100, 200, 200, 400},
                 falling[] = {0.5, 0.4, 0.3, 0.25, 0.22}, zero[] = {0.5, 0.4, 0.3, 0.25, 0};
    cr_expect(power_law_fit(n, falling, 5, &law));
    cr_expect_not(power_law_fit(n, rising, 5, &law), "figures that rise");
    cr_expect_not(power_law_fit(n, same, 5, &law), "figures that are the same");
    cr_expect_not(power_law_fit(few, falling, 5, &law), "three different numbers of examples");
    cr_expect_not(power_law_fit(n, zero, 5, &law), "a figure without a relative residual");
}
