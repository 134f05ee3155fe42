/* golden_check.c - two forms of one network in one program: they must compute the same, and gradients must be
 * gradients.
 *
 *     tiled_model, plain_model  ->  loss, predictions, gradients and five optimizer steps agree;
 *                                   in double each also against finite differences */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "metrics/calibration.h"
#include "model.h"
#include "moved.h"
#include "probe.h"
#include "problem.h"
#include "random.h"
#include "run/gradcheck.h"
#include "run/rate.h"
#include "run/weights.h"
#include "sha256.h"

extern const struct model tiled_model, plain_model;

enum { STEPS = 5, SEED = 7 };

static bool has_failed;

/* Tolerances relative to the largest number of a tensor. */
static double tolerance_of_gradients(void)
{
    return sizeof(real) == sizeof(float) ? 1e-5 : 1e-10;
}

/* An optimizer that divides by a gradient's own size makes a step of what is rounding only; in networks that
 * nobody wrote for the purpose that happens. */
static bool is_generated;

static double tolerance_of_steps(void)
{
    return sizeof(real) == sizeof(float) ? 1e-4 : is_generated ? 1e-6 : 1e-9;
}

/* What a tensor's largest number counts as at least: some gradients are 0 in generated networks, and what is
 * computed of them is rounding alone, as of a bias in front of a batchnorm, or of a batchnorm's gain where
 * each channel's mean is all that is seen of one example. */
static double least_of_largest(void)
{
    return is_generated ? 1e-3 : 1e-6;
}

/* The largest difference; NaN where there is one. */
static double difference(const double *left, const double *right, size_t length)
{
    double worst = 0;
    for (size_t i = 0; i < length; i++)
        worst = fabs(left[i] - right[i]) > worst || left[i] != left[i] ? fabs(left[i] - right[i]) : worst;
    return worst;
}

static double largest_of(const double *numbers, size_t length)
{
    double largest = least_of_largest();
    for (size_t i = 0; i < length; i++)
        largest = fmax(largest, fabs(numbers[i]));
    return largest;
}

static void compare(const char *what, int count, const double *tiled, const double *plain, size_t length,
                    double tolerance)
{
    const double largest = largest_of(plain, length), worst = difference(tiled, plain, length);
    if (worst <= tolerance * largest)
        return;
    printf("%s, batch of %d: the forms differ by %g of %g\n", what, count, worst, largest);
    has_failed = true;
}

struct collecting {
    double *numbers;
    size_t count;
};

static void collect(void *context, size_t element, real *weight)
{
    struct collecting *collecting = context;
    (void)element;
    collecting->numbers[collecting->count++] = (double)*weight;
}

/* All elements of a tensor in the order of a file, whatever the panels. */
static size_t tensor_numbers(const struct model_tensor *tensor, real *from, double *to)
{
    struct collecting collecting = {to, 0};
    weights_for_each(tensor, from, collect, &collecting);
    return collecting.count;
}

/* How far rounding moves tensor i, whose numbers are `plain`; NULL: not asked */
typedef double (*rounding_of)(int i, const double *plain, size_t length);

static void compare_tensors(const char *what, int count, real *tiled, real *plain, double tolerance,
                            rounding_of rounding)
{
    char name[256];
    for (int i = 0; i < tiled_model.tensor_count; i++) {
        const struct model_tensor *left = &tiled_model.tensors[i], *right = &plain_model.tensors[i];
        size_t length = weights_count(left);
        double *numbers = malloc(2 * length * sizeof *numbers);
        tensor_numbers(left, tiled, numbers);
        tensor_numbers(right, plain, numbers + length);
        const double worst = difference(numbers, numbers + length, length);
        const bool is_far = !(worst <= tolerance * largest_of(numbers + length, length));
        snprintf(name, sizeof name, "%s of %s", what, left->name);
        if (is_far && rounding && worst <= rounding(i, numbers + length, length))
            printf("# %s: differs as rounding does\n", name);
        else
            compare(name, count, numbers, numbers + length, length, tolerance);
        free(numbers);
    }
}

/* Lanes that fill up a panel are no weights and must stay 0. */
static void mark(void *context, size_t element, real *weight)
{
    (void)context, (void)element;
    *weight = 0;
}

static void check_filling(void *net)
{
    real *copy = malloc(tiled_model.parameter_size * sizeof *copy);
    memcpy(copy, model_parameters(&tiled_model, net), tiled_model.parameter_size * sizeof *copy);
    for (int i = 0; i < tiled_model.tensor_count; i++)
        weights_for_each(&tiled_model.tensors[i], copy, mark, NULL);
    for (size_t i = 0; i < tiled_model.parameter_size; i++)
        if (copy[i] != 0) {
            printf("a lane that is no weight has become %g\n", (double)copy[i]);
            has_failed = true;
            break;
        }
    free(copy);
}

static void compare_reals(const char *what, int count, const real *tiled, const real *plain, size_t length)
{
    double *numbers = malloc(2 * length * sizeof *numbers);
    for (size_t i = 0; i < length; i++) {
        numbers[i] = (double)tiled[i];
        numbers[length + i] = (double)plain[i];
    }
    compare(what, count, numbers, numbers + length, length, tolerance_of_gradients());
    free(numbers);
}

