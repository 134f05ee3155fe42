/* machine.h - whether this machine has the instructions that a trainer was compiled for. */
#ifndef NETC_RUN_MACHINE_H
#define NETC_RUN_MACHINE_H

#include "model.h"
#include "problem.h"

/* False with a problem, before any instruction that the machine would not know. */
bool machine_can_run(const struct model *model, struct problem *problem);

#endif
