/* data.c - a file of data as `predict` reads it: FUZZ_FILE's ending says of which kind it is. Read for three
 * networks: a vector, a grey picture, a picture in colours; what is not refused is read example by example.
 */
#include <stdlib.h>

#include "dataset.h"
#include "input.h"
#include "model.h"
#include "problem.h"

static void read_for(struct model_shape shape)
{
    const struct model model = {
        .name = "fuzzed", .input = shape, .output = OUTPUT_SQUARED_ERROR, .target_size = 1, .output_size = 1};
    const struct normaliser normaliser = {.scale = 1.0 / 255};
    static const char *const path = FUZZ_FILE;
    const int row = shape.width * shape.channels, size = shape.height * row;
    struct problem problem = {{0}};
    struct dataset *data = dataset_open_inputs(&path, 1, &model, &normaliser, &problem);
    if (!data) {
        if (!problem.text[0])
            abort();
        return;
    }
    const struct examples *examples = dataset_split(data, "predict");
    real *values = malloc((size_t)size * sizeof *values);
    for (size_t i = 0; values && i < examples->count; i++)
        examples_read_input(examples, i, values, shape.height, row, row);
    free(values);
    dataset_close(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    input_write(FUZZ_FILE, bytes, length);
    read_for((struct model_shape){1, 1, 3, true});
    read_for((struct model_shape){4, 5, 1, false});
    read_for((struct model_shape){4, 5, 3, false});
    return 0;
}
