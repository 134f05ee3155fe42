/* test_report_png.c - pictures that are written are read again, by libspng's decoder. */
#include <criterion/criterion.h>
#include <spng.h>
#include <stdlib.h>
#include <string.h>

#include "report/png.h"

/* Every sample different from its neighbours. */
static struct picture pattern(int height, int width, int channels)
{
    struct picture picture;
    cr_assert(picture_create(&picture, height, width, channels));
    for (int i = 0; i < height * width * channels; i++)
        picture.samples[i] = (unsigned char)(i * 37 + 5);
    return picture;
}

static void expect_decoded(const unsigned char *bytes, size_t length, const struct picture *wanted)
{
    spng_ctx *png = spng_ctx_new(0);
    struct spng_ihdr header;
    size_t size, count = (size_t)(wanted->height * wanted->width * wanted->channels);
    cr_assert_eq(spng_set_png_buffer(png, bytes, length), 0);
    cr_assert_eq(spng_get_ihdr(png, &header), 0);
    cr_expect_eq((int)header.height, wanted->height);
    cr_expect_eq((int)header.width, wanted->width);
    cr_expect_eq(header.bit_depth, 8);
    cr_expect_eq(header.color_type, wanted->channels == 1   ? SPNG_COLOR_TYPE_GRAYSCALE
                                    : wanted->channels == 3 ? SPNG_COLOR_TYPE_TRUECOLOR
                                                            : SPNG_COLOR_TYPE_TRUECOLOR_ALPHA);
    cr_assert_eq(spng_decoded_image_size(png, SPNG_FMT_PNG, &size), 0);
    cr_assert_eq(size, count);
    unsigned char *samples = malloc(size);
    cr_assert_eq(spng_decode_image(png, samples, size, SPNG_FMT_PNG, 0), 0);
    cr_expect_arr_eq(samples, wanted->samples, count);
    free(samples);
    spng_ctx_free(png);
}

Test(report_png, grey_and_colour_are_decoded_as_they_were)
{
    for (int channels = 1; channels <= 4; channels += channels == 1 ? 2 : 1) {
        struct picture picture = pattern(5, 7, channels);
        size_t length, again;
        unsigned char *bytes = png_encode(&picture, &length), *same = png_encode(&picture, &again);
        cr_assert(bytes && same);
        expect_decoded(bytes, length, &picture);
        cr_assert_eq(length, again);
        cr_expect_arr_eq(bytes, same, length, "the same picture, other bytes");
        free(bytes);
        free(same);
        picture_release(&picture);
    }
}

/* The samples stay numbers, and stand for colours. */
Test(report_png, a_palette_colours_the_samples)
{
    static const struct picture_palette palette = {.colours = {{0}, {128, 0, 0}, {0, 128, 7}}, .count = 3};
    static const unsigned char samples[4] = {0, 1, 2, 1};
    struct picture picture, large;
    struct spng_ihdr header;
    size_t length;
    cr_assert(picture_create(&picture, 2, 2, 1));
    memcpy(picture.samples, samples, sizeof samples);
    picture.palette = &palette;
    cr_assert(picture_enlarge(&large, &picture, 2));
    cr_expect_eq(large.palette, &palette);
    unsigned char *bytes = png_encode(&picture, &length), found[4], colours[12];
    for (int is_colour = 0; is_colour < 2; is_colour++) {
        spng_ctx *png = spng_ctx_new(0);
        cr_assert(spng_set_png_buffer(png, bytes, length) == 0 && spng_get_ihdr(png, &header) == 0);
        cr_expect_eq(header.color_type, SPNG_COLOR_TYPE_INDEXED);
        cr_assert_eq(is_colour ? spng_decode_image(png, colours, sizeof colours, SPNG_FMT_RGB8, 0)
                               : spng_decode_image(png, found, sizeof found, SPNG_FMT_PNG, 0),
                     0);
        spng_ctx_free(png);
    }
    cr_expect_arr_eq(found, samples, sizeof samples);
    for (int i = 0; i < 4; i++)
        cr_expect_arr_eq(colours + 3 * i, palette.colours[samples[i]], 3);
    free(bytes);
    picture_release(&picture);
    picture_release(&large);
}

