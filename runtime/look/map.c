/* map.c - arithmetic on maps. */
#include "look/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"

void map_create(struct map *map, int height, int width, int channels)
{
    *map = (struct map){height, width, channels, NULL};
    map->values = memory_resize(NULL, map_size(map), sizeof *map->values);
    memset(map->values, 0, map_size(map) * sizeof *map->values);
}

void map_release(struct map *map)
{
    free(map->values);
    *map = (struct map){0};
}

void map_copy(struct map *to, const struct map *from)
{
    map_release(to);
    map_create(to, from->height, from->width, from->channels);
    memcpy(to->values, from->values, map_size(from) * sizeof *from->values);
}

size_t map_size(const struct map *map)
{
    return (size_t)map->height * (size_t)map->width * (size_t)map->channels;
}

double *map_at(const struct map *map, int y, int x, int channel)
{
    size_t pixel = (size_t)y * (size_t)map->width + (size_t)x;
    return map->values + pixel * (size_t)map->channels + (size_t)channel;
}

double map_largest(const struct map *map)
{
    double most = 0;
    for (size_t i = 0; i < map_size(map); i++)
        if (isfinite(map->values[i]) && fabs(map->values[i]) > most)
            most = fabs(map->values[i]);
    return most;
}

double map_mean(const struct map *map, int channel)
{
    double sum = 0;
    for (int y = 0; y < map->height; y++)
        for (int x = 0; x < map->width; x++)
            sum += *map_at(map, y, x, channel);
    return sum / ((double)map->height * map->width);
}

bool map_has_negative(const struct map *map)
{
    for (size_t i = 0; i < map_size(map); i++)
        if (map->values[i] < 0)
            return true;
    return false;
}

static int compare(const void *left, const void *right)
{
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

double map_quantile(const struct map *map, double share)
{
    size_t count = map_size(map), at = (size_t)ceil(share * (double)count);
    double *values = memory_resize(NULL, count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = isfinite(map->values[i]) ? map->values[i] : 0;
    qsort(values, count, sizeof *values, compare);
    double value = values[at > 0 ? (at < count ? at : count) - 1 : 0];
    free(values);
    return value;
}

void map_channel(struct map *to, const struct map *from, int channel)
{
    map_create(to, from->height, from->width, 1);
    for (size_t i = 0; i < map_size(to); i++)
        to->values[i] = from->values[i * (size_t)from->channels + (size_t)channel];
}

void map_sum_channels(struct map *to, const struct map *from)
{
    map_create(to, from->height, from->width, 1);
    for (size_t i = 0; i < map_size(from); i++)
        to->values[i / (size_t)from->channels] += from->values[i];
}

void map_largest_channel(struct map *to, const struct map *from)
{
    map_create(to, from->height, from->width, 1);
    for (size_t i = 0; i < map_size(from); i++) {
        double *most = &to->values[i / (size_t)from->channels];
        *most = fmax(*most, fabs(from->values[i]));
    }
}

/* Where pixel `at` of `count` lies among `from_count`: between *low and *low + 1. */
static double place(int at, int count, int from_count, int *low, int *high)
{
    double position = (at + 0.5) * from_count / count - 0.5;
    position = fmin(fmax(position, 0), from_count - 1);
    *low = (int)position;
    *high = *low + 1 < from_count ? *low + 1 : *low;
    return position - *low;
}

void map_resize(struct map *to, const struct map *from, int height, int width)
{
    map_create(to, height, width, from->channels);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int top, bottom, left, right;
            double down = place(y, height, from->height, &top, &bottom),
                   across = place(x, width, from->width, &left, &right);
            for (int c = 0; c < from->channels; c++)
                *map_at(to, y, x, c) = (1 - down) * ((1 - across) * *map_at(from, top, left, c) +
                                                     across * *map_at(from, top, right, c)) +
                                       down * ((1 - across) * *map_at(from, bottom, left, c) +
                                               across * *map_at(from, bottom, right, c));
        }
}

static int inside(int at, int count)
{
    return at < 0 ? 0 : at < count ? at : count - 1;
}

/* Along y (step 1, 0) or x (0, 1). */
static void blur_along(struct map *to, const struct map *from, const double *weight, int radius, bool is_down)
{
    for (int y = 0; y < from->height; y++)
        for (int x = 0; x < from->width; x++)
            for (int c = 0; c < from->channels; c++) {
                double sum = 0;
                for (int i = -radius; i <= radius; i++)
                    sum += weight[i + radius] * *map_at(from, is_down ? inside(y + i, from->height) : y,
                                                        is_down ? x : inside(x + i, from->width), c);
                *map_at(to, y, x, c) = sum;
            }
}

void map_blur(struct map *map, double sigma)
{
    enum { MOST = 32 };
    double weight[2 * MOST + 1], sum = 0;
    int radius = (int)ceil(3 * sigma) < MOST ? (int)ceil(3 * sigma) : MOST;
    if (!(sigma > 0))
        return;
    for (int i = -radius; i <= radius; i++)
        sum += weight[i + radius] = exp(-i * i / (2 * sigma * sigma));
    for (int i = 0; i <= 2 * radius; i++)
        weight[i] /= sum;
    struct map half;
    map_create(&half, map->height, map->width, map->channels);
    blur_along(&half, map, weight, radius, true);
    blur_along(map, &half, weight, radius, false);
    map_release(&half);
}
