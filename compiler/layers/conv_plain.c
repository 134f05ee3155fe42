/* conv_plain.c - convolution as the textbook's loops: the readable reference, and what the tiles are tested
 * against. In groups, filter f sees the channels of its group alone. */
#include "emit/writer.h"
#include "layers/conv.h"

static void pixel_loops(struct writer *writer, const struct layer *layer)
{
    writer_examples(writer);
    writer_loop(writer, "y", layer_constant(writer, layer, "height"));
    writer_loop(writer, "x", layer_constant(writer, layer, "width"));
}

int conv_kernel_loops(struct writer *writer, const struct layer *layer)
{
    struct grouping grouping = conv_grouping(layer);
    writer_loop(writer, "i", layer_constant(writer, layer, "kernel_height"));
    writer_loop(writer, "j", layer_constant(writer, layer, "kernel_width"));
    if (grouping.is_depthwise)
        return 2;
    writer_loop(writer, "c",
                grouping.groups == 1 ? value_channels(writer, layer->input)
                                     : layer_constant(writer, layer, "group_channels"));
    return 3;
}

const char *conv_weight(struct writer *writer, const struct layer *layer, const char *tensors)
{
    return writer_format(writer, "net->%s.%s.weight[i][j]%s[f]", tensors, layer->name,
                         conv_grouping(layer).is_depthwise ? "" : "[c]");
}

/* The channel of the input that filter f and channel c of its group are about. */
static const char *channel(struct writer *writer, const struct layer *layer)
{
    struct grouping grouping = conv_grouping(layer);
    if (grouping.is_depthwise && grouping.filters == 1)
        return "f";
    if (grouping.groups == 1)
        return grouping.is_depthwise ? "0" : "c";
    const char *group = writer_format(writer, "f / %s", layer_constant(writer, layer, "group_filters"));
    if (grouping.is_depthwise)
        return group;
    return writer_format(writer, "%s * %s + c", group, layer_constant(writer, layer, "group_channels"));
}

const char *conv_under(struct writer *writer, const struct layer *layer, const struct value *value)
{
    struct window window = conv_window(layer);
    return value_at_corner(writer, value, layer, &window.pad, "n",
                           window_tap(writer, layer, &window, "y", "i", 'y'),
                           window_tap(writer, layer, &window, "x", "j", 'x'), channel(writer, layer));
}

void conv_plain_forward(struct writer *writer, const struct layer *layer)
{
    const char *result = value_at(writer, layer->output, "n", "y", "x", "f");
    writer_function(writer, layer, "forward");
    pixel_loops(writer, layer);
    writer_loop_open(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "real sum = %s;",
                layer->bias ? writer_format(writer, "net->param.%s.bias[f]", layer->name) : "0");
    int loops = conv_kernel_loops(writer, layer);
    writer_line(writer, "sum += %s * %s;", conv_weight(writer, layer, "param"),
                conv_under(writer, layer, layer->input));
    writer_end(writer, loops);
    const struct layer *activation = layer->activation;
    writer_line(writer, "%s = %s;", result,
                activation ? activation->kind->activation->forward(writer, activation, "sum") : "sum");
    writer_close(writer);
    writer_end(writer, 3);
    writer_function_end(writer);
}

void conv_plain_backward_weight(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward_weight");
    if (writer->graph->form == NODE_TILED)
        writer_line(writer, "memset(net->dparam.%s.weight, 0, sizeof(net->dparam.%s.weight));", layer->name,
                    layer->name);
    pixel_loops(writer, layer);
    int loops = conv_kernel_loops(writer, layer);
    writer_loop(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "%s += %s * %s;", conv_weight(writer, layer, "dparam"),
                conv_under(writer, layer, layer->input),
                value_at(writer, layer->doutput, "n", "y", "x", "f"));
    writer_end(writer, loops + 4);
    writer_function_end(writer);
}

void conv_plain_backward_input(struct writer *writer, const struct layer *layer)
{
    const char *place = value_place(writer, layer->dinput);
    writer_function(writer, layer, "backward_input");
    writer_examples_clear(writer, place);
    pixel_loops(writer, layer);
    int loops = conv_kernel_loops(writer, layer);
    writer_loop(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "%s += %s * %s;", conv_under(writer, layer, layer->dinput),
                conv_weight(writer, layer, "param"), value_at(writer, layer->doutput, "n", "y", "x", "f"));
    writer_end(writer, loops + 4);
    writer_function_end(writer);
}
