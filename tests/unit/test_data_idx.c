/* test_data_idx.c - IDX files, plain and compressed, and every way in which one can be wrong. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/idx.h"
#include "sha256.h"
#include "test_data_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

TestSuite(data_idx, .init = data_begin, .fini = data_end);

/* Three pictures of 2x2 and their labels, as data.yaml has them. */
static const unsigned char pixels[12] = {0, 1, 2, 3, 10, 11, 12, 13, 250, 251, 252, 255};
static const unsigned char labels[3] = {0, 2, 1};
static const unsigned picture_sizes[3] = {3, 2, 2};
static unsigned char bytes[256];

static void write_pictures(const char *name, int type, const unsigned sizes[3], size_t length)
{
    data_write(name, bytes, data_make_idx(bytes, type, 3, sizes, pixels, length));
}

static void write_labels(const unsigned char *values, unsigned count)
{
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 1, &count, values, count));
}

static void write_good_files(void)
{
    write_pictures("x.idx", 8, picture_sizes, sizeof pixels);
    write_labels(labels, 3);
    data_write_text("data.yaml", "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\nscale: 1/255\n");
}

Test(data_idx, reads_bytes_scaled_with_a_border)
{
    write_good_files();
    struct model model = data_model_image(2, 2, 1, 3);
    struct dataset *data = data_open(&model);
    const struct examples *train = dataset_train(data);
    cr_assert_eq(train->count, 3);
    cr_expect_eq(examples_read_class(train, 1), 2);
    real padded[2][4] = {{-1, -1, -1, -1}, {-1, -1, -1, -1}};
    examples_read_input(train, 2, padded[0], 2, 2, 4);
    cr_expect_float_eq(padded[0][0], 250 / 255.0, 1e-6);
    cr_expect_float_eq(padded[0][1], 251 / 255.0, 1e-6);
    cr_expect_float_eq(padded[1][0], 252 / 255.0, 1e-6);
    cr_expect_eq(padded[1][1], 1);
    cr_expect_eq(padded[0][2], -1);
    cr_expect_eq(padded[1][3], -1);
    cr_expect_str_eq(dataset_summary(data), "train 3 examples of 2x2x1 in 3 classes, values 0 to 1");
    dataset_close(data);
}

Test(data_idx, of_pictures_that_are_their_own_target_classes_do_not_matter)
{
    write_good_files();
    data_write_text("data.yaml", "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\nclasses: [a, b, c]\n");
    struct model model = data_model_image(2, 2, 1, 4);
    model.output = OUTPUT_SQUARED_ERROR;
    model.target_is_input = true;
    struct dataset *data = data_open(&model);
    int count;
    dataset_classes(data, &count);
    cr_expect_eq(count, 0);
    cr_expect_eq(dataset_train(data)->count, 3);
    dataset_close(data);
}

Test(data_idx, compressed_and_plain_are_the_same)
{
    write_good_files();
    data_write_gzip("x.gz", bytes, data_make_idx(bytes, 8, 3, picture_sizes, pixels, sizeof pixels));
    struct idx plain, packed;
    struct problem problem = {0};
    cr_assert(idx_read(&plain, "x.idx", NULL, &problem), "%s", problem.text);
    cr_assert(idx_read(&packed, "x.gz", NULL, &problem), "%s", problem.text);
    cr_expect_eq(packed.rank, 3);
    cr_expect_eq(packed.values.count, 3);
    cr_expect(memcmp(plain.values.bytes, packed.values.bytes, sizeof pixels) == 0);
    store_free(&plain.values);
    store_free(&packed.values);
}

Test(data_idx, reads_every_type)
{
    static const struct {
        int type;
        unsigned char value[16];
        size_t length;
        double first, second;
    } cases[] = {
        {0x09, {0xff, 0x7f}, 2, -1, 127},
        {0x0b, {0x80, 0, 0x01, 0x02}, 4, -32768, 258},
        {0x0c, {0xff, 0xff, 0xff, 0xfe, 0, 1, 0, 0}, 8, -2, 65536},
        {0x0d, {0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0}, 8, 1.5, -2},
        {0x0e, {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0}, 16, 1.5, -2},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned count = 2;
        struct idx idx;
        struct problem problem = {0};
        data_write("v.idx", bytes,
                   data_make_idx(bytes, cases[i].type, 1, &count, cases[i].value, cases[i].length));
        cr_assert(idx_read(&idx, "v.idx", NULL, &problem), "%s", problem.text);
        cr_expect_eq(idx.values.numbers[0], cases[i].first, "type %#x", (unsigned)cases[i].type);
        cr_expect_eq(idx.values.numbers[1], cases[i].second, "type %#x", (unsigned)cases[i].type);
        store_free(&idx.values);
    }
}

