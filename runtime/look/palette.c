/* palette.c - colours between fixed ones: RdBu of ColorBrewer (Harrower, Brewer 2003), viridis and inferno of
 * matplotlib (Smith, van der Walt 2015), each at equal distances. */
#include "look/palette.h"

#include <stddef.h>

static const struct colour signs[] = {
    {5, 48, 97},     {33, 102, 172},  {67, 147, 195}, {146, 197, 222}, {209, 229, 240}, {247, 247, 247},
    {253, 219, 199}, {244, 165, 130}, {214, 96, 77},  {178, 24, 43},   {103, 0, 31},
};
static const struct colour levels[] = {
    {68, 1, 84},    {72, 40, 120},  {62, 74, 137},  {49, 104, 142}, {38, 130, 142},
    {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {180, 222, 44}, {253, 231, 37},
};
static const struct colour heats[] = {
    {0, 0, 4},     {27, 12, 65},   {74, 12, 107}, {120, 28, 109}, {165, 44, 96},
    {207, 68, 70}, {237, 105, 37}, {251, 155, 6}, {247, 209, 61}, {252, 255, 164},
};

static unsigned char between(unsigned char from, unsigned char to, double share)
{
    return (unsigned char)(from + share * (to - from) + 0.5);
}

static struct colour palette_of(const struct colour *colours, size_t count, double value)
{
    if (!(value > 0))
        return colours[0];
    if (value >= 1)
        return colours[count - 1];
    double place = value * (double)(count - 1);
    size_t at = (size_t)place;
    const struct colour *from = &colours[at], *to = from + 1;
    double share = place - (double)at;
    return (struct colour){between(from->red, to->red, share), between(from->green, to->green, share),
                           between(from->blue, to->blue, share)};
}

#define PALETTE(colours, value) palette_of(colours, sizeof(colours) / sizeof(colours)[0], value)

struct colour palette_signed(double value)
{
    return PALETTE(signs, (value + 1) / 2);
}

struct colour palette_level(double value)
{
    return PALETTE(levels, value);
}

struct colour palette_heat(double value)
{
    return PALETTE(heats, value);
}
