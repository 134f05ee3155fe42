/* activation_words.h - sizes, parameters and memory of the network 'activation_words', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ACTIVATION_WORDS_H
#define ACTIVATION_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"

/* train */
#define BATCH 5
#define EPOCHS 10
#define SEED 1
#define RATE 0.01

/* input 6 */
#define INPUT_UNITS 6

/* a: dense 5 relu */
#define A_UNITS 5
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)

/* b: dense 5 leaky_relu(slope=0.1) */
#define B_UNITS 5
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_LEAKY_RELU_SLOPE ((real)0.1)

/* c: dense 5 sigmoid */
#define C_UNITS 5
#define C_INPUTS B_UNITS
#define C_WEIGHTS (C_UNITS * C_INPUTS)
#define C_PARAMETERS (C_WEIGHTS + C_UNITS)
#define C_FLOP ((int64_t)2 * C_WEIGHTS)

/* d: dense 5 tanh */
#define D_UNITS 5
#define D_INPUTS C_UNITS
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_PARAMETERS (D_WEIGHTS + D_UNITS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)

/* e: dense 5 softplus */
#define E_UNITS 5
#define E_INPUTS D_UNITS
#define E_WEIGHTS (E_UNITS * E_INPUTS)
#define E_PARAMETERS (E_WEIGHTS + E_UNITS)
#define E_FLOP ((int64_t)2 * E_WEIGHTS)

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS E_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. */
struct activation_words_parameters {
    struct {
        real weight[A_INPUTS][A_UNITS];
        real bias[A_UNITS];
    } a;
    struct {
        real weight[B_INPUTS][B_UNITS];
        real bias[B_UNITS];
    } b;
    struct {
        real weight[C_INPUTS][C_UNITS];
        real bias[C_UNITS];
    } c;
    struct {
        real weight[D_INPUTS][D_UNITS];
        real bias[D_UNITS];
    } d;
    struct {
        real weight[E_INPUTS][E_UNITS];
        real bias[E_UNITS];
    } e;
    struct {
        real weight[F_INPUTS][F_UNITS];
        real bias[F_UNITS];
    } f;
};

/* Results of the layers, [example] first */
struct activation_words_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*d)[D_UNITS];
    real (*e)[E_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct activation_words_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*d)[D_UNITS];
    real (*e)[E_UNITS];
    real (*f)[F_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct activation_words {
    struct activation_words_parameters param;
    struct activation_words_parameters dparam;
    struct activation_words_parameters best;
    struct activation_words_values value;
    struct activation_words_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model activation_words_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT B_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define C_AT B_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_GRADIENT_AT C_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define D_AT C_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_GRADIENT_AT D_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define E_AT D_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define E_GRADIENT_AT E_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define F_AT E_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT E_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
