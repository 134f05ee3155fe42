/* chart_marks.c - lines, bands, bars and points as SVG, none larger than its picture needs. */
#include "report/chart_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/style.h"

enum { HITS = 60, BARS = 32 }; /* so many points or bars tell their value to who points at them */

double marks_x(const struct chart_series *series, int i)
{
    return series->x ? series->x[i] : i + 1;
}

double marks_bar_width(const struct chart_series *series)
{
    return series->count > 1 ? fabs(marks_x(series, 1) - marks_x(series, 0)) : 1;
}

const char *marks_class(const struct chart_series *series, char *text, size_t size)
{
    static const char *const classes[] = {
        [CHART_LINE] = "curve", [CHART_POINTS] = "dot", [CHART_BAND] = "band", [CHART_BARS] = "bar"};
    const bool is_dashed =
        series->mark == CHART_LINE && (series->is_dashed || series->colour / STYLE_SERIES % 2);
    const bool is_small = series->mark == CHART_POINTS && series->count > 300;
    snprintf(text, size, "s%d %s%s", series->colour % STYLE_SERIES, classes[series->mark],
             is_dashed  ? " dashed"
             : is_small ? " small"
                        : "");
    return text;
}

/* A place, or NaN where the number has none. */
static double place(const struct scale *scale, double number)
{
    const double at = isfinite(number) ? scale_place(scale, number) : NAN;
    return isfinite(at) ? at : NAN;
}

struct pen {
    FILE *to;
    bool is_down;
};

static void pen_move(struct pen *pen, double x, double y)
{
    fprintf(pen->to, "%c%.1f %.1f", pen->is_down ? 'L' : 'M', x, y);
    pen->is_down = true;
}

/* The numbers that share a column of the drawing: first, least, largest and last are enough of them. */
struct column {
    double at;
    int count;
    double first, least, largest, last;
    bool falls; /* the largest came first */
};

static void column_add(struct column *column, double at, double y)
{
    if (column->count++ == 0)
        *column = (struct column){at, 1, y, y, y, y, false};
    if (y < column->least) {
        column->least = y;
        column->falls = true;
    }
    if (y > column->largest) {
        column->largest = y;
        column->falls = false;
    }
    column->last = y;
}

static void column_flush(struct column *column, struct pen *pen)
{
    if (column->count) {
        const double one = column->falls ? column->largest : column->least,
                     other = column->falls ? column->least : column->largest;
        pen_move(pen, column->at, column->first);
        if (one != column->first)
            pen_move(pen, column->at, one);
        if (other != one)
            pen_move(pen, column->at, other);
        if (column->last != other)
            pen_move(pen, column->at, column->last);
    }
    column->count = 0;
}

static void print_curve(FILE *to, const struct marks *marks, const struct chart_series *series)
{
    struct pen pen = {.to = to};
    struct column column = {0};
    const bool is_dense = series->count > 2 * (marks->x.to - marks->x.from);
    fputs("d=\"", to);
    for (int i = 0; i < series->count; i++) {
        double x = place(&marks->x, marks_x(series, i)), y = place(&marks->y, series->y[i]);
        if (isnan(x) || isnan(y)) {
            column_flush(&column, &pen);
            pen.is_down = false;
            continue;
        }
        x = is_dense ? round(x) : x;
        if (column.count && column.at != x)
            column_flush(&column, &pen);
        column_add(&column, x, y);
    }
    column_flush(&column, &pen);
    fputs("\"", to);
}

/* There along one side and back along the other; every nth where there are many. */
static void print_band(FILE *to, const struct marks *marks, const struct chart_series *series)
{
    const int every = 1 + series->count / 400;
    struct pen pen = {.to = to};
    fputs("d=\"", to);
    for (int side = 0; side < 2; side++)
        for (int j = 0; j < series->count; j += every) {
            const int i = side ? series->count - 1 - j : j;
            const double x = place(&marks->x, marks_x(series, i)),
                         y = place(&marks->y, side ? series->low[i] : series->y[i]);
            if (!isnan(x) && !isnan(y))
                pen_move(&pen, x, y);
        }
    fputs(pen.is_down ? "Z\"" : "\"", to);
}

