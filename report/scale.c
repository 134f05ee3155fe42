/* scale.c - ends, ticks and places of an axis. */
#include "report/scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The smallest of 1, 2, 5 times a power of ten that is at least `least`. */
static double round_step(double least)
{
    const double power = pow(10, floor(log10(least)));
    const double share = least / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/* Rounding must neither lose a tick at an end nor add one beyond it. */
static void set_linear_ticks(struct scale *scale, unsigned form, int most)
{
    const double least = round_step((scale->high - scale->low) / most);
    const double step = form & SCALE_WHOLE ? fmax(1, least) : least;
    const bool is_widened = form & SCALE_WIDENED;
    const double slack = 1e-9;
    const double first = is_widened ? floor(scale->low / step + slack) : ceil(scale->low / step - slack);
    const double last = is_widened ? ceil(scale->high / step - slack) : floor(scale->high / step + slack);
    for (double i = first; i <= last && scale->tick_count < SCALE_TICKS; i++)
        scale->ticks[scale->tick_count++] = i == 0 ? 0 : i * step;
    if (is_widened) {
        scale->low = first * step;
        scale->high = last * step;
    }
    const double digits = -floor(log10(step) + slack);
    const double largest = fmax(fabs(scale->low), fabs(scale->high));
    scale->decimals = largest >= 1e6 || digits > 5 ? -1 : digits > 0 ? (int)digits : 0;
}

/* Powers of ten, every one or every nth; with 2 and 5 times them where there are few. */
static void set_log_ticks(struct scale *scale, bool is_widened, int most)
{
    static const double few[] = {1, 2, 5}, one[] = {1};
    const double decades = log10(scale->high / scale->low);
    const bool has_few = decades * 3 <= most;
    const double *factors = has_few ? few : one;
    const int factor_count = has_few ? 3 : 1, every = (int)fmax(1, ceil(decades / most));
    const double slack = 1e-9;
    if (is_widened && !has_few) {
        scale->low = pow(10, floor(log10(scale->low) + slack));
        scale->high = pow(10, ceil(log10(scale->high) - slack));
    }
    for (double power = floor(log10(scale->low)); power <= log10(scale->high); power += every)
        for (int i = 0; i < factor_count && scale->tick_count < SCALE_TICKS; i++) {
            const double tick = factors[i] * pow(10, power);
            if (tick >= scale->low * (1 - slack) && tick <= scale->high * (1 + slack))
                scale->ticks[scale->tick_count++] = tick;
        }
    scale->decimals = -1;
}

void scale_set(struct scale *scale, double low, double high, unsigned form, int most)
{
    scale->is_log = form & SCALE_LOG && low > 0;
    scale->tick_count = 0;
    scale->low = low;
    scale->high = high;
    if (!(high - low > 1e-12 * fmax(fabs(low), fabs(high)))) { /* one number, or none: some room around it */
        const double room = low == 0 ? 1 : fabs(low) / 10;
        scale->low = scale->is_log ? low / 2 : low - room;
        scale->high = scale->is_log ? low * 2 : low + room;
    }
    if (scale->is_log)
        set_log_ticks(scale, form & SCALE_WIDENED, most);
    else
        set_linear_ticks(scale, form, most);
}

double scale_place(const struct scale *scale, double number)
{
    const double share = scale->is_log ? log(number / scale->low) / log(scale->high / scale->low)
                                       : (number - scale->low) / (scale->high - scale->low);
    return scale->from + share * (scale->to - scale->from);
}

/* 1e-05 -> 1e-5, 1e+06 -> 1e6 */
static void shorten_exponent(char *text)
{
    char *exponent = strchr(text, 'e');
    if (!exponent)
        return;
    char *to = exponent + 1, *from = to;
    if (*from == '-')
        to++;
    from += strspn(from, "+-0");
    memmove(to, from, strlen(from) + 1);
}

const char *scale_text(const struct scale *scale, double tick, char *text, size_t size)
{
    if (scale->decimals >= 0)
        snprintf(text, size, "%.*f", scale->decimals, tick);
    else
        snprintf(text, size, "%.6g", tick);
    shorten_exponent(text);
    return text;
}
