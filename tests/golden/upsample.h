/* upsample.h - sizes, parameters and memory of the network 'upsample', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef UPSAMPLE_H
#define UPSAMPLE_H

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

/* input 6 */
#define INPUT_UNITS 6

/* f: dense 8 relu */
#define F_UNITS 8
#define F_INPUTS INPUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 6 - 1) / 6)

/* reshape 2x2x2 */
#define F_RESHAPE_HEIGHT 2
#define F_RESHAPE_WIDTH 2
#define F_RESHAPE_CHANNELS 2
#define F_RESHAPE_SIZE (F_RESHAPE_HEIGHT * F_RESHAPE_WIDTH * F_RESHAPE_CHANNELS)
#define F_RESHAPE_ROWS (F_RESHAPE_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define F_RESHAPE_COLUMNS (F_RESHAPE_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define F_RESHAPE_PADDED_SIZE (F_RESHAPE_ROWS * F_RESHAPE_COLUMNS * F_RESHAPE_CHANNELS)

/* c: conv 3 3x3 pad=1 */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + F_RESHAPE_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + F_RESHAPE_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * F_RESHAPE_CHANNELS)
#define C_PAIRS ((C_KERNEL_ROW + 1) / 2)
#define C_WEIGHTS (C_FILTERS * F_RESHAPE_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
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

/* upsample 2x3 */
#define C_UPSAMPLE_FACTOR_Y 2
#define C_UPSAMPLE_FACTOR_X 3
#define C_UPSAMPLE_HEIGHT (C_HEIGHT * C_UPSAMPLE_FACTOR_Y)
#define C_UPSAMPLE_WIDTH (C_WIDTH * C_UPSAMPLE_FACTOR_X)
#define C_UPSAMPLE_CHANNELS C_FILTERS
#define C_UPSAMPLE_SIZE (C_UPSAMPLE_HEIGHT * C_UPSAMPLE_WIDTH * C_UPSAMPLE_CHANNELS)
#define C_UPSAMPLE_ROWS (C_UPSAMPLE_HEIGHT + D_PAD_TOP + D_PAD_BOTTOM)
#define C_UPSAMPLE_COLUMNS (C_UPSAMPLE_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define C_UPSAMPLE_PADDED_SIZE (C_UPSAMPLE_ROWS * C_UPSAMPLE_COLUMNS * C_UPSAMPLE_CHANNELS)

/* d: conv 2 3x3 pad=1 relu */
#define D_FILTERS 2
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_PAD_TOP 1
#define D_PAD_LEFT 1
#define D_PAD_BOTTOM 1
#define D_PAD_RIGHT 1
#define D_HEIGHT (D_PAD_TOP + C_UPSAMPLE_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (D_PAD_LEFT + C_UPSAMPLE_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * C_UPSAMPLE_CHANNELS)
#define D_PAIRS ((D_KERNEL_ROW + 1) / 2)
#define D_WEIGHTS (D_FILTERS * C_UPSAMPLE_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
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

/* upsample */
#define D_UPSAMPLE_FACTOR_Y 2
#define D_UPSAMPLE_FACTOR_X 2
#define D_UPSAMPLE_HEIGHT (D_HEIGHT * D_UPSAMPLE_FACTOR_Y)
#define D_UPSAMPLE_WIDTH (D_WIDTH * D_UPSAMPLE_FACTOR_X)
#define D_UPSAMPLE_CHANNELS D_FILTERS
#define D_UPSAMPLE_SIZE (D_UPSAMPLE_HEIGHT * D_UPSAMPLE_WIDTH * D_UPSAMPLE_CHANNELS)

/* e: conv 1 3x3 */
#define E_FILTERS 1
#define E_KERNEL_HEIGHT 3
#define E_KERNEL_WIDTH 3
#define E_HEIGHT (D_UPSAMPLE_HEIGHT - E_KERNEL_HEIGHT + 1)
#define E_WIDTH (D_UPSAMPLE_WIDTH - E_KERNEL_WIDTH + 1)
#define E_KERNEL_ROW (E_KERNEL_WIDTH * D_UPSAMPLE_CHANNELS)
#define E_PAIRS ((E_KERNEL_ROW + 1) / 2)
#define E_WEIGHTS (E_FILTERS * D_UPSAMPLE_CHANNELS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
#define E_PARAMETERS (E_WEIGHTS + E_FILTERS)
#define E_FLOP ((int64_t)2 * E_HEIGHT * E_WIDTH * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 4)
#define E_PANELS ((E_FILTERS + E_PANEL - 1) / E_PANEL)
#define E_BACK_VECTORS 1
#define E_BACK_PANEL (E_BACK_VECTORS * 8)
#define E_BACK_PANELS ((E_KERNEL_ROW + E_BACK_PANEL - 1) / E_BACK_PANEL)
#define E_TRANSPOSED_SIZE (E_KERNEL_HEIGHT * E_BACK_PANELS * E_FILTERS * E_BACK_PANEL)
#define E_SIZE (E_HEIGHT * E_WIDTH * E_FILTERS)

