/* comparison.h - several runs as rows: what was different about them, and what came out.
 *
 *                      lenet5-1   lenet5-2
 *     batch            64         128            a setting that differs
 *     test accuracy    0.9061 *   0.9012         a figure, with the best marked */
#ifndef NETC_COMPARE_COMPARISON_H
#define NETC_COMPARE_COMPARISON_H

#include "compare/run.h"

struct row {
    const char *name;   /* for people: "test accuracy" */
    const char **texts; /* [runs]; NULL: this run has none */
    bool is_number;     /* in every run that has it */
    bool is_figure;     /* else a setting that differs */
    bool *is_best;      /* [runs] of a figure */
};

struct comparison {
    const struct run *runs;
    int run_count;
    struct row *rows; /* settings that differ, then figures */
    int row_count;
};

void comparison_make(struct arena *arena, const struct run *runs, int run_count,
                     struct comparison *comparison);

#endif
