/* settings_convolutions.h - sizes, parameters and memory of the network 'settings_convolutions', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef SETTINGS_CONVOLUTIONS_H
#define SETTINGS_CONVOLUTIONS_H

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

/* input 6x6x2 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 6
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 4 3x3 pad=1 init=glorot l1=1e-3 l2=1e-2 relu */
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
#define A_L1 0.001
#define A_L2 0.01
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)
#define A_ROWS (A_HEIGHT + B_PAD_TOP + B_PAD_BOTTOM)
#define A_COLUMNS (A_WIDTH + B_PAD_LEFT + B_PAD_RIGHT)
#define A_PADDED_SIZE (A_ROWS * A_COLUMNS * A_FILTERS)

/* b: depthwise 3x3 pad=1 init=he l1=1e-3 relu */
#define B_GROUP_FILTERS 1
#define B_GROUP_CHANNELS 1
#define B_FILTERS (A_FILTERS * B_GROUP_FILTERS)
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_PAD_TOP 1
#define B_PAD_LEFT 1
#define B_PAD_BOTTOM 1
#define B_PAD_RIGHT 1
#define B_HEIGHT (B_PAD_TOP + A_HEIGHT + B_PAD_BOTTOM - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (B_PAD_LEFT + A_WIDTH + B_PAD_RIGHT - B_KERNEL_WIDTH + 1)
#define B_WEIGHTS (B_FILTERS * B_GROUP_CHANNELS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS (B_WEIGHTS + B_FILTERS)
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_FILTERS + B_PANEL - 1) / B_PANEL)
#define B_L1 0.001
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* c: depthwise 3x3 frozen tanh */
#define C_GROUP_FILTERS 1
#define C_GROUP_CHANNELS 1
#define C_FILTERS (B_FILTERS * C_GROUP_FILTERS)
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_HEIGHT (B_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (B_WIDTH - C_KERNEL_WIDTH + 1)
#define C_WEIGHTS (C_FILTERS * C_GROUP_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* d: conv_transpose 3 2x2 stride=2 init=he l1=1e-3 l2=1e-2 relu */
#define D_FILTERS 3
#define D_KERNEL_HEIGHT 2
#define D_STRIDE_Y 2
#define D_HEIGHT ((C_HEIGHT - 1) * D_STRIDE_Y + D_KERNEL_HEIGHT)
#define D_KERNEL_WIDTH 2
#define D_STRIDE_X 2
#define D_WIDTH ((C_WIDTH - 1) * D_STRIDE_X + D_KERNEL_WIDTH)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * D_FILTERS)
#define D_WEIGHTS (C_FILTERS * D_FILTERS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS (D_WEIGHTS + D_FILTERS)
#define D_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((C_FILTERS + D_PANEL - 1) / D_PANEL)
#define D_L1 0.001
#define D_L2 0.01
#define D_BACK_VECTORS 1
#define D_BACK_PANEL (D_BACK_VECTORS * 8)
#define D_BACK_PANELS ((D_KERNEL_ROW + D_BACK_PANEL - 1) / D_BACK_PANEL)
#define D_TRANSPOSED_SIZE (D_KERNEL_HEIGHT * D_BACK_PANELS * C_FILTERS * D_BACK_PANEL)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)

/* e: conv_transpose 2 2x2 frozen sigmoid */
#define E_FILTERS 2
#define E_KERNEL_HEIGHT 2
#define E_HEIGHT ((D_HEIGHT - 1) + E_KERNEL_HEIGHT)
#define E_KERNEL_WIDTH 2
#define E_WIDTH ((D_WIDTH - 1) + E_KERNEL_WIDTH)
#define E_KERNEL_ROW (E_KERNEL_WIDTH * E_FILTERS)
#define E_WEIGHTS (D_FILTERS * E_FILTERS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
#define E_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 4)
#define E_PANELS ((D_FILTERS + E_PANEL - 1) / E_PANEL)
#define E_BACK_VECTORS 1
#define E_BACK_PANEL (E_BACK_VECTORS * 4)
#define E_BACK_PANELS ((E_KERNEL_ROW + E_BACK_PANEL - 1) / E_BACK_PANEL)
#define E_TRANSPOSED_SIZE (E_KERNEL_HEIGHT * E_BACK_PANELS * D_FILTERS * E_BACK_PANEL)
#define E_SIZE (E_HEIGHT * E_WIDTH * E_FILTERS)

/* globalpool avg */
#define E_GLOBALPOOL_UNITS E_FILTERS

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS E_GLOBALPOOL_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 2 - 1) / 2)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct settings_convolutions_parameters {
    struct {
        real weight[A_PANELS][A_KERNEL_HEIGHT][A_KERNEL_ROW][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_KERNEL_HEIGHT][B_KERNEL_WIDTH][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_WIDTH][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
        real bias[D_FILTERS];
    } d;
    struct {
        real weight[E_PANELS][E_KERNEL_HEIGHT][E_KERNEL_ROW][E_PANEL];
        real bias[E_FILTERS];
    } e;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct settings_convolutions_group {
    struct {
        __typeof__(((struct settings_convolutions_parameters *)0)->a.weight) weight;
        __typeof__(((struct settings_convolutions_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct settings_convolutions_parameters *)0)->b.weight) weight;
        __typeof__(((struct settings_convolutions_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct settings_convolutions_parameters *)0)->d.weight) weight;
        __typeof__(((struct settings_convolutions_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct settings_convolutions_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct settings_convolutions_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_globalpool)[E_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct settings_convolutions_gradients {
    real (*a)[A_ROWS][A_COLUMNS][A_FILTERS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_globalpool)[E_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct settings_convolutions_transposed {
    real (*d)[D_BACK_PANELS][C_FILTERS][D_BACK_PANEL];
    real (*e)[E_BACK_PANELS][D_FILTERS][E_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct settings_convolutions {
    struct settings_convolutions_parameters param;
    struct settings_convolutions_parameters dparam;
    struct settings_convolutions_group group[GROUPS];
    struct settings_convolutions_parameters best;
    struct settings_convolutions_values value;
    struct settings_convolutions_gradients dvalue;
    struct settings_convolutions_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model settings_convolutions_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT B_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_PADDED_SIZE))
#define B_AT E_GRADIENT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define C_AT INPUT_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define D_AT A_GRADIENT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT A_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define E_AT D_GRADIENT_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_GRADIENT_AT E_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_TRANSPOSED_AT D_TRANSPOSED_END
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define E_GLOBALPOOL_AT C_GRADIENT_END
#define E_GLOBALPOOL_END (E_GLOBALPOOL_AT + PLACE_SIZE((size_t)BATCH * E_GLOBALPOOL_UNITS))
#define E_GLOBALPOOL_GRADIENT_AT F_GRADIENT_END
#define E_GLOBALPOOL_GRADIENT_END (E_GLOBALPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_GLOBALPOOL_UNITS))
#define F_AT A_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT E_GLOBALPOOL_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (E_GLOBALPOOL_GRADIENT_END + ARENA_SLACK)

#endif
