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

/* What the four elements of a block get: √(-2 ln u) cos 2πv and √(-2 ln u) sin 2πv of each pair of words. */
static inline void noise_of_block(struct noise noise, uint32_t block, real number[4])
{
    const struct random_block random = random_block(noise.seed, noise.stream, (uint32_t)noise.step, block);
    for (int i = 0; i < 4; i += 2) {
        const double radius = sqrt(-2 * log((random.word[i] + 1.0) * 0x1p-32)),
                     angle = 6.283185307179586 * 0x1p-32 * random.word[i + 1];
        number[i] = (real)(noise.sigma * radius * cos(angle));
        number[i + 1] = (real)(noise.sigma * radius * sin(angle));
    }
}

/* What element `i` of the batch gets. */
static inline real noise_of_element(struct noise noise, uint32_t i)
{
    real number[4];
    noise_of_block(noise, i / 4, number);
    return number[i % 4];
}

/* y[i] = x[i] + what element first + i gets; x and y may be the same. */
static inline void noise_apply(struct noise noise, uint32_t first, const real *x, real *y, int count)
{
    if (noise.sigma == 0) {
        for (int i = 0; i < count; i++)
            y[i] = x[i];
        return;
    }
    real number[4] = {0};
    for (int i = 0; i < count; i++) {
        const uint32_t element = first + (uint32_t)i;
        if (i == 0 || element % 4 == 0)
            noise_of_block(noise, element / 4, number);
        y[i] = x[i] + number[element % 4];
    }
}

#endif
