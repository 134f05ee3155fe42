/* dense_large.h - sizes, parameters and memory of the network 'dense_large', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_LARGE_H
#define DENSE_LARGE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 7
#define EPOCHS 10
#define SEED 1
#define RATE 0.01

/* input 9 */
#define INPUT_UNITS 9

/* f: dense 261 relu */
#define F_UNITS 261
#define F_INPUTS INPUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)

/* g: dense 257 relu */
#define G_UNITS 257
#define G_INPUTS F_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)

/* h: dense 3 */
#define H_UNITS 3
#define H_INPUTS G_UNITS
#define H_WEIGHTS (H_UNITS * H_INPUTS)
#define H_PARAMETERS (H_WEIGHTS + H_UNITS)
#define H_FLOP ((int64_t)2 * H_WEIGHTS)

/* output squared_error */
#define OUTPUT_UNITS H_UNITS
#define OUTPUT_TARGETS H_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct dense_large_parameters {
    struct {
        real weight[F_INPUTS][F_UNITS];
        real bias[F_UNITS];
    } f;
    struct {
        real weight[G_INPUTS][G_UNITS];
        real bias[G_UNITS];
    } g;
    struct {
        real weight[H_INPUTS][H_UNITS];
        real bias[H_UNITS];
    } h;
};

/* Results of the layers, [example] first */
struct dense_large_values {
    real (*input)[INPUT_UNITS];
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
    real (*h)[H_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dense_large_gradients {
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
    real (*h)[H_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct dense_large {
    struct dense_large_parameters param;
    struct dense_large_parameters dparam;
    struct dense_large_parameters best;
    struct dense_large_values value;
    struct dense_large_gradients dvalue;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dense_large_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT G_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define F_AT 0
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define G_AT H_GRADIENT_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT F_GRADIENT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define H_AT G_END
#define H_END (H_AT + PLACE_SIZE((size_t)BATCH * H_UNITS))
#define H_GRADIENT_AT F_END
#define H_GRADIENT_END (H_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * H_UNITS))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
