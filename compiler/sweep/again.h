/* again.h - a point of a sweep as its reader has it again: what to write into the model, and a command.
 *
 *     lines.net:14:     optimizer sgd rate=0.3 momentum=0.9
 *     netc train lines.net -D width=8 --share 50% */
#ifndef NETC_SWEEP_AGAIN_H
#define NETC_SWEEP_AGAIN_H

#include "sweep/results.h"

/* A line for each line of the model that a setting changes, numbered as in the new text; lets, which -D sets,
 * are left out. "" where only lets differ. */
struct text again_lines(const struct plan *plan, const struct result *row);
/* A line for a shell, without a line end: it trains the first run of the row once more, from where netc runs,
 * or from the folder of SWEEP.yaml, wherever that is; the weights that a warm run begins with are named only
 * here. */
enum again_from { AGAIN_FROM_HERE, AGAIN_FROM_SWEEP };
struct text again_command(const struct plan *plan, const struct result *row, enum again_from from);

#endif
