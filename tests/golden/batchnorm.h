/* batchnorm.h - sizes, parameters and memory of the network 'batchnorm', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef BATCHNORM_H
#define BATCHNORM_H

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

/* input 6x6x2 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 6
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* c: conv 5 3x3 pad=1 batchnorm relu */
#define C_FILTERS 5
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + INPUT_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + INPUT_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_CHANNELS)
#define C_WEIGHTS (C_FILTERS * INPUT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS C_WEIGHTS
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

#define C_BATCHNORM_HEIGHT C_HEIGHT
#define C_BATCHNORM_WIDTH C_WIDTH
#define C_BATCHNORM_CHANNELS C_FILTERS
#define C_BATCHNORM_MOMENTUM ((real)0.9)
#define C_BATCHNORM_EPS ((real)1e-05)
#define C_BATCHNORM_PARAMETERS (2 * C_BATCHNORM_CHANNELS)
#define C_BATCHNORM_SIZE (C_BATCHNORM_HEIGHT * C_BATCHNORM_WIDTH * C_BATCHNORM_CHANNELS)

/* maxpool 2x2 */
#define C_MAXPOOL_WINDOW_HEIGHT 2
#define C_MAXPOOL_WINDOW_WIDTH 2
#define C_MAXPOOL_STRIDE_Y 2
#define C_MAXPOOL_STRIDE_X 2
#define C_MAXPOOL_HEIGHT ((C_BATCHNORM_HEIGHT - C_MAXPOOL_WINDOW_HEIGHT) / C_MAXPOOL_STRIDE_Y + 1)
#define C_MAXPOOL_WIDTH ((C_BATCHNORM_WIDTH - C_MAXPOOL_WINDOW_WIDTH) / C_MAXPOOL_STRIDE_X + 1)
#define C_MAXPOOL_CHANNELS C_BATCHNORM_CHANNELS
#define C_MAXPOOL_SIZE (C_MAXPOOL_HEIGHT * C_MAXPOOL_WIDTH * C_MAXPOOL_CHANNELS)

/* n: batchnorm momentum=0.8 eps=1e-3 relu */
#define N_HEIGHT C_MAXPOOL_HEIGHT
#define N_WIDTH C_MAXPOOL_WIDTH
#define N_CHANNELS C_MAXPOOL_CHANNELS
#define N_MOMENTUM ((real)0.8)
#define N_EPS ((real)0.001)
#define N_PARAMETERS (2 * N_CHANNELS)
#define N_SIZE (N_HEIGHT * N_WIDTH * N_CHANNELS)

/* f: dense 4 bias=yes batchnorm(momentum=0.5) tanh */
#define F_UNITS 4
#define F_INPUTS N_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 8 - 1) / 8)
#define F_BACK_VECTORS 2
#define F_BACK_PANEL (F_BACK_VECTORS * 8)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

#define F_BATCHNORM_UNITS F_UNITS
#define F_BATCHNORM_MOMENTUM ((real)0.5)
#define F_BATCHNORM_EPS ((real)1e-05)
#define F_BATCHNORM_PARAMETERS (2 * F_BATCHNORM_UNITS)

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS F_BATCHNORM_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 4 - 1) / 4)
#define G_BACK_VECTORS 1
#define G_BACK_PANEL (G_BACK_VECTORS * 4)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)
#define G_TRANSPOSED_SIZE (G_BACK_PANELS * G_UNITS * G_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct batchnorm_parameters {
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
    } c;
    struct {
        real weight[C_BATCHNORM_CHANNELS];
        real bias[C_BATCHNORM_CHANNELS];
        real running_mean[C_BATCHNORM_CHANNELS];
        real running_var[C_BATCHNORM_CHANNELS];
    } c_batchnorm;
    struct {
        real weight[N_CHANNELS];
        real bias[N_CHANNELS];
        real running_mean[N_CHANNELS];
        real running_var[N_CHANNELS];
    } n;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[F_BATCHNORM_UNITS];
        real bias[F_BATCHNORM_UNITS];
        real running_mean[F_BATCHNORM_UNITS];
        real running_var[F_BATCHNORM_UNITS];
    } f_batchnorm;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct batchnorm_group {
    struct {
        __typeof__(((struct batchnorm_parameters *)0)->c.weight) weight;
    } c;
    struct {
        __typeof__(((struct batchnorm_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct batchnorm_parameters *)0)->g.bias) bias;
    } g;
};

