/* dropout.h - inverted dropout (Srivastava et al., JMLR 2014): an element is kept with probability 1 - rate
 * and then divided by it, so that nothing changes outside training.
 *
 * Whether element i of a step is kept is a function of seed, stream (the layer's label), step and i, so the
 * backward pass draws the same mask again instead of storing it, unless the result tells: behind a relu what
 * was kept and counts is above 0. */
#ifndef NETC_DROPOUT_H
#define NETC_DROPOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "random_blocks.h"
#include "real.h"

struct dropout {
    uint64_t seed, stream;
    uint64_t step;
    double rate; /* probability of being dropped, 0 <= rate < 1 */
};

static inline bool dropout_keeps(uint32_t word, double rate)
{
    return word >= (uint32_t)(rate * 0x1p32);
}

/* Is element `i` of the batch kept? */
static inline bool dropout_keeps_element(struct dropout dropout, uint32_t i)
{
    return dropout_keeps(random_word(dropout.seed, dropout.stream, (uint32_t)dropout.step, i), dropout.rate);
}

/* y[i] = x[i] / (1 - rate) where element first + i is kept, 0 elsewhere; x and y may be the same. Four
 * elements share a random block. */
static inline void dropout_apply(struct dropout dropout, uint32_t first, const real *x, real *y, int count)
{
    if (dropout.rate == 0) {
        for (int i = 0; i < count; i++)
            y[i] = x[i];
        return;
    }
    const real scale = (real)(1 / (1 - dropout.rate));
    const uint32_t half = 0x80000000u; /* machines compare vectors of signed numbers only */
    const int32_t least = (int32_t)((uint32_t)(dropout.rate * 0x1p32) ^ half);
    int done = 0;
    while (done < count) {
        uint32_t word[RANDOM_WORDS];
        const uint32_t element = first + (uint32_t)done;
        const int skipped = (int)(element % 4), room = RANDOM_WORDS - skipped;
        const int here = count - done < room ? count - done : room;
        random_blocks(dropout.seed, dropout.stream, (uint32_t)dropout.step, element / 4, word);
        for (int i = 0; i < here; i++) {
            const bool is_kept = (int32_t)(word[skipped + i] ^ half) >= least;
            y[done + i] = real_or_zero(x[done + i] * scale, is_kept);
        }
        done += here;
    }
}

#endif
