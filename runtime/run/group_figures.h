/* group_figures.h - metrics by group for people and files, where the manifest names groups.
 *
 *     by sex   examples   accuracy    95 %           …
 *     1              44    70.45 %   56.8 to 84.1    …
 *     accuracy difference  0.05 (0 to 0.23)  may be chance */
#ifndef NETC_RUN_GROUP_FIGURES_H
#define NETC_RUN_GROUP_FIGURES_H

#include <jansson.h>

#include "metrics/groups.h"

struct record_sink;

struct group_figures {
    struct group_metrics *all;  /* [count] one for each of the manifest's groupings */
    int count;                  /* 0: it names none */
    const char *split;          /* whose examples these are of */
    const char *const *classes; /* names; NULL: they have only numbers */
};

/* Runs the network over a split if there are groups. `seed` is that of the resamples. */
void group_figures_measure(struct group_figures *figures, const struct model *model, void *net,
                           const struct dataset *data, const char *split, uint64_t seed);
void group_figures_release(struct group_figures *figures);

/* A table for each grouping, its gaps, and what they say. */
void group_figures_print(const struct group_figures *figures);
/* A line for each grouping: the worst group, and what the gaps say. */
void group_figures_print_short(const struct group_figures *figures);
/* An array, or NULL without groups. */
json_t *group_figures_json(const struct group_figures *figures);
/* groups: { split: test, by: { sex: … } }; nothing without groups. */
void group_figures_tell(const struct group_figures *figures, const struct record_sink *to);

#endif
