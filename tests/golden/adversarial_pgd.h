/* adversarial_pgd.h - sizes, parameters and memory of the network 'adversarial_pgd', as netc derived them from its .net file.
 *
 * Images are [example][y][x][channel]. Edit the .net file, not this one. */
#ifndef ADVERSARIAL_PGD_H
#define ADVERSARIAL_PGD_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "real.h"
#include "team.h"

/* train */
#define BATCH 6
#define GROUPS 6 /* of a batch, whose sums are taken apart */
#define EPOCHS 10
#define SEED 1
#define THREADS_MOST 1 /* that a step has work for */
#define RATE 0.01
#define AUGMENT_NOISE 0.1
#define ADVERSARIAL_EPSILON 0.2
#define ADVERSARIAL_STEPS 3
#define ADVERSARIAL_STEP_SIZE 0.1
#define ADVERSARIAL_SHARE 0.5

/* input 5 */
#define INPUT_UNITS 5

/* a: dense 6 batchnorm tanh */
#define A_UNITS 6
#define A_INPUTS INPUT_UNITS
#define A_WEIGHTS (A_UNITS * A_INPUTS)
#define A_PARAMETERS A_WEIGHTS
#define A_FLOP ((int64_t)2 * A_WEIGHTS)
#define A_VECTORS 1
#define A_PANEL (A_VECTORS * 8)
#define A_PANELS ((A_UNITS + A_PANEL - 1) / A_PANEL)
#define A_WEIGHT_TILES ((A_INPUTS + 5 - 1) / 5)
#define A_BACK_VECTORS 1
#define A_BACK_PANEL (A_BACK_VECTORS * 8)
#define A_BACK_PANELS ((A_INPUTS + A_BACK_PANEL - 1) / A_BACK_PANEL)
#define A_TRANSPOSED_SIZE (A_BACK_PANELS * A_UNITS * A_BACK_PANEL)

#define A_BATCHNORM_UNITS A_UNITS
#define A_BATCHNORM_MOMENTUM ((real)0.9)
#define A_BATCHNORM_EPS ((real)1e-05)
#define A_BATCHNORM_PARAMETERS (2 * A_BATCHNORM_UNITS)

/* b: dense 2 */
#define B_UNITS 2
#define B_INPUTS A_BATCHNORM_UNITS
#define B_WEIGHTS (B_UNITS * B_INPUTS)
#define B_PARAMETERS (B_WEIGHTS + B_UNITS)
#define B_FLOP ((int64_t)2 * B_WEIGHTS)
#define B_VECTORS 1
#define B_PANEL (B_VECTORS * 4)
#define B_PANELS ((B_UNITS + B_PANEL - 1) / B_PANEL)
#define B_WEIGHT_TILES ((B_INPUTS + 6 - 1) / 6)
#define B_BACK_VECTORS 1
#define B_BACK_PANEL (B_BACK_VECTORS * 8)
#define B_BACK_PANELS ((B_INPUTS + B_BACK_PANEL - 1) / B_BACK_PANEL)
#define B_TRANSPOSED_SIZE (B_BACK_PANELS * B_UNITS * B_BACK_PANEL)

/* output squared_error */
#define OUTPUT_UNITS B_UNITS
#define OUTPUT_TARGETS B_UNITS

/* Weights and biases. Gradients and whatever an optimizer keeps have the same layout. Weights stand in panels of filters or units, side by side as a vector wants them; the lanes of the last panel that no filter needs stay 0. */
struct adversarial_pgd_parameters {
    struct {
        real weight[A_PANELS][A_INPUTS][A_PANEL];
    } a;
    struct {
        real weight[A_BATCHNORM_UNITS];
        real bias[A_BATCHNORM_UNITS];
        real running_mean[A_BATCHNORM_UNITS];
        real running_var[A_BATCHNORM_UNITS];
    } a_batchnorm;
    struct {
        real weight[B_PANELS][B_INPUTS][B_PANEL];
        real bias[B_PANELS * B_PANEL];
    } b;
};

