/* concat_with.h - sizes, parameters and memory of the network 'concat_with', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONCAT_WITH_H
#define CONCAT_WITH_H

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
#define INPUT_ROWS (INPUT_HEIGHT + TOP_A_PAD_TOP + TOP_A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + TOP_A_PAD_LEFT + TOP_A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* top_a: conv 2 3x3 pad=1 relu */
#define TOP_A_FILTERS 2
#define TOP_A_KERNEL_HEIGHT 3
#define TOP_A_KERNEL_WIDTH 3
#define TOP_A_PAD_TOP 1
#define TOP_A_PAD_LEFT 1
#define TOP_A_PAD_BOTTOM 1
#define TOP_A_PAD_RIGHT 1
#define TOP_A_HEIGHT (TOP_A_PAD_TOP + INPUT_HEIGHT + TOP_A_PAD_BOTTOM - TOP_A_KERNEL_HEIGHT + 1)
#define TOP_A_WIDTH (TOP_A_PAD_LEFT + INPUT_WIDTH + TOP_A_PAD_RIGHT - TOP_A_KERNEL_WIDTH + 1)
#define TOP_A_KERNEL_ROW (TOP_A_KERNEL_WIDTH * INPUT_CHANNELS)
#define TOP_A_PAIRS ((TOP_A_KERNEL_ROW + 1) / 2)
#define TOP_A_WEIGHTS (TOP_A_FILTERS * INPUT_CHANNELS * TOP_A_KERNEL_HEIGHT * TOP_A_KERNEL_WIDTH)
#define TOP_A_PARAMETERS (TOP_A_WEIGHTS + TOP_A_FILTERS)
#define TOP_A_FLOP ((int64_t)2 * TOP_A_HEIGHT * TOP_A_WIDTH * TOP_A_WEIGHTS)
#define TOP_A_VECTORS 1
#define TOP_A_PANEL (TOP_A_VECTORS * 4)
#define TOP_A_PANELS ((TOP_A_FILTERS + TOP_A_PANEL - 1) / TOP_A_PANEL)
#define TOP_A_SIZE (TOP_A_HEIGHT * TOP_A_WIDTH * TOP_A_FILTERS)
#define TOP_A_ROWS (TOP_A_HEIGHT + TOP_B_PAD_TOP + TOP_B_PAD_BOTTOM)
#define TOP_A_COLUMNS (TOP_A_WIDTH + TOP_B_PAD_LEFT + TOP_B_PAD_RIGHT)
#define TOP_A_PADDED_SIZE (TOP_A_ROWS * TOP_A_COLUMNS * TOP_A_FILTERS)

/* top_b: conv 2 3x3 pad=1 relu */
#define TOP_B_FILTERS 2
#define TOP_B_KERNEL_HEIGHT 3
#define TOP_B_KERNEL_WIDTH 3
#define TOP_B_PAD_TOP 1
#define TOP_B_PAD_LEFT 1
#define TOP_B_PAD_BOTTOM 1
#define TOP_B_PAD_RIGHT 1
#define TOP_B_HEIGHT (TOP_B_PAD_TOP + TOP_A_HEIGHT + TOP_B_PAD_BOTTOM - TOP_B_KERNEL_HEIGHT + 1)
#define TOP_B_WIDTH (TOP_B_PAD_LEFT + TOP_A_WIDTH + TOP_B_PAD_RIGHT - TOP_B_KERNEL_WIDTH + 1)
#define TOP_B_KERNEL_ROW (TOP_B_KERNEL_WIDTH * TOP_A_FILTERS)
#define TOP_B_PAIRS ((TOP_B_KERNEL_ROW + 1) / 2)
#define TOP_B_WEIGHTS (TOP_B_FILTERS * TOP_A_FILTERS * TOP_B_KERNEL_HEIGHT * TOP_B_KERNEL_WIDTH)
#define TOP_B_PARAMETERS (TOP_B_WEIGHTS + TOP_B_FILTERS)
#define TOP_B_FLOP ((int64_t)2 * TOP_B_HEIGHT * TOP_B_WIDTH * TOP_B_WEIGHTS)
#define TOP_B_VECTORS 1
#define TOP_B_PANEL (TOP_B_VECTORS * 4)
#define TOP_B_PANELS ((TOP_B_FILTERS + TOP_B_PANEL - 1) / TOP_B_PANEL)
#define TOP_B_BACK_VECTORS 1
#define TOP_B_BACK_PANEL (TOP_B_BACK_VECTORS * 8)
#define TOP_B_BACK_PANELS ((TOP_B_KERNEL_ROW + TOP_B_BACK_PANEL - 1) / TOP_B_BACK_PANEL)
#define TOP_B_TRANSPOSED_SIZE (TOP_B_KERNEL_HEIGHT * TOP_B_BACK_PANELS * TOP_B_FILTERS * TOP_B_BACK_PANEL)
#define TOP_B_SIZE (TOP_B_HEIGHT * TOP_B_WIDTH * TOP_B_FILTERS)

