/* random_data.c - examples for any network, as files:
 *
 *     pictures of bytes from 0 to 255, scaled by 1/255, two thirds of them 0 as in pictures of things;
 *     features likewise, none 0, standardized to length 1
 *     classes below their number, 0/1 for bernoulli, whole numbers from 0 to 3 for real targets */
#include "random_data.h"

#include <stdio.h>
#include <stdlib.h>

#include "random.h"

enum { IDX_BYTE = 8, IDX_INT = 12 };

static FILE *file_create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *to = fopen(path, "wb");
    if (!to) {
        perror(path);
        exit(1);
    }
    return to;
}

static void file_finish(FILE *to)
{
    if (ferror(to) || fclose(to) != 0) {
        perror("random data");
        exit(1);
    }
}

static void write_word(FILE *to, uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        putc((int)(word >> shift & 255), to);
}

/* What one IDX file holds. */
struct content {
    const char *name;
    int rank;
    uint32_t sizes[4];
    uint32_t limit;  /* whole numbers below it */
    uint32_t one_in; /* of so many numbers one is drawn, the others are 0 */
};

static void write_idx(const char *folder, const struct content *content, uint64_t seed)
{
    FILE *to = file_create(folder, content->name);
    const uint64_t stream = random_stream(content->name);
    uint32_t values = 1, element = 0;
    const bool is_wide = content->limit > 256;
    write_word(to, (uint32_t)((is_wide ? IDX_INT : IDX_BYTE) << 8 | content->rank));
    for (int i = 0; i < content->rank; i++) {
        write_word(to, content->sizes[i]);
        values *= content->sizes[i];
    }
    for (uint32_t i = 0; i < values; i++) {
        uint32_t value = random_below(seed, stream, 0, &element, content->limit);
        if (random_below(seed, stream, 0, &element, content->one_in) > 0)
            value = 0;
        if (is_wide)
            write_word(to, value);
        else
            putc((int)value, to);
    }
    file_finish(to);
}

static struct content inputs_of(const struct model_shape *shape, uint32_t count)
{
    const uint32_t channels = (uint32_t)shape->channels;
    if (shape->is_vector)
        return (struct content){"inputs.idx", 2, {count, channels}, 256, 1};
    return (struct content){
        "inputs.idx", 4, {count, (uint32_t)shape->height, (uint32_t)shape->width, channels}, 256, 3};
}

static struct content targets_of(const struct model *model, uint32_t count)
{
    const uint32_t size = (uint32_t)model->target_size, positions = (uint32_t)model_positions(model);
    const uint32_t height = (uint32_t)model->target_height, width = (uint32_t)model->target_width;
    if (positions > 1 && model->output == OUTPUT_CATEGORICAL)
        return (struct content){"targets.idx", 3, {count, height, width}, size, 1};
    if (positions > 1)
        return (struct content){"targets.idx", 4, {count, height, width, size / positions}, 2, 1};
    if (model->output == OUTPUT_CATEGORICAL)
        return (struct content){"targets.idx", 1, {count}, size, 1};
    return (struct content){"targets.idx", 2, {count, size}, model->output == OUTPUT_BERNOULLI ? 2 : 4, 1};
}

static void write_manifest(const struct model *model, const char *folder)
{
    FILE *to = file_create(folder, "data.yaml");
    fprintf(to, "format: idx\ntrain: { inputs: inputs.idx, targets: targets.idx }\nscale: 1/255\n");
    if (model->input.is_vector)
        fprintf(to, "standardize: { inputs: norm }\n");
    file_finish(to);
}

const char *random_data_write(const struct model *model, uint32_t count, uint64_t seed, const char *folder)
{
    static char path[4096];
    const struct content inputs = inputs_of(&model->input, count), targets = targets_of(model, count);
    write_idx(folder, &inputs, seed);
    write_idx(folder, &targets, seed);
    write_manifest(model, folder);
    snprintf(path, sizeof path, "%s/data.yaml", folder);
    return path;
}
