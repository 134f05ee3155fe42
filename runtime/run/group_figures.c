/* group_figures.c - measures the groups of a split, and prints them. */
#include "run/group_figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/figures.h"
#include "run/predictions.h"
#include "run/record.h"

void group_figures_measure(struct group_figures *figures, const struct model *model, void *net,
                           const struct dataset *data, const char *split, uint64_t seed)
{
    int class_count;
    const struct grouping *groupings = dataset_groupings(data, &figures->count);
    const struct examples *examples = dataset_split(data, split);
    const char *const *names = dataset_classes(data, &class_count);
    *figures = (struct group_figures){.count = figures->count, .split = split};
    if (!examples || !examples->count)
        figures->count = 0;
    if (!figures->count)
        return;
    /* Names of a bernoulli output are those of its no and yes, not of its targets. */
    figures->classes = model->output == OUTPUT_CATEGORICAL && class_count ? names : NULL;
    struct outcomes outcomes;
    outcomes_create(&outcomes, model, examples, figures_target_unit(dataset_normaliser(data)));
    predictions_visit(model, net, examples, outcomes_take, &outcomes);
    figures->all = memory_resize(NULL, (size_t)figures->count, sizeof *figures->all);
    for (int i = 0; i < figures->count; i++)
        groups_measure(&figures->all[i], &outcomes, &groupings[i], examples, seed);
    outcomes_release(&outcomes);
}

void group_figures_release(struct group_figures *figures)
{
    for (int i = 0; i < figures->count; i++)
        groups_release(&figures->all[i]);
    free(figures->all);
}

static int name_width(const struct group_metrics *groups)
{
    int width = (int)strlen(groups->grouping->column) + 3;
    for (int g = 0; g < groups->grouping->count; g++) {
        const int length = (int)strlen(groups->grouping->names[g]);
        width = length > width ? length : width;
    }
    return width < 48 ? width : 48;
}

static void print_value(const struct outcome_metric *metric, double value)
{
    if (isnan(value))
        printf("  %9s", "-");
    else if (metric->is_share)
        printf("  %7.2f %%", 100 * value);
    else
        printf("  %9.4g", value);
}

static void print_interval(const struct outcome_metric *metric, struct interval interval)
{
    char text[64] = "";
    const double scale = metric->is_share ? 100 : 1;
    if (!isnan(interval.low))
        snprintf(text, sizeof text, "%.4g to %.4g", scale * interval.low, scale * interval.high);
    printf("  %-16s", text);
}

static void print_table(const struct group_metrics *groups)
{
    const int width = name_width(groups), count = groups->grouping->count;
    printf("\nby %-*s  examples", width - 1, groups->grouping->column);
    for (int m = 0; m < groups->metric_count; m++)
        printf("  %9s%s", groups->metrics[m]->title, m == 0 ? "  95 % interval   " : "");
    printf("\n");
    for (int g = 0; g < count; g++) {
        printf("  %-*s  %8zu", width, groups->grouping->names[g], groups->examples[g]);
        for (int m = 0; m < groups->metric_count; m++) {
            print_value(groups->metrics[m], groups->values[m * count + g]);
            if (m == 0)
                print_interval(groups->metrics[m], groups->intervals[g]);
        }
        printf("\n");
    }
}

static const char *gap_class(const struct group_figures *figures, const struct group_gap *gap, char *number,
                             size_t size)
{
    return gap->class < 0 ? NULL : figures_class_name(figures->classes, gap->class, number, size);
}

static void print_gap(const struct group_figures *figures, const struct group_metrics *groups,
                      const struct group_gap *gap)
{
    char number[16];
    const char *class = gap_class(figures, gap, number, sizeof number);
    const char *const *names = groups->grouping->names;
    printf("  %-30s", gap->title);
    if (isnan(gap->value)) {
        printf("  -\n");
        return;
    }
    printf(gap->is_share ? "  %.3f (%.3f to %.3f)" : "  %.4g (%.4g to %.4g)", gap->value, gap->interval.low,
           gap->interval.high);
    printf("  %s", group_gap_is_certain(gap) ? "more than chance" : "may be chance");
    if (gap->low != gap->high)
        printf("; %s%s%s above %s", class ? class : "", class ? ": " : "", names[gap->high], names[gap->low]);
    if (gap->has_ratio)
        printf(", ratio %.3f", gap->ratio);
    printf("\n");
}

/* "1, accuracy 68.82 %" */
static void print_worst(const struct group_metrics *groups)
{
    const struct outcome_metric *metric = groups->metrics[0];
    const double value = groups->values[groups->worst];
    printf("%s, %s ", groups_differ(groups) ? groups->grouping->names[groups->worst] : "none of them",
           metric->title);
    if (isnan(value))
        printf("-");
    else
        printf(metric->is_share ? "%.2f %%" : "%.4g", metric->is_share ? 100 * value : value);
}

void group_figures_print(const struct group_figures *figures)
{
    char text[512];
    for (int i = 0; i < figures->count; i++) {
        const struct group_metrics *groups = &figures->all[i];
        print_table(groups);
        printf("  worst: ");
        print_worst(groups);
        printf("\n");
        for (int j = 0; j < groups->gap_count; j++)
            print_gap(figures, groups, &groups->gaps[j]);
        printf("  %s\n", groups_sentence(groups, text, sizeof text));
    }
}

void group_figures_print_short(const struct group_figures *figures)
{
    char text[512];
    for (int i = 0; i < figures->count; i++) {
        printf("%s by %s: worst is ", figures->split, figures->all[i].grouping->column);
        print_worst(&figures->all[i]);
        printf("; %s\n", groups_sentence(&figures->all[i], text, sizeof text));
    }
}

