/* tile.h - register tiles: the innermost arithmetic of the fast form.
 *
 * A tile is a small block of sums, `rows` x `vectors` vectors of 4, 8 or 16 reals, that stays in registers
 * while a loop multiplies into it. Every function is inlined with literal rows and vectors, so that all inner
 * loops unroll:
 *
 *     tile8 sum[6 * 2];
 *     tile8_start(6, 2, sum, bias);                       six pixels, sixteen filters
 *     tile8_multiply(6, 2, sum, x, channels, weight, taps);
 *     tile8_relu(6, 2, sum);
 *     tile8_store(6, 2, p, 120, sum, y, 120);             panel p of 120 columns
 *
 * Vectors are GNU C vectors, which gcc and clang turn into the instructions of the machine that a trainer is
 * compiled for. The generated file picks the widths that this machine has: 4 (SSE, NEON), 8 (AVX2), 16
 * (AVX-512). */
#ifndef NETC_TILE_H
#define NETC_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activation.h"
#include "real.h"
#include "team.h"

#define TILE_FUNCTION static inline __attribute__((always_inline)) void

/* The loops over rows and vectors unroll to the end; the loop around them must not: compilers would unroll
 * short ones into more numbers than there are registers. */
#ifdef __clang__
#define TILE_UNROLL _Pragma("clang loop unroll(full)")
#define TILE_LOOP _Pragma("clang loop unroll(disable)")
#else
#define TILE_UNROLL _Pragma("GCC unroll 64")
#define TILE_LOOP _Pragma("GCC unroll 1")
#endif

/* Without it a multiplication and an addition take their time one after the other, and registers are few. */
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
#define TILE_HAS_FMA true
#else
#define TILE_HAS_FMA false
#endif

/* Walks examples n of a struct range in tiles of `rows`, then of `rest` (0 where there are none), then one by
 * one: tile(net, ..., n, 6); tile(net, ..., n, 4); tile(net, ..., n, 1), with literal numbers of rows. */
#define TILE_EXAMPLES(rows, rest, examples, tile, ...)                                                       \
    do {                                                                                                     \
        int n = (examples).first;                                                                            \
        for (; n + (rows) <= (examples).end; n += (rows))                                                    \
            tile(__VA_ARGS__, n, rows);                                                                      \
        for (; (rest) > 1 && n + (rest) <= (examples).end; n += (rest))                                      \
            tile(__VA_ARGS__, n, rest);                                                                      \
        for (; n < (examples).end; n++)                                                                      \
            tile(__VA_ARGS__, n, 1);                                                                         \
    } while (0)

/* The same for tiles of the same row of some images, with so many pixels in all, and of one: tile(..., n, 8)
 * for two rows of 4 pixels; tile(..., n, 4). */
#define TILE_IMAGES(images, pixels, row, examples, tile, ...)                                                \
    do {                                                                                                     \
        int n = (examples).first;                                                                            \
        for (; n + (images) <= (examples).end; n += (images))                                                \
            tile(__VA_ARGS__, n, pixels);                                                                    \
        for (; n < (examples).end; n++)                                                                      \
            tile(__VA_ARGS__, n, row);                                                                       \
    } while (0)

/* Along a row of `count` pixels or inputs, which tiles of `rows` and a last one of `rest` (0: none) fill:
 * tile(..., 0, 10); tile(..., 10, 10); tile(..., 20, 8). */
#define TILE_ALONG(rows, rest, count, tile, ...)                                                             \
    do {                                                                                                     \
        for (int at = 0; at < (count) - (rest); at += (rows))                                                \
            tile(__VA_ARGS__, at, rows);                                                                     \
        if ((rest) > 0)                                                                                      \
            tile(__VA_ARGS__, (count) - (rest), rest);                                                       \
    } while (0)

/* The same for the tiles of a struct range, `rows` inputs in each but the last of all `count`, which has
 * `rest` (0: as many): tile(..., t * 6, 6) or tile(..., t * 6, 4). */
#define TILE_INPUTS(rows, rest, tiles, count, tile, ...)                                                     \
    do {                                                                                                     \
        for (int t = (tiles).first; t < (tiles).end; t++)                                                    \
            if ((rest) == 0 || t < (count)-1)                                                                \
                tile(__VA_ARGS__, t *(rows), rows);                                                          \
            else                                                                                             \
                tile(__VA_ARGS__, t *(rows), rest);                                                          \
    } while (0)

#define TILE_NO_BIAS ((const real *)0)

enum {
    TILE_SUMS = 32, /* of a tile at most: no machine has more vector registers */
#if defined(__AVX512F__) || defined(__aarch64__)
    TILE_REGISTERS = 32 / (sizeof(real) / sizeof(float)), /* for vectors as wide as they are in float */
#else
    TILE_REGISTERS = 16 / (sizeof(real) / sizeof(float)),
#endif
    TILE_PAIRED_SUMS = 8, /* a multiply-add takes as long as so many of them need to start */
    TILE_DOTS = 8,        /* of a row at a time, for the same reason */
};

/* Asks for one of `parts` equal parts of the row that lies `ahead` rows behind this one: so much as can be
 * under way while a tile computes, and soon enough that it has come from wherever it was. */
#define TILE_FETCH_AHEAD(row, ahead, part, parts)                                                            \
    tile_fetch((const char *)&(row) + (ahead) * sizeof(row) +                                                \
                   (sizeof(row) + (parts)-1) / (parts) * (size_t)(part),                                     \
               (sizeof(row) + (parts)-1) / (parts))
/* The same of this row. */
#define TILE_FETCH_PART(row, part, parts) TILE_FETCH_AHEAD(row, 0, part, parts)

TILE_FUNCTION tile_fetch(const char *bytes, size_t count)
{
    enum { LINE = 64 };
    for (size_t i = 0; i < count; i += LINE)
        __builtin_prefetch(bytes + i);
}

#ifdef NETC_DOUBLE
typedef int64_t tile_mask;
typedef uint32_t tile_middle;
typedef real tile_pair __attribute__((vector_size(2 * sizeof(real)), aligned(sizeof(real)), may_alias));
#else
typedef int32_t tile_mask;
typedef uint16_t tile_middle;
typedef int64_t tile_pair __attribute__((aligned(sizeof(real)), may_alias)); /* two reals */
#endif

/* Which pixels of a convolution see position `at` of their image's row or column, padding counted: `first`
 * with tap `tap` of the kernel, then one pixel less with `stride` taps more, `count` of them. */
struct taps {
    int first, tap, count;
};

static inline __attribute__((always_inline)) struct taps taps_over(int at, int pixels, int kernel, int stride)
{
    const int first = at / stride < pixels ? at / stride : pixels - 1, tap = at - first * stride;
    const int most = (kernel - 1 - tap) / stride, count = (most < first ? most : first) + 1;
    return (struct taps){first, tap, tap < kernel ? count : 0};
}

#define TILE_LANES 4
#include "tile_lanes.h"
#include "tile_dense.h"
#include "tile_rows.h"
#include "tile_windows.h"
#undef TILE_LANES

#define TILE_LANES 8
#define TILE_HALF(name) tile4##name
#include "tile_lanes.h"
#include "tile_dense.h"
#include "tile_pairs.h"
#include "tile_rows.h"
#include "tile_windows.h"
#undef TILE_HALF
#undef TILE_LANES

#define TILE_LANES 16
#define TILE_HALF(name) tile8##name
#include "tile_lanes.h"
#include "tile_dense.h"
#include "tile_pairs.h"
#include "tile_rows.h"
#include "tile_windows.h"
#undef TILE_HALF
#undef TILE_LANES

#endif
