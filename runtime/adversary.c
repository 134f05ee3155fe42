/* adversary.c - the moves of adversary.h, number by number. */
#include "adversary.h"

#include <math.h>

#include "random.h"

/* How far number i of an input is from where it was, in units of ε. */
static double moved_by(const struct input_space *space, int i, real number, real clean)
{
    return ((double)number - (double)clean) / (double)space->unit[i % space->count];
}

/* Sets number i to `by` off its place, within the range of the data. One that is outside of it from the start
 * is not pulled in. */
static void put(const struct input_space *space, int i, real *number, real clean, double by)
{
    const int k = i % space->count;
    const real low = clean < space->low[k] ? clean : space->low[k];
    const real high = clean > space->high[k] ? clean : space->high[k];
    const real wanted = (real)((double)clean + by * (double)space->unit[k]);
    *number = wanted < low ? low : wanted > high ? high : wanted;
}

/* √ of a sum of squares, without overflow where gradients are huge. */
static double length_of_gradient(const struct input_space *space, struct probe_view gradient)
{
    double sum = 0, largest = 0;
    const int size = probe_view_size(gradient);
    for (int i = 0; i < size; i++)
        largest = fmax(largest, fabs((double)*probe_number(gradient, i)));
    for (int i = 0; i < size && largest > 0; i++) {
        const double part =
            (double)*probe_number(gradient, i) / largest * (double)space->unit[i % space->count];
        sum += part * part;
    }
    return sqrt(sum) * largest;
}

static double sign_of(double number)
{
    return (double)((number > 0) - (number < 0));
}

/* A standard normal number of two random words (Box and Muller 1958). */
static double normal_of(uint32_t one, uint32_t other)
{
    return sqrt(-2 * log(((double)one + 1) * 0x1p-32)) * cos(6.283185307179586 * (double)other * 0x1p-32);
}

static double start_of(const struct adversary *adversary, uint64_t seed, uint64_t stream, uint32_t example,
                       uint32_t i)
{
    if (adversary->norm == ADVERSARY_INF)
        return adversary->epsilon * (2 * random_uniform(seed, stream, example, i) - 1);
    return normal_of(random_word(seed, stream, example, 2 * i),
                     random_word(seed, stream, example, 2 * i + 1));
}

/* A normal direction and a uniform share of ε; the share is the number behind those of the direction. */
static double start_scale(const struct adversary *adversary, uint64_t seed, uint64_t stream, uint32_t example,
                          int size)
{
    double sum = 0;
    if (adversary->norm == ADVERSARY_INF)
        return 1;
    for (int i = 0; i < size; i++)
        sum += pow(start_of(adversary, seed, stream, example, (uint32_t)i), 2);
    return adversary->epsilon * random_uniform(seed, stream, example, 2 * (uint32_t)size) / sqrt(sum);
}

void adversary_start(const struct adversary *adversary, const struct input_space *space,
                     struct probe_view input, real *clean, uint64_t seed, uint64_t stream, uint32_t example)
{
    const int size = probe_view_size(input);
    probe_copy(input, clean);
    if (!adversary->starts_anywhere)
        return;
    const double scale = start_scale(adversary, seed, stream, example, size);
    for (int i = 0; i < size; i++)
        put(space, i, probe_number(input, i), clean[i],
            scale * start_of(adversary, seed, stream, example, (uint32_t)i));
}

/* A gradient by what the network sees is `unit` times as large by the data. */
static void step_by_length(const struct adversary *adversary, const struct input_space *space,
                           struct probe_view input, struct probe_view gradient, const real *clean)
{
    const int size = probe_view_size(input);
    const double length = length_of_gradient(space, gradient);
    const double factor = length > 0 && isfinite(length) ? adversary->step / length : 0;
    double sum = 0;
    for (int i = 0; i < size; i++) {
        const double slope = (double)*probe_number(gradient, i) * (double)space->unit[i % space->count];
        const double by = moved_by(space, i, *probe_number(input, i), clean[i]) + factor * slope;
        sum += by * by;
    }
    const double shrink = sum > adversary->epsilon * adversary->epsilon ? adversary->epsilon / sqrt(sum) : 1;
    for (int i = 0; i < size; i++) {
        const double slope = (double)*probe_number(gradient, i) * (double)space->unit[i % space->count];
        const double by = moved_by(space, i, *probe_number(input, i), clean[i]) + factor * slope;
        put(space, i, probe_number(input, i), clean[i], by * shrink);
    }
}

static void step_by_sign(const struct adversary *adversary, const struct input_space *space,
                         struct probe_view input, struct probe_view gradient, const real *clean)
{
    const int size = probe_view_size(input);
    for (int i = 0; i < size; i++) {
        real *number = probe_number(input, i);
        const double by = moved_by(space, i, *number, clean[i]) +
                          adversary->step * sign_of((double)*probe_number(gradient, i));
        put(space, i, number, clean[i], fmin(fmax(by, -adversary->epsilon), adversary->epsilon));
    }
}

void adversary_step(const struct adversary *adversary, const struct input_space *space,
                    struct probe_view input, struct probe_view gradient, const real *clean)
{
    if (adversary->norm == ADVERSARY_2)
        step_by_length(adversary, space, input, gradient, clean);
    else
        step_by_sign(adversary, space, input, gradient, clean);
}
