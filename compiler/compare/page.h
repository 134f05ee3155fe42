/* page.h - runs side by side on one page: what differs, final figures, curves laid over one another. */
#ifndef NETC_COMPARE_PAGE_H
#define NETC_COMPARE_PAGE_H

#include <stdio.h>

#include "compare/comparison.h"

/* False where memory was wanting. */
bool page_print(struct arena *arena, const struct comparison *comparison, FILE *to);

#endif
