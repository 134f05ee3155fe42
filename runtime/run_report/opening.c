/* opening.c - the first of a report: what came out, what is wrong with it, and the curves it came by. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "report/chart.h"
#include "run/figures.h"
#include "run_report/advice.h"
#include "run_report/sections.h"

static void print_scores(struct html *page, const struct reported *reported, const char *split,
                         const struct score *score)
{
    char name[64];
    const struct metric *metric = metric_of(reported->record->model);
    const double value = metric_value(metric, score, dataset_normaliser(reported->record->data));
    snprintf(name, sizeof name, "%s %s", split, metric_is_share(metric) ? "accuracy" : "RMSE");
    html_fact(page, name, "%.*f%s", metric->decimals, metric->scale * value, metric->unit);
    snprintf(name, sizeof name, "%s loss", split);
    html_fact(page, name, "%.4g", score_loss(score));
    if (!metric_is_share(metric)) {
        snprintf(name, sizeof name, "%s R²", split);
        html_fact(page, name, "%.4f", score_r_squared(score));
    }
}

void section_facts(struct html *page, const struct reported *reported)
{
    const struct run_record *record = reported->record;
    const struct training *run = record->run;
    html_facts_begin(page);
    if (record->test->examples)
        print_scores(page, reported, "test", record->test);
    else if (run->at.best.validation.examples)
        print_scores(page, reported, "validation", &run->at.best.validation);
    else if (run->at.best.train.examples)
        print_scores(page, reported, "training", &run->at.best.train);
    html_fact(page, "epochs done", "%d of %d", run->at.epochs_done, run->epochs);
    if (run->at.best_epoch)
        html_fact(page, "weights kept", "epoch %d", run->at.best_epoch);
    else
        html_fact(page, "weights kept", "the first");
    html_fact(page, "time", "%.1f s", record->seconds);
    html_facts_end(page);
}

/* How it ended, where that was before its time. */
static const char *end_of(const struct training *run, char *text, size_t size)
{
    char end[600];
    *text = 0;
    if (run->end == TRAINING_INTERRUPTED || run->end == TRAINING_TIME)
        snprintf(text, size, " The run is not complete: %s.", training_end_text(run, end, sizeof end));
    return text;
}

void section_diagnosis(struct html *page, const struct reported *reported)
{
    const struct run_record *record = reported->record;
    const struct advised advised = {.model = record->model,
                                    .normaliser = dataset_normaliser(record->data),
                                    .examples = record->run->train->count,
                                    .epochs = record->run->epochs,
                                    .text = model_source.text ? model_source.text : ""};
    const enum remedy *remedies = reported->diagnosis->remedies;
    char text[700];
    html_heading(page, "Diagnosis");
    html_statement(page, "%s%s", reported->diagnosis->sentence, end_of(record->run, text, sizeof text));
    if (remedies[0] == REMEDY_NONE)
        return;
    html_items_begin(page);
    for (int i = 0; i < REMEDIES && remedies[i] != REMEDY_NONE; i++)
        if (advice_text(&advised, remedies[i], text, sizeof text))
            html_item(page, "%s", text);
    html_items_end(page);
}

/* One number an epoch. */
struct curves {
    double *epoch, *train_loss, *validation_loss, *train_metric, *validation_metric, *rate;
    int count;
};

static double *numbers(int count)
{
    return memory_resize(NULL, (size_t)count, sizeof(double));
}

static void curves_create(struct curves *curves, const struct run_record *record)
{
    const struct observer *observer = record->observer;
    const struct metric *metric = metric_of(record->model);
    const struct normaliser *normaliser = dataset_normaliser(record->data);
    const int count = observer->row_count;
    *curves = (struct curves){numbers(count), numbers(count), numbers(count), numbers(count),
                              numbers(count), numbers(count), count};
    for (int i = 0; i < count; i++) {
        const struct training_epoch *row = &observer->rows[i];
        const bool is_validated = row->validation.examples > 0;
        curves->epoch[i] = row->epoch;
        curves->train_loss[i] = score_loss(&row->train);
        curves->validation_loss[i] = is_validated ? score_loss(&row->validation) : NAN;
        curves->train_metric[i] = metric->scale * metric_value(metric, &row->train, normaliser);
        curves->validation_metric[i] =
            is_validated ? metric->scale * metric_value(metric, &row->validation, normaliser) : NAN;
        curves->rate[i] = row->rate;
    }
}

static void curves_release(struct curves *curves)
{
    free(curves->epoch);
    free(curves->train_loss);
    free(curves->validation_loss);
    free(curves->train_metric);
    free(curves->validation_metric);
    free(curves->rate);
}

/* Losses that fall over two powers of ten are shown by their logarithms. */
static bool spans_decades(const double *numbers, int count)
{
    double least = INFINITY, most = 0;
    for (int i = 0; i < count; i++)
        if (isfinite(numbers[i])) {
            least = fmin(least, numbers[i]);
            most = fmax(most, numbers[i]);
        }
    return least > 0 && most > 100 * least;
}

static void print_pair(struct html *page, const struct reported *reported, const struct curves *curves,
                       const char *title, const double *train, const double *validation)
{
    char kept[64];
    const struct training *run = reported->record->run;
    const bool is_validated = reported->history->validation != NULL;
    const struct chart_series series[] = {{.name = "training",
                                           .mark = CHART_LINE,
                                           .colour = 0,
                                           .count = curves->count,
                                           .x = curves->epoch,
                                           .y = train},
                                          {.name = "validation",
                                           .mark = CHART_LINE,
                                           .colour = 1,
                                           .count = curves->count,
                                           .x = curves->epoch,
                                           .y = validation}};
    const struct chart_rule rule = {kept, run->at.best_epoch, false};
    snprintf(kept, sizeof kept, "epoch %d is kept", run->at.best_epoch);
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = "epoch",
                                      .is_x_whole = true,
                                      .is_y_log = spans_decades(train, curves->count) ||
                                                  (is_validated && spans_decades(validation, curves->count)),
                                      .series = series,
                                      .series_count = is_validated ? 2 : 1,
                                      .rules = &rule,
                                      .rule_count = run->at.best_epoch > 0});
}

void section_curves(struct html *page, const struct reported *reported)
{
    struct curves curves;
    const bool is_share = metric_is_share(metric_of(reported->record->model));
    if (reported->history->count == 0)
        return;
    curves_create(&curves, reported->record);
    html_heading(page, "Curves");
    html_figures_begin(page);
    print_pair(page, reported, &curves, "Loss", curves.train_loss, curves.validation_loss);
    print_pair(page, reported, &curves, is_share ? "Accuracy, %" : "RMSE", curves.train_metric,
               curves.validation_metric);
    const struct chart_series rate = {
        .mark = CHART_LINE, .colour = 2, .count = curves.count, .x = curves.epoch, .y = curves.rate};
    chart_print(page, &(struct chart){.title = "Rate at the end of each epoch",
                                      .x_name = "epoch",
                                      .is_x_whole = true,
                                      .has_zero = true,
                                      .series = &rate,
                                      .series_count = 1});
    html_figures_end(page);
    html_note(page,
              "Training figures are measured while an epoch goes, with dropout and augmentation and before "
              "its last steps; validation figures at its end, without.");
    curves_release(&curves);
}
