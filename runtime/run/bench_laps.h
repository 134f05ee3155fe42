/* bench_laps.h - the parts of a step, as `NAME bench` shows them. */
#ifndef NETC_RUN_BENCH_LAPS_H
#define NETC_RUN_BENCH_LAPS_H

#include <jansson.h>
#include <stdbool.h>

#include "model.h"

/* Was this trainer compiled with --time-layers, and has it made a step? */
bool bench_has_laps(void);
/* `peak` in FLOP/s */
void bench_print_laps(const struct model *model, double steps, double peak);
/* [{"layer": "c1", "part": "forward", "mean": 1.3e-4, "least": 1.2e-4, "flop": 15052800}, …], of a step */
json_t *bench_laps_json(const struct model *model, double steps);

#endif
