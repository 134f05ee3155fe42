/* dense_moved.h - sizes, parameters and memory of the network 'dense_moved', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_MOVED_H
#define DENSE_MOVED_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 6
#define GROUPS 6 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 16 /* that a step has work for */
#define RATE 0.05
#define MOMENTUM 0.9
#define LAMBDA_L1 0.0001

/* input 437 */
#define INPUT_UNITS 437

/* a: dense 300 relu */
#define A_UNITS 300
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 2
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 6 - 1) / 6)
#define A_BACK_VECTORS 2
#define A_BACK_PANEL (A_BACK_VECTORS * 8)
#define A_BACK_PANELS ((A_INPUTS + A_BACK_PANEL - 1) / A_BACK_PANEL)

/* b: dense 444 relu l1=0 l2=0.01 max_norm=1 */
#define B_UNITS 444
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 2
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_MAX_NORM ((real)1)
#define B_L1 0
#define B_L2 0.01
#define B_WEIGHT_TILES ((B_INPUTS + 6 - 1) / 6)
#define B_BACK_VECTORS 2
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)

/* z: dense 3 */
#define Z_UNITS 3
#define Z_INPUTS B_UNITS
#define Z_WEIGHTS (Z_UNITS * Z_INPUTS)
#define Z_PARAMETERS (Z_WEIGHTS + Z_UNITS)
#define Z_FLOP ((int64_t)2 * Z_WEIGHTS)
#define Z_VECTORS 1
#define Z_PANEL (Z_VECTORS * 4)
#define Z_PANELS ((Z_UNITS + Z_PANEL - 1) / Z_PANEL)
#define Z_WEIGHT_TILES ((Z_INPUTS + 8 - 1) / 8)
#define Z_BACK_VECTORS 2
#define Z_BACK_PANEL (Z_BACK_VECTORS * 8)
#define Z_BACK_PANELS ((Z_INPUTS + Z_BACK_PANEL - 1) / Z_BACK_PANEL)
#define Z_TRANSPOSED_SIZE (Z_BACK_PANELS * Z_UNITS * Z_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS Z_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dense_moved_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[Z_PANELS][Z_INPUTS][Z_PANEL];
        real bias[Z_PANELS * Z_PANEL];
    } z;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct dense_moved_group {
    struct {
        __typeof__(((struct dense_moved_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct dense_moved_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct dense_moved_parameters *)0)->z.bias) bias;
    } z;
};

/* Results of the layers, [example] first */
struct dense_moved_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*z)[Z_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dense_moved_gradients {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*z)[Z_UNITS];
};

/* Weights as the backward pass reads them */
struct dense_moved_transposed {
    real (*z)[Z_UNITS][Z_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct dense_moved {
    struct dense_moved_parameters param;
    struct dense_moved_parameters dparam;
    struct dense_moved_group group[GROUPS];
    struct dense_moved_parameters velocity;
    struct dense_moved_parameters best;
    struct dense_moved_values value;
    struct dense_moved_gradients dvalue;
    struct dense_moved_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dense_moved_model;

/* The layers by their numbers, for a probe */
enum {
    INPUT_LAYER,
    A_LAYER,
    B_LAYER,
    Z_LAYER,
    OUTPUT_LAYER,
};

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT B_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT 0
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT 0
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define Z_AT B_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT OUTPUT_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_TRANSPOSED_AT A_END
#define Z_TRANSPOSED_END (Z_TRANSPOSED_AT + PLACE_SIZE(Z_TRANSPOSED_SIZE))
#define OUTPUT_AT Z_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define INPUT_GRADIENT_AT A_GRADIENT_END
#define INPUT_GRADIENT_END (INPUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (Z_GRADIENT_END + ARENA_SLACK)
#define PROBE_ARENA_SIZE ARENA_SIZE

#endif
