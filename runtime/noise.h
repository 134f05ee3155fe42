/* noise.h - normal numbers added to the elements of a batch in training.
 *
 * What element i of a step gets is a function of seed, stream (the layer's label), step and i. Two normal
 * numbers come from two uniform ones (Box, Muller: A Note on the Generation of Random Normal Deviates, 1958).
 */
#ifndef NETC_NOISE_H
#define NETC_NOISE_H

#include <math.h>
#include <stdint.h>

#include "random.h"
#include "real.h"

struct noise {
    uint64_t seed, stream;
    uint64_t step;
    double sigma; /* standard deviation */
};

/* What element `i` of the batch gets: √(-2 ln u) cos 2πv, or sin, of the words of its block. */
static inline real noise_of_element(struct noise noise, uint32_t i)
{
    const struct random_block block = random_block(noise.seed, noise.stream, (uint32_t)noise.step, i / 4);
    const uint32_t *pair = &block.word[i % 4 / 2 * 2];
    const double radius = sqrt(-2 * log((pair[0] + 1.0) * 0x1p-32)),
                 angle = 6.283185307179586 * 0x1p-32 * pair[1];
    return (real)(noise.sigma * radius * (i % 2 ? sin(angle) : cos(angle)));
}

/* y[i] = x[i] + what element first + i gets; x and y may be the same. */
static inline void noise_apply(struct noise noise, uint32_t first, const real *x, real *y, int count)
{
    for (int i = 0; i < count; i++)
        y[i] = x[i] + noise_of_element(noise, first + (uint32_t)i);
}

#endif
