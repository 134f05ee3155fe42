/* concat.h - sizes, parameters and memory of the network 'concat', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef CONCAT_H
#define CONCAT_H

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

/* input 5x4x1 */
#define INPUT_HEIGHT 5
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + STEM_PAD_TOP + STEM_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + STEM_PAD_LEFT + STEM_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* stem: conv 2 3x3 pad=1 */
#define STEM_FILTERS 2
#define STEM_KERNEL_HEIGHT 3
#define STEM_KERNEL_WIDTH 3
#define STEM_PAD_TOP 1
#define STEM_PAD_LEFT 1
#define STEM_PAD_BOTTOM 1
#define STEM_PAD_RIGHT 1
#define STEM_HEIGHT (STEM_PAD_TOP + INPUT_HEIGHT + STEM_PAD_BOTTOM - STEM_KERNEL_HEIGHT + 1)
#define STEM_WIDTH (STEM_PAD_LEFT + INPUT_WIDTH + STEM_PAD_RIGHT - STEM_KERNEL_WIDTH + 1)
#define STEM_KERNEL_ROW (STEM_KERNEL_WIDTH * INPUT_CHANNELS)
#define STEM_PAIRS ((STEM_KERNEL_ROW + 1) / 2)
#define STEM_WEIGHTS (STEM_FILTERS * INPUT_CHANNELS * STEM_KERNEL_HEIGHT * STEM_KERNEL_WIDTH)
#define STEM_PARAMETERS (STEM_WEIGHTS + STEM_FILTERS)
#define STEM_FLOP ((int64_t)2 * STEM_HEIGHT * STEM_WIDTH * STEM_WEIGHTS)
#define STEM_VECTORS 1
#define STEM_PANEL (STEM_VECTORS * 4)
#define STEM_PANELS ((STEM_FILTERS + STEM_PANEL - 1) / STEM_PANEL)
#define STEM_SIZE (STEM_HEIGHT * STEM_WIDTH * STEM_FILTERS)
#define STEM_ROWS (STEM_HEIGHT + P5_PAD_TOP + P3_PAD_BOTTOM)
#define STEM_COLUMNS (STEM_WIDTH + P5_PAD_LEFT + P5_PAD_RIGHT)
#define STEM_PADDED_SIZE (STEM_ROWS * STEM_COLUMNS * STEM_FILTERS)

/* p1: conv 2 1x1 */
#define P1_FILTERS 2
#define P1_KERNEL_HEIGHT 1
#define P1_KERNEL_WIDTH 1
#define P1_HEIGHT (STEM_HEIGHT - P1_KERNEL_HEIGHT + 1)
#define P1_WIDTH (STEM_WIDTH - P1_KERNEL_WIDTH + 1)
#define P1_KERNEL_ROW (P1_KERNEL_WIDTH * STEM_FILTERS)
#define P1_PAIRS ((P1_KERNEL_ROW + 1) / 2)
#define P1_WEIGHTS (P1_FILTERS * STEM_FILTERS * P1_KERNEL_HEIGHT * P1_KERNEL_WIDTH)
#define P1_PARAMETERS (P1_WEIGHTS + P1_FILTERS)
#define P1_FLOP ((int64_t)2 * P1_HEIGHT * P1_WIDTH * P1_WEIGHTS)
#define P1_VECTORS 1
#define P1_PANEL (P1_VECTORS * 4)
#define P1_PANELS ((P1_FILTERS + P1_PANEL - 1) / P1_PANEL)
#define P1_BACK_VECTORS 1
#define P1_BACK_PANEL (P1_BACK_VECTORS * 4)
#define P1_BACK_PANELS ((P1_KERNEL_ROW + P1_BACK_PANEL - 1) / P1_BACK_PANEL)
#define P1_TRANSPOSED_SIZE (P1_KERNEL_HEIGHT * P1_BACK_PANELS * P1_FILTERS * P1_BACK_PANEL)
#define P1_SIZE (P1_HEIGHT * P1_WIDTH * P1_FILTERS)