/* Bytes stay bytes in memory until a file of numbers is joined to them, in either order. */
Test(data_idx, files_of_bytes_and_of_numbers_join)
{
    static const unsigned char fives[3 * 4] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5},
                                         halves[3 * 4 * 2] = {
                                             [0] = 0xff, [1] = 0xfe, [23] = 7}; /* int16 from -2 to 7 */
    const unsigned sizes[3] = {3, 2, 2}, count = 3;
    static const char *const orders[] = {"format: idx\ntrain: {inputs: a.idx, targets: y.idx}\n"
                                         "test: {inputs: b.idx, targets: y.idx}\n",
                                         "format: idx\ntrain: {inputs: b.idx, targets: y.idx}\n"
                                         "test: {inputs: a.idx, targets: y.idx}\n"};
    struct model model = data_model_image(2, 2, 1, 3);
    struct problem problem = {0};
    data_write("a.idx", bytes, data_make_idx(bytes, 8, 3, sizes, fives, sizeof fives));
    data_write("b.idx", bytes, data_make_idx(bytes, 0x0b, 3, sizes, halves, sizeof halves));
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 1, &count, (const unsigned char[]){0, 1, 2}, 3));
    for (size_t i = 0; i < COUNT(orders); i++) {
        real first[4], last[4];
        data_write_text("data.yaml", orders[i]);
        struct dataset *data = data_open(&model);
        cr_assert(dataset_divide(data, &model, 1, &problem) &&
                  dataset_fit_normaliser(data, &model, &problem));
        const struct examples *train = dataset_train(data), *test = dataset_split(data, "test");
        examples_read_input(i ? test : train, 2, first, 2, 2, 2);
        examples_read_input(i ? train : test, 0, last, 2, 2, 2);
        cr_expect(first[0] == 5 && first[3] == 5 && last[0] == -2 && last[1] == 0);
        examples_read_input(i ? train : test, 2, last, 2, 2, 2);
        cr_expect_eq(last[3], 7);
        dataset_close(data);
    }
}

Test(data_idx, fingerprint_is_of_all_bytes)
{
    write_good_files();
    struct model model = data_model_image(2, 2, 1, 3);
    struct dataset *data = data_open(&model);
    struct sha256 hash;
    char hex[SHA256_HEX];
    sha256_start(&hash);
    sha256_add(&hash, bytes, data_make_idx(bytes, 8, 3, picture_sizes, pixels, sizeof pixels));
    sha256_add(&hash, bytes, data_make_idx(bytes, 8, 1, picture_sizes, labels, sizeof labels));
    sha256_finish(&hash, hex);
    cr_expect_str_eq(dataset_fingerprint(data), hex);
    dataset_close(data);
}

/* Whatever stands in x.idx, data.yaml is refused with this message. */
static void expect_inputs_refused(const char *message)
{
    struct model model = data_model_image(2, 2, 1, 3);
    data_expect_refused(&model, message);
}

Test(data_idx, refuses_wrong_headers)
{
    write_good_files();
    data_write("x.idx", "\x89PNG\r\n\x1a\n", 8);
    expect_inputs_refused("x.idx: error: is not an IDX file: its first bytes are not an IDX magic");
    data_write("x.idx", "\0\0\x08", 3);
    expect_inputs_refused("x.idx: error: is not an IDX file: its first bytes are not an IDX magic");
    data_write("x.idx", "\0\0\x07\x03", 4);
    expect_inputs_refused("x.idx: error: is not an IDX file: its first bytes are not an IDX magic");
    data_write("x.idx", "\0\0\x08\xff", 4);
    expect_inputs_refused("x.idx: error: has 255 dimensions; an IDX file of examples has 1 to 4");
    data_write("x.idx", "\0\0\x08\x03\0\0\0\x01\0\0", 10);
    expect_inputs_refused("x.idx: error: is too short: its header is cut off");
    data_write("x.idx", "", 0);
    expect_inputs_refused("x.idx: error: is not an IDX file: its first bytes are not an IDX magic");
}

Test(data_idx, refuses_sizes_that_cannot_be)
{
    static const unsigned huge[3] = {0xffffffff, 0xffffffff, 0xffffffff}, big[3] = {60000, 2, 2},
                          none[3] = {0, 2, 2};
    write_good_files();
    write_pictures("x.idx", 8, huge, sizeof pixels);
    expect_inputs_refused("x.idx: error: is too short: it declares 4294967295x4294967295x4294967295 values, "
                          "more than its 28 bytes can hold");
    write_pictures("x.idx", 8, big, sizeof pixels);
    expect_inputs_refused(
        "x.idx: error: is too short: it declares 60000x2x2 values, more than its 28 bytes can hold");
    data_write_gzip("x.idx", bytes, data_make_idx(bytes, 8, 3, big, pixels, sizeof pixels));
    expect_inputs_refused(
        "x.idx: error: is too short: it declares 60000x2x2 values, more than its 45 bytes can hold");
    write_pictures("x.idx", 8, none, 0);
    expect_inputs_refused("x.idx: error: holds no values: its size is 0x2x2");
}

