/* trained.c - a network with the weights of a file, and the data to try it on.
 *
 *     --model M.safetensors --data D.yaml --split dev    ->    net, what the file says, examples of dev */
#include "run/trained.h"

#include <stdio.h>
#include <stdlib.h>

#include "dataset.h"
#include "run/commands.h"
#include "run/weights.h"

bool trained_open(struct trained *trained, const struct model *model, const char *path,
                  struct problem *problem)
{
    *trained = (struct trained){.net = weights_allocate_probed(model, 1, problem)};
    if (trained->net && model_file_read(path, model, trained->net, &trained->file, problem))
        return true;
    free(trained->net);
    trained->net = NULL;
    return false;
}

bool trained_open_with_data(struct trained *trained, const struct model *model, const struct options *options,
                            struct problem *problem)
{
    char path[sizeof trained->manifest];
    const char *manifest = find_manifest(model, options, path, sizeof path, problem);
    if (!manifest || !trained_open(trained, model, options->model, problem))
        return false;
    snprintf(trained->manifest, sizeof trained->manifest, "%s", manifest);
    trained->data = dataset_open(manifest, model, problem);
    if (trained->data && dataset_divide(trained->data, model, trained->file.seed, problem)) {
        dataset_use_normaliser(trained->data, &trained->file.normaliser);
        return true;
    }
    trained_close(trained);
    return false;
}

const struct examples *trained_split(const struct trained *trained, const struct model *model,
                                     const struct options *options, struct problem *problem)
{
    const struct examples *examples = dataset_split(trained->data, options->split);
    if (examples && examples->count)
        return examples;
    problem_at(problem, options->data ? options->data : model->name, 0, 0, "the data have no split '%s'",
               options->split);
    return NULL;
}

void trained_close(struct trained *trained)
{
    dataset_close(trained->data);
    free(trained->net);
    model_file_close(&trained->file);
}
