/* online_image.h - sizes, parameters and memory of the network 'online_image', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ONLINE_IMAGE_H
#define ONLINE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 1
#define EPOCHS 10
#define SEED 1
#define RATE 0.05
#define MOMENTUM 0.9

/* input 9x8x2 */
#define INPUT_HEIGHT 9
#define INPUT_WIDTH 8
#define INPUT_CHANNELS 2
#define INPUT_SIZE (INPUT_HEIGHT * INPUT_WIDTH * INPUT_CHANNELS)
#define INPUT_ROWS (INPUT_HEIGHT + A_PAD_TOP + A_PAD_BOTTOM)
#define INPUT_COLUMNS (INPUT_WIDTH + A_PAD_LEFT + A_PAD_RIGHT)
#define INPUT_PADDED_SIZE (INPUT_ROWS * INPUT_COLUMNS * INPUT_CHANNELS)

/* a: conv 6 3x3 pad=1 batchnorm relu */
#define A_FILTERS 6
#define A_KERNEL_HEIGHT 3
#define A_KERNEL_WIDTH 3
#define A_PAD_TOP 1
#define A_PAD_LEFT 1
#define A_PAD_BOTTOM 1
#define A_PAD_RIGHT 1
#define A_HEIGHT (A_PAD_TOP + INPUT_HEIGHT + A_PAD_BOTTOM - A_KERNEL_HEIGHT + 1)
#define A_WIDTH (A_PAD_LEFT + INPUT_WIDTH + A_PAD_RIGHT - A_KERNEL_WIDTH + 1)
#define A_WEIGHTS (A_FILTERS * INPUT_CHANNELS * A_KERNEL_HEIGHT * A_KERNEL_WIDTH)
#define A_PARAMETERS A_WEIGHTS
#define A_FLOP ((int64_t)2 * A_HEIGHT * A_WIDTH * A_WEIGHTS)
#define A_SIZE (A_HEIGHT * A_WIDTH * A_FILTERS)

#define A_BATCHNORM_HEIGHT A_HEIGHT
#define A_BATCHNORM_WIDTH A_WIDTH
#define A_BATCHNORM_CHANNELS A_FILTERS
#define A_BATCHNORM_MOMENTUM ((real)0.9)
#define A_BATCHNORM_EPS ((real)1e-05)
#define A_BATCHNORM_PARAMETERS (2 * A_BATCHNORM_CHANNELS)
#define A_BATCHNORM_SIZE (A_BATCHNORM_HEIGHT * A_BATCHNORM_WIDTH * A_BATCHNORM_CHANNELS)

/* maxpool 2x2 */
#define A_MAXPOOL_WINDOW_HEIGHT 2
#define A_MAXPOOL_WINDOW_WIDTH 2
#define A_MAXPOOL_STRIDE_Y 2
#define A_MAXPOOL_STRIDE_X 2
#define A_MAXPOOL_HEIGHT ((A_BATCHNORM_HEIGHT - A_MAXPOOL_WINDOW_HEIGHT) / A_MAXPOOL_STRIDE_Y + 1)
#define A_MAXPOOL_WIDTH ((A_BATCHNORM_WIDTH - A_MAXPOOL_WINDOW_WIDTH) / A_MAXPOOL_STRIDE_X + 1)
#define A_MAXPOOL_CHANNELS A_BATCHNORM_CHANNELS
#define A_MAXPOOL_SIZE (A_MAXPOOL_HEIGHT * A_MAXPOOL_WIDTH * A_MAXPOOL_CHANNELS)

/* dropout 0.2 */
#define A_DROPOUT_HEIGHT A_MAXPOOL_HEIGHT
#define A_DROPOUT_WIDTH A_MAXPOOL_WIDTH
#define A_DROPOUT_CHANNELS A_MAXPOOL_CHANNELS
#define A_DROPOUT_RATE 0.2
#define A_DROPOUT_STREAM UINT64_C(0x1850e610e1dc6624) /* FNV-1a of "a_dropout" */
#define A_DROPOUT_SIZE (A_DROPOUT_HEIGHT * A_DROPOUT_WIDTH * A_DROPOUT_CHANNELS)

/* b: conv 20 3x3 */
#define B_FILTERS 20
#define B_KERNEL_HEIGHT 3
#define B_KERNEL_WIDTH 3
#define B_HEIGHT (A_DROPOUT_HEIGHT - B_KERNEL_HEIGHT + 1)
#define B_WIDTH (A_DROPOUT_WIDTH - B_KERNEL_WIDTH + 1)
#define B_WEIGHTS (B_FILTERS * A_DROPOUT_CHANNELS * B_KERNEL_HEIGHT * B_KERNEL_WIDTH)
#define B_PARAMETERS B_WEIGHTS
#define B_FLOP ((int64_t)2 * B_HEIGHT * B_WIDTH * B_WEIGHTS)
#define B_SIZE (B_HEIGHT * B_WIDTH * B_FILTERS)