/* Gradients that each group of examples sums apart, so that no sum depends on the number of threads */
struct adversarial_pgd_group {
    struct {
        __typeof__(((struct adversarial_pgd_parameters *)0)->b.bias) bias;
    } b;
};

/* Mean and inverse deviation of each channel over the batch, which the backward pass reads */
struct adversarial_pgd_statistics {
    struct {
        real mean[A_BATCHNORM_UNITS];
        real scale[A_BATCHNORM_UNITS];
    } a_batchnorm;
};

/* Results of the layers, [example] first */
struct adversarial_pgd_values {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*a_batchnorm)[A_BATCHNORM_UNITS];
    real (*b)[B_UNITS];
    real (*output)[OUTPUT_UNITS];
};

/* Gradients of the loss by them */
struct adversarial_pgd_gradients {
    real (*input)[INPUT_UNITS];
    real (*a)[A_UNITS];
    real (*a_batchnorm)[A_BATCHNORM_UNITS];
    real (*b)[B_UNITS];
};

/* Weights as the backward pass reads them */
struct adversarial_pgd_transposed {
    real (*a)[A_UNITS][A_BACK_PANEL];
    real (*b)[B_UNITS][B_BACK_PANEL];
};

/* All of the network: one block of memory with the arena behind it. */
struct adversarial_pgd {
    struct adversarial_pgd_parameters param;
    struct adversarial_pgd_parameters dparam;
    struct adversarial_pgd_group group[GROUPS];
    struct adversarial_pgd_parameters best;
    struct adversarial_pgd_statistics statistic;
    struct adversarial_pgd_values value;
    struct adversarial_pgd_gradients dvalue;
    struct adversarial_pgd_transposed transposed;
    real target[BATCH][OUTPUT_TARGETS];
    double loss[BATCH]; /* of each example */
    real clean[BATCH][INPUT_UNITS]; /* inputs as the data have them */
    uint64_t seed;
    uint64_t step;
    bool is_training;
    real *arena;
} __attribute__((aligned(64)));

extern const struct model adversarial_pgd_model;

/* The arena, in reals: where each value of a batch begins and ends. Values that are never needed at the same time share a place. */
#define PLACE_SIZE(reals) (((size_t)(reals) + 15) / 16 * 16)
#define INPUT_AT A_BATCHNORM_GRADIENT_END
#define INPUT_END (INPUT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_AT 0
#define A_END (A_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_GRADIENT_AT A_END
#define A_GRADIENT_END (A_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_UNITS))
#define A_BATCHNORM_AT A_END
#define A_BATCHNORM_END (A_BATCHNORM_AT + PLACE_SIZE((size_t)BATCH * A_BATCHNORM_UNITS))
#define A_BATCHNORM_GRADIENT_AT A_BATCHNORM_END
#define A_BATCHNORM_GRADIENT_END (A_BATCHNORM_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * A_BATCHNORM_UNITS))
#define B_AT A_BATCHNORM_END
#define B_END (B_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_GRADIENT_AT OUTPUT_END
#define B_GRADIENT_END (B_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * B_UNITS))
#define B_TRANSPOSED_AT B_GRADIENT_END
#define B_TRANSPOSED_END (B_TRANSPOSED_AT + PLACE_SIZE(B_TRANSPOSED_SIZE))
#define OUTPUT_AT INPUT_END
#define OUTPUT_END (OUTPUT_AT + PLACE_SIZE((size_t)BATCH * OUTPUT_UNITS))
#define INPUT_GRADIENT_AT 0
#define INPUT_GRADIENT_END (INPUT_GRADIENT_AT + PLACE_SIZE((size_t)BATCH * INPUT_UNITS))
#define A_TRANSPOSED_AT B_TRANSPOSED_END
#define A_TRANSPOSED_END (A_TRANSPOSED_AT + PLACE_SIZE(A_TRANSPOSED_SIZE))
#define ARENA_SLACK 64 /* vectors may be read past the last real */
#define ARENA_SIZE (A_TRANSPOSED_END + ARENA_SLACK)

#endif
