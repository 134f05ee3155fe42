/* adversary.h - inputs moved to where the loss is larger, within ε of what they were: the fast gradient sign
 * method (Goodfellow, Shlens, Szegedy: Explaining and Harnessing Adversarial Examples, ICLR 2015) and
 * projected gradient descent (Madry et al.: Towards Deep Learning Models Resistant to Adversarial Attacks,
 * ICLR 2018).
 *
 *     fgsm, inf   x + ε sign g                        fgsm, 2    x + ε g / ‖g‖
 *     pgd         `steps` times: a step of that kind of size α, back into the ball of ε around x, and into
 *                 the range of the data; from x, or from a random point of the ball
 *
 * ε and α are in the units of struct input_space (dataset.h). All is a function of one example: threads and
 * batches do not matter. */
#ifndef NETC_ADVERSARY_H
#define NETC_ADVERSARY_H

#include <stdbool.h>
#include <stdint.h>

#include "dataset.h"
#include "probe.h"
#include "real.h"

enum adversary_norm { ADVERSARY_INF, ADVERSARY_2 };

struct adversary {
    enum adversary_norm norm;
    double epsilon, step; /* step: of one move; fgsm has one, of ε */
    int steps;
    bool starts_anywhere; /* in the ball, at random; else at the input itself */
};

/* pgd with the usual step, 2.5 ε / steps, which reaches every place of the ball. */
static inline double adversary_usual_step(double epsilon, int steps)
{
    return 2.5 * epsilon / steps;
}

/* Keeps the input in `clean` and moves it to the start. `stream` and `example` are what the random start is
 * drawn from. */
void adversary_start(const struct adversary *adversary, const struct input_space *space,
                     struct probe_view input, real *clean, uint64_t seed, uint64_t stream, uint32_t example);
/* One step along the gradient of the loss. */
void adversary_step(const struct adversary *adversary, const struct input_space *space,
                    struct probe_view input, struct probe_view gradient, const real *clean);

#endif
