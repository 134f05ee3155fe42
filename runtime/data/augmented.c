/* augmented.c - draws how an example is changed, and reads it changed: for each pixel of the result, where it
 * was in the picture.
 *
 *     right 1    ->    pixel (y, x) is what (y, x - 1) was; column 0 is 0 */
#include "data/augmented.h"

#include <math.h>

#include "data/rows.h"
#include "noise.h"
#include "random.h"

/* Which number of an example's stream decides what, so that another setting changes no draw of these. */
enum { DRAW_MIRROR, DRAW_UPSIDE_DOWN, DRAW_ANGLE, DRAW_FACTOR, DRAW_DOWN, DRAW_RIGHT, DRAW_TOP, DRAW_LEFT };

struct drawing {
    uint64_t seed, stream;
    uint32_t epoch;
};

/* A number in [-limit, limit). */
static double draw_around_zero(const struct drawing *drawing, uint32_t what, double limit)
{
    return (2 * random_uniform(drawing->seed, drawing->stream, drawing->epoch, what) - 1) * limit;
}

/* 0 … count-1 */
static int draw_below(const struct drawing *drawing, uint32_t what, int count)
{
    return (int)(random_uniform(drawing->seed, drawing->stream, drawing->epoch, what) * count);
}

struct augment_change augment_draw(const struct examples *examples, size_t i)
{
    const struct augment *augment = examples->augment;
    const struct model_shape *shape = &examples->data->input;
    const uint64_t copy = examples->copies ? examples->copies[i] : 0, row = examples->rows[i] + (copy << 32);
    const struct drawing drawing = {examples->seed, random_stream("augment") + row, examples->epoch};
    const struct drawing *from = &drawing;
    bool may_mirror = augment->flip == FLIP_HORIZONTAL || augment->flip == FLIP_BOTH;
    bool may_turn = augment->flip == FLIP_VERTICAL || augment->flip == FLIP_BOTH;
    return (struct augment_change){
        .is_mirrored = may_mirror && draw_below(from, DRAW_MIRROR, 2) == 1,
        .is_upside_down = may_turn && draw_below(from, DRAW_UPSIDE_DOWN, 2) == 1,
        .angle = draw_around_zero(from, DRAW_ANGLE, augment->rotate),
        .factor = 1 + draw_around_zero(from, DRAW_FACTOR, augment->scale),
        .down = draw_below(from, DRAW_DOWN, 2 * augment->shift + 1) - augment->shift,
        .right = draw_below(from, DRAW_RIGHT, 2 * augment->shift + 1) - augment->shift,
        .cut = augment->cutout,
        .cut_top = draw_below(from, DRAW_TOP, shape->height) - augment->cutout / 2,
        .cut_left = draw_below(from, DRAW_LEFT, shape->width) - augment->cutout / 2,
        .noise = augment->noise,
        .seed = examples->seed,
        .stream = random_stream("augment noise") + row,
        .epoch = examples->epoch,
    };
}

/* The four pixels around a place of the picture, and how near it is to each: those outside count for nothing.
 */
struct sample {
    size_t at[4]; /* of the pixel's first channel in the store */
    double share[4];
};

/* From places of the result to places of the picture. */
struct mapping {
    double middle_y, middle_x;
    double cosine, sine; /* of the angle, divided by the factor */
    const struct augment_change *change;
    const struct model_shape *shape;
};

static struct mapping mapping_of(const struct augment_change *change, const struct model_shape *shape)
{
    const double radians = change->angle * M_PI / 180;
    return (struct mapping){.middle_y = (shape->height - 1) / 2.0,
                            .middle_x = (shape->width - 1) / 2.0,
                            .cosine = cos(radians) / change->factor,
                            .sine = sin(radians) / change->factor,
                            .change = change,
                            .shape = shape};
}

struct place {
    double y, x;
};

/* Where (y, x) of the result was in the picture. */
static struct place place_find(const struct mapping *mapping, int y, int x)
{
    const struct augment_change *change = mapping->change;
    const double down = y - change->down - mapping->middle_y, right = x - change->right - mapping->middle_x;
    const double from_y = mapping->cosine * down + mapping->sine * right;
    const double from_x = mapping->cosine * right - mapping->sine * down;
    return (struct place){.y = mapping->middle_y + (change->is_upside_down ? -from_y : from_y),
                          .x = mapping->middle_x + (change->is_mirrored ? -from_x : from_x)};
}

/* floor of a number that an int has room for, without a call */
static int whole_below(double number)
{
    const int whole = (int)number;
    return whole > number ? whole - 1 : whole;
}

static bool is_cut_out(const struct augment_change *change, int y, int x)
{
    return y >= change->cut_top && y < change->cut_top + change->cut && x >= change->cut_left &&
           x < change->cut_left + change->cut;
}

/* False: there is nothing, for it lies outside or was cut out. */
static bool sample_find(const struct mapping *mapping, int y, int x, struct sample *sample)
{
    const struct place from = place_find(mapping, y, x);
    const int height = mapping->shape->height, width = mapping->shape->width;
    if (is_cut_out(mapping->change, y, x) ||
        !(from.y >= -1 && from.y < height && from.x >= -1 && from.x < width))
        return false;
    const int top = whole_below(from.y), left = whole_below(from.x);
    const double below = from.y - top, beside = from.x - left;
    const double shares[4] = {(1 - below) * (1 - beside), (1 - below) * beside, below * (1 - beside),
                              below * beside};
    for (int j = 0; j < 4; j++) {
        const int down = top + j / 2, right = left + j % 2;
        const bool is_inside = down >= 0 && down < height && right >= 0 && right < width;
        sample->at[j] = is_inside ? (size_t)((down * width + right) * mapping->shape->channels) : 0;
        sample->share[j] = is_inside ? shares[j] : 0;
    }
    return true;
}

