/* conv_transpose_wide.h - sizes, parameters and memory of the network 'conv_transpose_wide', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONV_TRANSPOSE_WIDE_H
#define CONV_TRANSPOSE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 2
#define GROUPS 2 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01

/* input 3x2x2 */
#define INPUT_HEIGHT 3
#define INPUT_WIDTH 2
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv 19 1x1 tanh */
#define A_FILTERS 19
#define A_KERNEL_HEIGHT 1
#define A_KERNEL_WIDTH 1
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

/* b: conv_transpose 11 2x3 stride=3x2 output_pad=2x1 tanh */
#define B_FILTERS 11
#define B_KERNEL_HEIGHT 2
#define B_STRIDE_Y 3
#define B_OUTPUT_PAD_Y 2
#define B_HEIGHT ((A_HEIGHT - 1) * B_STRIDE_Y + B_KERNEL_HEIGHT + B_OUTPUT_PAD_Y)
#define B_KERNEL_WIDTH 3
#define B_STRIDE_X 2
#define B_OUTPUT_PAD_X 1
#define B_WIDTH ((A_WIDTH - 1) * B_STRIDE_X + B_KERNEL_WIDTH + B_OUTPUT_PAD_X)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * B_FILTERS)
#define B_WEIGHTS (A_FILTERS * B_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * B_WEIGHTS)
#define B_VECTORS 2
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((A_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 2
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * A_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* c: conv_transpose 3 3x2 stride=1x2 bias=no sigmoid */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 3
#define C_HEIGHT ((B_HEIGHT - 1) + C_KERNEL_HEIGHT)
#define C_KERNEL_WIDTH 2
#define C_STRIDE_X 2
#define C_WIDTH ((B_WIDTH - 1) * C_STRIDE_X + C_KERNEL_WIDTH)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * C_FILTERS)
#define C_WEIGHTS (B_FILTERS * C_FILTERS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS C_WEIGHTS
#define C_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * C_WEIGHTS)
#define C_VECTORS 2
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((B_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 1
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * B_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)
#define C_ROWS (C_HEIGHT + D_PAD_TOP + D_PAD_BOTTOM)
#define C_COLUMNS (C_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define C_PADDED_SIZE (C_ROWS * C_COLUMNS * C_FILTERS)

/* d: conv 2 3x3 pad=2 stride=3 */
#define D_FILTERS 2
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_STRIDE_Y 3
#define D_STRIDE_X 3
#define D_PAD_TOP 2
#define D_PAD_LEFT 2
#define D_PAD_BOTTOM 2
#define D_PAD_RIGHT 2
#define D_HEIGHT ((D_PAD_TOP + C_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT) / D_STRIDE_Y + 1)
#define D_WIDTH ((D_PAD_LEFT + C_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH) / D_STRIDE_X + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * C_FILTERS)
#define D_WEIGHTS (D_FILTERS * C_FILTERS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS (D_WEIGHTS + D_FILTERS)
#define D_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((D_FILTERS + D_PANEL - 1) / D_PANEL)
#define D_BACK_VECTORS 2
#define D_BACK_PANEL (D_BACK_VECTORS * 8)
#define D_BACK_PANELS ((D_KERNEL_ROW + D_BACK_PANEL - 1) / D_BACK_PANEL)
#define D_TRANSPOSED_SIZE (D_KERNEL_HEIGHT * D_BACK_PANELS * D_FILTERS * D_BACK_PANEL)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)

/* output squared_error */
#define OUTPUT_UNITS D_SIZE
#define OUTPUT_TARGETS D_SIZE

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct conv_transpose_wide_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_ROW][B_PANEL];
        real bias[B_FILTERS];
    } b;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct conv_transpose_wide_group {
    struct {
        __typeof__(((struct conv_transpose_wide_parameters *)0)->a.weight) weight;
        __typeof__(((struct conv_transpose_wide_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct conv_transpose_wide_parameters *)0)->b.weight) weight;
        __typeof__(((struct conv_transpose_wide_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct conv_transpose_wide_parameters *)0)->c.weight) weight;
    } c;
    struct {
        __typeof__(((struct conv_transpose_wide_parameters *)0)->d.weight) weight;
        __typeof__(((struct conv_transpose_wide_parameters *)0)->d.bias) bias;
    } d;
};

/* Results of the layers, [example] first */
struct conv_transpose_wide_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_ROWS][C_COLUMNS][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct conv_transpose_wide_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
};

/* Weights as the backward pass reads them */
struct conv_transpose_wide_transposed {
    real (*b)[B_BACK_PANELS][A_FILTERS][B_BACK_PANEL];
    real (*c)[C_BACK_PANELS][B_FILTERS][C_BACK_PANEL];
    real (*d)[D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct conv_transpose_wide {
    struct conv_transpose_wide_parameters param;
    struct conv_transpose_wide_parameters dparam;
    struct conv_transpose_wide_group group[GROUPS];
    struct conv_transpose_wide_parameters best;
    struct conv_transpose_wide_values value;
    struct conv_transpose_wide_gradients dvalue;
    struct conv_transpose_wide_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model conv_transpose_wide_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT B_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT A_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT D_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT C_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT C_GRADIENT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT B_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_PADDED_SIZE))
#define C_GRADIENT_AT B_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT B_TRANSPOSED_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define D_AT OUTPUT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_TRANSPOSED_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT INPUT_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define OUTPUT_AT D_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (A_END + ARENA_SLACK)

#endif
