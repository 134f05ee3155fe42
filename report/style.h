/* style.h - the look of a page: its colours in light and dark, and CSS.
 *
 * Series of a chart have colours that also those tell apart who see few (at least 20 apart in CIELAB under
 * protanopia, deuteranopia and tritanopia, and 3:1 against the ground); a seventh series begins again, with a
 * dashed line. tests/unit/test_report_style.c measures both. */
#ifndef NETC_REPORT_STYLE_H
#define NETC_REPORT_STYLE_H

#include <stdbool.h>
#include <stdio.h>

enum { STYLE_SERIES = 6, STYLE_HEATS = 10 };

/* 0xrrggbb */
struct style_colours {
    unsigned ground, raised, text, faint, line; /* page, boxes, text, small text, rules */
    unsigned series[STYLE_SERIES];
    unsigned heat; /* the strongest ground of a matrix's cells */
};
extern const struct style_colours style_light, style_dark;

/* How much of `heat` lies over the page's ground, from none to all. */
extern const double style_heats[STYLE_HEATS];
bool style_heat_is_strong(int heat);

/* The content of <style>. */
void style_print(FILE *to);

#endif
