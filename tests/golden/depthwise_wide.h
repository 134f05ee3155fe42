/* depthwise_wide.h - sizes, parameters and memory of the network 'depthwise_wide', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DEPTHWISE_WIDE_H
#define DEPTHWISE_WIDE_H

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

/* input 9x8x3 */
#define INPUT_HEIGHT 9
#define INPUT_WIDTH 8
#define INPUT_CHANNELS 3
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
#define A_ROWS (A_HEIGHT + D_PAD_TOP)
#define A_COLUMNS (A_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* d: depthwise 3x2 pad=[2, 1, 0, 3] stride=2x1 dilation=1x2 tanh */
#define D_GROUP_FILTERS 1
#define D_GROUP_CHANNELS 1
#define D_FILTERS (A_FILTERS * D_GROUP_FILTERS)
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 2
#define D_STRIDE_Y 2
#define D_DILATION_X 2
#define D_PAD_TOP 2
#define D_PAD_LEFT 1
#define D_PAD_RIGHT 3
#define D_HEIGHT ((D_PAD_TOP + A_HEIGHT - D_KERNEL_HEIGHT) / D_STRIDE_Y + 1)
#define D_WIDTH (D_PAD_LEFT + A_WIDTH + D_PAD_RIGHT - ((D_KERNEL_WIDTH - 1) * D_DILATION_X + 1) + 1)
#define D_WEIGHTS (D_FILTERS * D_GROUP_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS (D_WEIGHTS + D_FILTERS)
#define D_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * D_WEIGHTS)
#define D_VECTORS 2
#define D_PANEL (D_VECTORS * 8)
#define D_PANELS ((D_FILTERS + D_PANEL - 1) / D_PANEL)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)
#define D_ROWS (D_HEIGHT + E_PAD_TOP + E_PAD_BOTTOM)
#define D_COLUMNS (D_WIDTH + E_PAD_LEFT + E_PAD_RIGHT)
#define D_PADDED_SIZE (D_ROWS * D_COLUMNS * D_FILTERS)

/* e: depthwise 2x5 pad=2 dilation=2x1 bias=no l2=1e-3 max_norm=0.4 */
#define E_GROUP_FILTERS 1
#define E_GROUP_CHANNELS 1
#define E_FILTERS (D_FILTERS * E_GROUP_FILTERS)
#define E_KERNEL_HEIGHT 2
#define E_KERNEL_WIDTH 5
#define E_DILATION_Y 2
#define E_PAD_TOP 2
#define E_PAD_LEFT 2
#define E_PAD_BOTTOM 2
#define E_PAD_RIGHT 2
#define E_HEIGHT (E_PAD_TOP + D_HEIGHT + E_PAD_BOTTOM - ((E_KERNEL_HEIGHT - 1) * E_DILATION_Y + 1) + 1)
#define E_WIDTH (E_PAD_LEFT + D_WIDTH + E_PAD_RIGHT - E_KERNEL_WIDTH + 1)
#define E_WEIGHTS (E_FILTERS * E_GROUP_CHANNELS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
#define E_PARAMETERS E_WEIGHTS
#define E_FLOP ((int64_t)2 * E_HEIGHT * E_WIDTH * E_WEIGHTS)
#define E_VECTORS 2
#define E_PANEL (E_VECTORS * 8)
#define E_PANELS ((E_FILTERS + E_PANEL - 1) / E_PANEL)
#define E_MAX_NORM ((real)0.4)
#define E_L2 0.001
#define E_SIZE (E_HEIGHT * E_WIDTH * E_FILTERS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS E_SIZE
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
struct depthwise_wide_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_WIDTH][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[E_PANELS][E_KERNEL_HEIGHT][E_KERNEL_WIDTH][E_PANEL];
    } e;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct depthwise_wide_group {
    struct {
        __typeof__(((struct depthwise_wide_parameters *)0)->a.weight) weight;
        __typeof__(((struct depthwise_wide_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct depthwise_wide_parameters *)0)->d.weight) weight;
        __typeof__(((struct depthwise_wide_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct depthwise_wide_parameters *)0)->e.weight) weight;
    } e;
    struct {
        __typeof__(((struct depthwise_wide_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct depthwise_wide_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*d)[D_ROWS][D_COLUMNS][D_FILTERS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct depthwise_wide_gradients {
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*d)[D_ROWS][D_COLUMNS][D_FILTERS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*f)[F_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct depthwise_wide {
    struct depthwise_wide_parameters param;
    struct depthwise_wide_parameters dparam;
    struct depthwise_wide_group group[GROUPS];
    struct depthwise_wide_parameters best;
    struct depthwise_wide_values value;
    struct depthwise_wide_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model depthwise_wide_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT E_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define D_AT A_GRADIENT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_PADDED_SIZE))
#define D_GRADIENT_AT D_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_PADDED_SIZE))
#define E_AT D_GRADIENT_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_GRADIENT_AT E_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define F_AT A_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
