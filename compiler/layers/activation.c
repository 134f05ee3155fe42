/* activation.c - functions of one number, applied to every element: relu, leaky_relu, sigmoid, tanh,
 * softplus.
 *
 *     relu          y = max(z, 0)               dz = dy where y > 0
 *     leaky_relu    y = z, or slope z below 0   dz = dy, or slope dy below 0       (Maas, Hannun, Ng 2013)
 *     sigmoid       y = 1 / (1 + e^-z)          dz = dy y (1 - y)
 *     tanh          y = tanh z                  dz = dy (1 - y²)
 *     softplus      y = log(1 + e^z)            dz = dy (1 - e^-y)                 (Dugas et al. 2001)
 *     elu           y = z, or α (e^z - 1)       dz = dy, or dy (y + α) below 0     (Clevert et al. 2016)
 *     selu          λ elu with its own α        dz = λ dy, or dy (y + λα) below 0  (Klambauer et al. 2017)
 *
 * These derivatives come from the result y, so a layer that the activation is fused into keeps y alone. Those
 * of silu (z / (1 + e^-z)), gelu (z Φ(z)) and hard_swish (z max(0, min(6, z + 3)) / 6) need z: they keep a
 * loop of their own. */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/catalogue.h"

static const struct attribute no_attributes[] = {{0}};

static const struct attribute leaky_attributes[] = {
    {.name = "slope",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .fallback = "0.01",
     .least = 0,
     .most = 1,
     .meaning = "factor for negative numbers"},
    {0},
};

static const struct attribute elu_attributes[] = {
    {.name = "alpha",
     .type = ATTRIBUTE_REAL,
     .position = 0,
     .fallback = "1",
     .least = 0,
     .most = 1e6,
     .above_least = true,
     .meaning = "what a large negative number becomes, with the sign turned"},
    {0},
};

static const char *relu_forward(struct writer *writer, const struct layer *layer, const char *x)
{
    (void)layer;
    return writer_format(writer, "%s < 0 ? 0 : %s", x, x);
}

static const char *relu_backward(struct writer *writer, const struct layer *layer, const char *y,
                                 const char *dy)
{
    (void)layer;
    return writer_format(writer, "%s > 0 ? %s : 0", y, dy);
}

static const char *leaky_forward(struct writer *writer, const struct layer *layer, const char *x)
{
    return writer_format(writer, "%s < 0 ? %s * %s : %s", x, layer_constant(writer, layer, "slope"), x, x);
}

static const char *leaky_backward(struct writer *writer, const struct layer *layer, const char *y,
                                  const char *dy)
{
    return writer_format(writer, "%s > 0 ? %s : %s * %s", y, dy, layer_constant(writer, layer, "slope"), dy);
}

static const char *sigmoid_backward(struct writer *writer, const struct layer *layer, const char *y,
                                    const char *dy)
{
    (void)layer;
    return writer_format(writer, "%s * %s * (1 - %s)", dy, y, y);
}

static const char *tanh_forward(struct writer *writer, const struct layer *layer, const char *x)
{
    (void)layer;
    return writer_format(writer, "real_tanh(%s)", x);
}

static const char *tanh_backward(struct writer *writer, const struct layer *layer, const char *y,
                                 const char *dy)
{
    (void)layer;
    return writer_format(writer, "%s * (1 - %s * %s)", dy, y, y);
}

static const char *softplus_backward(struct writer *writer, const struct layer *layer, const char *y,
                                     const char *dy)
{
    (void)layer;
    return writer_format(writer, "%s * -real_expm1(-%s)", dy, y);
}

static const char *elu_forward(struct writer *writer, const struct layer *layer, const char *x)
{
    return writer_format(writer, "%s < 0 ? %s * real_expm1(%s) : %s", x,
                         layer_constant(writer, layer, "alpha"), x, x);
}

static const char *elu_backward(struct writer *writer, const struct layer *layer, const char *y,
                                const char *dy)
{
    return writer_format(writer, "%s > 0 ? %s : %s * (%s + %s)", y, dy, dy, y,
                         layer_constant(writer, layer, "alpha"));
}

/* "silu(x)" and "dy * silu_slope(x)": the functions of runtime/activation.h with the kind's name. */
static const char *call_forward(struct writer *writer, const struct layer *layer, const char *x)
{
    return writer_format(writer, "%s(%s)", layer->kind->name, x);
}

static const char *call_backward(struct writer *writer, const struct layer *layer, const char *from,
                                 const char *dy)
{
    return writer_format(writer, "%s * %s_slope(%s)", dy, layer->kind->name, from);
}