/* A dot is a line of no length with round ends. One that would lie on another is left out. */
static void print_dots(struct html *page, const struct marks *marks, const struct chart_series *series)
{
    FILE *to = page->to;
    enum { GRAIN = 2, SIDE = 512 * GRAIN, MOST = 4000 };
    const int every = 1 + (series->count - 1) / MOST;
    unsigned char *taken = calloc(SIDE * SIDE / 8, 1);
    page->lacks_memory = page->lacks_memory || !taken;
    fputs("d=\"", to);
    for (int i = 0; taken && i < series->count; i += every) {
        const double x = place(&marks->x, marks_x(series, i)), y = place(&marks->y, series->y[i]);
        if (isnan(x) || isnan(y) || x < 0 || y < 0 || x >= 512 || y >= 512)
            continue;
        const size_t bit = (size_t)(y * GRAIN) * SIDE + (size_t)(x * GRAIN);
        if (taken[bit / 8] >> bit % 8 & 1)
            continue;
        taken[bit / 8] |= (unsigned char)(1 << bit % 8);
        fprintf(to, "M%.1f %.1fh0", x, y);
    }
    fputs("\"", to);
    free(taken);
}

static void print_title(FILE *to, const struct marks *marks, const struct chart_series *series, int i)
{
    char text[64];
    const struct chart *chart = marks->chart;
    fputs("<title>", to);
    if (series->name) {
        html_text(to, series->name);
        fputs(", ", to);
    }
    if (chart->categories)
        snprintf(text, sizeof text, "%.40s: %.4g", chart->categories[i], series->y[i]);
    else
        snprintf(text, sizeof text, "%.30s %.4g: %.4g", chart->x_name ? chart->x_name : "at",
                 marks_x(series, i), series->y[i]);
    html_text(to, text);
    fputs("</title>", to);
}

/* Bars of several series stand beside each other. Very many are one path, and tell nothing to who points at
 * them. */
static void print_bars(FILE *to, const struct marks *marks, const struct chart_series *series, int among,
                       int number)
{
    char class[64];
    const double slot = marks_bar_width(series);
    const double unit = fabs(scale_place(&marks->x, marks->x.low + slot) - marks->x.from);
    const double width = unit * (unit > 6 ? 0.86 : 1) / among;
    const double floor_at = scale_place(&marks->y, marks->y.is_log ? marks->y.low : 0);
    marks_class(series, class, sizeof class);
    const bool is_path = series->count > BARS;
    if (is_path)
        fprintf(to, "<path class=\"%s\" d=\"", class);
    for (int i = 0; i < series->count; i++) {
        const double middle = place(&marks->x, marks_x(series, i)), y = place(&marks->y, series->y[i]);
        const double left = middle + (number - among / 2.0) * width;
        if (isnan(middle) || isnan(y) || y == floor_at)
            continue;
        if (is_path) {
            fprintf(to, "M%.1f %.1fV%.1fh%.1fV%.1fZ", left, floor_at, y, width, floor_at);
            continue;
        }
        fprintf(to, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\">", class, left,
                fmin(y, floor_at), width, fabs(y - floor_at));
        print_title(to, marks, series, i);
        fputs("</rect>\n", to);
    }
    fputs(is_path ? "\"/>\n" : "", to);
}

static void print_hits(FILE *to, const struct marks *marks, const struct chart_series *series)
{
    if (series->count > HITS || series->is_dashed || series->mark == CHART_BAND)
        return;
    for (int i = 0; i < series->count; i++) {
        const double x = place(&marks->x, marks_x(series, i)), y = place(&marks->y, series->y[i]);
        if (isnan(x) || isnan(y))
            continue;
        fprintf(to, "<circle class=\"hit\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\">", x, y);
        print_title(to, marks, series, i);
        fputs("</circle>\n", to);
    }
}

static void print_series(struct html *page, const struct marks *marks, const struct chart_series *series)
{
    FILE *to = page->to;
    char class[64];
    fprintf(to, "<path class=\"%s\" ", marks_class(series, class, sizeof class));
    if (series->mark == CHART_LINE)
        print_curve(to, marks, series);
    else if (series->mark == CHART_BAND)
        print_band(to, marks, series);
    else
        print_dots(page, marks, series);
    fputs("/>\n", to);
    print_hits(to, marks, series);
}

/* An inner drawing cuts off what lies beyond the axes, but for half of a stroke. */
void marks_print(struct html *page, const struct marks *marks)
{
    FILE *to = page->to;
    const struct chart *chart = marks->chart;
    const double left = marks->x.from - 3, top = marks->y.to - 3, width = marks->x.to - marks->x.from + 6,
                 height = marks->y.from - marks->y.to + 6;
    int bars = 0, bar = 0;
    for (int i = 0; i < chart->series_count; i++)
        bars += chart->series[i].mark == CHART_BARS;
    fprintf(to,
            "<svg x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" viewBox=\"%.1f %.1f %.1f %.1f\">\n",
            left, top, width, height, left, top, width, height);
    for (int i = 0; i < chart->series_count; i++) {
        if (chart->series[i].mark == CHART_BARS)
            print_bars(to, marks, &chart->series[i], bars, bar++);
        else
            print_series(page, marks, &chart->series[i]);
    }
    fputs("</svg>\n", to);
}
