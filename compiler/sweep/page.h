/* page.h - sweep.html: the table of a sweep with curves, in one file. */
#ifndef NETC_SWEEP_PAGE_H
#define NETC_SWEEP_PAGE_H

#include "sweep/results.h"

/* False when it cannot be written, which has been told. */
bool page_write(const struct plan *plan, const struct results *results);

#endif
