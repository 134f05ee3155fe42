/* test_look_pictures.c - numbers as colours, maps as tiles, weights as filters. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "look/board.h"
#include "look/filters.h"
#include "look/palette.h"

static void expect_colour(const unsigned char *pixel, struct colour wanted)
{
    cr_expect(pixel[0] == wanted.red && pixel[1] == wanted.green && pixel[2] == wanted.blue,
              "%d %d %d instead of %d %d %d", pixel[0], pixel[1], pixel[2], wanted.red, wanted.green,
              wanted.blue);
}

static double brightness(struct colour colour)
{
    return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue;
}

Test(look_pictures, palettes_have_the_ends_that_they_say)
{
    unsigned char white[] = {247, 247, 247}, blue[] = {5, 48, 97}, red[] = {103, 0, 31};
    expect_colour(white, palette_signed(0));
    expect_colour(blue, palette_signed(-1));
    expect_colour(red, palette_signed(1));
    expect_colour(red, palette_signed(17));
    expect_colour(blue, palette_signed(NAN));
    expect_colour((unsigned char[]){68, 1, 84}, palette_level(-3));
    expect_colour((unsigned char[]){253, 231, 37}, palette_level(1));
    expect_colour((unsigned char[]){0, 0, 4}, palette_heat(0));
    /* Half way between the first two of ten. */
    expect_colour((unsigned char[]){70, 21, 102}, palette_level(1 / 18.0));
}

/* So that a picture printed in grey still says the same. */
Test(look_pictures, more_is_brighter)
{
    for (int i = 0; i < 100; i++) {
        cr_expect_lt(brightness(palette_level(i / 100.0)), brightness(palette_level((i + 1) / 100.0)));
        cr_expect_lt(brightness(palette_heat(i / 100.0)), brightness(palette_heat((i + 1) / 100.0)));
        cr_expect_gt(brightness(palette_signed(i / 100.0)), brightness(palette_signed((i + 1) / 100.0)));
        cr_expect_gt(brightness(palette_signed(-i / 100.0)), brightness(palette_signed(-(i + 1) / 100.0)));
    }
}

Test(look_pictures, a_channel_is_shaded_on_one_scale)
{
    struct map map;
    struct picture picture;
    map_create(&map, 1, 2, 2);
    memcpy(map.values, (double[]){9, -2, 9, 1}, 4 * sizeof(double));
    cr_assert(board_shade(&picture, &map, 1, SHADE_SIGNED, 2));
    expect_colour(picture_at(&picture, 0, 0), palette_signed(-1));
    expect_colour(picture_at(&picture, 0, 1), palette_signed(0.5));
    picture_release(&picture);
    cr_assert(board_shade(&picture, &map, 1, SHADE_LEVEL, 0));
    expect_colour(picture_at(&picture, 0, 1), palette_level(0));
    picture_release(&picture);
    map_release(&map);
}

Test(look_pictures, maps_stand_in_rows_of_the_same_length)
{
    struct map map;
    struct picture picture;
    map_create(&map, 28, 28, 20);
    for (size_t i = 0; i < map_size(&map); i++)
        map.values[i] = (double)(i % 20) / 20;
    cr_assert(board_of_map(&picture, &map, 20, SHADE_LEVEL, 1));
    /* 56 pixels each: up to 14 would fit into a row, so there are two of ten. */
    cr_expect_eq(picture.width, 10 * 58 - 2);
    cr_expect_eq(picture.height, 2 * 58 - 2);
    for (int c = 0; c < 20; c++)
        expect_colour(picture_at(&picture, c / 10 * 58 + 55, c % 10 * 58), palette_level(c / 20.0));
    cr_expect_eq(picture_at(&picture, 0, 56)[3], 0, "gaps are clear");
    picture_release(&picture);
    map_release(&map);
}

Test(look_pictures, units_of_a_vector_are_cells_of_a_strip)
{
    struct map map;
    struct picture picture;
    map_create(&map, 1, 1, 120);
    map.values[119] = 1;
    cr_assert(board_of_map(&picture, &map, 120, SHADE_LEVEL, 1));
    cr_expect_eq(picture.width, 40 * 16 - 2);
    cr_expect_eq(picture.height, 3 * 16 - 2);
    expect_colour(picture_at(&picture, picture.height - 1, picture.width - 1), palette_level(1));
    expect_colour(picture_at(&picture, 0, 0), palette_level(0));
    picture_release(&picture);
    map_release(&map);
}

