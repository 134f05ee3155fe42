/* dense_moved_few.h - sizes, parameters and memory of the network 'dense_moved_few', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_MOVED_FEW_H
#define DENSE_MOVED_FEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 3
#define GROUPS 3 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 4 /* that a step has work for */
#define RATE 0.05

/* input 512 */
#define INPUT_UNITS 512

/* a: dense 256 relu */
#define A_UNITS 256
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 3
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 4 - 1) / 4)

/* b: dense 512 tanh */
#define B_UNITS 512
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 3
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 4 - 1) / 4)

/* z: dense 4 */
#define Z_UNITS 4
#define Z_INPUTS B_UNITS
#define Z_WEIGHTS (Z_UNITS * Z_INPUTS)
#define Z_PARAMETERS (Z_WEIGHTS + Z_UNITS)
#define Z_FLOP ((int64_t)2 * Z_WEIGHTS)
#define Z_VECTORS 1
#define Z_PANEL (Z_VECTORS * 4)
#define Z_PANELS ((Z_UNITS + Z_PANEL - 1) / Z_PANEL)
#define Z_WEIGHT_TILES ((Z_INPUTS + 8 - 1) / 8)

/* output categorical */
#define OUTPUT_UNITS Z_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dense_moved_few_parameters {
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
struct dense_moved_few_group {
    struct {
        __typeof__(((struct dense_moved_few_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct dense_moved_few_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct dense_moved_few_parameters *)0)->z.bias) bias;
    } z;
};

/* Results of the layers, [example] first */
struct dense_moved_few_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*z)[Z_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dense_moved_few_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*z)[Z_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct dense_moved_few {
    struct dense_moved_few_parameters param;
    struct dense_moved_few_parameters dparam;
    struct dense_moved_few_group group[GROUPS];
    struct dense_moved_few_parameters best;
    struct dense_moved_few_values value;
    struct dense_moved_few_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dense_moved_few_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT B_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT INPUT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define Z_AT B_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT OUTPUT_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define OUTPUT_AT A_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (Z_GRADIENT_END + ARENA_SLACK)

#endif
