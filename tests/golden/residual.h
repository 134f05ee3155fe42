/* residual.h - sizes, parameters and memory of the network 'residual', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef RESIDUAL_H
#define RESIDUAL_H

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
#define INPUT_ROWS (INPUT_HEIGHT + STEM_PAD_TOP + STEM_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + STEM_PAD_LEFT + STEM_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* stem: conv width 3x3 pad=1 relu */
#define STEM_FILTERS 3
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
#define STEM_ROWS (STEM_HEIGHT + S1_1_A_PAD_TOP + S1_1_A_PAD_BOTTOM)
#define STEM_COLUMNS (STEM_WIDTH + S1_1_A_PAD_LEFT + S1_1_A_PAD_RIGHT)
#define STEM_PADDED_SIZE (STEM_ROWS * STEM_COLUMNS * STEM_FILTERS)

/* s1_1_a: conv 3 3x3 pad=1 relu */
#define S1_1_A_FILTERS 3
#define S1_1_A_KERNEL_HEIGHT 3
#define S1_1_A_KERNEL_WIDTH 3
#define S1_1_A_PAD_TOP 1
#define S1_1_A_PAD_LEFT 1
#define S1_1_A_PAD_BOTTOM 1
#define S1_1_A_PAD_RIGHT 1
#define S1_1_A_HEIGHT (S1_1_A_PAD_TOP + STEM_HEIGHT + S1_1_A_PAD_BOTTOM - S1_1_A_KERNEL_HEIGHT + 1)
#define S1_1_A_WIDTH (S1_1_A_PAD_LEFT + STEM_WIDTH + S1_1_A_PAD_RIGHT - S1_1_A_KERNEL_WIDTH + 1)
#define S1_1_A_KERNEL_ROW (S1_1_A_KERNEL_WIDTH * STEM_FILTERS)
#define S1_1_A_PAIRS ((S1_1_A_KERNEL_ROW + 1) / 2)
#define S1_1_A_WEIGHTS (S1_1_A_FILTERS * STEM_FILTERS * S1_1_A_KERNEL_HEIGHT * S1_1_A_KERNEL_WIDTH)
#define S1_1_A_PARAMETERS (S1_1_A_WEIGHTS + S1_1_A_FILTERS)
#define S1_1_A_FLOP ((int64_t)2 * S1_1_A_HEIGHT * S1_1_A_WIDTH * S1_1_A_WEIGHTS)
#define S1_1_A_VECTORS 1
#define S1_1_A_PANEL (S1_1_A_VECTORS * 4)
#define S1_1_A_PANELS ((S1_1_A_FILTERS + S1_1_A_PANEL - 1) / S1_1_A_PANEL)
#define S1_1_A_BACK_VECTORS 2
#define S1_1_A_BACK_PANEL (S1_1_A_BACK_VECTORS * 8)
#define S1_1_A_BACK_PANELS ((S1_1_A_KERNEL_ROW + S1_1_A_BACK_PANEL - 1) / S1_1_A_BACK_PANEL)
#define S1_1_A_TRANSPOSED_SIZE (S1_1_A_KERNEL_HEIGHT * S1_1_A_BACK_PANELS * S1_1_A_FILTERS * S1_1_A_BACK_PANEL)
#define S1_1_A_SIZE (S1_1_A_HEIGHT * S1_1_A_WIDTH * S1_1_A_FILTERS)
#define S1_1_A_ROWS (S1_1_A_HEIGHT + S1_1_B_PAD_TOP + S1_1_B_PAD_BOTTOM)
#define S1_1_A_COLUMNS (S1_1_A_WIDTH + S1_1_B_PAD_LEFT + S1_1_B_PAD_RIGHT)
#define S1_1_A_PADDED_SIZE (S1_1_A_ROWS * S1_1_A_COLUMNS * S1_1_A_FILTERS)