/* What a probe of a batch gives of every layer, one layer after the other. */
struct looks {
    real *values, *gradients;
    size_t *begin; /* [layer + 1] of one layer's numbers, for a whole batch */
};

static size_t layer_size(int layer)
{
    const struct model_shape *shape = &tiled_model.layers[layer].shape;
    return (size_t)shape->height * (size_t)shape->width * (size_t)shape->channels;
}

static void keep_value(void *context, int layer, int n, struct probe_view view)
{
    const struct looks *looks = context;
    probe_copy(view, looks->values + looks->begin[layer] + (size_t)n * layer_size(layer));
}

static void keep_gradient(void *context, int layer, int n, struct probe_view view)
{
    const struct looks *looks = context;
    probe_copy(view, looks->gradients + looks->begin[layer] + (size_t)n * layer_size(layer));
}

static struct looks look(const struct model *model, void *net, const struct examples *examples, int count,
                         int unit)
{
    struct looks looks = {.begin = calloc((size_t)model->layer_count + 1, sizeof(size_t))};
    for (int i = 0; i < model->layer_count; i++)
        looks.begin[i + 1] = looks.begin[i] + layer_size(i) * (size_t)count;
    looks.values = calloc(looks.begin[model->layer_count], sizeof(real));
    looks.gradients = calloc(looks.begin[model->layer_count], sizeof(real));
    const struct probe probe = {
        .unit = unit, .context = &looks, .value = keep_value, .gradient = keep_gradient};
    model->probe(net, examples, 0, count, &probe);
    return looks;
}

static void free_looks(struct looks *looks)
{
    free(looks->values);
    free(looks->gradients);
    free(looks->begin);
}

static void compare_probes(void *tiled, void *plain, const struct examples *examples, int count)
{
    for (int unit = PROBE_LOSS; unit <= 0; unit++) {
        struct looks left = look(&tiled_model, tiled, examples, count, unit);
        struct looks right = look(&plain_model, plain, examples, count, unit);
        for (int i = 0; i < tiled_model.layer_count; i++) {
            char name[512];
            const size_t begin = left.begin[i], length = left.begin[i + 1] - begin;
            snprintf(name, sizeof name, "probe of %s", tiled_model.layers[i].label);
            compare_reals(name, count, left.values + begin, right.values + begin, length);
            snprintf(name, sizeof name, "probe of the gradient by %s", tiled_model.layers[i].label);
            compare_reals(name, count, left.gradients + begin, right.gradients + begin, length);
        }
        free_looks(&left);
        free_looks(&right);
    }
}

/* The values that the runtime takes for logits are those that the probabilities were made of. */
static void check_logits(const struct model *model, void *net, const struct examples *examples, int count)
{
    const size_t length = (size_t)count * (size_t)model->output_size;
    if (model->output != OUTPUT_CATEGORICAL && model->output != OUTPUT_BERNOULLI)
        return;
    const real *prediction = model->predict(net, examples, 0, count), *logits = model_logits(model, net);
    real *made = malloc(length * sizeof *made);
    double *probability = malloc((size_t)model->target_size * sizeof *probability);
    const size_t classes = model->output == OUTPUT_CATEGORICAL ? (size_t)model->target_size : 1;
    for (size_t i = 0; i < length; i += classes) {
        if (classes > 1)
            calibration_softmax(logits + i, model->target_size, 1, probability);
        else
            probability[0] = 1 / (1 + exp(-(double)logits[i]));
        for (size_t k = 0; k < classes; k++)
            made[i + k] = (real)probability[k];
    }
    compare_reals("probabilities of logits", count, made, prediction, length);
    free(probability);
    free(made);
}

/* A sample is the same in both forms, for an example alone as beside others, and leaves predictions as they
 * were; the next one is another. */
static void check_samples(void *tiled, void *plain, const struct examples *examples, int count)
{
    if (!tiled_model.sample)
        return;
    const size_t row = (size_t)tiled_model.output_size, length = (size_t)count * row,
                 last = (size_t)count - 1;
    real *first = malloc(length * sizeof *first);
    memcpy(first, tiled_model.sample(tiled, examples, 0, count, SEED, 0), length * sizeof *first);
    compare_reals("sample", count, first, plain_model.sample(plain, examples, 0, count, SEED, 0), length);
    compare_reals("sample of an example alone", 1, first + last * row,
                  tiled_model.sample(tiled, examples, last, 1, SEED, 0), row);
    /* A network that nobody wrote for it may drop four units alone, and then the same of them twice. */
    const real *next = tiled_model.sample(tiled, examples, 0, count, SEED, 1);
    if (!is_generated && memcmp(first, next, length * sizeof *first) == 0) {
        printf("two samples are alike\n");
        has_failed = true;
    }
    memcpy(first, plain_model.predict(plain, examples, 0, count), length * sizeof *first);
    compare_reals("prediction after samples", count, tiled_model.predict(tiled, examples, 0, count), first,
                  length);
    free(first);
}

