/* batchnorm.c - batch normalisation (Ioffe, Szegedy 2015): in training each channel gets mean 0 and variance
 * 1 over the pixels of the batch, elsewhere the running mean and variance of training are used.
 *
 *     c1: conv 8 3x3 batchnorm relu
 *
 *     x̂ = (x - m) s    y = gain x̂ + bias    m = Σ x / k    s = 1 / √(Σ (x - m)² / k + eps)
 *     dbias = Σ dy    dgain = Σ dy x̂    dx = gain s (dy - dbias / k - x̂ dgain / k)
 *     running mean = momentum running + (1 - momentum) m, the variance unbiased, as PyTorch's
 *
 * k is the number of pixels in the batch. Sums are taken row by row, and rows added in double, in an order
 * that the shape alone decides. */
#include "emit/writer.h"
#include "layers/norm.h"

static const struct attribute attributes[] = {
    {.name = "momentum",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "0.9",
     .least = 0,
     .most = 1,
     .below_most = true,
     .meaning = "share of the running mean and variance that a batch leaves"},
    {.name = "eps",
     .type = ATTRIBUTE_REAL,
     .position = -1,
     .fallback = "1e-5",
     .least = 0,
     .above_least = true,
     .most = 1,
     .meaning = "added to the variance"},
    {0},
};

static struct shape batchnorm_shape(struct graph *graph, struct layer *layer, struct shape input,
                                    struct shape_check *check)
{
    (void)check;
    norm_add_parameter(graph, layer, "weight", input, PARAMETER_ONE);
    norm_add_parameter(graph, layer, "bias", input, PARAMETER_ZERO);
    norm_add_parameter(graph, layer, "running_mean", input, PARAMETER_RUNNING_MEAN);
    norm_add_parameter(graph, layer, "running_var", input, PARAMETER_RUNNING_VARIANCE);
    return input;
}

static void batchnorm_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "momentum", "%s",
                  writer_real(writer, layer_setting(layer, "momentum")->real));
    norm_constants(writer, layer);
}

/* The pixels of the batch, row by row: `lines` stand for every element of a row and add to row_NAME, which is
 * added to NAME behind the row. A vector has no rows. */
static void emit_sums(struct writer *writer, const struct layer *layer, const char *const *lines,
                      const char *const *names)
{
    bool is_vector = layer->output->shape.is_vector, is_single = !lines[1];
    const char *channels = value_channels(writer, layer->output);
    writer_loop(writer, "n", "batch");
    if (!is_vector) {
        writer_loop_open(writer, "y", value_height(writer, layer->output));
        for (const char *const *name = names; *name; name++)
            writer_line(writer, "real row_%s[%s] = {0};", *name, channels);
        writer_loop(writer, "x", value_width(writer, layer->output));
    }
    writer_loop(writer, "c", channels);
    if (!is_single)
        writer_brace(writer);
    for (const char *const *line = lines; *line; line++)
        writer_line(writer, "%s", *line);
    if (!is_single)
        writer_close(writer);
    writer_end(writer, (is_single ? 1 : 0) + (is_vector ? 0 : 1));
    for (const char *const *name = names; *name && !is_vector; name++) {
        writer_loop(writer, "c", channels);
        writer_line(writer, "%s[c] += (double)row_%s[c];", *name, *name);
        writer_end(writer, 1);
    }
    if (!is_vector)
        writer_close(writer);
    writer_end(writer, 1);
}

static const char *total(struct writer *writer, const struct layer *layer, const char *name)
{
    return writer_format(writer, layer->output->shape.is_vector ? "%s[c] +=" : "row_%s[c] +=", name);
}

static const char *pixels(struct writer *writer, const struct layer *layer)
{
    if (layer->output->shape.is_vector)
        return "batch";
    return writer_format(writer, "batch * (%s * %s)", value_height(writer, layer->output),
                         value_width(writer, layer->output));
}

