/* test_metrics_overlap.c - intersection over union against counts by hand, and against the numbers that
 * scikit-learn's jaccard_score gives for the same positions. */
#include <criterion/criterion.h>
#include <math.h>

#include "metrics/overlap.h"

enum { POSITIONS = 10 };

/* sklearn.metrics.jaccard_score([0,0,0,1,1,2,2,2,0,1], [0,0,1,1,2,2,2,0,0,1], average=None): .6 .5 .5 */
Test(overlap, of_classes)
{
    static const int found[POSITIONS] = {0, 0, 1, 1, 2, 2, 2, 0, 0, 1};
    static const int32_t there[POSITIONS] = {0, 0, 0, 1, 1, 2, 2, 2, 0, 1};
    real probability[POSITIONS][4] = {{0}};
    struct overlap overlap = overlap_create(4);
    for (int p = 0; p < POSITIONS; p++)
        probability[p][found[p]] = (real)0.5;
    overlap_add_classes(&overlap, probability[0], there, 6);
    overlap_add_classes(&overlap, probability[6], there + 6, POSITIONS - 6);
    cr_expect_eq(overlap.positions, POSITIONS);
    cr_expect_float_eq(overlap_iou(&overlap.classes[0]), 0.6, 1e-12);
    cr_expect_float_eq(overlap_iou(&overlap.classes[1]), 0.5, 1e-12);
    cr_expect_float_eq(overlap_iou(&overlap.classes[2]), 0.5, 1e-12);
    cr_expect_float_eq(overlap_recall(&overlap.classes[0]), 0.75, 1e-12);
    cr_expect(isnan(overlap_iou(&overlap.classes[3])), "a class that nobody names has no overlap");
    cr_expect(isnan(overlap_recall(&overlap.classes[3])));
    cr_expect_float_eq(overlap_mean_iou(&overlap), 1.6 / 3, 1e-12, "and no part in the mean");
    overlap_release(&overlap);
}

/* Two times yes or no for each of three positions; 1/2 is no. */
Test(overlap, of_answers)
{
    static const real probability[] = {0.9f, 0.1f, 0.8f, 0.5f, 0.2f, 0.3f};
    static const real there[] = {1, 0, 0, 1, 1, 0};
    struct overlap overlap = overlap_create(2);
    overlap_add_answers(&overlap, probability, there, 3);
    cr_expect_float_eq(overlap_iou(&overlap.classes[0]), 1 / 3.0, 1e-12);
    cr_expect_float_eq(overlap_iou(&overlap.classes[1]), 0, 1e-12);
    cr_expect_float_eq(overlap_recall(&overlap.classes[0]), 0.5, 1e-12);
    overlap_release(&overlap);
}

Test(overlap, nothing_has_no_mean)
{
    struct overlap overlap = overlap_create(2);
    cr_expect(isnan(overlap_mean_iou(&overlap)));
    overlap_release(&overlap);
}
