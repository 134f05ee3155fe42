/* test_data_image.c - PGM and PNG pictures as inputs of a prediction. */
#include <criterion/criterion.h>
#include <spng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "test_data_support.h"

#define LITERAL(bytes) bytes, sizeof(bytes) - 1 /* the zeros in it belong to it */

TestSuite(data_image, .init = data_begin, .fini = data_end);

static const struct normaliser bytes = {.scale = 1 / 255.0};

static struct dataset *open_picture(const char *path, const struct model *model, struct problem *problem)
{
    return dataset_open_inputs(&path, 1, model, &bytes, problem);
}

static void expect_pixels(const char *path, const struct model *model, const double *wanted, int count)
{
    struct problem problem = {0};
    struct dataset *data = open_picture(path, model, &problem);
    cr_assert(data, "%s", problem.text);
    real values[16];
    examples_read_input(dataset_split(data, "predict"), 0, values, 1, count, count);
    for (int i = 0; i < count; i++)
        cr_expect_float_eq(values[i], wanted[i], 1e-6, "%d: %g is not %g", i, (double)values[i], wanted[i]);
    cr_expect_str_eq(dataset_example_name(data, 0), path);
    dataset_close(data);
}

static void expect_refused(const char *path, const struct model *model, const char *message)
{
    struct problem problem = {0};
    struct dataset *data = open_picture(path, model, &problem);
    cr_expect_null(data, "should be refused: %s", message);
    cr_expect_str_eq(problem.text, message, "wanted:\n%s\ngot:\n%s", message, problem.text);
    dataset_close(data);
}

static void write_png(const char *name, unsigned width, unsigned height, int colour, const void *samples,
                      size_t length)
{
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    struct spng_ihdr header = {
        .width = width, .height = height, .bit_depth = 8, .color_type = (unsigned char)colour};
    FILE *to = fopen(name, "wb");
    cr_assert(png && to);
    spng_set_ihdr(png, &header);
    spng_set_png_file(png, to);
    cr_assert_eq(spng_encode_image(png, samples, length, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE), 0);
    spng_ctx_free(png);
    fclose(to);
}

Test(data_image, reads_pgm_of_every_depth)
{
    struct model model = data_model_image(1, 3, 1, 2);
    static const double wanted[] = {0, 0.2, 1};
    data_write("a.pgm", LITERAL("P5\n# comment\n3 1\n255\n\x00\x33\xff"));
    expect_pixels("a.pgm", &model, wanted, 3);
    data_write("b.pgm", LITERAL("P5 3 1 65535\n\x00\x00\x33\x33\xff\xff"));
    expect_pixels("b.pgm", &model, wanted, 3);
    data_write_text("c.pgm", "P2 3 1 10\n0 2 # two\n10\n");
    expect_pixels("c.pgm", &model, wanted, 3);
}

Test(data_image, white_is_what_training_had)
{
    struct model model = data_model_image(1, 1, 1, 2);
    struct normaliser sixteenth = {.scale = 1 / 16.0};
    struct problem problem = {0};
    const char *path = "a.pgm";
    data_write_text(path, "P2 1 1 200 100");
    struct dataset *data = dataset_open_inputs(&path, 1, &model, &sixteenth, &problem);
    cr_assert(data, "%s", problem.text);
    real value;
    examples_read_input(dataset_split(data, "predict"), 0, &value, 1, 1, 1);
    cr_expect_float_eq(value, 0.5, 1e-6);
    dataset_close(data);
}

Test(data_image, converts_png_to_the_channels_of_the_input)
{
    static const unsigned char grey[2] = {0, 51}, colour[6] = {255, 102, 51, 51, 51, 51},
                               clear[8] = {255, 0, 51, 0, 0, 0, 0, 255};
    struct model one = data_model_image(1, 2, 1, 2), three = data_model_image(1, 2, 3, 2),
                 four = data_model_image(1, 2, 4, 2);
    write_png("grey.png", 2, 1, SPNG_COLOR_TYPE_GRAYSCALE, grey, sizeof grey);
    write_png("colour.png", 2, 1, SPNG_COLOR_TYPE_TRUECOLOR, colour, sizeof colour);
    write_png("clear.png", 2, 1, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA, clear, sizeof clear);
    expect_pixels("grey.png", &one, (double[]){0, 0.2}, 2);
    expect_pixels("grey.png", &three, (double[]){0, 0, 0, 0.2, 0.2, 0.2}, 6);
    expect_pixels("colour.png", &one, (double[]){0.299 + 0.587 * 0.4 + 0.114 * 0.2, 0.2}, 2);
    expect_pixels("colour.png", &three, (double[]){1, 0.4, 0.2, 0.2, 0.2, 0.2}, 6);
    expect_pixels("colour.png", &four, (double[]){1, 0.4, 0.2, 1, 0.2, 0.2, 0.2, 1}, 8);
    expect_pixels("clear.png", &four, (double[]){1, 0, 0.2, 0, 0, 0, 0, 1}, 8);
    expect_pixels("clear.png", &three, (double[]){1, 0, 0.2, 0, 0, 0}, 6);
}