static void emit_measure(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    writer_line(writer,
                "/* Mean and inverse deviation of each channel over the batch; the running ones follow. */");
    writer_function(writer, layer, "measure");
    writer_line(writer, "const double pixels = %s;", pixels(writer, layer));
    writer_line(writer, "double sum[%s] = {0}, square[%s] = {0};", channels, channels);
    emit_sums(writer, layer,
              (const char *const[]){writer_format(writer, "%s %s;", total(writer, layer, "sum"), x), NULL},
              (const char *const[]){"sum", NULL});
    writer_loop(writer, "c", channels);
    writer_line(writer, "net->statistic.%s.mean[c] = (real)(sum[c] / pixels);", name);
    writer_end(writer, 1);
    emit_sums(writer, layer,
              (const char *const[]){
                  writer_format(writer, "const real away = %s - net->statistic.%s.mean[c];", x, name),
                  writer_format(writer, "%s away * away;", total(writer, layer, "square")), NULL},
              (const char *const[]){"square", NULL});
    const char *momentum = layer_constant(writer, layer, "momentum");
    writer_loop_open(writer, "c", channels);
    writer_line(writer,
                "const real variance = (real)(square[c] / (pixels > 1 ? pixels - 1 : 1)); /* unbiased */");
    writer_line(writer, "net->statistic.%s.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + %s);", name,
                layer_constant(writer, layer, "eps"));
    writer_line(writer,
                "net->param.%s.running_mean[c] = %s * net->param.%s.running_mean[c] + (1 - %s) * "
                "net->statistic.%s.mean[c];",
                name, momentum, name, momentum, name);
    writer_line(writer,
                "net->param.%s.running_var[c] = %s * net->param.%s.running_var[c] + (1 - %s) * variance;",
                name, momentum, name, momentum);
    writer_close(writer);
    writer_function_end(writer);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const struct value *values[] = {layer->output, layer->input};
    const char *element[2], *c = layer->output->shape.is_vector ? "i" : "c";
    emit_measure(writer, layer);
    writer_function(writer, layer, "forward");
    writer_line(writer, "real mean[%s], scale[%s];", channels, channels);
    writer_under(writer, "if (net->is_training)");
    writer_line(writer, "%s_measure(net, batch);", name);
    writer_end(writer, 1);
    writer_loop_open(writer, "c", channels);
    writer_line(writer,
                "mean[c] = net->is_training ? net->statistic.%s.mean[c] : net->param.%s.running_mean[c];",
                name, name);
    writer_line(writer,
                "scale[c] = net->is_training ? net->statistic.%s.scale[c] : 1 / "
                "real_sqrt(net->param.%s.running_var[c] + %s);",
                name, name, layer_constant(writer, layer, "eps"));
    writer_line(writer, "scale[c] *= net->param.%s.weight[c];", name);
    writer_close(writer);
    writer_loop(writer, "n", "batch");
    int loops = writer_elements(writer, values, 2, element);
    if (layer->activation) {
        writer_brace(writer);
        writer_line(writer, "const real z = (%s - mean[%s]) * scale[%s] + net->param.%s.bias[%s];",
                    element[1], c, c, name, c);
        writer_line(writer, "%s = %s;", element[0], norm_activated(writer, layer, "z"));
        writer_close(writer);
        loops--;
    } else {
        writer_line(writer, "%s = (%s - mean[%s]) * scale[%s] + net->param.%s.bias[%s];", element[0],
                    element[1], c, c, name, c);
    }
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

/* dz = f'(z) dy, in the place of dy. */
static void emit_slope(struct writer *writer, const struct layer *layer)
{
    if (!layer->activation)
        return;
    const struct value *values[] = {layer->doutput, layer->output};
    const char *element[2];
    writer_loop(writer, "n", "batch");
    int loops = writer_elements(writer, values, 2, element);
    writer_line(
        writer, "%s = %s;", element[0],
        layer->activation->kind->activation->backward(writer, layer->activation, element[1], element[0]));
    writer_end(writer, loops + 1);
}

static void emit_input_gradient(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *c = layer->output->shape.is_vector ? "i" : "c";
    const struct value *values[] = {layer->dinput, layer->doutput, layer->input};
    const char *element[3];
    writer_loop(writer, "n", "batch");
    int loops = writer_elements(writer, values, 3, element);
    writer_brace(writer);
    writer_line(writer, "const real away = (%s - net->statistic.%s.mean[%s]) * net->statistic.%s.scale[%s];",
                element[2], name, c, name, c);
    writer_line(writer,
                "%s = net->param.%s.weight[%s] * net->statistic.%s.scale[%s] * (%s - mean[%s] - away * "
                "slope[%s]);",
                element[0], name, c, name, c, element[1], c, c);
    writer_close(writer);
    writer_end(writer, loops);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    writer_function(writer, layer, "backward");
    writer_line(writer, "const double pixels = %s;", pixels(writer, layer));
    writer_line(writer, "double dbias[%s] = {0}, dgain[%s] = {0};", channels, channels);
    emit_slope(writer, layer);
    emit_sums(
        writer, layer,
        (const char *const[]){
            writer_format(writer, "%s %s;", total(writer, layer, "dbias"), dy),
            writer_format(writer, "%s %s * ((%s - net->statistic.%s.mean[c]) * net->statistic.%s.scale[c]);",
                          total(writer, layer, "dgain"), dy, x, name, name),
            NULL},
        (const char *const[]){"dbias", "dgain", NULL});
    if (layer->dinput)
        writer_line(writer, "real mean[%s], slope[%s]; /* of dy, and of dy over x̂ */", channels, channels);
    writer_loop_open(writer, "c", channels);
    writer_line(writer, "net->dparam.%s.bias[c] = (real)dbias[c];", name);
    writer_line(writer, "net->dparam.%s.weight[c] = (real)dgain[c];", name);
    if (layer->dinput) {
        writer_line(writer, "mean[c] = (real)(dbias[c] / pixels);");
        writer_line(writer, "slope[c] = (real)(dgain[c] / pixels);");
    }
    writer_close(writer);
    if (layer->dinput)
        emit_input_gradient(writer, layer);
    writer_function_end(writer);
}

static const struct operation forward = {.name = "forward",
                                         .phase = PHASE_FORWARD,
                                         .emit = {[NODE_TILED] = emit_forward, [NODE_PLAIN] = emit_forward}};
static const struct operation backward = {
    .name = "backward",
    .phase = PHASE_BACKWARD,
    .emit = {[NODE_TILED] = emit_backward, [NODE_PLAIN] = emit_backward}};

static void batchnorm_forward(struct graph *graph, struct layer *layer)
{
    norm_forward(graph, layer, &forward);
}

static void batchnorm_backward(struct graph *graph, struct layer *layer)
{
    norm_backward(graph, layer, &backward);
}

const struct layer_kind layer_batchnorm = {
    .name = "batchnorm",
    .summary = "each channel with mean 0 and variance 1 over the batch, then a learned gain and bias",
    .attributes = attributes,
    .is_word = true,
    .has_parameters = true,
    .keeps_shape = true,
    .is_normalisation = true,
    .replaces_bias = true,
    .may_fuse_activation = true,
    .measures_batch = true,
    .shape = batchnorm_shape,
    .forward = batchnorm_forward,
    .backward = batchnorm_backward,
    .constants = batchnorm_constants,
    .parameters = norm_parameters,
};
