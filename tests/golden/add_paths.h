/* add_paths.h - sizes, parameters and memory of the network 'add_paths', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ADD_PATHS_H
#define ADD_PATHS_H

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
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01

/* input 4x4x2 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* d: dense 7 tanh */
#define D_UNITS 7
#define D_INPUTS INPUT_SIZE
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_PARAMETERS (D_WEIGHTS + D_UNITS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 8)
#define D_PANELS ((D_UNITS + D_PANEL - 1) / D_PANEL)
#define D_WEIGHT_TILES ((D_INPUTS + 8 - 1) / 8)

/* a: dense 7 relu */
#define A_UNITS 7
#define A_INPUTS D_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 7 - 1) / 7)

/* b: dense 3 */
#define B_UNITS 3
#define B_INPUTS D_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 7 - 1) / 7)

/* c: dense 7 */
#define C_UNITS 7
#define C_INPUTS B_UNITS
#define C_WEIGHTS (C_UNITS * C_INPUTS)
#define C_PARAMETERS (C_WEIGHTS + C_UNITS)
#define C_FLOP ((int64_t)2 * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_UNITS + C_PANEL - 1) / C_PANEL)
#define C_WEIGHT_TILES ((C_INPUTS + 3 - 1) / 3)

/* add */
#define D_ADD_UNITS A_UNITS

/* sum: dense 2 */
#define SUM_UNITS 2
#define SUM_INPUTS D_ADD_UNITS
#define SUM_WEIGHTS (SUM_UNITS * SUM_INPUTS)
#define SUM_PARAMETERS (SUM_WEIGHTS + SUM_UNITS)
#define SUM_FLOP ((int64_t)2 * SUM_WEIGHTS)
#define SUM_VECTORS 1
#define SUM_PANEL (SUM_VECTORS * 4)
#define SUM_PANELS ((SUM_UNITS + SUM_PANEL - 1) / SUM_PANEL)
#define SUM_WEIGHT_TILES ((SUM_INPUTS + 7 - 1) / 7)

/* add with=sum */
#define SUM_ADD_UNITS SUM_UNITS

/* output squared_error */
#define OUTPUT_UNITS SUM_ADD_UNITS
#define OUTPUT_TARGETS SUM_ADD_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct add_paths_parameters {
    struct {
        real weight[D_PANELS][D_INPUTS][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[C_PANELS][C_INPUTS][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[SUM_PANELS][SUM_INPUTS][SUM_PANEL];
        real bias[SUM_PANELS * SUM_PANEL];
    } sum;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct add_paths_group {
    struct {
        __typeof__(((struct add_paths_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct add_paths_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct add_paths_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct add_paths_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct add_paths_parameters *)0)->sum.bias) bias;
    } sum;
};

/* Results of the layers, [example] first */
struct add_paths_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*d)[D_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*d_add)[D_ADD_UNITS];
    real (*sum)[SUM_UNITS];
    real (*sum_add)[SUM_ADD_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct add_paths_gradients {
    real (*d_from_d_add)[D_UNITS];
    real (*d_from_b)[D_UNITS];
    real (*d_from_a)[D_UNITS];
    real (*d)[D_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*d_add)[D_ADD_UNITS];
    real (*sum_from_sum_add)[SUM_UNITS];
    real (*sum_from_sum_add_2)[SUM_UNITS];
    real (*sum)[SUM_UNITS];
    real (*sum_add)[SUM_ADD_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct add_paths {
    struct add_paths_parameters param;
    struct add_paths_parameters dparam;
    struct add_paths_group group[GROUPS];
    struct add_paths_parameters best;
    struct add_paths_values value;
    struct add_paths_gradients dvalue;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model add_paths_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define D_AT INPUT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_FROM_D_ADD_GRADIENT_AT C_GRADIENT_END
#define D_FROM_D_ADD_GRADIENT_END (D_FROM_D_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_FROM_B_GRADIENT_AT D_ADD_GRADIENT_END
#define D_FROM_B_GRADIENT_END (D_FROM_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_FROM_A_GRADIENT_AT D_END
#define D_FROM_A_GRADIENT_END (D_FROM_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_GRADIENT_AT D_FROM_B_GRADIENT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define A_AT D_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT D_FROM_D_ADD_GRADIENT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define C_AT A_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_GRADIENT_AT D_ADD_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define D_ADD_AT C_END
#define D_ADD_END (D_ADD_AT + PLACE_SIZE((size_t)BATCH * D_ADD_UNITS))
#define D_ADD_GRADIENT_AT A_END
#define D_ADD_GRADIENT_END (D_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_ADD_UNITS))
#define SUM_AT D_ADD_END
#define SUM_END (SUM_AT + PLACE_SIZE((size_t)BATCH * SUM_UNITS))
#define SUM_FROM_SUM_ADD_GRADIENT_AT SUM_ADD_GRADIENT_END
#define SUM_FROM_SUM_ADD_GRADIENT_END (SUM_FROM_SUM_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * SUM_UNITS))
#define SUM_FROM_SUM_ADD_2_GRADIENT_AT D_ADD_END
#define SUM_FROM_SUM_ADD_2_GRADIENT_END (SUM_FROM_SUM_ADD_2_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * SUM_UNITS))
#define SUM_GRADIENT_AT OUTPUT_END
#define SUM_GRADIENT_END (SUM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * SUM_UNITS))
#define SUM_ADD_AT SUM_END
#define SUM_ADD_END (SUM_ADD_AT + PLACE_SIZE((size_t)BATCH * SUM_ADD_UNITS))
#define SUM_ADD_GRADIENT_AT A_END
#define SUM_ADD_GRADIENT_END (SUM_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * SUM_ADD_UNITS))
#define OUTPUT_AT B_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_GRADIENT_END + ARENA_SLACK)

#endif
