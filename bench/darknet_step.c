/* darknet_step.c - times training steps of Darknet on made-up examples: the configuration of a network
 * becomes one line of JSON, with the layers as Darknet has read them.
 *
 *     darknet_step lenet5.cfg 1.0   ->   {"layers": [["conv", 28, 28, 6, 235200], …], "median": 0.031, …}
 *
 * A layer is its kind, height, width and channels of its output, and the FLOP of its forward pass for one
 * example. */
#include <darknet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double seconds_of(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Inputs from 0 to 1, and a target for each: a class, or a number when there is one output. */
static void fill_examples(network *net)
{
    srand(1);
    for (int i = 0; i < net->batch * net->inputs; i++)
        net->input[i] = (float)rand() / (float)RAND_MAX;
    for (int i = 0; i < net->batch; i++) {
        if (net->truths > 1)
            net->truth[i * net->truths + rand() % net->truths] = 1;
        else
            net->truth[i] = (float)rand() / (float)RAND_MAX;
    }
}

static void print_layer(const layer *layer, const char *before)
{
    const char *kind = NULL;
    double flop = 0;
    switch (layer->type) {
    case CONVOLUTIONAL:
        kind = "conv";
        flop = 2.0 * layer->nweights * layer->out_h * layer->out_w;
        break;
    case CONNECTED:
        kind = "dense";
        flop = 2.0 * layer->inputs * layer->outputs;
        break;
    case MAXPOOL:
        kind = "pool";
        break;
    case AVGPOOL:
        kind = "mean";
        break;
    case DROPOUT:
        kind = "dropout";
        break;
    case SHORTCUT:
        kind = "add";
        break;
    default: /* the loss; a way to an earlier layer */
        return;
    }
    bool is_flat = layer->type == CONNECTED || layer->type == DROPOUT || layer->type == AVGPOOL;
    printf("%s[\"%s\", %d, %d, %d, %.0f]", before, kind, is_flat ? 1 : layer->out_h,
           is_flat ? 1 : layer->out_w, is_flat ? layer->outputs : layer->out_c, flop);
}

/* Seconds of a step, as the mean of `steps`. */
static double time_steps(network *net, int steps)
{
    double start = seconds_of(CLOCK_MONOTONIC);
    for (int i = 0; i < steps; i++)
        train_network_datum(net);
    return (seconds_of(CLOCK_MONOTONIC) - start) / steps;
}

int main(int argc, char **argv)
{
    enum { MOST = 100000 };
    static double times[MOST];
    if (argc != 3) {
        fprintf(stderr, "usage: darknet_step FILE.cfg SECONDS\n");
        return 2;
    }
    network *net = parse_network_cfg(argv[1]);
    fill_examples(net);
    const double seconds = atof(argv[2]), first = time_steps(net, 1);
    int group = 1; /* the clock costs as much as a small step */
    while (first < seconds && time_steps(net, group) * group < 0.005)
        group *= 2;
    const double start = seconds_of(CLOCK_MONOTONIC), processor = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    int count = 0;
    /* A step of several seconds needs no other one before it. */
    if (first > seconds)
        times[count++] = first;
    while (count < MOST && (!count || seconds_of(CLOCK_MONOTONIC) < start + seconds))
        times[count++] = time_steps(net, group);
    const double wall = seconds_of(CLOCK_MONOTONIC) - start;
    const double share = (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor) / wall;
    qsort(times, (size_t)count, sizeof *times, compare_doubles);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"median\": %.9g, \"least\": %.9g, \"processor_share\": %.4g, \"max_rss\": %ld, \"layers\": [",
           times[count / 2], times[0], first > seconds ? 1 : share, usage.ru_maxrss * 1024);
    for (int i = 0; i < net->n; i++)
        print_layer(&net->layers[i], i ? ", " : "");
    printf("]}\n");
    return 0;
}
