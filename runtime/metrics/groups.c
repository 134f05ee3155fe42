/* groups.c - metrics of each group, resampled by counter. A figure is a metric, or after those a rate of a
 * class against all others. */
#include "metrics/groups.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "random.h"

enum { MADE_UP = 2 };

/* Everything that a measurement needs until it is done. */
struct measuring {
    const struct outcomes *outcomes;
    const struct outcome_metric *const *metrics;
    int metric_count, figures, groups;
    size_t *starts;    /* [groups + 1] of a group in `members` */
    uint32_t *members; /* [examples] group by group */
    double *sums;      /* [length] */
    double *values;    /* [figures][groups] as they are */
    struct bootstrap bootstrap;
    uint64_t seed;
};

static int figure_of_rate(const struct measuring *measuring, enum outcome_rate rate)
{
    return measuring->metric_count + (int)rate * measuring->outcomes->classes;
}

/* Group by group, each in the order of the examples. */
static void measuring_sort(struct measuring *measuring, const struct grouping *grouping,
                           const struct examples *examples)
{
    const size_t count = examples->count, groups = (size_t)grouping->count;
    measuring->starts = memory_resize(NULL, groups + 2, sizeof *measuring->starts);
    measuring->members = memory_resize(NULL, count, sizeof *measuring->members);
    memset(measuring->starts, 0, (groups + 2) * sizeof *measuring->starts);
    size_t *next = measuring->starts + 1; /* where a group's next member goes; its end when all have gone */
    for (size_t i = 0; i < count; i++)
        next[examples_group(examples, grouping, i) + 1]++;
    for (size_t g = 1; g <= groups; g++)
        next[g] += next[g - 1];
    for (size_t i = 0; i < count; i++)
        measuring->members[next[examples_group(examples, grouping, i)]++] = (uint32_t)i;
}

static size_t size_of(const struct measuring *measuring, int group)
{
    return measuring->starts[group + 1] - measuring->starts[group];
}

/* Random words of one resample of one group, four at a time. */
struct words {
    uint64_t seed, stream;
    uint32_t resample, next;
    struct random_block block;
};

static uint32_t words_next(struct words *words)
{
    if (words->next % 4 == 0)
        words->block = random_block(words->seed, words->stream, words->resample, words->next / 4);
    return words->block.word[words->next++ % 4];
}

static void sums_resample(const struct measuring *measuring, int group, int resample)
{
    const uint64_t size = size_of(measuring, group);
    const uint32_t *members = measuring->members + measuring->starts[group];
    struct words words = {.seed = measuring->seed,
                          .stream = random_stream("bootstrap") + (uint64_t)group,
                          .resample = (uint32_t)resample};
    for (uint64_t i = 0; i < size; i++) {
        const uint64_t drawn = words_next(&words) * (size + MADE_UP) >> 32; /* fair to size / 2^32 */
        if (drawn < size) {
            outcomes_add(measuring->outcomes, members[drawn], measuring->sums);
            continue;
        }
        const uint32_t first = words_next(&words), second = words_next(&words);
        outcomes_add_made_up(measuring->outcomes, drawn == size, first, second, measuring->sums);
    }
}

static void sums_clear(const struct measuring *measuring)
{
    memset(measuring->sums, 0, measuring->outcomes->length * sizeof *measuring->sums);
}

/* A figure of what was added up. */
static double figure_value(const struct measuring *measuring, int figure)
{
    const int classes = measuring->outcomes->classes, behind = figure - measuring->metric_count;
    if (behind < 0)
        return measuring->metrics[figure]->of(measuring->outcomes, measuring->sums);
    return outcomes_rate(measuring->outcomes, measuring->sums, (enum outcome_rate)(behind / classes),
                         behind % classes);
}

static void measure_values(struct measuring *measuring)
{
    const int groups = measuring->groups;
    for (int g = 0; g < groups; g++) {
        sums_clear(measuring);
        for (size_t i = measuring->starts[g]; i < measuring->starts[g + 1]; i++)
            outcomes_add(measuring->outcomes, measuring->members[i], measuring->sums);
        for (int f = 0; f < measuring->figures; f++)
            measuring->values[f * groups + g] = figure_value(measuring, f);
    }
}

