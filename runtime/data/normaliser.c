/* normaliser.c - means and divisors of the training split, and examples read with them.
 *
 *     column 1 2 3, deviation  ->  mean 2, divisor 0.816…  ->  read as -1.22 0 1.22 */
#include <math.h>
#include <stdlib.h>

#include "data/augmented.h"
#include "data/rows.h"

/* What is gathered of one feature, channel or target over a split. */
struct moments {
    double least, most, sum, squares;
};

/* One pass over a split. Value j of a row belongs to moments j % period; squares are taken off `mean`. */
static void moments_gather(struct moments *moments, size_t period, const double *mean,
                           const struct store *store, const struct examples *examples, double scale)
{
    double *row = memory_resize(NULL, store->size, sizeof *row);
    for (size_t k = 0; k < period; k++)
        moments[k] = (struct moments){.least = INFINITY, .most = -INFINITY};
    for (size_t i = 0; i < examples->count; i++) {
        store_read(store, examples->rows[i], row);
        for (size_t j = 0; j < store->size; j += period)
            for (size_t k = 0; k < period; k++) {
                double value = row[j + k] * scale, off = value - mean[k];
                moments[k].least = fmin(moments[k].least, value);
                moments[k].most = fmax(moments[k].most, value);
                moments[k].sum += value;
                moments[k].squares += off * off;
            }
    }
    free(row);
}

static void normaliser_fit(double *mean, double *divisor, size_t period, enum manifest_standardize way,
                           const struct store *store, const struct examples *examples, double scale)
{
    struct moments *moments = memory_resize(NULL, period, sizeof *moments);
    size_t repeats = store->size / period; /* pixels of an image that share a channel */
    double count = (double)(examples->count * repeats);
    moments_gather(moments, period, mean, store, examples, scale);
    for (size_t k = 0; k < period; k++)
        mean[k] = way == STANDARDIZE_RANGE ? moments[k].least : moments[k].sum / count;
    if (way != STANDARDIZE_RANGE)
        moments_gather(moments, period, mean, store, examples, scale);
    for (size_t k = 0; k < period; k++) {
        double squares = moments[k].squares;
        bool is_constant = moments[k].least == moments[k].most;
        divisor[k] = way == STANDARDIZE_RANGE       ? moments[k].most - moments[k].least
                     : way == STANDARDIZE_DEVIATION ? sqrt(squares / count)
                                                    : sqrt(squares);
        if (is_constant) /* rounding alone would be blown up */
            mean[k] = moments[k].least;
        if (is_constant || !(divisor[k] > 0) || !isfinite(divisor[k]))
            divisor[k] = 1;
    }
    free(moments);
}

enum { BYTES = 256 }; /* that there are */

/* What each byte is to the network, channel by channel. */
static void settle_bytes(struct dataset *data)
{
    enum { MOST = 16 };
    const int channels = data->input.channels;
    if (!data->inputs.bytes || data->normaliser.input_count == 0 || channels > MOST)
        return;
    data->seen = pool_get(&data->pool, (size_t)channels * BYTES * sizeof *data->seen);
    for (int k = 0; k < channels; k++)
        for (int byte = 0; byte < BYTES; byte++)
            data->seen[k * BYTES + byte] = normaliser_apply(&data->normaliser, k, byte);
}

bool dataset_fit_normaliser(struct dataset *data, const struct model *model, struct problem *problem)
{
    (void)model, (void)problem;
    struct normaliser *normaliser = &data->normaliser;
    *normaliser = (struct normaliser){
        .scale = data->manifest.scale, .feature_count = data->feature_count, .features = data->feature_names};
    size_t channels = (size_t)data->input.channels, targets = (size_t)data->target_size;
    if (data->manifest.standardize_inputs) {
        normaliser->input_count = (int)channels;
        normaliser->input_mean = pool_get(&data->pool, channels * sizeof(double));
        normaliser->input_deviation = pool_get(&data->pool, channels * sizeof(double));
        normaliser_fit(normaliser->input_mean, normaliser->input_deviation, channels,
                       data->manifest.standardize_inputs, &data->inputs, &data->train, normaliser->scale);
    }
    if (data->manifest.standardize_targets) {
        normaliser->target_count = (int)targets;
        normaliser->target_mean = pool_get(&data->pool, targets * sizeof(double));
        normaliser->target_deviation = pool_get(&data->pool, targets * sizeof(double));
        normaliser_fit(normaliser->target_mean, normaliser->target_deviation, targets,
                       data->manifest.standardize_targets, &data->targets, &data->train, 1);
    }
    settle_bytes(data);
    rows_settle_space(data);
    rows_summarise(data);
    return true;
}

static double *doubles_copy(struct dataset *data, const double *from, int count)
{
    double *copy = pool_get(&data->pool, (size_t)count * sizeof *copy);
    for (int i = 0; i < count; i++)
        copy[i] = from[i];
    return copy;
}

