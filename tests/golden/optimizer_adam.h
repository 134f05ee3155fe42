/* optimizer_adam.h - sizes, parameters and memory of the network 'optimizer_adam', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef OPTIMIZER_ADAM_H
#define OPTIMIZER_ADAM_H

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
#define ADAM_BETA1 0.8
#define ADAM_BETA2 0.95
#define ADAM_EPS 1e-06
#define WARMUP_EPOCHS 2
#define LAMBDA_L2 0.01

/* input 4 */
#define INPUT_UNITS 4

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS INPUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 4 - 1) / 4)

/* output categorical */
#define OUTPUT_UNITS F_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct optimizer_adam_parameters {
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct optimizer_adam_group {
    struct {
        __typeof__(((struct optimizer_adam_parameters *)0)->f.bias) bias;
    } f;
};

/* Results of the layers, [example] first */
struct optimizer_adam_values {
    real (*input)[INPUT_UNITS];
    real (*f)[F_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct optimizer_adam_gradients {
    real (*f)[F_UNITS];
};

/* All of the network: one block of memory with the arena behind it. */
struct optimizer_adam {
    struct optimizer_adam_parameters param;
    struct optimizer_adam_parameters dparam;
    struct optimizer_adam_group group[GROUPS];
    struct optimizer_adam_parameters mean;
    struct optimizer_adam_parameters square;
    struct optimizer_adam_parameters best;
    struct optimizer_adam_values value;
    struct optimizer_adam_gradients dvalue;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model optimizer_adam_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define F_AT INPUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define OUTPUT_AT F_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_GRADIENT_END + ARENA_SLACK)

#endif
