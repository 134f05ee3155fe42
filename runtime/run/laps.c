/* laps.c - the laps of a step, added up in the order in which they are taken. */
#include "laps.h"

#include <stddef.h>

#include "run/observer.h"

static struct lap *first, **last = &first;
static double before; /* the clock at the lap before */

/* The step that went on is done. */
static void add_step(void)
{
    for (struct lap *lap = first; lap; lap = lap->next) {
        if (lap->now > 0 && (lap->seconds <= 0 || lap->now < lap->least))
            lap->least = lap->now;
        lap->seconds += lap->now;
        lap->now = 0;
    }
}

void laps_start(struct team team)
{
    if (team.thread != 0)
        return;
    add_step();
    before = clock_seconds();
}

void lap_take(struct lap *lap)
{
    const double now = clock_seconds();
    if (!lap->next && last != &lap->next) {
        *last = lap;
        last = &lap->next;
    }
    lap->now += now - before;
    before = now;
}

void laps_clear(void)
{
    for (struct lap *lap = first; lap; lap = lap->next)
        lap->seconds = lap->now = 0;
}

const struct lap *laps_first(void)
{
    add_step();
    return first;
}
