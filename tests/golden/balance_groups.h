/* balance_groups.h - sizes, parameters and memory of the network 'balance_groups', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef BALANCE_GROUPS_H
#define BALANCE_GROUPS_H

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
#define RATE 0.01

/* input 5 */
#define INPUT_UNITS 5

/* a: dense 1 */
#define A_UNITS 1
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 5 - 1) / 5)

/* output squared_error */
#define OUTPUT_UNITS A_UNITS
#define OUTPUT_TARGETS A_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct balance_groups_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct balance_groups_group {
    struct {
        __typeof__(((struct balance_groups_parameters *)0)->a.bias) bias;
    } a;
};

/* Results of the layers, [example] first */
struct balance_groups_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct balance_groups_gradients {
    real (*a)[A_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct balance_groups {
    struct balance_groups_parameters param;
    struct balance_groups_parameters dparam;
    struct balance_groups_group group[GROUPS];
    struct balance_groups_parameters best;
    struct balance_groups_values value;
    struct balance_groups_gradients dvalue;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model balance_groups_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT OUTPUT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define OUTPUT_AT A_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (A_GRADIENT_END + ARENA_SLACK)

#endif
