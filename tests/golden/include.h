/* include.h - sizes, parameters and memory of the network 'include', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef INCLUDE_H
#define INCLUDE_H

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

/* input 5x5x1 */
#define INPUT_HEIGHT 5
#define INPUT_WIDTH 5
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* p_a: conv 2 3x3 relu */
#define P_A_FILTERS 2
#define P_A_KERNEL_HEIGHT 3
#define P_A_KERNEL_WIDTH 3
#define P_A_HEIGHT (INPUT_HEIGHT - P_A_KERNEL_HEIGHT + 1)
#define P_A_WIDTH (INPUT_WIDTH - P_A_KERNEL_WIDTH + 1)
#define P_A_KERNEL_ROW (P_A_KERNEL_WIDTH * INPUT_CHANNELS)
#define P_A_PAIRS ((P_A_KERNEL_ROW + 1) / 2)
#define P_A_WEIGHTS (P_A_FILTERS * INPUT_CHANNELS * P_A_KERNEL_HEIGHT * P_A_KERNEL_WIDTH)
#define P_A_PARAMETERS (P_A_WEIGHTS + P_A_FILTERS)
#define P_A_FLOP ((int64_t)2 * P_A_HEIGHT * P_A_WIDTH * P_A_WEIGHTS)
#define P_A_VECTORS 1
#define P_A_PANEL (P_A_VECTORS * 4)
#define P_A_PANELS ((P_A_FILTERS + P_A_PANEL - 1) / P_A_PANEL)
#define P_A_SIZE (P_A_HEIGHT * P_A_WIDTH * P_A_FILTERS)

/* p_b: conv 3 1x1 */
#define P_B_FILTERS 3
#define P_B_KERNEL_HEIGHT 1
#define P_B_KERNEL_WIDTH 1
#define P_B_HEIGHT (P_A_HEIGHT - P_B_KERNEL_HEIGHT + 1)
#define P_B_WIDTH (P_A_WIDTH - P_B_KERNEL_WIDTH + 1)
#define P_B_KERNEL_ROW (P_B_KERNEL_WIDTH * P_A_FILTERS)
#define P_B_PAIRS ((P_B_KERNEL_ROW + 1) / 2)
#define P_B_WEIGHTS (P_B_FILTERS * P_A_FILTERS * P_B_KERNEL_HEIGHT * P_B_KERNEL_WIDTH)
#define P_B_PARAMETERS (P_B_WEIGHTS + P_B_FILTERS)
#define P_B_FLOP ((int64_t)2 * P_B_HEIGHT * P_B_WIDTH * P_B_WEIGHTS)
#define P_B_VECTORS 1
#define P_B_PANEL (P_B_VECTORS * 4)
#define P_B_PANELS ((P_B_FILTERS + P_B_PANEL - 1) / P_B_PANEL)
#define P_B_BACK_VECTORS 1
#define P_B_BACK_PANEL (P_B_BACK_VECTORS * 4)
#define P_B_BACK_PANELS ((P_B_KERNEL_ROW + P_B_BACK_PANEL - 1) / P_B_BACK_PANEL)
#define P_B_TRANSPOSED_SIZE (P_B_KERNEL_HEIGHT * P_B_BACK_PANELS * P_B_FILTERS * P_B_BACK_PANEL)
#define P_B_SIZE (P_B_HEIGHT * P_B_WIDTH * P_B_FILTERS)

/* r_1_d: dense 4 tanh */
#define R_1_D_UNITS 4
#define R_1_D_INPUTS P_B_SIZE
#define R_1_D_WEIGHTS (R_1_D_UNITS * R_1_D_INPUTS)
#define R_1_D_PARAMETERS (R_1_D_WEIGHTS + R_1_D_UNITS)
#define R_1_D_FLOP ((int64_t)2 * R_1_D_WEIGHTS)
#define R_1_D_VECTORS 1
#define R_1_D_PANEL (R_1_D_VECTORS * 4)
#define R_1_D_PANELS ((R_1_D_UNITS + R_1_D_PANEL - 1) / R_1_D_PANEL)
#define R_1_D_WEIGHT_TILES ((R_1_D_INPUTS + 7 - 1) / 7)

