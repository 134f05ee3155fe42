/* steps.c - ten steps of a network from a seed, told in full, so that machines can be compared:
 *
 *     loss.1 2.30258512      loss of the batch before each step
 *     c1.weight -0.0412      every number of every tensor after the last, in the order of a file */
#include <stdio.h>
#include <stdlib.h>

#include "dataset.h"
#include "model.h"
#include "problem.h"
#include "run/rate.h"
#include "run/weights.h"

extern const struct model checked_model;

enum { STEPS = 10, SEED = 5 };

struct printing {
    const char *tensor;
};

static void print_weight(void *context, size_t element, real *weight)
{
    (void)element;
    printf("%s %.9g\n", ((const struct printing *)context)->tensor, (double)*weight);
}

int main(void)
{
    struct problem problem;
    const int batch = checked_model.settings.batch;
    void *net = weights_allocate(&checked_model, SEED, &problem);
    if (!net)
        return 1;
    weights_initialise(&checked_model, net, SEED);
    struct dataset *data = dataset_from_seed(&checked_model, (size_t)batch, SEED);
    for (int step = 1; step <= STEPS; step++) {
        printf("loss.%d %.9g\n", step,
               checked_model.gradient(net, dataset_train(data), 0, batch, (uint64_t)step));
        checked_model.step(net, batch_of(dataset_train(data), NULL, 0, batch), (uint64_t)step,
                           rate_of(&checked_model));
    }
    for (int i = 0; i < checked_model.tensor_count; i++) {
        const struct model_tensor *tensor = &checked_model.tensors[i];
        weights_for_each(tensor, model_parameters(&checked_model, net), print_weight,
                         &(struct printing){tensor->name});
    }
    dataset_close(data);
    free(net);
    return 0;
}
