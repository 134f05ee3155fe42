/* test_data_augment.c - changed pictures against small ones by hand, and what decides about the change. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/augmented.h"
#include "test_data_support.h"

TestSuite(data_augment, .init = data_begin, .fini = data_end);

enum { SIDE = 3, PIXELS = SIDE * SIDE };

/* `count` pictures of 3x3: the numbers of picture n are n, n + 1, …, channel by channel of each pixel. */
static struct dataset *open_coloured(unsigned count, unsigned channels, const char *manifest)
{
    const unsigned sizes[4] = {count, SIDE, SIDE, channels}, numbers = PIXELS * channels;
    unsigned char *pixels = malloc(count * numbers), *labels = calloc(count, 1);
    unsigned char *bytes = malloc(20 + count * numbers);
    struct model model = data_model_image(SIDE, SIDE, (int)channels, 2);
    struct problem problem = {0};
    char text[256];
    for (unsigned i = 0; i < count * numbers; i++)
        pixels[i] = (unsigned char)(i / numbers + i % numbers);
    data_write("x.idx", bytes,
               data_make_idx(bytes, 8, channels == 1 ? 3 : 4, sizes, pixels, count * numbers));
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 1, sizes, labels, count));
    snprintf(text, sizeof text, "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\n%s", manifest);
    data_write_text("data.yaml", text);
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem));
    free(pixels);
    free(labels);
    free(bytes);
    return data;
}

static struct dataset *open_pictures(unsigned count, const char *manifest)
{
    return open_coloured(count, 1, manifest);
}

/* Picture 1 (1 … 9) with a change. */
static void expect_picture(struct augment_change change, const double expected[PIXELS])
{
    struct dataset *data = open_pictures(2, "");
    real values[PIXELS];
    change.factor = change.factor > 0 ? change.factor : 1;
    augment_read(dataset_train(data), 1, &change, values, SIDE, SIDE, SIDE);
    for (int i = 0; i < PIXELS; i++)
        cr_expect_float_eq(values[i], expected[i], 1e-5, "pixel %d is %g instead of %g", i, (double)values[i],
                           expected[i]);
    dataset_close(data);
}

#define EXPECT(expected, ...)                                                                                \
    expect_picture((struct augment_change){__VA_ARGS__}, (const double[PIXELS])expected)
#define PICTURE(...)                                                                                         \
    {                                                                                                        \
        __VA_ARGS__                                                                                          \
    }

Test(data_augment, targets_of_positions_move_with_the_picture)
{
    static const unsigned char answers[2 * PIXELS] = {[PIXELS + 2] = 1, [PIXELS + 3] = 1};
    const unsigned sizes[3] = {2, SIDE, SIDE};
    unsigned char bytes[64];
    real values[PIXELS];
    struct model model = data_model_image(SIDE, SIDE, 1, 1);
    struct problem problem = {0};
    const struct augment_change change = {.is_mirrored = true, .down = 1, .factor = 1};
    model.output = OUTPUT_BERNOULLI;
    model.target_size = PIXELS;
    model.target_height = model.target_width = SIDE;
    data_write("x.idx", bytes, data_make_idx(bytes, 8, 3, sizes, answers, 2 * PIXELS));
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 3, sizes, answers, 2 * PIXELS));
    data_write_text("data.yaml", "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\n");
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem));
    augment_read_targets(dataset_train(data), 1, &change, values);
    for (int i = 0; i < PIXELS; i++) /* 2 and 3 mirrored are 0 and 5, a row further down 3 and 8 */
        cr_expect_eq(values[i], i == 3 || i == 8, "position %d is %g", i, (double)values[i]);
    dataset_close(data);
}

Test(data_augment, a_shift_lets_zeros_in)
{
    EXPECT(PICTURE(0, 1, 2, 0, 4, 5, 0, 7, 8), .right = 1);
    EXPECT(PICTURE(4, 5, 6, 7, 8, 9, 0, 0, 0), .down = -1);
    EXPECT(PICTURE(0, 0, 0, 2, 3, 0, 5, 6, 0), .down = 1, .right = -1);
    EXPECT(PICTURE(0, 0, 0, 0, 0, 0, 0, 0, 0), .down = 3);
}