/* reshape 60 */
#define E_RESHAPE_UNITS 60

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS E_RESHAPE_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 8 - 1) / 8)

/* output squared_error */
#define OUTPUT_UNITS G_UNITS
#define OUTPUT_TARGETS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct upsample_parameters {
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[E_PANELS][E_KERNEL_HEIGHT][E_KERNEL_ROW][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct upsample_group {
    struct {
        __typeof__(((struct upsample_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct upsample_parameters *)0)->c.weight) weight;
        __typeof__(((struct upsample_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct upsample_parameters *)0)->d.weight) weight;
        __typeof__(((struct upsample_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct upsample_parameters *)0)->e.weight) weight;
        __typeof__(((struct upsample_parameters *)0)->e.bias) bias;
    } e;
    struct {
        __typeof__(((struct upsample_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct upsample_values {
    real (*input)[INPUT_UNITS];
    real (*f)[F_UNITS];
    real (*f_reshape)[F_RESHAPE_ROWS][F_RESHAPE_COLUMNS][F_RESHAPE_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_upsample)[C_UPSAMPLE_ROWS][C_UPSAMPLE_COLUMNS][C_UPSAMPLE_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_upsample)[D_UPSAMPLE_HEIGHT][D_UPSAMPLE_WIDTH][D_UPSAMPLE_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_reshape)[E_RESHAPE_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct upsample_gradients {
    real (*f)[F_UNITS];
    real (*f_reshape)[F_RESHAPE_HEIGHT][F_RESHAPE_WIDTH][F_RESHAPE_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_upsample)[C_UPSAMPLE_HEIGHT][C_UPSAMPLE_WIDTH][C_UPSAMPLE_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_upsample)[D_UPSAMPLE_HEIGHT][D_UPSAMPLE_WIDTH][D_UPSAMPLE_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_reshape)[E_RESHAPE_UNITS];
    real (*g)[G_UNITS];
};

/* Weights as the backward pass reads them */
struct upsample_transposed {
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
    real (*d)[D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
    real (*e)[E_BACK_PANELS][E_FILTERS][E_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct upsample {
    struct upsample_parameters param;
    struct upsample_parameters dparam;
    struct upsample_group group[GROUPS];
    struct upsample_parameters best;
    struct upsample_values value;
    struct upsample_gradients dvalue;
    struct upsample_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model upsample_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define F_AT INPUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_RESHAPE_GRADIENT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_RESHAPE_AT D_GRADIENT_END
#define F_RESHAPE_END (F_RESHAPE_AT + PLACE_SIZE((size_t)BATCH * F_RESHAPE_PADDED_SIZE))
#define F_RESHAPE_GRADIENT_AT E_TRANSPOSED_END
#define F_RESHAPE_GRADIENT_END (F_RESHAPE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_RESHAPE_SIZE))
#define C_AT E_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_TRANSPOSED_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT D_TRANSPOSED_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define C_UPSAMPLE_AT D_UPSAMPLE_GRADIENT_END
#define C_UPSAMPLE_END (C_UPSAMPLE_AT + PLACE_SIZE((size_t)BATCH * C_UPSAMPLE_PADDED_SIZE))
#define C_UPSAMPLE_GRADIENT_AT C_UPSAMPLE_END
#define C_UPSAMPLE_GRADIENT_END (C_UPSAMPLE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UPSAMPLE_SIZE))
#define D_AT E_GRADIENT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT F_RESHAPE_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define D_UPSAMPLE_AT 0
#define D_UPSAMPLE_END (D_UPSAMPLE_AT + PLACE_SIZE((size_t)BATCH * D_UPSAMPLE_SIZE))
#define D_UPSAMPLE_GRADIENT_AT D_UPSAMPLE_END
#define D_UPSAMPLE_GRADIENT_END (D_UPSAMPLE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UPSAMPLE_SIZE))
#define E_AT D_UPSAMPLE_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_GRADIENT_AT E_RESHAPE_GRADIENT_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_TRANSPOSED_AT F_END
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define E_RESHAPE_AT C_UPSAMPLE_GRADIENT_END
#define E_RESHAPE_END (E_RESHAPE_AT + PLACE_SIZE((size_t)BATCH * E_RESHAPE_UNITS))
#define E_RESHAPE_GRADIENT_AT E_RESHAPE_END
#define E_RESHAPE_GRADIENT_END (E_RESHAPE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_RESHAPE_UNITS))
#define G_AT C_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT OUTPUT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define OUTPUT_AT F_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (G_GRADIENT_END + ARENA_SLACK)

#endif
