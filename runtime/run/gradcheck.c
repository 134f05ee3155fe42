/* gradcheck.c - central differences against the generated backward pass:
 *
 *     (J(w + h) - J(w - h)) / 2h  =  dJ/dw        within 1e-6 of the largest gradient of that tensor, h =
 * 1e-6 max(1, |w|)
 *
 * Up to 2,000 parameters all are checked; above, 50 of each tensor by the seed, and three random directions
 * per tensor. Where a step of h passes a kink of relu or max, the difference is none of the gradient's; a
 * step sixteen times smaller then agrees. Such parameters are counted, and more than one in a hundred is a
 * failure too. */
#include "run/gradcheck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "random.h"
#include "run/commands.h"
#include "run/weights.h"

static const double tolerance = 1e-6;

struct gradcheck {
    const struct model *model;
    void *net;
    struct dataset *data;
    int count; /* examples of the batch */
    uint64_t seed;
    uint64_t step;  /* for dropout: the same mask each time */
    double loss;    /* of the batch, where nothing is moved */
    real *gradient; /* [parameter_size] what the backward pass gave */
    bool is_verbose;
    int64_t checked, kinks;
    bool has_failed;
};

/* What is perturbed: one number, or a direction in all numbers of a tensor. */
struct probe {
    real *number;
    double *input;                        /* instead of `number`: a value of the data */
    const struct model_tensor *direction; /* instead of both */
    uint64_t stream;                      /* of the direction */
};

static double loss_of(struct gradcheck *check)
{
    return check->model->gradient(check->net, dataset_train(check->data), 0, check->count, check->step);
}

struct moving {
    uint64_t seed, stream;
    double by;
    const real *gradient; /* of the tensor's memory, for the slope along the direction */
    const real *parameters;
    double slope;
};

static void move_weight(void *context, size_t element, real *weight)
{
    struct moving *moving = context;
    double along = 2 * random_uniform(moving->seed, moving->stream, 1, (uint32_t)element) - 1;
    moving->slope += along * (double)moving->gradient[weight - moving->parameters];
    *weight = (real)((double)*weight + moving->by * along);
}

static void probe_move(struct gradcheck *check, const struct probe *probe, double by)
{
    if (probe->direction) {
        struct moving moving = {
            check->seed, probe->stream, by, check->gradient, model_parameters(check->model, check->net), 0};
        weights_for_each(probe->direction, model_parameters(check->model, check->net), move_weight, &moving);
    } else if (probe->input) {
        *probe->input += by;
    } else {
        *probe->number = (real)((double)*probe->number + by);
    }
}

static double difference(struct gradcheck *check, const struct probe *probe, double step)
{
    probe_move(check, probe, step);
    double above = loss_of(check);
    probe_move(check, probe, -2 * step);
    double below = loss_of(check);
    probe_move(check, probe, step);
    return (above - below) / (2 * step);
}

/* The error of one gradient, 0 where a kink explains it. `allowed` is the error that passes. */
static double probe_error(struct gradcheck *check, const struct probe *probe, double analytic, double size,
                          double allowed)
{
    double step = 1e-6 * (size > 1 ? size : 1);
    double error = fabs(difference(check, probe, step) - analytic);
    check->checked++;
    if (error <= allowed)
        return error;
    double finer = fabs(difference(check, probe, step / 16) - analytic);
    if (!(finer <= allowed * 16)) /* rounding weighs sixteen times as much in a smaller step */
        return isfinite(error) ? error : INFINITY;
    check->kinks++;
    return 0;
}

static void report(struct gradcheck *check, const char *name, double error, double largest)
{
    bool is_good = isfinite(largest) && error <= tolerance * largest;
    if (!is_good)
        check->has_failed = true;
    if (check->is_verbose || !is_good)
        printf("%-24s batch %-4d largest gradient %-10.3g worst error %-10.3g %s\n", name, check->count,
               largest, error, is_good ? "ok" : "FAILED");
}

/* Gradients that are all tiny are compared with the loss's own rounding: 2e-16 of it, over twice the step of
 * 1e-6, and some more for what a deep network loses. */
static double floor_of(const struct gradcheck *check, double largest)
{
    const double least = 1e-3 * fmax(1, fabs(check->loss));
    return largest > least ? largest : least;
}

struct collecting {
    real **places;
};

static void collect(void *context, size_t element, real *weight)
{
    ((struct collecting *)context)->places[element] = weight;
}

static void check_directions(struct gradcheck *check, const struct model_tensor *tensor, double largest,
                             double *worst)
{
    for (uint64_t i = 0; i < 3; i++) {
        struct probe probe = {.direction = tensor, .stream = random_stream(tensor->name) + i};
        struct moving slope = {
            check->seed, probe.stream, 0, check->gradient, model_parameters(check->model, check->net), 0};
        weights_for_each(tensor, model_parameters(check->model, check->net), move_weight, &slope);
        double reach = sqrt((double)weights_count(tensor));
        double error =
            probe_error(check, &probe, slope.slope, 1, tolerance * floor_of(check, largest) * reach) / reach;
        *worst = error > *worst ? error : *worst;
    }
}

