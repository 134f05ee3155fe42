/* calibrated.c - the section of a calibration, and the report with that in its place. */
#include "run_report/calibrated.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/file.h"
#include "problem.h"
#include "report/buffer.h"
#include "report/place.h"
#include "run/certainty.h"
#include "run/output_file.h"
#include "run_report/sections.h"

enum { REPORT_BYTES = 1 << 26 }; /* none is as large by far */

static void print_figures(struct html *page, const struct calibrated *calibrated)
{
    static const struct html_column columns[] = {
        {"", false}, {"", false}, {"NLL", true}, {"ECE", true}, {"Brier", true}};
    html_table_begin(page, NULL, columns, 5);
    for (int i = 0; i < 2 * calibrated->count; i++) {
        const struct calibrated_split *split = &calibrated->splits[i / 2];
        const struct calibration *calibration = i % 2 ? &split->after : &split->before;
        html_row(page);
        html_cell(page, "%s", i % 2 ? "" : split->name);
        html_cell(page, "%s", i % 2 ? "after" : "before");
        html_cell(page, "%.4f", calibration_nll(calibration));
        html_cell(page, "%.4f", calibration_ece(calibration));
        html_cell(page, "%.4f", calibration_brier(calibration));
    }
    html_table_end(page);
}

static void print_thresholds(struct html *page, const struct calibrated *calibrated)
{
    const struct familiarity *familiarity = calibrated->familiarity;
    char density[64] = "";
    if (!familiarity)
        return;
    if (familiarity->density.classes)
        snprintf(density, sizeof density, " or a log density below %.6g",
                 familiarity->together.of[SCORE_DENSITY]);
    html_paragraph(page, "Unlike the training data is what has an energy above %.6g%s: %.2f %% of %s.",
                   certainty_shown(SCORE_ENERGY, familiarity->together.of[SCORE_ENERGY]), density,
                   100 * calibrated->unlike, calibrated->splits[0].name);
}

static void print_section(struct html *page, const struct calibrated *calibrated)
{
    const struct calibrated_split *shown = &calibrated->splits[calibrated->count - 1];
    char title[128];
    html_heading(page, "Calibration");
    html_paragraph(
        page,
        "Temperature %.6g, by the %zu examples of %s: at this predict and evaluate take their probabilities. "
        "No predicted class is another for it; the rest of this page is as training left it.",
        calibrated->temperature, calibrated->splits[0].examples, calibrated->splits[0].name);
    print_figures(page, calibrated);
    html_figures_begin(page);
    snprintf(title, sizeof title, "Share of %s that is right, before", shown->name);
    reliability_chart(page, title, &shown->before);
    snprintf(title, sizeof title, "Share of %s that is right, after", shown->name);
    reliability_chart(page, title, &shown->after);
    html_figures_end(page);
    print_thresholds(page, calibrated);
    html_section_end(page);
}

static bool make_section(const struct calibrated *calibrated, struct buffer *section)
{
    if (!buffer_open(section))
        return false;
    struct html page = {.to = section->to};
    print_section(&page, calibrated);
    return !page.lacks_memory && buffer_close(section);
}

/* RUN/report.html of RUN/model.safetensors; false: the model is not that of a run, or has none. */
static bool find_report(const char *model, char report[CALIBRATED_PATH])
{
    const char *slash = strrchr(model, '/'), *name = slash ? slash + 1 : model;
    const int length = snprintf(report, CALIBRATED_PATH, "%.*sreport.html", (int)(name - model), model);
    return strcmp(name, "model.safetensors") == 0 && length < CALIBRATED_PATH &&
           (access(report, F_OK) == 0 || errno != ENOENT);
}

static bool fill_report(const char *report, const char *page, const char *section, bool *has_place,
                        struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, report, problem))
        return false;
    *has_place = place_fill(file.stream, page, CALIBRATED_PLACE, section);
    if (*has_place)
        return output_file_commit(&file, problem);
    output_file_abandon(&file);
    return true;
}

bool calibrated_show(const struct calibrated *calibrated, const char *model, char report[CALIBRATED_PATH],
                     struct problem *problem)
{
    struct file page;
    struct buffer section;
    bool has_place = find_report(model, report);
    if (!has_place) {
        *report = 0;
        return true;
    }
    if (!file_read(&page, report, REPORT_BYTES, NULL, problem))
        return false;
    const bool is_good =
        make_section(calibrated, &section)
            ? fill_report(report, (const char *)page.bytes, section.bytes, &has_place, problem)
            : problem_at(problem, report, 0, 0, "cannot be written: there is no memory for it");
    if (!has_place)
        *report = 0;
    buffer_free(&section);
    file_free(&page);
    return is_good;
}
