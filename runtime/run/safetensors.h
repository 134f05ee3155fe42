/* safetensors.h - the container that trained weights are kept in: eight bytes with the length of a JSON
 * header, the header with type, shape and place of each tensor, then the numbers, little endian
 * (github.com/huggingface/safetensors).
 *
 *     {"c1.weight": {"dtype": "F32", "shape": [6, 1, 5, 5], "data_offsets": [0, 600]}, "__metadata__": {…}} …
 *
 * Tensors stand in PyTorch's layouts: conv [filters][channels][height][width], dense [units][inputs, channels
 * first]. */
#ifndef NETC_RUN_SAFETENSORS_H
#define NETC_RUN_SAFETENSORS_H

#include <jansson.h>
#include <stdbool.h>

#include "model.h"

struct problem;

/* Writes all tensors and the metadata (an object of strings). The file appears whole or not at all. */
bool safetensors_write(const char *path, const struct model *model, void *net, const json_t *metadata,
                       struct problem *problem);
/* Reads all tensors of the model into `net` and gives the metadata (to be released with json_decref; may be
 * NULL where the file has none). A file of another network, a damaged one and a shortened one are told apart;
 * `net` is only changed when all is well. */
bool safetensors_read(const char *path, const struct model *model, void *net, json_t **metadata,
                      struct problem *problem);

/* Names of tensors, as JSON arrays of strings; NULL where no file was read. */
struct safetensors_shared {
    json_t *taken;   /* in the file and the network */
    json_t *missing; /* in the network alone: left as they are */
    json_t *unused;  /* in the file alone */
};
/* Reads those tensors that the file and the network share by name. One that differs in shape is a fault, and
 * so is a file that shares none; `net` is only changed when all is well. To be released in any case. */
bool safetensors_read_shared(const char *path, const struct model *model, void *net,
                             struct safetensors_shared *shared, struct problem *problem);
void safetensors_shared_release(struct safetensors_shared *shared);

/* Sets one text of the metadata of a file, of whose tensors no byte changes; it is replaced whole or not at
 * all. */
bool safetensors_set_metadata(const char *path, const char *key, const char *text, struct problem *problem);

/* The shape of a tensor in a file, as a JSON array. */
json_t *safetensors_shape(const struct model_tensor *tensor);

#endif
