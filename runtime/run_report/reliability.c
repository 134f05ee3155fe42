/* reliability.c - the section of networks that tell classes on whether probabilities mean what they say, and
 * the place for what `calibrate` makes of them. */
#include <math.h>

#include "report/chart.h"
#include "report/place.h"
#include "run_report/calibrated.h"
#include "run_report/sections.h"

void reliability_chart(struct html *page, const char *title, const struct calibration *calibration)
{
    double middle[CALIBRATION_BINS], accuracy[CALIBRATION_BINS];
    static const double ends[] = {0, 1};
    for (int i = 0; i < CALIBRATION_BINS; i++) {
        const struct calibration_bin *bin = &calibration->bins[i];
        middle[i] = (i + 0.5) / CALIBRATION_BINS;
        accuracy[i] = bin->examples ? calibration_accuracy(bin) : NAN;
    }
    const struct chart_series reliability[] = {
        {.name = "right", .mark = CHART_BARS, .count = CALIBRATION_BINS, .x = middle, .y = accuracy},
        chart_diagonal("as sure as right", 1, ends)};
    chart_print(page, &(struct chart){.title = title,
                                      .x_name = "probability of the predicted class",
                                      .x_high = 1,
                                      .y_high = 1,
                                      .series = reliability,
                                      .series_count = 2});
}

static void print_examples(struct html *page, const struct calibration *calibration)
{
    double middle[CALIBRATION_BINS], share[CALIBRATION_BINS];
    for (int i = 0; i < CALIBRATION_BINS; i++) {
        middle[i] = (i + 0.5) / CALIBRATION_BINS;
        share[i] = 100 * (double)calibration->bins[i].examples / (double)calibration->examples;
    }
    const struct chart_series examples = {
        .mark = CHART_BARS, .colour = 2, .count = CALIBRATION_BINS, .x = middle, .y = share};
    chart_print(page, &(struct chart){.title = "How often, %",
                                      .x_name = "probability of the predicted class",
                                      .x_high = 1,
                                      .series = &examples,
                                      .series_count = 1});
}

void section_reliability(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    if (!tested || (tested->kind != TESTED_CLASSES && tested->kind != TESTED_LABELS))
        return;
    const struct calibration *calibration = &tested->calibration;
    double confidence = 0, correct = 0;
    for (int i = 0; i < CALIBRATION_BINS; i++) {
        confidence += calibration->bins[i].confidence;
        correct += calibration->bins[i].correct;
    }
    const double mean = confidence / (double)calibration->examples,
                 right = correct / (double)calibration->examples;
    const double chance = 0.01 + 2 * sqrt(mean * (1 - mean) / (double)calibration->examples);
    html_heading(page, "Reliability");
    html_paragraph(
        page,
        "On the mean the network is %.1f %% sure and %.1f %% right: %s. Expected calibration error %.4f (%d "
        "bins), Brier score %.4f.",
        100 * mean, 100 * right,
        mean > right + chance   ? "too sure of itself"
        : mean < right - chance ? "not sure enough"
                                : "its probabilities mean what they say, on the whole",
        calibration_ece(calibration), CALIBRATION_BINS, calibration_brier(calibration));
    html_figures_begin(page);
    reliability_chart(page, "Share that is right", calibration);
    print_examples(page, calibration);
    html_figures_end(page);
    place_print(page, CALIBRATED_PLACE);
}