/* s1_1_b: conv 3 3x3 pad=1 */
#define S1_1_B_FILTERS 3
#define S1_1_B_KERNEL_HEIGHT 3
#define S1_1_B_KERNEL_WIDTH 3
#define S1_1_B_PAD_TOP 1
#define S1_1_B_PAD_LEFT 1
#define S1_1_B_PAD_BOTTOM 1
#define S1_1_B_PAD_RIGHT 1
#define S1_1_B_HEIGHT (S1_1_B_PAD_TOP + S1_1_A_HEIGHT + S1_1_B_PAD_BOTTOM - S1_1_B_KERNEL_HEIGHT + 1)
#define S1_1_B_WIDTH (S1_1_B_PAD_LEFT + S1_1_A_WIDTH + S1_1_B_PAD_RIGHT - S1_1_B_KERNEL_WIDTH + 1)
#define S1_1_B_KERNEL_ROW (S1_1_B_KERNEL_WIDTH * S1_1_A_FILTERS)
#define S1_1_B_PAIRS ((S1_1_B_KERNEL_ROW + 1) / 2)
#define S1_1_B_WEIGHTS (S1_1_B_FILTERS * S1_1_A_FILTERS * S1_1_B_KERNEL_HEIGHT * S1_1_B_KERNEL_WIDTH)
#define S1_1_B_PARAMETERS (S1_1_B_WEIGHTS + S1_1_B_FILTERS)
#define S1_1_B_FLOP ((int64_t)2 * S1_1_B_HEIGHT * S1_1_B_WIDTH * S1_1_B_WEIGHTS)
#define S1_1_B_VECTORS 1
#define S1_1_B_PANEL (S1_1_B_VECTORS * 4)
#define S1_1_B_PANELS ((S1_1_B_FILTERS + S1_1_B_PANEL - 1) / S1_1_B_PANEL)
#define S1_1_B_BACK_VECTORS 2
#define S1_1_B_BACK_PANEL (S1_1_B_BACK_VECTORS * 8)
#define S1_1_B_BACK_PANELS ((S1_1_B_KERNEL_ROW + S1_1_B_BACK_PANEL - 1) / S1_1_B_BACK_PANEL)
#define S1_1_B_TRANSPOSED_SIZE (S1_1_B_KERNEL_HEIGHT * S1_1_B_BACK_PANELS * S1_1_B_FILTERS * S1_1_B_BACK_PANEL)
#define S1_1_B_SIZE (S1_1_B_HEIGHT * S1_1_B_WIDTH * S1_1_B_FILTERS)

/* residual */
#define S1_1_RESIDUAL_HEIGHT S1_1_B_HEIGHT
#define S1_1_RESIDUAL_WIDTH S1_1_B_WIDTH
#define S1_1_RESIDUAL_CHANNELS S1_1_B_FILTERS
#define S1_1_RESIDUAL_SIZE (S1_1_RESIDUAL_HEIGHT * S1_1_RESIDUAL_WIDTH * S1_1_RESIDUAL_CHANNELS)

/* relu */
#define S1_1_RELU_HEIGHT S1_1_RESIDUAL_HEIGHT
#define S1_1_RELU_WIDTH S1_1_RESIDUAL_WIDTH
#define S1_1_RELU_CHANNELS S1_1_RESIDUAL_CHANNELS
#define S1_1_RELU_SIZE (S1_1_RELU_HEIGHT * S1_1_RELU_WIDTH * S1_1_RELU_CHANNELS)
#define S1_1_RELU_ROWS (S1_1_RELU_HEIGHT + S1_2_A_PAD_TOP + S1_2_A_PAD_BOTTOM)
#define S1_1_RELU_COLUMNS (S1_1_RELU_WIDTH + S1_2_A_PAD_LEFT + S1_2_A_PAD_RIGHT)
#define S1_1_RELU_PADDED_SIZE (S1_1_RELU_ROWS * S1_1_RELU_COLUMNS * S1_1_RELU_CHANNELS)

/* s1_2_a: conv 3 3x3 pad=1 relu */
#define S1_2_A_FILTERS 3
#define S1_2_A_KERNEL_HEIGHT 3
#define S1_2_A_KERNEL_WIDTH 3
#define S1_2_A_PAD_TOP 1
#define S1_2_A_PAD_LEFT 1
#define S1_2_A_PAD_BOTTOM 1
#define S1_2_A_PAD_RIGHT 1
#define S1_2_A_HEIGHT (S1_2_A_PAD_TOP + S1_1_RELU_HEIGHT + S1_2_A_PAD_BOTTOM - S1_2_A_KERNEL_HEIGHT + 1)
#define S1_2_A_WIDTH (S1_2_A_PAD_LEFT + S1_1_RELU_WIDTH + S1_2_A_PAD_RIGHT - S1_2_A_KERNEL_WIDTH + 1)
#define S1_2_A_KERNEL_ROW (S1_2_A_KERNEL_WIDTH * S1_1_RELU_CHANNELS)
#define S1_2_A_PAIRS ((S1_2_A_KERNEL_ROW + 1) / 2)
#define S1_2_A_WEIGHTS (S1_2_A_FILTERS * S1_1_RELU_CHANNELS * S1_2_A_KERNEL_HEIGHT * S1_2_A_KERNEL_WIDTH)
#define S1_2_A_PARAMETERS (S1_2_A_WEIGHTS + S1_2_A_FILTERS)
#define S1_2_A_FLOP ((int64_t)2 * S1_2_A_HEIGHT * S1_2_A_WIDTH * S1_2_A_WEIGHTS)
#define S1_2_A_VECTORS 1
#define S1_2_A_PANEL (S1_2_A_VECTORS * 4)
#define S1_2_A_PANELS ((S1_2_A_FILTERS + S1_2_A_PANEL - 1) / S1_2_A_PANEL)
#define S1_2_A_BACK_VECTORS 2
#define S1_2_A_BACK_PANEL (S1_2_A_BACK_VECTORS * 8)
#define S1_2_A_BACK_PANELS ((S1_2_A_KERNEL_ROW + S1_2_A_BACK_PANEL - 1) / S1_2_A_BACK_PANEL)
#define S1_2_A_TRANSPOSED_SIZE (S1_2_A_KERNEL_HEIGHT * S1_2_A_BACK_PANELS * S1_2_A_FILTERS * S1_2_A_BACK_PANEL)
#define S1_2_A_SIZE (S1_2_A_HEIGHT * S1_2_A_WIDTH * S1_2_A_FILTERS)
#define S1_2_A_ROWS (S1_2_A_HEIGHT + S1_2_B_PAD_TOP + S1_2_B_PAD_BOTTOM)
#define S1_2_A_COLUMNS (S1_2_A_WIDTH + S1_2_B_PAD_LEFT + S1_2_B_PAD_RIGHT)
#define S1_2_A_PADDED_SIZE (S1_2_A_ROWS * S1_2_A_COLUMNS * S1_2_A_FILTERS)

