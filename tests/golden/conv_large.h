/* conv_large.h - sizes, parameters and memory of the network 'conv_large', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONV_LARGE_H
#define CONV_LARGE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 64
#define GROUPS 16 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 16 /* that a step has work for */
#define RATE 0.01

/* input 33x33x1 */
#define INPUT_HEIGHT 33
#define INPUT_WIDTH 33
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv 2 3x3 relu */
#define A_FILTERS 2
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_HEIGHT (INPUT_HEIGHT - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (INPUT_WIDTH - A_KERNEL_WIDTH + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * INPUT_CHANNELS)
#define A_PAIRS ((A_KERNEL_ROW + 1) / 2)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)
#define A_ROWS (A_HEIGHT + B_PAD_TOP + B_PAD_BOTTOM)
#define A_COLUMNS (A_WIDTH + B_PAD_LEFT + B_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* b: conv 5 3x3 pad=1 relu */
#define B_FILTERS 5
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_PAD_TOP 1
#define B_PAD_LEFT 1
#define B_PAD_BOTTOM 1
#define B_PAD_RIGHT 1
#define B_HEIGHT (B_PAD_TOP + A_HEIGHT + B_PAD_BOTTOM - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (B_PAD_LEFT + A_WIDTH + B_PAD_RIGHT - B_KERNEL_WIDTH + 1)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * A_FILTERS)
#define B_WEIGHTS (B_FILTERS * A_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * B_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* globalpool */
#define B_GLOBALPOOL_UNITS B_FILTERS

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS B_GLOBALPOOL_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 5 - 1) / 5)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 8)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct conv_large_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_ROW][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct conv_large_group {
    struct {
        __typeof__(((struct conv_large_parameters *)0)->a.weight) weight;
        __typeof__(((struct conv_large_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct conv_large_parameters *)0)->b.weight) weight;
        __typeof__(((struct conv_large_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct conv_large_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct conv_large_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_globalpool)[B_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct conv_large_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_globalpool)[B_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct conv_large_transposed {
    real (*b)[B_BACK_PANELS][B_FILTERS][B_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct conv_large {
    struct conv_large_parameters param;
    struct conv_large_parameters dparam;
    struct conv_large_group group[GROUPS];
    struct conv_large_parameters best;
    struct conv_large_values value;
    struct conv_large_gradients dvalue;
    struct conv_large_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model conv_large_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT B_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT 0
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT F_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define B_GLOBALPOOL_AT INPUT_END
#define B_GLOBALPOOL_END (B_GLOBALPOOL_AT + PLACE_SIZE((size_t)BATCH * B_GLOBALPOOL_UNITS))
#define B_GLOBALPOOL_GRADIENT_AT B_GLOBALPOOL_END
#define B_GLOBALPOOL_GRADIENT_END (B_GLOBALPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_GLOBALPOOL_UNITS))
#define F_AT B_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT B_TRANSPOSED_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT B_GLOBALPOOL_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_TRANSPOSED_END + ARENA_SLACK)

#endif