Test(data_augment, a_flip_mirrors)
{
    EXPECT(PICTURE(3, 2, 1, 6, 5, 4, 9, 8, 7), .is_mirrored = true);
    EXPECT(PICTURE(7, 8, 9, 4, 5, 6, 1, 2, 3), .is_upside_down = true);
    EXPECT(PICTURE(9, 8, 7, 6, 5, 4, 3, 2, 1), .is_mirrored = true, .is_upside_down = true);
    EXPECT(PICTURE(0, 3, 2, 0, 6, 5, 0, 9, 8), .is_mirrored = true, .right = 1);
}

/* Counter-clockwise: what was right comes to the top. At 45 degrees an edge's middle lies √½ from the middle
 * in both directions, between four pixels: 0.0858, 0.2071, 0.2071 and 0.5 of them. */
Test(data_augment, a_rotation_turns_about_the_middle)
{
    EXPECT(PICTURE(3, 6, 9, 2, 5, 8, 1, 4, 7), .angle = 90);
    EXPECT(PICTURE(7, 4, 1, 8, 5, 2, 9, 6, 3), .angle = -90);
    EXPECT(PICTURE(9, 8, 7, 6, 5, 4, 3, 2, 1), .angle = 180);
    const double near = sqrt(0.5), far = 1 - near;
    const double top = near * near * 3 + near * far * (2 + 6) + far * far * 5;
    const double right = near * near * 9 + near * far * (6 + 8) + far * far * 5;
    const double bottom = near * near * 7 + near * far * (4 + 8) + far * far * 5;
    const double left = near * near * 1 + near * far * (2 + 4) + far * far * 5;
    const double corner = sqrt(2) - 1,
                 inside = 1 - corner; /* the corners come from outside, beside 2 6 8 4 */
    EXPECT(PICTURE(inside * 2, top, inside * 6, left, 5, right, inside * 4, bottom, inside * 8), .angle = 45);
}

/* Twice as large: the neighbours of the middle come from half way. Half as large: from outside. */
Test(data_augment, a_scale_grows_about_the_middle)
{
    EXPECT(PICTURE(3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7), .factor = 2);
    EXPECT(PICTURE(0, 0, 0, 0, 5, 0, 0, 0, 0), .factor = 0.5);
}

Test(data_augment, a_cutout_is_zero_and_may_reach_over_the_edge)
{
    EXPECT(PICTURE(1, 2, 3, 4, 0, 0, 7, 0, 0), .cut = 2, .cut_top = 1, .cut_left = 1);
    EXPECT(PICTURE(0, 2, 3, 4, 5, 6, 7, 8, 9), .cut = 2, .cut_top = -1, .cut_left = -1);
}

Test(data_augment, zero_is_the_data_s_own)
{
    struct dataset *data = open_pictures(2, "scale: 1/2\nstandardize: inputs\n");
    const struct normaliser *normaliser = dataset_normaliser(data);
    const struct augment_change change = {.factor = 1, .right = 1, .cut = 1, .cut_top = 1, .cut_left = 1};
    const double zero = -normaliser->input_mean[0] / normaliser->input_deviation[0];
    real values[PIXELS], unchanged[PIXELS];
    examples_read_input(dataset_train(data), 1, unchanged, SIDE, SIDE, SIDE);
    augment_read(dataset_train(data), 1, &change, values, SIDE, SIDE, SIDE);
    cr_expect_float_eq(values[0], zero, 1e-6);
    cr_expect_eq(values[1], unchanged[0]);
    cr_expect_float_eq(values[4], zero, 1e-6);
    cr_expect_lt(zero, -1);
    dataset_close(data);
}

enum { CHANNELS = 2 };

/* Where pixel (y, x) was, by the definition: mirrored about the middle of what has moved. 0: nowhere, or cut
 * out. */
static real expected_number(const struct augment_change *change, const real *unchanged, real zero, int y,
                            int x, int k)
{
    const int down = y - change->down, right = x - change->right;
    const int from_y = change->is_upside_down ? SIDE - 1 - down : down;
    const int from_x = change->is_mirrored ? SIDE - 1 - right : right;
    const bool is_cut = y >= change->cut_top && y < change->cut_top + change->cut && x >= change->cut_left &&
                        x < change->cut_left + change->cut;
    if (is_cut || from_y < 0 || from_y >= SIDE || from_x < 0 || from_x >= SIDE)
        return zero;
    return unchanged[(from_y * SIDE + from_x) * CHANNELS + k];
}

