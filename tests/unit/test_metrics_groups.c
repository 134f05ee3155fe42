/* test_metrics_groups.c - metrics and gaps by group against fairlearn's (tests/judges/groups.py), and
 * intervals that keep what they promise: simulated again and again, the true gap lies in 95 % of them. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/groups.h"
#include "random.h"
#include "run/predictions.h"
#include "test_data_support.h"

#include "groups_reference.h"

#define EXPECT_NEAR(value, wanted)                                                                           \
    cr_expect_float_eq(value, wanted, 1e-12, "%s: %.15g instead of %.15g", #value, (double)(value),          \
                       (double)(wanted))

TestSuite(metrics_groups, .init = data_begin, .fini = data_end);

/* The classes of the judge. */
static int32_t group_of(int i)
{
    return i % 7 < 4 ? 0 : i % 7 < 6 ? 1 : 2;
}

static int target_of(int i, int classes)
{
    return (i * i + i / 3) % classes;
}

static int prediction_of(int i, int classes)
{
    const int target = target_of(i, classes);
    return i % 5 < 2 + group_of(i) ? target : (target + i / 2) % classes;
}

/* Examples of which only the groups are known. */
struct made {
    int32_t of[1024];
    uint32_t rows[1024];
    const char *names[8];
    struct grouping grouping;
    struct examples examples;
};

static struct made *make_groups(int count, int groups)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    struct made *made = calloc(1, sizeof *made);
    cr_assert(made && count <= 1024 && groups <= 5);
    memcpy(made->names, names, sizeof names);
    made->grouping = (struct grouping){"letter", groups, made->names, made->of};
    made->examples = (struct examples){.rows = made->rows, .count = (size_t)count};
    for (int i = 0; i < count; i++)
        made->rows[i] = (uint32_t)i;
    return made;
}

static struct outcomes make_outcomes(const struct model *model)
{
    struct outcomes outcomes;
    int32_t *target = calloc(EXAMPLES, sizeof *target), *prediction = calloc(EXAMPLES, sizeof *prediction);
    for (int i = 0; i < EXAMPLES; i++) {
        target[i] = target_of(i, model->target_size);
        prediction[i] = prediction_of(i, model->target_size);
    }
    outcomes_from_classes(&outcomes, model, target, prediction, EXAMPLES);
    return outcomes;
}

static struct made *make_judged(void)
{
    struct made *made = make_groups(EXAMPLES, GROUPS);
    for (int i = 0; i < EXAMPLES; i++)
        made->of[i] = group_of(i);
    return made;
}

static void expect_metric(const struct group_metrics *groups, int metric, const char *name,
                          const double *wanted)
{
    cr_assert_lt(metric, groups->metric_count);
    cr_expect_str_eq(groups->metrics[metric]->name, name);
    for (int g = 0; g < groups->grouping->count; g++) {
        const double value = groups->values[metric * groups->grouping->count + g];
        const struct interval interval = groups->intervals[metric * groups->grouping->count + g];
        cr_expect_float_eq(value, wanted[g], 1e-12, "%s of group %d: %.15g", name, g, value);
        cr_expect(interval.low < interval.high);
        cr_expect(interval.low - 0.1 < value && value < interval.high + 0.1);
    }
}

Test(metrics_groups, two_classes_as_fairlearn)
{
    const struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    struct outcomes outcomes = make_outcomes(&model);
    struct made *made = make_judged();
    struct group_metrics groups;
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, 1);
    cr_assert_eq(groups.metric_count, 6);
    expect_metric(&groups, 0, "accuracy", two_accuracy);
    expect_metric(&groups, 1, "precision", two_precision);
    expect_metric(&groups, 2, "recall", two_recall);
    expect_metric(&groups, 3, "f1", two_f1);
    expect_metric(&groups, 4, "selection_rate", two_selection_rate);
    expect_metric(&groups, 5, "false_positive_rate", two_false_positive_rate);
    cr_assert_eq(groups.gap_count, 3);
    for (int i = 0; i < 3; i++) {
        EXPECT_NEAR(groups.gaps[i].value, two_gaps[i]);
        cr_expect_eq(groups.gaps[i].class, -1);
    }
    cr_expect_str_eq(groups.gaps[1].name, "demographic_parity");
    cr_expect_str_eq(groups.gaps[2].name, "equalized_odds");
    EXPECT_NEAR(groups.gaps[1].ratio, two_gaps[3]);
    EXPECT_NEAR(groups.gaps[2].ratio, two_gaps[4]);
    cr_expect_eq(groups.gaps[1].low, 2);
    cr_expect_eq(groups.gaps[1].high, 1);
    cr_expect_eq(groups.worst, 0);
    cr_expect_eq(groups.examples[0], 120);
    cr_expect_eq(groups.examples[2], 30);
    EXPECT_NEAR(groups.overall[0], (0.7 * 120 + 0.8 * 60 + 0.9 * 30) / 210);
    groups_release(&groups);
    outcomes_release(&outcomes);
    free(made);
}

