/* safetensors_edit.c - a text in the metadata of a file, of whose tensors no byte changes. */
#include "problem.h"
#include "run/container.h"
#include "run/output_file.h"
#include "run/safetensors.h"

static bool write_copy(const struct container *container, struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, container->path, problem))
        return false;
    if (!container_write_header(container->header, file.stream))
        return output_file_fail(&file, "its header cannot be made: a text in it is no UTF-8", problem);
    fwrite(container->data, 1, container->data_length, file.stream);
    return output_file_commit(&file, problem);
}

bool safetensors_set_metadata(const char *path, const char *key, const char *text, struct problem *problem)
{
    struct container container = {.path = path, .what = "model file"};
    bool is_good = container_open(&container, problem);
    if (is_good) {
        json_t *metadata = json_object_get(container.header, "__metadata__");
        if (!json_is_object(metadata)) {
            metadata = json_object();
            json_object_set_new(container.header, "__metadata__", metadata);
        }
        json_object_set_new(metadata, key, json_string(text));
        is_good = write_copy(&container, problem);
    }
    container_release(&container);
    return is_good;
}
