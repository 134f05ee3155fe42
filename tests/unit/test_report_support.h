/* test_report_support.h - a page in memory, and what must hold for every page. */
#ifndef NETC_TEST_REPORT_SUPPORT_H
#define NETC_TEST_REPORT_SUPPORT_H

#include "report/html.h"

struct paper {
    struct html page;
    char *text; /* after paper_end; the caller frees it */
    size_t length;
};
void paper_begin(struct paper *paper, const char *title);
/* Ends the page and asserts that it is well-formed. */
void paper_end(struct paper *paper);
/* Tags nest and are closed, attributes are quoted, no < or & stands alone. */
void paper_check(const char *text);

/* How often `what` stands in `text`. */
int count_of(const char *text, const char *what);

#endif
