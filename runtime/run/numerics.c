/* numerics.c - the first number of a step that is not finite, in the words of the generated file.
 *
 *     "the gradient by the result of 'c1'", number 17 is inf   ->   the gradient by the result of 'c1' has
 *                                                                    become infinite, first in its number 17
 */
#include "numerics.h"

#include <math.h>
#include <stdio.h>

static char finding[256];

void numerics_check(bool is_training, const char *what, const void *numbers, size_t count)
{
    const real *number = numbers;
    if (!is_training || finding[0])
        return;
    for (size_t i = 0; i < count; i++)
        if (!isfinite(number[i])) {
            snprintf(finding, sizeof finding, "%s %s, first in its number %zu of %zu", what,
                     isnan(number[i]) ? "has become NaN" : "has become infinite", i + 1, count);
            return;
        }
}

const char *numerics_finding(void)
{
    return finding[0] ? finding : NULL;
}