/* Mean and inverse deviation of each channel over the batch, which the backward pass reads */
struct batchnorm_statistics {
    struct {
        real mean[C_BATCHNORM_CHANNELS];
        real scale[C_BATCHNORM_CHANNELS];
    } c_batchnorm;
    struct {
        real mean[N_CHANNELS];
        real scale[N_CHANNELS];
    } n;
    struct {
        real mean[F_BATCHNORM_UNITS];
        real scale[F_BATCHNORM_UNITS];
    } f_batchnorm;
};

/* Results of the layers, [example] first */
struct batchnorm_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_batchnorm)[C_BATCHNORM_HEIGHT][C_BATCHNORM_WIDTH][C_BATCHNORM_CHANNELS];
    real (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    real (*n)[N_HEIGHT][N_WIDTH][N_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_batchnorm)[F_BATCHNORM_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct batchnorm_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_batchnorm)[C_BATCHNORM_HEIGHT][C_BATCHNORM_WIDTH][C_BATCHNORM_CHANNELS];
    real (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    real (*n)[N_HEIGHT][N_WIDTH][N_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_batchnorm)[F_BATCHNORM_UNITS];
    real (*g)[G_UNITS];
};

/* Which tap of its window each maximum was */
struct batchnorm_indices {
    tap_index (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
};

/* Weights as the backward pass reads them */
struct batchnorm_transposed {
    real (*f)[F_UNITS][F_BACK_PANEL];
    real (*g)[G_UNITS][G_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct batchnorm {
    struct batchnorm_parameters param;
    struct batchnorm_parameters dparam;
    struct batchnorm_group group[GROUPS];
    struct batchnorm_parameters best;
    struct batchnorm_statistics statistic;
    struct batchnorm_values value;
    struct batchnorm_gradients dvalue;
    struct batchnorm_indices index;
    struct batchnorm_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model batchnorm_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_BATCHNORM_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_BATCHNORM_AT C_END
#define C_BATCHNORM_END (C_BATCHNORM_AT + PLACE_SIZE((size_t)BATCH * C_BATCHNORM_SIZE))
#define C_BATCHNORM_GRADIENT_AT C_BATCHNORM_END
#define C_BATCHNORM_GRADIENT_END (C_BATCHNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_BATCHNORM_SIZE))
#define C_MAXPOOL_AT INPUT_END
#define C_MAXPOOL_END (C_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_SIZE))
#define C_MAXPOOL_INDEX_AT C_MAXPOOL_GRADIENT_END
#define C_MAXPOOL_INDEX_END (C_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * C_MAXPOOL_SIZE + 3) / 4))
#define C_MAXPOOL_GRADIENT_AT N_GRADIENT_END
#define C_MAXPOOL_GRADIENT_END (C_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_SIZE))
#define N_AT C_BATCHNORM_END
#define N_END (N_AT + PLACE_SIZE((size_t)BATCH * N_SIZE))
#define N_GRADIENT_AT C_MAXPOOL_END
#define N_GRADIENT_END (N_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * N_SIZE))
#define F_AT F_TRANSPOSED_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT N_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define F_BATCHNORM_AT F_END
#define F_BATCHNORM_END (F_BATCHNORM_AT + PLACE_SIZE((size_t)BATCH * F_BATCHNORM_UNITS))
#define F_BATCHNORM_GRADIENT_AT F_BATCHNORM_END
#define F_BATCHNORM_GRADIENT_END (F_BATCHNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_BATCHNORM_UNITS))
#define G_AT F_BATCHNORM_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT F_BATCHNORM_GRADIENT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_TRANSPOSED_AT G_GRADIENT_END
#define G_TRANSPOSED_END (G_TRANSPOSED_AT + PLACE_SIZE(G_TRANSPOSED_SIZE))
#define OUTPUT_AT C_MAXPOOL_INDEX_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
