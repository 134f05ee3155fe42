/* probe.h - looking into a network in evaluation mode: what every layer gives for an example, and the
 * gradient of one number by every layer's result and by the input. Dropout and noise are off, batchnorm uses
 * its running statistics.
 *
 *     struct probe probe = {.unit = PROBE_LOSS, .context = &mine, .gradient = look};
 *     model->probe(net, examples, first, count, &probe);
 *         look(&mine, 7, 0, view)      of layer 7 (model->layers[7]), example 0: d loss / d result
 *         look(&mine, 6, 0, view)      … down to layer 0, the input
 *
 * Each example has a number of its own: its loss (of itself, not a share of the batch's mean), or one of what
 * the last layer before `output` gives: a logit, a mean, …. With PROBE_NOTHING all gradients begin as zeros,
 * and `gradient` may add the seed: view.at may be written. So the gradient of any unit of any layer is had by
 * adding 1 to it in that layer's call. Likewise a result that `value` changes is what the layers behind it
 * see: the input, too.
 *
 * Values come in the order of the layers, gradients in the opposite one, both when they are complete; of a
 * convolution with an activation as a word, the result is what the activation gives, and the gradient the one
 * by that (what Grad-CAM wants). A view is gone when the call returns: copy it with probe_copy. Calls come
 * from several threads, each for its own examples. */
#ifndef NETC_PROBE_H
#define NETC_PROBE_H

#include <string.h>

#include "real.h"
#include "team.h"

enum { PROBE_LOSS = -1, PROBE_NOTHING = -2 };

/* The numbers of one example, channels last: `rows` rows of `row` numbers whose beginnings are `stride`
 * apart. */
struct probe_view {
    real *at;
    int rows, row, stride;
};

/* `layer` is its place in model->layers, `n` the example's in the batch. */
typedef void probe_look(void *context, int layer, int n, struct probe_view view);

struct probe {
    int unit;             /* of the last layer, from 0; or PROBE_LOSS, PROBE_NOTHING */
    void *context;        /* first argument of the calls */
    probe_look *value;    /* NULL: not wanted */
    probe_look *gradient; /* NULL: no backward pass */
    double *loss;         /* [count] gets each example's loss; NULL: not wanted */
};

static inline int probe_view_size(struct probe_view view)
{
    return view.rows * view.row;
}

/* The numbers of a view one after the other, and back. */
static inline void probe_copy(struct probe_view view, real *to)
{
    for (int i = 0; i < view.rows; i++)
        memcpy(to + (size_t)i * (size_t)view.row, view.at + (size_t)i * (size_t)view.stride,
               (size_t)view.row * sizeof(real));
}

static inline void probe_put(struct probe_view view, const real *from)
{
    for (int i = 0; i < view.rows; i++)
        memcpy(view.at + (size_t)i * (size_t)view.stride, from + (size_t)i * (size_t)view.row,
               (size_t)view.row * sizeof(real));
}

/* Number i of a view. */
static inline real *probe_number(struct probe_view view, int i)
{
    return view.at + (size_t)(i / view.row) * (size_t)view.stride + i % view.row;
}

/* What generated code calls: a value of a whole batch, examples `step` reals apart. */
struct probe_place {
    struct probe_view first;
    int step;
};

static inline struct probe_place probe_row(real *at, int size)
{
    return (struct probe_place){{at, 1, size, size}, size};
}

static inline struct probe_place probe_rows(real *at, int step, int rows, int row, int stride)
{
    return (struct probe_place){{at, rows, row, stride}, step};
}

static inline struct probe_view probe_view_of(struct probe_place place, int n)
{
    place.first.at += (size_t)n * (size_t)place.step;
    return place.first;
}

static inline void probe_look_at(probe_look *look, void *context, int layer, struct range examples,
                                 struct probe_place place)
{
    for (int n = examples.first; look && n < examples.end; n++)
        look(context, layer, n, probe_view_of(place, n));
}

static inline void probe_look_at_value(const struct probe *probe, int layer, struct range examples,
                                       struct probe_place place)
{
    probe_look_at(probe->value, probe->context, layer, examples, place);
}

static inline void probe_look_at_gradient(const struct probe *probe, int layer, struct range examples,
                                          struct probe_place place)
{
    probe_look_at(probe->gradient, probe->context, layer, examples, place);
}

/* The gradient by what the last layer gives, [n][units]: 1 for the probe's unit. */
static inline void probe_set_unit(const struct probe *probe, struct range examples, real *gradient, int units)
{
    for (int n = examples.first; n < examples.end; n++)
        for (int k = 0; k < units; k++)
            gradient[(size_t)n * (size_t)units + (size_t)k] = k == probe->unit;
}

static inline void probe_give_losses(const struct probe *probe, const double *loss, int count)
{
    if (probe->loss)
        memcpy(probe->loss, loss, (size_t)count * sizeof *loss);
}

#endif