Test(metrics_groups, several_classes_one_against_all_others)
{
    const struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 4);
    struct outcomes outcomes = make_outcomes(&model);
    struct made *made = make_judged();
    struct group_metrics groups;
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, 1);
    cr_assert_eq(groups.metric_count, 4);
    expect_metric(&groups, 0, "accuracy", many_accuracy);
    expect_metric(&groups, 1, "precision", many_precision);
    expect_metric(&groups, 2, "recall", many_recall);
    expect_metric(&groups, 3, "f1", many_f1);
    for (int i = 0; i < 3; i++)
        EXPECT_NEAR(groups.gaps[i].value, many_gaps[i]);
    EXPECT_NEAR(groups.gaps[1].ratio, many_gaps[3]);
    EXPECT_NEAR(groups.gaps[2].ratio, many_gaps[4]);
    cr_expect_eq(groups.gaps[0].class, -1);
    cr_expect_eq(groups.gaps[1].class, (int)many_gaps[5]);
    cr_expect_eq(groups.gaps[2].class, (int)many_gaps[6]);
    groups_release(&groups);
    outcomes_release(&outcomes);
    free(made);
}

/* A network that predicts its input. */
enum { BATCH = 32, MOST_OUTPUTS = 8 };
static int output_count;
static const real *predict(void *net, const struct examples *examples, size_t first, int count)
{
    real *output = net;
    for (int n = 0; n < count; n++)
        examples_read_input(examples, first + (size_t)n, output + n * output_count, 1, output_count,
                            output_count);
    return output;
}

static struct model predicting(enum model_output output, int targets, int outputs)
{
    struct model model = data_model_vector(outputs, output, targets);
    model.output_size = output_count = outputs;
    model.predict = predict;
    model.settings.batch = BATCH;
    return model;
}

static void measure(const struct model *model, struct dataset *data, double unit,
                    struct group_metrics *groups)
{
    int count;
    real net[BATCH * MOST_OUTPUTS];
    struct outcomes outcomes;
    outcomes_create(&outcomes, model, dataset_train(data), unit);
    predictions_visit(model, net, dataset_train(data), outcomes_take, &outcomes);
    groups_measure(groups, &outcomes, dataset_groupings(data, &count), dataset_train(data), 1);
    outcomes_release(&outcomes);
}

Test(metrics_groups, real_targets_and_their_intervals)
{
    const struct model model = predicting(OUTPUT_NORMAL, 1, 2);
    char text[1 << 14] = "mean,sigma,y,letter\n";
    for (int i = 0; i < EXAMPLES; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%.15g,%.15g,%.15g,%c\n",
                 (i * 37 % 101 + i * i % 23 * (1 + group_of(i)) - 60) / 8., 0.5 + i % 3 / 2.,
                 (i * 37 % 101 - 50) / 8., 'a' + group_of(i));
    data_write_text("data.csv", text);
    data_write_text("data.yaml",
                    "format: csv\ntrain: {file: data.csv}\ncolumns: {targets: [y], group: letter, "
                    "inputs: [mean, sigma]}\n");
    struct dataset *data = data_open(&model);
    struct group_metrics groups;
    measure(&model, data, 1, &groups);
    cr_assert_eq(groups.metric_count, 4);
    expect_metric(&groups, 0, "rmse", real_rmse);
    expect_metric(&groups, 1, "mae", real_mae);
    expect_metric(&groups, 2, "r_squared", real_r_squared);
    expect_metric(&groups, 3, "coverage", real_coverage);
    cr_assert_eq(groups.gap_count, 2);
    EXPECT_NEAR(groups.gaps[0].value, real_gaps[0]);
    EXPECT_NEAR(groups.gaps[1].value, real_gaps[1]);
    cr_expect_str_eq(groups.gaps[1].name, "coverage");
    cr_expect(group_gap_is_certain(&groups.gaps[0]));
    cr_expect_eq(groups.worst, 2);
    groups_release(&groups);

    struct group_metrics scaled; /* in the units of the data */
    measure(&model, data, 8, &scaled);
    EXPECT_NEAR(scaled.values[0], 8 * real_rmse[0]);
    EXPECT_NEAR(scaled.gaps[0].value, 8 * real_gaps[0]);
    EXPECT_NEAR(scaled.gaps[1].value, real_gaps[1]);
    groups_release(&scaled);
    dataset_close(data);
}

