/* probing.h - sizes, parameters and memory of the network 'probing', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef PROBING_H
#define PROBING_H

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

/* input 8x8x2 */
#define INPUT_HEIGHT 8
#define INPUT_WIDTH 8
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + E_PAD_TOP + E_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + E_PAD_LEFT + E_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* e: conv 2 3x3 pad=1 frozen relu */
#define E_FILTERS 2
#define E_KERNEL_HEIGHT 3
#define E_KERNEL_WIDTH 3
#define E_PAD_TOP 1
#define E_PAD_LEFT 1
#define E_PAD_BOTTOM 1
#define E_PAD_RIGHT 1
#define E_HEIGHT (E_PAD_TOP + INPUT_HEIGHT + E_PAD_BOTTOM - E_KERNEL_HEIGHT + 1)
#define E_WIDTH (E_PAD_LEFT + INPUT_WIDTH + E_PAD_RIGHT - E_KERNEL_WIDTH + 1)
#define E_KERNEL_ROW (E_KERNEL_WIDTH * INPUT_CHANNELS)
#define E_WEIGHTS (E_FILTERS * INPUT_CHANNELS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
#define E_FLOP ((int64_t)2 * E_HEIGHT * E_WIDTH * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 4)
#define E_PANELS ((E_FILTERS + E_PANEL - 1) / E_PANEL)
#define E_BACK_VECTORS 1
#define E_BACK_PANEL (E_BACK_VECTORS * 8)
#define E_BACK_PANELS ((E_KERNEL_ROW + E_BACK_PANEL - 1) / E_BACK_PANEL)
#define E_TRANSPOSED_SIZE (E_KERNEL_HEIGHT * E_BACK_PANELS * E_FILTERS * E_BACK_PANEL)
#define E_SIZE (E_HEIGHT * E_WIDTH * E_FILTERS)

/* p: conv 3 3x3 pad=1 bias=no */
#define P_FILTERS 3
#define P_KERNEL_HEIGHT 3
#define P_KERNEL_WIDTH 3
#define P_PAD_TOP 1
#define P_PAD_LEFT 1
#define P_PAD_BOTTOM 1
#define P_PAD_RIGHT 1
#define P_HEIGHT (P_PAD_TOP + INPUT_HEIGHT + P_PAD_BOTTOM - P_KERNEL_HEIGHT + 1)
#define P_WIDTH (P_PAD_LEFT + INPUT_WIDTH + P_PAD_RIGHT - P_KERNEL_WIDTH + 1)
#define P_KERNEL_ROW (P_KERNEL_WIDTH * INPUT_CHANNELS)
#define P_PAIRS ((P_KERNEL_ROW + 1) / 2)
#define P_WEIGHTS (P_FILTERS * INPUT_CHANNELS * P_KERNEL_HEIGHT * P_KERNEL_WIDTH)
#define P_PARAMETERS P_WEIGHTS
#define P_FLOP ((int64_t)2 * P_HEIGHT * P_WIDTH * P_WEIGHTS)
#define P_VECTORS 1
#define P_PANEL (P_VECTORS * 4)
#define P_PANELS ((P_FILTERS + P_PANEL - 1) / P_PANEL)
#define P_BACK_VECTORS 1
#define P_BACK_PANEL (P_BACK_VECTORS * 8)
#define P_BACK_PANELS ((P_KERNEL_ROW + P_BACK_PANEL - 1) / P_BACK_PANEL)
#define P_TRANSPOSED_SIZE (P_KERNEL_HEIGHT * P_BACK_PANELS * P_FILTERS * P_BACK_PANEL)
#define P_SIZE (P_HEIGHT * P_WIDTH * P_FILTERS)

/* concat */
#define INPUT_CONCAT_HEIGHT E_HEIGHT
#define INPUT_CONCAT_WIDTH E_WIDTH
#define INPUT_CONCAT_CHANNELS (E_FILTERS + P_FILTERS)
#define INPUT_CONCAT_SIZE (INPUT_CONCAT_HEIGHT * INPUT_CONCAT_WIDTH * INPUT_CONCAT_CHANNELS)

