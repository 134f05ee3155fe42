/* outcomes.c - from predictions to sums, and from sums to metrics. */
#include "metrics/outcomes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "dataset.h"
#include "metrics/confusion.h"
#include "score.h"

/* Three numbers of `sums`. */
static struct class_counts counts_of(const double *sums, int class)
{
    const double *counts = sums + SUM_CLASSES + 3 * class;
    return (struct class_counts){(size_t)counts[0], (size_t)counts[1], (size_t)counts[2]};
}

static void counts_add(double *sums, int class, bool is_target, bool is_predicted, double times)
{
    double *counts = sums + SUM_CLASSES + 3 * class;
    counts[0] += is_target ? times : 0;
    counts[1] += is_predicted ? times : 0;
    counts[2] += is_target && is_predicted ? times : 0;
}

/* A target of a categorical output. */
static void sums_add_class(const struct outcomes *outcomes, int target, int predicted, double times,
                           double *sums)
{
    sums[SUM_VALUES] += times;
    sums[SUM_HITS] += target == predicted ? times : 0;
    if (outcomes->classes == 1) {
        counts_add(sums, 0, target == 1, predicted == 1, times);
    } else if (outcomes->classes > 1) {
        counts_add(sums, target, true, target == predicted, times);
        counts_add(sums, predicted, false, target != predicted, times);
    }
}

/* A yes or no of a bernoulli output. */
static void sums_add_answer(const struct outcomes *outcomes, int class, bool target, bool predicted,
                            double times, double *sums)
{
    sums[SUM_VALUES] += times;
    sums[SUM_HITS] += target == predicted ? times : 0;
    if (outcomes->classes)
        counts_add(sums, class, target, predicted, times);
}

static void sums_add_real(double target, double mean, double sigma, double *sums)
{
    const double off = target - mean;
    sums[SUM_VALUES]++;
    sums[SUM_SQUARED_ERROR] += off * off;
    sums[SUM_ABSOLUTE_ERROR] += fabs(off);
    sums[SUM_TARGET] += target;
    sums[SUM_TARGET_SQUARE] += target * target;
    sums[SUM_INSIDE] += fabs(off) <= OUTCOME_DEVIATIONS * sigma;
}

/* Targets of one example. */
static int values_of(const struct model *model)
{
    return model->output == OUTPUT_CATEGORICAL ? model_positions(model) : model->target_size;
}

/* Has each example one class? */
static bool has_pairs(const struct model *model)
{
    return model->output == OUTPUT_CATEGORICAL && model_positions(model) == 1;
}

static int classes_of(const struct model *model)
{
    int classes = 0;
    if (model->output == OUTPUT_CATEGORICAL)
        classes = model->target_size == 2 ? 1 : model->target_size;
    else if (model->output == OUTPUT_BERNOULLI && !model->target_is_input)
        classes = model->target_size / model_positions(model);
    return classes <= OUTCOME_CLASSES_MOST ? classes : 0;
}

static void outcomes_begin(struct outcomes *outcomes, const struct model *model, size_t count)
{
    *outcomes = (struct outcomes){.model = model, .count = count, .classes = classes_of(model), .unit = 1};
    outcomes->is_class = model->output == OUTPUT_CATEGORICAL || model->output == OUTPUT_BERNOULLI;
    outcomes->length = outcomes->is_class ? SUM_CLASSES + 3 * (size_t)outcomes->classes : SUMS_OF_REALS;
}

static void take_positions(struct outcomes *outcomes, size_t i, const real *prediction)
{
    const int positions = model_positions(outcomes->model), classes = outcomes->model->target_size;
    examples_read_classes(outcomes->examples, i, outcomes->read_classes, positions);
    for (int p = 0; p < positions; p++, prediction += classes)
        sums_add_class(outcomes, outcomes->read_classes[p], score_most_probable(prediction, classes), 1,
                       outcomes->sums + i * outcomes->length);
}

static void take_values(struct outcomes *outcomes, size_t i, const real *prediction)
{
    const struct model *model = outcomes->model;
    double *sums = outcomes->sums + i * outcomes->length;
    const int count = model->target_size, classes = outcomes->classes ? outcomes->classes : 1;
    const int row = model->input.width * model->input.channels;
    if (model->target_is_input)
        examples_read_input(outcomes->examples, i, outcomes->read_targets, model->input.height, row, row);
    else
        examples_read_target(outcomes->examples, i, outcomes->read_targets, count);
    for (int k = 0; k < count; k++) {
        const double target = (double)outcomes->read_targets[k], predicted = (double)prediction[k];
        const double sigma = model->output != OUTPUT_NORMAL ? 0
                             : model->sigma > 0             ? model->sigma
                                                            : (double)prediction[count + k];
        if (outcomes->is_class)
            sums_add_answer(outcomes, k % classes, target > 0.5, predicted > 0.5, 1, sums);
        else
            sums_add_real(target, predicted, sigma, sums);
    }
}

