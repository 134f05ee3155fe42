/* tuning_file.h - MODEL.tune.yaml: the tiles that `netc tune` found fastest, beside the model and committed
 * with it.
 *
 *     x86-64-v4:
 *       c3: { forward: 5, backward_weight: 6 }
 *
 * For each machine the layers, and for each of their parts the most rows of a tile. They change how long a
 * step takes, and no number that it computes. */
#ifndef NETC_COMMAND_TUNING_FILE_H
#define NETC_COMMAND_TUNING_FILE_H

#include <stdbool.h>

#include "base/text.h"
#include "ir/graph.h"

struct arena;

/* "models/lenet5.tune.yaml" of "models/lenet5.net" */
const char *tuning_path(struct arena *arena, const char *model);
/* What the file beside the model says for `march`; `tuning` stays NULL where there is no such file, or
 * nothing for that machine. False when it cannot be used, which is told on standard error. */
bool tuning_read(struct arena *arena, const char *model, const char *march, const struct tuning **tuning);
/* Does the file name layers and parts that the network has? Tells the first that it does not. */
bool tuning_fits(struct arena *arena, const char *model, const char *march, const struct graph *graph);
/* Writes what was found for one machine; what the file says for others stays. */
bool tuning_write(struct arena *arena, const char *model, const char *march, const struct tuning *tuning);

#endif