Test(data_idx, refuses_wrong_lengths)
{
    write_good_files();
    write_pictures("x.idx", 8, picture_sizes, sizeof pixels - 1);
    expect_inputs_refused(
        "x.idx: error: is too short: it declares 3x2x2 values, more than its 27 bytes can hold");
    size_t length = data_make_idx(bytes, 8, 3, picture_sizes, pixels, sizeof pixels);
    data_write("x.idx", bytes, length + 1);
    expect_inputs_refused("x.idx: error: has trailing bytes behind what its header declares");
    data_write_gzip("x.idx", bytes, length + 1);
    expect_inputs_refused("x.idx: error: has trailing bytes behind what its header declares");
    data_write_gzip("x.idx", bytes, length - 1);
    expect_inputs_refused("x.idx: error: is too short: it declares 3x2x2 values, 12 bytes, but has only 11");
}

Test(data_idx, refuses_damaged_gzip)
{
    write_good_files();
    data_write_gzip("x.idx", bytes, data_make_idx(bytes, 8, 3, picture_sizes, pixels, sizeof pixels));
    unsigned char packed[256];
    FILE *from = fopen("x.idx", "rb");
    size_t length = fread(packed, 1, sizeof packed, from);
    fclose(from);
    data_write("x.idx", packed, length - 6);
    expect_inputs_refused("x.idx: error: is cut off: its gzip data ends too early");
    data_write("x.idx", packed, 12);
    expect_inputs_refused("x.idx: error: is cut off: its gzip data ends too early");
    packed[length] = 0;
    data_write("x.idx", packed, length + 1);
    expect_inputs_refused("x.idx: error: has trailing bytes behind what its header declares");
    packed[length - 8] ^= 1;
    data_write("x.idx", packed, length);
    expect_inputs_refused("x.idx: error: is damaged: not valid gzip data (incorrect data check)");
}

Test(data_idx, inflates_no_more_than_declared)
{
    /* 64 MiB of zeros behind a header that declares twelve bytes. */
    size_t size = 64u << 20;
    unsigned char *bomb = calloc(1, size);
    data_make_idx(bomb, 8, 3, picture_sizes, pixels, sizeof pixels);
    write_good_files();
    data_write_gzip("x.idx", bomb, size);
    free(bomb);
    expect_inputs_refused("x.idx: error: has trailing bytes behind what its header declares");
}

Test(data_idx, refuses_what_does_not_suit_the_network)
{
    static const unsigned char bad[3] = {0, 3, 1};
    struct model model = data_model_image(28, 28, 1, 3);
    write_good_files();
    data_expect_refused(&model, "x.idx: error: has examples of 2x2, but the network's input is 28x28x1");
    write_labels(bad, 3);
    expect_inputs_refused(
        "y.idx: error: example 1 (counted from 0) has label 3, but the network's 3 classes are 0 to 2");
    write_labels(labels, 2);
    expect_inputs_refused("y.idx: error: has 2 targets, but 'x.idx' has 3 examples");
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 2, (unsigned[]){3, 2}, pixels, 6));
    expect_inputs_refused("y.idx: error: has targets of 2 values each, but the network's output wants 1");
    data_write_text("data.yaml", "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\nclasses: [a, b]\n");
    expect_inputs_refused("data.yaml:3:10: error: 2 classes are named, but the network's output has 3");
}

Test(data_idx, a_vector_takes_flattened_pictures)
{
    struct model model = data_model_vector(4, OUTPUT_CATEGORICAL, 3);
    write_good_files();
    struct dataset *data = data_open(&model);
    real values[4];
    examples_read_input(dataset_train(data), 1, values, 1, 4, 4);
    cr_expect_float_eq(values[3], 13 / 255.0, 1e-6);
    dataset_close(data);
}

Test(data_idx, reads_real_and_binary_targets)
{
    struct model model = data_model_vector(4, OUTPUT_BERNOULLI, 1);
    real target;
    write_good_files();
    data_expect_refused(
        &model, "y.idx: error: example 1 (counted from 0) has target 2, but output bernoulli wants 0 or 1");
    model.output = OUTPUT_SQUARED_ERROR;
    struct dataset *data = data_open(&model);
    examples_read_target(dataset_train(data), 1, &target, 1);
    cr_expect_eq(target, 2);
    dataset_close(data);
}