static void check_tensor(struct gradcheck *check, const struct model_tensor *tensor, bool all)
{
    size_t count = weights_count(tensor), samples = all || count < 50 ? count : 50;
    real **places = malloc(count * sizeof *places), *parameters = model_parameters(check->model, check->net);
    double largest = 0, worst = 0;
    if (!places) {
        check->has_failed = true;
        return;
    }
    weights_for_each(tensor, parameters, collect, &(struct collecting){places});
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs((double)check->gradient[places[i] - parameters]));
    for (size_t i = 0; i < samples; i++) {
        size_t element =
            samples == count
                ? i
                : (size_t)(random_uniform(check->seed, random_stream(tensor->name), 2, (uint32_t)i) *
                           (double)count);
        struct probe probe = {.number = places[element]};
        double analytic = (double)check->gradient[places[element] - parameters];
        worst = fmax(worst, probe_error(check, &probe, analytic, fabs((double)*places[element]),
                                        tolerance * floor_of(check, largest)));
    }
    if (samples < count)
        check_directions(check, tensor, largest, &worst);
    report(check, tensor->name, worst, floor_of(check, largest));
    free(places);
}

static void check_input(struct gradcheck *check)
{
    const struct model_shape *shape = &check->model->input;
    size_t size = (size_t)shape->height * (size_t)shape->width * (size_t)shape->channels;
    size_t total = size * (size_t)check->count, samples = total < 200 ? total : 200;
    real *gradient = malloc(total * sizeof *gradient);
    double largest = 0, worst = 0;
    if (!gradient) {
        check->has_failed = true;
        return;
    }
    loss_of(check);
    for (int n = 0; n < check->count; n++)
        check->model->input_gradient(check->net, n, gradient + (size_t)n * size);
    for (size_t i = 0; i < total; i++)
        largest = fmax(largest, fabs((double)gradient[i]));
    for (size_t i = 0; i < samples; i++) {
        size_t at = samples == total
                        ? i
                        : (size_t)(random_uniform(check->seed, random_stream("input"), 2, (uint32_t)i) *
                                   (double)total);
        struct probe probe = {.input = dataset_input_of(check->data, at / size) + at % size};
        worst = fmax(
            worst, probe_error(check, &probe, (double)gradient[at], 1, tolerance * floor_of(check, largest)));
    }
    report(check, "input", worst, floor_of(check, largest));
    free(gradient);
}

static void check_batch(struct gradcheck *check)
{
    const struct model *model = check->model;
    int64_t parameters = 0;
    check->loss = loss_of(check);
    memcpy(check->gradient, model_gradients(model, check->net), model->parameter_size * sizeof(real));
    for (int i = 0; i < model->tensor_count; i++)
        parameters += (int64_t)weights_count(&model->tensors[i]);
    for (int i = 0; i < model->tensor_count; i++)
        if (model_tensor_is_learned(&model->tensors[i]))
            check_tensor(check, &model->tensors[i], parameters <= 2000);
    if (model->input_gradient && !model->target_is_input)
        check_input(check);
}

/* Biases away from 0, as training makes them, so that their use is checked too. */
static void disturb(struct gradcheck *check)
{
    for (int i = 0; i < check->model->tensor_count; i++) {
        const struct model_tensor *tensor = &check->model->tensors[i];
        real *parameters = model_parameters(check->model, check->net);
        if (!model_tensor_is_learned(tensor))
            continue;
        struct moving moving = {
            check->seed, random_stream(tensor->name), 0.1, check->gradient, parameters, 0};
        weights_for_each(tensor, parameters, move_weight, &moving);
    }
}

bool gradcheck_run(const struct model *model, uint64_t seed, bool is_verbose)
{
    struct problem problem = {{0}};
    int batch = model->settings.batch < 8 ? model->settings.batch : 8;
    struct gradcheck check = {.model = model, .seed = seed, .step = 3, .is_verbose = is_verbose};
    check.net = weights_allocate(model, seed, &problem);
    check.gradient = calloc(model->parameter_size, sizeof *check.gradient);
    if (!check.net || !check.gradient) {
        fprintf(stderr, "%s\n", problem.text[0] ? problem.text : "there is no memory for the gradients");
        free(check.net);
        free(check.gradient);
        return false;
    }
    check.data = dataset_from_seed(model, (size_t)batch, seed);
    weights_initialise(model, check.net, seed);
    disturb(&check);
    for (check.count = batch; check.count > 0; check.count = check.count > 2 ? 2 : check.count - 1)
        check_batch(&check);
    bool is_good = !check.has_failed && check.kinks * 100 <= check.checked;
    if (is_verbose || !is_good)
        printf("%lld gradients checked, %lld at a kink: %s\n", (long long)check.checked,
               (long long)check.kinks, is_good ? "all agree" : "FAILED");
    dataset_close(check.data);
    free(check.gradient);
    free(check.net);
    return is_good;
}

int command_gradcheck(const struct model *model, const struct options *options)
{
    if (sizeof(real) != sizeof(double)) {
        fprintf(stderr, "%s: in float a gradient check proves nothing; build the trainer with --double\n",
                model->name);
        return EXIT_USAGE;
    }
    return gradcheck_run(model, options->has_seed ? options->seed : 1, true) ? EXIT_DONE : EXIT_INPUT;
}
