/* peak.c - measures the FMA peak: independent chains of multiply-adds in registers, nothing loaded or stored.
 *
 *     peak_measure("x86-64-v4", 2, 0.1)   ->   2 threads x 16 lanes x 2 FMA a cycle x 2 FLOP x the clock
 *
 * A machine that others use gives its peak only now and then, so the best of many bursts of about half a
 * millisecond counts; all threads begin a burst together, and its time ends with the last of them. Each
 * thread keeps to a core of its own: two that shared one would stay together for longer than a measurement.
 */
#include "run/peak.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "real.h"
#include "run/observer.h"
#include "tile.h"

/* Chains hide the latency of an FMA (4 or 5 cycles, two begun in each) and leave registers for the factors.
 */
enum { PEAK_CHAINS = 12, PEAK_UNIT = 1000 };

/* One function for each width: PEAK_UNIT multiply-adds in each chain, `units` times; returns a sum to keep.
 */
#define PEAK_BURST(name, bytes, attributes)                                                                  \
    __attribute__((noinline)) attributes static double name(int units)                                       \
    {                                                                                                        \
        typedef real vector __attribute__((vector_size(bytes)));                                             \
        const vector factor = (vector){0} + (real)0.5;                                                       \
        vector sum[PEAK_CHAINS];                                                                             \
        for (int i = 0; i < PEAK_CHAINS; i++)                                                                \
            sum[i] = factor * (real)i;                                                                       \
        for (int j = 0; j < units * PEAK_UNIT; j++)                                                          \
            TILE_UNROLL for (int i = 0; i < PEAK_CHAINS; i++) sum[i] = sum[i] * factor + factor;             \
        for (int i = 1; i < PEAK_CHAINS; i++)                                                                \
            sum[0] += sum[i];                                                                                \
        return (double)sum[0][0];                                                                            \
    }

PEAK_BURST(burst_of_16_bytes, 16, )
#ifdef __x86_64__
PEAK_BURST(burst_of_32_bytes, 32, __attribute__((target("avx2,fma"))))
PEAK_BURST(burst_of_64_bytes, 64, __attribute__((target("avx512f,fma"))))
#endif

struct width {
    const char *march;
    int bytes;
    double (*burst)(int units);
};

static const struct width widths[] = {
#ifdef __x86_64__
    {"x86-64-v4", 64, burst_of_64_bytes},
    {"x86-64-v3", 32, burst_of_32_bytes},
#endif
    {"", 16, burst_of_16_bytes}, /* any other */
};

static const struct width *find_width(const char *march)
{
    const struct width *width = widths;
    while (*width->march && strcmp(width->march, march) != 0)
        width++;
    return width;
}

/* What the threads of one measurement share. */
struct race {
    const struct width *width;
    int units;            /* of a burst */
    atomic_int threads;   /* more than there are, until all have been created */
    atomic_int pinned;    /* followers that have taken a core */
    atomic_int arrived;   /* at the line, over all bursts */
    atomic_bool finished; /* no further burst */
};

/* Waits until all threads have come here for the `turn`-th time. */
static void race_wait(struct race *race, int turn)
{
    atomic_fetch_add(&race->arrived, 1);
    while (atomic_load(&race->arrived) < turn * atomic_load(&race->threads))
        ;
}

/* This thread onto the core of that number, of those that it may use; it stays free where there are fewer. */
static void pin_thread(int number)
{
    cpu_set_t allowed, own;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    for (size_t i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &allowed) && number-- == 0) {
            CPU_ZERO(&own);
            CPU_SET(i, &own);
            sched_setaffinity(0, sizeof own, &own);
        }
}

static _Thread_local volatile double kept; /* so that no burst is left out */

static void *race_follow(void *shared)
{
    struct race *race = shared;
    pin_thread(atomic_fetch_add(&race->pinned, 1) + 1);
    for (int turn = 1;; turn += 2) {
        race_wait(race, turn);
        if (atomic_load(&race->finished))
            return NULL;
        kept = race->width->burst(race->units);
        race_wait(race, turn + 1);
    }
}

/* As the first of the threads: says when it ends, and takes the times. Returns the shortest. */
static double race_lead(struct race *race, double seconds)
{
    double end = clock_seconds() + seconds, best = 1e9;
    for (int turn = 1;; turn += 2) {
        atomic_store(&race->finished, clock_seconds() > end && turn > 1);
        race_wait(race, turn);
        if (atomic_load(&race->finished))
            return best;
        double start = clock_seconds();
        kept = race->width->burst(race->units);
        race_wait(race, turn + 1);
        double taken = clock_seconds() - start;
        best = taken < best ? taken : best;
    }
}

/* So many units that a burst takes about half a millisecond. */
static int burst_units(const struct width *width)
{
    int units = 1;
    for (double taken = 0; taken < 0.00025; units *= 2) {
        double start = clock_seconds();
        kept = width->burst(units);
        taken = clock_seconds() - start;
    }
    return units;
}

double peak_measure(const char *march, int threads, double seconds)
{
    struct race race = {.width = find_width(march), .threads = threads + 1};
    race.units = burst_units(race.width);
    pthread_t *followers = calloc((size_t)threads, sizeof *followers);
    int count = 0;
    while (followers && count + 1 < threads &&
           pthread_create(&followers[count], NULL, race_follow, &race) == 0)
        count++;
    cpu_set_t before;
    bool is_known = sched_getaffinity(0, sizeof before, &before) == 0;
    pin_thread(0);
    atomic_store(&race.threads, count + 1);
    double best = race_lead(&race, seconds);
    if (is_known)
        sched_setaffinity(0, sizeof before, &before);
    for (int i = 0; i < count; i++)
        pthread_join(followers[i], NULL);
    free(followers);
    double lanes = (double)race.width->bytes / sizeof(real);
    return 2 * lanes * PEAK_CHAINS * PEAK_UNIT * race.units * (count + 1) / best;
}
