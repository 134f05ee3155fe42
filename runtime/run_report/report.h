/* report.h - report.html of a run: what it came to, in one file for people.
 *
 * The same run gives the same bytes, but for seconds and the machine. */
#ifndef NETC_RUN_REPORT_H
#define NETC_RUN_REPORT_H

#include <stdbool.h>

#include "run/run_folder.h"

struct problem;

/* Writes it whole or not at all. `net` has the weights that are kept. */
bool report_write(const char *path, const struct run_record *record, void *net, struct problem *problem);

#endif
