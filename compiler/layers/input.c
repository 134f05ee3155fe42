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
    return setting_shape(layer_setting(layer, "size"));
}

const struct layer_kind layer_input = {
    .name = "input",
    .summary = "the sample: an image, channels last, or a number of features",
    .attributes = input_attributes,
    .shape = input_shape,
    .constants = writer_define_shape,
};