/* c: conv 4 3x3 relu */
#define C_FILTERS 4
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_HEIGHT (INPUT_CONCAT_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (INPUT_CONCAT_WIDTH - C_KERNEL_WIDTH + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_CONCAT_CHANNELS)
#define C_WEIGHTS (C_FILTERS * INPUT_CONCAT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_BACK_VECTORS 2
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_KERNEL_ROW + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_KERNEL_HEIGHT * C_BACK_PANELS * C_FILTERS * C_BACK_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* maxpool 2x2 */
#define C_MAXPOOL_WINDOW_HEIGHT 2
#define C_MAXPOOL_WINDOW_WIDTH 2
#define C_MAXPOOL_STRIDE_Y 2
#define C_MAXPOOL_STRIDE_X 2
#define C_MAXPOOL_HEIGHT ((C_HEIGHT - C_MAXPOOL_WINDOW_HEIGHT) / C_MAXPOOL_STRIDE_Y + 1)
#define C_MAXPOOL_WIDTH ((C_WIDTH - C_MAXPOOL_WINDOW_WIDTH) / C_MAXPOOL_STRIDE_X + 1)
#define C_MAXPOOL_CHANNELS C_FILTERS
#define C_MAXPOOL_SIZE (C_MAXPOOL_HEIGHT * C_MAXPOOL_WIDTH * C_MAXPOOL_CHANNELS)
#define C_MAXPOOL_ROWS (C_MAXPOOL_HEIGHT + D_PAD_TOP + D_PAD_BOTTOM)
#define C_MAXPOOL_COLUMNS (C_MAXPOOL_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define C_MAXPOOL_PADDED_SIZE (C_MAXPOOL_ROWS * C_MAXPOOL_COLUMNS * C_MAXPOOL_CHANNELS)

/* d: conv 4 3x3 pad=1 batchnorm relu */
#define D_FILTERS 4
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_PAD_TOP 1
#define D_PAD_LEFT 1
#define D_PAD_BOTTOM 1
#define D_PAD_RIGHT 1
#define D_HEIGHT (D_PAD_TOP + C_MAXPOOL_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (D_PAD_LEFT + C_MAXPOOL_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * C_MAXPOOL_CHANNELS)
#define D_WEIGHTS (D_FILTERS * C_MAXPOOL_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS D_WEIGHTS
#define D_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((D_FILTERS + D_PANEL - 1) / D_PANEL)
#define D_BACK_VECTORS 2
#define D_BACK_PANEL (D_BACK_VECTORS * 8)
#define D_BACK_PANELS ((D_KERNEL_ROW + D_BACK_PANEL - 1) / D_BACK_PANEL)
#define D_TRANSPOSED_SIZE (D_KERNEL_HEIGHT * D_BACK_PANELS * D_FILTERS * D_BACK_PANEL)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)

#define D_BATCHNORM_HEIGHT D_HEIGHT
#define D_BATCHNORM_WIDTH D_WIDTH
#define D_BATCHNORM_CHANNELS D_FILTERS
#define D_BATCHNORM_MOMENTUM ((real)0.9)
#define D_BATCHNORM_EPS ((real)1e-05)
#define D_BATCHNORM_PARAMETERS (2 * D_BATCHNORM_CHANNELS)
#define D_BATCHNORM_SIZE (D_BATCHNORM_HEIGHT * D_BATCHNORM_WIDTH * D_BATCHNORM_CHANNELS)

/* dropout 0.3 */
#define D_DROPOUT_HEIGHT D_BATCHNORM_HEIGHT
#define D_DROPOUT_WIDTH D_BATCHNORM_WIDTH
#define D_DROPOUT_CHANNELS D_BATCHNORM_CHANNELS
#define D_DROPOUT_RATE 0.3
#define D_DROPOUT_STREAM UINT64_C(0xb97de305647e232b) /* FNV-1a of "d_dropout" */
#define D_DROPOUT_SIZE (D_DROPOUT_HEIGHT * D_DROPOUT_WIDTH * D_DROPOUT_CHANNELS)

/* f: dense 5 layernorm tanh */
#define F_UNITS 5
#define F_INPUTS D_DROPOUT_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 8 - 1) / 8)

#define F_LAYERNORM_UNITS F_UNITS
#define F_LAYERNORM_EPS ((real)1e-05)
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
#define G_WEIGHT_TILES ((G_INPUTS + 5 - 1) / 5)

/* output categorical */
#define OUTPUT_UNITS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct probing_parameters {
    struct {
        real weight[E_PANELS][E_KERNEL_HEIGHT][E_KERNEL_ROW][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
    struct {
        real weight[P_PANELS][P_KERNEL_HEIGHT][P_KERNEL_ROW][P_PANEL];
    } p;
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
    } d;
    struct {
        real weight[D_BATCHNORM_CHANNELS];
        real bias[D_BATCHNORM_CHANNELS];
        real running_mean[D_BATCHNORM_CHANNELS];
        real running_var[D_BATCHNORM_CHANNELS];
    } d_batchnorm;
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
struct probing_group {
    struct {
        __typeof__(((struct probing_parameters *)0)->p.weight) weight;
    } p;
    struct {
        __typeof__(((struct probing_parameters *)0)->c.weight) weight;
        __typeof__(((struct probing_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct probing_parameters *)0)->d.weight) weight;
    } d;
    struct {
        __typeof__(((struct probing_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct probing_parameters *)0)->f_layernorm.weight) weight;
        __typeof__(((struct probing_parameters *)0)->f_layernorm.bias) bias;
    } f_layernorm;
    struct {
        __typeof__(((struct probing_parameters *)0)->g.bias) bias;
    } g;
};

/* Mean and inverse deviation of each channel over the batch, which the backward pass reads */
struct probing_statistics {
    struct {
        real mean[D_BATCHNORM_CHANNELS];
        real scale[D_BATCHNORM_CHANNELS];
    } d_batchnorm;
};

/* Results of the layers, [example] first */
struct probing_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*p)[P_HEIGHT][P_WIDTH][P_FILTERS];
    real (*input_concat)[INPUT_CONCAT_HEIGHT][INPUT_CONCAT_WIDTH][INPUT_CONCAT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_ROWS][C_MAXPOOL_COLUMNS][C_MAXPOOL_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_batchnorm)[D_BATCHNORM_HEIGHT][D_BATCHNORM_WIDTH][D_BATCHNORM_CHANNELS];
    real (*d_dropout)[D_DROPOUT_HEIGHT][D_DROPOUT_WIDTH][D_DROPOUT_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct probing_gradients {
    real (*input_from_p)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*input_from_e)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*p)[P_HEIGHT][P_WIDTH][P_FILTERS];
    real (*input_concat)[INPUT_CONCAT_HEIGHT][INPUT_CONCAT_WIDTH][INPUT_CONCAT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_batchnorm)[D_BATCHNORM_HEIGHT][D_BATCHNORM_WIDTH][D_BATCHNORM_CHANNELS];
    real (*d_dropout)[D_DROPOUT_HEIGHT][D_DROPOUT_WIDTH][D_DROPOUT_CHANNELS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*g)[G_UNITS];
};