/* concat with=a */
#define TOP_B_CONCAT_HEIGHT TOP_B_HEIGHT
#define TOP_B_CONCAT_WIDTH TOP_B_WIDTH
#define TOP_B_CONCAT_CHANNELS (TOP_B_FILTERS + TOP_A_FILTERS)
#define TOP_B_CONCAT_SIZE (TOP_B_CONCAT_HEIGHT * TOP_B_CONCAT_WIDTH * TOP_B_CONCAT_CHANNELS)
#define TOP_B_CONCAT_ROWS (TOP_B_CONCAT_HEIGHT + LOW_A_PAD_TOP + LOW_A_PAD_BOTTOM)
#define TOP_B_CONCAT_COLUMNS (TOP_B_CONCAT_WIDTH + LOW_A_PAD_LEFT + LOW_A_PAD_RIGHT)
#define TOP_B_CONCAT_PADDED_SIZE (TOP_B_CONCAT_ROWS * TOP_B_CONCAT_COLUMNS * TOP_B_CONCAT_CHANNELS)

/* low_a: conv 3 3x3 pad=1 relu */
#define LOW_A_FILTERS 3
#define LOW_A_KERNEL_HEIGHT 3
#define LOW_A_KERNEL_WIDTH 3
#define LOW_A_PAD_TOP 1
#define LOW_A_PAD_LEFT 1
#define LOW_A_PAD_BOTTOM 1
#define LOW_A_PAD_RIGHT 1
#define LOW_A_HEIGHT (LOW_A_PAD_TOP + TOP_B_CONCAT_HEIGHT + LOW_A_PAD_BOTTOM - LOW_A_KERNEL_HEIGHT + 1)
#define LOW_A_WIDTH (LOW_A_PAD_LEFT + TOP_B_CONCAT_WIDTH + LOW_A_PAD_RIGHT - LOW_A_KERNEL_WIDTH + 1)
#define LOW_A_KERNEL_ROW (LOW_A_KERNEL_WIDTH * TOP_B_CONCAT_CHANNELS)
#define LOW_A_WEIGHTS (LOW_A_FILTERS * TOP_B_CONCAT_CHANNELS * LOW_A_KERNEL_HEIGHT * LOW_A_KERNEL_WIDTH)
#define LOW_A_PARAMETERS (LOW_A_WEIGHTS + LOW_A_FILTERS)
#define LOW_A_FLOP ((int64_t)2 * LOW_A_HEIGHT * LOW_A_WIDTH * LOW_A_WEIGHTS)
#define LOW_A_VECTORS 1
#define LOW_A_PANEL (LOW_A_VECTORS * 4)
#define LOW_A_PANELS ((LOW_A_FILTERS + LOW_A_PANEL - 1) / LOW_A_PANEL)
#define LOW_A_BACK_VECTORS 2
#define LOW_A_BACK_PANEL (LOW_A_BACK_VECTORS * 8)
#define LOW_A_BACK_PANELS ((LOW_A_KERNEL_ROW + LOW_A_BACK_PANEL - 1) / LOW_A_BACK_PANEL)
#define LOW_A_TRANSPOSED_SIZE (LOW_A_KERNEL_HEIGHT * LOW_A_BACK_PANELS * LOW_A_FILTERS * LOW_A_BACK_PANEL)
#define LOW_A_SIZE (LOW_A_HEIGHT * LOW_A_WIDTH * LOW_A_FILTERS)
#define LOW_A_ROWS (LOW_A_HEIGHT + LOW_B_PAD_TOP + LOW_B_PAD_BOTTOM)
#define LOW_A_COLUMNS (LOW_A_WIDTH + LOW_B_PAD_LEFT + LOW_B_PAD_RIGHT)
#define LOW_A_PADDED_SIZE (LOW_A_ROWS * LOW_A_COLUMNS * LOW_A_FILTERS)

