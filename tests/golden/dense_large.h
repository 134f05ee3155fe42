/* dense_large.h - sizes, parameters and memory of the network 'dense_large', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef DENSE_LARGE_H
#define DENSE_LARGE_H

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
#define THREADS_MOST 5 /* that a step has work for */
#define RATE 0.01

/* input 9 */
#define INPUT_UNITS 9

/* f: dense 261 relu */
#define F_UNITS 261
#define F_INPUTS INPUT_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 2
#define F_PANEL (F_VECTORS * 8)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 5 - 1) / 5)

/* g: dense 257 relu */
#define G_UNITS 257
#define G_INPUTS F_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 2
#define G_PANEL (G_VECTORS * 8)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 6 - 1) / 6)
#define G_BACK_VECTORS 2
#define G_BACK_PANEL (G_BACK_VECTORS * 8)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)

/* h: dense 3 */
#define H_UNITS 3
#define H_INPUTS G_UNITS
#define H_WEIGHTS (H_UNITS * H_INPUTS)
#define H_PARAMETERS (H_WEIGHTS + H_UNITS)
#define H_FLOP ((int64_t)2 * H_WEIGHTS)
#define H_VECTORS 1
#define H_PANEL (H_VECTORS * 4)
#define H_PANELS ((H_UNITS + H_PANEL - 1) / H_PANEL)
#define H_WEIGHT_TILES ((H_INPUTS + 8 - 1) / 8)
#define H_BACK_VECTORS 2
#define H_BACK_PANEL (H_BACK_VECTORS * 8)
#define H_BACK_PANELS ((H_INPUTS + H_BACK_PANEL - 1) / H_BACK_PANEL)
#define H_TRANSPOSED_SIZE (H_BACK_PANELS * H_UNITS * H_BACK_PANEL)

/* output squared_error */
#define OUTPUT_UNITS H_UNITS
#define OUTPUT_TARGETS H_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct dense_large_parameters {
    struct {
        real weight[F_PANELS][F_INPUTS][F_PANEL];
        real bias[F_PANELS * F_PANEL];
    } f;
    struct {
        real weight[G_PANELS][G_INPUTS][G_PANEL];
        real bias[G_PANELS * G_PANEL];
    } g;
    struct {
        real weight[H_PANELS][H_INPUTS][H_PANEL];
        real bias[H_PANELS * H_PANEL];
    } h;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct dense_large_group {
    struct {
        __typeof__(((struct dense_large_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct dense_large_parameters *)0)->g.bias) bias;
    } g;
    struct {
        __typeof__(((struct dense_large_parameters *)0)->h.bias) bias;
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

/* Weights as the backward pass reads them */
struct dense_large_transposed {
    real (*h)[H_UNITS][H_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct dense_large {
    struct dense_large_parameters param;
    struct dense_large_parameters dparam;
    struct dense_large_group group[GROUPS];
    struct dense_large_parameters best;
    struct dense_large_values value;
    struct dense_large_gradients dvalue;
    struct dense_large_transposed transposed;
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
#define INPUT_AT H_TRANSPOSED_END
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
#define H_TRANSPOSED_AT G_GRADIENT_END
#define H_TRANSPOSED_END (H_TRANSPOSED_AT + PLACE_SIZE(H_TRANSPOSED_SIZE))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (OUTPUT_END + ARENA_SLACK)

#endif
