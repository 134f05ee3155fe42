/* container.h - a container whose fault becomes a problem. */
#ifndef NETC_RUN_CONTAINER_H
#define NETC_RUN_CONTAINER_H

#include <stdio.h>
#include <unistd.h>

#include "formats/container.h"
#include "problem.h"

/* A run's folder in the place of the model in it. */
static inline void container_help(const struct container *container, struct problem *problem)
{
    char model[512];
    const int length = snprintf(model, sizeof model, "%s/model.safetensors", container->path);
    if (length < (int)sizeof model && access(model, R_OK) == 0)
        problem_help(problem, "the model of this run is %s", model);
}

static inline bool container_open(struct container *container, struct problem *problem)
{
    if (container_load(container))
        return true;
    problem_at(problem, container->path, 0, 0, "%s", container->fault);
    container_help(container, problem);
    return false;
}

#endif
