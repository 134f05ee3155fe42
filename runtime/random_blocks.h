/* random_blocks.h - many blocks of random words at once, by vectors: the same words as random_block's, one
 * block behind the other.
 *
 *     uint32_t word[RANDOM_WORDS];
 *     random_blocks(seed, stream, step, 5, word);     word[0..3] = random_block(seed, stream, step, 5), …
 *
 * A lane holds a 32-bit number in 64 bits, so that a product has room; what stands above the lower half is
 * never looked at. */
#ifndef NETC_RANDOM_BLOCKS_H
#define NETC_RANDOM_BLOCKS_H

#include <stdint.h>
#include <string.h>

#include "random.h"

#if defined(__AVX512F__)
#define RANDOM_LANES 8
#elif defined(__AVX2__)
#define RANDOM_LANES 4
#else
#define RANDOM_LANES 2
#endif
#ifdef __clang__
#define RANDOM_UNROLL _Pragma("clang loop unroll(full)")
#else
#define RANDOM_UNROLL _Pragma("GCC unroll 16")
#endif

enum {
    RANDOM_VECTORS = 4, /* side by side, so that one does not wait for its own products */
    RANDOM_BLOCKS = RANDOM_VECTORS * RANDOM_LANES,
    RANDOM_WORDS = 4 * RANDOM_BLOCKS
};

typedef uint64_t random_lanes __attribute__((vector_size(8 * RANDOM_LANES), may_alias));
typedef long long random_wide __attribute__((vector_size(64)));
typedef int32_t random_halves __attribute__((vector_size(8 * RANDOM_LANES)));

/* The product of the lower halves. gcc 12 does not see that one multiplication does it. */
static inline __attribute__((always_inline)) random_lanes random_product(random_lanes left, uint64_t right)
{
    const random_lanes factor = left - left + right;
#if defined(__AVX512F__) && !defined(__clang__)
    return (random_lanes)__builtin_ia32_pmuludq512_mask((random_halves)left, (random_halves)factor,
                                                        (random_wide){0}, 255);
#elif defined(__AVX2__) && !defined(__clang__)
    return (random_lanes)__builtin_ia32_pmuludq256((random_halves)left, (random_halves)factor);
#else
    return (left & UINT32_MAX) * factor;
#endif
}

/* RANDOM_BLOCKS blocks from `block` on. */
static inline __attribute__((always_inline)) void random_blocks(uint64_t seed, uint64_t stream, uint32_t step,
                                                                uint32_t block, uint32_t *word)
{
    const random_lanes zero = {0};
    uint64_t numbers[RANDOM_BLOCKS], first[RANDOM_BLOCKS], second[RANDOM_BLOCKS];
    random_lanes a[RANDOM_VECTORS], b[RANDOM_VECTORS], c[RANDOM_VECTORS], d[RANDOM_VECTORS];
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (uint32_t i = 0; i < RANDOM_BLOCKS; i++)
        numbers[i] = block + i;
    for (int v = 0; v < RANDOM_VECTORS; v++) {
        memcpy(&a[v], &numbers[v * RANDOM_LANES], sizeof a[v]);
        b[v] = zero + step;
        c[v] = zero + (uint32_t)stream;
        d[v] = zero + (stream >> 32);
    }
    RANDOM_UNROLL
    for (int round = 0; round < 10; round++) {
        RANDOM_UNROLL
        for (int v = 0; v < RANDOM_VECTORS; v++) {
            const random_lanes left = random_product(a[v], 0xD2511F53u),
                               right = random_product(c[v], 0xCD9E8D57u);
            a[v] = (right >> 32) ^ b[v] ^ key0;
            c[v] = (left >> 32) ^ d[v] ^ key1;
            b[v] = right;
            d[v] = left;
        }
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    for (int v = 0; v < RANDOM_VECTORS; v++) {
        const random_lanes left = (a[v] & UINT32_MAX) | b[v] << 32, right = (c[v] & UINT32_MAX) | d[v] << 32;
        memcpy(&first[v * RANDOM_LANES], &left, sizeof left);
        memcpy(&second[v * RANDOM_LANES], &right, sizeof right);
    }
    for (int i = 0; i < RANDOM_BLOCKS; i++) {
        word[4 * i] = (uint32_t)first[i];
        word[4 * i + 1] = (uint32_t)(first[i] >> 32);
        word[4 * i + 2] = (uint32_t)second[i];
        word[4 * i + 3] = (uint32_t)(second[i] >> 32);
    }
}

#endif
