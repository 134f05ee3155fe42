/* safetensors_write.c - weights from their panels into a file. */
#include "run/container.h"
#include "run/output_file.h"
#include "run/safetensors.h"
#include "run/weights.h"

#include <stdlib.h>
#include <string.h>

#include "problem.h"

#ifdef NETC_DOUBLE
static const char own_type[] = "F64";
#else
static const char own_type[] = "F32";
#endif

json_t *safetensors_shape(const struct model_tensor *tensor)
{
    if (tensor->rank == 1)
        return json_pack("[i]", tensor->filters);
    if (tensor->rank == 2)
        return json_pack("[ii]", tensor->filters, tensor->channels * tensor->height * tensor->width);
    return json_pack("[iiii]", tensor->filters, tensor->channels, tensor->height, tensor->width);
}

static json_t *make_header(const struct model *model, const json_t *metadata)
{
    json_t *header = json_object();
    size_t offset = 0;
    json_object_set(header, "__metadata__", (json_t *)metadata);
    for (int i = 0; i < model->tensor_count; i++) {
        const struct model_tensor *tensor = &model->tensors[i];
        size_t end = offset + weights_count(tensor) * sizeof(real);
        json_object_set_new(header, tensor->name,
                            json_pack("{s:s, s:o, s:[II]}", "dtype", own_type, "shape",
                                      safetensors_shape(tensor), "data_offsets", (json_int_t)offset,
                                      (json_int_t)end));
        offset = end;
    }
    return header;
}

static void write_number(void *stream, size_t element, real *weight)
{
    (void)element;
    fwrite(weight, sizeof *weight, 1, stream);
}

bool safetensors_write(const char *path, const struct model *model, void *net, const json_t *metadata,
                       struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    json_t *header = make_header(model, metadata);
    bool is_made = container_write_header(header, file.stream);
    json_decref(header);
    if (!is_made)
        return output_file_fail(
            &file, "its header cannot be made: a text in it is no UTF-8, or memory ran out", problem);
    for (int i = 0; i < model->tensor_count; i++)
        weights_for_each(&model->tensors[i], model_parameters(model, net), write_number, file.stream);
    return output_file_commit(&file, problem);
}