/* p3: conv 3 3x3 pad=1 relu */
#define P3_FILTERS 3
#define P3_KERNEL_HEIGHT 3
#define P3_KERNEL_WIDTH 3
#define P3_PAD_TOP 1
#define P3_PAD_LEFT 1
#define P3_PAD_BOTTOM 1
#define P3_PAD_RIGHT 1
#define P3_HEIGHT (P3_PAD_TOP + STEM_HEIGHT + P3_PAD_BOTTOM - P3_KERNEL_HEIGHT + 1)
#define P3_WIDTH (P3_PAD_LEFT + STEM_WIDTH + P3_PAD_RIGHT - P3_KERNEL_WIDTH + 1)
#define P3_KERNEL_ROW (P3_KERNEL_WIDTH * STEM_FILTERS)
#define P3_PAIRS ((P3_KERNEL_ROW + 1) / 2)
#define P3_WEIGHTS (P3_FILTERS * STEM_FILTERS * P3_KERNEL_HEIGHT * P3_KERNEL_WIDTH)
#define P3_PARAMETERS (P3_WEIGHTS + P3_FILTERS)
#define P3_FLOP ((int64_t)2 * P3_HEIGHT * P3_WIDTH * P3_WEIGHTS)
#define P3_VECTORS 1
#define P3_PANEL (P3_VECTORS * 4)
#define P3_PANELS ((P3_FILTERS + P3_PANEL - 1) / P3_PANEL)
#define P3_BACK_VECTORS 1
#define P3_BACK_PANEL (P3_BACK_VECTORS * 8)
#define P3_BACK_PANELS ((P3_KERNEL_ROW + P3_BACK_PANEL - 1) / P3_BACK_PANEL)
#define P3_TRANSPOSED_SIZE (P3_KERNEL_HEIGHT * P3_BACK_PANELS * P3_FILTERS * P3_BACK_PANEL)
#define P3_SIZE (P3_HEIGHT * P3_WIDTH * P3_FILTERS)

/* p5: conv 2 5x5 pad=[3, 2, 1, 2] */
#define P5_FILTERS 2
#define P5_KERNEL_HEIGHT 5
#define P5_KERNEL_WIDTH 5
#define P5_PAD_TOP 3
#define P5_PAD_LEFT 2
#define P5_PAD_BOTTOM 1
#define P5_PAD_RIGHT 2
#define P5_HEIGHT (P5_PAD_TOP + STEM_HEIGHT + P5_PAD_BOTTOM - P5_KERNEL_HEIGHT + 1)
#define P5_WIDTH (P5_PAD_LEFT + STEM_WIDTH + P5_PAD_RIGHT - P5_KERNEL_WIDTH + 1)
#define P5_KERNEL_ROW (P5_KERNEL_WIDTH * STEM_FILTERS)
#define P5_PAIRS ((P5_KERNEL_ROW + 1) / 2)
#define P5_WEIGHTS (P5_FILTERS * STEM_FILTERS * P5_KERNEL_HEIGHT * P5_KERNEL_WIDTH)
#define P5_PARAMETERS (P5_WEIGHTS + P5_FILTERS)
#define P5_FLOP ((int64_t)2 * P5_HEIGHT * P5_WIDTH * P5_WEIGHTS)
#define P5_VECTORS 1
#define P5_PANEL (P5_VECTORS * 4)
#define P5_PANELS ((P5_FILTERS + P5_PANEL - 1) / P5_PANEL)
#define P5_BACK_VECTORS 2
#define P5_BACK_PANEL (P5_BACK_VECTORS * 8)
#define P5_BACK_PANELS ((P5_KERNEL_ROW + P5_BACK_PANEL - 1) / P5_BACK_PANEL)
#define P5_TRANSPOSED_SIZE (P5_KERNEL_HEIGHT * P5_BACK_PANELS * P5_FILTERS * P5_BACK_PANEL)
#define P5_SIZE (P5_HEIGHT * P5_WIDTH * P5_FILTERS)

/* maxpool 3x3 stride=1 pad=1 */
#define STEM_MAXPOOL_WINDOW_HEIGHT 3
#define STEM_MAXPOOL_WINDOW_WIDTH 3
#define STEM_MAXPOOL_PAD_TOP 1
#define STEM_MAXPOOL_PAD_LEFT 1
#define STEM_MAXPOOL_PAD_BOTTOM 1
#define STEM_MAXPOOL_PAD_RIGHT 1
#define STEM_MAXPOOL_HEIGHT (STEM_MAXPOOL_PAD_TOP + STEM_HEIGHT + STEM_MAXPOOL_PAD_BOTTOM - STEM_MAXPOOL_WINDOW_HEIGHT + 1)
#define STEM_MAXPOOL_WIDTH (STEM_MAXPOOL_PAD_LEFT + STEM_WIDTH + STEM_MAXPOOL_PAD_RIGHT - STEM_MAXPOOL_WINDOW_WIDTH + 1)
#define STEM_MAXPOOL_CHANNELS STEM_FILTERS
#define STEM_MAXPOOL_SIZE (STEM_MAXPOOL_HEIGHT * STEM_MAXPOOL_WIDTH * STEM_MAXPOOL_CHANNELS)

