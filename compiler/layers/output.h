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

/* Are the bodies of forward, loss and backward those of one position of an image? Else they are those of an
 * example. */
bool output_loops_over_positions(const struct layer *layer);
/* The count of numbers that a body is about: OUTPUT_UNITS; OUTPUT_CHANNELS or OUTPUT_SIZE of an image. */
const char *output_size(struct writer *writer, const struct layer *layer);
/* Where those of a value begin: "net->value.f7[n]", "net->value.image[n][y][x]". */
const char *output_at(struct writer *writer, const struct layer *layer, const struct value *value);

extern const struct output_kind output_categorical, output_bernoulli, output_normal, output_squared_error,
    output_laplace, output_huber, output_poisson;

#endif