/* b_norm: batchnorm */
#define B_NORM_HEIGHT B_HEIGHT
#define B_NORM_WIDTH B_WIDTH
#define B_NORM_CHANNELS B_FILTERS
#define B_NORM_MOMENTUM ((real)0.9)
#define B_NORM_EPS ((real)1e-05)
#define B_NORM_PARAMETERS (2 * B_NORM_CHANNELS)
#define B_NORM_SIZE (B_NORM_HEIGHT * B_NORM_WIDTH * B_NORM_CHANNELS)

/* c: depthwise 2x2 tanh */
#define C_GROUP_FILTERS 1
#define C_GROUP_CHANNELS 1
#define C_FILTERS (B_NORM_CHANNELS * C_GROUP_FILTERS)
#define C_KERNEL_HEIGHT 2
#define C_KERNEL_WIDTH 2
#define C_HEIGHT (B_NORM_HEIGHT - C_KERNEL_HEIGHT + 1)
#define C_WIDTH (B_NORM_WIDTH - C_KERNEL_WIDTH + 1)
#define C_WEIGHTS (C_FILTERS * C_GROUP_CHANNELS * C_KERNEL_HEIGHT * C_KERNEL_WIDTH)
#define C_PARAMETERS (C_WEIGHTS + C_FILTERS)
#define C_FLOP ((int64_t)2 * C_HEIGHT * C_WIDTH * C_WEIGHTS)
#define C_SIZE (C_HEIGHT * C_WIDTH * C_FILTERS)

/* f: dense 12 layernorm relu */
#define F_UNITS 12
#define F_INPUTS C_SIZE
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)

#define F_LAYERNORM_UNITS F_UNITS
#define F_LAYERNORM_EPS ((real)1e-05)
#define F_LAYERNORM_PARAMETERS (2 * F_LAYERNORM_UNITS)

/* dropout 0.3 */
#define F_DROPOUT_UNITS F_LAYERNORM_UNITS
#define F_DROPOUT_RATE 0.3
#define F_DROPOUT_STREAM UINT64_C(0xc7f481fda675b6f9) /* FNV-1a of "f_dropout" */

/* z: dense 3 */
#define Z_UNITS 3
#define Z_INPUTS F_DROPOUT_UNITS
#define Z_WEIGHTS (Z_UNITS * Z_INPUTS)
#define Z_PARAMETERS (Z_WEIGHTS + Z_UNITS)
#define Z_FLOP ((int64_t)2 * Z_WEIGHTS)

/* output categorical */
#define OUTPUT_UNITS Z_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct online_image_parameters {
    struct {
        real weight[A_KERNEL_HEIGHT][A_KERNEL_WIDTH][INPUT_CHANNELS][A_FILTERS];
    } a;
    struct {
        real weight[A_BATCHNORM_CHANNELS];
        real bias[A_BATCHNORM_CHANNELS];
        real running_mean[A_BATCHNORM_CHANNELS];
        real running_var[A_BATCHNORM_CHANNELS];
    } a_batchnorm;
    struct {
        real weight[B_KERNEL_HEIGHT][B_KERNEL_WIDTH][A_DROPOUT_CHANNELS][B_FILTERS];
    } b;
    struct {
        real weight[B_NORM_CHANNELS];
        real bias[B_NORM_CHANNELS];
        real running_mean[B_NORM_CHANNELS];
        real running_var[B_NORM_CHANNELS];
    } b_norm;
    struct {
        real weight[C_KERNEL_HEIGHT][C_KERNEL_WIDTH][C_FILTERS];
        real bias[C_FILTERS];
    } c;
    struct {
        real weight[F_INPUTS][F_UNITS];
        real bias[F_UNITS];
    } f;
    struct {
        real weight[F_LAYERNORM_UNITS];
        real bias[F_LAYERNORM_UNITS];
    } f_layernorm;
    struct {
        real weight[Z_INPUTS][Z_UNITS];
        real bias[Z_UNITS];
    } z;
};

/* Mean and inverse deviation of each channel over the batch, which the backward pass reads */
struct online_image_statistics {
    struct {
        real mean[A_BATCHNORM_CHANNELS];
        real scale[A_BATCHNORM_CHANNELS];
    } a_batchnorm;
    struct {
        real mean[B_NORM_CHANNELS];
        real scale[B_NORM_CHANNELS];
    } b_norm;
};

