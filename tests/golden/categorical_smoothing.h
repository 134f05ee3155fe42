/* categorical_smoothing.h - sizes, parameters and memory of the network 'categorical_smoothing', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CATEGORICAL_SMOOTHING_H
#define CATEGORICAL_SMOOTHING_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 4
#define GROUPS 4 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01

/* input 5 */
#define INPUT_UNITS 5

/* a: dense 6 tanh */
#define A_UNITS 6
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 5 - 1) / 5)

/* b: dense 4 */
#define B_UNITS 4
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 6 - 1) / 6)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_BACK_PANELS * B_UNITS * B_BACK_PANEL)

/* output categorical smoothing=0.1 */
#define OUTPUT_UNITS B_UNITS
#define OUTPUT_SMOOTHING ((real)0.1)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct categorical_smoothing_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct categorical_smoothing_group {
    struct {
        __typeof__(((struct categorical_smoothing_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct categorical_smoothing_parameters *)0)->b.bias) bias;
    } b;
};

/* Results of the layers, [example] first */
struct categorical_smoothing_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct categorical_smoothing_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
};

/* Weights as the backward pass reads them */
struct categorical_smoothing_transposed {
    real (*b)[B_UNITS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct categorical_smoothing {
    struct categorical_smoothing_parameters param;
    struct categorical_smoothing_parameters dparam;
    struct categorical_smoothing_group group[GROUPS];
    struct categorical_smoothing_parameters best;
    struct categorical_smoothing_values value;
    struct categorical_smoothing_gradients dvalue;
    struct categorical_smoothing_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model categorical_smoothing_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_TRANSPOSED_AT A_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define OUTPUT_AT B_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_GRADIENT_END + ARENA_SLACK)

#endif
