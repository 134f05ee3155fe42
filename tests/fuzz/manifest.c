/* manifest.c - a data manifest, with files at hand that it may name: table.csv, inputs.idx, targets.idx. */
#include <stdlib.h>

#include "dataset.h"
#include "input.h"
#include "model.h"
#include "problem.h"

static void read_for(struct model_shape shape, enum model_output output, int targets)
{
    const struct model model = {.name = "fuzzed",
                                .input = shape,
                                .output = output,
                                .target_size = targets,
                                .output_size = targets,
                                .settings = {.validate = VALIDATE_SHARE, .validate_share = 0.3}};
    struct problem problem = {{0}};
    struct dataset *data = dataset_open("data.yaml", &model, &problem);
    bool is_read =
        data && dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem);
    if (!is_read && !problem.text[0])
        abort();
    dataset_close(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char table[] = "a,b,y\n1,2,0\n3,4,1\n5,7,2\n9,8,0\n2,2,1\n";
    static const unsigned char inputs[] = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40};
    static const unsigned char targets[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    input_write("table.csv", table, sizeof table - 1);
    input_write("inputs.idx", inputs, sizeof inputs);
    input_write("targets.idx", targets, sizeof targets);
    input_write("data.yaml", bytes, length);
    read_for((struct model_shape){1, 1, 2, true}, OUTPUT_CATEGORICAL, 3);
    read_for((struct model_shape){1, 1, 2, true}, OUTPUT_SQUARED_ERROR, 1);
    read_for((struct model_shape){1, 2, 1, false}, OUTPUT_CATEGORICAL, 2);
    return 0;
}
