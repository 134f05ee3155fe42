/* history.c - losses of all epochs, and what they are to be compared with.
 *
 *     classes 50, 30 and 20 % of the training split   ->   guessing costs -Σ p log p = 1.03 */
#include "run_report/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/maps.h"

static double entropy(const double *counts, int count)
{
    double sum = 0, all = 0;
    for (int k = 0; k < count; k++)
        all += counts[k];
    for (int k = 0; k < count; k++)
        sum -= counts[k] > 0 ? counts[k] / all * log(counts[k] / all) : 0;
    return sum;
}

/* NaN where frequencies tell nothing: of positions, of several yes and no, of real targets. */
static double cost_of_guessing(const struct model *model, const struct examples *examples)
{
    const bool is_class = model->output == OUTPUT_CATEGORICAL,
               is_answer = model->output == OUTPUT_BERNOULLI && model->target_size == 1;
    if (!(is_class || is_answer) || model_positions(model) > 1 || model->target_is_input || !examples->count)
        return NAN;
    const int classes = is_class ? model->target_size : 2;
    double *counts = memory_resize(NULL, (size_t)classes, sizeof *counts);
    memset(counts, 0, (size_t)classes * sizeof *counts);
    for (size_t i = 0; i < examples->count; i++) {
        real target = 0;
        if (is_answer)
            examples_read_target(examples, i, &target, 1);
        counts[is_class ? examples_read_class(examples, i) : target > (real)0.5]++;
    }
    const double cost = entropy(counts, classes);
    free(counts);
    return cost > 0 ? cost : NAN;
}

static bool has_real_targets(const struct model *model)
{
    return model->output != OUTPUT_CATEGORICAL && model->output != OUTPUT_BERNOULLI;
}

void history_create(struct history *history, const struct run_record *record)
{
    const struct observer *observer = record->observer;
    const struct training *run = record->run;
    const int count = observer->row_count;
    double *train = memory_resize(NULL, (size_t)count, sizeof *train);
    double *validation = memory_resize(NULL, (size_t)count, sizeof *validation);
    bool is_validated = count > 0;
    for (int i = 0; i < count; i++) {
        train[i] = score_loss(&observer->rows[i].train);
        validation[i] = score_loss(&observer->rows[i].validation);
        is_validated = is_validated && observer->rows[i].validation.examples;
    }
    *history = (struct history){
        .count = count,
        .train = train,
        .validation = is_validated ? validation : NULL,
        .test = record->test->examples ? score_loss(record->test) : NAN,
        .is_density = record->model->output == OUTPUT_NORMAL || record->model->output == OUTPUT_LAPLACE ||
                      record->model->output == OUTPUT_POISSON,
        .guess = cost_of_guessing(record->model, run->train),
        .unexplained = count && has_real_targets(record->model)
                           ? 1 - score_r_squared(&observer->rows[count - 1].train)
                           : NAN,
        .divergence = run->end == TRAINING_DIVERGED ? observer->divergence : NULL,
    };
    if (!is_validated)
        free(validation);
}

void history_release(struct history *history)
{
    free((double *)history->train);
    free((double *)history->validation);
}
