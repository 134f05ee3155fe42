/* dropout_words.h - sizes, parameters and memory of the network 'dropout_words', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DROPOUT_WORDS_H
#define DROPOUT_WORDS_H

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

/* input 9 */
#define INPUT_UNITS 9

/* a: dense 7 tanh dropout(0.25) */
#define A_UNITS 7
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 5 - 1) / 5)

#define A_DROPOUT_UNITS A_UNITS
#define A_DROPOUT_RATE 0.25
#define A_DROPOUT_STREAM UINT64_C(0x1850e610e1dc6624) /* FNV-1a of "a_dropout" */

/* b: dense 6 tanh */
#define B_UNITS 6
#define B_INPUTS A_DROPOUT_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 7 - 1) / 7)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_BACK_PANELS * B_UNITS * B_BACK_PANEL)

/* dropout 0.5 */
#define B_DROPOUT_UNITS B_UNITS
#define B_DROPOUT_RATE 0.5
#define B_DROPOUT_STREAM UINT64_C(0xe6efc5b6c97bd625) /* FNV-1a of "b_dropout" */

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS B_DROPOUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 6 - 1) / 6)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 8)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dropout_words_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct dropout_words_group {
    struct {
        __typeof__(((struct dropout_words_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct dropout_words_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct dropout_words_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct dropout_words_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*a_dropout)[A_DROPOUT_UNITS];
    real (*b)[B_UNITS];
    real (*b_dropout)[B_DROPOUT_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dropout_words_gradients {
    real (*a)[A_UNITS];
    real (*a_dropout)[A_DROPOUT_UNITS];
    real (*b)[B_UNITS];
    real (*b_dropout)[B_DROPOUT_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct dropout_words_transposed {
    real (*b)[B_UNITS][B_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct dropout_words {
    struct dropout_words_parameters param;
    struct dropout_words_parameters dparam;
    struct dropout_words_group group[GROUPS];
    struct dropout_words_parameters best;
    struct dropout_words_values value;
    struct dropout_words_gradients dvalue;
    struct dropout_words_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    bool is_sampling; /* dropout is on, though nothing is learned */
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dropout_words_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_DROPOUT_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT B_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_DROPOUT_AT A_END
#define A_DROPOUT_END (A_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * A_DROPOUT_UNITS))
#define A_DROPOUT_GRADIENT_AT A_DROPOUT_END
#define A_DROPOUT_GRADIENT_END (A_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_DROPOUT_UNITS))
#define B_AT A_DROPOUT_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_TRANSPOSED_AT B_DROPOUT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define B_DROPOUT_AT B_DROPOUT_GRADIENT_END
#define B_DROPOUT_END (B_DROPOUT_AT + PLACE_SIZE((size_t)BATCH * B_DROPOUT_UNITS))
#define B_DROPOUT_GRADIENT_AT B_GRADIENT_END
#define B_DROPOUT_GRADIENT_END (B_DROPOUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_DROPOUT_UNITS))
#define F_AT OUTPUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT INPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT B_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT F_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_TRANSPOSED_END + ARENA_SLACK)

#endif
