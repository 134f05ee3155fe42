/* page_charts.c - results of a sweep as series of report/chart.h.
 *
 *     12 points over λ.l1    ->    a line of 12 numbers over a logarithmic axis */
#include "sweep/page_charts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "report/chart.h"

enum { MOST_LINES = 24, MOST_CATEGORIES = 40, LAW_POINTS = 60 };

/* Does an axis want to be logarithmic? */
static bool is_log(const double *numbers, int count)
{
    double low = INFINITY, high = 0;
    for (int i = 0; i < count; i++) {
        low = fmin(low, numbers[i]);
        high = fmax(high, numbers[i]);
    }
    return low > 0 && high / low >= 10;
}

/* Points in a chart, ordered by x. */
struct points {
    double *x, *y, *low, *high;
    int count;
};

static struct points points_create(struct arena *arena, int room)
{
    const size_t size = (size_t)room + 1;
    return (struct points){ARENA_ARRAY(arena, double, size), ARENA_ARRAY(arena, double, size),
                           ARENA_ARRAY(arena, double, size), ARENA_ARRAY(arena, double, size), 0};
}

static void points_add(struct points *points, double x, const struct statistic *figure)
{
    int at = points->count++;
    for (; at > 0 && points->x[at - 1] > x; at--) {
        points->x[at] = points->x[at - 1];
        points->y[at] = points->y[at - 1];
        points->low[at] = points->low[at - 1];
        points->high[at] = points->high[at - 1];
    }
    points->x[at] = x;
    points->y[at] = figure->mean;
    points->low[at] = figure->mean - figure->deviation;
    points->high[at] = figure->mean + figure->deviation;
}

/* The best of the points that share an x: what is possible there. */
static struct points best_of(struct arena *arena, const struct points *points, bool is_higher_better)
{
    struct points best = points_create(arena, points->count);
    for (int i = 0; i < points->count; i++) {
        const int last = best.count - 1;
        if (last < 0 || best.x[last] != points->x[i]) {
            best.x[best.count] = points->x[i];
            best.y[best.count++] = points->y[i];
        } else if (is_higher_better ? points->y[i] > best.y[last] : points->y[i] < best.y[last]) {
            best.y[last] = points->y[i];
        }
    }
    return best;
}

/* Names of values that are no numbers, in the order in which they are met; the place of `text` among them. */
static int category_of(const char **names, int *count, const char *text)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(names[i], text) == 0)
            return i + 1;
    if (*count == MOST_CATEGORIES)
        return 0;
    names[(*count)++] = text;
    return *count;
}

/* The results over one setting: a number, or the place of a word among `names`. */
static struct points points_of(const struct plan *plan, const struct results *results, int axis,
                               bool is_number, const char **names)
{
    struct points points = points_create(plan->sweep->arena, results->count);
    int name_count = 0;
    for (int i = 0; i < results->count; i++) {
        const struct result *row = &results->rows[i];
        const struct sweep_value *value = &plan->points[row->point].values[axis];
        const double x = is_number ? value->number : category_of(names, &name_count, value->text);
        if (row->figures[results->measure].count && (is_number || x > 0))
            points_add(&points, x, &row->figures[results->measure]);
    }
    return points;
}

/* A line through points that differ in nothing else; else the best at each value. */
static int line_of(const struct points *points, const struct points *best, bool is_alone, bool has_seeds,
                   struct chart_series *series)
{
    int count = 0;
    if (is_alone && has_seeds)
        series[count++] = (struct chart_series){.name = "± deviation of seeds",
                                                .mark = CHART_BAND,
                                                .count = points->count,
                                                .x = points->x,
                                                .y = points->high,
                                                .low = points->low};
    if (is_alone || best->count < points->count)
        series[count++] = (struct chart_series){.name = is_alone ? NULL : "best at this value",
                                                .mark = CHART_LINE,
                                                .count = best->count,
                                                .x = best->x,
                                                .y = best->y};
    return count;
}

static void print_setting(struct html *page, const struct plan *plan, const struct results *results,
                          int number, bool is_alone)
{
    struct arena *arena = plan->sweep->arena;
    const struct sweep_axis *axis = &plan->sweep->axes[number];
    const char *names[MOST_CATEGORIES];
    bool is_number = true;
    for (int i = 0; i < plan->point_count; i++)
        is_number = is_number && !isnan(plan->points[i].values[number].number);
    const struct points points = points_of(plan, results, number, is_number, names);
    if (points.count < 2 || points.x[0] == points.x[points.count - 1])
        return;
    const struct points best = best_of(arena, &points, results->is_higher_better);
    struct chart_series series[3];
    int count = is_number ? line_of(&points, &best, is_alone, plan->sweep->seed_count > 1, series) : 0;
    series[count++] =
        (struct chart_series){.mark = CHART_POINTS, .count = points.count, .x = points.x, .y = points.y};
    chart_print(page, &(struct chart){
                          .title = axis->name,
                          .x_name = axis->is_percent ? arena_format(arena, "%s, %%", axis->name) : axis->name,
                          .y_name = results->figures[results->measure],
                          .is_x_log = is_number && (axis->is_log || is_log(points.x, points.count)),
                          .is_y_log = is_log(points.y, points.count),
                          .categories = is_number ? NULL : names,
                          .series = series,
                          .series_count = count});
}

void page_settings(struct html *page, const struct plan *plan, const struct results *results)
{
    if (results->measure < 0 || !plan->sweep->axis_count || plan->sweep->share_count > 1)
        return;
    int shown = 0;
    for (int i = 0; i < plan->sweep->axis_count; i++)
        shown += results_show(plan->sweep, i);
    for (int i = 0; i < plan->sweep->axis_count; i++)
        print_setting(page, plan, results, i, shown == 1);
}