static void read_sampled(const struct examples *examples, size_t i, const struct augment_change *change,
                         real *to, int stride)
{
    const struct dataset *data = examples->data;
    const struct model_shape *shape = &data->input;
    const struct mapping mapping = mapping_of(change, shape);
    const size_t first = examples->rows[i] * data->input_size;
    for (int y = 0; y < shape->height; y++)
        for (int x = 0; x < shape->width; x++) {
            struct sample sample;
            const bool is_seen = sample_find(&mapping, y, x, &sample);
            for (int k = 0; k < shape->channels; k++) {
                double value = 0;
                for (int j = 0; j < 4 && is_seen; j++)
                    value += sample.share[j] * store_value(&data->inputs, first + sample.at[j] + (size_t)k);
                to[y * stride + x * shape->channels + k] = normaliser_apply(&data->normaliser, k, value);
            }
        }
}

/* Pixels `from` to in front of `end` of a row become what is outside of all pictures. */
static void clear_pixels(const struct dataset *data, real *row, int from, int end)
{
    const int channels = data->input.channels;
    for (int x = from; x < end; x++)
        for (int k = 0; k < channels; k++)
            row[x * channels + k] = normaliser_apply(&data->normaliser, k, 0);
}

/* Pixels `from` to in front of `end` of a row change places. */
static void mirror_pixels(real *row, int channels, int from, int end)
{
    for (int left = from, right = end - 1; left < right; left++, right--)
        for (int k = 0; k < channels; k++) {
            const real own = row[left * channels + k];
            row[left * channels + k] = row[right * channels + k];
            row[right * channels + k] = own;
        }
}

/* Row y of a picture that is neither turned nor scaled: a run of its pixels, from whole pixels away. */
static void read_moved_row(const struct dataset *data, size_t first, const struct augment_change *change,
                           int y, real *row)
{
    const int height = data->input.height, width = data->input.width, channels = data->input.channels;
    const int down = y - change->down, from_y = change->is_upside_down ? height - 1 - down : down;
    const int begin = change->right > 0 ? change->right : 0,
              end = change->right < 0 ? width + change->right : width;
    const int from_x = change->is_mirrored ? width - end + change->right : begin - change->right;
    if (from_y < 0 || from_y >= height || begin >= end) {
        clear_pixels(data, row, 0, width);
        return;
    }
    normaliser_read(data, first + (size_t)((from_y * width + from_x) * channels), row + begin * channels,
                    (end - begin) * channels);
    if (change->is_mirrored)
        mirror_pixels(row, channels, begin, end);
    clear_pixels(data, row, 0, begin);
    clear_pixels(data, row, end, width);
    if (y >= change->cut_top && y < change->cut_top + change->cut)
        clear_pixels(data, row, change->cut_left > 0 ? change->cut_left : 0,
                     change->cut_left + change->cut < width ? change->cut_left + change->cut : width);
}

static void read_changed(const struct examples *examples, size_t i, const struct augment_change *change,
                         real *to, int stride)
{
    const struct dataset *data = examples->data;
    if (change->angle != 0 || change->factor != 1) {
        read_sampled(examples, i, change, to, stride);
        return;
    }
    for (int y = 0; y < data->input.height; y++)
        read_moved_row(data, examples->rows[i] * data->input_size, change, y, to + y * stride);
}

/* Target k of position (y, x) of the changed picture. */
static double target_find(const struct examples *examples, size_t i, const struct mapping *mapping, int y,
                          int x, size_t k)
{
    const struct store *targets = &examples->data->targets;
    const size_t width = (size_t)mapping->shape->width,
                 channels = targets->size / (size_t)examples->data->positions;
    const struct place from = place_find(mapping, y, x);
    const double row = floor(from.y + 0.5), column = floor(from.x + 0.5);
    if (!(row >= 0 && row < mapping->shape->height && column >= 0 && column < mapping->shape->width))
        return 0;
    const size_t position = (size_t)row * width + (size_t)column;
    return store_value(targets, examples->rows[i] * targets->size + position * channels + k);
}

void augment_read_classes(const struct examples *examples, size_t i, const struct augment_change *change,
                          int32_t *to)
{
    const struct model_shape *shape = &examples->data->input;
    const struct mapping mapping = mapping_of(change, shape);
    for (int y = 0; y < shape->height; y++)
        for (int x = 0; x < shape->width; x++)
            *to++ = (int32_t)target_find(examples, i, &mapping, y, x, 0);
}

void augment_read_targets(const struct examples *examples, size_t i, const struct augment_change *change,
                          real *to)
{
    const struct dataset *data = examples->data;
    const struct mapping mapping = mapping_of(change, &data->input);
    const size_t channels = data->targets.size / (size_t)data->positions;
    for (int y = 0; y < data->input.height; y++)
        for (int x = 0; x < data->input.width; x++)
            for (size_t k = 0; k < channels; k++)
                *to++ = (real)target_find(examples, i, &mapping, y, x, k);
}

void augment_read(const struct examples *examples, size_t i, const struct augment_change *change, real *to,
                  int rows, int row_length, int stride)
{
    const struct examples unchanged = {
        .data = examples->data, .rows = examples->rows, .count = examples->count};
    if (examples->data->input.is_vector)
        examples_read_input(&unchanged, i, to, rows, row_length, stride);
    else
        read_changed(examples, i, change, to, stride);
    const struct noise noise = {change->seed, change->stream, change->epoch, change->noise};
    for (int y = 0; change->noise > 0 && y < rows; y++, to += stride)
        noise_apply(noise, (uint32_t)(y * row_length), to, to, row_length);
}
