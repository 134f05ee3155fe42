/* test_report_scale.c - ticks at round numbers, their texts and places. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "report/scale.h"

/* All ticks' texts, with blanks between. */
static const char *texts(const struct scale *scale)
{
    static char all[256];
    all[0] = 0;
    for (int i = 0; i < scale->tick_count; i++) {
        char text[32];
        strcat(strcat(all, i ? " " : ""), scale_text(scale, scale->ticks[i], text, sizeof text));
    }
    return all;
}

static void expect_ticks(double low, double high, unsigned form, int most, const char *wanted)
{
    struct scale scale;
    scale_set(&scale, low, high, form, most);
    cr_expect_str_eq(texts(&scale), wanted, "%g to %g: %s", low, high, texts(&scale));
    cr_expect(scale.low < scale.high && isfinite(scale.low) && isfinite(scale.high));
    cr_expect(form & SCALE_WIDENED || low == high || (scale.low == low && scale.high == high));
}

Test(scale, ticks_are_round)
{
    expect_ticks(0.1378, 0.5414, 0, 5, "0.2 0.3 0.4 0.5");
    expect_ticks(0.1378, 0.5414, SCALE_WIDENED, 5, "0.1 0.2 0.3 0.4 0.5 0.6");
    expect_ticks(0.78, 0.95, SCALE_WIDENED, 5, "0.75 0.80 0.85 0.90 0.95");
    expect_ticks(1, 20, 0, 8, "5 10 15 20");
    expect_ticks(-3, 3, 0, 6, "-3 -2 -1 0 1 2 3");
    expect_ticks(0, 1e7, SCALE_WIDENED, 5, "0 2e6 4e6 6e6 8e6 1e7");
    expect_ticks(0, 3e-7, SCALE_WIDENED, 3, "0 1e-7 2e-7 3e-7");
}

Test(scale, a_logarithmic_one_has_powers_of_ten)
{
    expect_ticks(1e-5, 1e-1, SCALE_LOG, 6, "1e-5 0.0001 0.001 0.01 0.1");
    expect_ticks(0.02, 0.6, SCALE_LOG, 6, "0.02 0.05 0.1 0.2 0.5");
    expect_ticks(3e-9, 2, SCALE_LOG | SCALE_WIDENED, 5, "1e-9 1e-7 1e-5 0.001 0.1 10");
    expect_ticks(0, 10, SCALE_LOG, 5, "0 2 4 6 8 10"); /* zero has no logarithm */
}

Test(scale, whole_numbers_have_none_between)
{
    expect_ticks(1, 5, SCALE_WHOLE, 8, "1 2 3 4 5");
    expect_ticks(0, 2, SCALE_WHOLE | SCALE_WIDENED, 5, "0 1 2");
    expect_ticks(1, 200, SCALE_WHOLE, 8, "50 100 150 200");
    expect_ticks(1, 1, SCALE_WHOLE, 8, "1");
}

Test(scale, one_number_gets_room_around_it)
{
    expect_ticks(5, 5, 0, 4, "4.5 5.0 5.5");
    expect_ticks(0, 0, 0, 4, "-1.0 -0.5 0.0 0.5 1.0");
    expect_ticks(0.05, 0.05, SCALE_LOG, 6, "0.05 0.1");
}

Test(scale, places)
{
    struct scale scale = {.from = 40, .to = 400};
    scale_set(&scale, 0, 10, 0, 5);
    cr_expect_float_eq(scale_place(&scale, 2.5), 130, 1e-9);
    scale_set(&scale, 0.01, 1, SCALE_LOG, 5);
    cr_expect_float_eq(scale_place(&scale, 0.1), 220, 1e-9);
    cr_expect_float_eq(scale_place(&scale, 1), 400, 1e-9);
}
