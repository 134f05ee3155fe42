/* page.c - the page of a comparison: a row a run, a chart a column of history.csv. */
#include "compare/page.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "report/chart.h"

static void print_table(struct html *page, struct arena *arena, const struct comparison *comparison,
                        const char *caption, bool is_figure)
{
    struct html_column *columns = ARENA_ARRAY(arena, struct html_column, (size_t)comparison->row_count + 1);
    int count = 0;
    columns[count++] = (struct html_column){"run", false};
    for (int i = 0; i < comparison->row_count; i++)
        if (comparison->rows[i].is_figure == is_figure)
            columns[count++] = (struct html_column){comparison->rows[i].name, comparison->rows[i].is_number};
    if (count == 1)
        return;
    html_table_begin(page, caption, columns, count);
    for (int run = 0; run < comparison->run_count; run++) {
        html_row(page);
        html_cell(page, "%s", comparison->runs[run].name);
        for (int i = 0; i < comparison->row_count; i++) {
            const struct row *row = &comparison->rows[i];
            if (row->is_figure == is_figure)
                html_cell(page, "%s%s", row->texts[run] ? row->texts[run] : "–",
                          row->is_best[run] ? " *" : "");
        }
    }
    html_table_end(page);
}

static bool has_best(const struct comparison *comparison)
{
    for (int i = 0; i < comparison->row_count; i++)
        for (int j = 0; j < comparison->run_count; j++)
            if (comparison->rows[i].is_best[j])
                return true;
    return false;
}

static bool has_number(const double *numbers, int count)
{
    for (int i = 0; numbers && i < count; i++)
        if (isfinite(numbers[i]))
            return true;
    return false;
}

/* One curve for each run that has the column. Losses over two powers of ten are shown by their logarithms. */
static void print_curves(struct html *page, struct arena *arena, const struct comparison *comparison,
                         const char *column)
{
    struct chart_series *series = ARENA_ARRAY(arena, struct chart_series, (size_t)comparison->run_count);
    double least = INFINITY, most = -INFINITY;
    int count = 0;
    for (int i = 0; i < comparison->run_count; i++) {
        const struct run *run = &comparison->runs[i];
        const double *numbers = run_column(run, column);
        if (!has_number(numbers, run->row_count))
            continue;
        series[count++] = (struct chart_series){.name = run->name,
                                                .mark = CHART_LINE,
                                                .colour = i,
                                                .count = run->row_count,
                                                .x = run_column(run, "epoch"),
                                                .y = numbers};
        for (int j = 0; j < run->row_count; j++)
            if (isfinite(numbers[j])) {
                least = fmin(least, numbers[j]);
                most = fmax(most, numbers[j]);
            }
    }
    if (!count)
        return;
    char *title = arena_copy(arena, column, strlen(column));
    title[0] = (char)toupper((unsigned char)title[0]);
    for (char *at = title; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    const bool is_rate = strcmp(column, "rate") == 0; /* a schedule may end at next to nothing */
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = "epoch",
                                      .is_x_whole = true,
                                      .has_zero = is_rate,
                                      .is_y_log = !is_rate && least > 0 && most > 100 * least,
                                      .series = series,
                                      .series_count = count});
}

/* Every column that any run has, in the order in which they are met, but for those that are no curves. */
static void print_charts(struct html *page, struct arena *arena, const struct comparison *comparison)
{
    static const char *const no_curves[] = {"epoch", "best", "seconds"};
    for (int i = 0; i < comparison->run_count; i++)
        for (int j = 0; j < comparison->runs[i].column_count; j++) {
            const char *name = comparison->runs[i].columns[j].name;
            bool is_shown = true;
            for (size_t k = 0; k < sizeof no_curves / sizeof no_curves[0]; k++)
                is_shown = is_shown && strcmp(name, no_curves[k]) != 0;
            for (int k = 0; k < i; k++)
                is_shown = is_shown && !run_column(&comparison->runs[k], name);
            if (is_shown)
                print_curves(page, arena, comparison, name);
        }
}

bool page_print(struct arena *arena, const struct comparison *comparison, FILE *to)
{
    struct html page;
    html_begin(&page, to,
               arena_format(arena, comparison->run_count == 1 ? "%d run" : "%d runs", comparison->run_count));
    html_heading(&page, "What differs");
    print_table(&page, arena, comparison, NULL, false);
    html_heading(&page, "Figures");
    print_table(&page, arena, comparison, NULL, true);
    if (has_best(comparison))
        html_note(&page, "* the best of these runs.");
    html_heading(&page, "Curves");
    html_figures_begin(&page);
    print_charts(&page, arena, comparison);
    html_figures_end(&page);
    return html_end(&page);
}
