/* bench.c - `NAME bench`: how fast training steps are on made-up examples that lie in memory, and what share
 * that is of the machine's FMA peak, measured beside it.
 *
 * FLOP of a step are 3 x 2 x the multiply-adds of conv and dense forward, taps on padding included: forward,
 * gradient by the weights, gradient by the input. No step computes the last of these for the first layer, so
 * the figures without it stand beside. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "laps.h"
#include "run/bench_laps.h"
#include "run/commands.h"
#include "run/observer.h"
#include "run/peak.h"
#include "run/threads.h"
#include "run/weights.h"

struct timing {
    int threads;             /* that computed */
    double median, least;    /* seconds of a step, over groups of steps that take some milliseconds each */
    double steps, seconds;   /* all that were timed */
    double processor;        /* seconds of all cores in them */
    double flop, flop_first; /* of a step; of the first layer's gradient by its input, which is left out */
    double peak;             /* FLOP/s of the threads asked for */
};

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Seconds of `steps` steps from number *step on. At rate 0 they do all that a step does, and the weights
 * stay: nothing that diverges or dies out changes how long a step takes. */
static double time_steps(const struct model *model, void *net, const struct examples *examples, int steps,
                         uint64_t *step)
{
    double start = clock_seconds();
    for (int i = 0; i < steps; i++)
        model->step(net, batch_of(examples, NULL, 0, model->settings.batch), (*step)++, 0);
    return clock_seconds() - start;
}

static void measure_steps(const struct model *model, void *net, const struct examples *examples,
                          double seconds, struct timing *timing)
{
    enum { MOST = 100000, LEAST = 3 };
    static double times[MOST];
    int count = 0, group = 1;
    uint64_t step = 0;
    /* The clock is asked once a group: it costs as much as a small step. */
    for (double start = clock_seconds(), taken = 0; taken < 0.005 || clock_seconds() < start + 0.2;) {
        if (taken < 0.005 && taken > 0)
            group *= 2;
        taken = time_steps(model, net, examples, group, &step);
    }
    laps_clear();
    double processor = processor_seconds(), end = clock_seconds() + seconds;
    while (count < MOST && (clock_seconds() < end || count < LEAST)) {
        double taken = time_steps(model, net, examples, group, &step);
        timing->seconds += taken;
        times[count++] = taken / group;
    }
    timing->processor = processor_seconds() - processor;
    timing->steps = (double)count * group;
    qsort(times, (size_t)count, sizeof *times, compare_doubles);
    timing->median = times[count / 2];
    timing->least = times[0];
}

static void count_flop(const struct model *model, struct timing *timing)
{
    for (int i = 0; i < model->layer_count; i++) {
        double flop = (double)model->layers[i].flop * model->settings.batch;
        timing->flop += 3 * flop;
        if (timing->flop_first <= 0)
            timing->flop_first = flop;
    }
}

static void print_text(const struct model *model, const struct timing *timing)
{
    const double giga = 1e-9 / timing->median, peak = timing->peak * 1e-9;
    const double whole = timing->flop * giga, done = (timing->flop - timing->flop_first) * giga;
    printf("%s for %s: batch %d, threads: %d\n", model->name, model->march, model->settings.batch,
           timing->threads);
    printf("%.4g ms a step (median; mean %.4g, least %.4g, of %.0f steps), %.0f examples/s\n",
           timing->median * 1e3, timing->seconds / timing->steps * 1e3, timing->least * 1e3, timing->steps,
           model->settings.batch / timing->median);
    printf("%.2f GFLOP/s, %.1f %% of the FMA peak of %.1f GFLOP/s measured now (threads: %d)\n", whole,
           100 * whole / peak, peak, threads_asked());
    printf("%.2f GFLOP/s, %.1f %%, when the first layer's gradient by its input is not counted\n", done,
           100 * done / peak);
    printf("%.2f processor seconds a second\n", timing->processor / timing->seconds);
    if (bench_has_laps())
        bench_print_laps(model, timing->steps, timing->peak);
}

/* Bytes, the most that this program has had in memory; getrusage would count what started it, too. */
static long resident_most(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[128];
    long kilobytes = 0;
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kilobytes) == 1)
            break;
    if (status)
        fclose(status);
    return kilobytes * 1024;
}

static void print_json(const struct model *model, const struct timing *timing)
{
    printf("{\"model\": \"%s\", \"march\": \"%s\", \"batch\": %d, \"threads\": %d, \"threads_asked\": %d, ",
           model->name, model->march, model->settings.batch, timing->threads, threads_asked());
    printf("\"steps\": %.0f, \"median\": %.9g, \"mean\": %.9g, \"least\": %.9g, ", timing->steps,
           timing->median, timing->seconds / timing->steps, timing->least);
    printf("\"flop\": %.0f, \"flop_without_first\": %.0f, \"peak\": %.6g, ", timing->flop,
           timing->flop - timing->flop_first, timing->peak);
    printf("\"processor_share\": %.4g, \"max_rss\": %ld", timing->processor / timing->seconds,
           resident_most());
    if (bench_has_laps()) {
        json_t *laps = bench_laps_json(model, timing->steps);
        printf(", \"parts\": ");
        json_dumpf(laps, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
        json_decref(laps);
    }
    printf("}\n");
}

int command_bench(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct timing timing = {.threads = threads_of(model)};
    void *net = weights_allocate(model, 1, &problem);
    if (!net)
        return command_failed(&problem);
    struct dataset *data = dataset_from_seed(model, (size_t)model->settings.batch, 1);
    weights_initialise(model, net, 1);
    count_flop(model, &timing);
    measure_steps(model, net, dataset_train(data), options->seconds, &timing);
    timing.peak = peak_measure(model->march, threads_asked(), 0.2);
    (options->json ? print_json : print_text)(model, &timing);
    dataset_close(data);
    free(net);
    return EXIT_DONE;
}