/* A name from a file, which may be no UTF-8. */
static json_t *json_name(const char *name)
{
    json_t *text = json_string(name);
    return text ? text : json_null();
}

static json_t *json_interval(struct interval interval)
{
    return json_pack("[o, o]", figures_json(interval.low), figures_json(interval.high));
}

static json_t *json_group(const struct group_metrics *groups, int g)
{
    char name[64];
    json_t *object = json_pack("{s:o, s:I}", "name", json_name(groups->grouping->names[g]), "examples",
                               (json_int_t)groups->examples[g]);
    for (int m = 0; m < groups->metric_count; m++) {
        const int at = m * groups->grouping->count + g;
        json_object_set_new(object, groups->metrics[m]->name, figures_json(groups->values[at]));
        snprintf(name, sizeof name, "%s_interval", groups->metrics[m]->name);
        json_object_set_new(object, name, json_interval(groups->intervals[at]));
    }
    return object;
}

static json_t *json_gap(const struct group_figures *figures, const struct group_metrics *groups,
                        const struct group_gap *gap)
{
    char number[16];
    const char *class = gap_class(figures, gap, number, sizeof number);
    json_t *object = json_pack("{s:o, s:o, s:b}", "value", figures_json(gap->value), "interval",
                               json_interval(gap->interval), "more_than_chance", group_gap_is_certain(gap));
    if (isnan(gap->value) || gap->low == gap->high)
        return object;
    json_object_set_new(object, "groups",
                        json_pack("[o, o]", json_name(groups->grouping->names[gap->low]),
                                  json_name(groups->grouping->names[gap->high])));
    if (class)
        json_object_set_new(object, "class", json_name(class));
    return object;
}

static json_t *json_grouping(const struct group_figures *figures, const struct group_metrics *groups)
{
    char name[64], text[512];
    json_t *list = json_array();
    for (int g = 0; g < groups->grouping->count; g++)
        json_array_append_new(list, json_group(groups, g));
    json_t *object =
        json_pack("{s:o, s:o, s:o}", "column", json_name(groups->grouping->column), "groups", list, "worst",
                  groups_differ(groups) ? json_name(groups->grouping->names[groups->worst]) : json_null());
    for (int i = 0; i < groups->gap_count; i++) {
        const struct group_gap *gap = &groups->gaps[i];
        snprintf(name, sizeof name, "%s_difference", gap->name);
        json_object_set_new(object, name, json_gap(figures, groups, gap));
        snprintf(name, sizeof name, "%s_ratio", gap->name);
        if (gap->has_ratio)
            json_object_set_new(object, name, figures_json(gap->ratio));
    }
    json_object_set_new(object, "sentence", json_name(groups_sentence(groups, text, sizeof text)));
    return object;
}

json_t *group_figures_json(const struct group_figures *figures)
{
    json_t *list = figures->count ? json_array() : NULL;
    for (int i = 0; i < figures->count; i++)
        json_array_append_new(list, json_grouping(figures, &figures->all[i]));
    return list;
}

static void tell_number(const struct record_sink *to, const char *name, double number)
{
    if (!isnan(number))
        record_pair(to, name, "%.9g", number);
}

static void tell_group(const struct record_sink *to, const struct group_metrics *groups, int g)
{
    char name[64];
    record_open(to, groups->grouping->names[g]);
    record_pair(to, "examples", "%zu", groups->examples[g]);
    for (int m = 0; m < groups->metric_count; m++) {
        const int at = m * groups->grouping->count + g;
        tell_number(to, groups->metrics[m]->name, groups->values[at]);
        snprintf(name, sizeof name, "%s_low", groups->metrics[m]->name);
        tell_number(to, name, groups->intervals[at].low);
        snprintf(name, sizeof name, "%s_high", groups->metrics[m]->name);
        tell_number(to, name, groups->intervals[at].high);
    }
    record_close(to);
}

static void tell_gap(const struct record_sink *to, const struct group_figures *figures,
                     const struct group_gap *gap)
{
    char name[64], number[16];
    const char *class = gap_class(figures, gap, number, sizeof number);
    if (isnan(gap->value))
        return;
    snprintf(name, sizeof name, "%s_difference", gap->name);
    record_open(to, name);
    tell_number(to, "value", gap->value);
    tell_number(to, "low", gap->interval.low);
    tell_number(to, "high", gap->interval.high);
    record_pair(to, "more_than_chance", "%s", group_gap_is_certain(gap) ? "true" : "false");
    if (gap->has_ratio)
        tell_number(to, "ratio", gap->ratio);
    if (class)
        record_pair(to, "class", "%s", class);
    record_close(to);
}

void group_figures_tell(const struct group_figures *figures, const struct record_sink *to)
{
    char text[512];
    if (!figures->count)
        return;
    record_open(to, "groups");
    record_pair(to, "split", "%s", figures->split);
    record_open(to, "by");
    for (int i = 0; i < figures->count; i++) {
        const struct group_metrics *groups = &figures->all[i];
        record_open(to, groups->grouping->column);
        record_pair(to, "sentence", "%s", groups_sentence(groups, text, sizeof text));
        if (groups_differ(groups))
            record_pair(to, "worst", "%s", groups->grouping->names[groups->worst]);
        for (int j = 0; j < groups->gap_count; j++)
            tell_gap(to, figures, &groups->gaps[j]);
        record_open(to, "groups");
        for (int g = 0; g < groups->grouping->count; g++)
            tell_group(to, groups, g);
        record_close(to);
        record_close(to);
    }
    record_close(to);
    record_close(to);
}
