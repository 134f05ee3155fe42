/* layernorm.h - sizes, parameters and memory of the network 'layernorm', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef LAYERNORM_H
#define LAYERNORM_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 5
#define GROUPS 5 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01

/* input 5x5x3 */
#define INPUT_HEIGHT 5
#define INPUT_WIDTH 5
#define INPUT_CHANNELS 3
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* i: layernorm */
#define I_HEIGHT INPUT_HEIGHT
#define I_WIDTH INPUT_WIDTH
#define I_CHANNELS INPUT_CHANNELS
#define I_EPS ((real)1e-05)
#define I_PARAMETERS (2 * I_CHANNELS)
#define I_SIZE (I_HEIGHT * I_WIDTH * I_CHANNELS)
#define I_ROWS (I_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define I_COLUMNS (I_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define I_PADDED_SIZE (I_ROWS * I_COLUMNS * I_CHANNELS)

/* c: conv 6 3x3 pad=1 layernorm relu */
#define C_FILTERS 6
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + I_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + I_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * I_CHANNELS)
#define C_WEIGHTS (C_FILTERS * I_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 2
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

#define C_LAYERNORM_HEIGHT C_HEIGHT
#define C_LAYERNORM_WIDTH C_WIDTH
#define C_LAYERNORM_CHANNELS C_FILTERS
#define C_LAYERNORM_EPS ((real)1e-05)
#define C_LAYERNORM_PARAMETERS (2 * C_LAYERNORM_CHANNELS)
#define C_LAYERNORM_SIZE (C_LAYERNORM_HEIGHT * C_LAYERNORM_WIDTH * C_LAYERNORM_CHANNELS)

/* f: dense 7 layernorm(eps=1e-3) */
#define F_UNITS 7
#define F_INPUTS C_LAYERNORM_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 8 - 1) / 8)
#define F_BACK_VECTORS 2
#define F_BACK_PANEL (F_BACK_VECTORS * 8)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

#define F_LAYERNORM_UNITS F_UNITS
#define F_LAYERNORM_EPS ((real)0.001)
#define F_LAYERNORM_PARAMETERS (2 * F_LAYERNORM_UNITS)

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS F_LAYERNORM_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 7 - 1) / 7)
#define G_BACK_VECTORS 1
#define G_BACK_PANEL (G_BACK_VECTORS * 8)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)
#define G_TRANSPOSED_SIZE (G_BACK_PANELS * G_UNITS * G_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct layernorm_parameters {
    struct {
        real weight[I_CHANNELS];
        real bias[I_CHANNELS];
    } i;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[C_LAYERNORM_CHANNELS];
        real bias[C_LAYERNORM_CHANNELS];
    } c_layernorm;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[F_LAYERNORM_UNITS];
        real bias[F_LAYERNORM_UNITS];
    } f_layernorm;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct layernorm_group {
    struct {
        __typeof__(((struct layernorm_parameters *)0)->i.weight) weight;
        __typeof__(((struct layernorm_parameters *)0)->i.bias) bias;
    } i;
    struct {
        __typeof__(((struct layernorm_parameters *)0)->c.weight) weight;
        __typeof__(((struct layernorm_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct layernorm_parameters *)0)->c_layernorm.weight) weight;
        __typeof__(((struct layernorm_parameters *)0)->c_layernorm.bias) bias;
    } c_layernorm;
    struct {
        __typeof__(((struct layernorm_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct layernorm_parameters *)0)->f_layernorm.weight) weight;
        __typeof__(((struct layernorm_parameters *)0)->f_layernorm.bias) bias;
    } f_layernorm;
    struct {
        __typeof__(((struct layernorm_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct layernorm_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*i)[I_ROWS][I_COLUMNS][I_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_layernorm)[C_LAYERNORM_HEIGHT][C_LAYERNORM_WIDTH][C_LAYERNORM_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct layernorm_gradients {
    real (*i)[I_HEIGHT][I_WIDTH][I_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_layernorm)[C_LAYERNORM_HEIGHT][C_LAYERNORM_WIDTH][C_LAYERNORM_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*g)[G_UNITS];
};

/* Weights as the backward pass reads them */
struct layernorm_transposed {
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
    real (*g)[G_UNITS][G_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct layernorm {
    struct layernorm_parameters param;
    struct layernorm_parameters dparam;
    struct layernorm_group group[GROUPS];
    struct layernorm_parameters best;
    struct layernorm_values value;
    struct layernorm_gradients dvalue;
    struct layernorm_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model layernorm_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT I_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define I_AT C_GRADIENT_END
#define I_END (I_AT + PLACE_SIZE((size_t)BATCH * I_PADDED_SIZE))
#define I_GRADIENT_AT INPUT_END
#define I_GRADIENT_END (I_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * I_SIZE))
#define C_AT F_TRANSPOSED_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_LAYERNORM_GRADIENT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT I_GRADIENT_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define C_LAYERNORM_AT C_END
#define C_LAYERNORM_END (C_LAYERNORM_AT + PLACE_SIZE((size_t)BATCH * C_LAYERNORM_SIZE))
#define C_LAYERNORM_GRADIENT_AT C_LAYERNORM_END
#define C_LAYERNORM_GRADIENT_END (C_LAYERNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_LAYERNORM_SIZE))
#define F_AT C_LAYERNORM_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT C_TRANSPOSED_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT 0
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define F_LAYERNORM_AT F_END
#define F_LAYERNORM_END (F_LAYERNORM_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define F_LAYERNORM_GRADIENT_AT F_LAYERNORM_END
#define F_LAYERNORM_GRADIENT_END (F_LAYERNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define G_AT F_LAYERNORM_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT G_TRANSPOSED_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_TRANSPOSED_AT F_LAYERNORM_GRADIENT_END
#define G_TRANSPOSED_END (G_TRANSPOSED_AT + PLACE_SIZE(G_TRANSPOSED_SIZE))
#define OUTPUT_AT F_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
