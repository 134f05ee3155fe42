/* map.h - numbers over the pixels of a picture, in one channel or more: what a layer gives, the gradient by
 * it, a picture itself.
 *
 *     result of `c1: conv 6 5x5`, without the border that it may have in memory    ->    28x28x6 doubles
 *
 * A vector of n is 1x1xn. */
#ifndef NETC_LOOK_MAP_H
#define NETC_LOOK_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map {
    int height, width, channels;
    double *values; /* [height][width][channels] */
};

/* Zeros. Ends the program without memory, as memory_resize does. */
void map_create(struct map *map, int height, int width, int channels);
void map_release(struct map *map);
/* Replaces what `to` holds. */
void map_copy(struct map *to, const struct map *from);
size_t map_size(const struct map *map);
double *map_at(const struct map *map, int y, int x, int channel);

/* The largest of what is given, without sign; 0 where nothing is finite. */
double map_largest(const struct map *map);
/* Of one channel, over all places. */
double map_mean(const struct map *map, int channel);
bool map_has_negative(const struct map *map);
/* The value that a share of all do not exceed: of 1, 2, …, 100 and .99 it is 99. */
double map_quantile(const struct map *map, double share);

void map_channel(struct map *to, const struct map *from, int channel);
/* One channel: the sum, or the largest without sign. */
void map_sum_channels(struct map *to, const struct map *from);
void map_largest_channel(struct map *to, const struct map *from);
/* To another size, by linear interpolation between the centres of pixels. */
void map_resize(struct map *to, const struct map *from, int height, int width);
/* Gaussian blur, channel by channel; what lies outside counts as the nearest inside. */
void map_blur(struct map *map, double sigma);

#endif
