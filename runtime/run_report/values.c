/* values.c - the section of networks that predict real targets: predicted against true with the band of two
 * deviations, and whether the deviations hold what they promise. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "report/chart.h"
#include "run/figures.h"
#include "run_report/sections.h"

enum { BAND = 200, FEW = 24, TABLE_MOST = 50, LEVELS = 9 };

static const char *target_name(const struct reported *reported, int k, char *text, size_t size)
{
    int count;
    const char *const *names = dataset_targets(reported->record->data, &count);
    if (k < count)
        return names[k];
    snprintf(text, size, "target %d", k);
    return text;
}

/* A value of the split and where it belongs in an order. */
struct ordered {
    double key;
    size_t at;
};

static int compare_keys(const void *one, const void *other)
{
    const struct ordered *a = one, *b = other;
    return a->key < b->key ? -1 : a->key > b->key ? 1 : a->at < b->at ? -1 : a->at > b->at;
}

static struct ordered *order_by(const double *keys, size_t count)
{
    struct ordered *order = memory_resize(NULL, count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = (struct ordered){keys[i], i};
    qsort(order, count, sizeof *order, compare_keys);
    return order;
}

/* Mean and deviation of groups of neighbours. */
struct band {
    double x[BAND], middle[BAND], low[BAND], high[BAND];
    int count;
};

/* Neighbours by `keys`, in at most so many groups; middle is the mean prediction. */
static void band_make(struct band *band, const struct tested *tested, int k, const double *keys, int most)
{
    const size_t count = tested->value_count, from = (size_t)k * count;
    struct ordered *order = order_by(keys, count);
    band->count = count < (size_t)most ? (int)count : most;
    for (int i = 0; i < band->count; i++) {
        const size_t first = count * (size_t)i / (size_t)band->count,
                     end = count * (size_t)(i + 1) / (size_t)band->count;
        double x = 0, middle = 0, variance = 0;
        for (size_t j = first; j < end; j++) {
            x += order[j].key;
            middle += tested->mean[from + order[j].at];
            variance += pow(tested_sigma(tested, k, order[j].at), 2);
        }
        const double members = (double)(end - first), sigma = sqrt(variance / members);
        band->x[i] = x / members;
        band->middle[i] = middle / members;
        band->low[i] = band->middle[i] - 2 * sigma;
        band->high[i] = band->middle[i] + 2 * sigma;
    }
    free(order);
}

static struct chart_series band_series(const struct tested *tested, const struct band *band)
{
    return (struct chart_series){.name = tested->has_sigma ? "±2σ" : "±2 RMSE",
                                 .mark = CHART_BAND,
                                 .colour = 1,
                                 .count = band->count,
                                 .x = band->x,
                                 .y = band->high,
                                 .low = band->low};
}

/* The values of target k that are right. */
static struct chart_series truth_series(const char *name, const struct tested *tested, int k, const double *x)
{
    return (struct chart_series){.name = name,
                                 .mark = CHART_POINTS,
                                 .count = (int)tested->value_count,
                                 .x = x,
                                 .y = tested->truth + (size_t)k * tested->value_count};
}

static void print_against(struct html *page, const struct reported *reported, int k)
{
    const struct tested *tested = reported->tested;
    const size_t from = (size_t)k * tested->value_count;
    char name[32], title[160];
    struct band band;
    band_make(&band, tested, k, tested->mean + from, FEW);
    const double ends[] = {band.x[0], band.x[band.count - 1]};
    const struct chart_series series[] = {band_series(tested, &band),
                                          truth_series("example", tested, k, tested->mean + from),
                                          chart_diagonal("right", 5, ends)};
    snprintf(title, sizeof title, "Predicted against true: %s", target_name(reported, k, name, sizeof name));
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = "predicted",
                                      .y_name = "true",
                                      .is_square = true,
                                      .series = series,
                                      .series_count = 3});
}

/* The curve itself, where there is one input. */
static void print_over_input(struct html *page, const struct reported *reported, int k)
{
    const struct tested *tested = reported->tested;
    const struct normaliser *normaliser = tested->normaliser;
    char name[32], title[160];
    struct band band;
    snprintf(title, sizeof title, "Over its input: %s", target_name(reported, k, name, sizeof name));
    band_make(&band, tested, k, tested->inputs, BAND);
    const struct chart_series series[] = {band_series(tested, &band),
                                          truth_series("true", tested, k, tested->inputs),
                                          {.name = "predicted",
                                           .mark = CHART_LINE,
                                           .colour = 1,
                                           .count = band.count,
                                           .x = band.x,
                                           .y = band.middle}};
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = normaliser->feature_count ? normaliser->features[0] : "input",
                                      .y_name = target_name(reported, k, name, sizeof name),
                                      .is_square = true,
                                      .series = series,
                                      .series_count = 3});
}

