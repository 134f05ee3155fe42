/* scale.h - an axis: which numbers it runs over, its ticks at round numbers, and where a number lies.
 *
 *     0.137 … 0.541 over 300 units   ->   ticks 0.2 0.3 0.4 0.5;  0.3 lies at 121.0 */
#ifndef NETC_REPORT_SCALE_H
#define NETC_REPORT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

enum { SCALE_TICKS = 12 };

struct scale {
    bool is_log;
    double low, high;          /* numbers at its two ends */
    double from, to;           /* their places, in units of the drawing */
    double ticks[SCALE_TICKS]; /* [tick_count] within low … high, in their order */
    int tick_count;
    int decimals; /* of the ticks' texts; -1: as powers of ten have them */
};

enum scale_form {
    SCALE_LOG = 1,     /* where `low` is positive */
    SCALE_WIDENED = 2, /* its ends move out to the next ticks */
    SCALE_WHOLE = 4,   /* no ticks between whole numbers */
};
/* From low to high, which may be equal, with at most about `most` ticks, at 1, 2 or 5 times a power of ten.
 */
void scale_set(struct scale *scale, double low, double high, unsigned form, int most);
double scale_place(const struct scale *scale, double number);
/* "0.05", "20", "1e-4" */
const char *scale_text(const struct scale *scale, double tick, char *text, size_t size);

#endif
