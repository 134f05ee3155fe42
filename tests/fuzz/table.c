/* table.c - a CSV file as training reads it: columns by name, classes and numbers, standardised, divided into
 * splits. */
#include <stdlib.h>

#include "dataset.h"
#include "input.h"
#include "model.h"
#include "problem.h"

static const char manifest[] = "format: csv\n"
                               "train: { file: table.csv }\n"
                               "test: 20%\n"
                               "columns: { targets: [y] }\n"
                               "standardize: inputs\n";

static void read_for(enum model_output output, int targets)
{
    const struct model model = {.name = "fuzzed",
                                .input = {1, 1, 2, true},
                                .output = output,
                                .target_size = targets,
                                .output_size = targets,
                                .settings = {.validate = VALIDATE_SHARE, .validate_share = 0.3}};
    struct problem problem = {{0}};
    struct dataset *data = dataset_open("table.yaml", &model, &problem);
    if (data && dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem)) {
        const struct examples *examples = dataset_train(data);
        real values[2];
        for (size_t i = 0; i < examples->count; i++)
            examples_read_input(examples, i, values, 1, 2, 2);
        dataset_summary(data);
    } else if (!problem.text[0]) {
        abort();
    }
    dataset_close(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    input_write("table.yaml", manifest, sizeof manifest - 1);
    input_write("table.csv", bytes, length);
    read_for(OUTPUT_CATEGORICAL, 3);
    read_for(OUTPUT_SQUARED_ERROR, 1);
    return 0;
}
