/* tested.c - one pass over a split. */
#include "run_report/tested.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/figures.h"
#include "run/maps.h"
#include "run/predictions.h"
#include "score.h"

static enum tested_kind kind_of(const struct model *model)
{
    if (model->target_is_input)
        return TESTED_COPIES;
    if (model->output == OUTPUT_CATEGORICAL)
        return TESTED_CLASSES;
    if (model->output != OUTPUT_BERNOULLI)
        return TESTED_REALS;
    return model->target_size == 1 ? TESTED_CLASSES : TESTED_LABELS;
}

/* Mistakes stay in their order; the smallest falls out. */
static void take_mistake(struct tested *tested, const struct mistake *mistake)
{
    int at = tested->mistake_count;
    while (at > 0 && tested->mistakes[at - 1].probability < mistake->probability)
        at--;
    if (at == TESTED_MISTAKES)
        return;
    tested->mistake_count += tested->mistake_count < TESTED_MISTAKES;
    memmove(&tested->mistakes[at + 1], &tested->mistakes[at],
            (size_t)(tested->mistake_count - 1 - at) * sizeof *mistake);
    tested->mistakes[at] = *mistake;
}

/* Logarithms serve as logits; one of nothing would be -Inf. */
static real logit_of(double probability)
{
    return (real)log(fmax(probability, 1e-30));
}

static void take_answer(struct tested *tested, double probability, bool is_true)
{
    const real logits[2] = {logit_of(1 - probability), logit_of(probability)};
    calibration_add(&tested->calibration, logits, 2, is_true, 1);
}

/* The class of an example, or of one of its positions. */
static void take_class(struct tested *tested, size_t example, const real *probability, int target)
{
    real *logits = tested->scratch;
    const int predicted = score_most_probable(probability, tested->classes);
    confusion_add(&tested->confusion, target, predicted);
    for (int k = 0; k < tested->classes; k++)
        logits[k] = logit_of((double)probability[k]);
    calibration_add(&tested->calibration, logits, tested->classes, target, 1);
    if (predicted != target && model_positions(tested->model) == 1)
        take_mistake(tested, &(struct mistake){example, target, predicted, (double)probability[predicted]});
}

static void take_classes(struct tested *tested, size_t example, const real *prediction)
{
    const int positions = model_positions(tested->model);
    if (positions == 1) {
        take_class(tested, example, prediction, examples_read_class(tested->examples, example));
        return;
    }
    int32_t *targets = (int32_t *)((real *)tested->scratch + tested->classes);
    examples_read_classes(tested->examples, example, targets, positions);
    for (int i = 0; i < positions; i++)
        take_class(tested, example, prediction + (size_t)i * (size_t)tested->classes, targets[i]);
}

/* A single yes or no as two classes. */
static void take_yes(struct tested *tested, size_t example, const real *prediction)
{
    real target;
    examples_read_target(tested->examples, example, &target, 1);
    const bool is_yes = target > (real)0.5;
    const double yes = (double)prediction[0];
    const int predicted = prediction[0] > (real)0.5;
    confusion_add(&tested->confusion, is_yes, predicted);
    take_answer(tested, yes, is_yes);
    if (predicted != is_yes)
        take_mistake(tested, &(struct mistake){example, is_yes, predicted, predicted ? yes : 1 - yes});
}

/* Labels stand side by side at each position. */
static void take_labels(struct tested *tested, size_t example, const real *prediction)
{
    real *targets = tested->scratch;
    const int count = tested->model->output_size;
    examples_read_target(tested->examples, example, targets, count);
    for (int i = 0; i < count; i++) {
        struct class_counts *counts = &tested->confusion.by_class[i % tested->classes];
        const bool is_true = targets[i] > (real)0.5, is_predicted = prediction[i] > (real)0.5;
        counts->examples += is_true;
        counts->predicted += is_predicted;
        counts->hits += is_true && is_predicted;
        take_answer(tested, (double)prediction[i], is_true);
    }
}

static void keep_values(struct tested *tested, size_t example, const real *prediction, const real *targets)
{
    const size_t at = example / tested->every;
    for (int k = 0; k < tested->kept; k++) {
        const size_t i = (size_t)k * tested->value_count + at;
        tested->truth[i] = figures_real(tested->normaliser, targets, k);
        tested->mean[i] = figures_real(tested->normaliser, prediction, k);
        tested->sigma[i] =
            tested->has_sigma ? figures_sigma(tested->model, tested->normaliser, prediction, k) : NAN;
    }
    if (tested->inputs) {
        const struct normaliser *normaliser = tested->normaliser;
        real input;
        examples_read_input(tested->examples, example, &input, 1, 1, 1);
        const double value = normaliser->input_count
                                 ? (double)input * normaliser->input_deviation[0] + normaliser->input_mean[0]
                                 : (double)input;
        tested->inputs[at] = value / normaliser->scale;
    }
}

static void take_reals(struct tested *tested, size_t example, const real *prediction)
{
    real *targets = tested->scratch;
    examples_read_target(tested->examples, example, targets, tested->targets);
    for (int k = 0; k < tested->targets; k++) {
        struct value_sums *sums = &tested->sums[k];
        const double target = figures_real(tested->normaliser, targets, k),
                     off = target - figures_real(tested->normaliser, prediction, k);
        sums->squared += off * off;
        sums->absolute += fabs(off);
        sums->target += target;
        sums->target_square += target * target;
        if (tested->has_sigma)
            sums->within += fabs(off) <= 2 * figures_sigma(tested->model, tested->normaliser, prediction, k);
    }
    if (example % tested->every == 0)
        keep_values(tested, example, prediction, targets);
}

