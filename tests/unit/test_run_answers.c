/* test_run_answers.c - temperature, samples and doubts of networks whose every number is written here. */
#include <criterion/criterion.h>
#include <math.h>

#include "problem.h"
#include "run/answers.h"
#include "run/weights.h"

enum { BATCH = 2, SIZE = 3 };

/* Memory: the arena alone, [BATCH][SIZE] logits or values. Example n of the split has in sample s the numbers
 * given[s][n]; without dropout those of sample 0. */
static const real given[][BATCH][SIZE] = {{{2, 0, -1}, {0, 0.5f, 0.25f}}, {{0, 2, -1}, {1, 1.5f, 2}}};
static real probabilities[BATCH][SIZE];

static const real *fill(void *net, size_t first, int count, size_t sample)
{
    real *logits = net;
    for (int n = 0; n < count; n++) {
        double sum = 0;
        for (int k = 0; k < SIZE; k++) {
            logits[n * SIZE + k] = given[sample][first + (size_t)n][k];
            sum += exp((double)logits[n * SIZE + k]);
        }
        for (int k = 0; k < SIZE; k++)
            probabilities[n][k] = (real)(exp((double)logits[n * SIZE + k]) / sum);
    }
    return probabilities[0];
}

static const real *predict(void *net, const struct examples *examples, size_t first, int count)
{
    (void)examples;
    return fill(net, first, count, 0);
}

static const real *sample(void *net, const struct examples *examples, size_t first, int count, uint64_t seed,
                          uint64_t number)
{
    (void)examples;
    cr_expect_eq(seed, 7);
    return fill(net, first, count, number % 2);
}

static const real *predict_values(void *net, const struct examples *examples, size_t first, int count)
{
    (void)examples;
    fill(net, first, count, 0);
    return net;
}

static const real *sample_values(void *net, const struct examples *examples, size_t first, int count,
                                 uint64_t seed, uint64_t number)
{
    (void)examples, (void)seed;
    fill(net, first, count, number % 2);
    return net;
}

static const struct model_layer layers[] = {{.label = "z", .size = SIZE}, {.label = "output", .size = SIZE}};
static const struct model classes = {.output = OUTPUT_CATEGORICAL,
                                     .settings = {.batch = BATCH},
                                     .target_size = SIZE,
                                     .output_size = SIZE,
                                     .layers = layers,
                                     .layer_count = 2,
                                     .arena_size = BATCH * SIZE,
                                     .memory = BATCH * SIZE * sizeof(real),
                                     .predict = predict,
                                     .sample = sample};
static const struct certainty nothing = {.familiarity.temperature = 1};

static double softmax(const real *z, int k, double temperature)
{
    double sum = 0;
    for (int j = 0; j < SIZE; j++)
        sum += exp((double)z[j] / temperature);
    return exp((double)z[k] / temperature) / sum;
}

static double entropy(const double *p, int count)
{
    double sum = 0;
    for (int k = 0; k < count; k++)
        sum -= p[k] * log(p[k]);
    return sum;
}

Test(answers, without_calibration_are_the_predictions)
{
    real net[BATCH * SIZE];
    struct answers answers;
    answers_create(&answers, &classes, &nothing, 0, 7);
    answers_take(&answers, net, NULL, 0, 2);
    for (int n = 0; n < 2; n++) {
        const struct answer answer = answers_of(&answers, n);
        for (int k = 0; k < SIZE; k++)
            cr_expect_eq(answer.value[k], (double)probabilities[n][k]);
        cr_expect_eq(answer.best, n);
        cr_expect(!answer.entropy && !answer.scores && !answer.is_unlike);
    }
    answers_release(&answers);
}

Test(answers, are_taken_at_the_temperature)
{
    real net[BATCH * SIZE];
    struct answers answers;
    struct certainty certainty = {
        .is_calibrated = true, .has_thresholds = true, .familiarity = {.temperature = 2.5}};
    for (int s = 0; s < FAMILIARITY_SCORES; s++)
        certainty.familiarity.together.of[s] = -INFINITY;
    certainty.familiarity.together.of[SCORE_ENERGY] = 3.2; /* 2.5 log Σ e^(z / 2.5) is 3.40 and 3.00 */
    answers_create(&answers, &classes, &certainty, 0, 7);
    answers_take(&answers, net, NULL, 0, 2);
    for (int n = 0; n < 2; n++) {
        const struct answer answer = answers_of(&answers, n);
        for (int k = 0; k < SIZE; k++)
            cr_expect_float_eq(answer.value[k], softmax(given[0][n], k, 2.5), 1e-12);
        cr_assert(answer.scores);
        cr_expect_eq(answer.is_unlike, n == 1, "%g", answer.scores->of[SCORE_ENERGY]);
    }
    answers_release(&answers);
}

