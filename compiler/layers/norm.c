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

const char *norm_activated(struct writer *writer, const struct layer *layer, const char *value)
{
    const struct layer *activation = layer->activation;
    return activation ? activation->kind->activation->forward(writer, activation, value) : value;
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
    node_writes(node, build_input_gradient(graph, layer));
}
