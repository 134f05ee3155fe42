/* test_report_thumb.c - pictures of examples are as bright as their files, whatever these count to. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run_report/thumb.h"

enum { SIDE = 4, PIXELS = SIDE * SIDE };

static const struct model model = {.input = {.height = SIDE, .width = SIDE, .channels = 1}};

/* A file with levels of 0 to `most`, as the network sees them with a scale. */
static char *picture_of(int most, double scale)
{
    const struct normaliser normaliser = {.scale = scale};
    real values[PIXELS];
    for (int i = 0; i < PIXELS; i++)
        values[i] = (real)(i * most / (PIXELS - 1) * scale);
    char *address = thumb_of(&model, &normaliser, values, NULL);
    cr_assert(address);
    return address;
}

static void expect_same(char *one, char *other, bool is_same)
{
    cr_expect_eq(strcmp(one, other) == 0, is_same);
    free(one);
    free(other);
}

Test(report_thumb, levels_and_scales)
{
    expect_same(picture_of(255, 1 / 255.0), picture_of(15, 1 / 15.0), true);
    expect_same(picture_of(255, 1 / 255.0), picture_of(255, 1), true);
    expect_same(picture_of(255, 1 / 255.0), picture_of(255, 2 / 255.0), true);
}

/* A dark picture stays dark beside others. */
Test(report_thumb, a_dark_picture)
{
    expect_same(picture_of(255, 1 / 255.0), picture_of(60, 1 / 255.0), false);
    expect_same(picture_of(60, 1 / 255.0), picture_of(60, 1), true);
}
