/* augment.h - training examples that differ a little each time they are read.
 *
 *     augment shift=2 flip=horizontal    ->    in epoch 7 picture 1234 is mirrored and 1 pixel further right
 *
 * What happens to an example is a function of seed, epoch and its number in the data set alone (and, where a
 * balanced epoch has it several times, of which one it is): not of its batch, of the order or of a thread. In
 * this order: mirrored, turned and scaled about the middle, moved, a square cut out, noise added. Turned and
 * scaled pictures are sampled bilinearly (as torchvision's RandomAffine does); what comes in from outside and
 * what is cut out is 0 in the data's own numbers, before they are scaled and standardised. Noise is in the
 * units that the network sees. */
#ifndef NETC_AUGMENT_H
#define NETC_AUGMENT_H

#include "dataset.h"

/* Which mirror images may stand for a picture, each with probability 1/2. */
enum augment_flip { FLIP_NONE, FLIP_HORIZONTAL, FLIP_VERTICAL, FLIP_BOTH };

/* As in the .net file; 0 leaves it out. */
struct augment {
    int shift;              /* moved by -shift … shift whole pixels, down and right on their own */
    enum augment_flip flip; /* horizontal: left and right change places */
    double rotate;          /* turned by -rotate … rotate degrees */
    double scale;           /* made larger by a factor in [1 - scale, 1 + scale] */
    int cutout;             /* side of a square at a random place (DeVries and Taylor 2017) */
    double noise;           /* standard deviation of a normal number added to each value */
};

/* The same examples, changed as epoch `epoch` changes them whenever they are read. */
static inline struct examples augment_examples(const struct examples *examples, const struct augment *augment,
                                               uint64_t seed, int epoch)
{
    return (struct examples){.data = examples->data,
                             .rows = examples->rows,
                             .count = examples->count,
                             .copies = examples->copies,
                             .augment = augment,
                             .seed = seed,
                             .epoch = (uint32_t)epoch};
}

#endif
