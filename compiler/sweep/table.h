/* table.h - the results of a sweep as rows: on a terminal, and as CSV. */
#ifndef NETC_SWEEP_TABLE_H
#define NETC_SWEEP_TABLE_H

#include "sweep/results.h"

/* "0.2862 ± 0.0011", "0.2862" of a single run, "" of none. */
const char *table_statistic(struct arena *arena, const struct statistic *statistic, bool is_single);
/* Which figures a reader is shown: those of splits that the training did not see, where there are any, and
 * the one that ranks. */
bool table_shows(const struct results *results, int figure);
/* "", or why a row has no rank: "diverged: …". */
const char *table_trouble(const struct plan *plan, const struct result *row);

/* Aligned columns, at most the 40 best rows; the best is marked. */
void table_print_points(struct text *to, const struct plan *plan, const struct results *results);
/* A row a run: runs.csv. */
void table_runs_csv(struct text *to, const struct plan *plan);
/* A row a point, and share, with mean and deviation over the seeds: table.csv. */
void table_points_csv(struct text *to, const struct plan *plan, const struct results *results);
/* A row a run, a column a weight: weights.csv. */
void table_weights_csv(struct text *to, const struct plan *plan);

#endif
