/* laps.h - where the time of a training step goes, in a trainer compiled with --time-layers: the generated
 * code reads the clock behind every part of a step, and `NAME bench` prints the sums.
 *
 *     c1_forward(net, examples);
 *     LAP(team, "c1", "forward");      the time since the lap before is that of c1's forward pass
 *
 * The first thread alone reads the clock, some 25 ns each time; what it waits for the others is a part of its
 * own. */
#ifndef NETC_LAPS_H
#define NETC_LAPS_H

#include <stdbool.h>

#include "team.h"

struct lap {
    const char *layer; /* c1; "" for what belongs to no layer */
    const char *part;  /* forward, backward_weight, …; wait, load, update */
    double seconds;    /* in all steps since laps_clear */
    double least;      /* in the step where it was fastest */
    double now;        /* in the step that goes on: a part may come several times */
    struct lap *next;  /* in the order in which they were first taken */
};

/* In the generated file where it takes laps; elsewhere there is none, and its address is NULL. */
extern const bool laps_are_taken __attribute__((weak));

#define LAP_ALONE ((struct team){0, 1})
#define LAP(team, layer, part)                                                                               \
    do {                                                                                                     \
        static struct lap lap_here = {layer, part, 0, 0, 0, 0};                                              \
        if ((team).thread == 0)                                                                              \
            lap_take(&lap_here);                                                                             \
    } while (0)

/* What comes next begins now. */
void laps_start(struct team team);
void lap_take(struct lap *lap);
void laps_clear(void);
const struct lap *laps_first(void);

#endif
