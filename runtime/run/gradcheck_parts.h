/* gradcheck_parts.h - what the check of a training step and that of a probe have in common: one gradient
 * against a difference, and the line that tells of many. */
#ifndef NETC_RUN_GRADCHECK_PARTS_H
#define NETC_RUN_GRADCHECK_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

struct dataset;

struct gradcheck_tally {
    int count; /* examples of the batch */
    bool is_verbose;
    int64_t checked, kinks;
    bool has_failed;
};

/* (J(x + step) - J(x - step)) / 2 step of whatever `context` is about. */
typedef double gradcheck_difference(void *context, double step);

/* The error of one gradient, 0 where a kink explains it. `size` is that of the number moved, `allowed` the
 * error that passes. */
double gradcheck_error(struct gradcheck_tally *tally, gradcheck_difference *difference, void *context,
                       double analytic, double size, double allowed);
/* Gradients that are all tiny are compared with the rounding of the number that they are of. */
double gradcheck_floor(double number, double largest);
/* Errors within this share of the largest gradient pass. */
#define GRADCHECK_TOLERANCE 1e-6
void gradcheck_report(struct gradcheck_tally *tally, const char *name, double error, double largest);

/* gradcheck_probe.c: what model->probe gives, on up to two examples. */
void gradcheck_probe(const struct model *model, void *net, struct dataset *data, uint64_t seed,
                     struct gradcheck_tally *tally);

#endif
