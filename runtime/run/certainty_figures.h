/* certainty_figures.h - how far the probabilities or deviations of a network are right, over a split.
 *
 *     classes         NLL, ECE and Brier score at the temperature of calibration; how many are told unlike
 *     output normal   the share of the targets in their 50, 90 and 95 % intervals
 *     other data      the area under the ROC curve with which each score tells them from the split */
#ifndef NETC_RUN_CERTAINTY_FIGURES_H
#define NETC_RUN_CERTAINTY_FIGURES_H

#include <jansson.h>

#include "metrics/coverage.h"
#include "run/trained.h"

/* The scores of a split, one of each example. */
struct familiar_split {
    size_t count;
    double *of[FAMILIARITY_SCORES];   /* [count] each */
    size_t below[FAMILIARITY_SCORES]; /* told unlike by one score alone */
    size_t unlike;                    /* told unlike */
};

struct certainty_figures {
    const struct model *model;
    const struct certainty *certainty;
    struct calibration calibration; /* examples 0: no classes */
    struct coverage coverage;       /* targets 0: not of output normal */
    struct familiar_split own;      /* count 0: no thresholds */
    struct familiar_split other;    /* count 0: no other data */
    const char *other_path, *other_split;
};

void certainty_figures_measure(struct certainty_figures *figures, const struct model *model,
                               const struct trained *trained, const struct examples *examples);
/* The data of the manifest at `path`, of which only the inputs count: its test split, or train where there is
 * none. */
bool certainty_figures_compare(struct certainty_figures *figures, const struct trained *trained,
                               const char *path, struct problem *problem);
void certainty_figures_release(struct certainty_figures *figures);

/* In front of and behind what else `evaluate` prints of a split. */
void certainty_figures_print(const struct certainty_figures *figures);
void certainty_figures_print_other(const struct certainty_figures *figures, const char *split);
void certainty_figures_add_json(const struct certainty_figures *figures, json_t *object);

#endif