/* Results of the layers, [example] first */
struct online_image_values {
    real (*input)[INPUT_ROWS][INPUT_COLUMNS][INPUT_CHANNELS];
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a_batchnorm)[A_BATCHNORM_HEIGHT][A_BATCHNORM_WIDTH][A_BATCHNORM_CHANNELS];
    real (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
    real (*a_dropout)[A_DROPOUT_HEIGHT][A_DROPOUT_WIDTH][A_DROPOUT_CHANNELS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_norm)[B_NORM_HEIGHT][B_NORM_WIDTH][B_NORM_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*f_dropout)[F_DROPOUT_UNITS];
    real (*z)[Z_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct online_image_gradients {
    real (*a)[A_HEIGHT][A_WIDTH][A_FILTERS];
    real (*a_batchnorm)[A_BATCHNORM_HEIGHT][A_BATCHNORM_WIDTH][A_BATCHNORM_CHANNELS];
    real (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
    real (*a_dropout)[A_DROPOUT_HEIGHT][A_DROPOUT_WIDTH][A_DROPOUT_CHANNELS];
    real (*b)[B_HEIGHT][B_WIDTH][B_FILTERS];
    real (*b_norm)[B_NORM_HEIGHT][B_NORM_WIDTH][B_NORM_CHANNELS];
    real (*c)[C_HEIGHT][C_WIDTH][C_FILTERS];
    real (*f)[F_UNITS];
    real (*f_layernorm)[F_LAYERNORM_UNITS];
    real (*f_dropout)[F_DROPOUT_UNITS];
    real (*z)[Z_UNITS];
};

/* Which tap of its window each maximum was */
struct online_image_indices {
    tap_index (*a_maxpool)[A_MAXPOOL_HEIGHT][A_MAXPOOL_WIDTH][A_MAXPOOL_CHANNELS];
};

/* All of the network: one block of memory with the arena behind it. */
struct online_image {
    struct online_image_parameters param;
    struct online_image_parameters dparam;
    struct online_image_parameters velocity;
    struct online_image_parameters best;
    struct online_image_statistics statistic;
    struct online_image_values value;
    struct online_image_gradients dvalue;
    struct online_image_indices index;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    bool is_sampling; /* dropout is on, though nothing is learned */
    real *arena;
} __attribute__((aligned(64)));

extern const struct model online_image_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_BATCHNORM_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_PADDED_SIZE))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_SIZE))
#define A_BATCHNORM_AT A_END
#define A_BATCHNORM_END (A_BATCHNORM_AT + PLACE_SIZE((size_t)BATCH * A_BATCHNORM_SIZE))
#define A_BATCHNORM_GRADIENT_AT A_BATCHNORM_END
#define A_BATCHNORM_GRADIENT_END (A_BATCHNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_BATCHNORM_SIZE))
#define A_MAXPOOL_AT A_BATCHNORM_END
#define A_MAXPOOL_END (A_MAXPOOL_AT + PLACE_SIZE((size_t)BATCH * A_MAXPOOL_SIZE))
#define A_MAXPOOL_INDEX_AT A_MAXPOOL_GRADIENT_END
#define A_MAXPOOL_INDEX_END (A_MAXPOOL_INDEX_AT + PLACE_SIZE(((size_t)BATCH * A_MAXPOOL_SIZE + 3) / 4))
#define A_MAXPOOL_GRADIENT_AT INPUT_END
#define A_MAXPOOL_GRADIENT_END (A_MAXPOOL_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_MAXPOOL_SIZE))
#define A_DROPOUT_AT A_MAXPOOL_END
#define A_DROPOUT_END (A_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * A_DROPOUT_SIZE))
#define A_DROPOUT_GRADIENT_AT A_BATCHNORM_END
#define A_DROPOUT_GRADIENT_END (A_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_DROPOUT_SIZE))
#define B_AT A_DROPOUT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_SIZE))
#define B_NORM_AT B_END
#define B_NORM_END (B_NORM_AT + PLACE_SIZE((size_t)BATCH * B_NORM_SIZE))
#define B_NORM_GRADIENT_AT A_BATCHNORM_END
#define B_NORM_GRADIENT_END (B_NORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_NORM_SIZE))
#define C_AT B_NORM_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SIZE))
#define F_AT C_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_LAYERNORM_GRADIENT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_LAYERNORM_AT F_END
#define F_LAYERNORM_END (F_LAYERNORM_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define F_LAYERNORM_GRADIENT_AT A_BATCHNORM_END
#define F_LAYERNORM_GRADIENT_END (F_LAYERNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_LAYERNORM_UNITS))
#define F_DROPOUT_AT F_LAYERNORM_END
#define F_DROPOUT_END (F_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * F_DROPOUT_UNITS))
#define F_DROPOUT_GRADIENT_AT Z_GRADIENT_END
#define F_DROPOUT_GRADIENT_END (F_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_DROPOUT_UNITS))
#define Z_AT INPUT_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT A_BATCHNORM_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define OUTPUT_AT A_MAXPOOL_INDEX_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
