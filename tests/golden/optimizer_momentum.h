/* optimizer_momentum.h - sizes, parameters and memory of the network 'optimizer_momentum', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef OPTIMIZER_MOMENTUM_H
#define OPTIMIZER_MOMENTUM_H

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
#define RATE 0.1
#define MOMENTUM 0.9
#define LAMBDA_L1 0.002
#define LAMBDA_L2 0.03

/* input 4 */
#define INPUT_UNITS 4

/* a: dense 4 relu */
#define A_UNITS 4
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 4)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 4 - 1) / 4)

/* b: dense 4 l1=0 l2=0.01 relu */
#define B_UNITS 4
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_L1 0
#define B_L2 0.01
#define B_WEIGHT_TILES ((B_INPUTS + 4 - 1) / 4)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 4)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_BACK_PANELS * B_UNITS * B_BACK_PANEL)

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS B_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 4 - 1) / 4)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 4)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct optimizer_momentum_parameters {
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
struct optimizer_momentum_group {
    struct {
        __typeof__(((struct optimizer_momentum_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct optimizer_momentum_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct optimizer_momentum_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct optimizer_momentum_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct optimizer_momentum_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*f)[F_UNITS];
};

/* Weights as the backward pass reads them */
struct optimizer_momentum_transposed {
    real (*b)[B_UNITS][B_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct optimizer_momentum {
    struct optimizer_momentum_parameters param;
    struct optimizer_momentum_parameters dparam;
    struct optimizer_momentum_group group[GROUPS];
    struct optimizer_momentum_parameters velocity;
    struct optimizer_momentum_parameters best;
    struct optimizer_momentum_values value;
    struct optimizer_momentum_gradients dvalue;
    struct optimizer_momentum_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model optimizer_momentum_model;

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
#define B_TRANSPOSED_AT F_TRANSPOSED_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define F_AT B_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT F_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define OUTPUT_AT B_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (B_TRANSPOSED_END + ARENA_SLACK)

#endif
