/* depthwise_single.h - sizes, parameters and memory of the network 'depthwise_single', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DEPTHWISE_SINGLE_H
#define DEPTHWISE_SINGLE_H

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
#define RATE 0.001
#define ADAM_BETA1 0.9
#define ADAM_BETA2 0.999
#define ADAM_EPS 1e-08
#define CLIP_NORM 0.5

/* input 5x5x1 */
#define INPUT_HEIGHT 5
#define INPUT_WIDTH 5
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: depthwise 3x3 pad=1 tanh */
#define A_GROUP_FILTERS 1
#define A_GROUP_CHANNELS 1
#define A_FILTERS (INPUT_CHANNELS * A_GROUP_FILTERS)
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_PAD_TOP 1
#define A_PAD_LEFT 1
#define A_PAD_BOTTOM 1
#define A_PAD_RIGHT 1
#define A_HEIGHT (A_PAD_TOP + INPUT_HEIGHT + A_PAD_BOTTOM - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (A_PAD_LEFT + INPUT_WIDTH + A_PAD_RIGHT - A_KERNEL_WIDTH + 1)
#define A_WEIGHTS (A_FILTERS * A_GROUP_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS (A_WEIGHTS + A_FILTERS)
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_FILTERS + A_PANEL - 1) / A_PANEL)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

/* b: depthwise 3x3 multiplier=3 tanh */
#define B_GROUP_FILTERS 3
#define B_GROUP_CHANNELS 1
#define B_FILTERS (A_FILTERS * B_GROUP_FILTERS)
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_HEIGHT (A_HEIGHT - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (A_WIDTH - B_KERNEL_WIDTH + 1)
#define B_WEIGHTS (B_FILTERS * B_GROUP_CHANNELS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* c: dense 2 */
#define C_UNITS 2
#define C_INPUTS B_SIZE
#define C_WEIGHTS (C_UNITS * C_INPUTS)
#define C_PARAMETERS (C_WEIGHTS + C_UNITS)
#define C_FLOP ((int64_t)2 * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_UNITS + C_PANEL - 1) / C_PANEL)
#define C_WEIGHT_TILES ((C_INPUTS + 7 - 1) / 7)

/* output categorical */
#define OUTPUT_UNITS C_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct depthwise_single_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_WIDTH][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_KERNEL_HEIGHT][B_KERNEL_WIDTH][B_FILTERS];
        real bias[B_FILTERS];
    } b;
    struct {
        real weight[C_PANELS][C_INPUTS][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct depthwise_single_group {
    struct {
        __typeof__(((struct depthwise_single_parameters *)0)->a.weight) weight;
        __typeof__(((struct depthwise_single_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct depthwise_single_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct depthwise_single_parameters *)0)->c.bias) bias;
    } c;
};

/* Results of the layers, [example] first */
struct depthwise_single_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct depthwise_single_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct depthwise_single {
    struct depthwise_single_parameters param;
    struct depthwise_single_parameters dparam;
    struct depthwise_single_group group[GROUPS];
    struct depthwise_single_parameters mean;
    struct depthwise_single_parameters square;
    struct depthwise_single_parameters best;
    struct depthwise_single_values value;
    struct depthwise_single_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    double gradient_square[TEAM_PARTS]; /* of all gradients, in parts */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model depthwise_single_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT B_GRADIENT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT INPUT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define B_AT INPUT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define C_AT B_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_GRADIENT_AT OUTPUT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define OUTPUT_AT A_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_GRADIENT_END + ARENA_SLACK)

#endif
