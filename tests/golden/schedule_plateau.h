/* schedule_plateau.h - sizes, parameters and memory of the network 'schedule_plateau', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef SCHEDULE_PLATEAU_H
#define SCHEDULE_PLATEAU_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 4
#define GROUPS 4 /* of a batch, whose sums are taken apart */
#define EPOCHS 6
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.1
#define MOMENTUM 0.9
#define PLATEAU_PATIENCE 2
#define PLATEAU_FACTOR 0.5
#define WARMUP_EPOCHS 1
#define VALIDATION_SHARE 0.2

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

/* b: dense 3 */
#define B_UNITS 3
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

/* output categorical */
#define OUTPUT_UNITS B_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct schedule_plateau_parameters {
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
struct schedule_plateau_group {
    struct {
        __typeof__(((struct schedule_plateau_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct schedule_plateau_parameters *)0)->b.bias) bias;
    } b;
};

/* Results of the layers, [example] first */
struct schedule_plateau_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct schedule_plateau_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
};

/* Weights as the backward pass reads them */
struct schedule_plateau_transposed {
    real (*b)[B_UNITS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct schedule_plateau {
    struct schedule_plateau_parameters param;
    struct schedule_plateau_parameters dparam;
    struct schedule_plateau_group group[GROUPS];
    struct schedule_plateau_parameters velocity;
    struct schedule_plateau_parameters best;
    struct schedule_plateau_values value;
    struct schedule_plateau_gradients dvalue;
    struct schedule_plateau_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    double rate_factor; /* what the schedule has made of the rate so far */
    real *arena;
} __attribute__((aligned(64)));

extern const struct model schedule_plateau_model;

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
