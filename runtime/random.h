/* random.h - random numbers by counter: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers:
 * As Easy as 1, 2, 3, SC 2011).
 *
 * Every number is a function of a key (the seed) and a counter (stream, step, element), so it depends on
 * nothing that happened before, on no thread and on no order. A stream is the 64-bit FNV-1a hash of a name:
 * "c1.weight", "shuffle". */
#ifndef NETC_RANDOM_H
#define NETC_RANDOM_H

#include <stdint.h>

struct random_block {
    uint32_t word[4];
};

/* The four random words of block `block` in step `step` of a stream. */
static inline struct random_block random_block(uint64_t seed, uint64_t stream, uint32_t step, uint32_t block)
{
    uint32_t a = block, b = step, c = (uint32_t)stream, d = (uint32_t)(stream >> 32);
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t left = (uint64_t)0xD2511F53u * a, right = (uint64_t)0xCD9E8D57u * c;
        a = (uint32_t)(right >> 32) ^ b ^ key0;
        c = (uint32_t)(left >> 32) ^ d ^ key1;
        b = (uint32_t)right;
        d = (uint32_t)left;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return (struct random_block){{a, b, c, d}};
}

/* One random word: element `element` of a step of a stream. */
static inline uint32_t random_word(uint64_t seed, uint64_t stream, uint32_t step, uint32_t element)
{
    return random_block(seed, stream, step, element / 4).word[element % 4];
}

/* The same as a number in [0, 1) with 32 random bits. */
static inline double random_uniform(uint64_t seed, uint64_t stream, uint32_t step, uint32_t element)
{
    return random_word(seed, stream, step, element) * 0x1p-32;
}

/* An unbiased number below `limit` (Lemire: Fast Random Integer Generation in an Interval, 2019), from as
 * many elements of the step as it takes; `element` goes on behind them. */
static inline uint32_t random_below(uint64_t seed, uint64_t stream, uint32_t step, uint32_t *element,
                                    uint32_t limit)
{
    uint64_t product = (uint64_t)random_word(seed, stream, step, (*element)++) * limit;
    if ((uint32_t)product < limit) {
        uint32_t unfair = -limit % limit;
        while ((uint32_t)product < unfair)
            product = (uint64_t)random_word(seed, stream, step, (*element)++) * limit;
    }
    return (uint32_t)(product >> 32);
}

/* FNV-1a, 64 bits: the stream of a name. */
static inline uint64_t random_stream(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return hash;
}

#endif
