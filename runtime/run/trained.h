/* trained.h - a network with the weights of a file, and the data to try it on. */
#ifndef NETC_RUN_TRAINED_H
#define NETC_RUN_TRAINED_H

#include "run/model_file.h"
#include "run/options.h"

struct trained {
    void *net;
    struct model_file file;
    struct dataset *data; /* divided and prepared as training did; NULL without */
    char manifest[4096];  /* of the data */
};

bool trained_open(struct trained *trained, const struct model *model, const char *path,
                  struct problem *problem);
/* The network of --model and the data of --data, or those that the .net file names. */
bool trained_open_with_data(struct trained *trained, const struct model *model, const struct options *options,
                            struct problem *problem);
/* The examples of --split; NULL and told where there are none. */
const struct examples *trained_split(const struct trained *trained, const struct model *model,
                                     const struct options *options, struct problem *problem);
void trained_close(struct trained *trained);

#endif
