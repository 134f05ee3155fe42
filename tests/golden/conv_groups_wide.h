/* conv_groups_wide.h - sizes, parameters and memory of the network 'conv_groups_wide', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONV_GROUPS_WIDE_H
#define CONV_GROUPS_WIDE_H

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
#define THREADS_MOST 2 /* that a step has work for */
#define RATE 0.01

/* input 9x7x6 */
#define INPUT_HEIGHT 9
#define INPUT_WIDTH 7
#define INPUT_CHANNELS 6
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 24 3x2 pad=[1, 2, 0, 1] groups=2 dilation=1x2 stride=2x1 max_norm=0.5 tanh */
#define A_FILTERS 24
#define A_GROUPS 2
#define A_GROUP_FILTERS (A_FILTERS / A_GROUPS)
#define A_GROUP_CHANNELS (INPUT_CHANNELS / A_GROUPS)
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 2
#define A_STRIDE_Y 2
#define A_DILATION_X 2
#define A_PAD_TOP 1
#define A_PAD_LEFT 2
#define A_PAD_RIGHT 1
#define A_HEIGHT ((A_PAD_TOP + INPUT_HEIGHT - A_KERNEL_HEIGHT) / A_STRIDE_Y + 1)
#define A_WIDTH (A_PAD_LEFT + INPUT_WIDTH + A_PAD_RIGHT - ((A_KERNEL_WIDTH - 1) * A_DILATION_X + 1) + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * A_GROUP_CHANNELS)
#define A_WEIGHTS (A_FILTERS * A_GROUP_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_MAX_NORM ((real)0.5)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)
#define A_ROWS (A_HEIGHT + B_PAD_TOP + B_PAD_BOTTOM)
#define A_COLUMNS (A_WIDTH + B_PAD_LEFT + B_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* b: conv 32 2x3 pad=1 groups=2 stride=1x2 dilation=2x1 tanh */
#define B_FILTERS 32
#define B_GROUPS 2
#define B_GROUP_FILTERS (B_FILTERS / B_GROUPS)
#define B_GROUP_CHANNELS (A_FILTERS / B_GROUPS)
#define B_KERNEL_HEIGHT 2
#define B_KERNEL_WIDTH 3
#define B_STRIDE_X 2
#define B_DILATION_Y 2
#define B_PAD_TOP 1
#define B_PAD_LEFT 1
#define B_PAD_BOTTOM 1
#define B_PAD_RIGHT 1
#define B_HEIGHT (B_PAD_TOP + A_HEIGHT + B_PAD_BOTTOM - ((B_KERNEL_HEIGHT - 1) * B_DILATION_Y + 1) + 1)
#define B_WIDTH ((B_PAD_LEFT + A_WIDTH + B_PAD_RIGHT - B_KERNEL_WIDTH) / B_STRIDE_X + 1)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * B_GROUP_CHANNELS)
#define B_WEIGHTS (B_FILTERS * B_GROUP_CHANNELS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_VECTORS 2
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 2
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_GROUP_CHANNELS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_KERNEL_WIDTH * B_BACK_PANELS * B_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)
#define B_ROWS (B_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define B_COLUMNS (B_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define B_PADDED_SIZE (B_ROWS * B_COLUMNS * B_FILTERS)

/* c: conv 8 2x2 pad=1 groups=1 dilation=1x3 bias=no tanh */
#define C_FILTERS 8
#define C_KERNEL_HEIGHT 2
#define C_KERNEL_WIDTH 2
#define C_DILATION_X 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + B_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + B_WIDTH + C_PAD_RIGHT - ((C_KERNEL_WIDTH - 1) * C_DILATION_X + 1) + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * B_FILTERS)
#define C_WEIGHTS (C_FILTERS * B_FILTERS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS C_WEIGHTS
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 2
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((B_FILTERS + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_KERNEL_WIDTH * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* d: conv 8 1x1 groups=2 */
#define D_FILTERS 8
#define D_GROUPS 2
#define D_GROUP_FILTERS (D_FILTERS / D_GROUPS)
#define D_GROUP_CHANNELS (C_FILTERS / D_GROUPS)
#define D_KERNEL_HEIGHT 1
#define D_KERNEL_WIDTH 1
#define D_HEIGHT (C_HEIGHT - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (C_WIDTH - D_KERNEL_WIDTH + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * D_GROUP_CHANNELS)
#define D_WEIGHTS (D_FILTERS * D_GROUP_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS (D_WEIGHTS + D_FILTERS)
#define D_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((D_FILTERS + D_PANEL - 1) / D_PANEL)
#define D_BACK_VECTORS 1
#define D_BACK_PANEL (D_BACK_VECTORS * 4)
#define D_BACK_PANELS ((D_GROUP_CHANNELS + D_BACK_PANEL - 1) / D_BACK_PANEL)
#define D_TRANSPOSED_SIZE (D_KERNEL_HEIGHT * D_KERNEL_WIDTH * D_BACK_PANELS * D_FILTERS * D_BACK_PANEL)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS D_SIZE
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
struct conv_groups_wide_parameters {
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
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct conv_groups_wide_group {
    struct {
        __typeof__(((struct conv_groups_wide_parameters *)0)->a.weight) weight;
        __typeof__(((struct conv_groups_wide_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct conv_groups_wide_parameters *)0)->b.weight) weight;
        __typeof__(((struct conv_groups_wide_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct conv_groups_wide_parameters *)0)->c.weight) weight;
    } c;
    struct {
        __typeof__(((struct conv_groups_wide_parameters *)0)->d.weight) weight;
        __typeof__(((struct conv_groups_wide_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct conv_groups_wide_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct conv_groups_wide_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_ROWS][B_COLUMNS][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct conv_groups_wide_gradients {
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_ROWS][B_COLUMNS][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct conv_groups_wide_transposed {
    real (*b)[B_KERNEL_WIDTH][B_BACK_PANELS][B_FILTERS][B_BACK_PANEL];
    real (*c)[C_KERNEL_WIDTH][C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
    real (*d)[D_KERNEL_WIDTH][D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct conv_groups_wide {
    struct conv_groups_wide_parameters param;
    struct conv_groups_wide_parameters dparam;
    struct conv_groups_wide_group group[GROUPS];
    struct conv_groups_wide_parameters best;
    struct conv_groups_wide_values value;
    struct conv_groups_wide_gradients dvalue;
    struct conv_groups_wide_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model conv_groups_wide_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT B_TRANSPOSED_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define B_AT A_GRADIENT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_PADDED_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_PADDED_SIZE))
#define B_TRANSPOSED_AT B_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define C_AT C_TRANSPOSED_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT D_GRADIENT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT INPUT_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define D_AT C_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT C_GRADIENT_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define F_AT A_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT D_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