/* concat sigmoid */
#define STEM_CONCAT_HEIGHT P1_HEIGHT
#define STEM_CONCAT_WIDTH P1_WIDTH
#define STEM_CONCAT_CHANNELS (P1_FILTERS + P3_FILTERS + P5_FILTERS + STEM_MAXPOOL_CHANNELS + STEM_FILTERS)
#define STEM_CONCAT_SIZE (STEM_CONCAT_HEIGHT * STEM_CONCAT_WIDTH * STEM_CONCAT_CHANNELS)

#define STEM_SIGMOID_HEIGHT STEM_CONCAT_HEIGHT
#define STEM_SIGMOID_WIDTH STEM_CONCAT_WIDTH
#define STEM_SIGMOID_CHANNELS STEM_CONCAT_CHANNELS
#define STEM_SIGMOID_SIZE (STEM_SIGMOID_HEIGHT * STEM_SIGMOID_WIDTH * STEM_SIGMOID_CHANNELS)
#define STEM_SIGMOID_ROWS (STEM_SIGMOID_HEIGHT + OUT_PAD_TOP + OUT_PAD_BOTTOM)
#define STEM_SIGMOID_COLUMNS (STEM_SIGMOID_WIDTH + OUT_PAD_LEFT + OUT_PAD_RIGHT)
#define STEM_SIGMOID_PADDED_SIZE (STEM_SIGMOID_ROWS * STEM_SIGMOID_COLUMNS * STEM_SIGMOID_CHANNELS)

/* out: conv 1 3x3 pad=1 */
#define OUT_FILTERS 1
#define OUT_KERNEL_HEIGHT 3
#define OUT_KERNEL_WIDTH 3
#define OUT_PAD_TOP 1
#define OUT_PAD_LEFT 1
#define OUT_PAD_BOTTOM 1
#define OUT_PAD_RIGHT 1
#define OUT_HEIGHT (OUT_PAD_TOP + STEM_SIGMOID_HEIGHT + OUT_PAD_BOTTOM - OUT_KERNEL_HEIGHT + 1)
#define OUT_WIDTH (OUT_PAD_LEFT + STEM_SIGMOID_WIDTH + OUT_PAD_RIGHT - OUT_KERNEL_WIDTH + 1)
#define OUT_KERNEL_ROW (OUT_KERNEL_WIDTH * STEM_SIGMOID_CHANNELS)
#define OUT_WEIGHTS (OUT_FILTERS * STEM_SIGMOID_CHANNELS * OUT_KERNEL_HEIGHT * OUT_KERNEL_WIDTH)
#define OUT_PARAMETERS (OUT_WEIGHTS + OUT_FILTERS)
#define OUT_FLOP ((int64_t)2 * OUT_HEIGHT * OUT_WIDTH * OUT_WEIGHTS)
#define OUT_VECTORS 1
#define OUT_PANEL (OUT_VECTORS * 4)
#define OUT_PANELS ((OUT_FILTERS + OUT_PANEL - 1) / OUT_PANEL)
#define OUT_BACK_VECTORS 2
#define OUT_BACK_PANEL (OUT_BACK_VECTORS * 8)
#define OUT_BACK_PANELS ((OUT_KERNEL_ROW + OUT_BACK_PANEL - 1) / OUT_BACK_PANEL)
#define OUT_TRANSPOSED_SIZE (OUT_KERNEL_HEIGHT * OUT_BACK_PANELS * OUT_FILTERS * OUT_BACK_PANEL)
#define OUT_SIZE (OUT_HEIGHT * OUT_WIDTH * OUT_FILTERS)

/* d_copy: copy of out for d */
#define D_COPY_UNITS OUT_SIZE

/* d: dense 4 */
#define D_UNITS 4
#define D_INPUTS D_COPY_UNITS
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_PARAMETERS (D_WEIGHTS + D_UNITS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 4)
#define D_PANELS ((D_UNITS + D_PANEL - 1) / D_PANEL)
#define D_WEIGHT_TILES ((D_INPUTS + 7 - 1) / 7)

