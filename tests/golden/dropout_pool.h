/* dropout_pool.h - sizes, parameters and memory of the network 'dropout_pool', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DROPOUT_POOL_H
#define DROPOUT_POOL_H

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

/* input 10x9x2 */
#define INPUT_HEIGHT 10
#define INPUT_WIDTH 9
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* c: conv 5 3x3 relu */
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
#define C_BACK_VECTORS 1
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

/* dropout 0.3 */
#define C_DROPOUT_HEIGHT C_MAXPOOL_HEIGHT
#define C_DROPOUT_WIDTH C_MAXPOOL_WIDTH
#define C_DROPOUT_CHANNELS C_MAXPOOL_CHANNELS
#define C_DROPOUT_RATE 0.3
#define C_DROPOUT_STREAM UINT64_C(0xc6cc4d7026b0de32) /* FNV-1a of "c_dropout" */
#define C_DROPOUT_SIZE (C_DROPOUT_HEIGHT * C_DROPOUT_WIDTH * C_DROPOUT_CHANNELS)
#define C_DROPOUT_ROWS (C_DROPOUT_HEIGHT + D_PAD_TOP + D_PAD_BOTTOM)
#define C_DROPOUT_COLUMNS (C_DROPOUT_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define C_DROPOUT_PADDED_SIZE (C_DROPOUT_ROWS * C_DROPOUT_COLUMNS * C_DROPOUT_CHANNELS)

/* d: conv 4 3x3 pad=1 relu */
#define D_FILTERS 4
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_PAD_TOP 1
#define D_PAD_LEFT 1
#define D_PAD_BOTTOM 1
#define D_PAD_RIGHT 1
#define D_HEIGHT (D_PAD_TOP + C_DROPOUT_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (D_PAD_LEFT + C_DROPOUT_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * C_DROPOUT_CHANNELS)
#define D_WEIGHTS (D_FILTERS * C_DROPOUT_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
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

/* dropout 0.2 */
#define D_DROPOUT_HEIGHT D_HEIGHT
#define D_DROPOUT_WIDTH D_WIDTH
#define D_DROPOUT_CHANNELS D_FILTERS
#define D_DROPOUT_RATE 0.2
#define D_DROPOUT_STREAM UINT64_C(0xb97de305647e232b) /* FNV-1a of "d_dropout" */
#define D_DROPOUT_SIZE (D_DROPOUT_HEIGHT * D_DROPOUT_WIDTH * D_DROPOUT_CHANNELS)

/* maxpool 2x2 stride=1 */
#define D_MAXPOOL_WINDOW_HEIGHT 2
#define D_MAXPOOL_WINDOW_WIDTH 2
#define D_MAXPOOL_HEIGHT (D_DROPOUT_HEIGHT - D_MAXPOOL_WINDOW_HEIGHT + 1)
#define D_MAXPOOL_WIDTH (D_DROPOUT_WIDTH - D_MAXPOOL_WINDOW_WIDTH + 1)
#define D_MAXPOOL_CHANNELS D_DROPOUT_CHANNELS
#define D_MAXPOOL_SIZE (D_MAXPOOL_HEIGHT * D_MAXPOOL_WIDTH * D_MAXPOOL_CHANNELS)

/* dropout 0.1 */
#define D_DROPOUT_2_HEIGHT D_MAXPOOL_HEIGHT
#define D_DROPOUT_2_WIDTH D_MAXPOOL_WIDTH
#define D_DROPOUT_2_CHANNELS D_MAXPOOL_CHANNELS
#define D_DROPOUT_2_RATE 0.1
#define D_DROPOUT_2_STREAM UINT64_C(0xc7fe36f5388ba82a) /* FNV-1a of "d_dropout_2" */
#define D_DROPOUT_2_SIZE (D_DROPOUT_2_HEIGHT * D_DROPOUT_2_WIDTH * D_DROPOUT_2_CHANNELS)

/* e: conv 4 1x1 relu */
#define E_FILTERS 4
#define E_KERNEL_HEIGHT 1
#define E_KERNEL_WIDTH 1
#define E_HEIGHT (D_DROPOUT_2_HEIGHT - E_KERNEL_HEIGHT + 1)
#define E_WIDTH (D_DROPOUT_2_WIDTH - E_KERNEL_WIDTH + 1)
#define E_KERNEL_ROW (E_KERNEL_WIDTH * D_DROPOUT_2_CHANNELS)
#define E_PAIRS ((E_KERNEL_ROW + 1) / 2)
#define E_WEIGHTS (E_FILTERS * D_DROPOUT_2_CHANNELS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
#define E_PARAMETERS (E_WEIGHTS + E_FILTERS)
#define E_FLOP ((int64_t)2 * E_HEIGHT * E_WIDTH * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 4)
#define E_PANELS ((E_FILTERS + E_PANEL - 1) / E_PANEL)
#define E_BACK_VECTORS 1
#define E_BACK_PANEL (E_BACK_VECTORS * 4)
#define E_BACK_PANELS ((E_KERNEL_ROW + E_BACK_PANEL - 1) / E_BACK_PANEL)
#define E_TRANSPOSED_SIZE (E_KERNEL_HEIGHT * E_BACK_PANELS * E_FILTERS * E_BACK_PANEL)
#define E_SIZE (E_HEIGHT * E_WIDTH * E_FILTERS)