static void measure_resamples(struct measuring *measuring)
{
    const int groups = measuring->groups;
    bootstrap_create(&measuring->bootstrap, GROUPS_RESAMPLES, measuring->figures, groups);
    for (int b = 0; b < GROUPS_RESAMPLES; b++) {
        float *figures = bootstrap_resample(&measuring->bootstrap, b);
        for (int g = 0; g < groups; g++) {
            sums_clear(measuring);
            sums_resample(measuring, g, b);
            for (int f = 0; f < measuring->figures; f++)
                figures[f * groups + g] = (float)figure_value(measuring, f);
        }
    }
}

/* The difference and the ratio of the groups that lie farthest apart in some figures. */
static void gap_find(const struct measuring *measuring, int first, int figures, struct group_gap *gap)
{
    const int groups = measuring->groups;
    gap->value = gap->ratio = NAN;
    for (int f = 0; f < figures; f++) {
        const double *values = measuring->values + (first + f) * groups;
        int low = -1, high = -1, having = 0;
        for (int g = 0; g < groups; g++) {
            if (isnan(values[g]))
                continue;
            having++;
            low = low < 0 || values[g] < values[low] ? g : low;
            high = high < 0 || values[g] > values[high] ? g : high;
        }
        if (having < 2)
            continue;
        if (values[high] > 0)
            gap->ratio = fmin(gap->ratio, values[low] / values[high]); /* fmin passes over a NaN */
        if (!(values[high] - values[low] <= gap->value)) {
            gap->value = values[high] - values[low];
            gap->low = low;
            gap->high = high;
            gap->class = measuring->outcomes->classes > 1 && first >= measuring->metric_count
                             ? f % measuring->outcomes->classes
                             : -1;
        }
    }
}

static void gap_add(const struct measuring *measuring, struct group_metrics *groups, struct group_gap gap,
                    int first, int figures)
{
    const size_t count = (size_t)figures * (size_t)measuring->groups;
    bool *is_counted = memory_resize(NULL, count, sizeof *is_counted);
    gap_find(measuring, first, figures, &gap);
    for (size_t i = 0; i < count; i++)
        is_counted[i] = !isnan(measuring->values[(size_t)first * (size_t)measuring->groups + i]);
    gap.interval = bootstrap_gap(&measuring->bootstrap, first, figures, is_counted);
    /* The interval is about made-up examples as well; what was seen is part of it. */
    gap.interval.low = fmin(gap.interval.low, gap.value);
    gap.interval.high = fmax(gap.interval.high, gap.value);
    if (gap.is_share)
        gap.interval.high = fmin(gap.interval.high, 1);
    if (isnan(gap.value))
        gap.interval = (struct interval){NAN, NAN};
    groups->gaps[groups->gap_count++] = gap;
    free(is_counted);
}

static void measure_gaps(const struct measuring *measuring, struct group_metrics *groups)
{
    const int classes = measuring->outcomes->classes;
    const struct group_gap parity = {.name = "demographic_parity",
                                     .title = "demographic parity difference",
                                     .is_share = true,
                                     .has_ratio = true};
    const struct group_gap odds = {
        .name = "equalized_odds", .title = "equalized odds difference", .is_share = true, .has_ratio = true};
    if (!measuring->outcomes->is_class) {
        gap_add(measuring, groups, (struct group_gap){.name = "rmse", .title = "RMSE difference"}, 0, 1);
        if (measuring->metric_count == 4)
            gap_add(measuring, groups,
                    (struct group_gap){.name = "coverage", .title = "coverage difference", .is_share = true},
                    3, 1);
        return;
    }
    gap_add(measuring, groups,
            (struct group_gap){.name = "accuracy", .title = "accuracy difference", .is_share = true}, 0, 1);
    if (!classes)
        return;
    gap_add(measuring, groups, parity, figure_of_rate(measuring, RATE_SELECTED), classes);
    gap_add(measuring, groups, odds, figure_of_rate(measuring, RATE_TRUE_POSITIVE), 2 * classes);
}

/* The lowest accuracy or the highest error; the first group where none has any. */
static int worst_of(const struct measuring *measuring)
{
    const double *values = measuring->values;
    const double sign = measuring->outcomes->is_class ? 1 : -1;
    int worst = 0;
    for (int g = 0; g < measuring->groups; g++)
        if (!isnan(values[g]) && !(sign * values[g] >= sign * values[worst]))
            worst = g;
    return worst;
}

