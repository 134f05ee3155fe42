/* certainty.h - what `calibrate` has found of a trained network, as its model file keeps it: the temperature
 * that its probabilities are taken at, and what tells examples that are unlike the training data.
 *
 *     {"temperature": 1.296, "split": "validation", "unlike": {"energy": -5.6, "log_density": -41.2, …}} */
#ifndef NETC_RUN_CERTAINTY_H
#define NETC_RUN_CERTAINTY_H

#include <jansson.h>
#include <stdbool.h>

#include "metrics/familiarity.h"

struct model;
struct problem;

struct certainty {
    bool is_calibrated;
    bool has_thresholds;            /* has one class an example, of not too few */
    struct familiarity familiarity; /* temperature 1 where nothing was calibrated */
};

/* From the metadata of a model file, which may say nothing. False, and nothing to release, where that does
 * not fit the network. */
bool certainty_read(struct certainty *certainty, const json_t *metadata, const struct model *model);
void certainty_release(struct certainty *certainty);
/* Keeps it in the model file at `path`, of which nothing else changes. `split` is what it was fitted to. */
bool certainty_write(const struct certainty *certainty, const char *split, const char *path,
                     struct problem *problem);

/* A score as people know it: energy is the smaller the more familiar. */
double certainty_shown(enum familiarity_score score, double value);

#endif
