/* chart.h - a chart in a page: lines, bands, bars and points over two axes with ticks at round numbers.
 *
 *     const struct chart_series loss[] = {
 *         {.name = "train", .mark = CHART_LINE, .colour = 0, .count = 20, .y = train},
 *         {.name = "validation", .mark = CHART_LINE, .colour = 1, .count = 20, .y = validation}};
 *     chart_print(page, &(struct chart){
 *         .title = "Loss", .x_name = "epoch", .series = loss, .series_count = 2});
 *
 * It is SVG whose colours are those of the page, in light and dark; the legend is text of the page, which
 * wraps where it must. However many numbers there are, a chart stays below some 50 KB: a line keeps the least
 * and the largest of those that share a column; of points at most 4000, evenly taken, are drawn, and none on
 * another. */
#ifndef NETC_REPORT_CHART_H
#define NETC_REPORT_CHART_H

#include <stdbool.h>

#include "report/html.h"

enum chart_mark {
    CHART_LINE,   /* y over x */
    CHART_POINTS, /* a dot for each */
    CHART_BAND,   /* the ground between y and y_low over x */
    CHART_BARS,   /* from 0 to y, one bar a number; x: its middle, all equally wide */
};

struct chart_series {
    const char *name; /* in the legend; NULL: not there */
    enum chart_mark mark;
    int colour;        /* 0, 1, …: series of one thing share it */
    bool is_dashed;    /* a line that only guides */
    int count;         /* numbers; one that is not finite is a gap */
    const double *x;   /* [count] NULL: 1, 2, … */
    const double *y;   /* [count] */
    const double *low; /* [count] of a band */
};

/* A line across the chart, with a text at it: the epoch that was kept. */
struct chart_rule {
    const char *text; /* NULL: none */
    double at;
    bool is_level; /* at a y; else upright, at an x */
};

struct chart {
    const char *title;
    const char *x_name, *y_name; /* what the axes are, with units */
    bool is_x_log, is_y_log;
    bool is_x_whole, is_y_whole;         /* numbers of things: no ticks between */
    bool is_square;                      /* as high as wide: where both axes are of one kind */
    double x_low, x_high, y_low, y_high; /* both 0: as the numbers want */
    bool has_zero;                       /* the y axis begins at 0; charts with bars always */
    const char *const *categories; /* [of the first series' count] names of x 1, 2, …; NULL: numbers */
    const struct chart_series *series;
    int series_count;
    const struct chart_rule *rules;
    int rule_count;
    const char *note; /* a small text below; NULL: none */
};

/* Where y is x, between two numbers: a line that guides. */
struct chart_series chart_diagonal(const char *name, int colour, const double ends[2]);
void chart_print(struct html *page, const struct chart *chart);

#endif