void outcomes_take(void *context, size_t example, const real *prediction)
{
    struct outcomes *outcomes = context;
    const struct model *model = outcomes->model;
    if (outcomes->target) {
        outcomes->target[example] = examples_read_class(outcomes->examples, example);
        outcomes->prediction[example] = score_most_probable(prediction, model->target_size);
    } else if (model->output == OUTPUT_CATEGORICAL) {
        take_positions(outcomes, example, prediction);
    } else {
        take_values(outcomes, example, prediction);
    }
}

void outcomes_create(struct outcomes *outcomes, const struct model *model, const struct examples *examples,
                     double unit)
{
    const size_t count = examples->count, values = (size_t)values_of(model);
    outcomes_begin(outcomes, model, count);
    outcomes->examples = examples;
    outcomes->unit = unit;
    if (has_pairs(model)) {
        outcomes->target = memory_resize(NULL, count, sizeof *outcomes->target);
        outcomes->prediction = memory_resize(NULL, count, sizeof *outcomes->prediction);
        return;
    }
    outcomes->sums = memory_resize(NULL, count, outcomes->length * sizeof *outcomes->sums);
    memset(outcomes->sums, 0, count * outcomes->length * sizeof *outcomes->sums);
    outcomes->read_classes = memory_resize(NULL, values, sizeof *outcomes->read_classes);
    outcomes->read_targets = memory_resize(NULL, values, sizeof *outcomes->read_targets);
}

void outcomes_from_classes(struct outcomes *outcomes, const struct model *model, int32_t *target,
                           int32_t *prediction, size_t count)
{
    outcomes_begin(outcomes, model, count);
    outcomes->target = target;
    outcomes->prediction = prediction;
}

void outcomes_release(struct outcomes *outcomes)
{
    free(outcomes->target);
    free(outcomes->prediction);
    free(outcomes->sums);
    free(outcomes->read_classes);
    free(outcomes->read_targets);
}

void outcomes_add(const struct outcomes *outcomes, size_t example, double *sums)
{
    if (outcomes->target) {
        sums_add_class(outcomes, outcomes->target[example], outcomes->prediction[example], 1, sums);
        return;
    }
    const double *own = outcomes->sums + example * outcomes->length;
    for (size_t i = 0; i < outcomes->length; i++)
        sums[i] += own[i];
}

static uint32_t below(uint32_t word, size_t limit)
{
    return (uint32_t)((uint64_t)word * limit >> 32);
}

void outcomes_add_made_up(const struct outcomes *outcomes, bool is_hit, uint32_t first, uint32_t second,
                          double *sums)
{
    const struct model *model = outcomes->model;
    if (model->output == OUTPUT_CATEGORICAL) {
        const uint32_t classes = (uint32_t)model->target_size, target = below(first, classes);
        const uint32_t other = (target + 1 + below(second, classes - 1)) % classes;
        sums_add_class(outcomes, (int)target, (int)(is_hit ? target : other), model_positions(model), sums);
    } else if (model->output == OUTPUT_BERNOULLI) {
        const int classes = outcomes->classes ? outcomes->classes : 1;
        for (int k = 0; k < classes; k++) {
            const bool target = first >> k % 32 & 1;
            sums_add_answer(outcomes, k, target, target == is_hit, (double)model->target_size / classes,
                            sums);
        }
    } else {
        const double inside = sums[SUM_INSIDE];
        outcomes_add(outcomes, below(first, outcomes->count), sums);
        sums[SUM_INSIDE] = inside + (is_hit ? model->target_size : 0);
    }
}

static double share(double part, double all)
{
    return all > 0 ? part / all : NAN;
}

