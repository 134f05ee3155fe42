/* team.h - the threads that compute a step together. Each takes its share of the work: some of the examples,
 * or of the panels, tiles or numbers of a layer.
 *
 *     static void forward(struct lenet5 *net, int batch, struct team team)
 *     {
 *         c1_forward(net, team_examples(team, GROUPS, batch));
 *         team_wait(team);                              until all are here
 *         f5_forward(net, batch, team_share(team, F5_PANELS));
 *     }
 *     TEAM_RUN(THREADS_MOST, forward, net, batch);      each thread calls it, as one of a team
 *
 * A share says who computes something, never how: sums over a batch are taken within groups of examples that
 * only the batch decides, and the groups added up in their order. So results are the same bytes for any
 * number of threads, and without OpenMP, where all this is one thread. */
#ifndef NETC_TEAM_H
#define NETC_TEAM_H

#include <stddef.h>
#include <stdint.h>
#ifdef _OPENMP
#include <omp.h>
#include <sched.h>
#include <stdatomic.h>
#define TEAM_PRAGMA(text) _Pragma(#text)
#endif

#include "real.h"

enum {
    TEAM_PARTS = 16, /* of all parameters, whose squares are added up apart */
    TEAM_LINE = 16,  /* reals in a cache line, which no two threads write */
};

/* From `first` to in front of `end`. */
struct range {
    int first, end;
};

static inline struct range range_of_all(size_t count)
{
    return (struct range){0, (int)count};
}

/* `count` from `first` on, or what there is of them in front of `end`. */
static inline struct range range_within(int first, int count, int end)
{
    return (struct range){first, first + count < end ? first + count : end};
}

/* What two ranges have in common. */
static inline struct range range_common(struct range one, struct range other)
{
    return (struct range){one.first > other.first ? one.first : other.first,
                          one.end < other.end ? one.end : other.end};
}

/* What a range has of the `count` things from `start` on, counted from there. */
static inline struct range range_part(struct range range, int start, int count)
{
    return (struct range){range.first > start ? range.first - start : 0,
                          range.end < start + count ? range.end - start : count};
}

/* Which of `most` places, the first at `at` and each `step` behind the one before, are among the first
 * `count` from 0 on. Inlined wherever: a tile's numbers must be literal. */
static inline __attribute__((always_inline)) struct range range_inside(int at, int step, int most, int count)
{
    const int before = at < 0 ? (step - 1 - at) / step : 0;
    const int reached = at < count ? (count - at + step - 1) / step : 0;
    return (struct range){before < most ? before : most, reached < most ? reached : most};
}

/* This thread's number, and how many there are. */
struct team {
    int thread, threads;
};

/* How many threads a step wants that has enough work for `most` of them. */
static inline int team_size(int most)
{
#ifdef _OPENMP
    const int threads = omp_get_max_threads();
#else
    const int threads = 1;
#endif
#ifdef NETC_TEAM_ALWAYS /* tests share even the smallest step */
    most = threads;
#endif
    return threads < most ? threads : most;
}

#define TEAM_ALONE ((struct team){0, 1})

/* function(..., team) by each of at most `most` threads. One thread calls it without a region of OpenMP,
 * which would take as long as a whole step of a small network. */
#ifdef _OPENMP
#define TEAM_RUN(most, function, ...)                                                                        \
    do {                                                                                                     \
        const int team_threads = team_size(most);                                                            \
        if (team_threads == 1) {                                                                             \
            function(__VA_ARGS__, TEAM_ALONE);                                                               \
            break;                                                                                           \
        }                                                                                                    \
        TEAM_PRAGMA(omp parallel num_threads(team_threads))                                                  \
        function(__VA_ARGS__, ((struct team){omp_get_thread_num(), omp_get_num_threads()}));                 \
    } while (0)
#else
#define TEAM_RUN(most, function, ...) function(__VA_ARGS__, TEAM_ALONE)
#endif

#ifdef _OPENMP
/* Where the threads of a step meet: how many have come, and how often all had. */
static struct {
    _Alignas(64) atomic_int arrived;
    _Alignas(64) atomic_int meetings;
} team_meeting;

static inline void team_pause(void)
{
#if defined __x86_64__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("yield");
#endif
}
#endif

/* Until every thread has come here. OpenMP's own barrier sleeps soon, as threads_settle asks it to, and a
 * thread that wakes up finds itself on another's core as often as not; here one that waits for long offers
 * its core to whoever wants it, and keeps it where nobody does. */
static inline void team_wait(struct team team)
{
    (void)team;
#ifdef _OPENMP
    enum { LOOKS = 4000 }; /* some tens of microseconds */
    if (team.threads == 1)
        return;
    const int meeting = atomic_load_explicit(&team_meeting.meetings, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&team_meeting.arrived, 1, memory_order_acq_rel) == team.threads - 1) {
        atomic_store_explicit(&team_meeting.arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&team_meeting.meetings, meeting + 1, memory_order_release);
        return;
    }
    for (int looks = 0; atomic_load_explicit(&team_meeting.meetings, memory_order_acquire) == meeting;
         looks++)
        if (looks < LOOKS)
            team_pause();
        else
            sched_yield();
#endif
}

/* This thread's part of `count` things. */
static inline struct range team_share(struct team team, int count)
{
    return (struct range){(int)((int64_t)count * team.thread / team.threads),
                          (int)((int64_t)count * (team.thread + 1) / team.threads)};
}

/* The same of the numbers of a tensor, in whole cache lines. */
static inline struct range team_numbers(struct team team, size_t count)
{
    const int lines = (int)((count + TEAM_LINE - 1) / TEAM_LINE);
    const struct range share = team_share(team, lines);
    return (struct range){share.first * TEAM_LINE, share.end == lines ? (int)count : share.end * TEAM_LINE};
}

/* The examples of group g of `groups`, or another such part of `count` things. */
static inline struct range team_group(int g, int groups, int count)
{
    return (struct range){(int)((int64_t)count * g / groups), (int)((int64_t)count * (g + 1) / groups)};
}

/* The examples of this thread: those of its groups. */
static inline struct range team_examples(struct team team, int groups, int batch)
{
    const struct range own = team_share(team, groups);
    return (struct range){team_group(own.first, groups, batch).first,
                          team_group(own.end, groups, batch).first};
}

/* sum[i] = Σ_g part[g * step + i]: what the groups gave, in their order; each thread takes some numbers. */
static inline void team_add_groups(struct team team, real *sum, const real *part, size_t step, size_t groups,
                                   size_t count)
{
    const struct range numbers = team_numbers(team, count);
    for (int i = numbers.first; i < numbers.end; i++)
        sum[i] = part[i];
    for (size_t g = 1; g < groups; g++)
        for (int i = numbers.first; i < numbers.end; i++)
            sum[i] += part[g * step + (size_t)i];
}

/* That of one tensor: of net->group[0].c1.weight, … net->dparam.c1.weight. */
#define TEAM_ADD_GROUPS(team, net, tensor)                                                                   \
    team_add_groups(team, (real *)(net)->dparam.tensor, (const real *)(net)->group[0].tensor,                \
                    sizeof((net)->group[0]) / sizeof(real), sizeof((net)->group) / sizeof((net)->group[0]),  \
                    sizeof((net)->dparam.tensor) / sizeof(real))

#endif