static void groups_fill(struct group_metrics *groups, const struct measuring *measuring)
{
    const size_t count = (size_t)measuring->groups, metrics = (size_t)measuring->metric_count;
    groups->metrics = measuring->metrics;
    groups->metric_count = measuring->metric_count;
    groups->examples = memory_resize(NULL, count, sizeof *groups->examples);
    groups->overall = memory_resize(NULL, metrics, sizeof *groups->overall);
    groups->values = memory_resize(NULL, metrics * count, sizeof *groups->values);
    groups->intervals = memory_resize(NULL, metrics * count, sizeof *groups->intervals);
    memcpy(groups->values, measuring->values, metrics * count * sizeof *groups->values);
    for (int g = 0; g < measuring->groups; g++) {
        groups->examples[g] = size_of(measuring, g);
        for (int m = 0; m < measuring->metric_count; m++) {
            const int at = m * measuring->groups + g;
            groups->intervals[at] = isnan(groups->values[at])
                                        ? (struct interval){NAN, NAN}
                                        : bootstrap_interval(&measuring->bootstrap, m, g);
        }
    }
    sums_clear(measuring);
    for (size_t i = 0; i < measuring->outcomes->count; i++)
        outcomes_add(measuring->outcomes, i, measuring->sums);
    for (int m = 0; m < measuring->metric_count; m++)
        groups->overall[m] = figure_value(measuring, m);
    groups->worst = worst_of(measuring);
}

void groups_measure(struct group_metrics *groups, const struct outcomes *outcomes,
                    const struct grouping *grouping, const struct examples *examples, uint64_t seed)
{
    struct measuring measuring = {
        .outcomes = outcomes, .metrics = outcomes_metrics(outcomes), .groups = grouping->count, .seed = seed};
    *groups = (struct group_metrics){.grouping = grouping};
    while (measuring.metrics[measuring.metric_count])
        measuring.metric_count++;
    measuring.figures = measuring.metric_count + (outcomes->is_class ? RATES * outcomes->classes : 0);
    measuring.sums = memory_resize(NULL, outcomes->length, sizeof *measuring.sums);
    measuring.values =
        memory_resize(NULL, (size_t)measuring.figures * (size_t)grouping->count, sizeof *measuring.values);
    measuring_sort(&measuring, grouping, examples);
    measure_values(&measuring);
    measure_resamples(&measuring);
    groups_fill(groups, &measuring);
    measure_gaps(&measuring, groups);
    bootstrap_release(&measuring.bootstrap);
    free(measuring.values);
    free(measuring.sums);
    free(measuring.members);
    free(measuring.starts);
}

void groups_release(struct group_metrics *groups)
{
    free(groups->examples);
    free(groups->overall);
    free(groups->values);
    free(groups->intervals);
}

bool groups_differ(const struct group_metrics *groups)
{
    for (int g = 0; g < groups->grouping->count; g++)
        if (!isnan(groups->values[g]) && groups->values[g] != groups->values[groups->worst])
            return true;
    return false;
}

bool group_gap_is_certain(const struct group_gap *gap)
{
    return gap->interval.low > 0;
}

/* Behind the `length` bytes that are there; the new length. */
__attribute__((format(printf, 4, 5))) static size_t text_add(char *text, size_t size, size_t length,
                                                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
    return length + strlen(text + length);
}

const char *groups_sentence(const struct group_metrics *groups, char *text, size_t size)
{
    int smallest = -1, certain = 0, having = 0;
    for (int g = 0; g < groups->grouping->count; g++) {
        having += groups->examples[g] > 0;
        if (groups->examples[g] && (smallest < 0 || groups->examples[g] < groups->examples[smallest]))
            smallest = g;
    }
    if (having < 2) {
        snprintf(text, size, "there is nothing to compare: only one group has examples here");
        return text;
    }
    size_t length = 0;
    for (int i = 0; i < groups->gap_count; i++)
        if (group_gap_is_certain(&groups->gaps[i]))
            length =
                text_add(text, size, length, "%s %s",
                         certain++ ? " and the" : "more than chance explains: the", groups->gaps[i].title);
    if (!certain)
        length = text_add(text, size, length, "chance may explain every gap: the intervals reach 0");
    text_add(text, size, length, "; the smallest group, %s, has %zu example%s",
             groups->grouping->names[smallest], groups->examples[smallest],
             groups->examples[smallest] == 1 ? "" : "s");
    return text;
}
