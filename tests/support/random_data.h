/* random_data.h - a data set made up for any network: data.yaml with two IDX files in a folder. */
#ifndef NETC_TEST_RANDOM_DATA_H
#define NETC_TEST_RANDOM_DATA_H

#include "model.h"

/* `count` examples of the network's input and target, drawn from the seed. Returns the path of the manifest;
 * ends the program where a file cannot be written. */
const char *random_data_write(const struct model *model, uint32_t count, uint64_t seed, const char *folder);

#endif