/* Two answers an example: each is a class of its own; one at 0.5 is a no. */
Test(metrics_groups, yes_and_no)
{
    const struct model model = predicting(OUTPUT_BERNOULLI, 2, 2);
    data_write_text("data.csv", "p,q,yes,no,who\n.9,.2,1,0,a\n.5,.6,1,0,a\n.4,.7,1,1,b\n.6,.8,0,1,b\n");
    data_write_text("data.yaml", "format: csv\ntrain: {file: data.csv}\n"
                                 "columns: {inputs: [p, q], targets: [yes, no], group: who}\n");
    struct dataset *data = data_open(&model);
    struct group_metrics groups;
    measure(&model, data, 1, &groups);
    EXPECT_NEAR(groups.values[0], 0.5); /* a: yes hit, no hit, no instead of yes, yes instead of no */
    EXPECT_NEAR(groups.values[1], 0.5);
    EXPECT_NEAR(groups.gaps[1].value, 0.5); /* 'no' is said of half of a and of all of b */
    cr_expect_eq(groups.gaps[1].class, 1);
    cr_expect_eq(groups.gaps[1].high, 1);
    EXPECT_NEAR(groups.gaps[2].value, 0.5); /* a half of a's and none of b's 'yes' are found */
    cr_expect_eq(groups.gaps[2].class, 0);
    groups_release(&groups);
    dataset_close(data);
}

/* A model that is right about group 0 with one probability and about the others with another. */
struct world {
    int sizes[5], groups;
    double right[5];
    double gap;
};

static struct group_gap simulate(const struct world *world, uint64_t seed, int which)
{
    const struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    int count = 0;
    for (int g = 0; g < world->groups; g++)
        count += world->sizes[g];
    struct made *made = make_groups(count, world->groups);
    int32_t *target = calloc((size_t)count, sizeof *target),
            *prediction = calloc((size_t)count, sizeof *target);
    for (int g = 0, i = 0; g < world->groups; g++)
        for (int j = 0; j < world->sizes[g]; j++, i++) {
            made->of[i] = g;
            target[i] = random_uniform(seed, random_stream("target"), 0, (uint32_t)i) < 0.4;
            const bool is_right =
                random_uniform(seed, random_stream("right"), 0, (uint32_t)i) < world->right[g];
            prediction[i] = is_right ? target[i] : 1 - target[i];
        }
    struct outcomes outcomes;
    struct group_metrics groups;
    outcomes_from_classes(&outcomes, &model, target, prediction, (size_t)count);
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, seed + 1000);
    const struct group_gap gap = groups.gaps[which];
    groups_release(&groups);
    outcomes_release(&outcomes);
    free(made);
    return gap;
}

enum { SIMULATIONS = 200 };

/* How many of the intervals hold the true gap, and how many call it certain. */
static void count_intervals(const struct world *world, int which, int *holding, int *certain)
{
    *holding = *certain = 0;
    for (int s = 0; s < SIMULATIONS; s++) {
        const struct group_gap gap = simulate(world, (uint64_t)s, which);
        *holding += gap.interval.low <= world->gap && world->gap <= gap.interval.high;
        *certain += group_gap_is_certain(&gap);
        cr_expect(gap.interval.low <= gap.value && gap.value <= gap.interval.high);
    }
}

Test(metrics_groups, intervals_hold_the_true_gap_in_95_percent, .timeout = 120)
{
    static const struct world worlds[] = {
        {{40, 40}, 2, {.8, .8}, 0},    {{10, 80}, 2, {.8, .8}, 0},
        {{3, 80}, 2, {.9, .9}, 0},     {{12, 12, 12, 12, 12}, 5, {.7, .7, .7, .7, .7}, 0},
        {{60, 60}, 2, {.5, .85}, .35}, {{20, 60, 60}, 3, {.9, .6, .6}, .3},
    };
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        int holding, certain;
        count_intervals(&worlds[i], 0, &holding, &certain);
        cr_expect_geq(holding, 0.93 * SIMULATIONS, "world %zu: %d of %d", i, holding, SIMULATIONS);
        if (worlds[i].gap > 0)
            cr_expect_geq(certain, 0.5 * SIMULATIONS, "world %zu: only %d are certain", i, certain);
    }
}

