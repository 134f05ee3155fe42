/* dense_plain.c - a fully connected layer as the textbook's loops: the readable reference, and what the tiles
 * are tested against. */
#include "emit/writer.h"
#include "layers/dense.h"

/* The textbook sees the input as one row of numbers. */
static void plain_row(struct writer *writer, const struct value *value, const char *name, const char *type)
{
    writer_line(writer, "%s *%s = %s;", type, name, value_start(writer, value, "n"));
}

void dense_plain_forward(struct writer *writer, const struct layer *layer)
{
    const struct layer *activation = layer->activation;
    writer_function(writer, layer, "forward");
    writer_examples_open(writer);
    plain_row(writer, layer->input, "x", "const real");
    writer_loop_open(writer, "u", layer_constant(writer, layer, "units"));
    writer_line(writer, "real sum = %s;",
                layer->bias ? writer_format(writer, "net->param.%s.bias[u]", layer->name) : "0");
    writer_loop(writer, "k", layer_constant(writer, layer, "inputs"));
    writer_line(writer, "sum += net->param.%s.weight[k][u] * x[k];", layer->name);
    writer_end(writer, 1);
    writer_line(writer, "%s = %s;", value_at(writer, layer->output, "n", "", "", "u"),
                activation ? activation->kind->activation->forward(writer, activation, "sum") : "sum");
    writer_close(writer);
    writer_close(writer);
    writer_function_end(writer);
}

void dense_plain_backward_weight(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward_weight");
    writer_examples_open(writer);
    plain_row(writer, layer->input, "x", "const real");
    writer_loop(writer, "k", layer_constant(writer, layer, "inputs"));
    writer_loop(writer, "u", layer_constant(writer, layer, "units"));
    writer_line(writer, "net->dparam.%s.weight[k][u] += x[k] * %s;", layer->name,
                value_at(writer, layer->doutput, "n", "", "", "u"));
    writer_end(writer, 2);
    writer_close(writer);
    writer_function_end(writer);
}

void dense_plain_backward_input(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward_input");
    writer_examples_open(writer);
    plain_row(writer, layer->dinput, "dx", "real");
    writer_loop_open(writer, "k", layer_constant(writer, layer, "inputs"));
    writer_line(writer, "real sum = 0;");
    writer_loop(writer, "u", layer_constant(writer, layer, "units"));
    writer_line(writer, "sum += %s * net->param.%s.weight[k][u];",
                value_at(writer, layer->doutput, "n", "", "", "u"), layer->name);
    writer_end(writer, 1);
    writer_line(writer, "dx[k] = sum;");
    writer_close(writer);
    writer_close(writer);
    writer_function_end(writer);
}
