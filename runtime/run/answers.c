/* answers.c - predictions at a temperature, or as the mean of samples, and measures of doubt. */
#include "run/answers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "metrics/calibration.h"
#include "score.h"

static bool is_real(const struct model *model)
{
    return model->output != OUTPUT_CATEGORICAL && model->output != OUTPUT_BERNOULLI;
}

void answers_create(struct answers *answers, const struct model *model, const struct certainty *certainty,
                    int samples, uint64_t seed)
{
    const size_t batch = (size_t)model->settings.batch;
    *answers = (struct answers){.model = model, .certainty = certainty, .samples = samples, .seed = seed};
    answers->rows = is_real(model)                        ? 0
                    : model->output == OUTPUT_CATEGORICAL ? model_positions(model)
                                                          : model->output_size;
    answers->value = memory_resize(NULL, batch * (size_t)model->output_size, sizeof(double));
    answers->spread = memory_resize(NULL, batch * (size_t)model->target_size, sizeof(double));
    answers->entropy = memory_resize(NULL, batch * (size_t)answers->rows + 1, sizeof(double));
    answers->information = memory_resize(NULL, batch * (size_t)answers->rows + 1, sizeof(double));
    answers->best = memory_resize(NULL, batch, sizeof(int));
    answers->scores = memory_resize(NULL, batch, sizeof *answers->scores);
}

void answers_release(struct answers *answers)
{
    free(answers->value);
    free(answers->spread);
    free(answers->entropy);
    free(answers->information);
    free(answers->best);
    free(answers->scores);
}

/* Entropy of one row: of K probabilities, or of a yes. */
static double entropy_of(const double *probability, int classes)
{
    return classes > 1 ? calibration_entropy(probability, classes)
                       : calibration_entropy((const double[]){*probability, 1 - *probability}, 2);
}

static int row_length(const struct answers *answers)
{
    return answers->model->output == OUTPUT_CATEGORICAL ? answers->model->target_size : 1;
}

/* The probabilities of one row of logits at the temperature. */
static void temper(const struct answers *answers, const real *logit, int classes, double *probability)
{
    const double temperature = answers->certainty->familiarity.temperature;
    if (classes > 1)
        calibration_softmax(logit, classes, temperature, probability);
    else
        *probability = 1 / (1 + exp(-(double)*logit / temperature));
}

/* What one pass says of example n. Without calibration and samples it is the network's prediction as it is.
 */
static void take_values(struct answers *answers, const real *prediction, const real *logits, int n)
{
    const struct model *model = answers->model;
    const size_t size = (size_t)model->output_size, first = (size_t)n * size;
    const int classes = row_length(answers);
    for (size_t i = 0; i < size; i++)
        answers->value[first + i] = (double)prediction[first + i];
    if (answers->certainty->is_calibrated && (classes == 1 || model_has_class(model)))
        for (size_t i = 0; i < size; i += (size_t)classes)
            temper(answers, logits + first + i, classes, answers->value + first + i);
    if (answers->certainty->has_thresholds)
        answers->scores[n] =
            familiarity_measure(&answers->certainty->familiarity, logits + first, model->target_size);
    answers->best[n] = score_most_probable(prediction + first, model->target_size);
}

/* One more sample of probabilities: sums of these, and of their entropies. */
static void add_probabilities(struct answers *answers, const real *logits, int n, double *row)
{
    const int classes = row_length(answers);
    const size_t first = (size_t)n * (size_t)answers->model->output_size;
    for (int r = 0; r < answers->rows; r++) {
        const size_t at = first + (size_t)r * (size_t)classes;
        temper(answers, logits + at, classes, row);
        for (int k = 0; k < classes; k++)
            answers->value[at + (size_t)k] += row[k];
        answers->information[n * answers->rows + r] += entropy_of(row, classes);
    }
}

static void finish_probabilities(struct answers *answers, int n)
{
    const int classes = row_length(answers);
    double *value = answers->value + (size_t)n * (size_t)answers->model->output_size;
    for (int i = 0; i < answers->model->output_size; i++)
        value[i] /= answers->samples;
    for (int r = 0; r < answers->rows; r++) {
        const int at = n * answers->rows + r;
        answers->entropy[at] = entropy_of(value + r * classes, classes);
        answers->information[at] =
            fmax(0, answers->entropy[at] - answers->information[at] / answers->samples);
    }
    answers->best[n] = 0;
    for (int k = 1; k < answers->model->target_size; k++)
        answers->best[n] = value[k] > value[answers->best[n]] ? k : answers->best[n];
}

