/* conv_constants.c - what the header of generated C has of a convolution: its sizes, and its members of the
 * structures of weights.
 *
 *     c3: conv 16 5x5    ->    #define C3_KERNEL_ROW (C3_KERNEL_WIDTH * C1_FILTERS)
 *                              real weight[C3_PANELS][C3_KERNEL_HEIGHT][C3_KERNEL_ROW][C3_PANEL]; */
#include "emit/writer.h"
#include "layers/conv.h"

static const char *group_channels(struct writer *writer, const struct layer *layer)
{
    return layer->weight->is_grouped ? layer_constant(writer, layer, "group_channels")
                                     : value_channels(writer, layer->input);
}

const char *conv_run(struct writer *writer, const struct layer *layer)
{
    return conv_runs_are_apart(layer) ? group_channels(writer, layer)
                                      : layer_constant(writer, layer, "kernel_row");
}

static void group_constants(struct writer *writer, const struct layer *layer)
{
    const char *channels = value_channels(writer, layer->input);
    struct grouping grouping = conv_grouping(layer);
    if (grouping.is_depthwise) {
        writer_define(writer, layer, "group_filters", "%lld", (long long)grouping.filters);
        writer_define(writer, layer, "group_channels", "1");
        writer_define(writer, layer, "filters", "(%s * %s)", channels,
                      layer_constant(writer, layer, "group_filters"));
        return;
    }
    writer_define(writer, layer, "filters", "%lld", (long long)layer->output->shape.channels);
    if (grouping.groups == 1)
        return;
    writer_define(writer, layer, "groups", "%lld", (long long)grouping.groups);
    writer_define(writer, layer, "group_filters", "(%s / %s)", layer_constant(writer, layer, "filters"),
                  layer_constant(writer, layer, "groups"));
    writer_define(writer, layer, "group_channels", "(%s / %s)", channels,
                  layer_constant(writer, layer, "groups"));
}

void conv_constants(struct writer *writer, const struct layer *layer)
{
    struct window window = conv_window(layer);
    group_constants(writer, layer);
    window_constants(writer, layer, &window);
    bool has_panels = layer->tiling[TILING_FORWARD].panels > 0;
    if (has_panels && conv_walk(layer) == WALK_TILES)
        writer_define(writer, layer, "kernel_row", "(%s * %s)", layer_constant(writer, layer, "kernel_width"),
                      group_channels(writer, layer));
    conv_pairs_constants(writer, layer);
    if (has_panels && conv_weight_split(layer) == SPLIT_PARTS && !layer->is_frozen)
        weights_tiles_constant(writer, layer);
    weights_constants(writer, layer,
                      writer_format(writer, "%s * %s * %s * %s", layer_constant(writer, layer, "filters"),
                                    group_channels(writer, layer),
                                    layer_constant(writer, layer, "kernel_height"),
                                    layer_constant(writer, layer, "kernel_width")));
    if (!layer->transposed)
        return;
    weights_transposed_constants(writer, layer);
    writer_define(writer, layer, "transposed_size", "(%s%s%s * %s * %s * %s)",
                  layer_constant(writer, layer, "kernel_height"), conv_runs_are_apart(layer) ? " * " : "",
                  conv_runs_are_apart(layer) ? layer_constant(writer, layer, "kernel_width") : "",
                  layer_constant(writer, layer, "back_panels"), layer_constant(writer, layer, "filters"),
                  layer_constant(writer, layer, "back_panel"));
}

void conv_parameters(struct writer *writer, const struct layer *layer)
{
    if (layer->tiling[TILING_FORWARD].panels)
        writer_line(
            writer, "real weight[%s][%s][%s][%s];", layer_constant(writer, layer, "panels"),
            layer_constant(writer, layer, "kernel_height"),
            layer_constant(writer, layer, conv_walk(layer) == WALK_TILES ? "kernel_row" : "kernel_width"),
            layer_constant(writer, layer, "panel"));
    else if (conv_grouping(layer).is_depthwise)
        writer_line(writer, "real weight[%s][%s][%s];", layer_constant(writer, layer, "kernel_height"),
                    layer_constant(writer, layer, "kernel_width"), layer_constant(writer, layer, "filters"));
    else
        writer_line(writer, "real weight[%s][%s][%s][%s];", layer_constant(writer, layer, "kernel_height"),
                    layer_constant(writer, layer, "kernel_width"), group_channels(writer, layer),
                    layer_constant(writer, layer, "filters"));
    weights_bias_member(writer, layer);
}

void conv_transposed(struct writer *writer, const struct layer *layer)
{
    const char *taps = conv_runs_are_apart(layer)
                           ? writer_format(writer, "[%s]", layer_constant(writer, layer, "kernel_width"))
                           : "";
    writer_line(writer, "real (*%s)%s[%s][%s][%s];", layer->name, taps,
                layer_constant(writer, layer, "back_panels"), layer_constant(writer, layer, "filters"),
                layer_constant(writer, layer, "back_panel"));
}
