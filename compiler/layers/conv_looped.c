/* conv_looped.c - convolutions that no register tile walks: in groups, one filter for each channel, or with
 * dilated kernels. The sums of all filters of a pixel are taken side by side, so that filters are the lanes
 * of vectors.
 *
 *     d: depthwise 3x3    ->    for each pixel: for each tap: sum[f] += weight[i][j][f] * x[f] */
#include "emit/writer.h"
#include "layers/conv.h"

void conv_looped_forward(struct writer *writer, const struct layer *layer)
{
    const char *filters = value_channels(writer, layer->output);
    const struct layer *activation = layer->activation;
    writer_function(writer, layer, "forward");
    writer_examples(writer);
    writer_loop(writer, "y", value_height(writer, layer->output));
    writer_loop_open(writer, "x", value_width(writer, layer->output));
    writer_line(writer, "real sum[%s];", filters);
    writer_loop(writer, "f", filters);
    writer_line(writer, "sum[f] = %s;",
                layer->bias ? writer_format(writer, "net->param.%s.bias[f]", layer->name) : "0");
    writer_end(writer, 1);
    int loops = conv_kernel_loops(writer, layer);
    writer_loop(writer, "f", filters);
    writer_line(writer, "sum[f] += %s * %s;", conv_weight(writer, layer, "param"),
                conv_under(writer, layer, layer->input));
    writer_end(writer, loops + 1);
    writer_loop(writer, "f", filters);
    writer_line(writer, "%s = %s;", value_at(writer, layer->output, "n", "y", "x", "f"),
                activation ? activation->kind->activation->forward(writer, activation, "sum[f]") : "sum[f]");
    writer_end(writer, 1);
    writer_close(writer);
    writer_end(writer, 2);
    writer_function_end(writer);
}
