/* upsample.c - every pixel becomes a block of equal ones (nearest neighbour).
 *
 *     upsample 2               4x4x8 -> 8x8x8
 *
 *     y[y][x][c] = x[y / h][x / w][c]        dx[y][x][c] = Σ_ij dy[y h + i][x w + j][c] */
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/window.h"

static const struct attribute attributes[] = {
    {.name = "factor",
     .type = ATTRIBUTE_SIZE,
     .position = 0,
     .fallback = "2",
     .least = 1,
     .most = 65535,
     .meaning = "height x width of the block that a pixel becomes; one number means a square"},
    {0},
};

static struct shape upsample_shape(struct graph *graph, struct layer *layer, struct shape input,
                                   struct shape_check *check)
{
    (void)graph;
    if (!window_wants_image(input, check))
        return input;
    const struct setting *factor = layer_setting(layer, "factor");
    return (struct shape){.height = input.height * factor->integer[0],
                          .width = input.width * factor->integer[1],
                          .channels = input.channels};
}

static void upsample_constants(struct writer *writer, const struct layer *layer)
{
    const struct setting *factor = layer_setting(layer, "factor");
    writer_define(writer, layer, "factor_y", "%lld", (long long)factor->integer[0]);
    writer_define(writer, layer, "factor_x", "%lld", (long long)factor->integer[1]);
    writer_define(writer, layer, "height", "(%s * %s)", value_height(writer, layer->input),
                  layer_constant(writer, layer, "factor_y"));
    writer_define(writer, layer, "width", "(%s * %s)", value_width(writer, layer->input),
                  layer_constant(writer, layer, "factor_x"));
    writer_define(writer, layer, "channels", "%s", value_channels(writer, layer->input));
}

/* Loops over the results of a batch, and the pixel of `small` that each one belongs to. */
static const char *result_loops(struct writer *writer, const struct layer *layer, const struct value *small)
{
    writer_examples(writer);
    writer_loop(writer, "y", layer_constant(writer, layer, "height"));
    writer_loop(writer, "x", layer_constant(writer, layer, "width"));
    writer_loop(writer, "c", layer_constant(writer, layer, "channels"));
    const char *row = writer_format(writer, "y / %s", layer_constant(writer, layer, "factor_y"));
    const char *column = writer_format(writer, "x / %s", layer_constant(writer, layer, "factor_x"));
    return value_at(writer, small, "n", row, column, "c");
}

static void emit_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    const char *pixel = result_loops(writer, layer, layer->input);
    writer_line(writer, "%s = %s;", value_at(writer, layer->output, "n", "y", "x", "c"), pixel);
    writer_end(writer, 4);
    writer_function_end(writer);
}

static void emit_backward(struct writer *writer, const struct layer *layer)
{
    const char *place = value_place(writer, layer->dinput);
    writer_function(writer, layer, "backward");
    writer_examples_clear(writer, place);
    const char *pixel = result_loops(writer, layer, layer->dinput);
    writer_line(writer, "%s += %s;", pixel, value_at(writer, layer->doutput, "n", "y", "x", "c"));
    writer_end(writer, 4);
    writer_function_end(writer);
}

static const struct operation forward = OPERATION("forward", PHASE_FORWARD, emit_forward);
static const struct operation backward = OPERATION("backward", PHASE_BACKWARD, emit_backward);

static void upsample_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &forward);
}

static void upsample_backward(struct graph *graph, struct layer *layer)
{
    build_backward(graph, layer, &backward);
}

const struct layer_kind layer_upsample = {
    .name = "upsample",
    .summary = "every pixel as a block of `factor` equal ones (nearest neighbour)",
    .attributes = attributes,
    .shape = upsample_shape,
    .forward = upsample_forward,
    .backward = upsample_backward,
    .constants = upsample_constants,
};
