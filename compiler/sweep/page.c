/* page.c - sweep.html from top to bottom: the best point, charts, the table, how to have it again. */
#include "sweep/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/files.h"
#include "ir/graph.h"
#include "report/buffer.h"
#include "sweep/again.h"
#include "sweep/net_diff.h"
#include "sweep/page_charts.h"
#include "sweep/table.h"

enum { MOST_ROWS = 1000 };

static void print_best(struct html *page, const struct plan *plan, const struct results *results)
{
    const struct result *best = results_best(results);
    if (!best) {
        html_statement(page, "No point came to its end with a %s %s.", plan->sweep->measure.split,
                       plan->sweep->measure.figure);
        return;
    }
    const char *label = results_label(plan, best);
    html_statement(page, "Best: %s%s%s %s.", label, *label ? ", " : "", results->figures[results->measure],
                   table_statistic(plan->sweep->arena, &best->figures[results->measure], best->runs == 1));
}

static void print_facts(struct html *page, const struct plan *plan)
{
    int bad = 0;
    for (int i = 0; i < plan->run_count; i++)
        bad += plan->runs[i].state != RUN_DONE;
    html_facts_begin(page);
    html_fact(page, "runs", "%d", plan->run_count);
    html_fact(page, "points", "%d", plan->point_count);
    if (plan->sweep->share_count > 1)
        html_fact(page, "shares of the data", "%d", plan->sweep->share_count);
    if (plan->sweep->seed_count > 1)
        html_fact(page, "seeds", "%d", plan->sweep->seed_count);
    if (plan->rounds > 1)
        html_fact(page, "rounds", "%d", plan->rounds);
    if (bad)
        html_fact(page, "runs without a result", "%d", bad);
    html_facts_end(page);
}

static void print_row(struct html *page, const struct plan *plan, const struct results *results,
                      const struct result *row)
{
    const struct sweep *sweep = plan->sweep;
    const char *trouble = table_trouble(plan, row);
    html_row(page);
    html_cell(page, "%s", row->rank ? arena_format(sweep->arena, "%d", row->rank) : "–");
    for (int i = 0; i < sweep->axis_count; i++)
        if (results_show(sweep, i))
            html_cell(page, "%s", plan->points[row->point].values[i].text);
    if (sweep->share_count > 1)
        html_cell(page, "%s", sweep->shares[row->share].text);
    for (int i = 0; i < results->figure_count; i++)
        if (table_shows(results, i))
            html_cell(page, "%s", table_statistic(sweep->arena, &row->figures[i], row->runs == 1));
    html_cell(page, "%s", trouble);
}

static void print_table(struct html *page, const struct plan *plan, const struct results *results)
{
    const struct sweep *sweep = plan->sweep;
    const int most = sweep->axis_count + results->figure_count + 3;
    struct html_column *columns = ARENA_ARRAY(sweep->arena, struct html_column, (size_t)most);
    int count = 0, shown = 0;
    columns[count++] = (struct html_column){"rank", true};
    for (int i = 0; i < sweep->axis_count; i++)
        if (results_show(sweep, i))
            columns[count++] = (struct html_column){sweep->axes[i].name, true};
    if (sweep->share_count > 1)
        columns[count++] = (struct html_column){"share", true};
    for (int i = 0; i < results->figure_count; i++)
        if (table_shows(results, i))
            columns[count++] = (struct html_column){results->figures[i], true};
    columns[count++] = (struct html_column){"", false};
    html_heading(page, plan->rounds > 1 ? "Points of the last round" : "Points");
    html_table_begin(page, NULL, columns, count);
    const int *order = results_order(plan, results);
    for (int i = 0; i < results->count && shown < MOST_ROWS; i++, shown++)
        print_row(page, plan, results, &results->rows[order[i]]);
    html_table_end(page);
    if (shown < results->count)
        html_note(page, "The first %d of %d; table.csv has all.", shown, results->count);
    if (sweep->seed_count > 1)
        html_note(page, "Mean and standard deviation over %d seeds; runs.csv has each run.",
                  sweep->seed_count);
}

