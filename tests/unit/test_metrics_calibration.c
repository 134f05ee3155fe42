/* test_metrics_calibration.c - NLL, Brier, ECE, entropy and temperature against scikit-learn, SciPy and
 * netcal (tests/judges/calibration.py), and what must hold of any temperature. */
#include <criterion/criterion.h>
#include <math.h>

#include "metrics/calibration.h"

#include "calibration_reference.h"
#include "test_metrics_rows.h"

static struct calibration measure(const struct calibration_rows *rows, double temperature)
{
    struct calibration calibration = {0};
    for (size_t i = 0; i < rows->count; i++)
        calibration_add(&calibration, rows->logits + i * (size_t)rows->classes, rows->classes,
                        rows->targets[i], temperature);
    return calibration;
}

static double mean_entropy(const struct calibration_rows *rows, double temperature)
{
    double sum = 0, probability[MOST_CLASSES];
    for (size_t i = 0; i < rows->count; i++) {
        calibration_softmax(rows->logits + i * (size_t)rows->classes, rows->classes, temperature,
                            probability);
        sum += calibration_entropy(probability, rows->classes);
    }
    return sum / (double)rows->count;
}

static void expect_figures(const struct calibration_rows *rows, double temperature, double nll, double brier,
                           double ece, double entropy)
{
    const struct calibration calibration = measure(rows, temperature);
    cr_expect_eq(calibration.examples, EXAMPLES);
    cr_expect_float_eq(calibration_nll(&calibration), nll, 1e-9);
    cr_expect_float_eq(calibration_brier(&calibration), brier, 1e-9);
    cr_expect_float_eq(calibration_ece(&calibration), ece, 1e-9);
    cr_expect_float_eq(mean_entropy(rows, temperature), entropy, 1e-9);
}

static void expect_temperature(const struct calibration_rows *rows, double expected)
{
    double temperature;
    cr_assert(calibration_fit(rows, &temperature));
    cr_expect_float_eq(temperature, expected, 1e-9);
}

Test(calibration, five_classes_as_scikit_learn)
{
    struct made made;
    const struct calibration_rows *rows = make_rows(&made, 5);
    expect_temperature(rows, temperature_of_5);
    expect_figures(rows, 1, nll_of_5, brier_of_5, ece_of_5, entropy_of_5);
    expect_figures(rows, temperature_of_5, nll_after_of_5, brier_after_of_5, ece_after_of_5,
                   entropy_after_of_5);
}

Test(calibration, two_classes_as_scikit_learn)
{
    struct made made;
    const struct calibration_rows *rows = make_rows(&made, 2);
    expect_temperature(rows, temperature_of_2);
    expect_figures(rows, 1, nll_of_2, brier_of_2, ece_of_2, entropy_of_2);
    expect_figures(rows, temperature_of_2, nll_after_of_2, brier_after_of_2, ece_after_of_2,
                   entropy_after_of_2);
}

/* Logits that are all multiplied by c have a temperature c times as large: a network that is not sure enough
 * gets one below 1, and none may raise the NLL. */
Test(calibration, temperature_grows_with_the_logits)
{
    struct made made;
    struct calibration_rows rows = *make_rows(&made, 5);
    double base, scaled;
    cr_assert(calibration_fit(&rows, &base));
    real logits[EXAMPLES * 5];
    rows.logits = logits;
    static const double factors[] = {0x1p-20, 0.125, 0.25, 64, 0x1p20};
    for (size_t f = 0; f < sizeof factors / sizeof factors[0]; f++) {
        for (size_t i = 0; i < EXAMPLES * 5; i++)
            logits[i] = made.logits[i] * (real)factors[f];
        cr_assert(calibration_fit(&rows, &scaled));
        cr_expect_float_eq(scaled / (base * factors[f]), 1, 1e-12);
        const struct calibration before = measure(&rows, 1), after = measure(&rows, scaled);
        cr_expect_leq(after.loss, before.loss);
    }
}

Test(calibration, nothing_to_fit)
{
    static const real logits[] = {3, 0, 1, 0, 2, 0}, alike[] = {1, 1, 1, 1, 1, 1};
    static const int32_t hit[] = {0, 1}, missed[] = {1, 2};
    struct calibration_rows rows = {logits, hit, 2, 3};
    double temperature = 7;
    rows.targets = missed; /* the second logit of a row and the third: worse than chance */
    cr_expect_not(calibration_fit(&rows, &temperature));
    cr_expect_eq(temperature, 1);
    static const int32_t largest[] = {0, 1};
    rows.targets = largest; /* all right: T would go to 0 */
    cr_expect_not(calibration_fit(&rows, &temperature));
    rows.logits = alike; /* all alike: the NLL is log 3 at any T */
    cr_expect_not(calibration_fit(&rows, &temperature));
    rows.count = 0;
    cr_expect_not(calibration_fit(&rows, &temperature));
    cr_expect_eq(temperature, 1);
}

/* In float softmax gives p = 0 here, whose logarithm is -Inf. */
Test(calibration, logits_far_apart_stay_finite)
{
    static const real logits[] = {500, 0, -500};
    double probability[3];
    struct calibration calibration = {0};
    calibration_add(&calibration, logits, 3, 2, 1);
    cr_expect_float_eq(calibration_nll(&calibration), 1000, 1e-9);
    cr_expect_float_eq(calibration_brier(&calibration), 2, 1e-12);
    calibration_softmax(logits, 3, 100, probability);
    cr_expect_float_eq(probability[2], exp(-10) / (1 + exp(-5) + exp(-10)), 1e-15);
    cr_expect_float_eq(calibration_log_sum(logits, 3, 1), 500, 1e-12);
    cr_expect_float_eq(calibration_log_sum((const real[]){-800, -800}, 2, 1), log(2) - 800, 1e-12);
}

/* Probabilities 1 and 1/2 belong to the bins (14/15, 1] and (7/15, 8/15]. */
Test(calibration, bins)
{
    struct calibration calibration = {0};
    calibration_add(&calibration, (const real[]){1000, 0}, 2, 0, 1);
    calibration_add(&calibration, (const real[]){0, 0}, 2, 1, 1);
    calibration_add(&calibration, (const real[]){0, 0}, 2, 0, 1);
    cr_expect_eq(calibration.bins[14].examples, 1);
    cr_expect_eq(calibration.bins[7].examples, 2);
    cr_expect_float_eq(calibration_confidence(&calibration.bins[7]), 0.5, 1e-12);
    cr_expect_float_eq(calibration_accuracy(&calibration.bins[7]), 0.5, 1e-12);
    cr_expect_eq(calibration_accuracy(&calibration.bins[0]) + calibration_confidence(&calibration.bins[0]),
                 0);
    cr_expect_float_eq(calibration_ece(&calibration), 0, 1e-12);
}

Test(calibration, nothing_gives_no_nan)
{
    const struct calibration none = {0};
    cr_expect_eq(calibration_nll(&none) + calibration_brier(&none) + calibration_ece(&none), 0);
    cr_expect_eq(calibration_entropy((const double[]){1, 0}, 2), 0);
    cr_expect_float_eq(calibration_entropy((const double[]){0.5, 0.5}, 2), log(2), 1e-15);
}
