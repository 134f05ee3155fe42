/* online_paths.h - sizes, parameters and memory of the network 'online_paths', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ONLINE_PATHS_H
#define ONLINE_PATHS_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 1
#define GROUPS 1 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.05
#define MOMENTUM 0.9
#define AVERAGE_EMA 0.9

/* input 40 */
#define INPUT_UNITS 40

/* a: dense 256 relu bias=no */
#define A_UNITS 256
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS A_WEIGHTS
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 8
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)

/* b: dense 60 */
#define B_UNITS 60
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 8
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)

/* c: dense 60 tanh */
#define C_UNITS 60
#define C_INPUTS A_UNITS
#define C_WEIGHTS (C_UNITS * C_INPUTS)
#define C_PARAMETERS (C_WEIGHTS + C_UNITS)
#define C_FLOP ((int64_t)2 * C_WEIGHTS)
#define C_VECTORS 8
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_UNITS + C_PANEL - 1) / C_PANEL)

/* add */
#define A_ADD_UNITS B_UNITS

/* e: dense 200 max_norm=2 l1=0.001 l2=0.01 sigmoid */
#define E_UNITS 200
#define E_INPUTS A_ADD_UNITS
#define E_WEIGHTS (E_UNITS * E_INPUTS)
#define E_PARAMETERS (E_WEIGHTS + E_UNITS)
#define E_FLOP ((int64_t)2 * E_WEIGHTS)
#define E_VECTORS 8
#define E_PANEL (E_VECTORS * 8)
#define E_PANELS ((E_UNITS + E_PANEL - 1) / E_PANEL)
#define E_MAX_NORM ((real)2)
#define E_L1 0.001
#define E_L2 0.01

/* f: dense 100 frozen */
#define F_UNITS 100
#define F_INPUTS E_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 8
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)

/* z: dense 4 */
#define Z_UNITS 4
#define Z_INPUTS F_UNITS
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
struct online_paths_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
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
        real weight[E_PANELS][E_INPUTS][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[Z_PANELS][Z_INPUTS][Z_PANEL];
        real bias[Z_PANELS * Z_PANEL];
    } z;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct online_paths_group {
    struct {
        __typeof__(((struct online_paths_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct online_paths_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct online_paths_parameters *)0)->e.bias) bias;
    } e;
    struct {
        __typeof__(((struct online_paths_parameters *)0)->z.bias) bias;
    } z;
};

/* Results of the layers, [example] first */
struct online_paths_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*a_add)[A_ADD_UNITS];
    real (*e)[E_UNITS];
    real (*f)[F_UNITS];
    real (*z)[Z_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct online_paths_gradients {
    real (*a_from_c)[A_UNITS];
    real (*a_from_b)[A_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*a_add)[A_ADD_UNITS];
    real (*e)[E_UNITS];
    real (*f)[F_UNITS];
    real (*z)[Z_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct online_paths {
    struct online_paths_parameters param;
    struct online_paths_parameters dparam;
    struct online_paths_group group[GROUPS];
    struct online_paths_parameters velocity;
    struct online_paths_parameters best;
    struct online_paths_parameters average;
    struct online_paths_values value;
    struct online_paths_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model online_paths_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_FROM_C_GRADIENT_AT A_END
#define A_FROM_C_GRADIENT_END (A_FROM_C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_FROM_B_GRADIENT_AT A_FROM_C_GRADIENT_END
#define A_FROM_B_GRADIENT_END (A_FROM_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_FROM_B_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT E_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define C_AT F_GRADIENT_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_GRADIENT_AT A_FROM_C_GRADIENT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define A_ADD_AT C_END
#define A_ADD_END (A_ADD_AT + PLACE_SIZE((size_t)BATCH * A_ADD_UNITS))
#define A_ADD_GRADIENT_AT A_FROM_B_GRADIENT_END
#define A_ADD_GRADIENT_END (A_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_ADD_UNITS))
#define E_AT A_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define E_GRADIENT_AT E_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define F_AT E_GRADIENT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define Z_AT B_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT OUTPUT_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (Z_GRADIENT_END + ARENA_SLACK)

#endif