static void expect_moved(const struct dataset *data, const struct augment_change *change,
                         const real *unchanged)
{
    const struct normaliser *normaliser = dataset_normaliser(data);
    real values[PIXELS * CHANNELS];
    augment_read(dataset_train(data), 1, change, values, SIDE, SIDE * CHANNELS, SIDE * CHANNELS);
    for (int i = 0; i < PIXELS * CHANNELS; i++) {
        const int y = i / CHANNELS / SIDE, x = i / CHANNELS % SIDE, k = i % CHANNELS;
        const real zero = (real)(-normaliser->input_mean[k] / normaliser->input_deviation[k]);
        cr_assert_eq(values[i], expected_number(change, unchanged, zero, y, x, k),
                     "down %d, right %d, mirrored %d, upside down %d: row %d, column %d, channel %d is %g",
                     change->down, change->right, change->is_mirrored, change->is_upside_down, y, x, k,
                     (double)values[i]);
    }
}

/* All whole moves there are, and some too far, of standardized pictures in two colours. */
Test(data_augment, whole_pixels_move_with_their_channels)
{
    struct dataset *data = open_coloured(3, CHANNELS, "standardize: inputs\n");
    real unchanged[PIXELS * CHANNELS];
    examples_read_input(dataset_train(data), 1, unchanged, SIDE, SIDE * CHANNELS, SIDE * CHANNELS);
    for (int down = -SIDE - 1; down <= SIDE + 1; down++)
        for (int right = -SIDE - 1; right <= SIDE + 1; right++)
            for (int flips = 0; flips < 4; flips++)
                for (int cut = 0; cut < SIDE; cut++) {
                    const struct augment_change change = {.factor = 1,
                                                          .down = down,
                                                          .right = right,
                                                          .is_mirrored = flips & 1,
                                                          .is_upside_down = flips > 1,
                                                          .cut = cut,
                                                          .cut_top = right - 1,
                                                          .cut_left = down};
                    expect_moved(data, &change, unchanged);
                }
    dataset_close(data);
}

static void read_all(const struct dataset *data, const struct augment *augment, uint64_t seed, int epoch,
                     real (*values)[PIXELS])
{
    const struct examples examples = augment_examples(dataset_train(data), augment, seed, epoch);
    for (size_t i = 0; i < examples.count; i++)
        examples_read_input(&examples, i, values[i], SIDE, SIDE, SIDE);
}

enum { COUNT = 200 };
static const struct augment everything = {
    .shift = 1, .flip = FLIP_BOTH, .rotate = 30, .scale = 0.5, .cutout = 1, .noise = 0.1};

Test(data_augment, nothing_set_changes_nothing)
{
    static real values[COUNT][PIXELS], unchanged[PIXELS];
    struct dataset *data = open_pictures(COUNT, "scale: 1/255\nstandardize: inputs\n");
    read_all(data, &(struct augment){0}, 1, 1, values);
    for (size_t i = 0; i < COUNT; i++) {
        examples_read_input(dataset_train(data), i, unchanged, SIDE, SIDE, SIDE);
        cr_expect_arr_eq(values[i], unchanged, sizeof unchanged, "picture %zu", i);
    }
    dataset_close(data);
}

Test(data_augment, seed_epoch_and_row_decide_whatever_the_order_and_the_split)
{
    static real first[COUNT][PIXELS], other[COUNT][PIXELS];
    struct dataset *data = open_pictures(COUNT, "");
    read_all(data, &everything, 1, 1, first);
    const uint32_t rows[] = {150, 3};
    const struct examples few = {.data = data, .rows = rows, .count = 2};
    const struct examples changed = augment_examples(&few, &everything, 1, 1);
    real value[PIXELS];
    for (size_t i = 0; i < 2; i++) {
        examples_read_input(&changed, i, value, SIDE, SIDE, SIDE);
        cr_expect_arr_eq(value, first[rows[i]], sizeof value, "row %u", rows[i]);
    }
    read_all(data, &everything, 1, 2, other);
    cr_expect_neq(memcmp(first, other, sizeof first), 0, "another epoch");
    read_all(data, &everything, 2, 1, other);
    cr_expect_neq(memcmp(first, other, sizeof first), 0, "another seed");
    read_all(data, &everything, 1, 1, other);
    cr_expect_arr_eq(first, other, sizeof first, "the same again");
    dataset_close(data);
}

