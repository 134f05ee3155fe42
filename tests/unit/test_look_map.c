/* test_look_map.c - arithmetic on maps, against numbers worked out by hand. */
#include <criterion/criterion.h>
#include <math.h>

#include "look/map.h"

/* 0, 1, 2, … */
static struct map counted(int height, int width, int channels)
{
    struct map map;
    map_create(&map, height, width, channels);
    for (size_t i = 0; i < map_size(&map); i++)
        map.values[i] = (double)i;
    return map;
}

static void expect_values(const struct map *map, const double *wanted)
{
    for (size_t i = 0; i < map_size(map); i++)
        cr_expect_float_eq(map->values[i], wanted[i], 1e-12, "%zu: %g is not %g", i, map->values[i],
                           wanted[i]);
}

Test(look_map, channels_stand_side_by_side)
{
    struct map map = counted(2, 3, 4), channel;
    cr_expect_float_eq(*map_at(&map, 1, 2, 3), 23, 0);
    cr_expect_float_eq(*map_at(&map, 0, 1, 0), 4, 0);
    map_channel(&channel, &map, 1);
    expect_values(&channel, (double[]){1, 5, 9, 13, 17, 21});
    cr_expect_float_eq(map_mean(&map, 1), 11, 1e-12);
    map_release(&map);
    map_release(&channel);
}

Test(look_map, sums_and_largest_of_channels)
{
    struct map map = counted(1, 2, 2), one;
    map.values[2] = -5;
    map_sum_channels(&one, &map);
    expect_values(&one, (double[]){1, -2});
    map_release(&one);
    map_largest_channel(&one, &map);
    expect_values(&one, (double[]){1, 5});
    cr_expect_float_eq(map_largest(&map), 5, 0);
    cr_expect(map_has_negative(&map));
    cr_expect_not(map_has_negative(&one));
    map.values[0] = NAN;
    map.values[1] = INFINITY;
    cr_expect_float_eq(map_largest(&map), 5, 0, "what is not finite has no colour");
    map_release(&map);
    map_release(&one);
}

Test(look_map, quantiles_are_values_of_the_map)
{
    struct map map = counted(10, 10, 1);
    for (int i = 0; i < 50; i++) { /* in disorder */
        double keep = map.values[i];
        map.values[i] = map.values[99 - i];
        map.values[99 - i] = keep;
    }
    cr_expect_float_eq(map_quantile(&map, 0.99), 98, 0);
    cr_expect_float_eq(map_quantile(&map, 1), 99, 0);
    cr_expect_float_eq(map_quantile(&map, 0.5), 49, 0);
    cr_expect_float_eq(map_quantile(&map, 0.005), 0, 0);
    cr_expect_float_eq(map_quantile(&map, 0), 0, 0);
    map_release(&map);
}

/* As torch.nn.functional.interpolate(mode='bilinear', align_corners=False). */
Test(look_map, resizes_between_the_centres_of_pixels)
{
    struct map map = counted(1, 2, 1), wide, same, small;
    map_resize(&wide, &map, 1, 4);
    expect_values(&wide, (double[]){0, 0.25, 0.75, 1});
    map_resize(&small, &wide, 1, 2);
    expect_values(&small, (double[]){0.125, 0.875});
    map_release(&map);
    map = counted(3, 2, 2);
    map_resize(&same, &map, 3, 2);
    expect_values(&same, map.values);
    map_release(&same);
    map_resize(&same, &map, 1, 1);
    expect_values(&same, (double[]){5, 6});
    map_release(&map);
    map_release(&wide);
    map_release(&same);
    map_release(&small);
}

Test(look_map, blur_keeps_what_is_even_and_spreads_a_point)
{
    struct map even, point;
    map_create(&even, 4, 5, 2);
    for (size_t i = 0; i < map_size(&even); i++)
        even.values[i] = i % 2 ? 3 : -1;
    map_blur(&even, 1.5);
    for (size_t i = 0; i < map_size(&even); i++)
        cr_expect_float_eq(even.values[i], i % 2 ? 3 : -1, 1e-12);
    map_create(&point, 21, 21, 1);
    *map_at(&point, 10, 10, 0) = 1;
    map_blur(&point, 1);
    double sum = 0;
    for (size_t i = 0; i < map_size(&point); i++)
        sum += point.values[i];
    cr_expect_float_eq(sum, 1, 1e-12);
    cr_expect_float_eq(*map_at(&point, 10, 11, 0) / *map_at(&point, 10, 10, 0), exp(-0.5), 1e-12);
    cr_expect_float_eq(*map_at(&point, 8, 10, 0) / *map_at(&point, 10, 10, 0), exp(-2), 1e-12);
    cr_expect_float_eq(*map_at(&point, 9, 11, 0) / *map_at(&point, 10, 10, 0), exp(-1), 1e-12);
    double before = *map_at(&point, 10, 10, 0);
    map_blur(&point, 0);
    cr_expect_float_eq(*map_at(&point, 10, 10, 0), before, 0);
    map_release(&even);
    map_release(&point);
}

Test(look_map, a_copy_replaces_what_was_there)
{
    struct map map = counted(2, 2, 1), other = counted(1, 1, 5);
    map_copy(&other, &map);
    map.values[0] = 7;
    expect_values(&other, (double[]){0, 1, 2, 3});
    map_release(&map);
    map_release(&other);
}
