/* page_epochs.c - history.csv of the best points as curves.
 *
 *     epoch,train_loss,train_accuracy,validation_loss,…    ->    validation loss by epoch, else train loss */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "compare/run.h"
#include "report/chart.h"
#include "sweep/page_charts.h"

enum { MOST_CURVES = 8 };

/* The validation loss where it was measured, else that of training; the number of epochs. */
static int curve_of(const struct plan *plan, const struct result *row, double **curve, bool *is_validation)
{
    struct arena *arena = arena_create();
    struct run history;
    int count = 0;
    if (run_read(arena, run_folder(plan, &plan->runs[row->run]), &history, diagnostics_create(arena))) {
        const double *validation = run_column(&history, "validation_loss");
        *is_validation = validation && history.row_count && !isnan(validation[0]);
        const double *loss = *is_validation ? validation : run_column(&history, "train_loss");
        count = history.row_count;
        *curve = ARENA_ARRAY(plan->sweep->arena, double, (size_t)count + 1);
        memcpy(*curve, loss, (size_t)count * sizeof *loss);
    }
    arena_release(arena);
    return count;
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
                        .is_x_whole = true,
                        .is_y_log = high > 10 * low,
                        .note = plan->sweep->seed_count > 1 ? "of the first seed of each" : NULL,
                        .series = series,
                        .series_count = count});
}
