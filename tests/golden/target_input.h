/* target_input.h - sizes, parameters and memory of the network 'target_input', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef TARGET_INPUT_H
#define TARGET_INPUT_H

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

/* input 4x4x2 */
#define INPUT_HEIGHT 4
#define INPUT_WIDTH 4
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)

/* noise 0.1 */
#define INPUT_NOISE_HEIGHT INPUT_HEIGHT
#define INPUT_NOISE_WIDTH INPUT_WIDTH
#define INPUT_NOISE_CHANNELS INPUT_CHANNELS
#define INPUT_NOISE_SIGMA 0.1
#define INPUT_NOISE_STREAM UINT64_C(0x6ebdd922b484b87e) /* FNV-1a of "input_noise" */
#define INPUT_NOISE_SIZE (INPUT_NOISE_HEIGHT * INPUT_NOISE_WIDTH * INPUT_NOISE_CHANNELS)
#define INPUT_NOISE_ROWS (INPUT_NOISE_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define INPUT_NOISE_COLUMNS (INPUT_NOISE_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define INPUT_NOISE_PADDED_SIZE (INPUT_NOISE_ROWS * INPUT_NOISE_COLUMNS * INPUT_NOISE_CHANNELS)

/* c: conv 3 3x3 pad=1 stride=2 relu */
#define C_FILTERS 3
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_STRIDE_Y 2
#define C_STRIDE_X 2
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT ((C_PAD_TOP + INPUT_NOISE_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT) / C_STRIDE_Y + 1)
#define C_WIDTH ((C_PAD_LEFT + INPUT_NOISE_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH) / C_STRIDE_X + 1)
#define C_KERNEL_ROW (C_KERNEL_WIDTH * INPUT_NOISE_CHANNELS)
#define C_WEIGHTS (C_FILTERS * INPUT_NOISE_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 4)
#define C_PANELS ((C_FILTERS + C_PANEL - 1) / C_PANEL)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* upsample 2 */
#define C_UPSAMPLE_FACTOR_Y 2
#define C_UPSAMPLE_FACTOR_X 2
#define C_UPSAMPLE_HEIGHT (C_HEIGHT * C_UPSAMPLE_FACTOR_Y)
#define C_UPSAMPLE_WIDTH (C_WIDTH * C_UPSAMPLE_FACTOR_X)
#define C_UPSAMPLE_CHANNELS C_FILTERS
#define C_UPSAMPLE_SIZE (C_UPSAMPLE_HEIGHT * C_UPSAMPLE_WIDTH * C_UPSAMPLE_CHANNELS)
#define C_UPSAMPLE_ROWS (C_UPSAMPLE_HEIGHT + D_PAD_TOP + D_PAD_BOTTOM)
#define C_UPSAMPLE_COLUMNS (C_UPSAMPLE_WIDTH + D_PAD_LEFT + D_PAD_RIGHT)
#define C_UPSAMPLE_PADDED_SIZE (C_UPSAMPLE_ROWS * C_UPSAMPLE_COLUMNS * C_UPSAMPLE_CHANNELS)

/* d: conv 2 3x3 pad=1 */
#define D_FILTERS 2
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_PAD_TOP 1
#define D_PAD_LEFT 1
#define D_PAD_BOTTOM 1
#define D_PAD_RIGHT 1
#define D_HEIGHT (D_PAD_TOP + C_UPSAMPLE_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (D_PAD_LEFT + C_UPSAMPLE_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH + 1)
#define D_KERNEL_ROW (D_KERNEL_WIDTH * C_UPSAMPLE_CHANNELS)
#define D_PAIRS ((D_KERNEL_ROW + 1) / 2)
#define D_WEIGHTS (D_FILTERS * C_UPSAMPLE_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
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

/* output squared_error target=input */
#define OUTPUT_UNITS D_SIZE
#define OUTPUT_TARGETS D_SIZE

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct target_input_parameters {
    struct {
        real weight[C_PANELS][C_KERNEL_HEIGHT][C_KERNEL_ROW][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_KERNEL_HEIGHT][D_KERNEL_ROW][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct target_input_group {
    struct {
        __typeof__(((struct target_input_parameters *)0)->c.weight) weight;
        __typeof__(((struct target_input_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct target_input_parameters *)0)->d.weight) weight;
        __typeof__(((struct target_input_parameters *)0)->d.bias) bias;
    } d;
};

/* Results of the layers, [example] first */
struct target_input_values {
    real (*input)[INPUT_HEIGHT][INPUT_WIDTH][INPUT_CHANNELS];
    real (*input_noise)[INPUT_NOISE_ROWS][INPUT_NOISE_COLUMNS][INPUT_NOISE_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_upsample)[C_UPSAMPLE_ROWS][C_UPSAMPLE_COLUMNS][C_UPSAMPLE_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct target_input_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_upsample)[C_UPSAMPLE_HEIGHT][C_UPSAMPLE_WIDTH][C_UPSAMPLE_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
};

/* Weights as the backward pass reads them */
struct target_input_transposed {
    real (*d)[D_BACK_PANELS][D_FILTERS][D_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct target_input {
    struct target_input_parameters param;
    struct target_input_parameters dparam;
    struct target_input_group group[GROUPS];
    struct target_input_parameters best;
    struct target_input_values value;
    struct target_input_gradients dvalue;
    struct target_input_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model target_input_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT INPUT_NOISE_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_SIZE))
#define INPUT_NOISE_AT C_UPSAMPLE_END
#define INPUT_NOISE_END (INPUT_NOISE_AT + PLACE_SIZE((size_t)BATCH * INPUT_NOISE_PADDED_SIZE))
#define C_AT D_TRANSPOSED_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_UPSAMPLE_AT 0
#define C_UPSAMPLE_END (C_UPSAMPLE_AT + PLACE_SIZE((size_t)BATCH * C_UPSAMPLE_PADDED_SIZE))
#define C_UPSAMPLE_GRADIENT_AT INPUT_NOISE_END
#define C_UPSAMPLE_GRADIENT_END (C_UPSAMPLE_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UPSAMPLE_SIZE))
#define D_AT C_UPSAMPLE_GRADIENT_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT OUTPUT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_TRANSPOSED_AT D_GRADIENT_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define OUTPUT_AT D_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_GRADIENT_END + ARENA_SLACK)

#endif