Test(report_png, writes_the_same_to_a_stream)
{
    struct picture picture = pattern(3, 2, 3);
    char *written;
    size_t written_length, length;
    FILE *to = open_memstream(&written, &written_length);
    cr_assert(png_write(&picture, to));
    fclose(to);
    unsigned char *bytes = png_encode(&picture, &length);
    cr_assert_eq(written_length, length);
    cr_expect_arr_eq(written, bytes, length);
    FILE *full = fopen("/dev/full", "w");
    setbuf(full, NULL);
    cr_expect_not(png_write(&picture, full));
    fclose(full);
    free(bytes);
    free(written);
    picture_release(&picture);
}

Test(report_png, enlarges_to_squares)
{
    struct picture small = pattern(2, 3, 3), big;
    cr_assert(picture_enlarge(&big, &small, 4));
    cr_expect_eq(big.height, 8);
    cr_expect_eq(big.width, 12);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 12; x++)
            cr_expect_arr_eq(picture_at(&big, y, x), small.samples + (y / 4 * 3 + x / 4) * 3, 3);
    picture_release(&small);
    picture_release(&big);
}

Test(report_png, places_grey_in_colour_and_cuts_off_what_is_outside)
{
    struct picture grey = pattern(2, 2, 1), page;
    cr_assert(picture_create(&page, 3, 3, 3));
    picture_place(&page, &grey, 1, 2);
    picture_place(&page, &grey, -1, -1);
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 3; x++) {
            int wanted = y == 0 && x == 0 ? grey.samples[3] : 0;
            if (x == 2 && y > 0)
                wanted = grey.samples[2 * (y - 1)];
            for (int c = 0; c < 3; c++)
                cr_expect_eq(picture_at(&page, y, x)[c], wanted);
        }
    picture_release(&grey);
    picture_release(&page);
}

Test(report_png, what_is_placed_on_a_clear_picture_is_opaque)
{
    struct picture colour = pattern(1, 1, 3), clear = pattern(1, 1, 4), page;
    cr_assert(picture_create(&page, 1, 3, 4));
    picture_place(&page, &colour, 0, 0);
    picture_place(&page, &clear, 0, 1);
    cr_expect_arr_eq(page.samples, colour.samples, 3);
    cr_expect_eq(page.samples[3], 255);
    cr_expect_arr_eq(page.samples + 4, clear.samples, 4);
    cr_expect_eq(page.samples[11], 0, "the rest stays clear");
    picture_release(&colour);
    picture_release(&clear);
    picture_release(&page);
}

Test(report_png, refuses_sizes_that_are_none)
{
    struct picture picture;
    cr_expect_not(picture_create(&picture, 0, 1, 1));
    cr_expect_not(picture_create(&picture, 1, -1, 1));
    cr_expect_not(picture_create(&picture, 1, 1, 2));
    cr_expect_not(picture_create(&picture, 1 << 30, 1 << 30, 3));
    struct picture one = pattern(1, 1, 1);
    cr_expect_not(picture_enlarge(&picture, &one, 1 << 30));
    cr_expect_null(picture.samples);
    picture_release(&one);
}

/* Value of a letter of base64. */
static unsigned letter(char c)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(letters, c) : NULL;
    cr_assert(at, "'%c' is no letter of base64", c);
    return (unsigned)(at - letters);
}

Test(report_png, a_data_uri_holds_the_file)
{
    static const char head[] = "data:image/png;base64,";
    int ends[3] = {0};
    for (int width = 1; width <= 12; width++) { /* files of every length modulo 3 */
        struct picture picture = pattern(1, width, 1);
        size_t length, count;
        unsigned char *bytes = png_encode(&picture, &length);
        char *uri = png_data_uri(&picture), *text = uri + sizeof head - 1;
        cr_assert_eq(strncmp(uri, head, sizeof head - 1), 0);
        count = strlen(text);
        cr_assert_eq(count, (length + 2) / 3 * 4);
        ends[length % 3]++;
        for (size_t i = 0; i < length; i++) {
            const char *group = text + i / 3 * 4 + i % 3;
            unsigned both = letter(group[0]) << 6 | letter(group[1]);
            cr_expect_eq((both >> (4 - 2 * (i % 3)) & 255), bytes[i], "byte %zu", i);
        }
        for (size_t i = length % 3 ? 3 - length % 3 : 0; i > 0; i--)
            cr_expect_eq(text[count - i], '=');
        free(bytes);
        free(uri);
        picture_release(&picture);
    }
    cr_expect(ends[0] && ends[1] && ends[2], "some length modulo 3 was not met");
}
