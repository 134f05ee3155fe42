/* activation_smooth.h - sizes, parameters and memory of the network 'activation_smooth', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ACTIVATION_SMOOTH_H
#define ACTIVATION_SMOOTH_H

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

/* input 6 */
#define INPUT_UNITS 6

/* a: dense 5 elu(0.5) */
#define A_UNITS 5
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS (A_WEIGHTS + A_UNITS)
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 6 - 1) / 6)
#define A_ELU_ALPHA ((real)0.5)

/* b: dense 5 selu */
#define B_UNITS 5
#define B_INPUTS A_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 8)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 5 - 1) / 5)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_BACK_PANELS * B_UNITS * B_BACK_PANEL)

/* c: dense 5 silu */
#define C_UNITS 5
#define C_INPUTS B_UNITS
#define C_WEIGHTS (C_UNITS * C_INPUTS)
#define C_PARAMETERS (C_WEIGHTS + C_UNITS)
#define C_FLOP ((int64_t)2 * C_WEIGHTS)
#define C_VECTORS 1
#define C_PANEL (C_VECTORS * 8)
#define C_PANELS ((C_UNITS + C_PANEL - 1) / C_PANEL)
#define C_WEIGHT_TILES ((C_INPUTS + 5 - 1) / 5)
#define C_BACK_VECTORS 1
#define C_BACK_PANEL (C_BACK_VECTORS * 8)
#define C_BACK_PANELS ((C_INPUTS + C_BACK_PANEL - 1) / C_BACK_PANEL)
#define C_TRANSPOSED_SIZE (C_BACK_PANELS * C_UNITS * C_BACK_PANEL)

#define C_SILU_UNITS C_UNITS

/* d: dense 5 gelu */
#define D_UNITS 5
#define D_INPUTS C_SILU_UNITS
#define D_WEIGHTS (D_UNITS * D_INPUTS)
#define D_PARAMETERS (D_WEIGHTS + D_UNITS)
#define D_FLOP ((int64_t)2 * D_WEIGHTS)
#define D_VECTORS 1
#define D_PANEL (D_VECTORS * 8)
#define D_PANELS ((D_UNITS + D_PANEL - 1) / D_PANEL)
#define D_WEIGHT_TILES ((D_INPUTS + 5 - 1) / 5)
#define D_BACK_VECTORS 1
#define D_BACK_PANEL (D_BACK_VECTORS * 8)
#define D_BACK_PANELS ((D_INPUTS + D_BACK_PANEL - 1) / D_BACK_PANEL)
#define D_TRANSPOSED_SIZE (D_BACK_PANELS * D_UNITS * D_BACK_PANEL)

#define D_GELU_UNITS D_UNITS

/* e: dense 5 hard_swish */
#define E_UNITS 5
#define E_INPUTS D_GELU_UNITS
#define E_WEIGHTS (E_UNITS * E_INPUTS)
#define E_PARAMETERS (E_WEIGHTS + E_UNITS)
#define E_FLOP ((int64_t)2 * E_WEIGHTS)
#define E_VECTORS 1
#define E_PANEL (E_VECTORS * 8)
#define E_PANELS ((E_UNITS + E_PANEL - 1) / E_PANEL)
#define E_WEIGHT_TILES ((E_INPUTS + 5 - 1) / 5)
#define E_BACK_VECTORS 1
#define E_BACK_PANEL (E_BACK_VECTORS * 8)
#define E_BACK_PANELS ((E_INPUTS + E_BACK_PANEL - 1) / E_BACK_PANEL)
#define E_TRANSPOSED_SIZE (E_BACK_PANELS * E_UNITS * E_BACK_PANEL)

#define E_HARD_SWISH_UNITS E_UNITS

/* gelu */
#define E_GELU_UNITS E_HARD_SWISH_UNITS