/* s1_2_b: conv 3 3x3 pad=1 */
#define S1_2_B_FILTERS 3
#define S1_2_B_KERNEL_HEIGHT 3
#define S1_2_B_KERNEL_WIDTH 3
#define S1_2_B_PAD_TOP 1
#define S1_2_B_PAD_LEFT 1
#define S1_2_B_PAD_BOTTOM 1
#define S1_2_B_PAD_RIGHT 1
#define S1_2_B_HEIGHT (S1_2_B_PAD_TOP + S1_2_A_HEIGHT + S1_2_B_PAD_BOTTOM - S1_2_B_KERNEL_HEIGHT + 1)
#define S1_2_B_WIDTH (S1_2_B_PAD_LEFT + S1_2_A_WIDTH + S1_2_B_PAD_RIGHT - S1_2_B_KERNEL_WIDTH + 1)
#define S1_2_B_KERNEL_ROW (S1_2_B_KERNEL_WIDTH * S1_2_A_FILTERS)
#define S1_2_B_PAIRS ((S1_2_B_KERNEL_ROW + 1) / 2)
#define S1_2_B_WEIGHTS (S1_2_B_FILTERS * S1_2_A_FILTERS * S1_2_B_KERNEL_HEIGHT * S1_2_B_KERNEL_WIDTH)
#define S1_2_B_PARAMETERS (S1_2_B_WEIGHTS + S1_2_B_FILTERS)
#define S1_2_B_FLOP ((int64_t)2 * S1_2_B_HEIGHT * S1_2_B_WIDTH * S1_2_B_WEIGHTS)
#define S1_2_B_VECTORS 1
#define S1_2_B_PANEL (S1_2_B_VECTORS * 4)
#define S1_2_B_PANELS ((S1_2_B_FILTERS + S1_2_B_PANEL - 1) / S1_2_B_PANEL)
#define S1_2_B_BACK_VECTORS 2
#define S1_2_B_BACK_PANEL (S1_2_B_BACK_VECTORS * 8)
#define S1_2_B_BACK_PANELS ((S1_2_B_KERNEL_ROW + S1_2_B_BACK_PANEL - 1) / S1_2_B_BACK_PANEL)
#define S1_2_B_TRANSPOSED_SIZE (S1_2_B_KERNEL_HEIGHT * S1_2_B_BACK_PANELS * S1_2_B_FILTERS * S1_2_B_BACK_PANEL)
#define S1_2_B_SIZE (S1_2_B_HEIGHT * S1_2_B_WIDTH * S1_2_B_FILTERS)

/* residual */
#define S1_2_RESIDUAL_HEIGHT S1_2_B_HEIGHT
#define S1_2_RESIDUAL_WIDTH S1_2_B_WIDTH
#define S1_2_RESIDUAL_CHANNELS S1_2_B_FILTERS
#define S1_2_RESIDUAL_SIZE (S1_2_RESIDUAL_HEIGHT * S1_2_RESIDUAL_WIDTH * S1_2_RESIDUAL_CHANNELS)

/* relu */
#define S1_2_RELU_HEIGHT S1_2_RESIDUAL_HEIGHT
#define S1_2_RELU_WIDTH S1_2_RESIDUAL_WIDTH
#define S1_2_RELU_CHANNELS S1_2_RESIDUAL_CHANNELS
#define S1_2_RELU_SIZE (S1_2_RELU_HEIGHT * S1_2_RELU_WIDTH * S1_2_RELU_CHANNELS)
#define S1_2_RELU_ROWS (S1_2_RELU_HEIGHT + S2_A_PAD_TOP + S2_A_PAD_BOTTOM)
#define S1_2_RELU_COLUMNS (S1_2_RELU_WIDTH + S2_A_PAD_LEFT + S2_A_PAD_RIGHT)
#define S1_2_RELU_PADDED_SIZE (S1_2_RELU_ROWS * S1_2_RELU_COLUMNS * S1_2_RELU_CHANNELS)

