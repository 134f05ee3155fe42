/* rounds.c - successive halving (Jamieson and Talwalkar 2016): many points with little, the best of them with
 * more, until few have all.
 *
 *     27 points, {from: 1, factor: 3}, 9 epochs    ->    27 x 1 epoch, 9 x 3 epochs, 3 x 9 epochs
 *
 * Each round trains anew: with a schedule over all steps, 3 epochs are not the beginning of 9. */
#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "ir/graph.h"
#include "sweep/plan.h"
#include "sweep/results.h"

static double full_budget(const struct sweep *sweep)
{
    return sweep->budget == BUDGET_SHARE ? 100 : (double)sweep->graph->training.epochs;
}

static double budget_of(const struct sweep *sweep, int round)
{
    double budget = sweep->budget_from * pow(sweep->budget_factor, round);
    return sweep->budget == BUDGET_SHARE ? budget : floor(budget + 0.5);
}

int rounds_count(const struct sweep *sweep)
{
    int rounds = 1;
    while (budget_of(sweep, rounds - 1) < full_budget(sweep))
        rounds++;
    return rounds;
}

const char *rounds_budget(const struct sweep *sweep, int round)
{
    if (sweep->search != SEARCH_HALVING)
        return NULL;
    const double budget = fmin(budget_of(sweep, round), full_budget(sweep));
    return arena_format(sweep->arena, sweep->budget == BUDGET_SHARE ? "%.4g%%" : "%.0f", budget);
}

int rounds_keep(const struct plan *plan, int round, int *points)
{
    const struct results results = results_of(plan, round);
    const int kept = (int)ceil(results.count / plan->sweep->budget_factor - 1e-9);
    int count = 0;
    for (int i = 0; i < results.count && count < kept; i++)
        if (results.rows[i].rank > 0 && results.rows[i].rank <= kept)
            points[count++] = results.rows[i].point;
    return count;
}