static const struct model_tensor tensors[] = {
    {"c1.weight", 0, 0, 4, 5, 3, 2, 3, 4, INIT_HE},   {"c2.weight", 0, 0, 4, 40, 20, 3, 3, 8, INIT_HE},
    {"d.weight", 0, 0, 4, 100, 1, 5, 5, 8, INIT_HE},  {"p.weight", 0, 0, 4, 4, 1, 1, 1, 8, INIT_HE},
    {"f.weight", 0, 0, 2, 10, 1, 28, 28, 8, INIT_HE}, {"g.weight", 0, 0, 2, 10, 84, 1, 1, 8, INIT_HE},
    {"h.weight", 0, 0, 2, 10, 16, 5, 5, 8, INIT_HE},  {"c1.bias", 0, 0, 1, 5, 1, 1, 1, 8, INIT_ZERO},
    {"q.weight", 0, 0, 4, 12, 6, 1, 1, 8, INIT_HE},
};

Test(look_pictures, of_many_filters_the_first_are_shown)
{
    struct model model = {.tensors = tensors};
    struct filters filters;
    cr_assert(filters_plan(&filters, &model, &tensors[0]));
    cr_expect(filters.is_colour, "three channels of the picture itself");
    cr_expect_eq(filters.shown_filters, 5);
    cr_assert(filters_plan(&filters, &model, &tensors[1]));
    cr_expect_not(filters.is_colour);
    cr_expect_eq(filters.shown_filters, 16);
    cr_expect_eq(filters.shown_channels, 16);
    cr_assert(filters_plan(&filters, &model, &tensors[2]));
    cr_expect_eq(filters.shown_filters, 64);
    cr_expect_eq(filters.shown_channels, 1);
    cr_expect(filters_plan(&filters, &model, &tensors[4]), "a dense layer that reads a picture");
    cr_expect(filters_plan(&filters, &model, &tensors[8]), "a row of 1x1 weights for each filter");
    for (int i = 3; i < 8; i += i == 3 ? 2 : 1) /* one number a filter, units, maps of a layer, a bias */
        cr_expect_not(filters_plan(&filters, &model, &tensors[i]), "%s", tensors[i].name);
}

Test(look_pictures, weights_stand_where_a_model_file_has_them)
{
    enum { FILTERS = 3, HEIGHT = 2, WIDTH = 4, CHANNELS = 2, PANEL = 2 };
    const struct model_tensor tensor = {"c2.weight", 1,      0,     4,     FILTERS,
                                        CHANNELS,    HEIGHT, WIDTH, PANEL, INIT_HE};
    struct model model = {.tensors = tensors};
    real parameters[1 + 2 * PANEL * HEIGHT * WIDTH * CHANNELS] = {0};
    struct filters filters;
    struct picture picture;
    for (int f = 0; f < FILTERS; f++)
        for (int c = 0; c < CHANNELS; c++)
            for (int y = 0; y < HEIGHT; y++)
                for (int x = 0; x < WIDTH; x++)
                    parameters[1 + model_tensor_at(&tensor, f, c, y, x)] =
                        (real)((f + 1) * (c ? 1 : -1) * (y * WIDTH + x) / 7.0);
    cr_assert(filters_plan(&filters, &model, &tensor));
    cr_assert(filters_draw(&picture, &filters, &tensor, parameters));
    const int times = 30 / WIDTH;
    cr_expect_eq(picture.width, FILTERS * (WIDTH * times + BOARD_GAP) - BOARD_GAP);
    cr_expect_eq(picture.height, CHANNELS * (HEIGHT * times + BOARD_GAP) - BOARD_GAP);
    /* Each filter is on its own scale: all look the same. */
    for (int f = 0; f < FILTERS; f++)
        for (int c = 0; c < CHANNELS; c++)
            for (int i = 0; i < HEIGHT * WIDTH; i++)
                expect_colour(picture_at(&picture, c * (HEIGHT * times + BOARD_GAP) + i / WIDTH * times,
                                         f * (WIDTH * times + BOARD_GAP) + i % WIDTH * times),
                              palette_signed((c ? 1 : -1) * (double)(float)(i / 7.0)));
    picture_release(&picture);
}
