/* conv_transpose_tiled.c - transposed convolution without padding as loops over register tiles: what
 * conv_tiled.c does with an image it does with the result, and the other way round.
 *
 *     u: conv_transpose 8 2x2 stride=2    ->    the input is spread over u, du is gathered into dx */
#include "emit/writer.h"
#include "layers/conv.h"

static struct conv_sides sides_of(const struct layer *layer, const struct value *image,
                                  const struct value *pixels)
{
    const struct setting *kernel = layer_setting(layer, "kernel"), *stride = layer_setting(layer, "stride");
    return (struct conv_sides){.layer = layer,
                               .window = {.name = "kernel",
                                          .height = kernel->integer[0],
                                          .width = kernel->integer[1],
                                          .stride_y = stride->integer[0],
                                          .stride_x = stride->integer[1],
                                          .dilation_y = 1,
                                          .dilation_x = 1},
                               .grouping = {.groups = 1},
                               .image = image,
                               .pixels = pixels};
}

const char *conv_transpose_tiled_run(struct writer *writer, const struct layer *layer)
{
    return layer_constant(writer, layer, "kernel_row");
}

void conv_transpose_tiled_schedule(struct graph *graph, struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->output, layer->input);
    struct tiling *tiling = layer->tiling;
    int64_t channels = layer->input->shape.channels, width = layer->input->shape.width;
    int64_t run = sides.window.width * layer->output->shape.channels;
    tiling_choose(graph->target, &tiling[TILING_FORWARD], channels, width, 0);
    tiling_choose(graph->target, &tiling[TILING_WEIGHT], channels, run, 0);
    tiling_choose(graph->target, &tiling[TILING_INPUT], run, width, 0);
    tiling_choose(graph->target, &tiling[TILING_FOLD], layer->output->shape.channels, 1, 0);
    layer->transposed->shape =
        (struct shape){.height = sides.window.height,
                       .width = tiling[TILING_INPUT].panels * tiling[TILING_INPUT].panel,
                       .channels = channels};
}

const char *conv_transpose_tiled_note(struct writer *writer, const struct layer *layer, enum tiling_use use)
{
    struct conv_sides sides = sides_of(layer, layer->output, layer->input);
    return conv_sides_note(writer, &sides, use);
}

void conv_transpose_tiled_constants(struct writer *writer, const struct layer *layer)
{
    weights_transposed_constants(writer, layer);
    if (!layer->weight->in_groups && !layer->is_frozen)
        weights_tiles_constant(writer, layer);
    writer_define(writer, layer, "transposed_size", "(%s * %s * %s * %s)",
                  layer_constant(writer, layer, "kernel_height"),
                  layer_constant(writer, layer, "back_panels"), value_channels(writer, layer->input),
                  layer_constant(writer, layer, "back_panel"));
}

void conv_transpose_tiled_member(struct writer *writer, const struct layer *layer)
{
    writer_line(writer, "real (*%s)[%s][%s][%s];", layer->name, layer_constant(writer, layer, "back_panels"),
                value_channels(writer, layer->input), layer_constant(writer, layer, "back_panel"));
}

void conv_transpose_tiled_call_transpose(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->output, layer->input);
    conv_sides_call_transpose(writer, &sides);
}

void conv_transpose_tiled_forward(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->output, layer->input);
    conv_sides_fold(writer, &sides, "forward",
                    layer->bias ? writer_format(writer, "net->param.%s.bias", layer->name) : "NULL");
    conv_transpose_activate(writer, layer);
    writer_function_end(writer);
}

void conv_transpose_tiled_backward_weight(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->doutput, layer->input);
    conv_sides_weight(writer, &sides);
}

void conv_transpose_tiled_backward_input(struct writer *writer, const struct layer *layer)
{
    struct conv_sides sides = sides_of(layer, layer->doutput, layer->dinput);
    conv_sides_gather(writer, &sides, "backward_input", false);
}
