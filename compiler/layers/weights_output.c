/* weights_output.c - what the layers that multiply do with the gradient of their result before the weights
 * see it: the activation's, in its place, and the sum that is the bias's.
 *
 *     f5_backward_output:    dz = dy * relu'(z)    dbias = Σ_n dz[n] */
#include "emit/writer.h"
#include "layers/weights.h"

static bool has_bias_gradient(const struct layer *layer)
{
    return layer->bias && !layer->is_frozen;
}

bool weights_needs_backward_output(const struct layer *layer)
{
    return (layer->activation && !layer->gate) || has_bias_gradient(layer);
}

bool weights_may_gate(const struct graph *graph, const struct layer *layer)
{
    const struct layer *source = layer->input->layer, *activation = source->activation;
    return graph->form == NODE_TILED && activation && activation->kind->activation->is_gate &&
           source->kind->may_be_gated && source->output == layer->input && layer->input->consumers == 1;
}

struct value *weights_gate_result(const struct layer *layer)
{
    return layer->dropout ? layer->dropout->output : layer->output;
}

void weights_take_gate(const struct graph *graph, struct layer *layer, struct node *node)
{
    if (!weights_may_gate(graph, layer))
        return;
    layer->input->layer->gate = layer;
    node_reads(node, weights_gate_result(layer));
}

bool weights_is_gate(const struct layer *layer)
{
    return layer->input->layer->gate == layer;
}

void weights_explain_ungated(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "/* Without gates, as relu' of %s, for a probe, which wants dy */",
                layer->input->layer->name);
}

/* Loops and body of dz = f'(z) dy over the elements of example n. */
static void emit_activation_gradient(struct writer *writer, const struct layer *layer)
{
    const struct value *values[] = {layer->doutput, layer->output};
    const char *element[2];
    int loops = writer_elements(writer, values, 2, element);
    writer_line(
        writer, "%s = %s;", element[0],
        layer->activation->kind->activation->backward(writer, layer->activation, element[1], element[0]));
    writer_end(writer, loops);
}

const char *weights_gradient(struct writer *writer, const struct parameter *parameter)
{
    bool is_group = writer->split == SPLIT_GROUPS;
    return writer_format(writer, "net->%s.%s.%s", is_group ? "group[g]" : "dparam", parameter->layer->name,
                         parameter->name);
}

/* The textbook's: group[g].f5.bias[i] += dvalue.f5[n][i], by way of a sum over the pixels of an image. */
static void plain_bias_gradient(struct writer *writer, const struct layer *layer)
{
    const char *bias = weights_gradient(writer, layer->bias);
    const struct value *dvalues[] = {layer->doutput};
    const char *filters = value_channels(writer, layer->output), *element[1];
    bool is_vector = layer->output->shape.is_vector;
    if (!is_vector)
        writer_line(writer, "real sum[%s] = {0};", filters);
    int loops = writer_elements(writer, dvalues, 1, element);
    if (is_vector) {
        writer_line(writer, "%s[i] += %s;", bias, element[0]);
        writer_end(writer, loops);
        return;
    }
    writer_line(writer, "sum[c] += %s;", element[0]);
    writer_end(writer, loops);
    writer_loop(writer, "c", filters);
    writer_line(writer, "%s[c] += sum[c];", bias);
    writer_end(writer, 1);
}

/* Sums of rows of filters in registers, of all examples at once */
static void tiled_bias_of_all(struct writer *writer, const struct layer *layer)
{
    const struct value *dz = layer->doutput;
    const int lanes = layer->tiling[TILING_FORWARD].lanes;
    const char *filters = value_channels(writer, layer->output),
               *from = value_start(writer, dz, "examples.first");
    const char *bias = weights_gradient(writer, layer->bias);
    if (dz->shape.is_vector) {
        writer_line(writer, "tile%d_sum(examples.end - examples.first, %s, %s, %s);", lanes, filters, from,
                    bias);
        return;
    }
    /* four sums at a time, as one addition waits for the one before: of images, or of quarters of few */
    const bool by_quarters = writer->graph->training.batch < 4 && dz->shape.height * dz->shape.width % 4 == 0;
    writer_line(writer, "tile%d_sum_images(%s, %s * %s%s, %s,", lanes,
                by_quarters ? "4 * (examples.end - examples.first)" : "examples.end - examples.first",
                value_height(writer, dz), value_width(writer, dz), by_quarters ? " / 4" : "", filters);
    writer_more(writer, "%s, %s);", from, bias);
}