/* Which tap of its window each maximum was */
struct probing_indices {
    tap_index (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
};

/* Weights as the backward pass reads them */
struct probing_transposed {
    real (*e)[E_BACK_PANELS][E_FILTERS][E_BACK_PANEL];
    real (*p)[P_BACK_PANELS][P_FILTERS][P_BACK_PANEL];
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
    real (*d)[D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct probing {
    struct probing_parameters param;
    struct probing_parameters dparam;
    struct probing_group group[GROUPS];
    struct probing_parameters best;
    struct probing_statistics statistic;
    struct probing_values value;
    struct probing_gradients dvalue;
    struct probing_indices index;
    struct probing_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    bool is_sampling; /* dropout is on, though nothing is learned */
    real *arena;
} __attribute__((aligned(64)));

extern const struct model probing_model;

/* The layers by their numbers, for a probe */
enum {
    INPUT_LAYER,
    E_LAYER,
    P_LAYER,
    INPUT_CONCAT_LAYER,
    C_LAYER,
    C_MAXPOOL_LAYER,
    D_LAYER,
    D_BATCHNORM_LAYER,
    D_DROPOUT_LAYER,
    F_LAYER,
    F_LAYERNORM_LAYER,
    G_LAYER,
    OUTPUT_LAYER,
};

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT INPUT_CONCAT_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define E_AT P_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define P_AT INPUT_CONCAT_END
#define P_END (P_AT + PLACE_SIZE((size_t)BATCH * P_SIZE))
#define P_GRADIENT_AT INPUT_END
#define P_GRADIENT_END (P_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P_SIZE))
#define INPUT_CONCAT_AT 0
#define INPUT_CONCAT_END (INPUT_CONCAT_AT + PLACE_SIZE((size_t)BATCH * INPUT_CONCAT_SIZE))
#define INPUT_CONCAT_GRADIENT_AT INPUT_CONCAT_END
#define INPUT_CONCAT_GRADIENT_END (INPUT_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_CONCAT_SIZE))
#define C_AT INPUT_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT P_GRADIENT_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT D_TRANSPOSED_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define C_MAXPOOL_AT C_GRADIENT_END
#define C_MAXPOOL_END (C_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_PADDED_SIZE))
#define C_MAXPOOL_INDEX_AT C_MAXPOOL_GRADIENT_END
#define C_MAXPOOL_INDEX_END (C_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * C_MAXPOOL_SIZE + 3) / 4))
#define C_MAXPOOL_GRADIENT_AT D_GRADIENT_END
#define C_MAXPOOL_GRADIENT_END (C_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_SIZE))
#define D_AT C_TRANSPOSED_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_BATCHNORM_GRADIENT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT C_MAXPOOL_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define D_BATCHNORM_AT C_END
#define D_BATCHNORM_END (D_BATCHNORM_AT + PLACE_SIZE((size_t)BATCH * D_BATCHNORM_SIZE))
#define D_BATCHNORM_GRADIENT_AT D_END
#define D_BATCHNORM_GRADIENT_END (D_BATCHNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_BATCHNORM_SIZE))
#define D_DROPOUT_AT D_BATCHNORM_END
#define D_DROPOUT_END (D_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_SIZE))
#define D_DROPOUT_GRADIENT_AT INPUT_CONCAT_END
#define D_DROPOUT_GRADIENT_END (D_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_SIZE))
#define F_AT D_DROPOUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT D_DROPOUT_GRADIENT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_LAYERNORM_AT F_END
#define F_LAYERNORM_END (F_LAYERNORM_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define F_LAYERNORM_GRADIENT_AT G_GRADIENT_END
#define F_LAYERNORM_GRADIENT_END (F_LAYERNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define G_AT F_LAYERNORM_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT INPUT_CONCAT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define OUTPUT_AT C_MAXPOOL_INDEX_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define INPUT_FROM_P_GRADIENT_AT 0
#define INPUT_FROM_P_GRADIENT_END (INPUT_FROM_P_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define INPUT_FROM_E_GRADIENT_AT INPUT_FROM_P_GRADIENT_END
#define INPUT_FROM_E_GRADIENT_END (INPUT_FROM_E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define INPUT_GRADIENT_AT INPUT_FROM_E_GRADIENT_END
#define INPUT_GRADIENT_END (INPUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define E_GRADIENT_AT OUTPUT_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_TRANSPOSED_AT INPUT_END
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define P_PROBE_GRADIENT_AT INPUT_CONCAT_PROBE_GRADIENT_END
#define P_PROBE_GRADIENT_END (P_PROBE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P_SIZE))
#define P_TRANSPOSED_AT C_END
#define P_TRANSPOSED_END (P_TRANSPOSED_AT + PLACE_SIZE(P_TRANSPOSED_SIZE))
#define INPUT_CONCAT_PROBE_GRADIENT_AT 0
#define INPUT_CONCAT_PROBE_GRADIENT_END (INPUT_CONCAT_PROBE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_CONCAT_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)
#define PROBE_ARENA_SIZE (E_GRADIENT_END + ARENA_SLACK)

#endif
