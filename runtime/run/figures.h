/* figures.h - the figures that a kind of output is judged by, in the units of the data.
 *
 *     categorical and bernoulli: accuracy 91.23 %        normal and squared_error: rmse 53.4 */
#ifndef NETC_RUN_FIGURES_H
#define NETC_RUN_FIGURES_H

#include <jansson.h>

#include "dataset.h"
#include "model.h"
#include "score.h"

struct metric {
    const char *name; /* in files: accuracy, rmse */
    const char *unit; /* in tables: " %" or "" */
    int decimals;     /* in tables */
    double scale;     /* 100 for shares, else 1 */
    double (*of)(const struct score *score);
};
const struct metric *metric_of(const struct model *model);

/* True for shares of hits; false for errors of real targets. */
bool metric_is_share(const struct metric *metric);
/* The metric as files hold it: an error is given in the units of the data. */
double metric_value(const struct metric *metric, const struct score *score,
                    const struct normaliser *normaliser);
/* What an error in the network's units is multiplied by to be one in the data's: the deviation of the one
 * target. 1 for several targets, where each has its own. */
double figures_target_unit(const struct normaliser *normaliser);

/* "  86.40 %", or "        -" for a share of nothing. */
void figures_print_share(double share);

/* A target in the units of the data: number k of the targets of an example, or of a prediction, which begins
 * with their means. */
double figures_real(const struct normaliser *normaliser, const real *values, int k);
/* Its deviation, where a network tells one. */
bool figures_have_sigma(const struct model *model);
double figures_sigma(const struct model *model, const struct normaliser *normaliser, const real *prediction,
                     int k);

/* The name of a class, or its number where `names` is NULL. */
const char *figures_class_name(const char *const *names, int k, char *number, size_t size);

/* A number for JSON, which has no NaN and no Inf: null then. */
json_t *figures_json(double number);

#endif
