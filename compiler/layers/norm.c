/* norm.c - gain and bias of batchnorm and layernorm, and the nodes that both have.
 *
 *     c1_batchnorm: weight[8] = 1, bias[8] = 0      y = gain x̂ + bias */
#include "layers/norm.h"

#include "emit/writer.h"
#include "ir/build.h"

struct parameter *norm_add_parameter(struct graph *graph, struct layer *layer, const char *name,
                                     struct shape shape, enum parameter_init init)
{
    struct parameter *parameter = layer_add_parameter(graph, layer);
    parameter->name = name;
    parameter->filters = shape.channels;
    parameter->channels = parameter->height = parameter->width = 1;
    parameter->rank = 1;
    parameter->init = init;
    return parameter;
}

bool norm_check_channels(struct shape input, struct shape_check *check)
{
    enum { MOST = 65536 };
    if (input.channels <= MOST)
        return true;
    check->failed = true;
    diagnostics_error(check->diagnostics, E0405, check->span,
                      "%s '%s' would have %lld channels to normalise, more than %d", check->layer->kind->name,
                      check->layer->name, (long long)input.channels, MOST);
    return false;
}

void norm_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "eps", "%s", writer_real(writer, layer_setting(layer, "eps")->real));
    writer_define(writer, layer, "parameters", "(2 * %s)", value_channels(writer, layer->output));
}

void norm_parameters(struct writer *writer, const struct layer *layer)
{
    for (int i = 0; i < layer->parameter_count; i++)
        writer_line(writer, "real %s[%s];", layer->parameters[i]->name,
                    value_channels(writer, layer->output));
}

void norm_channels(struct writer *writer, const struct layer *layer)
{
    if (writer->split == SPLIT_PARTS)
        writer_under(writer, "for (int c = channels.first; c < channels.end; c++)");
    else
        writer_loop(writer, "c", value_channels(writer, layer->output));
}

void norm_sums_open(struct writer *writer, const struct layer *layer, const char *const *names)
{
    writer_examples(writer);
    if (layer->output->shape.is_vector)
        return;
    writer_loop_open(writer, "y", value_height(writer, layer->output));
    for (const char *const *name = names; *name; name++)
        writer_line(writer, "real row_%s[%s] = {0};", *name, value_channels(writer, layer->output));
    writer_loop(writer, "x", value_width(writer, layer->output));
}

void norm_sums_close(struct writer *writer, const struct layer *layer, const char *const *names)
{
    writer_end(writer, 1);
    if (layer->output->shape.is_vector)
        return;
    for (const char *const *name = names; *name; name++) {
        norm_channels(writer, layer);
        writer_line(writer, "%s[c] += (double)row_%s[c];", *name, *name);
        writer_end(writer, 1);
    }
    writer_close(writer);
    writer_end(writer, 1);
}

const char *norm_sum(struct writer *writer, const struct layer *layer, const char *name)
{
    return writer_format(writer, layer->output->shape.is_vector ? "%s[c]" : "row_%s[c]", name);
}

void norm_slope(struct writer *writer, const struct layer *layer)
{
    const struct layer *activation = layer->activation;
    const char *dy = value_at(writer, layer->doutput, "n", "y", "x", "c");
    if (activation)
        writer_line(writer, "%s = %s;", dy,
                    activation->kind->activation->backward(
                        writer, activation, value_at(writer, layer->output, "n", "y", "x", "c"), dy));
}

const char *norm_activated(struct writer *writer, const struct layer *layer, const char *value)
{
    return layer->activation->kind->activation->forward(writer, layer->activation, value);
}

void norm_store(struct writer *writer, const struct layer *layer, const char *y, const char *z)
{
    if (!layer->activation) {
        writer_line(writer, "%s = %s;", y, z);
        return;
    }
    writer_brace(writer);
    writer_line(writer, "const real z = %s;", z);
    writer_line(writer, "%s = %s;", y, norm_activated(writer, layer, "z"));
    writer_close(writer);
    writer->depth++;
}

void norm_forward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    build_forward(graph, layer, operation);
}

void norm_backward(struct graph *graph, struct layer *layer, const struct operation *operation)
{
    struct node *node = graph_add_node(graph, operation, layer);
    node_reads(node, layer->input);
    node_reads(node, layer->doutput);
    if (layer->activation) {
        node_reads(node, layer->output);
        node_writes(node, layer->doutput);
    }
    struct value *dinput = build_input_gradient(graph, layer);
    if (dinput && !dinput->is_for_probe)
        node_writes(node, dinput);
}