/* Of intervals that should hold so many of the values, the share that they do hold. */
static void print_coverage(struct html *page, const struct reported *reported, int k)
{
    const struct tested *tested = reported->tested;
    char name[32], title[160];
    static const double promised[LEVELS] = {0, 0.1, 0.25, 0.5, 0.6826895, 0.8, 0.9, 0.95, 0.99};
    static const double deviations[LEVELS] = {0,         0.1256613, 0.3186394, 0.6744898, 1,
                                              1.2815516, 1.6448536, 1.959964,  2.5758293};
    double held[LEVELS];
    for (int i = 0; i < LEVELS; i++)
        held[i] = i ? tested_coverage(tested, k, deviations[i]) : 0;
    const double ends[] = {0, 1};
    snprintf(title, sizeof title, "Coverage of intervals: %s", target_name(reported, k, name, sizeof name));
    const struct chart_series series[] = {
        {.name = "held", .mark = CHART_LINE, .colour = 0, .count = LEVELS, .x = promised, .y = held},
        chart_diagonal("as promised", 1, ends)};
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = "share that an interval should hold",
                                      .x_high = 1,
                                      .y_high = 1,
                                      .is_square = true,
                                      .series = series,
                                      .series_count = 2});
}

static void print_table(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    const struct html_column columns[] = {
        {"target", false}, {"RMSE", true}, {"MAE", true}, {"R²", true}, {"within 2σ", true}};
    html_table_begin(page, NULL, columns, tested->has_sigma ? 5 : 4);
    for (int k = 0; k < tested->targets && k < TABLE_MOST; k++) {
        char name[32];
        const double r_squared = tested_r_squared(tested, k), count = (double)tested->examples->count;
        html_row(page);
        html_cell(page, "%s", target_name(reported, k, name, sizeof name));
        html_cell(page, "%.4g", tested_rmse(tested, k));
        html_cell(page, "%.4g", tested->sums[k].absolute / count);
        if (isnan(r_squared))
            html_cell(page, "–");
        else
            html_cell(page, "%.4f", r_squared);
        if (tested->has_sigma)
            html_cell(page, "%.1f %%", 100 * (double)tested->sums[k].within / count);
    }
    html_table_end(page);
    if (tested->targets > TABLE_MOST)
        html_note(page, "The first %d of %d targets.", TABLE_MOST, tested->targets);
}

/* What a share says that should be `wanted`, of so many. */
static const char *judged(double held, double wanted, size_t count)
{
    const double chance = 2 * sqrt(wanted * (1 - wanted) / (double)count);
    return held < wanted - chance - 0.01   ? "the network is too sure of itself"
           : held > wanted + chance + 0.01 ? "it is less sure than it could be"
                                           : "σ means what it says";
}

/* What the band held, beside what a normal distribution would. */
static void print_held(struct html *page, const struct reported *reported)
{
    static const double of_normal = 0.9545;
    const struct tested *tested = reported->tested;
    for (int k = 0; k < tested->kept; k++) {
        char name[32];
        const double held = tested_coverage(tested, k, 2);
        if (tested->has_sigma)
            html_paragraph(page,
                           "%s: %.1f %% of the %s values lie within 2σ of the prediction, where a normal "
                           "distribution has 95.4 %%: %s.",
                           target_name(reported, k, name, sizeof name), 100 * held, tested->split,
                           judged(held, of_normal, tested->value_count));
        else
            html_paragraph(page,
                           "%s: this output tells no σ of its own; the band is twice the RMSE of the %s "
                           "split, and holds %.1f %% of it.",
                           target_name(reported, k, name, sizeof name), tested->split, 100 * held);
    }
}

void section_values(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    if (!tested || tested->kind != TESTED_REALS)
        return;
    html_heading(page, "Predictions");
    print_table(page, reported);
    print_held(page, reported);
    html_figures_begin(page);
    for (int k = 0; k < tested->kept; k++) {
        if (tested->inputs)
            print_over_input(page, reported, k);
        print_against(page, reported, k);
        if (tested->has_sigma)
            print_coverage(page, reported, k);
    }
    html_figures_end(page);
    if (tested->every > 1)
        html_note(page, "Charts show every %zuth example.", tested->every);
    if (tested->targets > tested->kept)
        html_note(page, "Charts are of the first %d targets.", tested->kept);
}
