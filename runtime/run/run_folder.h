/* run_folder.h - one folder for each run, never one that is there already: model.safetensors, history.csv,
 * run.yaml. */
#ifndef NETC_RUN_FOLDER_H
#define NETC_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "run/observer.h"

struct problem;

/* Can `wanted` become the folder of something new: is it not there, or an empty folder? NULL can. */
bool run_folder_is_free(const char *wanted, struct problem *problem);
/* Makes `wanted`, which must not exist or be empty, or the first free of PARENT/NAME-1, PARENT/NAME-2, …; its
 * path is put in `path`. */
bool run_folder_create(const char *parent, const char *name, const char *wanted, char *path, size_t size,
                       struct problem *problem);

/* Everything that run.yaml records. */
struct run_record {
    const struct model *model;
    const struct training *run;
    const struct observer *observer;
    const struct dataset *data;
    const char *manifest;
    const char *initial_file; /* --init; NULL without */
    const struct safetensors_shared *initial;
    const struct score *test; /* examples 0: no test split */
    const struct group_figures *groups;
    double seconds;
    const struct history *history; /* these two are made by run_folder_save */
    const struct diagnosis *diagnosis;
};
bool run_folder_save(const char *path, const struct run_record *record, void *net, struct problem *problem);

/* "all 30 epochs done", "no improvement for 5 epochs", … */
const char *training_end_text(const struct training *run, char *text, size_t size);

#endif
