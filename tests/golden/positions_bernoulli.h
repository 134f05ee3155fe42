/* positions_bernoulli.h - sizes, parameters and memory of the network 'positions_bernoulli', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef POSITIONS_BERNOULLI_H
#define POSITIONS_BERNOULLI_H

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

/* input 6x5x2 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 5
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* a: conv 4 3x3 tanh */
#define A_FILTERS 4
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

/* b: conv 2 1x1 */
#define B_FILTERS 2
#define B_KERNEL_HEIGHT 1
#define B_KERNEL_WIDTH 1
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
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 4)
#define B_BACK_PANELS ((B_KERNEL_ROW + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_KERNEL_HEIGHT * B_BACK_PANELS * B_FILTERS * B_BACK_PANEL)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* output bernoulli */
#define OUTPUT_HEIGHT B_HEIGHT
#define OUTPUT_WIDTH B_WIDTH
#define OUTPUT_CHANNELS B_FILTERS
#define OUTPUT_POSITIONS (OUTPUT_HEIGHT * OUTPUT_WIDTH)
#define OUTPUT_SIZE (OUTPUT_HEIGHT * OUTPUT_WIDTH * OUTPUT_CHANNELS)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct positions_bernoulli_parameters {
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
struct positions_bernoulli_group {
    struct {
        __typeof__(((struct positions_bernoulli_parameters *)0)->a.weight) weight;
        __typeof__(((struct positions_bernoulli_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct positions_bernoulli_parameters *)0)->b.weight) weight;
        __typeof__(((struct positions_bernoulli_parameters *)0)->b.bias) bias;
    } b;
};

/* Results of the layers, [example] first */
struct positions_bernoulli_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*output)[OUTPUT_HEIGHT][OUTPUT_WIDTH][OUTPUT_CHANNELS];
};

/* Gradients of the loss by them */
struct positions_bernoulli_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
};

/* Weights as the backward pass reads them */
struct positions_bernoulli_transposed {
    real (*b)[B_BACK_PANELS][B_FILTERS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct positions_bernoulli {
    struct positions_bernoulli_parameters param;
    struct positions_bernoulli_parameters dparam;
    struct positions_bernoulli_group group[GROUPS];
    struct positions_bernoulli_parameters best;
    struct positions_bernoulli_values value;
    struct positions_bernoulli_gradients dvalue;
    struct positions_bernoulli_transposed transposed;
    real target[BATCH][OUTPUT_SIZE];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model positions_bernoulli_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT A_GRADIENT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_TRANSPOSED_AT B_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define OUTPUT_AT B_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_TRANSPOSED_END + ARENA_SLACK)

#endif