/* maxpool 2x2 */
#define E_MAXPOOL_WINDOW_HEIGHT 2
#define E_MAXPOOL_WINDOW_WIDTH 2
#define E_MAXPOOL_STRIDE_Y 2
#define E_MAXPOOL_STRIDE_X 2
#define E_MAXPOOL_HEIGHT ((E_HEIGHT - E_MAXPOOL_WINDOW_HEIGHT) / E_MAXPOOL_STRIDE_Y + 1)
#define E_MAXPOOL_WIDTH ((E_WIDTH - E_MAXPOOL_WINDOW_WIDTH) / E_MAXPOOL_STRIDE_X + 1)
#define E_MAXPOOL_CHANNELS E_FILTERS
#define E_MAXPOOL_SIZE (E_MAXPOOL_HEIGHT * E_MAXPOOL_WIDTH * E_MAXPOOL_CHANNELS)

/* dropout 0.25 */
#define E_DROPOUT_HEIGHT E_MAXPOOL_HEIGHT
#define E_DROPOUT_WIDTH E_MAXPOOL_WIDTH
#define E_DROPOUT_CHANNELS E_MAXPOOL_CHANNELS
#define E_DROPOUT_RATE 0.25
#define E_DROPOUT_STREAM UINT64_C(0xb446e354135a8908) /* FNV-1a of "e_dropout" */
#define E_DROPOUT_SIZE (E_DROPOUT_HEIGHT * E_DROPOUT_WIDTH * E_DROPOUT_CHANNELS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS E_DROPOUT_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 4 - 1) / 4)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 4)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dropout_pool_parameters {
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
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct dropout_pool_group {
    struct {
        __typeof__(((struct dropout_pool_parameters *)0)->c.weight) weight;
        __typeof__(((struct dropout_pool_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct dropout_pool_parameters *)0)->d.weight) weight;
        __typeof__(((struct dropout_pool_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct dropout_pool_parameters *)0)->e.weight) weight;
        __typeof__(((struct dropout_pool_parameters *)0)->e.bias) bias;
    } e;
    struct {
        __typeof__(((struct dropout_pool_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct dropout_pool_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    real (*c_dropout)[C_DROPOUT_ROWS][C_DROPOUT_COLUMNS][C_DROPOUT_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_dropout)[D_DROPOUT_HEIGHT][D_DROPOUT_WIDTH][D_DROPOUT_CHANNELS];
    real (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
    real (*d_dropout_2)[D_DROPOUT_2_HEIGHT][D_DROPOUT_2_WIDTH][D_DROPOUT_2_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_maxpool)[E_MAXPOOL_HEIGHT][E_MAXPOOL_WIDTH][E_MAXPOOL_CHANNELS];
    real (*e_dropout)[E_DROPOUT_HEIGHT][E_DROPOUT_WIDTH][E_DROPOUT_CHANNELS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dropout_pool_gradients {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    real (*c_dropout)[C_DROPOUT_HEIGHT][C_DROPOUT_WIDTH][C_DROPOUT_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_dropout)[D_DROPOUT_HEIGHT][D_DROPOUT_WIDTH][D_DROPOUT_CHANNELS];
    real (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
    real (*d_dropout_2)[D_DROPOUT_2_HEIGHT][D_DROPOUT_2_WIDTH][D_DROPOUT_2_CHANNELS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_maxpool)[E_MAXPOOL_HEIGHT][E_MAXPOOL_WIDTH][E_MAXPOOL_CHANNELS];
    real (*e_dropout)[E_DROPOUT_HEIGHT][E_DROPOUT_WIDTH][E_DROPOUT_CHANNELS];
    real (*f)[F_UNITS];
};

/* Which tap of its window each maximum was */
struct dropout_pool_indices {
    tap_index (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    tap_index (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
    tap_index (*e_maxpool)[E_MAXPOOL_HEIGHT][E_MAXPOOL_WIDTH][E_MAXPOOL_CHANNELS];
};

/* Weights as the backward pass reads them */
struct dropout_pool_transposed {
    real (*c)[C_BACK_PANELS][C_FILTERS][C_BACK_PANEL];
    real (*d)[D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
    real (*e)[E_BACK_PANELS][E_FILTERS][E_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct dropout_pool {
    struct dropout_pool_parameters param;
    struct dropout_pool_parameters dparam;
    struct dropout_pool_group group[GROUPS];
    struct dropout_pool_parameters best;
    struct dropout_pool_values value;
    struct dropout_pool_gradients dvalue;
    struct dropout_pool_indices index;
    struct dropout_pool_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    bool is_sampling; /* dropout is on, though nothing is learned */
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dropout_pool_model;

/* The layers by their numbers, for a probe */
enum {
    INPUT_LAYER,
    C_LAYER,
    C_MAXPOOL_LAYER,
    C_DROPOUT_LAYER,
    D_LAYER,
    D_DROPOUT_LAYER,
    D_MAXPOOL_LAYER,
    D_DROPOUT_2_LAYER,
    E_LAYER,
    E_MAXPOOL_LAYER,
    E_DROPOUT_LAYER,
    F_LAYER,
    OUTPUT_LAYER,
};

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT 0
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_MAXPOOL_AT C_DROPOUT_END
#define C_MAXPOOL_END (C_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_SIZE))
#define C_MAXPOOL_INDEX_AT D_MAXPOOL_GRADIENT_END
#define C_MAXPOOL_INDEX_END (C_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * C_MAXPOOL_SIZE + 3) / 4))
#define C_DROPOUT_AT INPUT_END
#define C_DROPOUT_END (C_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * C_DROPOUT_PADDED_SIZE))
#define C_DROPOUT_GRADIENT_AT C_DROPOUT_END
#define C_DROPOUT_GRADIENT_END (C_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_DROPOUT_SIZE))
#define D_AT C_MAXPOOL_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT D_DROPOUT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT D_GRADIENT_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define D_DROPOUT_AT D_END
#define D_DROPOUT_END (D_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_SIZE))
#define D_DROPOUT_GRADIENT_AT C_DROPOUT_GRADIENT_END
#define D_DROPOUT_GRADIENT_END (D_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_SIZE))
#define D_MAXPOOL_AT D_DROPOUT_END
#define D_MAXPOOL_END (D_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * D_MAXPOOL_SIZE))
#define D_MAXPOOL_INDEX_AT C_MAXPOOL_INDEX_END
#define D_MAXPOOL_INDEX_END (D_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * D_MAXPOOL_SIZE + 3) / 4))
#define D_MAXPOOL_GRADIENT_AT D_DROPOUT_2_GRADIENT_END
#define D_MAXPOOL_GRADIENT_END (D_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_MAXPOOL_SIZE))
#define D_DROPOUT_2_AT D_TRANSPOSED_END
#define D_DROPOUT_2_END (D_DROPOUT_2_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_2_SIZE))
#define D_DROPOUT_2_GRADIENT_AT E_GRADIENT_END
#define D_DROPOUT_2_GRADIENT_END (D_DROPOUT_2_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_2_SIZE))
#define E_AT D_DROPOUT_2_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_GRADIENT_AT D_DROPOUT_2_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_TRANSPOSED_AT F_TRANSPOSED_END
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define E_MAXPOOL_AT D_MAXPOOL_END
#define E_MAXPOOL_END (E_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * E_MAXPOOL_SIZE))
#define E_MAXPOOL_INDEX_AT E_DROPOUT_GRADIENT_END
#define E_MAXPOOL_INDEX_END (E_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * E_MAXPOOL_SIZE + 3) / 4))
#define E_DROPOUT_AT D_MAXPOOL_INDEX_END
#define E_DROPOUT_END (E_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * E_DROPOUT_SIZE))
#define E_DROPOUT_GRADIENT_AT E_DROPOUT_END
#define E_DROPOUT_GRADIENT_END (E_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_DROPOUT_SIZE))
#define F_AT E_MAXPOOL_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT F_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT E_MAXPOOL_INDEX_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define INPUT_GRADIENT_AT 0
#define INPUT_GRADIENT_END (INPUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define C_PROBE_GRADIENT_AT E_TRANSPOSED_END
#define C_PROBE_GRADIENT_END (C_PROBE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_TRANSPOSED_AT D_DROPOUT_PROBE_GRADIENT_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define D_DROPOUT_PROBE_GRADIENT_AT C_PROBE_GRADIENT_END
#define D_DROPOUT_PROBE_GRADIENT_END (D_DROPOUT_PROBE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_DROPOUT_SIZE))
#define E_PROBE_GRADIENT_AT D_TRANSPOSED_END
#define E_PROBE_GRADIENT_END (E_PROBE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (E_TRANSPOSED_END + ARENA_SLACK)
#define PROBE_ARENA_SIZE (C_TRANSPOSED_END + ARENA_SLACK)

#endif
