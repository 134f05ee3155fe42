/* output.h - the kinds of output, one variable each, and the catalogue's interface to them. */
#ifndef NETC_OUTPUT_H
#define NETC_OUTPUT_H

#include "layers/catalogue.h"

extern const char *const output_targets[];

/* A row of the attributes of outputs whose target may be the input. */
#define TARGET_ATTRIBUTE                                                                                     \
    {                                                                                                        \
        .name = "target", .type = ATTRIBUTE_CHOICE, .position = -1, .fallback = "",                          \
        .choices = output_targets, .meaning = "input: each example is its own target (an autoencoder)"       \
    }

extern const struct output_kind output_categorical, output_bernoulli, output_normal, output_squared_error,
    output_laplace, output_huber, output_poisson;

#endif