/* f: dense 2 */
#define F_UNITS 2
#define F_INPUTS E_GELU_UNITS
#define F_WEIGHTS (F_UNITS * F_INPUTS)
#define F_PARAMETERS (F_WEIGHTS + F_UNITS)
#define F_FLOP ((int64_t)2 * F_WEIGHTS)
#define F_VECTORS 1
#define F_PANEL (F_VECTORS * 4)
#define F_PANELS ((F_UNITS + F_PANEL - 1) / F_PANEL)
#define F_WEIGHT_TILES ((F_INPUTS + 5 - 1) / 5)
#define F_BACK_VECTORS 1
#define F_BACK_PANEL (F_BACK_VECTORS * 8)
#define F_BACK_PANELS ((F_INPUTS + F_BACK_PANEL - 1) / F_BACK_PANEL)
#define F_TRANSPOSED_SIZE (F_BACK_PANELS * F_UNITS * F_BACK_PANEL)

/* elu */
#define F_ELU_UNITS F_UNITS
#define F_ELU_ALPHA ((real)1)

/* g: dense 2 */
#define G_UNITS 2
#define G_INPUTS F_ELU_UNITS
#define G_WEIGHTS (G_UNITS * G_INPUTS)
#define G_PARAMETERS (G_WEIGHTS + G_UNITS)
#define G_FLOP ((int64_t)2 * G_WEIGHTS)
#define G_VECTORS 1
#define G_PANEL (G_VECTORS * 4)
#define G_PANELS ((G_UNITS + G_PANEL - 1) / G_PANEL)
#define G_WEIGHT_TILES ((G_INPUTS + 2 - 1) / 2)
#define G_BACK_VECTORS 1
#define G_BACK_PANEL (G_BACK_VECTORS * 4)
#define G_BACK_PANELS ((G_INPUTS + G_BACK_PANEL - 1) / G_BACK_PANEL)
#define G_TRANSPOSED_SIZE (G_BACK_PANELS * G_UNITS * G_BACK_PANEL)

/* output categorical */
#define OUTPUT_UNITS G_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct activation_smooth_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
        real bias[A_PANELS * A_PANEL];
    } a;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
    struct {
        real weight[C_PANELS][C_INPUTS][C_PANEL];
        real bias[C_PANELS * C_PANEL];
    } c;
    struct {
        real weight[D_PANELS][D_INPUTS][D_PANEL];
        real bias[D_PANELS * D_PANEL];
    } d;
    struct {
        real weight[E_PANELS][E_INPUTS][E_PANEL];
        real bias[E_PANELS * E_PANEL];
    } e;
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
struct activation_smooth_group {
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->a.bias) bias;
    } a;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->b.bias) bias;
    } b;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->c.bias) bias;
    } c;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->d.bias) bias;
    } d;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->e.bias) bias;
    } e;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->f.bias) bias;
    } f;
    struct {
        __typeof__(((struct activation_smooth_parameters *)0)->g.bias) bias;
    } g;
};

