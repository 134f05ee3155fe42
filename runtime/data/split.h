/* split.h - draws some of the rows from the seed, each class in its share.
 *
 *     100 rows, 90 of class 0, 10 of class 1, 20 wanted  ->  18 and 2 of them; the other 80 stay */
#ifndef NETC_DATA_SPLIT_H
#define NETC_DATA_SPLIT_H

#include <stddef.h>
#include <stdint.h>

struct split_draw {
    const uint32_t *rows;   /* [count] to draw from */
    size_t count, wanted;   /* wanted <= count */
    const int32_t *classes; /* by row; NULL: all of one class */
    int class_count;
    uint64_t seed;
    uint64_t stream; /* of random numbers: random_stream("validate") */
};

/* Fills taken[wanted] and rest[count - wanted], both in the order of `rows`. */
void split_draw(const struct split_draw *draw, uint32_t *taken, uint32_t *rest);

/* The places of all rows in `draw->rows` in an order of which every beginning has each class in its share, as
 * well as whole rows can: what a larger beginning draws holds what a smaller one does. */
void split_rank(const struct split_draw *draw, uint32_t *order);

#endif
