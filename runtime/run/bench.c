/* bench.c - `NAME bench`: how fast training steps are on made-up examples that lie in memory. */
#include <stdio.h>
#include <stdlib.h>

#include "run/commands.h"
#include "run/observer.h"
#include "run/threads.h"
#include "run/weights.h"

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Seconds of one step as the median over groups of steps, each a few milliseconds long. */
static double median_step(const struct model *model, void *net, const struct examples *examples,
                          double seconds)
{
    enum { MOST = 100000 };
    static double times[MOST];
    double end = clock_seconds() + seconds;
    int count = 0, batch = model->settings.batch;
    uint64_t step = 0;
    for (double start = clock_seconds(); clock_seconds() < start + 0.2;)
        model->step(net, examples, 0, batch, step++);
    while (count < MOST && (clock_seconds() < end || count < 3)) {
        int steps = 0;
        double start = clock_seconds(), now;
        do {
            model->step(net, examples, 0, batch, step++);
            steps++;
        } while ((now = clock_seconds()) < start + 0.01);
        times[count++] = (now - start) / steps;
    }
    qsort(times, (size_t)count, sizeof *times, compare_doubles);
    return times[count / 2];
}

int command_bench(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    int batch = model->settings.batch;
    double flop = 0;
    void *net = weights_allocate(model, 1, &problem);
    if (!net)
        return command_failed(&problem);
    struct dataset *data = dataset_from_seed(model, (size_t)batch, 1);
    weights_initialise(model, net, 1);
    for (int i = 0; i < model->layer_count; i++)
        flop +=
            3 * (double)model->layers[i].flop * batch; /* forward, gradient by weights, gradient by inputs */
    double step = median_step(model, net, dataset_train(data), options->seconds);
    printf("%s for %s: batch %d, %d threads, %.0f examples/s, %.4f ms a step, %.2f GFLOP/s\n", model->name,
           model->march, batch, threads_of(model), batch / step, step * 1e3, flop / step / 1e9);
    dataset_close(data);
    free(net);
    return EXIT_DONE;
}
