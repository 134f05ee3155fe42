/* thumb.h - an example's input, or what a network made of it, as a small picture. */
#ifndef NETC_RUN_REPORT_THUMB_H
#define NETC_RUN_REPORT_THUMB_H

#include <stdbool.h>

#include "dataset.h"
#include "model.h"

/* A picture has one or three channels; of others the first is shown. */
bool thumb_is_possible(const struct model *model);
/* Values in the network's units, [height][width][channels], of one picture or, where `other` is not NULL, of
 * two side by side with one scale of grey. A data URI, to be freed; NULL without memory. Pictures of more
 * than 64 pixels a side are made smaller. */
char *thumb_of(const struct model *model, const struct normaliser *normaliser, const real *values,
               const real *other);
/* As large as one is to be shown, in CSS's pixels. */
int thumb_width(const struct model *model);

#endif
