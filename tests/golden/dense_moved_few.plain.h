/* dense_moved_few.h - sizes, parameters and memory of the network 'dense_moved_few', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_MOVED_FEW_H
#define DENSE_MOVED_FEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 3
#define EPOCHS 10
#define SEED 1
#define RATE 0.05

/* input 512 */
#define INPUT_UNITS 512

/* a: dense 256 relu */
#define A_UNITS 256
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)

/* b: dense 512 tanh */
#define B_UNITS 512
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)

/* z: dense 4 */
#define Z_UNITS 4
#define Z_INPUTS B_UNITS
#define Z_WEIGHTS (Z_UNITS * Z_INPUTS)
#define Z_PARAMETERS (Z_WEIGHTS + Z_UNITS)
#define Z_FLOP ((int64_t)2 * Z_WEIGHTS)

/* output categorical */
#define OUTPUT_UNITS Z_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct dense_moved_few_parameters {
    struct {
        real weight[A_INPUTS][A_UNITS];
        real bias[A_UNITS];
    } a;
    struct {
        real weight[B_INPUTS][B_UNITS];
        real bias[B_UNITS];
    } b;
    struct {
        real weight[Z_INPUTS][Z_UNITS];
        real bias[Z_UNITS];
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
#define A_GRADIENT_AT INPUT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT INPUT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define Z_AT B_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT OUTPUT_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define OUTPUT_AT A_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (Z_GRADIENT_END + ARENA_SLACK)

#endif