/* low_b: conv 3 3x3 pad=1 relu */
#define LOW_B_FILTERS 3
#define LOW_B_KERNEL_HEIGHT 3
#define LOW_B_KERNEL_WIDTH 3
#define LOW_B_PAD_TOP 1
#define LOW_B_PAD_LEFT 1
#define LOW_B_PAD_BOTTOM 1
#define LOW_B_PAD_RIGHT 1
#define LOW_B_HEIGHT (LOW_B_PAD_TOP + LOW_A_HEIGHT + LOW_B_PAD_BOTTOM - LOW_B_KERNEL_HEIGHT + 1)
#define LOW_B_WIDTH (LOW_B_PAD_LEFT + LOW_A_WIDTH + LOW_B_PAD_RIGHT - LOW_B_KERNEL_WIDTH + 1)
#define LOW_B_KERNEL_ROW (LOW_B_KERNEL_WIDTH * LOW_A_FILTERS)
#define LOW_B_PAIRS ((LOW_B_KERNEL_ROW + 1) / 2)
#define LOW_B_WEIGHTS (LOW_B_FILTERS * LOW_A_FILTERS * LOW_B_KERNEL_HEIGHT * LOW_B_KERNEL_WIDTH)
#define LOW_B_PARAMETERS (LOW_B_WEIGHTS + LOW_B_FILTERS)
#define LOW_B_FLOP ((int64_t)2 * LOW_B_HEIGHT * LOW_B_WIDTH * LOW_B_WEIGHTS)
#define LOW_B_VECTORS 1
#define LOW_B_PANEL (LOW_B_VECTORS * 4)
#define LOW_B_PANELS ((LOW_B_FILTERS + LOW_B_PANEL - 1) / LOW_B_PANEL)
#define LOW_B_BACK_VECTORS 2
#define LOW_B_BACK_PANEL (LOW_B_BACK_VECTORS * 8)
#define LOW_B_BACK_PANELS ((LOW_B_KERNEL_ROW + LOW_B_BACK_PANEL - 1) / LOW_B_BACK_PANEL)
#define LOW_B_TRANSPOSED_SIZE (LOW_B_KERNEL_HEIGHT * LOW_B_BACK_PANELS * LOW_B_FILTERS * LOW_B_BACK_PANEL)
#define LOW_B_SIZE (LOW_B_HEIGHT * LOW_B_WIDTH * LOW_B_FILTERS)

/* concat with=a */
#define LOW_B_CONCAT_HEIGHT LOW_B_HEIGHT
#define LOW_B_CONCAT_WIDTH LOW_B_WIDTH
#define LOW_B_CONCAT_CHANNELS (LOW_B_FILTERS + LOW_A_FILTERS)
#define LOW_B_CONCAT_SIZE (LOW_B_CONCAT_HEIGHT * LOW_B_CONCAT_WIDTH * LOW_B_CONCAT_CHANNELS)

/* join: concat with=[top_b, low_a] */
#define JOIN_HEIGHT LOW_B_CONCAT_HEIGHT
#define JOIN_WIDTH LOW_B_CONCAT_WIDTH
#define JOIN_CHANNELS (LOW_B_CONCAT_CHANNELS + TOP_B_FILTERS + LOW_A_FILTERS)
#define JOIN_SIZE (JOIN_HEIGHT * JOIN_WIDTH * JOIN_CHANNELS)