static void print_rounds(struct html *page, const struct plan *plan)
{
    static const struct html_column columns[] = {
        {"round", true}, {"budget", true}, {"points", true}, {"best of the round", false}};
    if (plan->rounds < 2)
        return;
    html_heading(page, "Rounds");
    html_table_begin(page, NULL, columns, 4);
    for (int round = 0; round <= plan->last_round; round++) {
        const struct results results = results_of(plan, round);
        const struct result *best = results_best(&results);
        if (!results.count)
            continue;
        html_row(page);
        html_cell(page, "%d", round + 1);
        html_cell(page, "%s%s", rounds_budget(plan->sweep, round),
                  plan->sweep->budget == BUDGET_SHARE ? "" : " epochs");
        html_cell(page, "%d", results.count);
        html_cell(page, "%s", best ? results_label(plan, best) : "none");
    }
    html_table_end(page);
}

/* What to write and to type, and the same as a patch. */
static void print_again(struct html *page, const struct plan *plan, const struct results *results)
{
    const struct result *best = results_best(results);
    struct text diff = text_create(plan->sweep->arena);
    if (!best)
        return;
    const struct edited edited = edit_net(plan->sweep, plan->points[best->point].values);
    const struct text lines = again_lines(plan, best), command = again_command(plan, best, AGAIN_FROM_SWEEP);
    net_diff(&diff, &edited);
    html_heading(page, "The best point again");
    if (lines.length) {
        html_note(page, "In the model:");
        html_code(page, lines.bytes);
    }
    html_note(page, "In the folder of %s%s:", path_name(plan->sweep->source->path),
              plan->sweep->is_warm ? ", with --init and the weights of the run before" : "");
    html_code(page, command.bytes);
    if (!diff.length)
        return;
    html_note(page, "Or as a patch of the model, with lets in it:");
    html_code(page, diff.bytes);
}

/* What the learning curves come to, and how that was found. */
static void print_laws(struct html *page, const struct plan *plan, const struct results *results,
                       const struct learning_curve *curves, int count)
{
    for (int i = 0; i < count && i < PAGE_CURVES; i++)
        html_paragraph(page, "%s %s", learning_law(plan, results, &curves[i]),
                       learning_outlook(plan->sweep->arena, &curves[i]));
    if (count)
        html_note(
            page,
            "The law a + b n^-c goes through the figures of all runs by least squares of the relative "
            "residuals, a at least 0; behind ± are standard errors, and the dashed line goes on to twice the "
            "examples.");
}

bool page_write(const struct plan *plan, const struct results *results)
{
    struct arena *arena = plan->sweep->arena;
    struct learning_curve *curves = NULL;
    const int curve_count = learning_curves(plan, results, &curves);
    struct html page;
    struct buffer buffer;
    if (!buffer_open(&buffer)) {
        fprintf(stderr, "netc sweep: there is no memory for sweep.html\n");
        return false;
    }
    html_begin(&page, buffer.to, arena_format(arena, "Sweep of %s", plan->sweep->graph->name));
    print_best(&page, plan, results);
    print_facts(&page, plan);
    html_figures_begin(&page);
    page_learning(&page, plan, results, curves, curve_count);
    page_weights(&page, plan);
    page_settings(&page, plan, results);
    page_epochs(&page, plan, results);
    html_figures_end(&page);
    print_laws(&page, plan, results, curves, curve_count);
    print_rounds(&page, plan);
    print_table(&page, plan, results);
    print_again(&page, plan, results);
    const bool is_made = html_end(&page) && buffer_close(&buffer);
    if (!is_made)
        fprintf(stderr, "netc sweep: there is no memory for sweep.html\n");
    const bool is_written = is_made && file_write(arena_format(arena, "%s/sweep.html", plan->folder),
                                                  buffer.bytes, buffer.length);
    buffer_free(&buffer);
    return is_written;
}
