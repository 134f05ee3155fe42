/* augmented.h - what augmenting does to one example: drawn first, then applied as the example is read. */
#ifndef NETC_DATA_AUGMENTED_H
#define NETC_DATA_AUGMENTED_H

#include "augment.h"

/* The change of one example. */
struct augment_change {
    bool is_mirrored, is_upside_down; /* left and right, top and bottom exchanged */
    double angle;                     /* degrees counter-clockwise */
    double factor;                    /* 1: as large as it was */
    int down, right;                  /* pixels */
    int cut, cut_top, cut_left;       /* side and corner of the square; it may reach over the edges */
    double noise;                     /* standard deviation */
    uint64_t seed, stream;            /* of the noise */
    uint32_t epoch;
};

/* The change that examples->augment draws for example `i`. */
struct augment_change augment_draw(const struct examples *examples, size_t i);
/* examples_read_input with that change. */
void augment_read(const struct examples *examples, size_t i, const struct augment_change *change, real *to,
                  int rows, int row_length, int stride);

/* The classes, or the yes and no, of the positions of that picture: each where the pixel nearest to its place
 * was. What comes in from outside is 0; under a square that is cut out they stay. */
void augment_read_classes(const struct examples *examples, size_t i, const struct augment_change *change,
                          int32_t *to);
void augment_read_targets(const struct examples *examples, size_t i, const struct augment_change *change,
                          real *to);

#endif