/* Two samples of the first example are sure, of different classes: the entropy of their mean is mostly mutual
 * information. */
Test(answers, of_samples_are_their_mean)
{
    real net[BATCH * SIZE];
    struct answers answers;
    const struct certainty certainty = {.is_calibrated = true, .familiarity = {.temperature = 0.5}};
    answers_create(&answers, &classes, &certainty, 4, 7);
    answers_take(&answers, net, NULL, 0, 2);
    for (int n = 0; n < 2; n++) {
        const struct answer answer = answers_of(&answers, n);
        double mean[SIZE], each[2][SIZE];
        for (int k = 0; k < SIZE; k++) {
            for (int s = 0; s < 2; s++)
                each[s][k] = softmax(given[s][n], k, 0.5);
            mean[k] = (each[0][k] + each[1][k]) / 2;
            cr_expect_float_eq(answer.value[k], mean[k], 1e-12);
        }
        cr_expect_float_eq(answer.entropy[0], entropy(mean, SIZE), 1e-12);
        cr_expect_float_eq(answer.information[0],
                           entropy(mean, SIZE) - (entropy(each[0], SIZE) + entropy(each[1], SIZE)) / 2,
                           1e-12);
        cr_expect_eq(answer.best, mean[1] > mean[0] ? mean[2] > mean[1] ? 2 : 1 : mean[2] > mean[0] ? 2 : 0);
    }
    answers_release(&answers);
}

Test(answers, of_yes_and_no_have_a_doubt_each)
{
    real net[BATCH * SIZE];
    struct answers answers;
    struct model model = classes;
    model.output = OUTPUT_BERNOULLI;
    const struct certainty certainty = {.is_calibrated = true, .familiarity = {.temperature = 2}};
    answers_create(&answers, &model, &certainty, 2, 7);
    answers_take(&answers, net, NULL, 0, 1);
    const struct answer answer = answers_of(&answers, 0);
    for (int k = 0; k < SIZE; k++) {
        const double a = 1 / (1 + exp(-(double)given[0][0][k] / 2)),
                     b = 1 / (1 + exp(-(double)given[1][0][k] / 2)), mean = (a + b) / 2;
        cr_expect_float_eq(answer.value[k], mean, 1e-12);
        const double of_mean = entropy((const double[]){mean, 1 - mean}, 2);
        cr_expect_float_eq(answer.entropy[k], of_mean, 1e-12);
        cr_expect_float_eq(
            answer.information[k],
            of_mean - (entropy((const double[]){a, 1 - a}, 2) + entropy((const double[]){b, 1 - b}, 2)) / 2,
            1e-12);
    }
    answers_release(&answers);
}

/* Deviations of the data and between samples add up as squares. One mean, one sigma, and a number too many.
 */
Test(answers, of_a_normal_have_a_total_deviation)
{
    real net[BATCH * SIZE];
    struct answers answers;
    struct model model = classes;
    model.output = OUTPUT_NORMAL;
    model.target_size = 1;
    model.predict = predict_values;
    model.sample = sample_values;
    answers_create(&answers, &model, &nothing, 6, 7);
    answers_take(&answers, net, NULL, 1, 1);
    struct answer answer = answers_of(&answers, 0);
    cr_expect_float_eq(answer.value[0], 0.5, 1e-12); /* of 0 and 1 */
    cr_expect_float_eq(answer_aleatoric(&answers, &answer, 0), sqrt((0.25 + 2.25) / 2), 1e-12);
    cr_expect_float_eq(answer_epistemic(&answer, 0), 0.5, 1e-12);
    cr_expect_float_eq(answer_deviation(&answers, &answer, 0), sqrt(1.25 + 0.25), 1e-12);
    answers_release(&answers);

    answers_create(&answers, &model, &nothing, 0, 7);
    answers_take(&answers, net, NULL, 1, 1);
    answer = answers_of(&answers, 0);
    cr_expect_eq(answer_deviation(&answers, &answer, 0), 0.5);
    answers_release(&answers);

    model.output = OUTPUT_SQUARED_ERROR;
    answers_create(&answers, &model, &nothing, 2, 7);
    answers_take(&answers, net, NULL, 1, 1);
    answer = answers_of(&answers, 0);
    cr_expect(isnan(answer_aleatoric(&answers, &answer, 0)));
    cr_expect_float_eq(answer_deviation(&answers, &answer, 0), 0.5, 1e-12);
    answers_release(&answers);
}
