/* model_file.h - model.safetensors: trained weights with everything that is needed to use them again:
 * normaliser, names of classes and columns, seed, the .net text and its hash. */
#ifndef NETC_RUN_MODEL_FILE_H
#define NETC_RUN_MODEL_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "dataset.h"
#include "model.h"
#include "run/certainty.h"

struct problem;

/* What stands in a file beside the weights. Strings belong to `metadata`. */
struct model_file {
    struct normaliser normaliser;
    const char **classes; /* [class_count] */
    int class_count;
    const char **targets; /* [target_name_count] columns of a CSV */
    int target_name_count;
    struct certainty certainty;
    uint64_t seed;       /* that the splits were drawn from */
    json_t *metadata;    /* owns the strings above */
    json_t *preparation; /* its "preparation", parsed: owns the rest */
};

bool model_file_write(const char *path, const struct model *model, void *net, const struct dataset *data,
                      uint64_t seed, int epoch, struct problem *problem);
bool model_file_read(const char *path, const struct model *model, void *net, struct model_file *file,
                     struct problem *problem);
void model_file_close(struct model_file *file);

/* SHA-256 of the .net text as sha256sum prints it; "" where the trainer was compiled without it. */
const char *model_source_hash(void);

#endif
