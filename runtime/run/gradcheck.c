/* gradcheck.c - central differences against the generated backward pass:
 *
 *     (J(w + h) - J(w - h)) / 2h  =  dJ/dw        h = 1e-6 max(1, |w|)
 *                                                 within 1e-6 of the largest gradient of that tensor
 *
 * Up to 2,000 parameters all are checked; above, 50 of each tensor by the seed, and three random directions
 * per tensor. Where rounding is too much of the difference, a step sixteen times wider tells. Where a step of
 * h passes a kink of relu or max, the difference is none of the gradient's; a step sixteen times smaller then
 * agrees. Such parameters are counted, and more than one in a hundred is a failure too. What a probe gives is
 * checked behind that (gradcheck_probe.c). */
#include "run/gradcheck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "random.h"
#include "run/commands.h"
#include "run/gradcheck_parts.h"
#include "run/weights.h"

static const double tolerance = GRADCHECK_TOLERANCE;

struct gradcheck {
    const struct model *model;
    void *net;
    struct dataset *data;
    struct gradcheck_tally tally;
    uint64_t seed;
    uint64_t step;  /* for dropout: the same mask each time */
    double loss;    /* of the batch, where nothing is moved */
    real *gradient; /* [parameter_size] what the backward pass gave */
};

/* What is moved: one number, or a direction in all numbers of a tensor. */
struct moved {
    struct gradcheck *check;
    real *number;
    const struct model_tensor *direction; /* instead of it */
    uint64_t stream;                      /* of the direction */
};

static double loss_of(struct gradcheck *check)
{
    return check->model->gradient(check->net, dataset_train(check->data), 0, check->tally.count, check->step);
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

static void move(const struct moved *moved, double by)
{
    struct gradcheck *check = moved->check;
    if (moved->direction) {
        struct moving moving = {
            check->seed, moved->stream, by, check->gradient, model_parameters(check->model, check->net), 0};
        weights_for_each(moved->direction, model_parameters(check->model, check->net), move_weight, &moving);
    } else {
        *moved->number = (real)((double)*moved->number + by);
    }
}

static double difference(void *context, double step)
{
    const struct moved *moved = context;
    move(moved, step);
    double above = loss_of(moved->check);
    move(moved, -2 * step);
    double below = loss_of(moved->check);
    move(moved, step);
    return (above - below) / (2 * step);
}

double gradcheck_error(struct gradcheck_tally *tally, gradcheck_difference *of, void *context,
                       double analytic, double size, double allowed)
{
    double step = 1e-6 * (size > 1 ? size : 1);
    double error = fabs(of(context, step) - analytic);
    tally->checked++;
    if (error <= allowed)
        return error;
    /* In a wider step rounding weighs less: in front of a batchnorm of two examples that are almost equal it
     * is all that there is. */
    double wider = fabs(of(context, step * 16) - analytic);
    if (wider <= allowed)
        return wider;
    double finer = fabs(of(context, step / 16) - analytic);
    if (!(finer <= allowed * 16)) /* rounding weighs sixteen times as much in a smaller step */
        return isfinite(error) ? error : INFINITY;
    tally->kinks++;
    return 0;
}

void gradcheck_report(struct gradcheck_tally *tally, const char *name, double error, double largest)
{
    bool is_good = isfinite(largest) && error <= tolerance * largest;
    if (!is_good)
        tally->has_failed = true;
    if (tally->is_verbose || !is_good)
        printf("%-24s batch %-4d largest gradient %-10.3g worst error %-10.3g %s\n", name, tally->count,
               largest, error, is_good ? "ok" : "FAILED");
}

/* A rounding of 2e-16 over twice the step of 1e-6, and some more for what a deep network loses. */
double gradcheck_floor(double number, double largest)
{
    const double least = 1e-3 * fmax(1, fabs(number));
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
        struct moved moved = {check, .direction = tensor, .stream = random_stream(tensor->name) + i};
        struct moving slope = {
            check->seed, moved.stream, 0, check->gradient, model_parameters(check->model, check->net), 0};
        weights_for_each(tensor, model_parameters(check->model, check->net), move_weight, &slope);
        double reach = sqrt((double)weights_count(tensor));
        double error = gradcheck_error(&check->tally, difference, &moved, slope.slope, 1,
                                       tolerance * gradcheck_floor(check->loss, largest) * reach) /
                       reach;
        *worst = error > *worst ? error : *worst;
    }
}

static void check_tensor(struct gradcheck *check, const struct model_tensor *tensor, bool all)
{
    size_t count = weights_count(tensor), samples = all || count < 50 ? count : 50;
    real **places = malloc(count * sizeof *places), *parameters = model_parameters(check->model, check->net);
    double largest = 0, worst = 0;
    if (!places) {
        check->tally.has_failed = true;
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
        struct moved moved = {check, .number = places[element]};
        double analytic = (double)check->gradient[places[element] - parameters];
        worst = fmax(worst, gradcheck_error(&check->tally, difference, &moved, analytic,
                                            fabs((double)*places[element]),
                                            tolerance * gradcheck_floor(check->loss, largest)));
    }
    if (samples < count)
        check_directions(check, tensor, largest, &worst);
    gradcheck_report(&check->tally, tensor->name, worst, gradcheck_floor(check->loss, largest));
    free(places);
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
}

/* Biases away from 0, as training makes them, so that their use is checked too, and running statistics from
 * those of no data. */
static void disturb(struct gradcheck *check)
{
    for (int i = 0; i < check->model->tensor_count; i++) {
        const struct model_tensor *tensor = &check->model->tensors[i];
        real *parameters = model_parameters(check->model, check->net);
        struct moving moving = {
            check->seed, random_stream(tensor->name), 0.1, check->gradient, parameters, 0};
        weights_for_each(tensor, parameters, move_weight, &moving);
    }
}

bool gradcheck_run(const struct model *model, uint64_t seed, bool is_verbose)
{
    struct problem problem = {{0}};
    int batch = model->settings.batch < 8 ? model->settings.batch : 8;
    struct gradcheck check = {.model = model, .seed = seed, .step = 3, .tally = {.is_verbose = is_verbose}};
    check.net = weights_allocate_probed(model, seed, &problem);
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
    for (check.tally.count = batch; check.tally.count > 0;
         check.tally.count = check.tally.count > 2 ? 2 : check.tally.count - 1)
        check_batch(&check);
    if (model->probe)
        gradcheck_probe(model, check.net, check.data, seed, &check.tally);
    bool is_good = !check.tally.has_failed && check.tally.kinks * 100 <= check.tally.checked;
    if (is_verbose || !is_good)
        printf("%lld gradients checked, %lld at a kink: %s\n", (long long)check.tally.checked,
               (long long)check.tally.kinks, is_good ? "all agree" : "FAILED");
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
