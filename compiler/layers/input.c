/* input.c - the sample, which computes nothing.
 *
 *     input 28x28x1        input 10 */
#include "emit/writer.h"
#include "layers/catalogue.h"

static const struct attribute input_attributes[] = {
    {.name = "size",
     .type = ATTRIBUTE_SHAPE,
     .position = 0,
     .least = 1,
     .most = 1 << 24,
     .meaning = "height x width x channels of an image, or the number of features"},
    {0},
};

static struct shape input_shape(struct graph *graph, struct layer *layer, struct shape input,
                                struct shape_check *check)
{
    (void)graph, (void)input, (void)check;
    const struct setting *size = layer_setting(layer, "size");
    return (struct shape){size->integer[0], size->integer[1], size->integer[2], size->integer[3] == 1};
}

static void input_constants(struct writer *writer, const struct layer *layer)
{
    struct shape shape = layer->output->shape;
    if (shape.is_vector) {
        writer_define(writer, layer, "units", "%lld", (long long)shape.channels);
        return;
    }
    writer_define(writer, layer, "height", "%lld", (long long)shape.height);
    writer_define(writer, layer, "width", "%lld", (long long)shape.width);
    writer_define(writer, layer, "channels", "%lld", (long long)shape.channels);
}

const struct layer_kind layer_input = {
    .name = "input",
    .summary = "the sample: an image, channels last, or a number of features",
    .attributes = input_attributes,
    .shape = input_shape,
    .constants = input_constants,
};
