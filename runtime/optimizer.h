/* optimizer.h - one step of an optimizer over a range of the numbers of one tensor, weights and gradients in
 * the same layout. Inlined with constant settings, so what a setting leaves out costs nothing.
 *
 * The objective is J = mean loss + Σ (l1 |w| + l2 w²). l2 enters the gradient as 2 l2 w; l1 is proximal, so
 * that weights become exactly 0: after the step w <- sign(w) max(|w| - η l1, 0), η the rate of that weight's
 * step. */
#ifndef NETC_OPTIMIZER_H
#define NETC_OPTIMIZER_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "activation.h"
#include "real.h"
#include "team.h"

#define OPTIMIZER_FUNCTION static inline __attribute__((always_inline))

/* The weight nearest to w after shrinking by `by` (Donoho 1995, soft thresholding). */
OPTIMIZER_FUNCTION real shrink(real w, real by)
{
    real size = real_fabs(w) - by;
    if (size > 0)
        return w < 0 ? -size : size;
    return w == w ? 0 : w; /* NaN stays NaN */
}

struct sgd {
    double rate;
    double momentum;
    bool nesterov;
    double l1, l2;
    const real *input; /* the gradient is this times `dweight`: a row of an outer product. NULL: `dweight` */
};

/* v <- momentum v + g, w <- w - rate v; nesterov: w <- w - rate (g + momentum v) (Sutskever et al. 2013,
 * PyTorch's form). With l1 and momentum v becomes the displacement that was really made, divided by the rate:
 * otherwise the fixed point would be that of l1 (1 - momentum). velocity may be NULL without momentum. */
OPTIMIZER_FUNCTION void sgd_step(real *weight, const real *dweight, real *velocity, struct range numbers,
                                 struct sgd sgd)
{
    const real rate = (real)sgd.rate, momentum = (real)sgd.momentum;
    const real decay = (real)(2 * sgd.l2), threshold = (real)(sgd.rate * sgd.l1);
    const real input = sgd.input ? *sgd.input : 1;
    for (int i = numbers.first; i < numbers.end; i++) {
        real before = weight[i];
        real gradient = sgd.l2 != 0 ? input * dweight[i] + decay * before : input * dweight[i];
        real direction = gradient;
        if (sgd.momentum != 0) {
            velocity[i] = momentum * velocity[i] + gradient;
            direction = sgd.nesterov ? gradient + momentum * velocity[i] : velocity[i];
        }
        weight[i] = before - rate * direction;
        if (sgd.l1 != 0) {
            weight[i] = shrink(weight[i], threshold);
            if (sgd.momentum != 0 && rate > 0)
                velocity[i] = (before - weight[i]) / rate;
        }
    }
}

struct adam {
    double rate;
    double beta1, beta2;
    double eps;
    uint64_t step; /* from 1 */
    double l1, l2;
};

/* Kingma and Ba 2015, in PyTorch's form: w <- w - rate m̂ / (√v̂ + eps), m̂ = m / (1 - β1^t), v̂ = v / (1 -
 * β2^t). */
OPTIMIZER_FUNCTION void adam_move(real *weight, const real *dweight, real *mean, real *square,
                                  struct range numbers, real keep, struct adam adam)
{
    const real beta1 = (real)adam.beta1, beta2 = (real)adam.beta2, eps = (real)adam.eps;
    const real step_rate = (real)(adam.rate / (1 - pow(adam.beta1, (double)adam.step)));
    const real square_scale = (real)(1 / sqrt(1 - pow(adam.beta2, (double)adam.step)));
    const real rate = (real)adam.rate, decay = (real)(2 * adam.l2), l1 = (real)adam.l1;
    for (int i = numbers.first; i < numbers.end; i++) {
        real gradient = adam.l2 != 0 ? dweight[i] + decay * weight[i] : dweight[i];
        mean[i] = beta1 * mean[i] + (1 - beta1) * gradient;
        square[i] = beta2 * square[i] + (1 - beta2) * gradient * gradient;
        real scale = 1 / (real_sqrt(square[i]) * square_scale + eps);
        weight[i] = keep * weight[i] - step_rate * mean[i] * scale;
        if (adam.l1 != 0)
            weight[i] = shrink(weight[i], rate * scale * l1);
    }
}

OPTIMIZER_FUNCTION void adam_step(real *weight, const real *dweight, real *mean, real *square,
                                  struct range numbers, struct adam adam)
{
    adam_move(weight, dweight, mean, square, numbers, 1, adam);
}

/* Loshchilov and Hutter 2019 (AdamW): w <- w - rate decay w, for every parameter, and Adam's step, which sees
 * the gradient where the weight was. */
OPTIMIZER_FUNCTION void adamw_step(real *weight, const real *dweight, real *mean, real *square,
                                   struct range numbers, double decay, struct adam adam)
{
    adam_move(weight, dweight, mean, square, numbers, (real)(1 - adam.rate * decay), adam);
}

/* What rmsprop and adagrad share: a running square of the gradient that divides the rate. */
struct scaled {
    double rate;
    double keep, add; /* square <- keep square + add g² */
    double eps;
    double l1, l2;
};

/* w <- w - rate g / (√square + eps): rmsprop with keep = alpha, add = 1 - alpha (Tieleman and Hinton 2012),
 * adagrad with keep = add = 1 (Duchi, Hazan, Singer 2011), both as PyTorch has them. */
OPTIMIZER_FUNCTION void scaled_step(real *weight, const real *dweight, real *square, struct range numbers,
                                    struct scaled scaled)
{
    const real rate = (real)scaled.rate, keep = (real)scaled.keep, add = (real)scaled.add,
               eps = (real)scaled.eps;
    const real decay = (real)(2 * scaled.l2), l1 = (real)scaled.l1;
    for (int i = numbers.first; i < numbers.end; i++) {
        real gradient = scaled.l2 != 0 ? dweight[i] + decay * weight[i] : dweight[i];
        square[i] = keep * square[i] + add * gradient * gradient;
        real step = rate / (real_sqrt(square[i]) + eps);
        weight[i] -= step * gradient;
        if (scaled.l1 != 0)
            weight[i] = shrink(weight[i], step * l1);
    }
}

#endif
