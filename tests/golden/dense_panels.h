/* dense_panels.h - sizes, parameters and memory of the network 'dense_panels', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_PANELS_H
#define DENSE_PANELS_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 7
#define GROUPS 7 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01

/* input 37 */
#define INPUT_UNITS 37

/* f: dense 21 relu */
#define F_UNITS 21
#define F_INPUTS INPUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 2
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 6 - 1) / 6)

/* g: dense 3 */
#define G_UNITS 3
#define G_INPUTS F_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 7 - 1) / 7)
#define G_BACK_VECTORS 2
#define G_BACK_PANEL (G_BACK_VECTORS * 8)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)
#define G_TRANSPOSED_SIZE (G_BACK_PANELS * G_UNITS * G_BACK_PANEL)

/* output squared_error */
#define OUTPUT_UNITS G_UNITS
#define OUTPUT_TARGETS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dense_panels_parameters {
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct dense_panels_group {
    struct {
        __typeof__(((struct dense_panels_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct dense_panels_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct dense_panels_values {
    real (*input)[INPUT_UNITS];
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct dense_panels_gradients {
    real (*f)[F_UNITS];
    real (*g)[G_UNITS];
};

/* Weights as the backward pass reads them */
struct dense_panels_transposed {
    real (*g)[G_UNITS][G_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct dense_panels {
    struct dense_panels_parameters param;
    struct dense_panels_parameters dparam;
    struct dense_panels_group group[GROUPS];
    struct dense_panels_parameters best;
    struct dense_panels_values value;
    struct dense_panels_gradients dvalue;
    struct dense_panels_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model dense_panels_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT 0
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define F_AT INPUT_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT F_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define G_AT F_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT OUTPUT_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_TRANSPOSED_AT F_GRADIENT_END
#define G_TRANSPOSED_END (G_TRANSPOSED_AT + PLACE_SIZE(G_TRANSPOSED_SIZE))
#define OUTPUT_AT G_TRANSPOSED_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (G_GRADIENT_END + ARENA_SLACK)

#endif