/* r_2_d: dense 4 tanh */
#define R_2_D_UNITS 4
#define R_2_D_INPUTS R_1_D_UNITS
#define R_2_D_WEIGHTS (R_2_D_UNITS * R_2_D_INPUTS)
#define R_2_D_PARAMETERS (R_2_D_WEIGHTS + R_2_D_UNITS)
#define R_2_D_FLOP ((int64_t)2 * R_2_D_WEIGHTS)
#define R_2_D_VECTORS 1
#define R_2_D_PANEL (R_2_D_VECTORS * 4)
#define R_2_D_PANELS ((R_2_D_UNITS + R_2_D_PANEL - 1) / R_2_D_PANEL)
#define R_2_D_WEIGHT_TILES ((R_2_D_INPUTS + 4 - 1) / 4)

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS R_2_D_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 4 - 1) / 4)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct include_parameters {
    struct {
        real weight[P_A_PANELS][P_A_KERNEL_HEIGHT][P_A_KERNEL_ROW][P_A_PANEL];
        real bias[P_A_PANELS * P_A_PANEL];
    } p_a;
    struct {
        real weight[P_B_PANELS][P_B_KERNEL_HEIGHT][P_B_KERNEL_ROW][P_B_PANEL];
        real bias[P_B_PANELS * P_B_PANEL];
    } p_b;
    struct {
        real weight[R_1_D_PANELS][R_1_D_INPUTS][R_1_D_PANEL];
        real bias[R_1_D_PANELS * R_1_D_PANEL];
    } r_1_d;
    struct {
        real weight[R_2_D_PANELS][R_2_D_INPUTS][R_2_D_PANEL];
        real bias[R_2_D_PANELS * R_2_D_PANEL];
    } r_2_d;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct include_group {
    struct {
        __typeof__(((struct include_parameters *)0)->p_a.weight) weight;
        __typeof__(((struct include_parameters *)0)->p_a.bias) bias;
    } p_a;
    struct {
        __typeof__(((struct include_parameters *)0)->p_b.weight) weight;
        __typeof__(((struct include_parameters *)0)->p_b.bias) bias;
    } p_b;
    struct {
        __typeof__(((struct include_parameters *)0)->r_1_d.bias) bias;
    } r_1_d;
    struct {
        __typeof__(((struct include_parameters *)0)->r_2_d.bias) bias;
    } r_2_d;
    struct {
        __typeof__(((struct include_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct include_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*p_a)[P_A_HEIGHT][P_A_WIDTH][P_A_FILTERS];
    real (*p_b)[P_B_HEIGHT][P_B_WIDTH][P_B_FILTERS];
    real (*r_1_d)[R_1_D_UNITS];
    real (*r_2_d)[R_2_D_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct include_gradients {
    real (*p_a)[P_A_HEIGHT][P_A_WIDTH][P_A_FILTERS];
    real (*p_b)[P_B_HEIGHT][P_B_WIDTH][P_B_FILTERS];
    real (*r_1_d)[R_1_D_UNITS];
    real (*r_2_d)[R_2_D_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct include_transposed {
    real (*p_b)[P_B_BACK_PANELS][P_B_FILTERS][P_B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct include {
    struct include_parameters param;
    struct include_parameters dparam;
    struct include_group group[GROUPS];
    struct include_parameters best;
    struct include_values value;
    struct include_gradients dvalue;
    struct include_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model include_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT P_B_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define P_A_AT INPUT_END
#define P_A_END (P_A_AT + PLACE_SIZE((size_t)BATCH * P_A_SIZE))
#define P_A_GRADIENT_AT P_A_END
#define P_A_GRADIENT_END (P_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P_A_SIZE))
#define P_B_AT 0
#define P_B_END (P_B_AT + PLACE_SIZE((size_t)BATCH * P_B_SIZE))
#define P_B_GRADIENT_AT P_B_END
#define P_B_GRADIENT_END (P_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P_B_SIZE))
#define P_B_TRANSPOSED_AT R_1_D_GRADIENT_END
#define P_B_TRANSPOSED_END (P_B_TRANSPOSED_AT + PLACE_SIZE(P_B_TRANSPOSED_SIZE))
#define R_1_D_AT P_B_END
#define R_1_D_END (R_1_D_AT + PLACE_SIZE((size_t)BATCH * R_1_D_UNITS))
#define R_1_D_GRADIENT_AT OUTPUT_END
#define R_1_D_GRADIENT_END (R_1_D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * R_1_D_UNITS))
#define R_2_D_AT R_1_D_END
#define R_2_D_END (R_2_D_AT + PLACE_SIZE((size_t)BATCH * R_2_D_UNITS))
#define R_2_D_GRADIENT_AT R_2_D_END
#define R_2_D_GRADIENT_END (R_2_D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * R_2_D_UNITS))
#define F_AT R_2_D_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT P_A_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (P_B_TRANSPOSED_END + ARENA_SLACK)

#endif