/* Band, line and dashed law of one point; the legend says once what is dashed. */
static int add_curve(struct arena *arena, const struct plan *plan, const struct learning_curve *curve,
                     int colour, const char *law, struct chart_series *series)
{
    const char *point = results_point(plan, curve->point), *label = *point ? point : "mean of the runs";
    double *low = ARENA_ARRAY(arena, double, (size_t)curve->count),
           *high = ARENA_ARRAY(arena, double, (size_t)curve->count);
    int count = 0;
    for (int i = 0; i < curve->count; i++) {
        low[i] = curve->mean[i] - curve->deviation[i];
        high[i] = curve->mean[i] + curve->deviation[i];
    }
    if (plan->sweep->seed_count > 1)
        series[count++] = (struct chart_series){.mark = CHART_BAND,
                                                .colour = colour,
                                                .count = curve->count,
                                                .x = curve->examples,
                                                .y = high,
                                                .low = low};
    series[count++] = (struct chart_series){.name = label,
                                            .mark = CHART_POINTS,
                                            .colour = colour,
                                            .count = curve->count,
                                            .x = curve->examples,
                                            .y = curve->mean};
    if (!curve->has_law)
        return count;
    double *x = ARENA_ARRAY(arena, double, LAW_POINTS), *y = ARENA_ARRAY(arena, double, LAW_POINTS);
    const double first = log(curve->examples[0]), last = log(2 * curve->examples[curve->count - 1]);
    for (int i = 0; i < LAW_POINTS; i++) {
        x[i] = exp(first + (last - first) * i / (LAW_POINTS - 1));
        y[i] = power_law_at(&curve->law, x[i]);
    }
    series[count++] = (struct chart_series){.name = law,
                                            .mark = CHART_LINE,
                                            .colour = colour,
                                            .is_dashed = true,
                                            .count = LAW_POINTS,
                                            .x = x,
                                            .y = y};
    return count;
}

void page_learning(struct html *page, const struct plan *plan, const struct results *results,
                   const struct learning_curve *curves, int count)
{
    struct arena *arena = plan->sweep->arena;
    struct chart_series series[3 * PAGE_CURVES];
    int series_count = 0;
    if (!count)
        return;
    const char *law = "power law";
    bool is_steep = false;
    for (int i = 0; i < count && i < PAGE_CURVES; i++) {
        series_count += add_curve(arena, plan, &curves[i], i, law, series + series_count);
        law = curves[i].has_law ? NULL : law;
        is_steep = is_steep || is_log(curves[i].mean, curves[i].count);
    }
    chart_print(page, &(struct chart){.title = "Learning curve",
                                      .x_name = "training examples",
                                      .y_name = results->figures[results->measure],
                                      .is_x_log = true,
                                      .is_y_log = is_steep,
                                      .series = series,
                                      .series_count = series_count});
}

/* The runs along an axis, by its values, the other settings at their first; their number. */
static int runs_along(const struct plan *plan, int axis, const struct sweep_run **runs)
{
    int count = 0;
    for (int i = 0; i < plan->run_count; i++) {
        const struct sweep_run *run = &plan->runs[i];
        const double number = plan->points[run->point].values[axis].number;
        bool is_along = run->state == RUN_DONE && run->weights && !run->share && !run->seed && !isnan(number);
        for (int j = 0; j < plan->sweep->axis_count; j++)
            is_along = is_along && (j == axis || strcmp(plan->points[run->point].values[j].text,
                                                        plan->points[0].values[j].text) == 0);
        int at = count;
        for (; is_along && at > 0 && plan->points[runs[at - 1]->point].values[axis].number > number; at--)
            runs[at] = runs[at - 1];
        if (is_along)
            runs[at] = run;
        count += is_along;
    }
    return count;
}

void page_weights(struct html *page, const struct plan *plan)
{
    const struct sweep *sweep = plan->sweep;
    const int last = sweep->axis_count - 1;
    struct chart_series series[MOST_LINES];
    if (!plan->weight_count || plan->weight_count > MOST_LINES || last < 0)
        return;
    const struct sweep_run **runs =
        ARENA_ARRAY(sweep->arena, const struct sweep_run *, (size_t)plan->run_count + 1);
    const int count = runs_along(plan, last, runs);
    double *x = ARENA_ARRAY(sweep->arena, double, (size_t)count + 1);
    double *y = ARENA_ARRAY(sweep->arena, double, (size_t)(count + 1) * (size_t)plan->weight_count);
    for (int i = 0; i < count; i++) {
        x[i] = plan->points[runs[i]->point].values[last].number;
        for (int j = 0; j < plan->weight_count; j++)
            y[j * count + i] = runs[i]->weights[j];
    }
    for (int j = 0; j < plan->weight_count; j++)
        series[j] = (struct chart_series){.name = plan->weight_names[j],
                                          .mark = CHART_LINE,
                                          .colour = j,
                                          .count = count,
                                          .x = x,
                                          .y = y + j * count};
    if (count < 2)
        return;
    chart_print(page, &(struct chart){.title = arena_format(sweep->arena, "Weights of %s", sweep->collect),
                                      .x_name = sweep->axes[last].name,
                                      .y_name = "weight",
                                      .is_x_log = sweep->axes[last].is_log || is_log(x, count),
                                      .series = series,
                                      .series_count = plan->weight_count});
}
