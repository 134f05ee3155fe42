/* report.c - the sections in their order, in a file that appears whole. */
#include "run_report/report.h"

#include "problem.h"
#include "run/output_file.h"
#include "run_report/sections.h"

static bool print(const struct reported *reported, FILE *to)
{
    struct html page;
    char title[256];
    snprintf(title, sizeof title, "%s", reported->record->model->name);
    html_begin(&page, to, title);
    section_facts(&page, reported);
    section_diagnosis(&page, reported);
    section_curves(&page, reported);
    section_classes(&page, reported);
    section_reliability(&page, reported);
    section_mistakes(&page, reported);
    section_values(&page, reported);
    section_copies(&page, reported);
    section_groups(&page, reported);
    section_weights(&page, reported);
    section_layers(&page, reported);
    section_record(&page, reported);
    section_text(&page, reported);
    return html_end(&page);
}

/* All that takes memory has it before a file is begun. */
bool report_write(const char *path, const struct run_record *record, void *net, struct problem *problem)
{
    struct tested tested;
    struct output_file file;
    const bool has_tested = tested_make(&tested, record->model, net, record->data);
    int class_count;
    const char *const *names = dataset_classes(record->data, &class_count);
    const struct reported reported = {.record = record,
                                      .net = net,
                                      .tested = has_tested ? &tested : NULL,
                                      .class_names = class_count ? names : NULL,
                                      .history = record->history,
                                      .diagnosis = record->diagnosis};
    bool is_written = output_file_open(&file, path, problem);
    if (is_written && !print(&reported, file.stream)) {
        is_written = output_file_fail(&file, "cannot be written: there is no memory for it", problem);
    } else if (is_written) {
        is_written = output_file_commit(&file, problem);
    }
    tested_release(&tested);
    return is_written;
}