static void compare_batch(void *tiled, void *plain, struct dataset *data, int count)
{
    const struct examples *examples = dataset_train(data);
    double losses[2] = {tiled_model.gradient(tiled, examples, 0, count, 3),
                        plain_model.gradient(plain, examples, 0, count, 3)};
    compare("loss", count, &losses[0], &losses[1], 1, tolerance_of_gradients());
    compare_tensors("gradient", count, model_gradients(&tiled_model, tiled),
                    model_gradients(&plain_model, plain), tolerance_of_gradients(), NULL);
    compare_probes(tiled, plain, examples, count);
    const real *left = tiled_model.predict(tiled, examples, 0, count);
    const real *right = plain_model.predict(plain, examples, 0, count);
    compare_reals("prediction", count, left, right, (size_t)count * (size_t)tiled_model.output_size);
    check_logits(&tiled_model, tiled, examples, count);
    check_logits(&plain_model, plain, examples, count);
    check_samples(tiled, plain, examples, count);
}

static void disturb(void *context, size_t element, real *weight)
{
    *weight += (real)(0.1 * (random_uniform(SEED, *(uint64_t *)context, 1, (uint32_t)element) - 0.5));
}

static void *network(const struct model *model)
{
    struct problem problem;
    void *net = weights_allocate_probed(model, SEED, &problem);
    weights_initialise(model, net, SEED);
    for (int i = 0; i < model->tensor_count; i++) {
        uint64_t stream = random_stream(model->tensors[i].name);
        weights_for_each(&model->tensors[i], model_parameters(model, net), disturb, &stream);
    }
    return net;
}

static void take_steps(const struct model *model, void *net, struct batch batch)
{
    for (uint64_t step = 0; step < STEPS; step++)
        model->step(net, batch, step, rate_of(model));
}

static struct batch steps_batch; /* of the steps that are compared */

/* What the plain form makes of weights that are one unit in the last place off, times 30: some steps are of
 * rounding alone, as of a bias in front of a batchnorm under an optimizer that divides by the gradient's
 * size. */
static double rounding_of_steps(int i, const double *plain, size_t length)
{
    enum { MOVES = 3, TIMES = 30 };
    double *moved = malloc(length * sizeof *moved), farthest = 0;
    for (uint64_t stream = 1; stream <= MOVES; stream++) {
        void *net = network(&plain_model);
        for (int j = 0; j < plain_model.tensor_count; j++)
            weights_for_each(&plain_model.tensors[j], model_parameters(&plain_model, net), move_by_rounding,
                             &stream);
        take_steps(&plain_model, net, steps_batch);
        tensor_numbers(&plain_model.tensors[i], model_parameters(&plain_model, net), moved);
        farthest = fmax(farthest, difference(moved, plain, length));
        free(net);
    }
    free(moved);
    return TIMES * farthest;
}

/* A digest of everything that steps have changed, and of gradients: equal bytes have equal lines. */
static void print_digest(void *net, const struct examples *examples)
{
    const size_t length = tiled_model.parameter_size * sizeof(real);
    const int batch = tiled_model.settings.batch, layers = tiled_model.layer_count;
    struct looks looks = look(&tiled_model, net, examples, batch, PROBE_LOSS);
    char digest[SHA256_HEX];
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, model_parameters(&tiled_model, net), length);
    sha256_add(&sha, model_gradients(&tiled_model, net), length);
    sha256_add(&sha, looks.values, looks.begin[layers] * sizeof(real));
    sha256_add(&sha, looks.gradients, looks.begin[layers] * sizeof(real));
    sha256_finish(&sha, digest);
    free_looks(&looks);
    printf("%s\n", digest);
}

int main(int argument_count, char **arguments)
{
    is_generated = argument_count > 1 && strcmp(arguments[1], "generated") == 0;
    int batch = tiled_model.settings.batch;
    const int counts[] = {batch, batch - 1, 1};
    void *tiled = network(&tiled_model), *plain = network(&plain_model);
    struct dataset *data = dataset_from_seed(&tiled_model, (size_t)batch, SEED);
    for (int i = 0; i < 3; i++)
        if (counts[i] > 0)
            compare_batch(tiled, plain, data, counts[i]);
    steps_batch = batch_of(dataset_train(data), NULL, 0, batch);
    take_steps(&tiled_model, tiled, steps_batch);
    take_steps(&plain_model, plain, steps_batch);
    compare_tensors("weights after steps", batch, model_parameters(&tiled_model, tiled),
                    model_parameters(&plain_model, plain), tolerance_of_steps(),
                    is_generated ? rounding_of_steps : NULL);
    check_filling(tiled);
    print_digest(tiled, dataset_train(data));
    if (sizeof(real) == sizeof(double)) {
        has_failed = !gradcheck_run(&tiled_model, SEED, false) || has_failed;
        has_failed = !gradcheck_run(&plain_model, SEED, false) || has_failed;
    }
    dataset_close(data);
    free(tiled);
    free(plain);
    return has_failed;
}
