/* results.c - runs put together: seeds to mean and deviation, points to ranks. */
#include "sweep/results.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* The figures that any run has, in the order in which they are first met. */
static void list_figures(const struct plan *plan, struct results *results)
{
    const char **names = ARENA_ARRAY(plan->sweep->arena, const char *, 64);
    for (int i = 0; i < plan->run_count; i++)
        for (int j = 0; j < plan->runs[i].figure_count && results->figure_count < 64; j++) {
            bool is_known = false;
            for (int k = 0; k < results->figure_count; k++)
                is_known = is_known || strcmp(names[k], plan->runs[i].figures[j].name) == 0;
            if (!is_known)
                names[results->figure_count++] = plan->runs[i].figures[j].name;
        }
    results->figures = names;
}

static void find_measure(const struct plan *plan, struct results *results)
{
    const struct measure *measure = &plan->sweep->measure;
    const char *name = arena_format(plan->sweep->arena, "%s %s", measure->split, measure->figure);
    results->measure = -1;
    results->is_higher_better = strcmp(measure->figure, "accuracy") == 0;
    for (int i = 0; i < results->figure_count; i++)
        if (strcmp(results->figures[i], name) == 0)
            results->measure = i;
}

static double figure_of(const struct sweep_run *run, const char *name)
{
    for (int i = 0; i < run->figure_count; i++)
        if (strcmp(run->figures[i].name, name) == 0)
            return run->figures[i].value;
    return NAN;
}

/* Two passes: of numbers that hardly differ the squares must not cancel. */
static struct statistic measure_runs(const struct plan *plan, const struct result *row, const char *name)
{
    struct statistic statistic = {0};
    double squares = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = row->run; i < row->run + row->runs; i++) {
            const double value = figure_of(&plan->runs[i], name);
            if (plan->runs[i].state != RUN_DONE || isnan(value))
                continue;
            if (pass == 0) {
                statistic.count++;
                statistic.mean += (value - statistic.mean) / statistic.count;
            } else {
                squares += (value - statistic.mean) * (value - statistic.mean);
            }
        }
    if (statistic.count > 1)
        statistic.deviation = sqrt(squares / (statistic.count - 1));
    return statistic;
}

static void fill_row(const struct plan *plan, struct results *results, struct result *row)
{
    row->figures = ARENA_ARRAY(plan->sweep->arena, struct statistic, (size_t)results->figure_count + 1);
    for (int i = row->run; i < row->run + row->runs; i++) {
        row->done += plan->runs[i].state == RUN_DONE;
        row->examples = plan->runs[i].examples > 0 ? plan->runs[i].examples : row->examples;
    }
    for (int i = 0; i < results->figure_count; i++)
        row->figures[i] = measure_runs(plan, row, results->figures[i]);
}

/* Equal ones in their order. A point of which a run diverged or failed has no rank. */
static void rank_rows(struct results *results)
{
    for (int i = 0; i < results->count; i++) {
        struct result *row = &results->rows[i];
        if (results->measure < 0 || row->done < row->runs || row->figures[results->measure].count < row->runs)
            continue;
        row->rank = 1;
        const double own = row->figures[results->measure].mean;
        for (int j = 0; j < results->count; j++) {
            const struct result *other = &results->rows[j];
            if (j == i || other->done < other->runs || other->figures[results->measure].count < other->runs)
                continue;
            const double its = other->figures[results->measure].mean;
            const bool is_better = results->is_higher_better ? its > own : its < own;
            row->rank += is_better || (its == own && j < i);
        }
    }
}

struct results results_of(const struct plan *plan, int round)
{
    struct results results = {0};
    const int seeds = plan->sweep->seed_count ? plan->sweep->seed_count : 1;
    results.rows = ARENA_ARRAY(plan->sweep->arena, struct result, (size_t)plan->run_count + 1);
    list_figures(plan, &results);
    find_measure(plan, &results);
    for (int i = 0; i < plan->run_count; i += seeds) {
        const struct sweep_run *run = &plan->runs[i];
        if (run->round != round)
            continue;
        struct result *row = &results.rows[results.count++];
        *row = (struct result){
            .point = run->point, .share = run->share, .round = round, .run = i, .runs = seeds};
        fill_row(plan, &results, row);
    }
    rank_rows(&results);
    return results;
}

const int *results_order(const struct plan *plan, const struct results *results)
{
    int *order = ARENA_ARRAY(plan->sweep->arena, int, (size_t)results->count + 1);
    int unranked = 0;
    for (int i = 0; i < results->count; i++)
        unranked += results->rows[i].rank == 0;
    for (int i = 0, last = results->count - unranked; i < results->count; i++) {
        const int rank = results->rows[i].rank;
        order[plan->sweep->search == SEARCH_GRID ? i : rank ? rank - 1 : last++] = i;
    }
    return order;
}

const struct result *results_best(const struct results *results)
{
    for (int i = 0; i < results->count; i++)
        if (results->rows[i].rank == 1)
            return &results->rows[i];
    return NULL;
}

bool results_show(const struct sweep *sweep, int axis)
{
    return sweep->axes[axis].count != 1;
}

const char *results_point(const struct plan *plan, int point)
{
    const struct sweep *sweep = plan->sweep;
    struct text text = text_create(sweep->arena);
    for (int i = 0; i < sweep->axis_count; i++)
        if (results_show(sweep, i))
            text_format(&text, "%s%s=%s", text.length ? " " : "", sweep->axes[i].name,
                        plan->points[point].values[i].text);
    return text.bytes;
}

const char *results_label(const struct plan *plan, const struct result *row)
{
    const char *point = results_point(plan, row->point), *share = run_share(plan, &plan->runs[row->run]);
    if (!share || plan->sweep->share_count < 2)
        return point;
    return arena_format(plan->sweep->arena, "%s%sshare=%s", point, *point ? " " : "", share);
}
