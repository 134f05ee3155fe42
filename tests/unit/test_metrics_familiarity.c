/* test_metrics_familiarity.c - scores, densities, areas under ROC curves and quantiles against scikit-learn
 * and SciPy (tests/judges/calibration.py); thresholds keep what they promise. */
#include <criterion/criterion.h>
#include <math.h>

#include "metrics/coverage.h"
#include "metrics/familiarity.h"

#include "familiarity_reference.h"
#include "test_metrics_rows.h"

Test(density, of_five_classes_as_scipy)
{
    struct made made;
    const struct calibration_rows *rows = make_rows(&made, 5);
    struct density density;
    cr_assert(density_fit(&density, rows));
    double sum = 0;
    for (size_t i = 0; i < EXAMPLES; i++)
        sum += density_log(&density, rows->logits + i * 5);
    cr_expect_float_eq(sum / EXAMPLES, density_mean, 1e-9);
    cr_expect_float_eq(density_log(&density, (const real[]){-1, -0.25f, 0.5f, 1.25f, 2}), density_strange,
                       1e-9);
    density_release(&density);
}

/* A class without examples takes no part; logits without any variance have a density nevertheless. */
Test(density, of_little)
{
    static const real logits[] = {1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0};
    static const int32_t targets[] = {0, 0, 0, 1, 1, 1};
    struct density density;
    cr_assert(density_fit(&density, &(struct calibration_rows){logits, targets, 6, 3}));
    const double near = density_log(&density, logits), far = density_log(&density, (const real[]){5, 5, 5});
    cr_expect(isfinite(near) && isfinite(far) && near > far, "%g %g", near, far);
    density_release(&density);
    cr_expect_not(density_fit(&density, &(struct calibration_rows){logits, targets, 5, 3}));
    cr_expect_not(
        density_fit(&density, &(struct calibration_rows){logits, targets, 6, DENSITY_CLASSES_MOST + 1}));
}

static struct familiarity scores_of(const struct calibration_rows *rows, double temperature,
                                    struct familiarity_scores *scores)
{
    struct familiarity familiarity = {.temperature = temperature};
    cr_assert(density_fit(&familiarity.density, rows));
    for (size_t i = 0; i < rows->count; i++)
        scores[i] = familiarity_measure(&familiarity, rows->logits + i * 5, 5);
    return familiarity;
}

Test(familiarity, energies_and_their_auroc_as_scikit_learn)
{
    struct made made;
    struct familiarity_scores scores[EXAMPLES];
    double third[EXAMPLES], others[EXAMPLES], sum = 0;
    struct familiarity familiarity = scores_of(make_rows(&made, 5), 2, scores);
    size_t thirds = 0, rest = 0;
    for (int i = 0; i < EXAMPLES; i++) {
        sum += scores[i].of[SCORE_ENERGY];
        *(i % 3 ? &others[rest++] : &third[thirds++]) = scores[i].of[SCORE_ENERGY];
    }
    cr_expect_float_eq(sum / EXAMPLES, energy_mean, 1e-9);
    cr_expect_float_eq(familiarity_auroc(third, thirds, others, rest), auroc_of_energy, 1e-9);
    thirds = rest = 0;
    for (int i = 0; i < EXAMPLES; i++)
        *(i % 3 ? &others[rest++] : &third[thirds++]) = i * 7 % 11 + (i % 3 == 0);
    cr_expect_float_eq(familiarity_auroc(third, thirds, others, rest), auroc_of_ties, 1e-9);
    cr_expect(isnan(familiarity_auroc(third, 0, others, rest)) &&
              isnan(familiarity_auroc(third, 1, others, 0)));
    density_release(&familiarity.density);
}

/* One example in twenty may be told unlike, by each score alone and by both together. */
Test(familiarity, keeps_95_per_cent)
{
    struct familiarity_scores scores[EXAMPLES];
    struct familiarity familiarity = {.temperature = 1, .density = {.classes = 5}};
    for (int i = 0; i < EXAMPLES; i++)
        scores[i] = (struct familiarity_scores){{i * 37 % 401, i * 73 % 409, i * 151 % 419}};
    for (size_t count = 1; count <= EXAMPLES; count += 7) {
        size_t unlike = 0, alone[FAMILIARITY_SCORES] = {0};
        familiarity_fit(&familiarity, scores, count);
        for (size_t i = 0; i < count; i++) {
            unlike += familiarity_is_unlike(&familiarity, &scores[i]);
            for (int s = 0; s < FAMILIARITY_SCORES; s++)
                alone[s] += scores[i].of[s] < familiarity.alone.of[s];
        }
        cr_expect(unlike == count / 20 || unlike + 1 == count / 20, "%zu of %zu", unlike, count);
        for (int s = 0; s < FAMILIARITY_SCORES; s++)
            cr_expect_eq(alone[s], count / 20);
    }
    cr_expect_not(familiarity_is_unlike(&familiarity, &(struct familiarity_scores){{-1, 1e3, 1e3}}));
    cr_expect(familiarity_is_unlike(&familiarity, &(struct familiarity_scores){{1e3, -1, 1e3}}));
    cr_expect(familiarity_is_unlike(&familiarity, &(struct familiarity_scores){{1e3, 1e3, -1}}));
}

Test(familiarity, energy_alone_where_there_is_no_density)
{
    static const struct familiarity_scores scores[] = {{{0.9, 3, 0}}, {{0.5, 1, 0}}, {{0.7, 2, 0}}};
    struct familiarity familiarity = {.temperature = 1};
    familiarity_fit(&familiarity, scores, 3);
    cr_expect_eq(familiarity.together.of[SCORE_ENERGY], 1);
    cr_expect_not(familiarity_is_unlike(&familiarity, &(struct familiarity_scores){{0, 1, -1e300}}));
    cr_expect(familiarity_is_unlike(&familiarity, &(struct familiarity_scores){{1, 0.9, 0}}));
}

Test(coverage, deviations_as_scipy)
{
    cr_expect_float_eq(coverage_deviations(1e-6) / deviations_of_1e_06, 1, 1e-9);
    cr_expect_float_eq(coverage_deviations(0.5), deviations_of_0_5, 1e-9);
    cr_expect_float_eq(coverage_deviations(0.9), deviations_of_0_9, 1e-9);
    cr_expect_float_eq(coverage_deviations(0.95), deviations_of_0_95, 1e-9);
    cr_expect_float_eq(coverage_deviations(0.999999), deviations_of_0_999999, 1e-9);
    for (int level = 0; level < COVERAGE_LEVELS; level++)
        cr_expect_float_eq(coverage_deviations(coverage_levels[level].share),
                           coverage_levels[level].deviations, 1e-14);
    cr_expect(coverage_deviations(1 - 0x1p-53) > 8 && coverage_deviations(1 - 0x1p-53) < 9);
}

Test(coverage, counts_targets)
{
    struct coverage coverage = {0};
    cr_expect_eq(coverage_share(&coverage, 0), 0);
    static const double off[] = {0, -0.67, 0.68, 1.64, -1.65, 1.95, -1.97, 3};
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++)
        coverage_add(&coverage, 10 + 2 * off[i], 10, 2);
    cr_expect_eq(coverage.targets, 8);
    cr_expect_eq(coverage.inside[0], 2);
    cr_expect_eq(coverage.inside[1], 4);
    cr_expect_float_eq(coverage_share(&coverage, 2), 6 / 8.0, 1e-12);
}
