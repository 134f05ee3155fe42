/* run.h - what the folder of a run tells: run.yaml as a flat list of names and texts, history.csv as columns.
 *
 *     settings: { batch: 64 }           ->   "settings.batch"  "64"
 *     epoch,train_loss,…                ->   columns of numbers
 *     1,0.54,… */
#ifndef NETC_COMPARE_RUN_H
#define NETC_COMPARE_RUN_H

#include <stdbool.h>

#include "base/diagnostics.h"

struct entry {
    const char *name; /* "result.test.accuracy" */
    const char *text;
};

struct column {
    const char *name; /* "validation_loss" */
    double *numbers;  /* [row_count]; NaN: an empty cell */
};

struct run {
    const char *path; /* of its folder, as given */
    const char *name; /* the last part of it, or all where runs share that */
    struct entry *entries;
    int entry_count;
    struct column *columns;
    int column_count, row_count;
};

/* False and diagnostics where either file is missing or broken. */
bool run_read(struct arena *arena, const char *path, struct run *run, struct diagnostics *diagnostics);
/* The entries of run.yaml alone. */
bool run_read_record(struct arena *arena, const char *path, struct run *run, struct diagnostics *diagnostics);

/* NULL: it has no such entry, or column. */
const char *run_text(const struct run *run, const char *name);
const double *run_column(const struct run *run, const char *name);

#endif
