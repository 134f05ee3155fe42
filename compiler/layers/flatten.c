/* flatten.c - the same numbers under another shape: flatten and, where others take the image, too, a copy of
 * it; reshape.
 *
 *     flatten    5x5x16 -> 400        reshape 7x7x32    1568 -> 7x7x32 */
#include "base/arena.h"
#include "base/text.h"
#include "emit/writer.h"
#include "ir/build.h"
#include "layers/catalogue.h"

static const struct attribute no_attributes[] = {{0}};

static const struct attribute reshape_attributes[] = {
    {.name = "size",
     .type = ATTRIBUTE_SHAPE,
     .position = 0,
     .least = 1,
     .most = 1 << 24,
     .meaning = "height x width x channels, or the number of features; as many numbers as come in"},
    {0},
};

static struct shape flatten_shape(struct graph *graph, struct layer *layer, struct shape input,
                                  struct shape_check *check)
{
    (void)graph, (void)layer, (void)check;
    return (struct shape){.height = 1, .width = 1, .channels = shape_size(input), .is_vector = true};
}

static void flatten_constants(struct writer *writer, const struct layer *layer)
{
    writer_define(writer, layer, "units", "%s", value_size(writer, layer->input));
}

static void flatten_forward(struct graph *graph, struct layer *layer)
{
    (void)graph;
    layer->output->view_of = layer->input;
}

static void flatten_backward(struct graph *graph, struct layer *layer)
{
    if (layer->doutput)
        layer->doutput->view_of = build_input_gradient(graph, layer);
}

/* The numbers of an image one after the other, without the border that it has in memory. */
static void emit_copy(struct writer *writer, const struct value *image, const struct value *row,
                      bool is_forward)
{
    const char *element, *place = writer_format(writer, "%s[n]", value_place(writer, row));
    writer_examples_open(writer);
    writer_line(writer, "int i = 0;");
    int loops = writer_elements(writer, &image, 1, &element);
    if (is_forward)
        writer_line(writer, "%s[i++] = %s;", place, element);
    else
        writer_line(writer, "%s = %s[i++];", element, place);
    writer_end(writer, loops);
    writer_close(writer);
}

static void emit_copy_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    emit_copy(writer, layer->input, layer->output, true);
    writer_function_end(writer);
}

static void emit_copy_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward");
    emit_copy(writer, layer->dinput, layer->doutput, false);
    writer_function_end(writer);
}

static const struct operation copy_forward_node = OPERATION("forward", PHASE_FORWARD, emit_copy_forward);
static const struct operation copy_backward_node = OPERATION("backward", PHASE_BACKWARD, emit_copy_backward);

static void copy_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &copy_forward_node);
}

static void copy_backward(struct graph *graph, struct layer *layer)
{
    build_backward(graph, layer, &copy_backward_node);
}

/* What comes in may be an image or a vector, and so may the result; rows are as they are in memory. */
static struct shape reshape_shape(struct graph *graph, struct layer *layer, struct shape input,
                                  struct shape_check *check)
{
    (void)graph;
    const struct setting *size = layer_setting(layer, "size");
    struct shape shape = setting_shape(size);
    int64_t area, count;
    bool fits = !__builtin_mul_overflow(shape.height, shape.width, &area) &&
                !__builtin_mul_overflow(area, shape.channels, &count);
    if (fits && count == shape_size(input))
        return shape;
    struct text text = text_create(check->arena);
    shape_print(&text, input);
    check->failed = true;
    struct diagnostic *error =
        diagnostics_error(check->diagnostics, E0407, size->span,
                          "reshape '%s' gets %s, that is %lld numbers, and cannot give them this size",
                          layer->name, text.bytes, (long long)shape_size(input));
    diagnostic_note(error, check->source->span, "'%s' has this size here", check->source->name);
    return shape;
}

/* The result may get a border, so it has a place of its own. */
static void emit_reshape(struct writer *writer, const struct value *input, const struct value *output,
                         bool is_forward)
{
    const char *element;
    writer_examples_open(writer);
    writer_line(writer, "%sreal *number = %s;", is_forward ? "const " : "", value_start(writer, input, "n"));
    int loops = writer_elements(writer, &output, 1, &element);
    if (is_forward)
        writer_line(writer, "%s = *number++;", element);
    else
        writer_line(writer, "*number++ = %s;", element);
    writer_end(writer, loops);
    writer_close(writer);
}

static void emit_reshape_forward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "forward");
    emit_reshape(writer, layer->input, layer->output, true);
    writer_function_end(writer);
}

static void emit_reshape_backward(struct writer *writer, const struct layer *layer)
{
    writer_function(writer, layer, "backward");
    emit_reshape(writer, layer->dinput, layer->doutput, false);
    writer_function_end(writer);
}

static const struct operation reshape_forward_node =
    OPERATION("forward", PHASE_FORWARD, emit_reshape_forward);
static const struct operation reshape_backward_node =
    OPERATION("backward", PHASE_BACKWARD, emit_reshape_backward);

static void reshape_forward(struct graph *graph, struct layer *layer)
{
    build_forward(graph, layer, &reshape_forward_node);
}

static void reshape_backward(struct graph *graph, struct layer *layer)
{
    build_backward(graph, layer, &reshape_backward_node);
}

const struct layer_kind layer_copy = {
    .name = "copy",
    .summary = "an image as a row of features of its own, where others take the image, too",
    .attributes = no_attributes,
    .shape = flatten_shape,
    .forward = copy_forward,
    .backward = copy_backward,
    .constants = flatten_constants,
};

const struct layer_kind layer_flatten = {
    .name = "flatten",
    .summary = "an image as a row of features, channels last",
    .attributes = no_attributes,
    .reads_flat = true,
    .shape = flatten_shape,
    .forward = flatten_forward,
    .backward = flatten_backward,
    .constants = flatten_constants,
};

const struct layer_kind layer_reshape = {
    .name = "reshape",
    .summary = "the same numbers, in their order in memory (channels last), under another shape",
    .attributes = reshape_attributes,
    .reads_flat = true,
    .shape = reshape_shape,
    .forward = reshape_forward,
    .backward = reshape_backward,
    .constants = writer_define_shape,
};