static struct shape activation_shape(struct graph *graph, struct layer *layer, struct shape input,
                                     struct shape_check *check)
{
    (void)graph, (void)layer, (void)check;
    return input;
}

static void leaky_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "slope", "%s", writer_real(writer, layer_setting(layer, "slope")->real));
}

static void elu_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "alpha", "%s", writer_real(writer, layer_setting(layer, "alpha")->real));
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    const struct value *values[] = {layer->output, layer->input};
    const char *element[2];
    writer_function(writer, layer, "forward");
    writer_examples(writer);
    int loops = writer_elements(writer, values, 2, element);
    writer_line(writer, "%s = %s;", element[0], layer->kind->activation->forward(writer, layer, element[1]));
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const struct value *from = layer->kind->activation->from_input ? layer->input : layer->output;
    const struct value *values[] = {layer->dinput, from, layer->doutput};
    const char *element[3];
    writer_function(writer, layer, "backward");
    writer_examples(writer);
    int loops = writer_elements(writer, values, 3, element);
    writer_brace(writer);
    writer_line(writer, "const real dy = %s;", element[2]); /* a load under a condition is no vector */
    writer_line(writer, "%s = %s;", element[0],
                layer->kind->activation->backward(writer, layer, element[1], "dy"));
    writer_close(writer);
    writer->depth++;
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward = OPERATION("backward", PHASE_BACKWARD, emit_backward);

static void activation_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void activation_backward(struct graph *graph, struct layer *layer)
{
    struct node *node = build_backward(graph, layer, &backward);
    if (node)
        node_reads(node, layer->kind->activation->from_input ? layer->input : layer->output);
}

#define ACTIVATION_KIND(kind_name, text, table, ...)                                                         \
    const struct layer_kind layer_##kind_name = {.name = #kind_name,                                         \
                                                 .summary = text,                                            \
                                                 .attributes = table,                                        \
                                                 .is_word = true,                                            \
                                                 .keeps_shape = true,                                        \
                                                 .shape = activation_shape,                                  \
                                                 .forward = activation_forward,                              \
                                                 .backward = activation_backward,                            \
                                                 __VA_ARGS__}

static const struct activation relu = {
    .forward = relu_forward, .backward = relu_backward, .is_gate = true, .tile = "relu"};
static const struct activation leaky_relu = {
    .forward = leaky_forward, .backward = leaky_backward, .tile = "leaky_relu", .tile_argument = "slope"};
static const struct activation sigmoid = {.forward = call_forward, .backward = sigmoid_backward};
static const struct activation hyperbolic_tangent = {.forward = tanh_forward, .backward = tanh_backward};
static const struct activation softplus = {.forward = call_forward, .backward = softplus_backward};
static const struct activation elu = {.forward = elu_forward, .backward = elu_backward};
static const struct activation selu = {.forward = call_forward, .backward = call_backward};
static const struct activation needs_input = {
    .forward = call_forward, .backward = call_backward, .from_input = true};

ACTIVATION_KIND(relu, "max(z, 0)", no_attributes, .activation = &relu, .is_relu_like = true);
ACTIVATION_KIND(leaky_relu, "z, or slope z below 0", leaky_attributes, .activation = &leaky_relu,
                .is_relu_like = true, .constants = leaky_constants);
ACTIVATION_KIND(elu, "z, or alpha (e^z - 1) below 0", elu_attributes, .activation = &elu,
                .is_relu_like = true, .constants = elu_constants);
ACTIVATION_KIND(selu, "elu, scaled so that layers keep mean 0 and deviation 1", no_attributes,
                .activation = &selu);
ACTIVATION_KIND(gelu, "z times the probability that a normal number is below z", no_attributes,
                .activation = &needs_input, .is_relu_like = true);
ACTIVATION_KIND(silu, "z / (1 + e^-z)", no_attributes, .activation = &needs_input, .is_relu_like = true);
ACTIVATION_KIND(hard_swish, "z max(0, min(6, z + 3)) / 6", no_attributes, .activation = &needs_input,
                .is_relu_like = true);
ACTIVATION_KIND(sigmoid, "1 / (1 + e^-z)", no_attributes, .activation = &sigmoid);
ACTIVATION_KIND(tanh, "hyperbolic tangent", no_attributes, .activation = &hyperbolic_tangent);
ACTIVATION_KIND(softplus, "log(1 + e^z)", no_attributes, .activation = &softplus);
