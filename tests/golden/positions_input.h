/* positions_input.h - sizes, parameters and memory of the network 'positions_input', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef POSITIONS_INPUT_H
#define POSITIONS_INPUT_H

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

/* input 4x6x1 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 6
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 4 3x3 pad=1 stride=2 relu */
#define A_FILTERS 4
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_STRIDE_Y 2
#define A_STRIDE_X 2
#define A_PAD_TOP 1
#define A_PAD_LEFT 1
#define A_PAD_BOTTOM 1
#define A_PAD_RIGHT 1
#define A_HEIGHT ((A_PAD_TOP + INPUT_HEIGHT + A_PAD_BOTTOM - A_KERNEL_HEIGHT) / A_STRIDE_Y + 1)
#define A_WIDTH ((A_PAD_LEFT + INPUT_WIDTH + A_PAD_RIGHT - A_KERNEL_WIDTH) / A_STRIDE_X + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * INPUT_CHANNELS)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

/* b: conv_transpose 1 2x2 stride=2 */
#define B_FILTERS 1
#define B_KERNEL_HEIGHT 2
#define B_STRIDE_Y 2
#define B_HEIGHT ((A_HEIGHT - 1) * B_STRIDE_Y + B_KERNEL_HEIGHT)
#define B_KERNEL_WIDTH 2
#define B_STRIDE_X 2
#define B_WIDTH ((A_WIDTH - 1) * B_STRIDE_X + B_KERNEL_WIDTH)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * B_FILTERS)
#define B_WEIGHTS (A_FILTERS * B_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((A_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 4)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * A_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* output bernoulli target=input */
#define OUTPUT_HEIGHT B_HEIGHT
#define OUTPUT_WIDTH B_WIDTH
#define OUTPUT_CHANNELS B_FILTERS
#define OUTPUT_POSITIONS (OUTPUT_HEIGHT * OUTPUT_WIDTH)
#define OUTPUT_SIZE (OUTPUT_HEIGHT * OUTPUT_WIDTH * OUTPUT_CHANNELS)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct positions_input_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_ROW][B_PANEL];
        real bias[B_FILTERS];
    } b;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct positions_input_group {
    struct {
        __typeof__(((struct positions_input_parameters *)0)->a.weight) weight;
        __typeof__(((struct positions_input_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct positions_input_parameters *)0)->b.weight) weight;
        __typeof__(((struct positions_input_parameters *)0)->b.bias) bias;
    } b;
};

/* Results of the layers, [example] first */
struct positions_input_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*output)[OUTPUT_HEIGHT][OUTPUT_WIDTH][OUTPUT_CHANNELS];
};

/* Gradients of the loss by them */
struct positions_input_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
};

/* Weights as the backward pass reads them */
struct positions_input_transposed {
    real (*b)[B_BACK_PANELS][A_FILTERS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct positions_input {
    struct positions_input_parameters param;
    struct positions_input_parameters dparam;
    struct positions_input_group group[GROUPS];
    struct positions_input_parameters best;
    struct positions_input_values value;
    struct positions_input_gradients dvalue;
    struct positions_input_transposed transposed;
    real target[BATCH][OUTPUT_SIZE];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model positions_input_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT B_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT OUTPUT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define OUTPUT_AT B_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (A_GRADIENT_END + ARENA_SLACK)

#endif
