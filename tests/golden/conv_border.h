/* conv_border.h - sizes, parameters and memory of the network 'conv_border', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONV_BORDER_H
#define CONV_BORDER_H

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
#define THREADS_MOST 3 /* that a step has work for */
#define RATE 0.1

/* input 4x10x1 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 10
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv 16 2x2 */
#define A_FILTERS 16
#define A_KERNEL_HEIGHT 2
#define A_KERNEL_WIDTH 2
#define A_HEIGHT (INPUT_HEIGHT - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (INPUT_WIDTH - A_KERNEL_WIDTH + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * INPUT_CHANNELS)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 2
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)
#define A_ROWS (A_HEIGHT + B_PAD_TOP + B_PAD_BOTTOM)
#define A_COLUMNS (A_WIDTH + B_PAD_LEFT + B_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* b: conv 20 3x3 pad=1 relu */
#define B_FILTERS 20
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
#define B_VECTORS 2
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 2
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * B_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)
#define B_ROWS (B_HEIGHT + C_PAD_TOP)
#define B_COLUMNS (B_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define B_PADDED_SIZE (B_ROWS * B_COLUMNS * B_FILTERS)

/* c: conv 18 3x4 stride=2 pad=[1, 2, 0, 1] */
#define C_FILTERS 18
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 4
#define C_STRIDE_Y 2
#define C_STRIDE_X 2
#define C_PAD_TOP 1
#define C_PAD_LEFT 2
#define C_PAD_RIGHT 1
#define C_HEIGHT ((C_PAD_TOP + B_HEIGHT - C_KERNEL_HEIGHT) / C_STRIDE_Y + 1)
#define C_WIDTH ((C_PAD_LEFT + B_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH) / C_STRIDE_X + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * B_FILTERS)
#define C_WEIGHTS (C_FILTERS * B_FILTERS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 2
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 2
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS C_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 8 - 1) / 8)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct conv_border_parameters {
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
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct conv_border_group {
    struct {
        __typeof__(((struct conv_border_parameters *)0)->a.weight) weight;
        __typeof__(((struct conv_border_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct conv_border_parameters *)0)->b.weight) weight;
        __typeof__(((struct conv_border_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct conv_border_parameters *)0)->c.weight) weight;
        __typeof__(((struct conv_border_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct conv_border_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct conv_border_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_ROWS][B_COLUMNS][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct conv_border_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct conv_border_transposed {
    real (*b)[B_BACK_PANELS][B_FILTERS][B_BACK_PANEL];
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct conv_border {
    struct conv_border_parameters param;
    struct conv_border_parameters dparam;
    struct conv_border_group group[GROUPS];
    struct conv_border_parameters best;
    struct conv_border_values value;
    struct conv_border_gradients dvalue;
    struct conv_border_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model conv_border_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT B_TRANSPOSED_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT B_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT C_TRANSPOSED_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_PADDED_SIZE))
#define B_GRADIENT_AT A_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT B_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define C_AT A_GRADIENT_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT 0
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define F_AT A_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
