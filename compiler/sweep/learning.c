/* learning.c - results by share put in a row, and the power law through them.
 *
 *     test error = 0.062 (± 0.004) + 1.94 (± 0.2) n^-0.391 (± 0.012) */
#include "sweep/learning.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

static void fit(const struct plan *plan, const struct results *results, struct learning_curve *curve)
{
    const char *name = results->figures[results->measure];
    double *n = ARENA_ARRAY(plan->sweep->arena, double, (size_t)plan->run_count + 1);
    double *y = ARENA_ARRAY(plan->sweep->arena, double, (size_t)plan->run_count + 1);
    int count = 0;
    for (int i = 0; i < plan->run_count; i++) {
        const struct sweep_run *run = &plan->runs[i];
        for (int j = 0; run->point == curve->point && run->state == RUN_DONE && j < run->figure_count; j++)
            if (strcmp(run->figures[j].name, name) == 0) {
                n[count] = run->examples;
                y[count++] = run->figures[j].value;
            }
    }
    curve->has_law = power_law_fit(n, y, count, &curve->law);
}

static void fill(const struct plan *plan, const struct results *results, struct learning_curve *curve)
{
    struct arena *arena = plan->sweep->arena;
    const size_t room = (size_t)plan->sweep->share_count;
    curve->examples = ARENA_ARRAY(arena, double, room);
    curve->mean = ARENA_ARRAY(arena, double, room);
    curve->deviation = ARENA_ARRAY(arena, double, room);
    for (int i = 0; i < results->count; i++) {
        const struct result *row = &results->rows[i];
        const struct statistic *figure = &row->figures[results->measure];
        if (row->point != curve->point || figure->count == 0)
            continue;
        int at = curve->count++; /* by examples, whatever the order of the shares */
        for (; at > 0 && curve->examples[at - 1] > row->examples; at--) {
            curve->examples[at] = curve->examples[at - 1];
            curve->mean[at] = curve->mean[at - 1];
            curve->deviation[at] = curve->deviation[at - 1];
        }
        curve->examples[at] = row->examples;
        curve->mean[at] = figure->mean;
        curve->deviation[at] = figure->deviation;
    }
    fit(plan, results, curve);
}

int learning_curves(const struct plan *plan, const struct results *results, struct learning_curve **curves)
{
    if (plan->sweep->share_count < 2 || results->measure < 0 || results->is_higher_better)
        return 0;
    *curves = ARENA_ARRAY(plan->sweep->arena, struct learning_curve, (size_t)plan->point_count + 1);
    for (int i = 0; i < plan->point_count; i++) {
        (*curves)[i].point = i;
        fill(plan, results, &(*curves)[i]);
    }
    return plan->point_count;
}

const char *learning_law(const struct plan *plan, const struct results *results,
                         const struct learning_curve *curve)
{
    struct arena *arena = plan->sweep->arena;
    const struct power_law *law = &curve->law;
    const char *point = results_point(plan, curve->point), *name = results->figures[results->measure];
    if (*point)
        point = arena_format(arena, "%s: ", point);
    if (!curve->has_law)
        return arena_format(arena, "%s%s follows no power law of the training examples.", point, name);
    const char *limit =
        isnan(law->a_error) ? "0" : arena_format(arena, "%.3g (± %.1g)", law->a, law->a_error);
    return arena_format(arena, "%s%s = %s + %.3g (± %.1g) n^-%.3g (± %.1g) of n training examples.", point,
                        name, limit, law->b, law->b_error, law->c, law->c_error);
}

const char *learning_outlook(struct arena *arena, const struct learning_curve *curve)
{
    if (!curve->has_law)
        return "";
    const double twice = 2 * curve->examples[curve->count - 1];
    return arena_format(arena,
                        "The runs lie %.1f %% about it; with %.0f, twice the most, it comes to %.4g ± %.1g.",
                        100 * curve->law.deviation, twice, power_law_at(&curve->law, twice),
                        power_law_error_at(&curve->law, twice));
}
