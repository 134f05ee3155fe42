/* noise_layer.h - sizes, parameters and memory of the network 'noise_layer', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef NOISE_LAYER_H
#define NOISE_LAYER_H

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

/* input 4x4x1 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* noise 0.3 */
#define INPUT_NOISE_HEIGHT INPUT_HEIGHT
#define INPUT_NOISE_WIDTH INPUT_WIDTH
#define INPUT_NOISE_CHANNELS INPUT_CHANNELS
#define INPUT_NOISE_SIGMA 0.3
#define INPUT_NOISE_STREAM UINT64_C(0x6ebdd922b484b87e) /* FNV-1a of "input_noise" */
#define INPUT_NOISE_SIZE (INPUT_NOISE_HEIGHT * INPUT_NOISE_WIDTH * INPUT_NOISE_CHANNELS)
#define INPUT_NOISE_ROWS (INPUT_NOISE_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define INPUT_NOISE_COLUMNS (INPUT_NOISE_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define INPUT_NOISE_PADDED_SIZE (INPUT_NOISE_ROWS * INPUT_NOISE_COLUMNS * INPUT_NOISE_CHANNELS)

/* c: conv 3 3x3 pad=1 relu noise(0.1) */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + INPUT_NOISE_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + INPUT_NOISE_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_NOISE_CHANNELS)
#define C_PAIRS ((C_KERNEL_ROW + 1) / 2)
#define C_WEIGHTS (C_FILTERS * INPUT_NOISE_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

#define C_NOISE_HEIGHT C_HEIGHT
#define C_NOISE_WIDTH C_WIDTH
#define C_NOISE_CHANNELS C_FILTERS
#define C_NOISE_SIGMA 0.1
#define C_NOISE_STREAM UINT64_C(0xf0f9b238750d78c3) /* FNV-1a of "c_noise" */
#define C_NOISE_SIZE (C_NOISE_HEIGHT * C_NOISE_WIDTH * C_NOISE_CHANNELS)

/* f: dense 5 tanh */
#define F_UNITS 5
#define F_INPUTS C_NOISE_SIZE
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

/* noise 0.5 */
#define F_NOISE_UNITS F_UNITS
#define F_NOISE_SIGMA 0.5
#define F_NOISE_STREAM UINT64_C(0xadaa41eecfdc8a3c) /* FNV-1a of "f_noise" */

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS F_NOISE_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 5 - 1) / 5)
#define G_BACK_VECTORS 1
#define G_BACK_PANEL (G_BACK_VECTORS * 8)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)
#define G_TRANSPOSED_SIZE (G_BACK_PANELS * G_UNITS * G_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct noise_layer_parameters {
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
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
struct noise_layer_group {
    struct {
        __typeof__(((struct noise_layer_parameters *)0)->c.weight) weight;
        __typeof__(((struct noise_layer_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct noise_layer_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct noise_layer_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct noise_layer_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*input_noise)[INPUT_NOISE_ROWS][INPUT_NOISE_COLUMNS][INPUT_NOISE_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_noise)[C_NOISE_HEIGHT][C_NOISE_WIDTH][C_NOISE_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_noise)[F_NOISE_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct noise_layer_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_noise)[C_NOISE_HEIGHT][C_NOISE_WIDTH][C_NOISE_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_noise)[F_NOISE_UNITS];
    real (*g)[G_UNITS];
};

/* Weights as the backward pass reads them */
struct noise_layer_transposed {
    real (*f)[F_UNITS][F_BACK_PANEL];
    real (*g)[G_UNITS][G_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct noise_layer {
    struct noise_layer_parameters param;
    struct noise_layer_parameters dparam;
    struct noise_layer_group group[GROUPS];
    struct noise_layer_parameters best;
    struct noise_layer_values value;
    struct noise_layer_gradients dvalue;
    struct noise_layer_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model noise_layer_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_NOISE_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define INPUT_NOISE_AT C_GRADIENT_END
#define INPUT_NOISE_END (INPUT_NOISE_AT + PLACE_SIZE((size_t)BATCH * INPUT_NOISE_PADDED_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT F_TRANSPOSED_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_NOISE_AT C_END
#define C_NOISE_END (C_NOISE_AT + PLACE_SIZE((size_t)BATCH * C_NOISE_SIZE))
#define C_NOISE_GRADIENT_AT C_NOISE_END
#define C_NOISE_GRADIENT_END (C_NOISE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_NOISE_SIZE))
#define F_AT INPUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT INPUT_NOISE_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT C_NOISE_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define F_NOISE_AT F_END
#define F_NOISE_END (F_NOISE_AT + PLACE_SIZE((size_t)BATCH * F_NOISE_UNITS))
#define F_NOISE_GRADIENT_AT C_NOISE_END
#define F_NOISE_GRADIENT_END (F_NOISE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_NOISE_UNITS))
#define G_AT G_TRANSPOSED_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT F_NOISE_GRADIENT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_TRANSPOSED_AT F_NOISE_END
#define G_TRANSPOSED_END (G_TRANSPOSED_AT + PLACE_SIZE(G_TRANSPOSED_SIZE))
#define OUTPUT_AT F_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
