/* positions_weights.h - sizes, parameters and memory of the network 'positions_weights', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef POSITIONS_WEIGHTS_H
#define POSITIONS_WEIGHTS_H

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
#define AUGMENT_SHIFT 1
#define AUGMENT_FLIP FLIP_HORIZONTAL

/* input 6x4x1 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 4 3x3 pad=1 relu */
#define A_FILTERS 4
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_PAD_TOP 1
#define A_PAD_LEFT 1
#define A_PAD_BOTTOM 1
#define A_PAD_RIGHT 1
#define A_HEIGHT (A_PAD_TOP + INPUT_HEIGHT + A_PAD_BOTTOM - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (A_PAD_LEFT + INPUT_WIDTH + A_PAD_RIGHT - A_KERNEL_WIDTH + 1)
#define A_KERNEL_ROW (A_KERNEL_WIDTH * INPUT_CHANNELS)
#define A_PAIRS ((A_KERNEL_ROW + 1) / 2)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

/* maxpool 2x2 */
#define A_MAXPOOL_WINDOW_HEIGHT 2
#define A_MAXPOOL_WINDOW_WIDTH 2
#define A_MAXPOOL_STRIDE_Y 2
#define A_MAXPOOL_STRIDE_X 2
#define A_MAXPOOL_HEIGHT ((A_HEIGHT - A_MAXPOOL_WINDOW_HEIGHT) / A_MAXPOOL_STRIDE_Y + 1)
#define A_MAXPOOL_WIDTH ((A_WIDTH - A_MAXPOOL_WINDOW_WIDTH) / A_MAXPOOL_STRIDE_X + 1)
#define A_MAXPOOL_CHANNELS A_FILTERS
#define A_MAXPOOL_SIZE (A_MAXPOOL_HEIGHT * A_MAXPOOL_WIDTH * A_MAXPOOL_CHANNELS)

/* b: conv_transpose 4 2x2 stride=2 relu */
#define B_FILTERS 4
#define B_KERNEL_HEIGHT 2
#define B_STRIDE_Y 2
#define B_HEIGHT ((A_MAXPOOL_HEIGHT - 1) * B_STRIDE_Y + B_KERNEL_HEIGHT)
#define B_KERNEL_WIDTH 2
#define B_STRIDE_X 2
#define B_WIDTH ((A_MAXPOOL_WIDTH - 1) * B_STRIDE_X + B_KERNEL_WIDTH)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * B_FILTERS)
#define B_WEIGHTS (A_MAXPOOL_CHANNELS * B_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * A_MAXPOOL_HEIGHT * A_MAXPOOL_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((A_MAXPOOL_CHANNELS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * A_MAXPOOL_CHANNELS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* concat with=a */
#define B_CONCAT_HEIGHT B_HEIGHT
#define B_CONCAT_WIDTH B_WIDTH
#define B_CONCAT_CHANNELS (B_FILTERS + A_FILTERS)
#define B_CONCAT_SIZE (B_CONCAT_HEIGHT * B_CONCAT_WIDTH * B_CONCAT_CHANNELS)

/* c: conv 3 1x1 */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 1
#define C_KERNEL_WIDTH 1
#define C_HEIGHT (B_CONCAT_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (B_CONCAT_WIDTH - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * B_CONCAT_CHANNELS)
#define C_WEIGHTS (C_FILTERS * B_CONCAT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
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

/* output categorical smoothing=0.2 weights=[1, 2.5, 0.5] */
#define OUTPUT_HEIGHT C_HEIGHT
#define OUTPUT_WIDTH C_WIDTH
#define OUTPUT_CHANNELS C_FILTERS
#define OUTPUT_POSITIONS (OUTPUT_HEIGHT * OUTPUT_WIDTH)
#define OUTPUT_SMOOTHING ((real)0.2)
#define OUTPUT_SIZE (OUTPUT_HEIGHT * OUTPUT_WIDTH * OUTPUT_CHANNELS)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct positions_weights_parameters {
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
        real bias[C_PANELS * C_PANEL];
    } c;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct positions_weights_group {
    struct {
        __typeof__(((struct positions_weights_parameters *)0)->a.weight) weight;
        __typeof__(((struct positions_weights_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct positions_weights_parameters *)0)->b.weight) weight;
        __typeof__(((struct positions_weights_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct positions_weights_parameters *)0)->c.weight) weight;
        __typeof__(((struct positions_weights_parameters *)0)->c.bias) bias;
    } c;
};

/* Results of the layers, [example] first */
struct positions_weights_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_concat)[B_CONCAT_HEIGHT][B_CONCAT_WIDTH][B_CONCAT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*output)[OUTPUT_HEIGHT][OUTPUT_WIDTH][OUTPUT_CHANNELS];
};

/* Gradients of the loss by them */
struct positions_weights_gradients {
    real (*a_from_b_concat)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a_from_a_maxpool)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_concat)[B_CONCAT_HEIGHT][B_CONCAT_WIDTH][B_CONCAT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
};

/* Which tap of its window each maximum was */
struct positions_weights_indices {
    tap_index (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
};

/* Weights as the backward pass reads them */
struct positions_weights_transposed {
    real (*b)[B_BACK_PANELS][A_MAXPOOL_CHANNELS][B_BACK_PANEL];
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct positions_weights {
    struct positions_weights_parameters param;
    struct positions_weights_parameters dparam;
    struct positions_weights_group group[GROUPS];
    struct positions_weights_parameters best;
    struct positions_weights_values value;
    struct positions_weights_gradients dvalue;
    struct positions_weights_indices index;
    struct positions_weights_transposed transposed;
    int32_t target[BATCH][OUTPUT_HEIGHT][OUTPUT_WIDTH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model positions_weights_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT B_CONCAT_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_FROM_B_CONCAT_GRADIENT_AT B_GRADIENT_END
#define A_FROM_B_CONCAT_GRADIENT_END (A_FROM_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_FROM_A_MAXPOOL_GRADIENT_AT A_FROM_B_CONCAT_GRADIENT_END
#define A_FROM_A_MAXPOOL_GRADIENT_END (A_FROM_A_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT A_FROM_A_MAXPOOL_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_MAXPOOL_AT INPUT_END
#define A_MAXPOOL_END (A_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * A_MAXPOOL_SIZE))
#define A_MAXPOOL_INDEX_AT A_MAXPOOL_GRADIENT_END
#define A_MAXPOOL_INDEX_END (A_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * A_MAXPOOL_SIZE + 3) / 4))
#define A_MAXPOOL_GRADIENT_AT A_MAXPOOL_END
#define A_MAXPOOL_GRADIENT_END (A_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_MAXPOOL_SIZE))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT B_CONCAT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define B_CONCAT_AT 0
#define B_CONCAT_END (B_CONCAT_AT + PLACE_SIZE((size_t)BATCH * B_CONCAT_SIZE))
#define B_CONCAT_GRADIENT_AT B_CONCAT_END
#define B_CONCAT_GRADIENT_END (B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_CONCAT_SIZE))
#define C_AT A_GRADIENT_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT OUTPUT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT A_MAXPOOL_INDEX_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define OUTPUT_AT C_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_TRANSPOSED_END + ARENA_SLACK)

#endif