/* Alike in all that counts: 40 % selected, equal rates of errors. */
Test(metrics_groups, small_groups_are_rarely_called_unfair, .timeout = 120)
{
    static const struct world alike = {{10, 10, 60}, 3, {.8, .8, .8}, 0};
    for (int which = 0; which < 3; which++) {
        int holding, certain;
        count_intervals(&alike, which, &holding, &certain);
        cr_expect_leq(certain, 0.07 * SIMULATIONS, "gap %d: %d of %d", which, certain, SIMULATIONS);
    }
}

/* Errors of a normal, of equal size in all groups. */
Test(metrics_groups, errors_of_a_small_group_may_be_chance, .timeout = 120)
{
    const struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    enum { COUNT = 60, SMALL = 10 };
    int certain = 0;
    for (uint32_t s = 0; s < SIMULATIONS; s++) {
        struct made *made = make_groups(COUNT, 2);
        struct outcomes outcomes = {.model = &model, .count = COUNT, .length = SUMS_OF_REALS, .unit = 1};
        outcomes.sums = calloc(COUNT * SUMS_OF_REALS, sizeof *outcomes.sums);
        for (uint32_t i = 0; i < COUNT; i++) {
            double *sums = outcomes.sums + i * SUMS_OF_REALS;
            const double u = random_uniform(s, 1, 0, i), v = random_uniform(s, 2, 0, i);
            const double error = sqrt(-2 * log(u + 0x1p-33)) * cos(2 * M_PI * v);
            made->of[i] = i < SMALL ? 0 : 1;
            sums[SUM_VALUES] = 1;
            sums[SUM_SQUARED_ERROR] = error * error;
        }
        struct group_metrics groups;
        groups_measure(&groups, &outcomes, &made->grouping, &made->examples, s);
        certain += group_gap_is_certain(&groups.gaps[0]);
        groups_release(&groups);
        outcomes_release(&outcomes);
        free(made);
    }
    cr_expect_leq(certain, 0.08 * SIMULATIONS, "%d of %d", certain, SIMULATIONS);
}

/* Three that all are right beside eighty of which half are: no bias is told, and the sentence says why. */
Test(metrics_groups, three_examples_are_not_called_bias)
{
    const struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    struct made *made = make_groups(83, 2);
    int32_t *target = calloc(83, sizeof *target), *prediction = calloc(83, sizeof *target);
    for (int i = 0; i < 83; i++) {
        made->of[i] = i >= 80;
        target[i] = i % 4 < 2;
        prediction[i] = i >= 80 ? target[i] : i % 2;
    }
    struct outcomes outcomes;
    struct group_metrics groups;
    char text[200];
    outcomes_from_classes(&outcomes, &model, target, prediction, 83);
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, 1);
    EXPECT_NEAR(groups.gaps[0].value, 0.5);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(groups.gaps[i].interval.low, 0);
    cr_expect_str_eq(groups_sentence(&groups, text, sizeof text),
                     "chance may explain every gap: the intervals reach 0; the smallest group, b, has 3 "
                     "examples");
    groups_release(&groups);
    outcomes_release(&outcomes);
    free(made);
}

/* A group without examples, or without one that is positive, is left out rather than called 0. */
Test(metrics_groups, what_a_group_lacks_is_left_out)
{
    const struct model model = data_model_vector(1, OUTPUT_CATEGORICAL, 2);
    struct made *made = make_groups(40, 3);
    int32_t *target = calloc(40, sizeof *target), *prediction = calloc(40, sizeof *target);
    for (int i = 0; i < 40; i++) {
        made->of[i] = i >= 20 ? 2 : 0; /* none is of group 1 */
        target[i] = i >= 20 && i % 2;
        prediction[i] = i % 4 == 1;
    }
    struct outcomes outcomes;
    struct group_metrics groups;
    char text[200];
    outcomes_from_classes(&outcomes, &model, target, prediction, 40);
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, 1);
    cr_expect_eq(groups.examples[1], 0);
    cr_expect(isnan(groups.values[1]) && isnan(groups.intervals[1].low));
    cr_expect(isnan(groups.values[2 * 3])); /* recall of group 0 */
    EXPECT_NEAR(groups.values[2 * 3 + 2], 0.5);
    EXPECT_NEAR(groups.gaps[2].value, 0.25); /* only false positives can be compared */
    groups_release(&groups);
    made->grouping.count = 1;
    memset(made->of, 0, sizeof made->of);
    groups_measure(&groups, &outcomes, &made->grouping, &made->examples, 1);
    cr_expect(isnan(groups.gaps[0].value) && isnan(groups.gaps[0].interval.high));
    cr_expect_str_eq(groups_sentence(&groups, text, sizeof text),
                     "there is nothing to compare: only one group has examples here");
    groups_release(&groups);
    outcomes_release(&outcomes);
    free(made);
}
