/* chart.c - a chart's frame: its extent, axes, rules and legend; chart_marks.c draws what is within.
 *
 *     {y: 0.54 0.37 0.14}    ->    <svg viewBox="0 0 420 260">…<path class="s0 curve" d="M40 20L…"/>…</svg>
 */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include "report/chart_marks.h"
#include "report/style.h"

enum { WIDTH = 420, HEIGHT = 250, SQUARE = 400, RIGHT = 14, TOP = 8, NAME = 16, GAP = 6, LINE = 15 };
static const double character = 7.4; /* about the width of one, at 12 units */

struct extent {
    double low, high;
};

static void extend(struct extent *extent, double number)
{
    if (!isfinite(number))
        return;
    extent->low = fmin(extent->low, number);
    extent->high = fmax(extent->high, number);
}

/* What x and y run over; a logarithmic axis has no room for what is not positive. */
static void measure(const struct chart *chart, struct extent *x, struct extent *y)
{
    *x = *y = (struct extent){INFINITY, -INFINITY};
    for (int i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        const double half = series->mark == CHART_BARS ? marks_bar_width(series) / 2 : 0;
        for (int j = 0; j < series->count; j++) {
            const double at = marks_x(series, j);
            if (!isfinite(at) || !isfinite(series->y[j]) || (chart->is_x_log && at <= 0) ||
                (chart->is_y_log && series->y[j] <= 0))
                continue;
            extend(x, at - half);
            extend(x, at + half);
            extend(y, series->y[j]);
            if (series->low)
                extend(y, series->low[j]);
            if (series->mark == CHART_BARS || chart->has_zero)
                extend(y, 0);
        }
    }
    for (int i = 0; i < chart->rule_count; i++)
        extend(chart->rules[i].is_level ? y : x, chart->rules[i].at);
    if (chart->x_low != chart->x_high)
        *x = (struct extent){chart->x_low, chart->x_high};
    if (chart->y_low != chart->y_high)
        *y = (struct extent){chart->y_low, chart->y_high};
    if (!(x->low <= x->high)) /* not one number */
        *x = (struct extent){0, 1};
    if (!(y->low <= y->high))
        *y = (struct extent){0, 1};
}

/* Columns that a reader sees: of UTF-8, the bytes that begin one. */
static double text_width(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns * character;
}

static double widest_tick(const struct scale *scale)
{
    char text[32];
    double widest = 0;
    for (int i = 0; i < scale->tick_count; i++)
        widest = fmax(widest, text_width(scale_text(scale, scale->ticks[i], text, sizeof text)));
    return widest;
}

/* At most so many columns of a category's name are shown. */
enum { SHOWN = 14 };

static double widest_category(const struct chart *chart)
{
    double widest = 0;
    for (int i = 0; chart->series_count && i < chart->series[0].count; i++)
        widest = fmax(widest, text_width(chart->categories[i]));
    return fmin(widest, SHOWN * character);
}

static void print_category(FILE *to, const char *name)
{
    char text[4 * SHOWN + 8];
    int columns = 0, length = 0;
    while (name[length] && length < 4 * SHOWN) {
        columns += ((unsigned char)name[length] & 0xc0) != 0x80;
        if (columns > SHOWN)
            break;
        length++;
    }
    snprintf(text, sizeof text, "%.*s%s", length, name, name[length] ? "…" : "");
    html_text(to, text);
}

/* Fewer ticks until their texts stand apart. */
static void set_x_scale(struct marks *marks, const struct chart *chart, struct extent x)
{
    for (int most = 8;; most--) {
        scale_set(&marks->x, x.low, x.high,
                  (chart->is_x_log ? SCALE_LOG : 0u) | (chart->is_x_whole ? SCALE_WHOLE : 0u), most);
        const double room = (marks->x.to - marks->x.from) / fmax(1, marks->x.tick_count - 1);
        if (room > widest_tick(&marks->x) + 2 * GAP || most == 2)
            return;
    }
}

static void set_scales(struct marks *marks, const struct chart *chart)
{
    struct extent x, y;
    measure(chart, &x, &y);
    marks->height = chart->is_square ? SQUARE : HEIGHT;
    const bool is_wide = chart->categories && chart->series_count &&
                         widest_category(chart) + GAP > (WIDTH - 60.0) / fmax(1, chart->series[0].count);
    marks->slant = is_wide ? 0.64 * widest_category(chart) : 0;
    scale_set(&marks->y, y.low, y.high,
              (chart->is_y_log ? SCALE_LOG : 0u) | (chart->is_y_whole ? SCALE_WHOLE : 0u) |
                  (chart->y_low == chart->y_high ? SCALE_WIDENED : 0u),
              chart->is_square ? 6 : 5);
    marks->y.from = marks->height - LINE - GAP - marks->slant - (chart->x_name ? LINE : 0);
    marks->y.to = TOP + (chart->y_name ? NAME : 0);
    marks->x.from = ceil(widest_tick(&marks->y)) + GAP;
    marks->x.to = WIDTH - RIGHT;
    set_x_scale(marks, chart, x);
}

static void print_text(FILE *to, double x, double y, const char *anchor, const char *text)
{
    fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    html_text(to, text);
    fputs("</text>\n", to);
}

static void print_line(FILE *to, const char *class, double x, double y, double other_x, double other_y)
{
    fprintf(to, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x, y, other_x, other_y);
}

