/* test_find_rate_curve.c - curves of losses that were made up: when they have diverged, how they are
 * smoothed, what is suggested, and how a suggestion is written. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "find_rate/curve.h"
#include "model.h"
#include "run/rate.h"

enum { MOST = 100 };

static double numbers[3][MOST];

static struct rate_curve made(double keep)
{
    return (struct rate_curve){.most = MOST,
                               .low = 1e-6,
                               .high = 10,
                               .keep = keep,
                               .rate = numbers[0],
                               .loss = numbers[1],
                               .smooth = numbers[2]};
}

/* A valley over the logarithm of the rate: 2.3, down to 0.3 at 1e-2 … 1e-1, and up again. `noise` goes to and
 * fro. */
static double valley(double rate, double noise, int step)
{
    const double place = log10(rate);
    const double fall = place < -4 ? 0 : place < -2 ? (place + 4) / 2 : 1;
    const double rise = place < -1 ? 0 : (place + 1) * 3;
    return 2.3 - 2 * fall + rise * rise + (step % 3 - 1) * noise;
}

static struct rate_finding run_valley(struct rate_curve *curve, double noise)
{
    for (int i = 0; i < MOST; i++)
        if (!rate_curve_add(curve, valley(rate_curve_rate(curve, i), noise, i)))
            break;
    return rate_curve_finish(curve);
}

Test(find_rate_curve, rates_grow_in_equal_ratios)
{
    const struct rate_curve curve = made(0);
    const double ratio = rate_curve_rate(&curve, 1) / rate_curve_rate(&curve, 0);
    cr_expect_eq(rate_curve_rate(&curve, 0), 1e-6);
    cr_expect_eq(rate_curve_rate(&curve, MOST - 1), 10);
    for (int i = 1; i < MOST; i++)
        cr_expect_float_eq(rate_curve_rate(&curve, i) / rate_curve_rate(&curve, i - 1), ratio, 1e-9);
}

Test(find_rate_curve, a_valley_is_found)
{
    struct rate_curve curve = made(0);
    const struct rate_finding finding = run_valley(&curve, 0);
    cr_expect(finding.has_fallen);
    cr_expect_eq(curve.end, RATES_DIVERGED);
    cr_expect(curve.rate[finding.least] >= 0.99e-2 && curve.rate[finding.least] <= 1e-1);
    /* 5 % of the fall is 0.1: the rise has it at 10^(-1 + √0.1 / 3) = 0.127. */
    cr_expect(curve.rate[finding.edge] <= 0.128 && curve.rate[finding.edge] > 0.128 / 1.2);
    cr_expect(finding.suggested >= 0.0105 && finding.suggested <= 0.043, "%g", finding.suggested);
}

/* Of three falls, at 1e-4, 0.05 and 0.27, the one that lies from a tenth to a third of where it rises, though
 * it is the gentlest. */
Test(find_rate_curve, the_steepest_within_reach)
{
    struct rate_curve curve = made(0);
    for (int i = 0; i < MOST; i++) {
        const double place = log10(rate_curve_rate(&curve, i)), rise = place < -0.6 ? 0 : (place + 0.6) * 3;
        const double falls = tanh(8 * (place + 4)) + 0.4 * tanh(8 * (place - log10(0.05))) +
                             0.6 * tanh(24 * (place - log10(0.27)));
        if (!rate_curve_add(&curve, 3 - falls + rise * rise))
            break;
    }
    const struct rate_finding finding = rate_curve_finish(&curve);
    cr_expect(finding.has_fallen);
    cr_expect(curve.rate[finding.edge] > 0.24 && curve.rate[finding.edge] < 0.4, "%g",
              curve.rate[finding.edge]);
    cr_expect(finding.suggested > 0.042 && finding.suggested < 0.06, "%g", finding.suggested);
}

Test(find_rate_curve, noise_changes_little)
{
    struct rate_curve curve = made(0.8);
    const struct rate_finding finding = run_valley(&curve, 0.2);
    cr_expect(finding.has_fallen);
    cr_expect(curve.rate[finding.edge] > 0.04 && curve.rate[finding.edge] < 0.25, "%g",
              curve.rate[finding.edge]);
}

Test(find_rate_curve, noise_alone_is_no_fall)
{
    struct rate_curve curve = made(0.8);
    for (int i = 0; i < MOST; i++)
        cr_assert(rate_curve_add(&curve, 2.3 + 0.2 * sin(i * i)));
    cr_expect_not(rate_curve_finish(&curve).has_fallen);
    cr_expect_eq(curve.end, RATES_DONE);
    curve = made(0);
    for (int i = 0; i < MOST; i++)
        cr_assert(rate_curve_add(&curve, 2.3));
    cr_expect_not(rate_curve_finish(&curve).has_fallen);
}

