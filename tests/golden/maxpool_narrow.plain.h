/* maxpool_narrow.h - sizes, parameters and memory of the network 'maxpool_narrow', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef MAXPOOL_NARROW_H
#define MAXPOOL_NARROW_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 5
#define EPOCHS 10
#define SEED 1
#define RATE 0.01

/* input 6x12x1 */
#define INPUT_HEIGHT 6
#define INPUT_WIDTH 12
#define INPUT_CHANNELS 1
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + C_PAD_TOP + C_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + C_PAD_LEFT + C_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* c: conv 1 3x3 pad=1 relu */
#define C_FILTERS 1
#define C_KERNEL_HEIGHT 3
#define C_KERNEL_WIDTH 3
#define C_PAD_TOP 1
#define C_PAD_LEFT 1
#define C_PAD_BOTTOM 1
#define C_PAD_RIGHT 1
#define C_HEIGHT (C_PAD_TOP + INPUT_HEIGHT + C_PAD_BOTTOM - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (C_PAD_LEFT + INPUT_WIDTH + C_PAD_RIGHT - C_KERNEL_WIDTH + 1)
#define C_WEIGHTS (C_FILTERS * INPUT_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
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

/* d: conv 2 3x3 pad=1 tanh */
#define D_FILTERS 2
#define D_KERNEL_HEIGHT 3
#define D_KERNEL_WIDTH 3
#define D_PAD_TOP 1
#define D_PAD_LEFT 1
#define D_PAD_BOTTOM 1
#define D_PAD_RIGHT 1
#define D_HEIGHT (D_PAD_TOP + C_MAXPOOL_HEIGHT + D_PAD_BOTTOM - D_KERNEL_HEIGHT + 1)
#define D_WIDTH (D_PAD_LEFT + C_MAXPOOL_WIDTH + D_PAD_RIGHT - D_KERNEL_WIDTH + 1)
#define D_WEIGHTS (D_FILTERS * C_MAXPOOL_CHANNELS * D_KERNEL_HEIGHT * D_KERNEL_WIDTH)
#define D_PARAMETERS (D_WEIGHTS + D_FILTERS)
#define D_FLOP ((int64_t)2 * D_HEIGHT * D_WIDTH * D_WEIGHTS)
#define D_SIZE (D_HEIGHT * D_WIDTH * D_FILTERS)

/* maxpool 1x2 */
#define D_MAXPOOL_WINDOW_HEIGHT 1
#define D_MAXPOOL_WINDOW_WIDTH 2
#define D_MAXPOOL_STRIDE_X 2
#define D_MAXPOOL_HEIGHT (D_HEIGHT - D_MAXPOOL_WINDOW_HEIGHT + 1)
#define D_MAXPOOL_WIDTH ((D_WIDTH - D_MAXPOOL_WINDOW_WIDTH) / D_MAXPOOL_STRIDE_X + 1)
#define D_MAXPOOL_CHANNELS D_FILTERS
#define D_MAXPOOL_SIZE (D_MAXPOOL_HEIGHT * D_MAXPOOL_WIDTH * D_MAXPOOL_CHANNELS)

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS D_MAXPOOL_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct maxpool_narrow_parameters {
    struct {
        real weight[C_KERNEL_HEIGHT][C_KERNEL_WIDTH][INPUT_CHANNELS][C_FILTERS];
        real bias[C_FILTERS];
    } c;
    struct {
        real weight[D_KERNEL_HEIGHT][D_KERNEL_WIDTH][C_MAXPOOL_CHANNELS][D_FILTERS];
        real bias[D_FILTERS];
    } d;
    struct {
        real weight[F_INPUTS][F_UNITS];
        real bias[F_UNITS];
    } f;
};

/* Results of the layers, [example] first */
struct maxpool_narrow_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_ROWS][C_MAXPOOL_COLUMNS][C_MAXPOOL_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct maxpool_narrow_gradients {
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*c_maxpool)[C_MAXPOOL_ROWS][C_MAXPOOL_COLUMNS][C_MAXPOOL_CHANNELS];
    real (*d)[D_HEIGHT][D_WIDTH][D_FILTERS];
    real (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
    real (*f)[F_UNITS];
};

/* Which tap of its window each maximum was */
struct maxpool_narrow_indices {
    tap_index (*c_maxpool)[C_MAXPOOL_HEIGHT][C_MAXPOOL_WIDTH][C_MAXPOOL_CHANNELS];
    tap_index (*d_maxpool)[D_MAXPOOL_HEIGHT][D_MAXPOOL_WIDTH][D_MAXPOOL_CHANNELS];
};

/* All of the network: one block of memory with the arena behind it. */
struct maxpool_narrow {
    struct maxpool_narrow_parameters param;
    struct maxpool_narrow_parameters dparam;
    struct maxpool_narrow_parameters best;
    struct maxpool_narrow_values value;
    struct maxpool_narrow_gradients dvalue;
    struct maxpool_narrow_indices index;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model maxpool_narrow_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT C_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define C_AT 0
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_MAXPOOL_AT C_MAXPOOL_GRADIENT_END
#define C_MAXPOOL_END (C_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_PADDED_SIZE))
#define C_MAXPOOL_INDEX_AT OUTPUT_END
#define C_MAXPOOL_INDEX_END (C_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * C_MAXPOOL_SIZE + 3) / 4))
#define C_MAXPOOL_GRADIENT_AT C_MAXPOOL_INDEX_END
#define C_MAXPOOL_GRADIENT_END (C_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_MAXPOOL_PADDED_SIZE))
#define D_AT C_MAXPOOL_INDEX_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_GRADIENT_AT C_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_SIZE))
#define D_MAXPOOL_AT C_END
#define D_MAXPOOL_END (D_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * D_MAXPOOL_SIZE))
#define D_MAXPOOL_INDEX_AT D_MAXPOOL_GRADIENT_END
#define D_MAXPOOL_INDEX_END (D_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * D_MAXPOOL_SIZE + 3) / 4))
#define D_MAXPOOL_GRADIENT_AT D_GRADIENT_END
#define D_MAXPOOL_GRADIENT_END (D_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_MAXPOOL_SIZE))
#define F_AT D_MAXPOOL_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (C_MAXPOOL_END + ARENA_SLACK)

#endif
