/* ends.c - the output of a generated network, and the settings of its training.
 *
 *     z: dense 4                  train { batch 7
 *     output normal                       optimizer adam … } */
#include "ends.h"

/* A likelihood for each position, or the input as its own target. */
static bool add_special_output(struct net *net)
{
    if (!net->is_vector && net->height * net->width > 1 && chance(net, 20)) {
        put(net, "z: conv %d 1x1", between(net, 2, 3));
        put(net, "output %s", ONE_OF(net, "categorical", "bernoulli", "categorical smoothing=0.2"));
        return true;
    }
    if (net->input <= 60 && chance(net, 10)) {
        put(net, "z: dense %d", net->input);
        put(net, "output %s target=input",
            ONE_OF(net, "squared_error", "laplace", "huber", "normal sigma=0.7"));
        return true;
    }
    return false;
}

void add_output(struct net *net)
{
    int count = between(net, 1, 4);
    if (add_special_output(net))
        return;
    switch (below(net, 8)) {
    case 0:
        put(net, "z: dense %d", count);
        put(net, "output bernoulli");
        break;
    case 1:
        put(net, "z: dense %d", 2 * count);
        put(net, "output normal");
        break;
    case 2:
        put(net, "z: dense %d", count);
        put(net, "output %s", ONE_OF(net, "normal sigma=0.5", "squared_error", "poisson"));
        break;
    case 3:
        put(net, "z: dense %d", count);
        put(net, "output %s", ONE_OF(net, "laplace", "huber delta=0.7", "huber"));
        break;
    case 4:
        put(net, "z: dense 3");
        put(net, "output categorical weights=[1, 2.5, 0.5]%s", ONE_OF(net, "", " smoothing=0.1"));
        break;
    default:
        put(net, "z: dense %d", count + 1);
        put(net, "output categorical");
    }
}

void add_train(struct net *net)
{
    open_body(net, "train");
    const int batch = chance(net, 10) ? 17 : between(net, 2, 9);
    put(net, "batch %d", net->batch ? net->batch : batch);
    put(net, "optimizer %s",
        ONE_OF(net, "sgd rate=0.01", "sgd rate=0.01 momentum=0.9", "sgd rate=0.01 momentum=0.8 nesterov",
               "adam", "adamw decay=0.02", "rmsprop rate=0.002", "adagrad rate=0.02",
               "adam rate=2e-3 beta1=0.8 beta2=0.99 eps=1e-6", "rmsprop rate=0.001 alpha=0.9 eps=1e-5"));
    if (chance(net, 60))
        put(net, "schedule %s",
            ONE_OF(net, "constant", "step 2 factor=0.5", "exponential 0.9 warmup=1", "cosine", "onecycle",
                   "cosine warmup=2"));
    if (chance(net, 40))
        put(net, "%s", ONE_OF(net, "λ l2=1e-3", "lambda l1=1e-4", "λ l1=1e-4 l2=1e-3"));
    if (chance(net, 30))
        put(net, "%s", ONE_OF(net, "clip norm=0.5", "clip value=0.1"));
    if (chance(net, 20))
        put(net, "%s", ONE_OF(net, "average ema=0.9", "average swa=0.5"));
    if (chance(net, 30)) {
        put(net, "validate 20%%");
        put(net, "patience 3");
    }
    if (chance(net, 10))
        put(net, "balance groups");
    put(net, "seed %d", between(net, 1, 99));
    close_body(net);
}
