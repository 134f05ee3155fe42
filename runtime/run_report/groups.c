/* groups.c - the section of groups: every metric of each, with the interval that tells it from chance, and
 * the gaps between them. */
#include <math.h>
#include <stdio.h>

#include "data/pool.h"
#include "metrics/groups.h"
#include "run/figures.h"
#include "run/group_figures.h"
#include "run_report/sections.h"

static void number_cell(struct html *page, double number, bool is_share)
{
    if (isnan(number))
        html_cell(page, "–");
    else if (is_share)
        html_cell(page, "%.2f %%", 100 * number);
    else
        html_cell(page, "%.4g", number);
}

static void interval_cell(struct html *page, struct interval interval, bool is_share)
{
    if (isnan(interval.low))
        html_cell(page, "–");
    else if (is_share)
        html_cell(page, "%.1f to %.1f", 100 * interval.low, 100 * interval.high);
    else
        html_cell(page, "%.4g to %.4g", interval.low, interval.high);
}

static void print_metrics(struct html *page, const struct group_metrics *groups)
{
    const struct grouping *grouping = groups->grouping;
    const int count = groups->metric_count;
    struct pool pool = {0};
    struct html_column *columns = pool_get(&pool, (size_t)(2 + 2 * count) * sizeof *columns);
    columns[0] = (struct html_column){grouping->column, false};
    columns[1] = (struct html_column){"examples", true};
    for (int m = 0; m < count; m++) {
        columns[2 + 2 * m] = (struct html_column){groups->metrics[m]->title, true};
        columns[3 + 2 * m] = (struct html_column){"95 %", true};
    }
    html_table_begin(page, NULL, columns, 2 + 2 * count);
    for (int g = 0; g < grouping->count; g++) {
        html_row(page);
        html_cell(page, "%s%s", grouping->names[g], g == groups->worst ? " (worst)" : "");
        html_cell(page, "%zu", groups->examples[g]);
        for (int m = 0; m < count; m++) {
            number_cell(page, groups->values[m * grouping->count + g], groups->metrics[m]->is_share);
            interval_cell(page, groups->intervals[m * grouping->count + g], groups->metrics[m]->is_share);
        }
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
    number_cell(page, gap->value, gap->is_share);
    if (isnan(gap->value)) {
        html_cell(page, "–");
        html_cell(page, "%s", "");
        html_cell(page, "%s", "");
        return;
    }
    interval_cell(page, gap->interval, gap->is_share);
    html_cell(page, "%s above %s", names[gap->high], names[gap->low]);
    html_cell(page, group_gap_is_certain(gap) ? "more than chance" : "may be chance");
}

static void print_gaps(struct html *page, const struct group_figures *figures,
                       const struct group_metrics *groups)
{
    static const struct html_column columns[] = {
        {"gap", false}, {"size", true}, {"95 %", true}, {"between", false}, {"", false}};
    html_table_begin(page, NULL, columns, 5);
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
        html_paragraph(page, "%s", groups_sentence(groups, text, sizeof text));
        print_metrics(page, groups);
        print_gaps(page, figures, groups);
    }
    html_note(page, "Of the %s split; 95 %% are the intervals of a bootstrap.", figures->split);
}
