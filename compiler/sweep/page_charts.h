/* page_charts.h - the charts of sweep.html, which stand side by side. Each prints nothing where there is
 * nothing to show. */
#ifndef NETC_SWEEP_PAGE_CHARTS_H
#define NETC_SWEEP_PAGE_CHARTS_H

#include "report/html.h"
#include "sweep/learning.h"

enum { PAGE_CURVES = 6 }; /* learning curves that are shown at most */

/* The figure that ranks, against each setting. */
void page_settings(struct html *page, const struct plan *plan, const struct results *results);
void page_learning(struct html *page, const struct plan *plan, const struct results *results,
                   const struct learning_curve *curves, int count);
/* Collected weights against the last setting. */
void page_weights(struct html *page, const struct plan *plan);
/* The loss after each epoch of the best points. */
void page_epochs(struct html *page, const struct plan *plan, const struct results *results);

#endif
