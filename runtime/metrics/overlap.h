/* overlap.h - how well what was found covers what is there, class by class: intersection over union
 * (Jaccard).
 *
 *     found  0 1 1 1        class 1: 2 positions in both, 3 + 3 - 2 in either   ->   IoU 0.5
 *     there  0 0 1 1 1
 */
#ifndef NETC_METRICS_OVERLAP_H
#define NETC_METRICS_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "real.h"

/* Positions of a class. */
struct overlap_class {
    size_t both, found, there; /* of its own and the network's; the network's; its own */
};

struct overlap {
    struct overlap_class *classes; /* [count]; NULL: no memory */
    int count;
    size_t positions;
};

struct overlap overlap_create(int classes);
void overlap_release(struct overlap *overlap);
/* probability[position][class], target[position]: the most probable class is what was found. */
void overlap_add_classes(struct overlap *overlap, const real *probability, const int32_t *target,
                         int positions);
/* probability[position][class] and target 0 or 1, each class on its own: found above 1/2. */
void overlap_add_answers(struct overlap *overlap, const real *probability, const real *target, int positions);

double overlap_iou(const struct overlap_class *class);    /* NaN of a class that is neither found nor there */
double overlap_recall(const struct overlap_class *class); /* share of its positions that are found; NaN */
double overlap_mean_iou(const struct overlap *overlap); /* over the classes that have one; NaN without any */

#endif
