/* test_report_style.c - colours are readable in light and dark, and series are told apart by everybody.
 *
 * Contrast as WCAG 2.1 defines it; colours as seen without one kind of cones after Machado, Oliveira and
 * Fernandes (2009), distances in CIELAB (1976). */
#include <criterion/criterion.h>
#include <math.h>

#include "report/style.h"

struct colour {
    double part[3];
};

static struct colour linear_of(unsigned colour)
{
    struct colour linear;
    for (int i = 0; i < 3; i++) {
        const double part = (colour >> (16 - 8 * i) & 255) / 255.0;
        linear.part[i] = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
    }
    return linear;
}

static double luminance(unsigned colour)
{
    const struct colour linear = linear_of(colour);
    return 0.2126 * linear.part[0] + 0.7152 * linear.part[1] + 0.0722 * linear.part[2];
}

static double contrast(unsigned one, unsigned other)
{
    const double a = luminance(one) + 0.05, b = luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}

static double lab_root(double share)
{
    return share > 0.008856 ? cbrt(share) : 7.787 * share + 16 / 116.0;
}

static struct colour lab_of(struct colour linear)
{
    const double r = linear.part[0], g = linear.part[1], b = linear.part[2];
    const double x = lab_root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505),
                 y = lab_root(0.2126 * r + 0.7152 * g + 0.0722 * b),
                 z = lab_root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return (struct colour){{116 * y - 16, 500 * (x - y), 200 * (y - z)}};
}

static const double sights[4][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

static double distance(unsigned one, unsigned other, int sight)
{
    struct colour seen[2] = {linear_of(one), linear_of(other)};
    for (int i = 0; i < 2; i++) {
        const struct colour from = seen[i];
        for (int row = 0; row < 3; row++) {
            double sum = 0;
            for (int j = 0; j < 3; j++)
                sum += sights[sight][row][j] * from.part[j];
            seen[i].part[row] = fmin(1, fmax(0, sum));
        }
        seen[i] = lab_of(seen[i]);
    }
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += pow(seen[0].part[i] - seen[1].part[i], 2);
    return sqrt(sum);
}

static void check(const struct style_colours *colours)
{
    const unsigned grounds[] = {colours->ground, colours->raised};
    for (int i = 0; i < 2; i++) {
        cr_expect_geq(contrast(colours->text, grounds[i]), 7);
        cr_expect_geq(contrast(colours->faint, grounds[i]), 4.5, "%06x", colours->faint);
    }
    for (int i = 0; i < STYLE_SERIES; i++) {
        cr_expect_geq(contrast(colours->series[i], colours->ground), 3, "%06x", colours->series[i]);
        for (int j = 0; j < i; j++)
            for (int sight = 0; sight < 4; sight++)
                cr_expect_geq(distance(colours->series[i], colours->series[j], sight), 20,
                              "%06x and %06x, sight %d: %.1f", colours->series[i], colours->series[j], sight,
                              distance(colours->series[i], colours->series[j], sight));
    }
}

/* A cell's ground is the heat over the page's by its share; its text is one of the page's two colours. */
static void check_heats(const struct style_colours *colours)
{
    for (int i = 0; i < STYLE_HEATS; i++) {
        const double share = style_heats[i];
        unsigned ground = 0;
        for (int shift = 0; shift < 24; shift += 8)
            ground |= (unsigned)(share * (colours->heat >> shift & 255) +
                                 (1 - share) * (colours->ground >> shift & 255))
                      << shift;
        const unsigned text = style_heat_is_strong(i) ? colours->ground : colours->text;
        cr_expect_geq(contrast(text, ground), 4.5, "%d: %06x on %06x has %.2f", i, text, ground,
                      contrast(text, ground));
    }
}

Test(style, light)
{
    check(&style_light);
    check_heats(&style_light);
}

Test(style, dark)
{
    check(&style_dark);
    check_heats(&style_dark);
}
