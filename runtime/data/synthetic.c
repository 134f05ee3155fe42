/* synthetic.c - examples made up from a seed, valid for a network: for gradient checks and benchmarks, which
 * need no file.
 *
 *     inputs and real targets uniform in [-1, 1), classes uniform, 0 or 1 for bernoulli, counts in [0, 4) */
#include <math.h>

#include "data/rows.h"
#include "random.h"

static void draw(double *values, size_t count, uint64_t seed, const char *stream)
{
    uint64_t name = random_stream(stream);
    for (size_t i = 0; i < count; i++)
        values[i] = 2 * random_uniform(seed, name, 0, (uint32_t)i) - 1;
}

static void draw_targets(struct dataset *data, size_t count, uint64_t seed)
{
    const size_t size = (size_t)rows_target_columns(data), values = count * size;
    if (!data->has_targets)
        return;
    if (rows_have_class(data)) {
        data->classes = memory_resize(NULL, count, sizeof *data->classes);
        for (size_t i = 0; i < count; i++)
            data->classes[i] =
                (int32_t)(random_uniform(seed, random_stream("classes"), 0, (uint32_t)i) * data->target_size);
        return;
    }
    data->targets = (struct store){.size = size, .count = count};
    data->targets.numbers = memory_resize(NULL, values, sizeof(double));
    draw(data->targets.numbers, values, seed, "targets");
    for (size_t i = 0; data->output == OUTPUT_POISSON && i < values; i++)
        data->targets.numbers[i] = fabs(data->targets.numbers[i]) * 4;
    for (size_t i = 0; data->output == OUTPUT_CATEGORICAL && i < values; i++)
        data->targets.numbers[i] = floor((data->targets.numbers[i] + 1) / 2 * data->target_size);
    if (data->output == OUTPUT_BERNOULLI)
        for (size_t i = 0; i < values; i++)
            data->targets.numbers[i] = data->targets.numbers[i] > 0;
}

struct dataset *dataset_from_seed(const struct model *model, size_t count, uint64_t seed)
{
    struct dataset *data = rows_create(model);
    const size_t size = data->input_size;
    data->inputs = (struct store){.size = size, .count = count};
    data->inputs.numbers = memory_resize(NULL, count * size, sizeof(double));
    draw(data->inputs.numbers, count * size, seed, "inputs");
    draw_targets(data, count, seed);
    uint32_t *rows = pool_get(&data->pool, count * sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)i;
    data->train = (struct examples){.data = data, .rows = rows, .count = count};
    rows_settle_space(data);
    return data;
}

double *dataset_input_of(struct dataset *data, size_t row)
{
    return data->inputs.numbers + row * data->input_size;
}