void dataset_use_normaliser(struct dataset *data, const struct normaliser *normaliser)
{
    struct normaliser copy = *normaliser;
    copy.input_mean = doubles_copy(data, normaliser->input_mean, normaliser->input_count);
    copy.input_deviation = doubles_copy(data, normaliser->input_deviation, normaliser->input_count);
    copy.target_mean = doubles_copy(data, normaliser->target_mean, normaliser->target_count);
    copy.target_deviation = doubles_copy(data, normaliser->target_deviation, normaliser->target_count);
    const char **features = NULL;
    for (int i = 0; i < normaliser->feature_count; i++)
        features = rows_add_text(data, features, i, normaliser->features[i]);
    copy.features = features;
    data->normaliser = copy;
    settle_bytes(data);
    rows_settle_space(data);
    rows_summarise(data);
}

const struct normaliser *dataset_normaliser(const struct dataset *data)
{
    return &data->normaliser;
}

/* `count` values from number `at` on that are only scaled, in loops that become vectors. */
static void read_scaled(const struct store *inputs, double scale, size_t at, real *restrict to, int count)
{
    if (inputs->bytes) {
        const uint8_t *from = inputs->bytes + at;
        for (int j = 0; j < count; j++)
            to[j] = (real)(from[j] * scale);
    } else {
        const double *from = inputs->numbers + at;
        for (int j = 0; j < count; j++)
            to[j] = (real)(from[j] * scale);
    }
}

/* `count` bytes from `from` on, looked up. */
static void read_seen(const uint8_t *from, const real *seen, int channels, real *restrict to, int count)
{
    if (channels == 1)
        for (int j = 0; j < count; j++)
            to[j] = seen[from[j]];
    else
        for (int j = 0; j < count; j += channels)
            for (int k = 0; k < channels; k++)
                to[j + k] = seen[k * BYTES + from[j + k]];
}

void normaliser_read(const struct dataset *data, size_t at, real *restrict to, int count)
{
    const struct normaliser *normaliser = &data->normaliser;
    const int channels = data->input.channels;
    if (normaliser->input_count == 0)
        read_scaled(&data->inputs, normaliser->scale, at, to, count);
    else if (data->seen)
        read_seen(data->inputs.bytes + at, data->seen, channels, to, count);
    else
        for (int j = 0; j < count; j += channels)
            for (int k = 0; k < channels; k++)
                to[j + k] = normaliser_apply(normaliser, k, store_value(&data->inputs, at + (size_t)(j + k)));
}

void examples_fetch(const struct examples *examples, size_t i)
{
    enum { LINE = 64, MOST = 4096 };
    const struct store *inputs = &examples->data->inputs;
    const size_t each = inputs->bytes ? 1 : sizeof *inputs->numbers,
                 at = examples->rows[i] * inputs->size * each;
    const char *from = (inputs->bytes ? (const char *)inputs->bytes : (const char *)inputs->numbers) + at;
    const size_t count = inputs->size * each < MOST ? inputs->size * each : MOST;
    for (size_t line = 0; line < count; line += LINE)
        __builtin_prefetch(from + line);
}

void examples_read_input(const struct examples *examples, size_t i, real *to, int rows, int row_length,
                         int stride)
{
    const struct dataset *data = examples->data;
    if (examples->augment) {
        const struct augment_change change = augment_draw(examples, i);
        augment_read(examples, i, &change, to, rows, row_length, stride);
        return;
    }
    size_t at = examples->rows[i] * data->input_size;
    for (int y = 0; y < rows; y++, to += stride, at += (size_t)row_length)
        normaliser_read(data, at, to, row_length);
}

/* What `predict` reads has no targets; a network that loads it gets zeros. */
int32_t examples_read_class(const struct examples *examples, size_t i)
{
    return examples->data->classes ? examples->data->classes[examples->rows[i]] : 0;
}

/* Do the targets of its positions move with a picture that is changed as it is read? */
static bool moves_targets(const struct examples *examples)
{
    const struct dataset *data = examples->data;
    return examples->augment && data->positions > 1 && data->targets.count > 0 && !data->input.is_vector;
}

void examples_read_classes(const struct examples *examples, size_t i, int32_t *to, int positions)
{
    const struct dataset *data = examples->data;
    const size_t at = examples->rows[i] * data->targets.size;
    if (moves_targets(examples)) {
        const struct augment_change change = augment_draw(examples, i);
        augment_read_classes(examples, i, &change, to);
        return;
    }
    for (int p = 0; p < positions; p++)
        to[p] = data->targets.count > 0 ? (int32_t)store_value(&data->targets, at + (size_t)p) : 0;
}

void examples_read_target(const struct examples *examples, size_t i, real *to, int count)
{
    const struct dataset *data = examples->data;
    const struct normaliser *normaliser = &data->normaliser;
    if (moves_targets(examples)) {
        const struct augment_change change = augment_draw(examples, i);
        augment_read_targets(examples, i, &change, to);
        return;
    }
    size_t at = examples->rows[i] * data->targets.size;
    for (int k = 0; k < count; k++) {
        bool has_target = data->targets.count > 0;
        double value = has_target ? store_value(&data->targets, at + (size_t)k) : 0;
        if (has_target && normaliser->target_count > 0)
            value = (value - normaliser->target_mean[k]) / normaliser->target_deviation[k];
        to[k] = (real)value;
    }
}