/* e: conv 4 5x4 */
#define E_FILTERS 4
#define E_KERNEL_HEIGHT 5
#define E_KERNEL_WIDTH 4
#define E_HEIGHT (OUT_HEIGHT - E_KERNEL_HEIGHT + 1)
#define E_WIDTH (OUT_WIDTH - E_KERNEL_WIDTH + 1)
#define E_KERNEL_ROW (E_KERNEL_WIDTH * OUT_FILTERS)
#define E_PAIRS ((E_KERNEL_ROW + 1) / 2)
#define E_WEIGHTS (E_FILTERS * OUT_FILTERS * E_KERNEL_HEIGHT * E_KERNEL_WIDTH)
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

/* flatten */
#define E_FLATTEN_UNITS E_SIZE

/* add */
#define OUT_ADD_UNITS D_UNITS

/* output squared_error */
#define OUTPUT_UNITS OUT_ADD_UNITS
#define OUTPUT_TARGETS OUT_ADD_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct concat_parameters {
    struct {
        real weight[STEM_PANELS][STEM_KERNEL_HEIGHT][STEM_KERNEL_ROW][STEM_PANEL];
        real bias[STEM_PANELS * STEM_PANEL];
    } stem;
    struct {
        real weight[P1_PANELS][P1_KERNEL_HEIGHT][P1_KERNEL_ROW][P1_PANEL];
        real bias[P1_PANELS * P1_PANEL];
    } p1;
    struct {
        real weight[P3_PANELS][P3_KERNEL_HEIGHT][P3_KERNEL_ROW][P3_PANEL];
        real bias[P3_PANELS * P3_PANEL];
    } p3;
    struct {
        real weight[P5_PANELS][P5_KERNEL_HEIGHT][P5_KERNEL_ROW][P5_PANEL];
        real bias[P5_PANELS * P5_PANEL];
    } p5;
    struct {
        real weight[OUT_PANELS][OUT_KERNEL_HEIGHT][OUT_KERNEL_ROW][OUT_PANEL];
        real bias[OUT_PANELS * OUT_PANEL];
    } out;
    struct {
        real weight[D_PANELS][D_INPUTS][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[E_PANELS][E_KERNEL_HEIGHT][E_KERNEL_ROW][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct concat_group {
    struct {
        __typeof__(((struct concat_parameters *)0)->stem.weight) weight;
        __typeof__(((struct concat_parameters *)0)->stem.bias) bias;
    } stem;
    struct {
        __typeof__(((struct concat_parameters *)0)->p1.weight) weight;
        __typeof__(((struct concat_parameters *)0)->p1.bias) bias;
    } p1;
    struct {
        __typeof__(((struct concat_parameters *)0)->p3.weight) weight;
        __typeof__(((struct concat_parameters *)0)->p3.bias) bias;
    } p3;
    struct {
        __typeof__(((struct concat_parameters *)0)->p5.weight) weight;
        __typeof__(((struct concat_parameters *)0)->p5.bias) bias;
    } p5;
    struct {
        __typeof__(((struct concat_parameters *)0)->out.weight) weight;
        __typeof__(((struct concat_parameters *)0)->out.bias) bias;
    } out;
    struct {
        __typeof__(((struct concat_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct concat_parameters *)0)->e.weight) weight;
        __typeof__(((struct concat_parameters *)0)->e.bias) bias;
    } e;
};

/* Results of the layers, [example] first */
struct concat_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*stem)[STEM_ROWS][STEM_COLUMNS][STEM_FILTERS];
    real (*p1)[P1_HEIGHT][P1_WIDTH][P1_FILTERS];
    real (*p3)[P3_HEIGHT][P3_WIDTH][P3_FILTERS];
    real (*p5)[P5_HEIGHT][P5_WIDTH][P5_FILTERS];
    real (*stem_maxpool)[STEM_MAXPOOL_HEIGHT][STEM_MAXPOOL_WIDTH][STEM_MAXPOOL_CHANNELS];
    real (*stem_concat)[STEM_CONCAT_HEIGHT][STEM_CONCAT_WIDTH][STEM_CONCAT_CHANNELS];
    real (*stem_sigmoid)[STEM_SIGMOID_ROWS][STEM_SIGMOID_COLUMNS][STEM_SIGMOID_CHANNELS];
    real (*out)[OUT_HEIGHT][OUT_WIDTH][OUT_FILTERS];
    real (*d_copy)[D_COPY_UNITS];
    real (*d)[D_UNITS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_flatten)[E_FLATTEN_UNITS];
    real (*out_add)[OUT_ADD_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct concat_gradients {
    real (*stem_from_stem_concat)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem_from_stem_maxpool)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem_from_p5)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem_from_p3)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem_from_p1)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*p1)[P1_HEIGHT][P1_WIDTH][P1_FILTERS];
    real (*p3)[P3_HEIGHT][P3_WIDTH][P3_FILTERS];
    real (*p5)[P5_HEIGHT][P5_WIDTH][P5_FILTERS];
    real (*stem_maxpool)[STEM_MAXPOOL_HEIGHT][STEM_MAXPOOL_WIDTH][STEM_MAXPOOL_CHANNELS];
    real (*stem_concat)[STEM_CONCAT_HEIGHT][STEM_CONCAT_WIDTH][STEM_CONCAT_CHANNELS];
    real (*stem_sigmoid)[STEM_SIGMOID_HEIGHT][STEM_SIGMOID_WIDTH][STEM_SIGMOID_CHANNELS];
    real (*out_from_e)[OUT_HEIGHT][OUT_WIDTH][OUT_FILTERS];
    real (*out_from_d_copy)[OUT_HEIGHT][OUT_WIDTH][OUT_FILTERS];
    real (*out)[OUT_HEIGHT][OUT_WIDTH][OUT_FILTERS];
    real (*d_copy)[D_COPY_UNITS];
    real (*d)[D_UNITS];
    real (*e)[E_HEIGHT][E_WIDTH][E_FILTERS];
    real (*e_flatten)[E_FLATTEN_UNITS];
    real (*out_add)[OUT_ADD_UNITS];
};

