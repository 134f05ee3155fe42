/* calibrated.h - what `calibrate` has found, in the report.html that lies beside the model file.
 *
 *     <!-- calibration -->    ->    Calibration: temperature 1.288; NLL, ECE and Brier score before and after
 */
#ifndef NETC_RUN_REPORT_CALIBRATED_H
#define NETC_RUN_REPORT_CALIBRATED_H

#include <stdbool.h>

#include "metrics/calibration.h"
#include "metrics/familiarity.h"

struct problem;

#define CALIBRATED_PLACE "calibration"

/* A split at temperature 1, and at the one that was found. */
struct calibrated_split {
    const char *name;
    size_t examples; /* a picture with a class at each position is one */
    struct calibration before, after;
};

struct calibrated {
    double temperature;
    struct calibrated_split splits[2]; /* what it was fitted to, then test where that is another */
    int count;
    const struct familiarity *familiarity; /* with thresholds; NULL: it has none */
    double unlike; /* share of the first split that these tell to be unlike the training data */
};

/* Only the model.safetensors of a run has a report, in its folder; `report` is its path. "" where there is
 * none, or one of another program. The file is written whole or not at all; false: told. */
enum { CALIBRATED_PATH = 4096 };
bool calibrated_show(const struct calibrated *calibrated, const char *model, char report[CALIBRATED_PATH],
                     struct problem *problem);

#endif
