/* place.h - a place in a page, between two comments, into which another program puts something later, and
 * again.
 *
 *     <!-- calibration -->               <!-- calibration -->
 *     <!-- end of calibration -->   ->   <section>…</section>
 *                                        <!-- end of calibration --> */
#ifndef NETC_REPORT_PLACE_H
#define NETC_REPORT_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct html;

/* An empty place; the section before it ends. */
void place_print(struct html *page, const char *name);
/* Prints the page, which ends with a NUL, with `part` in its place and not what stood there. False, and
 * nothing printed: it has no such place. */
bool place_fill(FILE *to, const char *page, const char *name, const char *part);

#endif