/* The bounds of 4 standard errors: chance alone passes them once in 16,000 tries, and the seed is fixed. */
Test(data_augment, draws_are_even_and_unrelated)
{
    enum { MANY = 4000 };
    uint32_t rows[MANY];
    struct dataset *data = open_pictures(1, "");
    const struct augment augment = {.shift = 2, .flip = FLIP_HORIZONTAL, .rotate = 20, .scale = 0.2};
    struct examples examples = {.data = data, .rows = rows, .count = MANY, .augment = &augment, .seed = 3};
    int shifts[5] = {0}, mirrored = 0, upside_down = 0;
    double down = 0, right = 0, together = 0, angle = 0, factor = 0, least = 0, most = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        rows[i] = i;
        const struct augment_change change = augment_draw(&examples, i);
        cr_assert(abs(change.down) <= 2 && abs(change.right) <= 2);
        shifts[change.down + 2]++;
        mirrored += change.is_mirrored;
        upside_down += change.is_upside_down;
        down += change.down, right += change.right, together += change.down * change.right;
        angle += change.angle, factor += change.factor;
        least = fmin(least, change.angle), most = fmax(most, change.angle);
        cr_assert(change.factor >= 0.8 && change.factor < 1.2);
    }
    for (int i = 0; i < 5; i++)
        cr_expect_float_eq(shifts[i] / (double)MANY, 0.2, 4 * sqrt(0.2 * 0.8 / MANY), "shift %d", i - 2);
    cr_expect_float_eq(down / MANY, 0, 4 * sqrt(2.0 / MANY));
    cr_expect_float_eq(right / MANY, 0, 4 * sqrt(2.0 / MANY));
    cr_expect_float_eq(together / MANY, 0, 4 * 2 / sqrt(MANY), "down and right go together");
    cr_expect_float_eq(mirrored / (double)MANY, 0.5, 4 * 0.5 / sqrt(MANY));
    cr_expect_eq(upside_down, 0);
    cr_expect_float_eq(angle / MANY, 0, 4 * 20 / sqrt(3.0 * MANY));
    cr_expect(least >= -20 && least < -19.8 && most < 20 && most > 19.8);
    cr_expect_float_eq(factor / MANY, 1, 4 * 0.2 / sqrt(3.0 * MANY));
    dataset_close(data);
}

Test(data_augment, noise_is_normal_and_the_only_change_of_a_vector)
{
    enum { FEATURES = 3, ROWS = 4000 };
    struct model model = data_model_vector(FEATURES, OUTPUT_SQUARED_ERROR, 1);
    struct dataset *data = dataset_from_seed(&model, ROWS, 1);
    const struct examples *examples = dataset_train(data);
    const struct examples noisy = augment_examples(examples, &everything, 1, 1);
    double sum = 0, squares = 0, fourth = 0, count = FEATURES * ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        real before[FEATURES], after[FEATURES];
        examples_read_input(examples, i, before, 1, FEATURES, FEATURES);
        examples_read_input(&noisy, i, after, 1, FEATURES, FEATURES);
        for (int k = 0; k < FEATURES; k++) {
            double off = ((double)after[k] - (double)before[k]) / everything.noise;
            sum += off, squares += off * off, fourth += off * off * off * off;
        }
    }
    cr_expect_float_eq(sum / count, 0, 4 / sqrt(count));
    cr_expect_float_eq(squares / count, 1, 4 * sqrt(2 / count));
    cr_expect_float_eq(fourth / count, 3, 4 * sqrt(96 / count));
    dataset_close(data);
}

/* An image may lie in a larger one in memory, with a border that is not touched. */
Test(data_augment, a_stride_leaves_the_border_alone)
{
    struct dataset *data = open_pictures(1, "");
    const struct examples examples = augment_examples(dataset_train(data), &everything, 1, 1);
    real dense[PIXELS], wide[SIDE * 5];
    for (int i = 0; i < SIDE * 5; i++)
        wide[i] = -7;
    examples_read_input(&examples, 0, dense, SIDE, SIDE, SIDE);
    examples_read_input(&examples, 0, wide, SIDE, SIDE, 5);
    for (int y = 0; y < SIDE; y++) {
        cr_expect_arr_eq(wide + 5 * y, dense + SIDE * y, SIDE * sizeof(real));
        cr_expect(wide[5 * y + 3] == -7 && wide[5 * y + 4] == -7);
    }
    dataset_close(data);
}
