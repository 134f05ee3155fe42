/* test_metrics_confusion.c - precision, recall, F1 and intersection over union against scikit-learn
 * (tests/judges/confusion.py), and which pairs come first. */
#include <criterion/criterion.h>
#include <math.h>

#include "metrics/confusion.h"

#include "confusion_reference.h"

/* The targets and predictions of the judge. */
static void fill(struct confusion *confusion)
{
    confusion_create(confusion, CLASSES);
    for (int i = 0; i < EXAMPLES; i++) {
        int target = (i * 7919 + i / 5) % 6;
        target = target == 4 ? 2 : target;
        int predicted = i % 3 == 0 ? (target + i % 5) % 6 : target;
        predicted = predicted == 3 ? 1 : predicted;
        confusion_add(confusion, target, predicted);
    }
}

static void expect_near(double value, double wanted, int k)
{
    cr_expect(isnan(wanted) ? isnan(value) : fabs(value - wanted) < 1e-10, "class %d: %.12g instead of %.12g",
              k, value, wanted);
}

Test(confusion, has_the_shares_of_scikit_learn)
{
    struct confusion confusion;
    fill(&confusion);
    for (int i = 0; i < CLASSES; i++) {
        const struct class_counts *counts = &confusion.by_class[i];
        for (int j = 0; j < CLASSES; j++)
            cr_expect_eq(confusion_pair(&confusion, i, j), reference_pairs[i][j], "%d %d", i, j);
        expect_near(class_precision(counts), reference_precision[i], i);
        expect_near(class_recall(counts), reference_recall[i], i);
        expect_near(class_f1(counts), reference_f1[i], i);
        expect_near(class_iou(counts), reference_iou[i], i);
    }
    cr_expect_float_eq(confusion_macro_f1(&confusion), reference_macro_f1, 1e-10);
    cr_expect_float_eq(confusion_mean_iou(&confusion), reference_mean_iou, 1e-10);
    confusion_release(&confusion);
}

Test(confusion, the_most_frequent_pairs_come_first)
{
    struct confusion confusion;
    struct confused_pair pairs[CLASSES * CLASSES];
    fill(&confusion);
    const int all = confusion_most(&confusion, pairs, CLASSES * CLASSES);
    size_t wrong = 0, found = 0;
    for (int i = 0; i < CLASSES; i++)
        wrong += confusion.by_class[i].examples - confusion.by_class[i].hits;
    for (int i = 0; i < all; i++) {
        found += pairs[i].count;
        cr_expect_neq(pairs[i].target, pairs[i].predicted);
        cr_expect_eq(pairs[i].count, reference_pairs[pairs[i].target][pairs[i].predicted]);
        cr_expect(
            i == 0 || pairs[i - 1].count > pairs[i].count ||
            (pairs[i - 1].count == pairs[i].count && pairs[i - 1].target * CLASSES + pairs[i - 1].predicted <
                                                         pairs[i].target * CLASSES + pairs[i].predicted));
    }
    cr_expect_eq(found, wrong);
    struct confused_pair first[3];
    cr_expect_eq(confusion_most(&confusion, first, 3), 3);
    for (int i = 0; i < 3; i++)
        cr_expect(first[i].target == pairs[i].target && first[i].predicted == pairs[i].predicted);
    confusion_release(&confusion);
}

/* Two answers for each of three examples. */
Test(confusion, answers_are_counted_on_their_own)
{
    static const bool predicted[3][2] = {{true, false}, {true, false}, {false, false}};
    static const bool targets[3][2] = {{true, false}, {false, true}, {true, false}};
    struct confusion confusion;
    confusion_create(&confusion, 2);
    for (int n = 0; n < 3; n++)
        for (int k = 0; k < 2; k++)
            confusion_add_answer(&confusion, k, targets[n][k], predicted[n][k]);
    cr_expect_float_eq(class_iou(&confusion.by_class[0]), 1 / 3.0, 1e-12);
    cr_expect_float_eq(class_recall(&confusion.by_class[0]), 0.5, 1e-12);
    cr_expect_eq(class_iou(&confusion.by_class[1]), 0);
    cr_expect(isnan(class_precision(&confusion.by_class[1])));
    confusion_release(&confusion);
}

Test(confusion, nothing_is_no_share)
{
    struct confusion confusion;
    struct confused_pair pair;
    confusion_create(&confusion, 3);
    cr_expect(isnan(confusion_macro_f1(&confusion)));
    cr_expect_eq(confusion_most(&confusion, &pair, 1), 0);
    confusion_add(&confusion, 1, 1);
    cr_expect_eq(confusion_macro_f1(&confusion), 1);
    cr_expect_eq(confusion_most(&confusion, &pair, 1), 0);
    confusion_release(&confusion);
}

Test(confusion, of_very_many_classes_no_pairs_are_counted)
{
    struct confusion confusion;
    struct confused_pair pair;
    confusion_create(&confusion, CONFUSION_CLASSES + 1);
    confusion_add(&confusion, CONFUSION_CLASSES, 0);
    cr_expect_eq(confusion.by_class[CONFUSION_CLASSES].examples, 1);
    cr_expect_eq(class_f1(&confusion.by_class[0]), 0);
    cr_expect_eq(confusion_most(&confusion, &pair, 1), 0);
    confusion_release(&confusion);
}