Test(data_image, refuses_faulty_pictures)
{
    struct model model = data_model_image(1, 3, 1, 2), big = data_model_image(28, 28, 1, 10),
                 two = data_model_image(1, 3, 2, 2);
    data_write("a.pgm", LITERAL("P5 3 1 255\n\x00\x33"));
    expect_refused("a.pgm", &model, "a.pgm: error: is cut off: sample 3 of 3 is missing");
    expect_refused("a.pgm", &big, "a.pgm: error: is 1x3 pixels, but the network's input is 28x28");
    expect_refused("a.pgm", &two,
                   "a.pgm: error: pictures have 1, 3 or 4 channels, but the network's input has 2");
    data_write_text("a.pgm", "P2 3 1 10 1 2 11");
    expect_refused("a.pgm", &model, "a.pgm: error: has a sample of 11, above its maximum of 10");
    data_write_text("a.pgm", "P5 99999999999 1 10 1 2 11");
    expect_refused("a.pgm", &model, "a.pgm: error: is 1x999999999 pixels, but the network's input is 1x3");
    data_write_text("a.pgm", "P5 x");
    expect_refused("a.pgm", &model,
                   "a.pgm: error: is not a PGM file: its header is not 'P5 WIDTH HEIGHT MAXIMUM'");
    data_write_text("a.png", "no picture");
    expect_refused("a.png", &model, "a.png: error: is neither a PGM nor a PNG picture");
    data_write_text("a.npy", "x");
    expect_refused("a.npy", &model, "a.npy: error: NumPy files are not supported yet");
    data_write_text("a.jpg", "x");
    expect_refused("a.jpg", &model,
                   "a.jpg: error: is of no known kind; .csv, .idx, .idx.gz, .pgm and .png are read");
}

Test(data_image, refuses_png_of_another_size_or_cut_off)
{
    static const unsigned char grey[2] = {0, 51};
    struct model one = data_model_image(1, 2, 1, 2), big = data_model_image(28, 28, 1, 10);
    write_png("grey.png", 2, 1, SPNG_COLOR_TYPE_GRAYSCALE, grey, sizeof grey);
    expect_refused("grey.png", &big, "grey.png: error: is 1x2 pixels, but the network's input is 28x28");
    unsigned char file[256];
    FILE *from = fopen("grey.png", "rb");
    size_t length = fread(file, 1, sizeof file, from);
    fclose(from);
    data_write("grey.png", file, length - 30);
    struct problem problem = {0};
    cr_expect_null(open_picture("grey.png", &one, &problem));
    cr_expect(strncmp(problem.text, "grey.png: error: is not a whole PNG file: ", 42) == 0, "%s",
              problem.text);
}

static size_t add_chunk(unsigned char *to, const char *type, const unsigned char *data, size_t length)
{
    unsigned char *at = to;
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (unsigned char)(length >> shift);
    memcpy(at, type, 4);
    if (length)
        memcpy(at + 4, data, length);
    const unsigned long check = crc32(0, at, (unsigned)length + 4);
    at += length + 4;
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (unsigned char)(check >> shift);
    return (size_t)(at - to);
}

/* A grey picture of one pixel that calls itself `width` wide, with a chunk of 64 MiB that takes 64 KiB here.
 */
static void write_bomb(const char *name, unsigned char width, const char *type)
{
    enum { INFLATED = 1 << 26, ROOM = 1 << 17 };
    unsigned char *zeros = calloc(INFLATED, 1), *packed = malloc(ROOM), *file = malloc(2 * ROOM);
    const unsigned char header[13] = {0, 0, width, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0};
    unsigned long length = ROOM - 3, pixels = 64;
    unsigned char samples[64];
    size_t size = 8;
    memcpy(file, "\x89PNG\r\n\x1a\n", 8);
    memcpy(packed, "k\0\0", 3);
    cr_assert_eq(compress2(packed + 3, &length, zeros, INFLATED, 9), Z_OK);
    cr_assert_eq(compress2(samples, &pixels, (const unsigned char *)"\0\x33", 2, 9), Z_OK);
    size += add_chunk(file + size, "IHDR", header, sizeof header);
    if (type)
        size += add_chunk(file + size, type, packed, length + 3);
    size += add_chunk(file + size, "IDAT", samples, pixels);
    size += add_chunk(file + size, "IEND", NULL, 0);
    data_write(name, file, size);
    free(zeros);
    free(packed);
    free(file);
}

Test(data_image, does_not_inflate_what_is_no_picture)
{
    struct model model = data_model_image(1, 1, 1, 2);
    struct problem problem = {0};
    write_bomb("wide.png", 255, NULL);
    expect_refused("wide.png", &model, "wide.png: error: is 1x65281 pixels, but the network's input is 1x1");
    write_bomb("text.png", 0, "zTXt");
    expect_refused("text.png", &model,
                   "text.png: error: is not a whole PNG file: reached chunk/cache limits");
    write_bomb("profile.png", 0, "iCCP");
    expect_refused("profile.png", &model,
                   "profile.png: error: is not a whole PNG file: reached chunk/cache limits");
    write_bomb("fine.png", 0, NULL);
    struct dataset *data = open_picture("fine.png", &model, &problem);
    cr_expect(data, "%s", problem.text);
    dataset_close(data);
}