/* Sample number `done` of real targets: running means and squares about them (Welford 1962); what comes
 * behind the means, the sigmas of a normal, as the mean of its squares. */
static void add_values(struct answers *answers, const real *prediction, int n, int done)
{
    const int size = answers->model->output_size, targets = answers->model->target_size;
    const real *given = prediction + (size_t)n * (size_t)size;
    double *value = answers->value + (size_t)n * (size_t)size,
           *spread = answers->spread + (size_t)n * (size_t)targets;
    for (int k = 0; k < size; k++) {
        const double number = k < targets ? (double)given[k] : (double)given[k] * (double)given[k];
        const double off = number - value[k];
        value[k] += off / (done + 1);
        if (k < targets)
            spread[k] += off * (number - value[k]);
    }
}

static void finish_values(struct answers *answers, int n)
{
    const int size = answers->model->output_size, targets = answers->model->target_size;
    double *value = answers->value + (size_t)n * (size_t)size;
    for (int k = 0; k < targets; k++)
        answers->spread[(size_t)n * (size_t)targets + (size_t)k] /= answers->samples;
    for (int k = targets; k < size; k++)
        value[k] = sqrt(value[k]);
}

static void clear(struct answers *answers, size_t count)
{
    memset(answers->value, 0, count * (size_t)answers->model->output_size * sizeof(double));
    memset(answers->spread, 0, count * (size_t)answers->model->target_size * sizeof(double));
    memset(answers->information, 0, count * (size_t)answers->rows * sizeof(double));
}

static void take_samples(struct answers *answers, void *net, const struct examples *examples, size_t first,
                         int count)
{
    const struct model *model = answers->model;
    double *row = memory_resize(NULL, (size_t)model->target_size, sizeof *row);
    clear(answers, (size_t)count);
    for (int done = 0; done < answers->samples; done++) {
        const real *prediction = model->sample(net, examples, first, count, answers->seed, (uint64_t)done);
        for (int n = 0; n < count; n++)
            if (is_real(model))
                add_values(answers, prediction, n, done);
            else
                add_probabilities(answers, model_logits(model, net), n, row);
    }
    for (int n = 0; n < count; n++)
        if (is_real(model))
            finish_values(answers, n);
        else
            finish_probabilities(answers, n);
    free(row);
}

void answers_take(struct answers *answers, void *net, const struct examples *examples, size_t first,
                  int count)
{
    const real *prediction = answers->model->predict(net, examples, first, count);
    for (int n = 0; n < count; n++)
        take_values(answers, prediction, model_logits(answers->model, net), n);
    if (answers->samples)
        take_samples(answers, net, examples, first, count);
}

struct answer answers_of(const struct answers *answers, int n)
{
    const struct model *model = answers->model;
    struct answer answer = {.value = answers->value + (size_t)n * (size_t)model->output_size,
                            .best = answers->best[n]};
    if (answers->samples) {
        answer.entropy = answers->entropy + (size_t)n * (size_t)answers->rows;
        answer.information = answers->information + (size_t)n * (size_t)answers->rows;
        answer.spread = answers->spread + (size_t)n * (size_t)model->target_size;
    }
    if (answers->certainty->has_thresholds) {
        answer.scores = &answers->scores[n];
        answer.is_unlike = familiarity_is_unlike(&answers->certainty->familiarity, answer.scores);
    }
    return answer;
}

double answer_aleatoric(const struct answers *answers, const struct answer *answer, int k)
{
    const struct model *model = answers->model;
    if (model->output != OUTPUT_NORMAL)
        return NAN;
    return model->sigma > 0 ? model->sigma : answer->value[model->target_size + k];
}

double answer_epistemic(const struct answer *answer, int k)
{
    return answer->spread ? sqrt(answer->spread[k]) : 0;
}

double answer_deviation(const struct answers *answers, const struct answer *answer, int k)
{
    const double aleatoric = answer_aleatoric(answers, answer, k), epistemic = answer_epistemic(answer, k);
    return isnan(aleatoric) ? epistemic : answer->spread ? hypot(aleatoric, epistemic) : aleatoric;
}