/* s2_a: conv 3 3x3 pad=1 stride=2 relu */
#define S2_A_FILTERS 3
#define S2_A_KERNEL_HEIGHT 3
#define S2_A_KERNEL_WIDTH 3
#define S2_A_STRIDE_Y 2
#define S2_A_STRIDE_X 2
#define S2_A_PAD_TOP 1
#define S2_A_PAD_LEFT 1
#define S2_A_PAD_BOTTOM 1
#define S2_A_PAD_RIGHT 1
#define S2_A_HEIGHT ((S2_A_PAD_TOP + S1_2_RELU_HEIGHT + S2_A_PAD_BOTTOM - S2_A_KERNEL_HEIGHT) / S2_A_STRIDE_Y + 1)
#define S2_A_WIDTH ((S2_A_PAD_LEFT + S1_2_RELU_WIDTH + S2_A_PAD_RIGHT - S2_A_KERNEL_WIDTH) / S2_A_STRIDE_X + 1)
#define S2_A_KERNEL_ROW (S2_A_KERNEL_WIDTH * S1_2_RELU_CHANNELS)
#define S2_A_WEIGHTS (S2_A_FILTERS * S1_2_RELU_CHANNELS * S2_A_KERNEL_HEIGHT * S2_A_KERNEL_WIDTH)
#define S2_A_PARAMETERS (S2_A_WEIGHTS + S2_A_FILTERS)
#define S2_A_FLOP ((int64_t)2 * S2_A_HEIGHT * S2_A_WIDTH * S2_A_WEIGHTS)
#define S2_A_VECTORS 1
#define S2_A_PANEL (S2_A_VECTORS * 4)
#define S2_A_PANELS ((S2_A_FILTERS + S2_A_PANEL - 1) / S2_A_PANEL)
#define S2_A_BACK_VECTORS 2
#define S2_A_BACK_PANEL (S2_A_BACK_VECTORS * 8)
#define S2_A_BACK_PANELS ((S2_A_KERNEL_ROW + S2_A_BACK_PANEL - 1) / S2_A_BACK_PANEL)
#define S2_A_TRANSPOSED_SIZE (S2_A_KERNEL_HEIGHT * S2_A_BACK_PANELS * S2_A_FILTERS * S2_A_BACK_PANEL)
#define S2_A_SIZE (S2_A_HEIGHT * S2_A_WIDTH * S2_A_FILTERS)

/* s2_b: conv 6 1x1 */
#define S2_B_FILTERS 6
#define S2_B_KERNEL_HEIGHT 1
#define S2_B_KERNEL_WIDTH 1
#define S2_B_HEIGHT (S2_A_HEIGHT - S2_B_KERNEL_HEIGHT + 1)
#define S2_B_WIDTH (S2_A_WIDTH - S2_B_KERNEL_WIDTH + 1)
#define S2_B_KERNEL_ROW (S2_B_KERNEL_WIDTH * S2_A_FILTERS)
#define S2_B_WEIGHTS (S2_B_FILTERS * S2_A_FILTERS * S2_B_KERNEL_HEIGHT * S2_B_KERNEL_WIDTH)
#define S2_B_PARAMETERS (S2_B_WEIGHTS + S2_B_FILTERS)
#define S2_B_FLOP ((int64_t)2 * S2_B_HEIGHT * S2_B_WIDTH * S2_B_WEIGHTS)
#define S2_B_VECTORS 1
#define S2_B_PANEL (S2_B_VECTORS * 8)
#define S2_B_PANELS ((S2_B_FILTERS + S2_B_PANEL - 1) / S2_B_PANEL)
#define S2_B_BACK_VECTORS 1
#define S2_B_BACK_PANEL (S2_B_BACK_VECTORS * 4)
#define S2_B_BACK_PANELS ((S2_B_KERNEL_ROW + S2_B_BACK_PANEL - 1) / S2_B_BACK_PANEL)
#define S2_B_TRANSPOSED_SIZE (S2_B_KERNEL_HEIGHT * S2_B_BACK_PANELS * S2_B_FILTERS * S2_B_BACK_PANEL)
#define S2_B_SIZE (S2_B_HEIGHT * S2_B_WIDTH * S2_B_FILTERS)

