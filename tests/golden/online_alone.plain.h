/* online_alone.h - sizes, parameters and memory of the network 'online_alone', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ONLINE_ALONE_H
#define ONLINE_ALONE_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 1
#define EPOCHS 10
#define SEED 1
#define RATE 0.01

/* input 100 */
#define INPUT_UNITS 100

/* z: dense 100 bias=no */
#define Z_UNITS 100
#define Z_INPUTS INPUT_UNITS
#define Z_WEIGHTS (Z_UNITS * Z_INPUTS)
#define Z_PARAMETERS Z_WEIGHTS
#define Z_FLOP ((int64_t)2 * Z_WEIGHTS)

/* output normal */
#define OUTPUT_UNITS Z_UNITS
#define OUTPUT_TARGETS (Z_UNITS / 2)
#define OUTPUT_SIGMA_FLOOR ((real)1e-6)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct online_alone_parameters {
    struct {
        real weight[Z_INPUTS][Z_UNITS];
    } z;
};

/* Results of the layers, [example] first */
struct online_alone_values {
    real (*input)[INPUT_UNITS];
    real (*z)[Z_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct online_alone_gradients {
    real (*z)[Z_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct online_alone {
    struct online_alone_parameters param;
    struct online_alone_parameters dparam;
    struct online_alone_parameters best;
    struct online_alone_values value;
    struct online_alone_gradients dvalue;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model online_alone_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define Z_AT INPUT_END
#define Z_END (Z_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define Z_GRADIENT_AT OUTPUT_END
#define Z_GRADIENT_END (Z_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * Z_UNITS))
#define OUTPUT_AT Z_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (Z_GRADIENT_END + ARENA_SLACK)

#endif