double outcomes_rate(const struct outcomes *outcomes, const double *sums, enum outcome_rate rate, int class)
{
    const double *counts = sums + SUM_CLASSES + 3 * class;
    const double examples = counts[0], predicted = counts[1], hits = counts[2];
    const bool has_answers = outcomes->model->output == OUTPUT_BERNOULLI; /* one of each class */
    const double all = has_answers ? sums[SUM_VALUES] / outcomes->classes : sums[SUM_VALUES];
    switch (rate) {
    case RATE_SELECTED:
        return share(predicted, all);
    case RATE_TRUE_POSITIVE:
        return share(hits, examples);
    case RATE_FALSE_POSITIVE:
        return share(predicted - hits, all - examples);
    case RATES:
        break;
    }
    return NAN;
}

/* Of several classes the mean over those that occur, a share of nothing counted as 0: scikit-learn's macro
 * average. */
static double mean_of(const struct outcomes *outcomes, const double *sums,
                      double (*of)(const struct class_counts *counts))
{
    double sum = 0;
    int occurring = 0;
    for (int k = 0; k < outcomes->classes; k++) {
        const struct class_counts counts = counts_of(sums, k);
        const double value = of(&counts);
        if (outcomes->classes == 1)
            return value;
        occurring += counts.examples + counts.predicted > 0;
        sum += isnan(value) ? 0 : value;
    }
    return share(sum, occurring);
}

static double accuracy(const struct outcomes *outcomes, const double *sums)
{
    (void)outcomes;
    return share(sums[SUM_HITS], sums[SUM_VALUES]);
}

static double precision(const struct outcomes *outcomes, const double *sums)
{
    return mean_of(outcomes, sums, class_precision);
}

static double recall(const struct outcomes *outcomes, const double *sums)
{
    return mean_of(outcomes, sums, class_recall);
}

static double f1(const struct outcomes *outcomes, const double *sums)
{
    return mean_of(outcomes, sums, class_f1);
}

static double selection_rate(const struct outcomes *outcomes, const double *sums)
{
    return outcomes_rate(outcomes, sums, RATE_SELECTED, 0);
}

static double false_positive_rate(const struct outcomes *outcomes, const double *sums)
{
    return outcomes_rate(outcomes, sums, RATE_FALSE_POSITIVE, 0);
}

static double rmse(const struct outcomes *outcomes, const double *sums)
{
    return sqrt(share(sums[SUM_SQUARED_ERROR], sums[SUM_VALUES])) * outcomes->unit;
}

static double mae(const struct outcomes *outcomes, const double *sums)
{
    return share(sums[SUM_ABSOLUTE_ERROR], sums[SUM_VALUES]) * outcomes->unit;
}

static double r_squared(const struct outcomes *outcomes, const double *sums)
{
    (void)outcomes;
    const double mean = share(sums[SUM_TARGET], sums[SUM_VALUES]);
    const double spread = sums[SUM_TARGET_SQUARE] - mean * sums[SUM_TARGET];
    return spread > 0 ? 1 - sums[SUM_SQUARED_ERROR] / spread : NAN;
}

static double coverage(const struct outcomes *outcomes, const double *sums)
{
    (void)outcomes;
    return share(sums[SUM_INSIDE], sums[SUM_VALUES]);
}

#define METRIC(kind, title, is_share)                                                                        \
    static const struct outcome_metric metric_##kind = {#kind, title, is_share, kind}
METRIC(accuracy, "accuracy", true);
METRIC(precision, "precision", true);
METRIC(recall, "recall", true);
METRIC(f1, "F1", true);
METRIC(selection_rate, "selected", true);
METRIC(false_positive_rate, "false positive", true);
METRIC(rmse, "RMSE", false);
METRIC(mae, "MAE", false);
METRIC(r_squared, "R^2", false);
METRIC(coverage, "coverage", true);

const struct outcome_metric *const *outcomes_metrics(const struct outcomes *outcomes)
{
    static const struct outcome_metric *const only[] = {&metric_accuracy, NULL},
                                              *const two[] = {&metric_accuracy,
                                                              &metric_precision,
                                                              &metric_recall,
                                                              &metric_f1,
                                                              &metric_selection_rate,
                                                              &metric_false_positive_rate,
                                                              NULL},
                                              *const many[] = {&metric_accuracy, &metric_precision,
                                                               &metric_recall, &metric_f1, NULL},
                                              *const reals[] = {&metric_rmse, &metric_mae, &metric_r_squared,
                                                                NULL},
                                              *const normal[] = {&metric_rmse, &metric_mae, &metric_r_squared,
                                                                 &metric_coverage, NULL};
    if (!outcomes->is_class)
        return outcomes->model->output == OUTPUT_NORMAL ? normal : reals;
    return outcomes->classes == 0 ? only : outcomes->classes == 1 ? two : many;
}
