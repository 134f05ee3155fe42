/* save.c - `attack --save FILE.safetensors`: the inputs as they were and as they became, for other programs.
 *
 *     epsilon_0 [N, channels, height, width], epsilon_0.1 …
 *
 * Pictures are in the values of the data as scaled, as ε is; vectors [N, features] as the network sees them.
 */
#include <stdlib.h>

#include "attack/attack.h"
#include "data/pool.h"
#include "problem.h"
#include "run/container.h"
#include "run/output_file.h"

static json_t *entry(json_t *shape, size_t begin, size_t end)
{
    return json_pack("{s:s, s:o, s:[II]}", "dtype", sizeof(real) == sizeof(double) ? "F64" : "F32", "shape",
                     shape, "data_offsets", (json_int_t)begin, (json_int_t)end);
}

static json_t *make_header(const struct attack *attack)
{
    const struct model_shape *input = &attack->model->input;
    const json_int_t count = (json_int_t)attack->examples.count;
    const size_t bytes = attack->examples.count * attack->size * sizeof(real);
    json_t *header = json_object();
    for (int i = 0; i < attack->row_count; i++) {
        char name[64];
        snprintf(name, sizeof name, "epsilon_%.9g", attack->rows[i].epsilon);
        json_t *shape = input->is_vector
                            ? json_pack("[Ii]", count, input->channels)
                            : json_pack("[Iiii]", count, input->channels, input->height, input->width);
        json_object_set_new(header, name, entry(shape, (size_t)i * bytes, (size_t)(i + 1) * bytes));
    }
    return header;
}

/* A number of the network as the data have it. */
static real of_data(const struct attack *attack, real number, int channel)
{
    const struct normaliser *normaliser = &attack->trained.file.normaliser;
    if (!dataset_input_space(attack->trained.data)->is_picture || !normaliser->input_count)
        return number;
    return (real)((double)number * normaliser->input_deviation[channel] + normaliser->input_mean[channel]);
}

static void write_row(const struct attack *attack, const struct attack_row *row, FILE *to)
{
    const size_t channels = (size_t)attack->model->input.channels, pixels = attack->size / channels;
    for (size_t n = 0; n < attack->examples.count; n++)
        for (size_t k = 0; k < channels; k++)
            for (size_t p = 0; p < pixels; p++) {
                const real number = of_data(attack, row->moved[n * attack->size + p * channels + k], (int)k);
                fwrite(&number, sizeof number, 1, to);
            }
}

bool attack_save(const struct attack *attack, const char *path, struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    json_t *header = make_header(attack);
    bool is_made = container_write_header(header, file.stream);
    json_decref(header);
    if (!is_made)
        return output_file_fail(&file, "its header cannot be made", problem);
    for (int i = 0; i < attack->row_count; i++)
        write_row(attack, &attack->rows[i], file.stream);
    return output_file_commit(&file, problem);
}