/* Weights to both sides alike: a straight line stays one, but at its ends; a constant is kept to the end. */
Test(find_rate_curve, smoothing_is_not_late)
{
    struct rate_curve curve = made(0.5);
    for (int i = 0; i < MOST; i++)
        rate_curve_add(&curve, 10 - 0.05 * i);
    rate_curve_finish(&curve);
    for (int i = 30; i < MOST - 30; i++)
        cr_expect_float_eq(curve.smooth[i], 10 - 0.05 * i, 1e-8);
    curve = made(0.5);
    for (int i = 0; i < MOST; i++)
        rate_curve_add(&curve, i == 50 ? 4 : 1);
    rate_curve_finish(&curve);
    cr_expect_float_eq(curve.smooth[0], 1, 1e-9);
    cr_expect_float_eq(curve.smooth[MOST - 1], 1, 1e-9);
    cr_expect_float_eq(curve.smooth[50], 2,
                       1e-8); /* of its weights, 1 + 2 (1/2 + 1/4 + …) = 3, its own is 1 */
    cr_expect_float_eq(curve.smooth[49], 1.5, 1e-8); /* and half as much beside it */
    cr_expect_float_eq(curve.smooth[51], 1.5, 1e-8);
}

Test(find_rate_curve, ends_where_a_loss_is_not_finite)
{
    struct rate_curve curve = made(0.8);
    cr_expect(rate_curve_add(&curve, 1));
    cr_expect(rate_curve_add(&curve, 0.9));
    cr_expect_not(rate_curve_add(&curve, NAN));
    cr_expect_eq(curve.end, RATES_NOT_FINITE);
    cr_expect_eq(curve.count, 2);
    curve = made(0);
    cr_expect_not(rate_curve_add(&curve, INFINITY));
    cr_expect_eq(curve.count, 0);
    cr_expect_not(rate_curve_finish(&curve).has_fallen);
}

/* A swing is none, and the first losses are too few; four times the least is, and more than the first. */
Test(find_rate_curve, diverges_above_the_first_and_the_least)
{
    struct rate_curve curve = made(0);
    cr_expect(rate_curve_add(&curve, 8));
    cr_expect(rate_curve_add(&curve, 1));
    cr_expect(rate_curve_add(&curve, 7.9));
    cr_expect(rate_curve_add(&curve, 3));
    cr_expect_not(rate_curve_add(&curve, 8.1));
    curve = made(0);
    cr_expect(rate_curve_add(&curve, 2));
    cr_expect(rate_curve_add(&curve, 7.9));
    cr_expect_not(rate_curve_add(&curve, 8.1));
    curve = made(0.8);
    cr_expect(rate_curve_add(&curve, 0.1));
    cr_expect(rate_curve_add(&curve, 4), "a lucky first loss");
}

/* Around 0 four times the least says nothing. */
Test(find_rate_curve, densities_may_be_negative)
{
    struct rate_curve curve = made(0);
    curve.may_be_negative = true;
    cr_expect(rate_curve_add(&curve, 0.5));
    cr_expect(rate_curve_add(&curve, -0.01));
    cr_expect(rate_curve_add(&curve, 2.9));
    cr_expect_not(rate_curve_add(&curve, 3.1));
}

static const char *stated(const char *optimizer, const char *text, double rate)
{
    static struct rate_statement statement;
    const struct model model = {.settings = {.optimizer = optimizer}};
    rate_state(&model, text, rate, &statement);
    return statement.then;
}

Test(find_rate_curve, how_a_rate_is_written)
{
    static const char net[] = "net a {\n}\ntrain {\n    %s  # 1\n}\n";
    static const struct {
        const char *now, *then;
    } cases[] = {
        {"optimizer sgd rate=0.05 momentum=0.9", "optimizer sgd rate=0.02 momentum=0.9"},
        {"optimizer sgd momentum=0.9", "optimizer sgd rate=0.02 momentum=0.9"},
        {"optimizer sgd", "optimizer sgd rate=0.02"},
        {"optimizer sgd rate = 0.1 nesterov", "optimizer sgd rate = 0.02 nesterov"},
        {"optimizer sgd momentum=0.9 rate=(a + b)", "optimizer sgd momentum=0.9 rate=0.02"},
        {"optimizer adam rate=r / 2 beta1=0.8", "optimizer adam rate=0.02 beta1=0.8"},
        {"optimizer adam rate=r*2", "optimizer adam rate=0.02"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text, net, cases[i].now);
        cr_expect_str_eq(stated("sgd rate=0.05", text, 0.02), cases[i].then);
    }
    cr_expect_str_eq(stated("rmsprop rate=0.01 alpha=0.99", "", 3e-5), "optimizer rmsprop rate=3e-05");
    const struct model model = {.settings = {.optimizer = "sgd rate=5e-2 momentum=0.9"}};
    cr_expect_eq(rate_of(&model), 0.05);
    const struct model none = {.settings = {.optimizer = "none"}};
    cr_expect_eq(rate_of(&none), 0);
}
