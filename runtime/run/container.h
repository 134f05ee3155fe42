/* container.h - a container whose fault becomes a problem. */
#ifndef NETC_RUN_CONTAINER_H
#define NETC_RUN_CONTAINER_H

#include "formats/container.h"
#include "problem.h"

static inline bool container_open(struct container *container, struct problem *problem)
{
    return container_load(container) || problem_at(problem, container->path, 0, 0, "%s", container->fault);
}

#endif
