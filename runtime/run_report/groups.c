/* groups.c - the section of groups: every metric of each, with the interval that tells it from chance, and
 * the gaps between them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "data/pool.h"
#include "metrics/groups.h"
#include "run/figures.h"
#include "run/group_figures.h"
#include "run_report/sections.h"

/* "70.45 %", with its interval below. */
static void figure_cell(struct html *page, double figure, struct interval interval, bool is_share)
{
    const double scale = is_share ? 100 : 1;
    char below[64] = "";
    if (isnan(figure)) {
        html_cell(page, "–");
        return;
    }
    if (!isnan(interval.low))
        snprintf(below, sizeof below, is_share ? "\n%.1f to %.1f" : "\n%.4g to %.4g", scale * interval.low,
                 scale * interval.high);
    if (is_share)
        html_cell(page, "%.2f %%%s", scale * figure, below);
    else
        html_cell(page, "%.4g%s", figure, below);
}

/* Is another group better than the worst? */
static bool differs(const struct group_metrics *groups)
{
    for (int g = 0; g < groups->grouping->count; g++)
        if (groups->values[g] != groups->values[groups->worst])
            return true;
    return false;
}

static void print_metrics(struct html *page, const struct group_metrics *groups)
{
    const struct grouping *grouping = groups->grouping;
    struct pool pool = {0};
    struct html_column *columns = pool_get(&pool, (size_t)(2 + groups->metric_count) * sizeof *columns);
    columns[0] = (struct html_column){grouping->column, false};
    columns[1] = (struct html_column){"examples", true};
    for (int m = 0; m < groups->metric_count; m++)
        columns[2 + m] = (struct html_column){groups->metrics[m]->title, true};
    html_table_begin(page, NULL, columns, 2 + groups->metric_count);
    for (int g = 0; g < grouping->count; g++) {
        html_row(page);
        html_cell(page, "%s%s", grouping->names[g],
                  g == groups->worst && differs(groups) ? "\nthe worst" : "");
        html_cell(page, "%zu", groups->examples[g]);
        for (int m = 0; m < groups->metric_count; m++)
            figure_cell(page, groups->values[m * grouping->count + g],
                        groups->intervals[m * grouping->count + g], groups->metrics[m]->is_share);
    }
    html_table_end(page);
    pool_free(&pool);
}

static void print_gap(struct html *page, const struct group_figures *figures,
                      const struct group_metrics *groups, const struct group_gap *gap)
{
    char number[16];
    const char *const *names = groups->grouping->names;
    html_row(page);
    if (gap->class < 0)
        html_cell(page, "%s", gap->title);
    else
        html_cell(page, "%s, of %s", gap->title,
                  figures_class_name(figures->classes, gap->class, number, sizeof number));
    figure_cell(page, gap->value, gap->interval, gap->is_share);
    if (isnan(gap->value) || gap->low == gap->high) {
        html_cell(page, "–");
        html_cell(page, "–");
        return;
    }
    html_cell(page, "%s above %s", names[gap->high], names[gap->low]);
    html_cell(page, group_gap_is_certain(gap) ? "more than chance" : "may be chance");
}

static void print_gaps(struct html *page, const struct group_figures *figures,
                       const struct group_metrics *groups)
{
    static const struct html_column columns[] = {
        {"gap", false}, {"size", true}, {"between", false}, {"", false}};
    html_table_begin(page, NULL, columns, 4);
    for (int i = 0; i < groups->gap_count; i++)
        print_gap(page, figures, groups, &groups->gaps[i]);
    html_table_end(page);
}

void section_groups(struct html *page, const struct reported *reported)
{
    const struct group_figures *figures = reported->record->groups;
    char text[512];
    if (!figures || !figures->count)
        return;
    html_heading(page, "Groups");
    for (int i = 0; i < figures->count; i++) {
        const struct group_metrics *groups = &figures->all[i];
        snprintf(text, sizeof text, "By %s", groups->grouping->column);
        html_subheading(page, text);
        groups_sentence(groups, text, sizeof text);
        html_paragraph(page, "%c%s.", toupper((unsigned char)text[0]), text + 1);
        print_metrics(page, groups);
        print_gaps(page, figures, groups);
    }
    html_note(page, "Of the %s split; below each figure is its 95 %% interval, by bootstrap.",
              figures->split);
}
