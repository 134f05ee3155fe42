/* model.c - a model file, as evaluate and predict read it, and as --init does, into a network of dense
 * layers. */
#include <stdlib.h>

#include "input.h"
#include "model.h"
#include "problem.h"
#include "run/model_file.h"
#include "run/safetensors.h"
#include "run/weights.h"

extern const struct model fuzzed_model;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct problem problem = {{0}};
    struct model_file file;
    struct safetensors_shared shared;
    void *net = weights_allocate(&fuzzed_model, 1, &problem);
    input_write("model.safetensors", bytes, length);
    if (model_file_read("model.safetensors", &fuzzed_model, net, &file, &problem))
        model_file_close(&file);
    else if (!problem.text[0])
        abort();
    problem.text[0] = 0;
    if (!safetensors_read_shared("model.safetensors", &fuzzed_model, net, &shared, &problem) &&
        !problem.text[0])
        abort();
    safetensors_shared_release(&shared);
    free(net);
    return 0;
}
