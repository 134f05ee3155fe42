/* max_norm.h - sizes, parameters and memory of the network 'max_norm', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef MAX_NORM_H
#define MAX_NORM_H

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
#define RATE 0.5

/* input 6x6x1 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 6
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* c: conv 5 3x3 relu max_norm=0.75 */
#define C_FILTERS 5
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_HEIGHT (INPUT_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (INPUT_WIDTH - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_CHANNELS)
#define C_WEIGHTS (C_FILTERS * INPUT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_MAX_NORM ((real)0.75)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* d: dense 20 relu max_norm=1 */
#define D_UNITS 20
#define D_INPUTS C_SIZE
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_PARAMETERS (D_WEIGHTS + D_UNITS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)
#define D_VECTORS 3
#define D_PANEL (D_VECTORS * 8)
#define D_PANELS ((D_UNITS + D_PANEL - 1) / D_PANEL)
#define D_MAX_NORM ((real)1)
#define D_WEIGHT_TILES ((D_INPUTS + 4 - 1) / 4)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS D_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 7 - 1) / 7)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct max_norm_parameters {
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_INPUTS][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct max_norm_group {
    struct {
        __typeof__(((struct max_norm_parameters *)0)->c.weight) weight;
        __typeof__(((struct max_norm_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct max_norm_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct max_norm_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct max_norm_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct max_norm_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*d)[D_UNITS];
    real (*f)[F_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct max_norm {
    struct max_norm_parameters param;
    struct max_norm_parameters dparam;
    struct max_norm_group group[GROUPS];
    struct max_norm_parameters best;
    struct max_norm_values value;
    struct max_norm_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model max_norm_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define D_AT C_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_GRADIENT_AT INPUT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define F_AT D_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT D_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
