/* own_filters.h - sizes, parameters and memory of the network 'own_filters', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef OWN_FILTERS_H
#define OWN_FILTERS_H

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
#define INPUT_ROWS (INPUT_HEIGHT + EDGES_PAD_TOP + EDGES_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + EDGES_PAD_LEFT + EDGES_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* edges: conv filters=[vertical_edge, horizontal_edge] pad=1 frozen relu */
#define EDGES_FILTERS 2
#define EDGES_KERNEL_HEIGHT 3
#define EDGES_KERNEL_WIDTH 3
#define EDGES_PAD_TOP 1
#define EDGES_PAD_LEFT 1
#define EDGES_PAD_BOTTOM 1
#define EDGES_PAD_RIGHT 1
#define EDGES_HEIGHT (EDGES_PAD_TOP + INPUT_HEIGHT + EDGES_PAD_BOTTOM - EDGES_KERNEL_HEIGHT + 1)
#define EDGES_WIDTH (EDGES_PAD_LEFT + INPUT_WIDTH + EDGES_PAD_RIGHT - EDGES_KERNEL_WIDTH + 1)
#define EDGES_KERNEL_ROW (EDGES_KERNEL_WIDTH * INPUT_CHANNELS)
#define EDGES_WEIGHTS (EDGES_FILTERS * INPUT_CHANNELS * EDGES_KERNEL_HEIGHT * EDGES_KERNEL_WIDTH)
#define EDGES_FLOP ((int64_t)2 * EDGES_HEIGHT * EDGES_WIDTH * EDGES_WEIGHTS)
#define EDGES_VECTORS 1
#define EDGES_PANEL (EDGES_VECTORS * 4)
#define EDGES_PANELS ((EDGES_FILTERS + EDGES_PANEL - 1) / EDGES_PANEL)
#define EDGES_SIZE (EDGES_HEIGHT * EDGES_WIDTH * EDGES_FILTERS)

/* blur: conv [[.25 .25; .25 .25]] stride=2 bias=no */
#define BLUR_FILTERS 1
#define BLUR_KERNEL_HEIGHT 2
#define BLUR_KERNEL_WIDTH 2
#define BLUR_STRIDE_Y 2
#define BLUR_STRIDE_X 2
#define BLUR_HEIGHT ((EDGES_HEIGHT - BLUR_KERNEL_HEIGHT) / BLUR_STRIDE_Y + 1)
#define BLUR_WIDTH ((EDGES_WIDTH - BLUR_KERNEL_WIDTH) / BLUR_STRIDE_X + 1)
#define BLUR_KERNEL_ROW (BLUR_KERNEL_WIDTH * EDGES_FILTERS)
#define BLUR_WEIGHTS (BLUR_FILTERS * EDGES_FILTERS * BLUR_KERNEL_HEIGHT * BLUR_KERNEL_WIDTH)
#define BLUR_PARAMETERS BLUR_WEIGHTS
#define BLUR_FLOP ((int64_t)2 * BLUR_HEIGHT * BLUR_WIDTH * BLUR_WEIGHTS)
#define BLUR_VECTORS 1
#define BLUR_PANEL (BLUR_VECTORS * 4)
#define BLUR_PANELS ((BLUR_FILTERS + BLUR_PANEL - 1) / BLUR_PANEL)
#define BLUR_SIZE (BLUR_HEIGHT * BLUR_WIDTH * BLUR_FILTERS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS BLUR_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 5 - 1) / 5)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct own_filters_parameters {
    struct {
        real weight[EDGES_PANELS][EDGES_KERNEL_HEIGHT][EDGES_KERNEL_ROW][EDGES_PANEL];
        real bias[EDGES_PANELS * EDGES_PANEL];
    } edges;
    struct {
        real weight[BLUR_PANELS][BLUR_KERNEL_HEIGHT][BLUR_KERNEL_ROW][BLUR_PANEL];
    } blur;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct own_filters_group {
    struct {
        __typeof__(((struct own_filters_parameters *)0)->blur.weight) weight;
    } blur;
    struct {
        __typeof__(((struct own_filters_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct own_filters_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*edges)[EDGES_HEIGHT][EDGES_WIDTH][EDGES_FILTERS];
    real (*blur)[BLUR_HEIGHT][BLUR_WIDTH][BLUR_FILTERS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct own_filters_gradients {
    real (*blur)[BLUR_HEIGHT][BLUR_WIDTH][BLUR_FILTERS];
    real (*f)[F_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct own_filters {
    struct own_filters_parameters param;
    struct own_filters_parameters dparam;
    struct own_filters_group group[GROUPS];
    struct own_filters_parameters best;
    struct own_filters_values value;
    struct own_filters_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model own_filters_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define EDGES_AT INPUT_END
#define EDGES_END (EDGES_AT + PLACE_SIZE((size_t)BATCH * EDGES_SIZE))
#define BLUR_AT EDGES_END
#define BLUR_END (BLUR_AT + PLACE_SIZE((size_t)BATCH * BLUR_SIZE))
#define BLUR_GRADIENT_AT BLUR_END
#define BLUR_GRADIENT_END (BLUR_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * BLUR_SIZE))
#define F_AT BLUR_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT BLUR_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
