/* globalpool.h - sizes, parameters and memory of the network 'globalpool', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef GLOBALPOOL_H
#define GLOBALPOOL_H

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

/* input 5x4x1 */
#define INPUT_HEIGHT 5
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* c: conv 3 2x2 tanh */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 2
#define C_KERNEL_WIDTH 2
#define C_HEIGHT (INPUT_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (INPUT_WIDTH - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_CHANNELS)
#define C_PAIRS ((C_KERNEL_ROW + 1) / 2)
#define C_WEIGHTS (C_FILTERS * INPUT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* globalpool */
#define C_GLOBALPOOL_UNITS C_FILTERS

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS C_GLOBALPOOL_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 3 - 1) / 3)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 4)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct globalpool_parameters {
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct globalpool_group {
    struct {
        __typeof__(((struct globalpool_parameters *)0)->c.weight) weight;
        __typeof__(((struct globalpool_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct globalpool_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct globalpool_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_globalpool)[C_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct globalpool_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_globalpool)[C_GLOBALPOOL_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct globalpool_transposed {
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct globalpool {
    struct globalpool_parameters param;
    struct globalpool_parameters dparam;
    struct globalpool_group group[GROUPS];
    struct globalpool_parameters best;
    struct globalpool_values value;
    struct globalpool_gradients dvalue;
    struct globalpool_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model globalpool_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GLOBALPOOL_AT INPUT_END
#define C_GLOBALPOOL_END (C_GLOBALPOOL_AT + PLACE_SIZE((size_t)BATCH * C_GLOBALPOOL_UNITS))
#define C_GLOBALPOOL_GRADIENT_AT F_GRADIENT_END
#define C_GLOBALPOOL_GRADIENT_END (C_GLOBALPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_GLOBALPOOL_UNITS))
#define F_AT C_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT C_GLOBALPOOL_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT C_GLOBALPOOL_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_TRANSPOSED_END + ARENA_SLACK)

#endif
