/* page_epochs.c - history.csv of the best points as curves.
 *
 *     epoch,train_loss,train_accuracy,validation_loss,…    ->    the validation loss by epoch, else that of
 * training */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/files.h"
#include "report/chart.h"
#include "sweep/page_charts.h"

enum { MOST_CURVES = 8 };

/* The place of a column in a line of names; -1: it has none. */
static int find_column(const char *line, const char *name)
{
    for (int column = 0;; column++) {
        const size_t length = strcspn(line, ",\n");
        if (length == strlen(name) && memcmp(line, name, length) == 0)
            return column;
        if (line[length] != ',')
            return -1;
        line += length + 1;
    }
}

/* The number in a column of a line; NAN where there is none. */
static double number_at(const char *line, int column)
{
    for (; column > 0; column--) {
        line += strcspn(line, ",\n");
        if (*line != ',')
            return NAN;
        line++;
    }
    char *end;
    const double number = strtod(line, &end);
    return end == line ? NAN : number;
}

/* One column of a history; empty where the file has none, or nothing in it. */
static int read_curve(struct arena *arena, const char *bytes, const char *name, double **curve)
{
    const int column = find_column(bytes, name);
    int lines = 0, count = 0, numbers = 0;
    for (const char *at = bytes; (at = strchr(at, '\n')); at++)
        lines++;
    *curve = ARENA_ARRAY(arena, double, (size_t)lines + 1);
    for (const char *at = strchr(bytes, '\n'); column >= 0 && at && at[1]; at = strchr(at + 1, '\n')) {
        const double number = number_at(at + 1, column);
        numbers += !isnan(number);
        (*curve)[count++] = number;
    }
    return numbers ? count : 0;
}

static int curve_of(const struct plan *plan, const struct result *row, double **curve, bool *is_validation)
{
    struct arena *arena = plan->sweep->arena;
    size_t length = 0;
    char *bytes = file_read(
        arena, arena_format(arena, "%s/history.csv", run_folder(plan, &plan->runs[row->run])), &length);
    if (!bytes)
        return 0;
    bytes[length] = 0;
    const int count = read_curve(arena, bytes, "validation_loss", curve);
    *is_validation = count > 0;
    return count ? count : read_curve(arena, bytes, "train_loss", curve);
}

void page_epochs(struct html *page, const struct plan *plan, const struct results *results)
{
    struct chart_series series[MOST_CURVES];
    int count = 0;
    bool is_validation = false;
    double low = INFINITY, high = 0;
    for (int rank = 1; rank <= MOST_CURVES; rank++)
        for (int i = 0; i < results->count; i++) {
            double *curve;
            if (results->rows[i].rank != rank)
                continue;
            const int length = curve_of(plan, &results->rows[i], &curve, &is_validation);
            for (int j = 0; j < length; j++) {
                low = fmin(low, curve[j] > 0 ? curve[j] : low);
                high = fmax(high, curve[j]);
            }
            if (length > 1)
                series[count] = (struct chart_series){.name = results_label(plan, &results->rows[i]),
                                                      .mark = CHART_LINE,
                                                      .colour = count,
                                                      .count = length,
                                                      .y = curve};
            count += length > 1;
        }
    if (!count)
        return;
    chart_print(
        page,
        &(struct chart){.title = count > 1 ? arena_format(plan->sweep->arena, "The best %d", count) : "Loss",
                        .x_name = "epoch",
                        .y_name = is_validation ? "validation loss" : "train loss",
                        .is_y_log = high > 10 * low,
                        .note = plan->sweep->seed_count > 1 ? "of the first seed of each" : NULL,
                        .series = series,
                        .series_count = count});
}
