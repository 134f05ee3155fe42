/* target_huber.h - sizes, parameters and memory of the network 'target_huber', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef TARGET_HUBER_H
#define TARGET_HUBER_H

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

/* input 4x4x1 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 2 3x3 pad=1 tanh */
#define A_FILTERS 2
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
#define A_ROWS (A_HEIGHT + B_PAD_TOP + B_PAD_BOTTOM)
#define A_COLUMNS (A_WIDTH + B_PAD_LEFT + B_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* b: conv 1 3x3 pad=1 */
#define B_FILTERS 1
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_PAD_TOP 1
#define B_PAD_LEFT 1
#define B_PAD_BOTTOM 1
#define B_PAD_RIGHT 1
#define B_HEIGHT (B_PAD_TOP + A_HEIGHT + B_PAD_BOTTOM - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (B_PAD_LEFT + A_WIDTH + B_PAD_RIGHT - B_KERNEL_WIDTH + 1)
#define B_KERNEL_ROW (B_KERNEL_WIDTH * A_FILTERS)
#define B_PAIRS ((B_KERNEL_ROW + 1) / 2)
#define B_WEIGHTS (B_FILTERS * A_FILTERS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * B_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* output huber delta=0.5 target=input */
#define OUTPUT_UNITS B_SIZE
#define OUTPUT_TARGETS B_SIZE
#define OUTPUT_DELTA ((real)0.5)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct target_huber_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_ROW][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct target_huber_group {
    struct {
        __typeof__(((struct target_huber_parameters *)0)->a.weight) weight;
        __typeof__(((struct target_huber_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct target_huber_parameters *)0)->b.weight) weight;
        __typeof__(((struct target_huber_parameters *)0)->b.bias) bias;
    } b;
};

/* Results of the layers, [example] first */
struct target_huber_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct target_huber_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
};

/* Weights as the backward pass reads them */
struct target_huber_transposed {
    real (*b)[B_BACK_PANELS][B_FILTERS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct target_huber {
    struct target_huber_parameters param;
    struct target_huber_parameters dparam;
    struct target_huber_group group[GROUPS];
    struct target_huber_parameters best;
    struct target_huber_values value;
    struct target_huber_gradients dvalue;
    struct target_huber_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model target_huber_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT INPUT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT A_GRADIENT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT B_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define OUTPUT_AT B_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_TRANSPOSED_END + ARENA_SLACK)

#endif
