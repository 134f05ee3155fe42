/* maximise.h - activation maximisation: the input that excites a unit most, by gradient ascent from faint
 * noise (Erhan et al. 2009). It is held smooth by blurred gradients, coarse ones first, by a pull towards the
 * value 0 and by shifting the picture at random before each step (Yosinski et al. 2015; Olah et al. 2017).
 *
 * What comes out is what the unit answers to, not what a person would draw: a network is content with less.
 */
#ifndef NETC_LOOK_MAXIMISE_H
#define NETC_LOOK_MAXIMISE_H

#include <stdint.h>

#include "look/insight.h"
#include "look/range.h"

struct maximise_result {
    struct map input;
    double before, after; /* score of the start and of that */
};

/* The inputs are to be released. */
void maximise(struct insight *insight, const struct unit *units, int count, const struct look_range *range,
              uint64_t seed, struct maximise_result *results);

#endif
