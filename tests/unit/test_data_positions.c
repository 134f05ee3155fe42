/* test_data_positions.c - targets that are pictures themselves: a class, or several yes and no, at each
 * position. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "data/augmented.h"
#include "test_data_support.h"

TestSuite(data_positions, .init = data_begin, .fini = data_end);

enum { HEIGHT = 2, WIDTH = 3, POSITIONS = HEIGHT * WIDTH };

/* A network of 2x3 pixels that wants one of four classes for each. */
static struct model model_of_classes(void)
{
    struct model model = data_model_image(HEIGHT, WIDTH, 1, 4);
    model.target_height = HEIGHT;
    model.target_width = WIDTH;
    return model;
}

/* The same with `channels` yes or no at each pixel. */
static struct model model_of_yes_or_no(int channels)
{
    struct model model = model_of_classes();
    model.output = OUTPUT_BERNOULLI;
    model.target_size = POSITIONS * channels;
    return model;
}

static void write_files(int rank, const unsigned *sizes, const unsigned char *targets, size_t length)
{
    const unsigned input_sizes[] = {2, HEIGHT, WIDTH};
    unsigned char pixels[2 * POSITIONS], bytes[256];
    for (unsigned i = 0; i < sizeof pixels; i++)
        pixels[i] = (unsigned char)(i + 1);
    data_write("x.idx", bytes, data_make_idx(bytes, 8, 3, input_sizes, pixels, sizeof pixels));
    data_write("y.idx", bytes, data_make_idx(bytes, 8, rank, sizes, targets, length));
    data_write_text("data.yaml", "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\n");
}

static const unsigned char classes[2 * POSITIONS] = {0, 1, 2, 3, 0, 1, 3, 3, 2, 2, 1, 0};

static void expect_classes(const struct examples *examples, size_t i, const unsigned char *expected)
{
    int32_t found[POSITIONS];
    examples_read_classes(examples, i, found, POSITIONS);
    for (int p = 0; p < POSITIONS; p++)
        cr_expect_eq(found[p], expected[p], "position %d has %d instead of %d", p, found[p], expected[p]);
}

Test(data_positions, a_class_for_each)
{
    struct model model = model_of_classes();
    struct problem problem = {0};
    write_files(3, (const unsigned[]){2, HEIGHT, WIDTH}, classes, sizeof classes);
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem));
    expect_classes(dataset_train(data), 0, classes);
    expect_classes(dataset_train(data), 1, classes + POSITIONS);
    cr_expect_str_eq(dataset_summary(data),
                     "train 2 examples of 2x3x1, each of 2x3 positions in 4 classes, values 1 to 12");
    dataset_close(data);
}

Test(data_positions, a_flat_row_for_each_picture_will_do)
{
    struct model model = model_of_classes();
    write_files(2, (const unsigned[]){2, POSITIONS}, classes, sizeof classes);
    struct dataset *data = data_open(&model);
    expect_classes(dataset_train(data), 1, classes + POSITIONS);
    dataset_close(data);
}

Test(data_positions, several_yes_or_no_for_each)
{
    static const unsigned char answers[2 * POSITIONS * 2] = {1, 0, 0, 0, 1, 1, [POSITIONS * 2] = 1};
    struct model model = model_of_yes_or_no(2);
    write_files(4, (const unsigned[]){2, HEIGHT, WIDTH, 2}, answers, sizeof answers);
    struct dataset *data = data_open(&model);
    real found[POSITIONS * 2];
    for (size_t i = 0; i < 2; i++) {
        examples_read_target(dataset_train(data), i, found, POSITIONS * 2);
        for (size_t k = 0; k < POSITIONS * 2; k++)
            cr_expect_eq(found[k], answers[i * POSITIONS * 2 + k]);
    }
    cr_expect(strstr(dataset_summary(data), "targets of 2x3x2 1 in 16.7%"), "%s", dataset_summary(data));
    dataset_close(data);
}

Test(data_positions, refuses_what_does_not_suit_the_network)
{
    struct model model = model_of_classes(), other = model_of_yes_or_no(1);
    unsigned char wrong[2 * POSITIONS] = {0};
    write_files(3, (const unsigned[]){2, WIDTH, HEIGHT}, classes, sizeof classes);
    data_expect_refused(&model,
                        "y.idx: error: has targets of 3x2 values each, but the network's output wants 2x3");
    write_files(1, (const unsigned[]){2}, classes, 2);
    data_expect_refused(&model,
                        "y.idx: error: has targets of 1 value each, but the network's output wants 2x3");
    wrong[POSITIONS + 4] = 4;
    write_files(3, (const unsigned[]){2, HEIGHT, WIDTH}, wrong, sizeof wrong);
    data_expect_refused(&model,
                        "y.idx: error: example 1 has label 4 in row 1, column 1 (all counted from 0), "
                        "but the network's 4 classes are 0 to 3");
    data_expect_refused(
        &other, "y.idx: error: example 1 (counted from 0) has target 4, but output bernoulli wants 0 or 1");
}