static void print_y_axis(FILE *to, const struct marks *marks, const struct chart *chart)
{
    char text[32];
    for (int i = 0; i < marks->y.tick_count; i++) {
        const double at = scale_place(&marks->y, marks->y.ticks[i]);
        print_line(to, "grid", marks->x.from, at, marks->x.to, at);
        print_text(to, marks->x.from - GAP, at + 4, "end",
                   scale_text(&marks->y, marks->y.ticks[i], text, sizeof text));
    }
    if (chart->y_name)
        print_text(to, 0, 11, "start", chart->y_name);
}

/* Level where they fit side by side, else slanted and, where there are very many, only some. */
static void print_categories(FILE *to, const struct marks *marks, const struct chart *chart)
{
    const int count = chart->series_count ? chart->series[0].count : 0, every = 1 + (count - 1) / 30;
    for (int i = 0; i < count; i += every) {
        const double at = scale_place(&marks->x, marks_x(&chart->series[0], i)), below = marks->y.from + LINE;
        if (marks->slant > 0) {
            fprintf(to, "<text transform=\"translate(%.1f %.1f) rotate(-40)\" text-anchor=\"end\">", at + 3,
                    below - 2);
        } else {
            fprintf(to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", at, below);
        }
        print_category(to, chart->categories[i]);
        fputs("</text>\n", to);
    }
}

static void print_x_axis(FILE *to, const struct marks *marks, const struct chart *chart)
{
    char text[32];
    print_line(to, "grid", marks->x.from, marks->y.from, marks->x.to, marks->y.from);
    for (int i = 0; !chart->categories && i < marks->x.tick_count; i++) {
        const double at = scale_place(&marks->x, marks->x.ticks[i]);
        scale_text(&marks->x, marks->x.ticks[i], text, sizeof text);
        const double half = text_width(text) / 2; /* at the right end nothing is cut off */
        print_line(to, "grid", at, marks->y.from, at, marks->y.from + 4);
        print_text(to, fmin(at, WIDTH - half), marks->y.from + LINE + 1, "middle", text);
    }
    if (chart->categories)
        print_categories(to, marks, chart);
    if (chart->x_name)
        print_text(to, (marks->x.from + marks->x.to) / 2, marks->height - 3, "middle", chart->x_name);
}

static void print_rules(FILE *to, const struct marks *marks, const struct chart *chart)
{
    for (int i = 0; i < chart->rule_count; i++) {
        const struct chart_rule *rule = &chart->rules[i];
        const double at = scale_place(rule->is_level ? &marks->y : &marks->x, rule->at);
        if (!isfinite(at))
            continue;
        if (rule->is_level)
            print_line(to, "rule", marks->x.from, at, marks->x.to, at);
        else
            print_line(to, "rule", at, marks->y.from, at, marks->y.to);
    }
}

/* What a mark looks like, in 22 x 10 units. */
static void print_key(FILE *to, const char *class, const char *shape, const char *name)
{
    fprintf(to, "<li><svg viewBox=\"0 0 22 10\"><path class=\"%s\" d=\"%s\"/></svg>", class, shape);
    html_text(to, name);
    fputs("</li>\n", to);
}

static void print_legend(FILE *to, const struct chart *chart)
{
    static const char *const shapes[] = {[CHART_LINE] = "M1 5H21",
                                         [CHART_POINTS] = "M11 5h0",
                                         [CHART_BAND] = "M1 1H21V9H1Z",
                                         [CHART_BARS] = "M6 0H16V10H6Z"};
    bool has_name = false;
    for (int i = 0; i < chart->series_count; i++)
        has_name = has_name || chart->series[i].name;
    for (int i = 0; i < chart->rule_count; i++)
        has_name = has_name || chart->rules[i].text;
    if (!has_name)
        return;
    fputs("<ul class=\"legend\">\n", to);
    for (int i = 0; i < chart->series_count; i++) {
        char class[64];
        const struct chart_series *series = &chart->series[i];
        if (series->name)
            print_key(to, marks_class(series, class, sizeof class), shapes[series->mark], series->name);
    }
    for (int i = 0; i < chart->rule_count; i++)
        if (chart->rules[i].text)
            print_key(to, "rule", chart->rules[i].is_level ? "M1 5H21" : "M11 0V10", chart->rules[i].text);
    fputs("</ul>\n", to);
}

struct chart_series chart_diagonal(const char *name, int colour, const double ends[2])
{
    return (struct chart_series){.name = name,
                                 .mark = CHART_LINE,
                                 .colour = colour,
                                 .is_dashed = true,
                                 .count = 2,
                                 .x = ends,
                                 .y = ends};
}

void chart_print(struct html *page, const struct chart *chart)
{
    FILE *to = page->to;
    struct marks marks = {.chart = chart};
    set_scales(&marks, chart);
    fputs("<figure class=\"chart\"><figcaption>", to);
    html_text(to, chart->title);
    fputs("</figcaption>\n", to);
    print_legend(to, chart);
    fprintf(to, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, marks.height);
    html_text(to, chart->title);
    fputs("\">\n", to);
    print_y_axis(to, &marks, chart);
    print_x_axis(to, &marks, chart);
    marks_print(page, &marks);
    print_rules(to, &marks, chart);
    fputs("</svg>\n", to);
    if (chart->note)
        html_note(page, "%s", chart->note);
    fputs("</figure>\n", to);
}
