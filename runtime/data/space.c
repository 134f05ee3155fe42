/* space.c - in what an input may be moved: the range of each channel or feature, and how far one of ε goes.
 *
 *     bytes of pictures, scale 1/255, standardized by mean .29 and deviation .35
 *         ->  one of ε is 1 / .35 in the network, from (0 - .29) / .35 to (1 - .29) / .35
 *
 * Of pictures, and of all that is bytes, ε is in the values as the manifest scales them, before they are
 * standardized: 0 to 1 with scale 1/255, whatever the network sees. Columns of a table have units of their
 * own, and one ε for years and for milligrams says nothing: there it is in the values as the network sees
 * them. */
#include <math.h>

#include "data/rows.h"

/* Bytes go from 0 to 255, also where these examples do not reach that far. */
static double end_of(const struct dataset *data, int channel, bool is_high)
{
    if (data->inputs.bytes)
        return is_high ? 255 : 0;
    if (!data->least) /* made up from a seed */
        return is_high ? 1 : -1;
    return is_high ? data->most[channel] : data->least[channel];
}

void rows_settle_space(struct dataset *data)
{
    const struct normaliser *normaliser = &data->normaliser;
    const int channels = data->input.channels;
    real *low = pool_get(&data->pool, (size_t)channels * sizeof *low);
    real *high = pool_get(&data->pool, (size_t)channels * sizeof *high);
    real *unit = pool_get(&data->pool, (size_t)channels * sizeof *unit);
    const bool is_picture = !data->input.is_vector || data->inputs.bytes;
    for (int k = 0; k < channels; k++) {
        const double ends[] = {(double)normaliser_apply(normaliser, k, end_of(data, k, false)),
                               (double)normaliser_apply(normaliser, k, end_of(data, k, true))};
        low[k] = (real)fmin(ends[0], ends[1]);
        high[k] = (real)fmax(ends[0], ends[1]);
        unit[k] = (real)(is_picture && normaliser->input_count ? 1 / normaliser->input_deviation[k] : 1);
    }
    data->space = (struct input_space){channels, is_picture, unit, low, high};
}

const struct input_space *dataset_input_space(const struct dataset *data)
{
    return &data->space;
}
