/* model_check.c - does a network learn at all? 256 examples are made up from a seed; after 20 steps on the
 * first batch of them its loss must be smaller.
 *
 *     model_check FOLDER      the examples become files there and are read as a trainer reads its data
 *
 * The loss is the one of training: dropout's masks are the same before and after, a batchnorm measures its
 * batch. */
#include <stdio.h>
#include <stdlib.h>

#include "dataset.h"
#include "model.h"
#include "problem.h"
#include "random_data.h"
#include "run/rate.h"
#include "run/weights.h"

extern const struct model checked_model;

enum {
    EXAMPLES = 256,
    STEPS = 20,
    SEED = 11,
    MEASURING = 1000000 /* a step whose masks training never has */
};

static struct dataset *open_examples(const char *folder)
{
    struct problem problem = {{0}};
    struct model model = checked_model;
    model.settings.validate = VALIDATE_NONE; /* all of them train */
    struct dataset *data = dataset_open(random_data_write(&model, EXAMPLES, SEED, folder), &model, &problem);
    if (data && dataset_divide(data, &model, SEED, &problem) &&
        dataset_fit_normaliser(data, &model, &problem))
        return data;
    fprintf(stderr, "%s\n", problem.text);
    exit(1);
}

int main(int argc, char **argv)
{
    struct problem problem = {{0}};
    if (argc != 2)
        return 2;
    struct dataset *data = open_examples(argv[1]);
    const struct examples *examples = dataset_train(data);
    void *net = weights_allocate(&checked_model, SEED, &problem);
    if (!net || examples->count != EXAMPLES)
        return 1;
    weights_initialise(&checked_model, net, SEED);
    const int batch = checked_model.settings.batch < EXAMPLES ? checked_model.settings.batch : EXAMPLES;
    const double before = checked_model.gradient(net, examples, 0, batch, MEASURING);
    for (uint64_t step = 0; step < STEPS; step++)
        checked_model.step(net, batch_of(examples, NULL, 0, batch), step, rate_of(&checked_model));
    const double after = checked_model.gradient(net, examples, 0, batch, MEASURING);
    printf("loss of a batch of %d: %.6g, after %d steps on it %.6g\n", batch, before, STEPS, after);
    free(net);
    dataset_close(data);
    return after < before ? 0 : 1; /* a NaN is not */
}
