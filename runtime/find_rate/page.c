/* page.c - the steps of find-rate as a table of numbers and as a page with their curve. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/pool.h"
#include "find_rate/find_rate.h"
#include "problem.h"
#include "report/chart.h"
#include "run/output_file.h"

/* Numbers that all are above 0 and span so many times the least are shown by their logarithms. */
enum { SPAN_OF_LOG = 100 };

static bool save_numbers(const struct find_rate *find, const char *path, struct problem *problem)
{
    const struct rate_curve *curve = &find->curve;
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    fprintf(file.stream, "step,rate,loss,smoothed_loss\n");
    for (int i = 0; i < curve->count; i++)
        fprintf(file.stream, "%d,%.9g,%.9g,%.9g\n", i + 1, curve->rate[i], curve->loss[i], curve->smooth[i]);
    return output_file_commit(&file, problem);
}

static bool spans_decades(const double *numbers, int count)
{
    double least = INFINITY, most = 0;
    for (int i = 0; i < count; i++) {
        least = fmin(least, numbers[i]);
        most = fmax(most, numbers[i]);
    }
    return least > 0 && most > SPAN_OF_LOG * least;
}

static void show_curve(struct html *page, const struct find_rate *find)
{
    const struct rate_curve *curve = &find->curve;
    const bool is_noisy = curve->keep > 0;
    const struct chart_series smooth = {.name = is_noisy ? "smoothed" : "of each step",
                                        .mark = CHART_LINE,
                                        .colour = 0,
                                        .count = curve->count,
                                        .x = curve->rate,
                                        .y = curve->smooth};
    struct chart_series loss = smooth;
    double *shown = memory_resize(NULL, (size_t)curve->count, sizeof *shown);
    char suggested[48], rises[48];
    for (int i = 0; i < curve->count; i++)
        shown[i] = rate_curve_limited(curve, i);
    loss.name = "of each step";
    loss.mark = CHART_POINTS;
    loss.colour = 1;
    loss.y = shown;
    const struct chart_series series[] = {loss, smooth};
    snprintf(suggested, sizeof suggested, "%.2g is suggested", find->finding.suggested);
    snprintf(rises, sizeof rises, "it rises from %.2g on", curve->rate[find->finding.edge]);
    const struct chart_rule rules[] = {{suggested, find->finding.suggested, false},
                                       {rises, curve->rate[find->finding.edge], false}};
    chart_print(page, &(struct chart){.title = "Loss of a step by its rate",
                                      .x_name = "rate",
                                      .y_name = "loss",
                                      .is_x_log = true,
                                      .is_y_log = spans_decades(curve->smooth, curve->count),
                                      .series = is_noisy ? series : series + 1,
                                      .series_count = is_noisy ? 2 : 1,
                                      .rules = rules,
                                      .rule_count = find->finding.has_fallen ? 2 : 0});
    free(shown);
}

static void show_finding(struct html *page, const struct find_rate *find)
{
    const struct rate_curve *curve = &find->curve;
    char place[300];
    if (!find->finding.has_fallen) {
        html_statement(page, "No rate is suggested: the loss falls at none of them by more than its noise.");
        return;
    }
    html_statement(
        page,
        "Suggested: rate %.2g, where the loss falls fastest between a tenth and a third of the rate at "
        "which it begins to rise.",
        find->finding.suggested);
    html_facts_begin(page);
    html_fact(page, "suggested", "%.2g", find->finding.suggested);
    html_fact(page, "loss rises from", "%.2g", curve->rate[find->finding.edge]);
    html_fact(page, "least loss at", "%.2g", curve->rate[find->finding.least]);
    html_fact(page, "a tenth of that", "%.2g", curve->rate[find->finding.least] / 10);
    html_facts_end(page);
    html_paragraph(page, "In the .net file, %s:", find_rate_place_text(find, place, sizeof place));
    html_code(page, find->statement.then);
}

static void show_how(struct html *page, const struct find_rate *find)
{
    const struct model_settings *settings = &find->session.model->settings;
    const struct rate_curve *curve = &find->curve;
    char text[300];
    html_note(
        page,
        "%d of %d rates from %.3g to %.3g, each for one step of %d examples from the weights that the steps "
        "before it made. Optimizer: %s, the rate aside. The schedule (%s) is left out.",
        curve->count, curve->most, curve->low, curve->high, find->batch, settings->optimizer,
        settings->schedule);
    if (*find_rate_end_text(find, text, sizeof text))
        html_note(page, "It was %s.", text);
    if (curve->keep > 0)
        html_note(page,
                  "Smoothed: each loss is a mean with its neighbours, a step's weight being %.3g of the one "
                  "nearer to it. The slope is that of a line through the smoothed losses around a rate.",
                  curve->keep);
}

static bool save_page(const struct find_rate *find, const char *path, struct problem *problem)
{
    struct html page;
    struct output_file file;
    char title[256];
    if (!output_file_open(&file, path, problem))
        return false;
    snprintf(title, sizeof title, "A rate for %.100s", find->session.model->name);
    html_begin(&page, file.stream, title);
    show_finding(&page, find);
    html_figures_begin(&page);
    show_curve(&page, find);
    html_figures_end(&page);
    show_how(&page, find);
    if (html_end(&page))
        return output_file_commit(&file, problem);
    return output_file_fail(&file, "there is no memory for the page", problem);
}

bool find_rate_save(const struct find_rate *find, const char *folder, struct problem *problem)
{
    char numbers[4096], page[4096];
    snprintf(numbers, sizeof numbers, "%s/rates.csv", folder);
    snprintf(page, sizeof page, "%s/index.html", folder);
    if (!save_numbers(find, numbers, problem))
        return false;
    if (save_page(find, page, problem))
        return true;
    unlink(numbers);
    return false;
}
