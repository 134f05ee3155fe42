/* range.h - the lowest and the highest value that a channel has, as the network reads it: what is black and
 * what is white.
 *
 *     bytes scaled by 1/255, then standardised with mean 0.3 and deviation 0.2    ->    -1.5 to 3.5 */
#ifndef NETC_LOOK_RANGE_H
#define NETC_LOOK_RANGE_H

struct look_range {
    int channels;
    double *low, *high; /* [channels] */
};

void look_range_create(struct look_range *range, int channels);
void look_range_release(struct look_range *range);

#endif