/* s2_p: conv 6 1x1 stride=2 */
#define S2_P_FILTERS 6
#define S2_P_KERNEL_HEIGHT 1
#define S2_P_KERNEL_WIDTH 1
#define S2_P_STRIDE_Y 2
#define S2_P_STRIDE_X 2
#define S2_P_HEIGHT ((S1_2_RELU_HEIGHT - S2_P_KERNEL_HEIGHT) / S2_P_STRIDE_Y + 1)
#define S2_P_WIDTH ((S1_2_RELU_WIDTH - S2_P_KERNEL_WIDTH) / S2_P_STRIDE_X + 1)
#define S2_P_KERNEL_ROW (S2_P_KERNEL_WIDTH * S1_2_RELU_CHANNELS)
#define S2_P_WEIGHTS (S2_P_FILTERS * S1_2_RELU_CHANNELS * S2_P_KERNEL_HEIGHT * S2_P_KERNEL_WIDTH)
#define S2_P_PARAMETERS (S2_P_WEIGHTS + S2_P_FILTERS)
#define S2_P_FLOP ((int64_t)2 * S2_P_HEIGHT * S2_P_WIDTH * S2_P_WEIGHTS)
#define S2_P_VECTORS 1
#define S2_P_PANEL (S2_P_VECTORS * 8)
#define S2_P_PANELS ((S2_P_FILTERS + S2_P_PANEL - 1) / S2_P_PANEL)
#define S2_P_BACK_VECTORS 1
#define S2_P_BACK_PANEL (S2_P_BACK_VECTORS * 4)
#define S2_P_BACK_PANELS ((S2_P_KERNEL_ROW + S2_P_BACK_PANEL - 1) / S2_P_BACK_PANEL)
#define S2_P_TRANSPOSED_SIZE (S2_P_KERNEL_HEIGHT * S2_P_BACK_PANELS * S2_P_FILTERS * S2_P_BACK_PANEL)
#define S2_P_SIZE (S2_P_HEIGHT * S2_P_WIDTH * S2_P_FILTERS)

/* residual relu */
#define S2_RESIDUAL_HEIGHT S2_B_HEIGHT
#define S2_RESIDUAL_WIDTH S2_B_WIDTH
#define S2_RESIDUAL_CHANNELS S2_B_FILTERS
#define S2_RESIDUAL_SIZE (S2_RESIDUAL_HEIGHT * S2_RESIDUAL_WIDTH * S2_RESIDUAL_CHANNELS)

#define S2_RELU_HEIGHT S2_RESIDUAL_HEIGHT
#define S2_RELU_WIDTH S2_RESIDUAL_WIDTH
#define S2_RELU_CHANNELS S2_RESIDUAL_CHANNELS
#define S2_RELU_SIZE (S2_RELU_HEIGHT * S2_RELU_WIDTH * S2_RELU_CHANNELS)

