/* normal.h - sizes, parameters and memory of the network 'normal', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef NORMAL_H
#define NORMAL_H

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

/* input 3 */
#define INPUT_UNITS 3

/* a: dense 6 tanh */
#define A_UNITS 6
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 3 - 1) / 3)

/* f: dense 4 */
#define F_UNITS 4
#define F_INPUTS A_UNITS
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

/* output normal */
#define OUTPUT_UNITS F_UNITS
#define OUTPUT_TARGETS (F_UNITS / 2)
#define OUTPUT_SIGMA_FLOOR ((real)1e-6)

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct normal_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct normal_group {
    struct {
        __typeof__(((struct normal_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct normal_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct normal_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct normal_gradients {
    real (*a)[A_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct normal_transposed {
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct normal {
    struct normal_parameters param;
    struct normal_parameters dparam;
    struct normal_group group[GROUPS];
    struct normal_parameters best;
    struct normal_values value;
    struct normal_gradients dvalue;
    struct normal_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model normal_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT F_TRANSPOSED_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define F_AT A_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT F_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT F_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (INPUT_END + ARENA_SLACK)

#endif
