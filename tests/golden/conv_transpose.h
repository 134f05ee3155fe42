/* conv_transpose.h - sizes, parameters and memory of the network 'conv_transpose', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONV_TRANSPOSE_H
#define CONV_TRANSPOSE_H

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

/* input 3x4x2 */
#define INPUT_HEIGHT 3
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv_transpose 3 2x2 stride=2 relu */
#define A_FILTERS 3
#define A_KERNEL_HEIGHT 2
#define A_STRIDE_Y 2
#define A_HEIGHT ((INPUT_HEIGHT - 1) * A_STRIDE_Y + A_KERNEL_HEIGHT)
#define A_KERNEL_WIDTH 2
#define A_STRIDE_X 2
#define A_WIDTH ((INPUT_WIDTH - 1) * A_STRIDE_X + A_KERNEL_WIDTH)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * A_FILTERS)
#define A_WEIGHTS (INPUT_CHANNELS * A_FILTERS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * INPUT_HEIGHT * INPUT_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((INPUT_CHANNELS + A_PANEL - 1) / A_PANEL)
#define A_BACK_VECTORS 1
#define A_BACK_PANEL (A_BACK_VECTORS * 8)
#define A_BACK_PANELS ((A_KERNEL_ROW + A_BACK_PANEL - 1) / A_BACK_PANEL)
#define A_TRANSPOSED_SIZE (A_KERNEL_HEIGHT * A_BACK_PANELS * INPUT_CHANNELS * A_BACK_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

/* b: conv_transpose 2 3x3 stride=2x1 pad=1 output_pad=1x0 bias=no sigmoid */
#define B_FILTERS 2
#define B_KERNEL_HEIGHT 3
#define B_STRIDE_Y 2
#define B_PAD_TOP 1
#define B_OUTPUT_PAD_Y 1
#define B_HEIGHT ((A_HEIGHT - 1) * B_STRIDE_Y + B_KERNEL_HEIGHT - 2 * B_PAD_TOP + B_OUTPUT_PAD_Y)
#define B_KERNEL_WIDTH 3
#define B_PAD_LEFT 1
#define B_WIDTH ((A_WIDTH - 1) + B_KERNEL_WIDTH - 2 * B_PAD_LEFT)
#define B_WEIGHTS (A_FILTERS * B_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS B_WEIGHTS
#define B_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * B_WEIGHTS)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)
#define B_ROWS (B_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define B_COLUMNS (B_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define B_PADDED_SIZE (B_ROWS * B_COLUMNS * B_FILTERS)

/* c: conv 2 3x3 pad=1 */
#define C_FILTERS 2
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + B_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + B_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * B_FILTERS)
#define C_PAIRS ((C_KERNEL_ROW + 1) / 2)
#define C_WEIGHTS (C_FILTERS * B_FILTERS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 1
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* output squared_error */
#define OUTPUT_UNITS C_SIZE
#define OUTPUT_TARGETS C_SIZE

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct conv_transpose_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_FILTERS];
    } a;
    struct {
        real weight[B_KERNEL_HEIGHT][B_KERNEL_WIDTH][B_FILTERS][A_FILTERS];
    } b;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct conv_transpose_group {
    struct {
        __typeof__(((struct conv_transpose_parameters *)0)->a.weight) weight;
        __typeof__(((struct conv_transpose_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct conv_transpose_parameters *)0)->c.weight) weight;
        __typeof__(((struct conv_transpose_parameters *)0)->c.bias) bias;
    } c;
};

/* Results of the layers, [example] first */
struct conv_transpose_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_ROWS][B_COLUMNS][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct conv_transpose_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
};

/* Weights as the backward pass reads them */
struct conv_transpose_transposed {
    real (*a)[A_BACK_PANELS][INPUT_CHANNELS][A_BACK_PANEL];
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct conv_transpose {
    struct conv_transpose_parameters param;
    struct conv_transpose_parameters dparam;
    struct conv_transpose_group group[GROUPS];
    struct conv_transpose_parameters best;
    struct conv_transpose_values value;
    struct conv_transpose_gradients dvalue;
    struct conv_transpose_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model conv_transpose_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT B_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT B_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_TRANSPOSED_AT OUTPUT_END
#define A_TRANSPOSED_END (A_TRANSPOSED_AT + PLACE_SIZE(A_TRANSPOSED_SIZE))
#define B_AT 0
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_PADDED_SIZE))
#define B_GRADIENT_AT C_GRADIENT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define C_AT B_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT OUTPUT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT INPUT_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define OUTPUT_AT C_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_TRANSPOSED_END + ARENA_SLACK)

#endif
