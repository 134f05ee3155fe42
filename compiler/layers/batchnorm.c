/* batchnorm.c - batch normalisation (Ioffe, Szegedy 2015): in training each channel gets mean 0 and variance
 * 1 over the pixels of the batch, elsewhere the running mean and variance of training are used.
 *
 *     c1: conv 8 3x3 batchnorm relu
 *
 *     x̂ = (x - m) s    y = gain x̂ + bias    m = Σ x / k    s = 1 / √(Σ (x - m)² / k + eps)
 *     dbias = Σ dy    dgain = Σ dy x̂    dx = gain s (dy - dbias / k - x̂ dgain / k)
 *     running mean = momentum running + (1 - momentum) m, the variance unbiased, as PyTorch's
 *
 * k is the number of pixels in the batch. The variance takes a second pass over the batch, around the mean;
 * all sums are ordered by the shape alone. */
#include "emit/writer.h"
#include "ir/build.h"
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
    NORM_EPS_ATTRIBUTE,
    {0},
};

static struct shape batchnorm_shape(struct graph *graph, struct layer *layer, struct shape input,
                                    struct shape_check *check)
{
    if (!norm_check_channels(input, check))
        return input;
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

static const char *pixels(struct writer *writer, const struct layer *layer)
{
    if (layer->output->shape.is_vector)
        return "batch";
    return writer_format(writer, "batch * (%s * %s)", value_height(writer, layer->output),
                         value_width(writer, layer->output));
}

/* Inverse deviations, and the step of the running statistics. */
static void emit_running(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *momentum = layer_constant(writer, layer, "momentum");
    norm_channels(writer, layer);
    writer_brace(writer);
    writer_line(writer, "net->statistic.%s.scale[c] = 1 / real_sqrt((real)(square[c] / pixels) + %s);", name,
                layer_constant(writer, layer, "eps"));
    if (shape_size(layer->output->shape) == layer->output->shape.channels) {
        writer_under(writer, "if (batch == 1)");
        writer_line(writer, "continue; /* one number has no variance: the running ones stay */");
        writer_end(writer, 1);
    }
    writer_line(writer, "const real variance = (real)(square[c] / (pixels - 1)); /* unbiased */");
    writer_line(writer,
                "net->param.%s.running_mean[c] = %s * net->param.%s.running_mean[c] + (1 - %s) * mean[c];",
                name, momentum, name, momentum);
    writer_line(writer,
                "net->param.%s.running_var[c] = %s * net->param.%s.running_var[c] + (1 - %s) * variance;",
                name, momentum, name, momentum);
    writer_close(writer);
}

static void emit_measure(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    writer_line(writer,
                "/* Mean and inverse deviation of each channel over the batch; the running ones follow. */");
    writer_function(writer, layer, "measure");
    writer_under(writer, "if (!net->is_training)");
    writer_line(writer, "return;");
    writer_end(writer, 1);
    writer_line(writer, "const double pixels = %s;", pixels(writer, layer));
    writer_line(writer, "double sum[%s] = {0}, square[%s] = {0};", channels, channels);
    writer_line(writer, "real mean[%s];", channels);
    static const char *const sum[] = {"sum", NULL}, *const square[] = {"square", NULL};
    norm_sums_open(writer, layer, sum);
    norm_channels(writer, layer);
    writer_line(writer, "%s += %s;", norm_sum(writer, layer, *sum), x);
    writer_end(writer, 1);
    norm_sums_close(writer, layer, sum);
    norm_channels(writer, layer);
    writer_brace(writer);
    writer_line(writer, "mean[c] = (real)(sum[c] / pixels);");
    writer_line(writer, "net->statistic.%s.mean[c] = mean[c];", name);
    writer_close(writer);
    norm_sums_open(writer, layer, square);
    norm_channels(writer, layer);
    writer_line(writer, "%s += (%s - mean[c]) * (%s - mean[c]);", norm_sum(writer, layer, *square), x, x);
    writer_end(writer, 1);
    norm_sums_close(writer, layer, square);
    emit_running(writer, layer);
    writer_function_end(writer);
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const struct value *values[] = {layer->output, layer->input};
    const char *element[2], *c = layer->output->shape.is_vector ? "i" : "c";
    writer_function(writer, layer, "forward");
    writer_line(writer, "real mean[%s], scale[%s], bias[%s];", channels, channels, channels);
    writer_loop_open(writer, "c", channels);
    writer_line(writer,
                "mean[c] = net->is_training ? net->statistic.%s.mean[c] : net->param.%s.running_mean[c];",
                name, name);
    writer_line(writer,
                "scale[c] = net->is_training ? net->statistic.%s.scale[c] : 1 / "
                "real_sqrt(net->param.%s.running_var[c] + %s);",
                name, name, layer_constant(writer, layer, "eps"));
    writer_line(writer, "scale[c] *= net->param.%s.weight[c];", name);
    writer_line(writer, "bias[c] = net->param.%s.bias[c];", name);
    writer_close(writer);
    writer_examples(writer);
    int loops = writer_elements(writer, values, 2, element);
    norm_store(writer, layer, element[0],
               writer_format(writer, "(%s - mean[%s]) * scale[%s] + bias[%s]", element[1], c, c, c));
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

static void emit_sums(struct writer *writer, const struct layer *layer)
{
    static const char *const names[] = {"dbias", "dgain", NULL};
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const char *x = value_at(writer, layer->input, "n", "y", "x", "c");
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    if (layer->activation)
        writer_line(writer, "/* dz = dy * %s'(z), in the place of dy; the gradients of gain and bias */",
                    layer->activation->kind->name);
    else
        writer_line(writer, "/* The gradients of gain and bias */");
    writer_function(writer, layer, "backward_gain");
    writer_line(writer, "double dbias[%s] = {0}, dgain[%s] = {0};", channels, channels);
    writer_line(writer, "real mean[%s];", channels);
    norm_channels(writer, layer);
    writer_line(writer, "mean[c] = net->statistic.%s.mean[c];", name);
    writer_end(writer, 1);
    norm_sums_open(writer, layer, names);
    norm_channels(writer, layer);
    writer_brace(writer);
    norm_slope(writer, layer);
    writer_line(writer, "%s += %s;", norm_sum(writer, layer, "dbias"), dy);
    writer_line(writer, "%s += %s * (%s - mean[c]);", norm_sum(writer, layer, "dgain"), dy, x);
    writer_close(writer);
    norm_sums_close(writer, layer, names);
    norm_channels(writer, layer);
    writer_brace(writer);
    writer_line(writer, "net->dparam.%s.bias[c] = (real)dbias[c];", name);
    writer_line(writer, "net->dparam.%s.weight[c] = (real)dgain[c] * net->statistic.%s.scale[c];", name,
                name);
    writer_close(writer);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const char *c = layer->output->shape.is_vector ? "i" : "c";
    const struct value *values[] = {layer->dinput, layer->doutput, layer->input};
    const char *element[3];
    writer_function(writer, layer, "backward");
    writer_line(writer, "const real pixels = (real)(%s);", pixels(writer, layer));
    writer_line(
        writer,
        "real mean[%s], factor[%s], level[%s], slope[%s]; /* dx = factor (dy - level - (x - mean) slope) */",
        channels, channels, channels, channels);
    writer_loop_open(writer, "c", channels);
    writer_line(writer, "const real scale = net->statistic.%s.scale[c];", name);
    writer_line(writer, "mean[c] = net->statistic.%s.mean[c];", name);
    writer_line(writer, "factor[c] = net->param.%s.weight[c] * scale;", name);
    writer_line(writer, "level[c] = net->dparam.%s.bias[c] / pixels;", name);
    writer_line(writer, "slope[c] = net->dparam.%s.weight[c] / pixels * scale;", name);
    writer_close(writer);
    writer_examples(writer);
    int loops = writer_elements(writer, values, 3, element);
    writer_line(writer, "%s = factor[%s] * (%s - level[%s] - (%s - mean[%s]) * slope[%s]);", element[0], c,
                element[1], c, element[2], c, c);
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

/* The running statistics are constants: dx = gain dz / √(running variance + eps). */
static void emit_running_backward(struct writer *writer, const struct layer *layer)
{
    const char *name = layer->name, *channels = value_channels(writer, layer->output);
    const struct value *values[] = {layer->dinput, layer->doutput};
    const char *element[2];
    writer_line(writer, "/* With the running statistics, for a probe: each channel is scaled */");
    writer_function(writer, layer, "backward_running");
    writer_line(writer, "real factor[%s];", channels);
    writer_loop(writer, "c", channels);
    writer_line(writer, "factor[c] = net->param.%s.weight[c] / real_sqrt(net->param.%s.running_var[c] + %s);",
                name, name, layer_constant(writer, layer, "eps"));
    writer_end(writer, 1);
    writer_examples(writer);
    int loops = writer_elements(writer, values, 2, element);
    writer_line(writer, "%s = factor[%s] * %s;", element[0], layer->output->shape.is_vector ? "i" : "c",
                element[1]);
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

static const char *channel_count(struct writer *writer, const struct layer *layer)
{
    return value_channels(writer, layer->output);
}

/* Sums over the batch: each thread has some of the channels. */
#define SUMS(title, when, print)                                                                             \
    {                                                                                                        \
        .name = title, .phase = when, .takes_batch = true, .is_awaited = true, .split = SPLIT_PARTS,         \
        .part = "channels", .parts = channel_count, .emit = {                                                \
            [NODE_TILED] = print,                                                                            \
            [NODE_PLAIN] = print                                                                             \
        }                                                                                                    \
    }

static const struct operation measure = SUMS("measure", PHASE_FORWARD, emit_measure);
static const struct operation backward_gain = SUMS("backward_gain", PHASE_BACKWARD, emit_sums);
static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward_running =
    OPERATION("backward_running", PHASE_PROBE_BACKWARD, emit_running_backward);

static const struct operation *running(const struct layer *layer)
{
    (void)layer;
    return &backward_running;
}

static const struct operation backward = {.name = "backward",
                                          .phase = PHASE_BACKWARD,
                                          .takes_batch = true,
                                          .in_probe = running,
                                          .emit = BOTH_FORMS(emit_backward)};

static void batchnorm_forward(struct graph *graph, struct layer *layer)
{
    node_reads(graph_add_node(graph, &measure, layer), layer->input);
    norm_forward(graph, layer, &forward);
}

static void batchnorm_backward(struct graph *graph, struct layer *layer)
{
    struct node *gain = graph_add_node(graph, &backward_gain, layer);
    node_reads(gain, layer->input);
    node_reads(gain, layer->doutput);
    if (layer->activation) {
        node_reads(gain, layer->output);
        node_writes(gain, layer->doutput);
    }
    struct node *node = build_backward(graph, layer, &backward);
    if (node)
        node_reads(node, layer->input);
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