/* f: dense 3 */
#define F_UNITS 3
#define F_INPUTS S2_RELU_SIZE
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

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct residual_parameters {
    struct {
        real weight[STEM_PANELS][STEM_KERNEL_HEIGHT][STEM_KERNEL_ROW][STEM_PANEL];
        real bias[STEM_PANELS * STEM_PANEL];
    } stem;
    struct {
        real weight[S1_1_A_PANELS][S1_1_A_KERNEL_HEIGHT][S1_1_A_KERNEL_ROW][S1_1_A_PANEL];
        real bias[S1_1_A_PANELS * S1_1_A_PANEL];
    } s1_1_a;
    struct {
        real weight[S1_1_B_PANELS][S1_1_B_KERNEL_HEIGHT][S1_1_B_KERNEL_ROW][S1_1_B_PANEL];
        real bias[S1_1_B_PANELS * S1_1_B_PANEL];
    } s1_1_b;
    struct {
        real weight[S1_2_A_PANELS][S1_2_A_KERNEL_HEIGHT][S1_2_A_KERNEL_ROW][S1_2_A_PANEL];
        real bias[S1_2_A_PANELS * S1_2_A_PANEL];
    } s1_2_a;
    struct {
        real weight[S1_2_B_PANELS][S1_2_B_KERNEL_HEIGHT][S1_2_B_KERNEL_ROW][S1_2_B_PANEL];
        real bias[S1_2_B_PANELS * S1_2_B_PANEL];
    } s1_2_b;
    struct {
        real weight[S2_A_PANELS][S2_A_KERNEL_HEIGHT][S2_A_KERNEL_ROW][S2_A_PANEL];
        real bias[S2_A_PANELS * S2_A_PANEL];
    } s2_a;
    struct {
        real weight[S2_B_PANELS][S2_B_KERNEL_HEIGHT][S2_B_KERNEL_ROW][S2_B_PANEL];
        real bias[S2_B_PANELS * S2_B_PANEL];
    } s2_b;
    struct {
        real weight[S2_P_PANELS][S2_P_KERNEL_HEIGHT][S2_P_KERNEL_ROW][S2_P_PANEL];
        real bias[S2_P_PANELS * S2_P_PANEL];
    } s2_p;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct residual_group {
    struct {
        __typeof__(((struct residual_parameters *)0)->stem.weight) weight;
        __typeof__(((struct residual_parameters *)0)->stem.bias) bias;
    } stem;
    struct {
        __typeof__(((struct residual_parameters *)0)->s1_1_a.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s1_1_a.bias) bias;
    } s1_1_a;
    struct {
        __typeof__(((struct residual_parameters *)0)->s1_1_b.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s1_1_b.bias) bias;
    } s1_1_b;
    struct {
        __typeof__(((struct residual_parameters *)0)->s1_2_a.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s1_2_a.bias) bias;
    } s1_2_a;
    struct {
        __typeof__(((struct residual_parameters *)0)->s1_2_b.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s1_2_b.bias) bias;
    } s1_2_b;
    struct {
        __typeof__(((struct residual_parameters *)0)->s2_a.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s2_a.bias) bias;
    } s2_a;
    struct {
        __typeof__(((struct residual_parameters *)0)->s2_b.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s2_b.bias) bias;
    } s2_b;
    struct {
        __typeof__(((struct residual_parameters *)0)->s2_p.weight) weight;
        __typeof__(((struct residual_parameters *)0)->s2_p.bias) bias;
    } s2_p;
    struct {
        __typeof__(((struct residual_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct residual_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*stem)[STEM_ROWS][STEM_COLUMNS][STEM_FILTERS];
    real (*s1_1_a)[S1_1_A_ROWS][S1_1_A_COLUMNS][S1_1_A_FILTERS];
    real (*s1_1_b)[S1_1_B_HEIGHT][S1_1_B_WIDTH][S1_1_B_FILTERS];
    real (*s1_1_residual)[S1_1_RESIDUAL_HEIGHT][S1_1_RESIDUAL_WIDTH][S1_1_RESIDUAL_CHANNELS];
    real (*s1_1_relu)[S1_1_RELU_ROWS][S1_1_RELU_COLUMNS][S1_1_RELU_CHANNELS];
    real (*s1_2_a)[S1_2_A_ROWS][S1_2_A_COLUMNS][S1_2_A_FILTERS];
    real (*s1_2_b)[S1_2_B_HEIGHT][S1_2_B_WIDTH][S1_2_B_FILTERS];
    real (*s1_2_residual)[S1_2_RESIDUAL_HEIGHT][S1_2_RESIDUAL_WIDTH][S1_2_RESIDUAL_CHANNELS];
    real (*s1_2_relu)[S1_2_RELU_ROWS][S1_2_RELU_COLUMNS][S1_2_RELU_CHANNELS];
    real (*s2_a)[S2_A_HEIGHT][S2_A_WIDTH][S2_A_FILTERS];
    real (*s2_b)[S2_B_HEIGHT][S2_B_WIDTH][S2_B_FILTERS];
    real (*s2_p)[S2_P_HEIGHT][S2_P_WIDTH][S2_P_FILTERS];
    real (*s2_residual)[S2_RESIDUAL_HEIGHT][S2_RESIDUAL_WIDTH][S2_RESIDUAL_CHANNELS];
    real (*s2_relu)[S2_RELU_HEIGHT][S2_RELU_WIDTH][S2_RELU_CHANNELS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct residual_gradients {
    real (*stem_from_s1_1_residual)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem_from_s1_1_a)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*stem)[STEM_HEIGHT][STEM_WIDTH][STEM_FILTERS];
    real (*s1_1_a)[S1_1_A_HEIGHT][S1_1_A_WIDTH][S1_1_A_FILTERS];
    real (*s1_1_b)[S1_1_B_HEIGHT][S1_1_B_WIDTH][S1_1_B_FILTERS];
    real (*s1_1_residual)[S1_1_RESIDUAL_HEIGHT][S1_1_RESIDUAL_WIDTH][S1_1_RESIDUAL_CHANNELS];
    real (*s1_1_relu_from_s1_2_residual)[S1_1_RELU_HEIGHT][S1_1_RELU_WIDTH][S1_1_RELU_CHANNELS];
    real (*s1_1_relu_from_s1_2_a)[S1_1_RELU_HEIGHT][S1_1_RELU_WIDTH][S1_1_RELU_CHANNELS];
    real (*s1_1_relu)[S1_1_RELU_HEIGHT][S1_1_RELU_WIDTH][S1_1_RELU_CHANNELS];
    real (*s1_2_a)[S1_2_A_HEIGHT][S1_2_A_WIDTH][S1_2_A_FILTERS];
    real (*s1_2_b)[S1_2_B_HEIGHT][S1_2_B_WIDTH][S1_2_B_FILTERS];
    real (*s1_2_residual)[S1_2_RESIDUAL_HEIGHT][S1_2_RESIDUAL_WIDTH][S1_2_RESIDUAL_CHANNELS];
    real (*s1_2_relu_from_s2_p)[S1_2_RELU_HEIGHT][S1_2_RELU_WIDTH][S1_2_RELU_CHANNELS];
    real (*s1_2_relu_from_s2_a)[S1_2_RELU_HEIGHT][S1_2_RELU_WIDTH][S1_2_RELU_CHANNELS];
    real (*s1_2_relu)[S1_2_RELU_HEIGHT][S1_2_RELU_WIDTH][S1_2_RELU_CHANNELS];
    real (*s2_a)[S2_A_HEIGHT][S2_A_WIDTH][S2_A_FILTERS];
    real (*s2_b)[S2_B_HEIGHT][S2_B_WIDTH][S2_B_FILTERS];
    real (*s2_p)[S2_P_HEIGHT][S2_P_WIDTH][S2_P_FILTERS];
    real (*s2_residual)[S2_RESIDUAL_HEIGHT][S2_RESIDUAL_WIDTH][S2_RESIDUAL_CHANNELS];
    real (*s2_relu)[S2_RELU_HEIGHT][S2_RELU_WIDTH][S2_RELU_CHANNELS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct residual_transposed {
    real (*s1_1_a)[S1_1_A_BACK_PANELS][S1_1_A_FILTERS][S1_1_A_BACK_PANEL];
    real (*s1_1_b)[S1_1_B_BACK_PANELS][S1_1_B_FILTERS][S1_1_B_BACK_PANEL];
    real (*s1_2_a)[S1_2_A_BACK_PANELS][S1_2_A_FILTERS][S1_2_A_BACK_PANEL];
    real (*s1_2_b)[S1_2_B_BACK_PANELS][S1_2_B_FILTERS][S1_2_B_BACK_PANEL];
    real (*s2_a)[S2_A_BACK_PANELS][S2_A_FILTERS][S2_A_BACK_PANEL];
    real (*s2_b)[S2_B_BACK_PANELS][S2_B_FILTERS][S2_B_BACK_PANEL];
    real (*s2_p)[S2_P_BACK_PANELS][S2_P_FILTERS][S2_P_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct residual {
    struct residual_parameters param;
    struct residual_parameters dparam;
    struct residual_group group[GROUPS];
    struct residual_parameters best;
    struct residual_values value;
    struct residual_gradients dvalue;
    struct residual_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model residual_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT STEM_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define STEM_AT 0
#define STEM_END (STEM_AT + PLACE_SIZE((size_t)BATCH * STEM_PADDED_SIZE))
#define STEM_FROM_S1_1_RESIDUAL_GRADIENT_AT S1_1_RESIDUAL_GRADIENT_END
#define STEM_FROM_S1_1_RESIDUAL_GRADIENT_END (STEM_FROM_S1_1_RESIDUAL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_FROM_S1_1_A_GRADIENT_AT S1_1_A_GRADIENT_END
#define STEM_FROM_S1_1_A_GRADIENT_END (STEM_FROM_S1_1_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define STEM_GRADIENT_AT STEM_FROM_S1_1_A_GRADIENT_END
#define STEM_GRADIENT_END (STEM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * STEM_SIZE))
#define S1_1_A_AT STEM_END
#define S1_1_A_END (S1_1_A_AT + PLACE_SIZE((size_t)BATCH * S1_1_A_PADDED_SIZE))
#define S1_1_A_GRADIENT_AT STEM_FROM_S1_1_RESIDUAL_GRADIENT_END
#define S1_1_A_GRADIENT_END (S1_1_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_1_A_SIZE))
#define S1_1_A_TRANSPOSED_AT S1_1_B_TRANSPOSED_END
#define S1_1_A_TRANSPOSED_END (S1_1_A_TRANSPOSED_AT + PLACE_SIZE(S1_1_A_TRANSPOSED_SIZE))
#define S1_1_B_AT S1_2_RELU_END
#define S1_1_B_END (S1_1_B_AT + PLACE_SIZE((size_t)BATCH * S1_1_B_SIZE))
#define S1_1_B_TRANSPOSED_AT S1_2_A_TRANSPOSED_END
#define S1_1_B_TRANSPOSED_END (S1_1_B_TRANSPOSED_AT + PLACE_SIZE(S1_1_B_TRANSPOSED_SIZE))
#define S1_1_RESIDUAL_AT S1_1_B_END
#define S1_1_RESIDUAL_END (S1_1_RESIDUAL_AT + PLACE_SIZE((size_t)BATCH * S1_1_RESIDUAL_SIZE))
#define S1_1_RESIDUAL_GRADIENT_AT S1_1_RELU_GRADIENT_END
#define S1_1_RESIDUAL_GRADIENT_END (S1_1_RESIDUAL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_1_RESIDUAL_SIZE))
#define S1_1_RELU_AT S1_1_A_END
#define S1_1_RELU_END (S1_1_RELU_AT + PLACE_SIZE((size_t)BATCH * S1_1_RELU_PADDED_SIZE))
#define S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_AT S1_2_RESIDUAL_GRADIENT_END
#define S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_END (S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_1_RELU_SIZE))
#define S1_1_RELU_FROM_S1_2_A_GRADIENT_AT S1_2_A_GRADIENT_END
#define S1_1_RELU_FROM_S1_2_A_GRADIENT_END (S1_1_RELU_FROM_S1_2_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_1_RELU_SIZE))
#define S1_1_RELU_GRADIENT_AT S1_1_RELU_FROM_S1_2_A_GRADIENT_END
#define S1_1_RELU_GRADIENT_END (S1_1_RELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_1_RELU_SIZE))
#define S1_2_A_AT S1_1_RELU_END
#define S1_2_A_END (S1_2_A_AT + PLACE_SIZE((size_t)BATCH * S1_2_A_PADDED_SIZE))
#define S1_2_A_GRADIENT_AT S1_1_RELU_FROM_S1_2_RESIDUAL_GRADIENT_END
#define S1_2_A_GRADIENT_END (S1_2_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_2_A_SIZE))
#define S1_2_A_TRANSPOSED_AT S1_2_B_TRANSPOSED_END
#define S1_2_A_TRANSPOSED_END (S1_2_A_TRANSPOSED_AT + PLACE_SIZE(S1_2_A_TRANSPOSED_SIZE))
#define S1_2_B_AT S1_1_RESIDUAL_END
#define S1_2_B_END (S1_2_B_AT + PLACE_SIZE((size_t)BATCH * S1_2_B_SIZE))
#define S1_2_B_TRANSPOSED_AT S2_A_TRANSPOSED_END
#define S1_2_B_TRANSPOSED_END (S1_2_B_TRANSPOSED_AT + PLACE_SIZE(S1_2_B_TRANSPOSED_SIZE))
#define S1_2_RESIDUAL_AT S1_2_B_END
#define S1_2_RESIDUAL_END (S1_2_RESIDUAL_AT + PLACE_SIZE((size_t)BATCH * S1_2_RESIDUAL_SIZE))
#define S1_2_RESIDUAL_GRADIENT_AT S1_2_RELU_GRADIENT_END
#define S1_2_RESIDUAL_GRADIENT_END (S1_2_RESIDUAL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_2_RESIDUAL_SIZE))
#define S1_2_RELU_AT S1_2_A_END
#define S1_2_RELU_END (S1_2_RELU_AT + PLACE_SIZE((size_t)BATCH * S1_2_RELU_PADDED_SIZE))
#define S1_2_RELU_FROM_S2_P_GRADIENT_AT S1_2_RELU_END
#define S1_2_RELU_FROM_S2_P_GRADIENT_END (S1_2_RELU_FROM_S2_P_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_2_RELU_SIZE))
#define S1_2_RELU_FROM_S2_A_GRADIENT_AT S1_2_RELU_FROM_S2_P_GRADIENT_END
#define S1_2_RELU_FROM_S2_A_GRADIENT_END (S1_2_RELU_FROM_S2_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_2_RELU_SIZE))
#define S1_2_RELU_GRADIENT_AT S1_2_RELU_FROM_S2_A_GRADIENT_END
#define S1_2_RELU_GRADIENT_END (S1_2_RELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S1_2_RELU_SIZE))
#define S2_A_AT F_TRANSPOSED_END
#define S2_A_END (S2_A_AT + PLACE_SIZE((size_t)BATCH * S2_A_SIZE))
#define S2_A_GRADIENT_AT S2_A_END
#define S2_A_GRADIENT_END (S2_A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S2_A_SIZE))
#define S2_A_TRANSPOSED_AT INPUT_END
#define S2_A_TRANSPOSED_END (S2_A_TRANSPOSED_AT + PLACE_SIZE(S2_A_TRANSPOSED_SIZE))
#define S2_B_AT S1_2_RESIDUAL_END
#define S2_B_END (S2_B_AT + PLACE_SIZE((size_t)BATCH * S2_B_SIZE))
#define S2_B_TRANSPOSED_AT S2_P_TRANSPOSED_END
#define S2_B_TRANSPOSED_END (S2_B_TRANSPOSED_AT + PLACE_SIZE(S2_B_TRANSPOSED_SIZE))
#define S2_P_AT S2_B_END
#define S2_P_END (S2_P_AT + PLACE_SIZE((size_t)BATCH * S2_P_SIZE))
#define S2_P_GRADIENT_AT S2_RESIDUAL_GRADIENT_END
#define S2_P_GRADIENT_END (S2_P_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S2_P_SIZE))
#define S2_P_TRANSPOSED_AT S2_A_GRADIENT_END
#define S2_P_TRANSPOSED_END (S2_P_TRANSPOSED_AT + PLACE_SIZE(S2_P_TRANSPOSED_SIZE))
#define S2_RESIDUAL_AT S2_P_END
#define S2_RESIDUAL_END (S2_RESIDUAL_AT + PLACE_SIZE((size_t)BATCH * S2_RESIDUAL_SIZE))
#define S2_RESIDUAL_GRADIENT_AT S2_RELU_GRADIENT_END
#define S2_RESIDUAL_GRADIENT_END (S2_RESIDUAL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S2_RESIDUAL_SIZE))
#define S2_RELU_AT S1_1_A_TRANSPOSED_END
#define S2_RELU_END (S2_RELU_AT + PLACE_SIZE((size_t)BATCH * S2_RELU_SIZE))
#define S2_RELU_GRADIENT_AT S2_RELU_END
#define S2_RELU_GRADIENT_END (S2_RELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * S2_RELU_SIZE))
#define F_AT S2_RESIDUAL_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT S2_P_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT S2_B_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
