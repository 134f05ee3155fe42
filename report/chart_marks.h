/* chart_marks.h - what is drawn within the frame of a chart. */
#ifndef NETC_REPORT_CHART_MARKS_H
#define NETC_REPORT_CHART_MARKS_H

#include <stddef.h>
#include <stdio.h>

#include "report/chart.h"
#include "report/scale.h"

struct marks {
    const struct chart *chart;
    struct scale x, y;
    int height;   /* of the drawing */
    double slant; /* room that slanted names take below; 0: they are level */
};

/* x of number i. */
double marks_x(const struct chart_series *series, int i);
/* In the numbers of the x axis. */
double marks_bar_width(const struct chart_series *series);
/* The CSS classes of its mark. */
const char *marks_class(const struct chart_series *series, char *text, size_t size);
void marks_print(struct html *page, const struct marks *marks);

#endif
