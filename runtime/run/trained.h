/* trained.h - a network with the weights of a file, for `evaluate` and `predict`. */
#ifndef NETC_RUN_TRAINED_H
#define NETC_RUN_TRAINED_H

#include "run/model_file.h"
#include "run/options.h"

struct trained {
    void *net;
    struct model_file file;
};

bool trained_open(struct trained *trained, const struct model *model, const char *path,
                  struct problem *problem);
void trained_close(struct trained *trained);

#endif
