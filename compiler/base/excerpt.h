/* excerpt.h - the source line of a message with its caret run. */
#ifndef NETC_EXCERPT_H
#define NETC_EXCERPT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/source.h"

/* Two lines: `%5d | source line` and the caret run under the span, as far as it lies on its first line. Tabs
 * become blanks, what a terminal cannot show becomes U+FFFD, and a line of more than 120 columns is cut
 * around the caret. */
void excerpt_print(FILE *to, struct span span, bool color);

#endif
