/* linear_by_hand.c - one training step of models/linear.net as somebody would write it: the yardstick of what
 * the generality of a generated trainer costs.
 *
 *     linear_by_hand 1000000   ->   {"mean": 6.1e-08, …}, seconds of a step over a million of them
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { BATCH = 32, INPUTS = 10 };

struct linear {
    float weight[INPUTS], bias;
    float weight_momentum[INPUTS], bias_momentum;
};

/* Mean squared error over the batch, its gradient, and SGD with momentum; returns the error before it. */
__attribute__((noinline)) static float linear_step(struct linear *net, float inputs[BATCH][INPUTS],
                                                   const float targets[BATCH], float rate, float momentum)
{
    float gradient[INPUTS] = {0}, bias_gradient = 0, loss = 0;
    for (int n = 0; n < BATCH; n++) {
        float error = net->bias - targets[n];
        for (int i = 0; i < INPUTS; i++)
            error += net->weight[i] * inputs[n][i];
        loss += error * error / BATCH;
        bias_gradient += 2 * error / BATCH;
        for (int i = 0; i < INPUTS; i++)
            gradient[i] += 2 * error / BATCH * inputs[n][i];
    }
    for (int i = 0; i < INPUTS; i++) {
        net->weight_momentum[i] = momentum * net->weight_momentum[i] + gradient[i];
        net->weight[i] -= rate * net->weight_momentum[i];
    }
    net->bias_momentum = momentum * net->bias_momentum + bias_gradient;
    net->bias -= rate * net->bias_momentum;
    return loss;
}

static double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    static float inputs[BATCH][INPUTS], targets[BATCH];
    static struct linear net;
    const long steps = argc == 2 ? atol(argv[1]) : 0;
    if (steps < 1) {
        fprintf(stderr, "usage: linear_by_hand STEPS\n");
        return 2;
    }
    srand(1);
    for (int n = 0; n < BATCH; n++) {
        targets[n] = (float)rand() / (float)RAND_MAX;
        for (int i = 0; i < INPUTS; i++)
            inputs[n][i] = (float)rand() / (float)RAND_MAX;
    }
    float loss = 0;
    const double start = clock_seconds();
    for (long i = 0; i < steps; i++)
        loss = linear_step(&net, inputs, targets, 0.01f, 0.9f);
    const double mean = (clock_seconds() - start) / (double)steps;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"mean\": %.9g, \"median\": %.9g, \"least\": %.9g, \"loss\": %g, \"processor_share\": 1, "
           "\"max_rss\": "
           "%ld}\n",
           mean, mean, mean, (double)loss, usage.ru_maxrss * 1024);
    return 0;
}
