/* frozen.h - sizes, parameters and memory of the network 'frozen', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef FROZEN_H
#define FROZEN_H

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
#define RATE 0.1
#define MOMENTUM 0.9

/* input 6x6x1 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 6
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv 2 3x3 frozen relu */
#define A_FILTERS 2
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_HEIGHT (INPUT_HEIGHT - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (INPUT_WIDTH - A_KERNEL_WIDTH + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * INPUT_CHANNELS)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

/* b: conv 3 3x3 relu */
#define B_FILTERS 3
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_HEIGHT (A_HEIGHT - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (A_WIDTH - B_KERNEL_WIDTH + 1)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * A_FILTERS)
#define B_PAIRS ((B_KERNEL_ROW + 1) / 2)
#define B_WEIGHTS (B_FILTERS * A_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* c: conv 2 1x1 frozen relu */
#define C_FILTERS 2
#define C_KERNEL_HEIGHT 1
#define C_KERNEL_WIDTH 1
#define C_HEIGHT (B_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (B_WIDTH - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * B_FILTERS)
#define C_WEIGHTS (C_FILTERS * B_FILTERS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 1
#define C_BACK_PANEL (C_BACK_VECTORS * 4)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* d: dense 4 frozen */
#define D_UNITS 4
#define D_INPUTS C_SIZE
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((D_UNITS + D_PANEL - 1) / D_PANEL)

/* e: dense 3 */
#define E_UNITS 3
#define E_INPUTS D_UNITS
#define E_WEIGHTS (E_UNITS * E_INPUTS)
#define E_PARAMETERS (E_WEIGHTS + E_UNITS)
#define E_FLOP ((int64_t)2 * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 4)
#define E_PANELS ((E_UNITS + E_PANEL - 1) / E_PANEL)
#define E_WEIGHT_TILES ((E_INPUTS + 4 - 1) / 4)

/* output categorical */
#define OUTPUT_UNITS E_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct frozen_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_ROW][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_INPUTS][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[E_PANELS][E_INPUTS][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct frozen_group {
    struct {
        __typeof__(((struct frozen_parameters *)0)->b.weight) weight;
        __typeof__(((struct frozen_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct frozen_parameters *)0)->e.bias) bias;
    } e;
};

/* Results of the layers, [example] first */
struct frozen_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_UNITS];
    real (*e)[E_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct frozen_gradients {
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_UNITS];
    real (*e)[E_UNITS];
};

/* Weights as the backward pass reads them */
struct frozen_transposed {
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct frozen {
    struct frozen_parameters param;
    struct frozen_parameters dparam;
    struct frozen_group group[GROUPS];
    struct frozen_parameters velocity;
    struct frozen_parameters best;
    struct frozen_values value;
    struct frozen_gradients dvalue;
    struct frozen_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model frozen_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT 0
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define C_AT B_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT B_GRADIENT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT OUTPUT_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define D_AT C_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_GRADIENT_AT E_GRADIENT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define E_AT D_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define E_GRADIENT_AT C_GRADIENT_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define OUTPUT_AT E_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_TRANSPOSED_END + ARENA_SLACK)

#endif
