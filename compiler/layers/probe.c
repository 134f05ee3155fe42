/* probe.c - operations that only the passes of a probe have: looks at results and gradients, and the
 * derivative of a fused activation on its own.
 *
 *     probe_look_at_value(probe, C1_LAYER, examples, probe_row(&net->value.c1[0][0][0][0], C1_SIZE));
 *     c1_backward_slope:  dz = dy * relu'(z), in the place of dy */
#include "layers/probe.h"

#include "layers/catalogue.h"

const char *probe_place(struct writer *writer, const struct value *value)
{
    const char *start = value_start(writer, value, "0");
    if (!value_has_border(value))
        return writer_format(writer, "probe_row(%s, %s)", start, value_size(writer, value));
    const char *channels = value_channels(writer, value);
    return writer_format(writer, "probe_rows(%s, %s, %s, %s * %s, %s * %s)", start,
                         value_padded_size(writer, value), value_height(writer, value),
                         value_width(writer, value), channels, value_columns(writer, value), channels);
}

static void call_value(struct writer *writer, const struct layer *layer)
{
    if (!writer->has_looks)
        return;
    writer_line(writer, "probe_look_at_value(probe, %s, examples, %s);",
                layer_constant(writer, layer, "layer"), probe_place(writer, layer->output));
}

static void call_gradient(struct writer *writer, const struct layer *layer)
{
    if (!writer->has_looks)
        return;
    writer_line(writer, "probe_look_at_gradient(probe, %s, examples, %s);",
                layer_constant(writer, layer, "layer"), probe_place(writer, layer->doutput));
}

static void call_start(struct writer *writer, const struct layer *layer)
{
    const char *of_loss = writer->graph->form == NODE_TILED ? "output_backward(net, batch, examples);"
                                                            : "output_backward(net, batch);";
    if (!writer->has_looks) {
        writer_line(writer, "%s", of_loss);
        return;
    }
    writer_under(writer, "if (probe->unit == PROBE_LOSS)");
    writer_line(writer, "%s", of_loss);
    writer_end(writer, 1);
    writer_under(writer, "else");
    writer_line(writer, "probe_set_unit(probe, examples, %s, %s);", value_start(writer, layer->dinput, "0"),
                value_size(writer, layer->dinput));
    writer_end(writer, 1);
}

static void emit_slope(struct writer *writer, const struct layer *layer)
{
    const struct value *values[] = {layer->doutput, layer->output};
    const char *element[2];
    writer_line(writer, "/* dz = dy * %s'(z), in the place of dy, for a probe */",
                layer->activation->kind->name);
    writer_function(writer, layer, "backward_slope");
    writer_examples(writer);
    int loops = writer_elements(writer, values, 2, element);
    writer_line(
        writer, "%s = %s;", element[0],
        layer->activation->kind->activation->backward(writer, layer->activation, element[1], element[0]));
    writer_end(writer, loops + 1);
    writer_function_end(writer);
}

const struct operation probe_look_at_value = {
    .name = "look_at_value", .phase = PHASE_PROBE_FORWARD, .call = call_value};
const struct operation probe_look_at_gradient = {
    .name = "look_at_gradient", .phase = PHASE_PROBE_BACKWARD, .call = call_gradient};
const struct operation probe_start = {.name = "start", .phase = PHASE_PROBE_BACKWARD, .call = call_start};
const struct operation probe_slope = OPERATION("backward_slope", PHASE_PROBE_BACKWARD, emit_slope);