/* Which tap of its window each maximum was */
struct concat_indices {
    tap_index (*stem_maxpool)[STEM_MAXPOOL_HEIGHT][STEM_MAXPOOL_WIDTH][STEM_MAXPOOL_CHANNELS];
};

/* Weights as the backward pass reads them */
struct concat_transposed {
    real (*p1)[P1_BACK_PANELS][P1_FILTERS][P1_BACK_PANEL];
    real (*p3)[P3_BACK_PANELS][P3_FILTERS][P3_BACK_PANEL];
    real (*p5)[P5_BACK_PANELS][P5_FILTERS][P5_BACK_PANEL];
    real (*out)[OUT_BACK_PANELS][OUT_FILTERS][OUT_BACK_PANEL];
    real (*e)[E_BACK_PANELS][E_FILTERS][E_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct concat {
    struct concat_parameters param;
    struct concat_parameters dparam;
    struct concat_group group[GROUPS];
    struct concat_parameters best;
    struct concat_values value;
    struct concat_gradients dvalue;
    struct concat_indices index;
    struct concat_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model concat_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT OUT_TRANSPOSED_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define STEM_AT STEM_CONCAT_GRADIENT_END
#define STEM_END (STEM_AT + PLACE_SIZE((size_t)BATCH * STEM_PADDED_SIZE))
#define STEM_FROM_STEM_CONCAT_GRADIENT_AT STEM_MAXPOOL_GRADIENT_END
#define STEM_FROM_STEM_CONCAT_GRADIENT_END (STEM_FROM_STEM_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_FROM_STEM_MAXPOOL_GRADIENT_AT STEM_FROM_STEM_CONCAT_GRADIENT_END
#define STEM_FROM_STEM_MAXPOOL_GRADIENT_END (STEM_FROM_STEM_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_FROM_P5_GRADIENT_AT STEM_FROM_STEM_MAXPOOL_GRADIENT_END
#define STEM_FROM_P5_GRADIENT_END (STEM_FROM_P5_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_FROM_P3_GRADIENT_AT STEM_FROM_P5_GRADIENT_END
#define STEM_FROM_P3_GRADIENT_END (STEM_FROM_P3_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_FROM_P1_GRADIENT_AT STEM_FROM_P3_GRADIENT_END
#define STEM_FROM_P1_GRADIENT_END (STEM_FROM_P1_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_GRADIENT_AT STEM_FROM_P1_GRADIENT_END
#define STEM_GRADIENT_END (STEM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define P1_AT STEM_CONCAT_END
#define P1_END (P1_AT + PLACE_SIZE((size_t)BATCH * P1_SIZE))
#define P1_GRADIENT_AT INPUT_END
#define P1_GRADIENT_END (P1_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P1_SIZE))
#define P1_TRANSPOSED_AT OUT_ADD_GRADIENT_END
#define P1_TRANSPOSED_END (P1_TRANSPOSED_AT + PLACE_SIZE(P1_TRANSPOSED_SIZE))
#define P3_AT STEM_END
#define P3_END (P3_AT + PLACE_SIZE((size_t)BATCH * P3_SIZE))
#define P3_GRADIENT_AT P3_END
#define P3_GRADIENT_END (P3_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P3_SIZE))
#define P3_TRANSPOSED_AT STEM_GRADIENT_END
#define P3_TRANSPOSED_END (P3_TRANSPOSED_AT + PLACE_SIZE(P3_TRANSPOSED_SIZE))
#define P5_AT P1_END
#define P5_END (P5_AT + PLACE_SIZE((size_t)BATCH * P5_SIZE))
#define P5_GRADIENT_AT P1_GRADIENT_END
#define P5_GRADIENT_END (P5_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * P5_SIZE))
#define P5_TRANSPOSED_AT P3_GRADIENT_END
#define P5_TRANSPOSED_END (P5_TRANSPOSED_AT + PLACE_SIZE(P5_TRANSPOSED_SIZE))
#define STEM_MAXPOOL_AT P5_END
#define STEM_MAXPOOL_END (STEM_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * STEM_MAXPOOL_SIZE))
#define STEM_MAXPOOL_INDEX_AT OUT_GRADIENT_END
#define STEM_MAXPOOL_INDEX_END (STEM_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * STEM_MAXPOOL_SIZE + 3) / 4))
#define STEM_MAXPOOL_GRADIENT_AT P5_GRADIENT_END
#define STEM_MAXPOOL_GRADIENT_END (STEM_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_MAXPOOL_SIZE))
#define STEM_CONCAT_AT STEM_SIGMOID_END
#define STEM_CONCAT_END (STEM_CONCAT_AT + PLACE_SIZE((size_t)BATCH * STEM_CONCAT_SIZE))
#define STEM_CONCAT_GRADIENT_AT STEM_SIGMOID_GRADIENT_END
#define STEM_CONCAT_GRADIENT_END (STEM_CONCAT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_CONCAT_SIZE))
#define STEM_SIGMOID_AT 0
#define STEM_SIGMOID_END (STEM_SIGMOID_AT + PLACE_SIZE((size_t)BATCH * STEM_SIGMOID_PADDED_SIZE))
#define STEM_SIGMOID_GRADIENT_AT STEM_SIGMOID_END
#define STEM_SIGMOID_GRADIENT_END (STEM_SIGMOID_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIGMOID_SIZE))
#define OUT_AT E_TRANSPOSED_END
#define OUT_END (OUT_AT + PLACE_SIZE((size_t)BATCH * OUT_SIZE))
#define OUT_FROM_E_GRADIENT_AT D_COPY_END
#define OUT_FROM_E_GRADIENT_END (OUT_FROM_E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * OUT_SIZE))
#define OUT_FROM_D_COPY_GRADIENT_AT D_COPY_GRADIENT_END
#define OUT_FROM_D_COPY_GRADIENT_END (OUT_FROM_D_COPY_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * OUT_SIZE))
#define OUT_GRADIENT_AT OUT_FROM_D_COPY_GRADIENT_END
#define OUT_GRADIENT_END (OUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * OUT_SIZE))
#define OUT_TRANSPOSED_AT P5_TRANSPOSED_END
#define OUT_TRANSPOSED_END (OUT_TRANSPOSED_AT + PLACE_SIZE(OUT_TRANSPOSED_SIZE))
#define D_COPY_AT P3_TRANSPOSED_END
#define D_COPY_END (D_COPY_AT + PLACE_SIZE((size_t)BATCH * D_COPY_UNITS))
#define D_COPY_GRADIENT_AT OUT_FROM_E_GRADIENT_END
#define D_COPY_GRADIENT_END (D_COPY_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_COPY_UNITS))
#define D_AT OUT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define E_AT D_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_GRADIENT_AT STEM_SIGMOID_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_SIZE))
#define E_TRANSPOSED_AT STEM_MAXPOOL_END
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define OUT_ADD_AT E_END
#define OUT_ADD_END (OUT_ADD_AT + PLACE_SIZE((size_t)BATCH * OUT_ADD_UNITS))
#define OUT_ADD_GRADIENT_AT OUTPUT_END
#define OUT_ADD_GRADIENT_END (OUT_ADD_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * OUT_ADD_UNITS))
#define OUTPUT_AT STEM_MAXPOOL_INDEX_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (P1_TRANSPOSED_END + ARENA_SLACK)

#endif
