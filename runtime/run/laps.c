/* laps.c - the laps of a step, added up in the order in which they are taken. */
#include "laps.h"

#include <stddef.h>

#include "run/observer.h"

static struct lap *first, **last = &first;
static double before; /* the clock at the lap before */

void laps_start(struct team team)
{
    if (team.thread == 0)
        before = clock_seconds();
}

void lap_take(struct lap *lap)
{
    const double now = clock_seconds();
    if (!lap->next && last != &lap->next) {
        *last = lap;
        last = &lap->next;
    }
    const double seconds = now - before;
    if (lap->seconds <= 0 || seconds < lap->least)
        lap->least = seconds;
    lap->seconds += seconds;
    before = now;
}

void laps_clear(void)
{
    for (struct lap *lap = first; lap; lap = lap->next)
        lap->seconds = 0;
}

const struct lap *laps_first(void)
{
    return first;
}
