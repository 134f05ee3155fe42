/* conv_plain.c - convolution as the textbook's loops: the readable reference, and what the tiles are tested
 * against. */
#include "emit/writer.h"
#include "layers/conv.h"

/* "y + i", "y * C1_STRIDE_Y + i" */
static const char *row_under(struct writer *writer, const struct layer *layer, const struct window *window)
{
    return writer_format(writer, "%s + i", window_position(writer, layer, window, "y", 'y'));
}

static const char *column_under(struct writer *writer, const struct layer *layer, const struct window *window)
{
    return writer_format(writer, "%s + j", window_position(writer, layer, window, "x", 'x'));
}

static void pixel_loops(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "n", "batch");
    writer_loop(writer, "y", layer_constant(writer, layer, "height"));
    writer_loop(writer, "x", layer_constant(writer, layer, "width"));
}

static void kernel_loops(struct writer *writer, const struct layer *layer)
{
    writer_loop(writer, "i", layer_constant(writer, layer, "kernel_height"));
    writer_loop(writer, "j", layer_constant(writer, layer, "kernel_width"));
    writer_loop(writer, "c", value_channels(writer, layer->input));
}

void conv_plain_forward(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    const char *result = value_at(writer, layer->output, "n", "y", "x", "f");
    writer_function(writer, layer, "forward");
    pixel_loops(writer, layer);
    writer_loop_open(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "real sum = %s;",
                layer->bias ? writer_format(writer, "net->param.%s.bias[f]", layer->name) : "0");
    kernel_loops(writer, layer);
    writer_line(writer, "sum += net->param.%s.weight[i][j][c][f] * %s;", layer->name,
                value_at_corner(writer, layer->input, layer, &window.pad, "n",
                                row_under(writer, layer, &window), column_under(writer, layer, &window),
                                "c"));
    writer_end(writer, 3);
    const struct layer *activation = layer->activation;
    writer_line(writer, "%s = %s;", result,
                activation ? activation->kind->activation->forward(writer, activation, "sum") : "sum");
    writer_close(writer);
    writer_end(writer, 3);
    writer_function_end(writer);
}

void conv_plain_backward_weight(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    writer_function(writer, layer, "backward_weight");
    pixel_loops(writer, layer);
    kernel_loops(writer, layer);
    writer_loop(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "net->dparam.%s.weight[i][j][c][f] += %s * %s;", layer->name,
                value_at_corner(writer, layer->input, layer, &window.pad, "n",
                                row_under(writer, layer, &window), column_under(writer, layer, &window), "c"),
                value_at(writer, layer->doutput, "n", "y", "x", "f"));
    writer_end(writer, 7);
    writer_function_end(writer);
}

void conv_plain_backward_input(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    const char *place = value_place(writer, layer->dinput);
    writer_function(writer, layer, "backward_input");
    writer_line(writer, "memset(%s, 0, (size_t)batch * sizeof(%s[0]));", place, place);
    pixel_loops(writer, layer);
    kernel_loops(writer, layer);
    writer_loop(writer, "f", layer_constant(writer, layer, "filters"));
    writer_line(writer, "%s += net->param.%s.weight[i][j][c][f] * %s;",
                value_at_corner(writer, layer->dinput, layer, &window.pad, "n",
                                row_under(writer, layer, &window), column_under(writer, layer, &window), "c"),
                layer->name, value_at(writer, layer->doutput, "n", "y", "x", "f"));
    writer_end(writer, 7);
    writer_function_end(writer);
}