/* Results of the layers, [example] first */
struct activation_smooth_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*c_silu)[C_SILU_UNITS];
    real (*d)[D_UNITS];
    real (*d_gelu)[D_GELU_UNITS];
    real (*e)[E_UNITS];
    real (*e_hard_swish)[E_HARD_SWISH_UNITS];
    real (*e_gelu)[E_GELU_UNITS];
    real (*f)[F_UNITS];
    real (*f_elu)[F_ELU_UNITS];
    real (*g)[G_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct activation_smooth_gradients {
    real (*a)[A_UNITS];
    real (*b)[B_UNITS];
    real (*c)[C_UNITS];
    real (*c_silu)[C_SILU_UNITS];
    real (*d)[D_UNITS];
    real (*d_gelu)[D_GELU_UNITS];
    real (*e)[E_UNITS];
    real (*e_hard_swish)[E_HARD_SWISH_UNITS];
    real (*e_gelu)[E_GELU_UNITS];
    real (*f)[F_UNITS];
    real (*f_elu)[F_ELU_UNITS];
    real (*g)[G_UNITS];
};

/* Weights as the backward pass reads them */
struct activation_smooth_transposed {
    real (*b)[B_UNITS][B_BACK_PANEL];
    real (*c)[C_UNITS][C_BACK_PANEL];
    real (*d)[D_UNITS][D_BACK_PANEL];
    real (*e)[E_UNITS][E_BACK_PANEL];
    real (*f)[F_UNITS][F_BACK_PANEL];
    real (*g)[G_UNITS][G_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct activation_smooth {
    struct activation_smooth_parameters param;
    struct activation_smooth_parameters dparam;
    struct activation_smooth_group group[GROUPS];
    struct activation_smooth_parameters best;
    struct activation_smooth_values value;
    struct activation_smooth_gradients dvalue;
    struct activation_smooth_transposed transposed;
    int32_t target[BATCH];
    double loss[BATCH]; /* of each example */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model activation_smooth_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT B_TRANSPOSED_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT INPUT_END
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT B_GRADIENT_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define B_AT A_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT 0
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_TRANSPOSED_AT C_TRANSPOSED_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define C_AT B_END
#define C_END (C_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_GRADIENT_AT C_SILU_END
#define C_GRADIENT_END (C_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_UNITS))
#define C_TRANSPOSED_AT D_TRANSPOSED_END
#define C_TRANSPOSED_END (C_TRANSPOSED_AT + PLACE_SIZE(C_TRANSPOSED_SIZE))
#define C_SILU_AT C_END
#define C_SILU_END (C_SILU_AT + PLACE_SIZE((size_t)BATCH * C_SILU_UNITS))
#define C_SILU_GRADIENT_AT 0
#define C_SILU_GRADIENT_END (C_SILU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * C_SILU_UNITS))
#define D_AT C_SILU_END
#define D_END (D_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_GRADIENT_AT D_GELU_GRADIENT_END
#define D_GRADIENT_END (D_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_UNITS))
#define D_TRANSPOSED_AT E_TRANSPOSED_END
#define D_TRANSPOSED_END (D_TRANSPOSED_AT + PLACE_SIZE(D_TRANSPOSED_SIZE))
#define D_GELU_AT D_END
#define D_GELU_END (D_GELU_AT + PLACE_SIZE((size_t)BATCH * D_GELU_UNITS))
#define D_GELU_GRADIENT_AT D_GELU_END
#define D_GELU_GRADIENT_END (D_GELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * D_GELU_UNITS))
#define E_AT D_GELU_END
#define E_END (E_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define E_GRADIENT_AT E_HARD_SWISH_GRADIENT_END
#define E_GRADIENT_END (E_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_UNITS))
#define E_TRANSPOSED_AT 0
#define E_TRANSPOSED_END (E_TRANSPOSED_AT + PLACE_SIZE(E_TRANSPOSED_SIZE))
#define E_HARD_SWISH_AT E_END
#define E_HARD_SWISH_END (E_HARD_SWISH_AT + PLACE_SIZE((size_t)BATCH * E_HARD_SWISH_UNITS))
#define E_HARD_SWISH_GRADIENT_AT E_GELU_GRADIENT_END
#define E_HARD_SWISH_GRADIENT_END (E_HARD_SWISH_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_HARD_SWISH_UNITS))
#define E_GELU_AT E_HARD_SWISH_END
#define E_GELU_END (E_GELU_AT + PLACE_SIZE((size_t)BATCH * E_GELU_UNITS))
#define E_GELU_GRADIENT_AT E_GELU_END
#define E_GELU_GRADIENT_END (E_GELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * E_GELU_UNITS))
#define F_AT E_GELU_END
#define F_END (F_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_GRADIENT_AT OUTPUT_END
#define F_GRADIENT_END (F_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_UNITS))
#define F_TRANSPOSED_AT F_GRADIENT_END
#define F_TRANSPOSED_END (F_TRANSPOSED_AT + PLACE_SIZE(F_TRANSPOSED_SIZE))
#define F_ELU_AT F_END
#define F_ELU_END (F_ELU_AT + PLACE_SIZE((size_t)BATCH * F_ELU_UNITS))
#define F_ELU_GRADIENT_AT F_ELU_END
#define F_ELU_GRADIENT_END (F_ELU_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * F_ELU_UNITS))
#define G_AT F_ELU_END
#define G_END (G_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_GRADIENT_AT E_GELU_END
#define G_GRADIENT_END (G_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * G_UNITS))
#define G_TRANSPOSED_AT G_END
#define G_TRANSPOSED_END (G_TRANSPOSED_AT + PLACE_SIZE(G_TRANSPOSED_SIZE))
#define OUTPUT_AT E_GRADIENT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (F_TRANSPOSED_END + ARENA_SLACK)

#endif