/* f: dense 4 relu */
#define F_UNITS 4
#define F_INPUTS JOIN_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 8 - 1) / 8)

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS F_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 4 - 1) / 4)

/* concat with=f */
#define G_CONCAT_UNITS (G_UNITS + F_UNITS)

/* output squared_error */
#define OUTPUT_UNITS G_CONCAT_UNITS
#define OUTPUT_TARGETS G_CONCAT_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct concat_with_parameters {
    struct {
        real weight[TOP_A_PANELS][TOP_A_KERNEL_HEIGHT][TOP_A_KERNEL_ROW][TOP_A_PANEL];
        real bias[TOP_A_PANELS * TOP_A_PANEL];
    } top_a;
    struct {
        real weight[TOP_B_PANELS][TOP_B_KERNEL_HEIGHT][TOP_B_KERNEL_ROW][TOP_B_PANEL];
        real bias[TOP_B_PANELS * TOP_B_PANEL];
    } top_b;
    struct {
        real weight[LOW_A_PANELS][LOW_A_KERNEL_HEIGHT][LOW_A_KERNEL_ROW][LOW_A_PANEL];
        real bias[LOW_A_PANELS * LOW_A_PANEL];
    } low_a;
    struct {
        real weight[LOW_B_PANELS][LOW_B_KERNEL_HEIGHT][LOW_B_KERNEL_ROW][LOW_B_PANEL];
        real bias[LOW_B_PANELS * LOW_B_PANEL];
    } low_b;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct concat_with_group {
    struct {
        __typeof__(((struct concat_with_parameters *)0)->top_a.weight) weight;
        __typeof__(((struct concat_with_parameters *)0)->top_a.bias) bias;
    } top_a;
    struct {
        __typeof__(((struct concat_with_parameters *)0)->top_b.weight) weight;
        __typeof__(((struct concat_with_parameters *)0)->top_b.bias) bias;
    } top_b;
    struct {
        __typeof__(((struct concat_with_parameters *)0)->low_a.weight) weight;
        __typeof__(((struct concat_with_parameters *)0)->low_a.bias) bias;
    } low_a;
    struct {
        __typeof__(((struct concat_with_parameters *)0)->low_b.weight) weight;
        __typeof__(((struct concat_with_parameters *)0)->low_b.bias) bias;
    } low_b;
    struct {
        __typeof__(((struct concat_with_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct concat_with_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct concat_with_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*top_a)[TOP_A_ROWS][TOP_A_COLUMNS][TOP_A_FILTERS];
    real (*top_b)[TOP_B_HEIGHT][TOP_B_WIDTH][TOP_B_FILTERS];
    real (*top_b_concat)[TOP_B_CONCAT_ROWS][TOP_B_CONCAT_COLUMNS][TOP_B_CONCAT_CHANNELS];
    real (*low_a)[LOW_A_ROWS][LOW_A_COLUMNS][LOW_A_FILTERS];
    real (*low_b)[LOW_B_HEIGHT][LOW_B_WIDTH][LOW_B_FILTERS];
    real (*low_b_concat)[LOW_B_CONCAT_HEIGHT][LOW_B_CONCAT_WIDTH][LOW_B_CONCAT_CHANNELS];
    real (*join)[JOIN_HEIGHT][JOIN_WIDTH][JOIN_CHANNELS];
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
    real (*g_concat)[G_CONCAT_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct concat_with_gradients {
    real (*top_a_from_top_b_concat)[TOP_A_HEIGHT][TOP_A_WIDTH][TOP_A_FILTERS];
    real (*top_a_from_top_b)[TOP_A_HEIGHT][TOP_A_WIDTH][TOP_A_FILTERS];
    real (*top_a)[TOP_A_HEIGHT][TOP_A_WIDTH][TOP_A_FILTERS];
    real (*top_b_from_join)[TOP_B_HEIGHT][TOP_B_WIDTH][TOP_B_FILTERS];
    real (*top_b_from_top_b_concat)[TOP_B_HEIGHT][TOP_B_WIDTH][TOP_B_FILTERS];
    real (*top_b)[TOP_B_HEIGHT][TOP_B_WIDTH][TOP_B_FILTERS];
    real (*top_b_concat)[TOP_B_CONCAT_HEIGHT][TOP_B_CONCAT_WIDTH][TOP_B_CONCAT_CHANNELS];
    real (*low_a_from_join)[LOW_A_HEIGHT][LOW_A_WIDTH][LOW_A_FILTERS];
    real (*low_a_from_low_b_concat)[LOW_A_HEIGHT][LOW_A_WIDTH][LOW_A_FILTERS];
    real (*low_a_from_low_b)[LOW_A_HEIGHT][LOW_A_WIDTH][LOW_A_FILTERS];
    real (*low_a)[LOW_A_HEIGHT][LOW_A_WIDTH][LOW_A_FILTERS];
    real (*low_b)[LOW_B_HEIGHT][LOW_B_WIDTH][LOW_B_FILTERS];
    real (*low_b_concat)[LOW_B_CONCAT_HEIGHT][LOW_B_CONCAT_WIDTH][LOW_B_CONCAT_CHANNELS];
    real (*join)[JOIN_HEIGHT][JOIN_WIDTH][JOIN_CHANNELS];
    real (*f_from_g_concat)[F_UNITS];
    real (*f_from_g)[F_UNITS];
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
    real (*g_concat)[G_CONCAT_UNITS];
};

/* Weights as the backward pass reads them */
struct concat_with_transposed {
    real (*top_b)[TOP_B_BACK_PANELS][TOP_B_FILTERS][TOP_B_BACK_PANEL];
    real (*low_a)[LOW_A_BACK_PANELS][LOW_A_FILTERS][LOW_A_BACK_PANEL];
    real (*low_b)[LOW_B_BACK_PANELS][LOW_B_FILTERS][LOW_B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct concat_with {
    struct concat_with_parameters param;
    struct concat_with_parameters dparam;
    struct concat_with_group group[GROUPS];
    struct concat_with_parameters best;
    struct concat_with_values value;
    struct concat_with_gradients dvalue;
    struct concat_with_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model concat_with_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT LOW_A_TRANSPOSED_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define TOP_A_AT LOW_B_CONCAT_GRADIENT_END
#define TOP_A_END (TOP_A_AT + PLACE_SIZE((size_t)BATCH * TOP_A_PADDED_SIZE))
#define TOP_A_FROM_TOP_B_CONCAT_GRADIENT_AT TOP_B_FROM_TOP_B_CONCAT_GRADIENT_END
#define TOP_A_FROM_TOP_B_CONCAT_GRADIENT_END (TOP_A_FROM_TOP_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_A_SIZE))
#define TOP_A_FROM_TOP_B_GRADIENT_AT TOP_B_GRADIENT_END
#define TOP_A_FROM_TOP_B_GRADIENT_END (TOP_A_FROM_TOP_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_A_SIZE))
#define TOP_A_GRADIENT_AT TOP_A_FROM_TOP_B_GRADIENT_END
#define TOP_A_GRADIENT_END (TOP_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_A_SIZE))
#define TOP_B_AT INPUT_END
#define TOP_B_END (TOP_B_AT + PLACE_SIZE((size_t)BATCH * TOP_B_SIZE))
#define TOP_B_FROM_JOIN_GRADIENT_AT TOP_B_END
#define TOP_B_FROM_JOIN_GRADIENT_END (TOP_B_FROM_JOIN_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_B_SIZE))
#define TOP_B_FROM_TOP_B_CONCAT_GRADIENT_AT TOP_B_FROM_JOIN_GRADIENT_END
#define TOP_B_FROM_TOP_B_CONCAT_GRADIENT_END (TOP_B_FROM_TOP_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_B_SIZE))
#define TOP_B_GRADIENT_AT TOP_A_FROM_TOP_B_CONCAT_GRADIENT_END
#define TOP_B_GRADIENT_END (TOP_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_B_SIZE))
#define TOP_B_TRANSPOSED_AT TOP_A_GRADIENT_END
#define TOP_B_TRANSPOSED_END (TOP_B_TRANSPOSED_AT + PLACE_SIZE(TOP_B_TRANSPOSED_SIZE))
#define TOP_B_CONCAT_AT JOIN_GRADIENT_END
#define TOP_B_CONCAT_END (TOP_B_CONCAT_AT + PLACE_SIZE((size_t)BATCH * TOP_B_CONCAT_PADDED_SIZE))
#define TOP_B_CONCAT_GRADIENT_AT TOP_A_END
#define TOP_B_CONCAT_GRADIENT_END (TOP_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * TOP_B_CONCAT_SIZE))
#define LOW_A_AT TOP_B_CONCAT_END
#define LOW_A_END (LOW_A_AT + PLACE_SIZE((size_t)BATCH * LOW_A_PADDED_SIZE))
#define LOW_A_FROM_JOIN_GRADIENT_AT LOW_B_END
#define LOW_A_FROM_JOIN_GRADIENT_END (LOW_A_FROM_JOIN_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_A_SIZE))
#define LOW_A_FROM_LOW_B_CONCAT_GRADIENT_AT LOW_B_GRADIENT_END
#define LOW_A_FROM_LOW_B_CONCAT_GRADIENT_END (LOW_A_FROM_LOW_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_A_SIZE))
#define LOW_A_FROM_LOW_B_GRADIENT_AT LOW_A_FROM_LOW_B_CONCAT_GRADIENT_END
#define LOW_A_FROM_LOW_B_GRADIENT_END (LOW_A_FROM_LOW_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_A_SIZE))
#define LOW_A_GRADIENT_AT LOW_B_TRANSPOSED_END
#define LOW_A_GRADIENT_END (LOW_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_A_SIZE))
#define LOW_A_TRANSPOSED_AT LOW_A_GRADIENT_END
#define LOW_A_TRANSPOSED_END (LOW_A_TRANSPOSED_AT + PLACE_SIZE(LOW_A_TRANSPOSED_SIZE))
#define LOW_B_AT TOP_B_CONCAT_GRADIENT_END
#define LOW_B_END (LOW_B_AT + PLACE_SIZE((size_t)BATCH * LOW_B_SIZE))
#define LOW_B_GRADIENT_AT LOW_A_FROM_JOIN_GRADIENT_END
#define LOW_B_GRADIENT_END (LOW_B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_B_SIZE))
#define LOW_B_TRANSPOSED_AT LOW_A_FROM_LOW_B_GRADIENT_END
#define LOW_B_TRANSPOSED_END (LOW_B_TRANSPOSED_AT + PLACE_SIZE(LOW_B_TRANSPOSED_SIZE))
#define LOW_B_CONCAT_AT JOIN_END
#define LOW_B_CONCAT_END (LOW_B_CONCAT_AT + PLACE_SIZE((size_t)BATCH * LOW_B_CONCAT_SIZE))
#define LOW_B_CONCAT_GRADIENT_AT LOW_A_END
#define LOW_B_CONCAT_GRADIENT_END (LOW_B_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * LOW_B_CONCAT_SIZE))
#define JOIN_AT 0
#define JOIN_END (JOIN_AT + PLACE_SIZE((size_t)BATCH * JOIN_SIZE))
#define JOIN_GRADIENT_AT JOIN_END
#define JOIN_GRADIENT_END (JOIN_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * JOIN_SIZE))
#define F_AT G_CONCAT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_FROM_G_CONCAT_GRADIENT_AT G_GRADIENT_END
#define F_FROM_G_CONCAT_GRADIENT_END (F_FROM_G_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_FROM_G_GRADIENT_AT JOIN_END
#define F_FROM_G_GRADIENT_END (F_FROM_G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define G_AT F_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT G_CONCAT_GRADIENT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_CONCAT_AT LOW_B_CONCAT_END
#define G_CONCAT_END (G_CONCAT_AT + PLACE_SIZE((size_t)BATCH * G_CONCAT_UNITS))
#define G_CONCAT_GRADIENT_AT JOIN_END
#define G_CONCAT_GRADIENT_END (G_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_CONCAT_UNITS))
#define OUTPUT_AT TOP_B_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