Test(data_positions, a_csv_has_a_column_for_each)
{
    static const unsigned char expected[] = {0, 1, 2, 3, 0, 1};
    struct model model = model_of_classes();
    data_write_text("a.csv", "a,b,c,d,e,f,u,v,w,x,y,z\n1,2,3,4,5,6,0,1,2,3,0,1\n");
    data_write_text("data.yaml", "format: csv\ntrain: {file: a.csv}\n");
    struct dataset *data = data_open(&model);
    expect_classes(dataset_train(data), 0, expected);
    dataset_close(data);
    data_write_text("data.yaml", "format: csv\ntrain: {file: a.csv}\nclasses: [sky, sea, sand, tree]\n");
    data_write_text("a.csv", "a,b,c,d,e,f,u,v,w,x,y,z\n1,2,3,4,5,6,sky,sea,sand,tree,sky,see\n");
    data_expect_refused(&model, "a.csv:2:35: error: 'see' in column 'z' is not one of the 4 classes\n"
                                "help: did you mean 'sea'?");
}

static void expect_moved(struct augment_change change, const unsigned char *expected)
{
    struct model model = model_of_classes();
    int32_t found[POSITIONS];
    write_files(3, (const unsigned[]){2, HEIGHT, WIDTH}, classes, sizeof classes);
    struct dataset *data = data_open(&model);
    change.factor = change.factor > 0 ? change.factor : 1;
    augment_read_classes(dataset_train(data), 1, &change, found);
    for (int p = 0; p < POSITIONS; p++)
        cr_expect_eq(found[p], expected[p], "position %d has %d instead of %d", p, found[p], expected[p]);
    dataset_close(data);
}

#define MOVED(change, ...)                                                                                   \
    expect_moved((struct augment_change){change}, (const unsigned char[POSITIONS]){__VA_ARGS__})

/* The second picture has the classes 3 3 2 over 2 1 0. */
Test(data_positions, classes_move_with_their_picture)
{
    MOVED(.right = 1, 0, 3, 3, 0, 2, 1);
    MOVED(.down = -1, 2, 1, 0, 0, 0, 0);
    MOVED(.is_mirrored = true, 2, 3, 3, 0, 1, 2);
    MOVED(.is_upside_down = true, 2, 1, 0, 3, 3, 2);
    MOVED(.angle = 180, 0, 1, 2, 2, 3, 3);
    MOVED(.factor = 1.2, 3, 3, 2, 2, 1, 0); /* no place moves by half a pixel */
    MOVED(.cut = 2, 3, 3, 2, 2, 1, 0);      /* what is cut out is still to be told */
}

/* Each pixel's number and its class are one. */
Test(data_positions, one_draw_moves_both)
{
    static const unsigned char numbers[2 * POSITIONS] = {1, 2, 3, 1, 2, 3, 1, 1, 1, 2, 3, 3};
    const struct augment augment = {.shift = 1, .flip = FLIP_BOTH};
    struct model model = model_of_classes();
    unsigned char bytes[256];
    write_files(3, (const unsigned[]){2, HEIGHT, WIDTH}, numbers, sizeof numbers);
    data_write("x.idx", bytes,
               data_make_idx(bytes, 8, 3, (const unsigned[]){2, HEIGHT, WIDTH}, numbers, sizeof numbers));
    struct dataset *data = data_open(&model);
    for (int epoch = 1; epoch <= 50; epoch++)
        for (size_t i = 0; i < 2; i++) {
            const struct examples examples = augment_examples(dataset_train(data), &augment, 1, epoch);
            real pixels[POSITIONS];
            int32_t found[POSITIONS];
            examples_read_input(&examples, i, pixels, HEIGHT, WIDTH, WIDTH);
            examples_read_classes(&examples, i, found, POSITIONS);
            for (int p = 0; p < POSITIONS; p++)
                cr_assert_eq((int32_t)pixels[p], found[p]);
        }
    dataset_close(data);
}