/* The copies that differ most from their inputs. */
static void take_copy(struct tested *tested, size_t example, const real *prediction)
{
    real *input = tested->scratch;
    const int size = tested->model->target_size;
    double squared = 0;
    examples_read_input(tested->examples, example, input, 1, size, size);
    for (int i = 0; i < size; i++)
        squared += pow((double)prediction[i] - (double)input[i], 2);
    take_mistake(tested, &(struct mistake){.example = example, .probability = squared / size});
}

static void take(void *context, size_t example, const real *prediction)
{
    struct tested *tested = context;
    switch (tested->kind) {
    case TESTED_CLASSES:
        if (tested->model->output == OUTPUT_BERNOULLI)
            take_yes(tested, example, prediction);
        else
            take_classes(tested, example, prediction);
        break;
    case TESTED_LABELS:
        take_labels(tested, example, prediction);
        break;
    case TESTED_REALS:
        take_reals(tested, example, prediction);
        break;
    case TESTED_COPIES:
        take_copy(tested, example, prediction);
        break;
    }
}

static bool choose_split(struct tested *tested, const struct dataset *data)
{
    static const char *const names[] = {"test", "validation", "train"};
    for (int i = 0; i < 3; i++) {
        tested->split = names[i];
        tested->examples = i == 0   ? dataset_split(data, "test")
                           : i == 1 ? dataset_validation(data)
                                    : dataset_train(data);
        if (tested->examples && tested->examples->count)
            return true;
    }
    return false;
}

static void *zeroed(size_t count, size_t size)
{
    return memset(memory_resize(NULL, count, size), 0, count * size);
}

static void prepare_classes(struct tested *tested)
{
    const struct model *model = tested->model;
    const int positions = model_positions(model);
    tested->classes =
        model->output == OUTPUT_BERNOULLI && tested->kind == TESTED_CLASSES ? 2 : maps_channels(model);
    confusion_create(&tested->confusion, tested->classes);
    tested->scratch =
        zeroed((size_t)model->output_size + (size_t)(tested->classes + positions), sizeof(double));
}

static void prepare_reals(struct tested *tested)
{
    const struct model *model = tested->model;
    const size_t count = tested->examples->count;
    tested->targets = model->target_size;
    tested->has_sigma = figures_have_sigma(model);
    tested->kept = tested->targets < TESTED_TARGETS ? tested->targets : TESTED_TARGETS;
    tested->every = 1 + (count - 1) / TESTED_VALUES;
    tested->value_count = 1 + (count - 1) / tested->every;
    const size_t values = (size_t)tested->kept * tested->value_count;
    tested->sums = zeroed((size_t)tested->targets, sizeof *tested->sums);
    tested->truth = zeroed(values, sizeof *tested->truth);
    tested->mean = zeroed(values, sizeof *tested->mean);
    tested->sigma = zeroed(values, sizeof *tested->sigma);
    if (model->input.height * model->input.width * model->input.channels == 1)
        tested->inputs = zeroed(tested->value_count, sizeof *tested->inputs);
    tested->scratch = zeroed((size_t)model->target_size, sizeof(real));
}

bool tested_make(struct tested *tested, const struct model *model, void *net, const struct dataset *data)
{
    *tested = (struct tested){.model = model, .normaliser = dataset_normaliser(data), .kind = kind_of(model)};
    if (!choose_split(tested, data))
        return false;
    if (tested->kind == TESTED_REALS)
        prepare_reals(tested);
    else if (tested->kind == TESTED_COPIES)
        tested->scratch = zeroed((size_t)model->target_size, sizeof(real));
    else
        prepare_classes(tested);
    predictions_visit(model, net, tested->examples, take, tested);
    return true;
}

void tested_release(struct tested *tested)
{
    confusion_release(&tested->confusion);
    free(tested->sums);
    free(tested->truth);
    free(tested->mean);
    free(tested->sigma);
    free(tested->inputs);
    free(tested->scratch);
}

double tested_rmse(const struct tested *tested, int target)
{
    return sqrt(tested->sums[target].squared / (double)tested->examples->count);
}

double tested_r_squared(const struct tested *tested, int target)
{
    const struct value_sums *sums = &tested->sums[target];
    const double mean = sums->target / (double)tested->examples->count;
    const double spread = sums->target_square - mean * sums->target;
    return spread > 0 ? 1 - sums->squared / spread : NAN;
}

double tested_sigma(const struct tested *tested, int target, size_t i)
{
    return tested->has_sigma ? tested->sigma[(size_t)target * tested->value_count + i]
                             : tested_rmse(tested, target);
}

double tested_coverage(const struct tested *tested, int target, double deviations)
{
    const size_t from = (size_t)target * tested->value_count;
    size_t within = 0;
    for (size_t i = 0; i < tested->value_count; i++)
        within += fabs(tested->truth[from + i] - tested->mean[from + i]) <=
                  deviations * tested_sigma(tested, target, i);
    return (double)within / (double)tested->value_count;
}
