/* thumb.c - values to bytes: standardising undone, scaled pictures times 255, others from their least to
 * their largest value.
 *
 *     16 of a file with 0 to 16 and scale: 1/16  ->  1  ->  255 */
#include "run_report/thumb.h"

#include <math.h>

#include "report/png.h"

enum { SIDE = 64, SHOWN = 84 };

static int shrink_of(const struct model *model)
{
    const int side = model->input.height > model->input.width ? model->input.height : model->input.width;
    return 1 + (side - 1) / SIDE;
}

bool thumb_is_possible(const struct model *model)
{
    const int shrink = shrink_of(model);
    return !model->input.is_vector && model->input.height / shrink > 1 && model->input.width / shrink > 1;
}

int thumb_width(const struct model *model)
{
    const int width = model->input.width / shrink_of(model), times = SHOWN / width;
    return width * (times > 1 ? times : 1);
}

/* As it was before it was standardised, but scaled. */
static double value_of(const struct model *model, const struct normaliser *normaliser, const real *values,
                       int y, int x, int c)
{
    const struct model_shape *input = &model->input;
    const double value = (double)values[(y * input->width + x) * input->channels + c];
    return normaliser->input_count ? value * normaliser->input_deviation[c] + normaliser->input_mean[c]
                                   : value;
}

/* What becomes black and white. */
struct range {
    double low, high;
};

static struct range range_of(const struct model *model, const struct normaliser *normaliser,
                             const real *values, int channels)
{
    struct range found = {INFINITY, -INFINITY};
    for (int y = 0; y < model->input.height; y++)
        for (int x = 0; x < model->input.width; x++)
            for (int c = 0; c < channels; c++) {
                const double value = value_of(model, normaliser, values, y, x, c);
                found.low = fmin(found.low, value);
                found.high = fmax(found.high, value);
            }
    double white = 255 * normaliser->scale; /* where the file had bytes */
    if (normaliser->scale < 1 && white > 1 && found.high < 1.001)
        white = 1; /* it had fewer levels, 0 to 16 with the scale 1/16 */
    const double slack = 0.5 * white;
    if (found.low >= -slack && found.high <= white + slack && found.high > white / 255)
        return (struct range){0, white};
    return found;
}

/* One of the pictures, `left` pixels from the left. */
static void fill(struct picture *picture, const struct model *model, const struct normaliser *normaliser,
                 const real *values, struct range range, int left)
{
    const int shrink = shrink_of(model), width = model->input.width / shrink;
    const double span = range.high > range.low ? range.high - range.low : 1;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < picture->channels; c++) {
                double sum = 0;
                for (int i = 0; i < shrink; i++)
                    for (int j = 0; j < shrink; j++)
                        sum += value_of(model, normaliser, values, y * shrink + i, x * shrink + j, c);
                const double share = (sum / (shrink * shrink) - range.low) / span;
                picture_at(picture, y, left + x)[c] = (unsigned char)(255 * fmin(1, fmax(0, share)) + 0.5);
            }
}

char *thumb_of(const struct model *model, const struct normaliser *normaliser, const real *values,
               const real *other)
{
    struct picture picture;
    const int shrink = shrink_of(model), width = model->input.width / shrink;
    if (!picture_create(&picture, model->input.height / shrink, other ? 2 * width : width,
                        model->input.channels == 3 ? 3 : 1))
        return NULL;
    const struct range range = range_of(model, normaliser, values, picture.channels);
    fill(&picture, model, normaliser, values, range, 0);
    if (other)
        fill(&picture, model, normaliser, other, range, width);
    char *address = png_data_uri(&picture);
    picture_release(&picture);
    return address;
}
