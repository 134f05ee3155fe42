/* palette.h - numbers as colours.
 *
 *     palette_signed, -1 … 1   blue, white at 0, red       what may speak for or against
 *     palette_level, 0 … 1     violet to yellow            how strongly a unit answers
 *     palette_heat, 0 … 1      black to yellow             how much a place counts
 *
 * Each can be told apart by people who see few colours, and in grey. */
#ifndef NETC_LOOK_PALETTE_H
#define NETC_LOOK_PALETTE_H

struct colour {
    unsigned char red, green, blue;
};

/* A value outside the range gets the colour of its end, a NaN that of the lower. */
struct colour palette_signed(double value);
struct colour palette_level(double value);
struct colour palette_heat(double value);

#endif
