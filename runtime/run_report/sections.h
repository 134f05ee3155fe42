/* sections.h - the sections of report.html, one function each; one that has nothing to show shows nothing. */
#ifndef NETC_RUN_REPORT_SECTIONS_H
#define NETC_RUN_REPORT_SECTIONS_H

#include "report/html.h"
#include "run/run_folder.h"
#include "run_report/diagnosis.h"
#include "run_report/tested.h"

/* What they show. */
struct reported {
    const struct run_record *record;
    void *net;
    const struct tested *tested;    /* NULL: there is no example to test with */
    const char *const *class_names; /* [classes]; NULL: they have none */
    const struct history *history;
    const struct diagnosis *diagnosis;
};

/* How often a network is right when it is so sure. */
void reliability_chart(struct html *page, const char *title, const struct calibration *calibration);

void section_facts(struct html *page, const struct reported *reported);
void section_diagnosis(struct html *page, const struct reported *reported);
void section_curves(struct html *page, const struct reported *reported);
void section_classes(struct html *page, const struct reported *reported);
void section_reliability(struct html *page, const struct reported *reported);
void section_mistakes(struct html *page, const struct reported *reported);
void section_values(struct html *page, const struct reported *reported);
void section_copies(struct html *page, const struct reported *reported);
void section_groups(struct html *page, const struct reported *reported);
void section_weights(struct html *page, const struct reported *reported);
void section_layers(struct html *page, const struct reported *reported);
void section_record(struct html *page, const struct reported *reported);
void section_text(struct html *page, const struct reported *reported);

#endif