/* The same of image n, or of each row of one that has a border */
static void tiled_bias_of_image(struct writer *writer, const struct layer *layer)
{
    const struct value *dz = layer->doutput;
    const bool has_border = value_has_border(dz);
    const char *pixels = value_width(writer, dz);
    if (has_border)
        writer_loop(writer, "y", value_height(writer, dz));
    else
        pixels = writer_format(writer, "%s * %s", value_height(writer, dz), pixels);
    writer_line(writer, "tile%d_sum(%s, %s, &%s, %s);", layer->tiling[TILING_FORWARD].lanes, pixels,
                value_channels(writer, layer->output),
                value_at(writer, dz, "n", has_border ? "y" : "0", "0", "0"),
                weights_gradient(writer, layer->bias));
    writer_end(writer, has_border);
}

/* The activation whose gradient is this layer's own work; NULL: none, or that of the layer behind it. */
static const char *activation_here(const struct layer *layer)
{
    return layer->activation && !layer->gate ? layer->activation->kind->name : NULL;
}

static void explain_backward_output(struct writer *writer, const struct layer *layer, const char *activation)
{
    if (activation && has_bias_gradient(layer))
        writer_line(writer, "/* dz = dy * %s'(z), in the place of dy; dbias = sum of dz */", activation);
    else if (activation)
        writer_line(writer, "/* dz = dy * %s'(z), in the place of dy */", activation);
    else if (layer->gate)
        writer_line(writer, "/* dbias = sum of dz, which %s_backward has made */", layer->gate->name);
    else
        writer_line(writer, "/* dbias = sum of dy */");
}

static void open_function(struct writer *writer, const struct layer *layer)
{
    explain_backward_output(writer, layer, activation_here(layer));
    writer_function(writer, layer, "backward_output");
}

static void plain_backward_output(struct writer *writer, const struct layer *layer)
{
    open_function(writer, layer);
    writer_examples_open(writer);
    if (activation_here(layer))
        emit_activation_gradient(writer, layer);
    if (has_bias_gradient(layer))
        plain_bias_gradient(writer, layer);
    writer_close(writer);
    writer_function_end(writer);
}

/* Where there is more to do for an image, or a border to step over, they go one by one; vectors are the rows
 * of one matrix, summed behind the loop over the activation. */
static void tiled_backward_output(struct writer *writer, const struct layer *layer)
{
    if (!layer->tiling[TILING_FORWARD].lanes) { /* it goes by loops in this form, too */
        plain_backward_output(writer, layer);
        return;
    }
    const bool has_activation = activation_here(layer) != NULL, has_bias = has_bias_gradient(layer);
    const bool of_all =
        layer->output->shape.is_vector || (!has_activation && !value_has_border(layer->doutput));
    const bool has_loop = has_activation || !of_all, has_brace = has_activation && has_bias && !of_all;
    open_function(writer, layer);
    if (has_loop)
        writer_examples(writer);
    if (has_brace)
        writer_brace(writer);
    if (has_activation)
        emit_activation_gradient(writer, layer);
    if (of_all)
        writer_end(writer, has_loop);
    if (has_bias && of_all)
        tiled_bias_of_all(writer, layer);
    else if (has_bias)
        tiled_bias_of_image(writer, layer);
    if (has_brace)
        writer_close(writer);
    else if (!of_all)
        writer_end(writer, 1);
    writer_function_end(writer);
}

static enum split output_split(const struct layer *layer)
{
    return has_bias_gradient(layer) ? SPLIT_GROUPS : SPLIT_EXAMPLES;
}

const struct operation weights_backward_output = {
    .name = "backward_output",
    .phase = PHASE_BACKWARD,
    .split_of = output_split,
    .emit = {[NODE_TILED] = tiled_backward_output, [NODE_PLAIN] = plain_backward_output},
};
