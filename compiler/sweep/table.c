/* table.c - rows of a sweep, for people and for programs.
 *
 *       λ.l1   train loss   train rmse
 *       0.1        2889.2        53.75
 *     * 0.02       2863.7        53.51 */
#include "sweep/table.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

enum { SHOWN = 40, MOST_COLUMNS = 128 };

const char *table_statistic(struct arena *arena, const struct statistic *statistic, bool is_single)
{
    if (statistic->count == 0)
        return "";
    if (is_single)
        return arena_format(arena, "%.5g", statistic->mean);
    /* As many digits of the mean as its deviation gives a sense to. */
    const double deviation = statistic->deviation;
    int decimals = deviation > 0 ? 1 - (int)floor(log10(deviation)) : 4;
    decimals = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
    return arena_format(arena, "%.*f ± %.*f", decimals, statistic->mean, decimals, deviation);
}

bool table_shows(const struct results *results, int figure)
{
    bool has_unseen = false;
    for (int i = 0; i < results->figure_count; i++)
        has_unseen = has_unseen || strncmp(results->figures[i], "train ", 6) != 0;
    return figure == results->measure || !has_unseen || strncmp(results->figures[figure], "train ", 6) != 0;
}

const char *table_trouble(const struct plan *plan, const struct result *row)
{
    struct arena *arena = plan->sweep->arena;
    const char *first = NULL;
    int bad = 0;
    for (int i = row->run; i < row->run + row->runs; i++) {
        const struct sweep_run *run = &plan->runs[i];
        if (run->state != RUN_DIVERGED && run->state != RUN_FAILED)
            continue;
        bad++;
        if (!first)
            first =
                arena_format(arena, "%s: %s", run->state == RUN_DIVERGED ? "diverged" : "failed", run->why);
    }
    if (!first)
        return row->done < row->runs ? "not done" : "";
    return bad > 1 ? arena_format(arena, "%d of %d runs, the first %s", bad, row->runs, first) : first;
}

/* Cells in columns: those of the settings to the left, numbers to the right. */
struct grid {
    struct arena *arena;
    const char **cells; /* [rows][columns] */
    bool is_right[MOST_COLUMNS];
    int rows, columns;
};

static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void print_grid(struct text *to, const struct grid *grid)
{
    int widths[MOST_COLUMNS] = {0};
    for (int i = 0; i < grid->rows * grid->columns; i++) {
        const int width = width_of(grid->cells[i]);
        widths[i % grid->columns] = width > widths[i % grid->columns] ? width : widths[i % grid->columns];
    }
    for (int i = 0; i < grid->rows; i++) {
        struct text line = text_create(grid->arena);
        for (int j = 0; j < grid->columns; j++) {
            const char *cell = grid->cells[i * grid->columns + j];
            const int gap = widths[j] - width_of(cell), blanks = j > 1 ? 3 : j;
            text_format(&line, "%*s%*s%s%*s", blanks, "", grid->is_right[j] ? gap : 0, "", cell,
                        grid->is_right[j] ? 0 : gap, "");
        }
        while (line.length > 0 && line.bytes[line.length - 1] == ' ')
            line.bytes[--line.length] = 0;
        text_format(to, "%s\n", line.bytes);
    }
}

static const char *const *head_of(const struct plan *plan, const struct results *results, struct grid *grid)
{
    const struct sweep *sweep = plan->sweep;
    const char **head = ARENA_ARRAY(grid->arena, const char *, MOST_COLUMNS);
    int count = 0;
    head[count++] = "";
    for (int i = 0; i < sweep->axis_count && count < MOST_COLUMNS / 2; i++)
        if (results_show(sweep, i))
            head[count++] = sweep->axes[i].name;
    if (sweep->share_count > 1)
        head[count++] = "share";
    const int figures = count;
    for (int i = 0; i < results->figure_count && count < MOST_COLUMNS - 1; i++)
        if (table_shows(results, i))
            head[count++] = results->figures[i];
    for (int i = figures; i < count; i++)
        grid->is_right[i] = true;
    head[count++] = "";
    grid->columns = count;
    return head;
}

static void fill_row(const struct plan *plan, const struct results *results, const struct result *row,
                     struct grid *grid)
{
    const struct sweep *sweep = plan->sweep;
    const char **cells = grid->cells + grid->rows++ * grid->columns;
    int count = 0;
    cells[count++] = row->rank == 1 ? "*" : "";
    for (int i = 0; i < sweep->axis_count && count < MOST_COLUMNS / 2; i++)
        if (results_show(sweep, i))
            cells[count++] = plan->points[row->point].values[i].text;
    if (sweep->share_count > 1)
        cells[count++] = sweep->shares[row->share].text;
    for (int i = 0; i < results->figure_count && count < grid->columns - 1; i++)
        if (table_shows(results, i))
            cells[count++] = table_statistic(grid->arena, &row->figures[i], row->runs == 1);
    while (count < grid->columns - 1)
        cells[count++] = "";
    cells[count] = table_trouble(plan, row);
}

void table_print_points(struct text *to, const struct plan *plan, const struct results *results)
{
    struct grid grid = {.arena = plan->sweep->arena};
    const char *const *head = head_of(plan, results, &grid);
    grid.cells = ARENA_ARRAY(grid.arena, const char *, (size_t)((results->count + 1) * grid.columns));
    memcpy(grid.cells, head, (size_t)grid.columns * sizeof *head);
    grid.rows = 1;
    const bool is_long = results->count > SHOWN;
    const int *order = results_order(plan, results);
    for (int i = 0; i < results->count; i++) {
        const struct result *row = &results->rows[order[i]];
        if (!is_long || (row->rank > 0 && row->rank <= SHOWN))
            fill_row(plan, results, row, &grid);
    }
    print_grid(to, &grid);
    if (is_long)
        text_format(to, "the best %d of %d; table.csv has all\n", grid.rows - 1, results->count);
}

static void add_cell(struct text *to, const char *text)
{
    if (to->length > 0 && to->bytes[to->length - 1] != '\n')
        text_append(to, ",", 1);
    if (!strpbrk(text, ",\"\n\r")) {
        text_append(to, text, strlen(text));
        return;
    }
    text_append(to, "\"", 1);
    for (; *text; text++)
        text_format(to, *text == '"' ? "\"\"" : "%c", *text);
    text_append(to, "\"", 1);
}

/* What says which run or point it is: settings, share, seed, budget, in columns of their own. */
static void add_settings(struct text *to, const struct plan *plan, const struct sweep_run *run)
{
    const struct sweep *sweep = plan->sweep;
    for (int i = 0; i < sweep->axis_count; i++)
        add_cell(to, run ? plan->points[run->point].values[i].text : sweep->axes[i].name);
    if (sweep->share_count)
        add_cell(to, run ? sweep->shares[run->share].text : "share");
    if (sweep->search == SEARCH_HALVING) {
        const char *name = sweep->budget == BUDGET_SHARE ? "share of round" : "epochs of round";
        add_cell(to, run ? arena_format(sweep->arena, "%d", run->round + 1) : "round");
        add_cell(to, run ? run->budget : name);
    }
}

static const char *state_name(const struct sweep_run *run)
{
    static const char *const names[] = {[RUN_PENDING] = "not done",
                                        [RUN_GOING] = "not done",
                                        [RUN_DONE] = "done",
                                        [RUN_DIVERGED] = "diverged",
                                        [RUN_FAILED] = "failed"};
    return names[run->state];
}

static double figure_of(const struct sweep_run *run, const char *name)
{
    for (int i = 0; run->state == RUN_DONE && i < run->figure_count; i++)
        if (strcmp(run->figures[i].name, name) == 0)
            return run->figures[i].value;
    return NAN;
}

void table_runs_csv(struct text *to, const struct plan *plan)
{
    const struct results results = results_of(plan, 0);
    const bool has_seeds = plan->sweep->seed_count > 0;
    add_cell(to, "run");
    add_settings(to, plan, NULL);
    if (has_seeds)
        add_cell(to, "seed");
    add_cell(to, "state");
    add_cell(to, "train examples");
    add_cell(to, "epochs done");
    add_cell(to, "best epoch");
    for (int i = 0; i < results.figure_count; i++)
        add_cell(to, results.figures[i]);
    add_cell(to, "trouble");
    text_append(to, "\n", 1);
    for (int i = 0; i < plan->run_count; i++) {
        const struct sweep_run *run = &plan->runs[i];
        add_cell(to, arena_format(plan->sweep->arena, "%d", run->number));
        add_settings(to, plan, run);
        if (has_seeds)
            add_cell(to, run_seed(plan, run));
        add_cell(to, state_name(run));
        if (run->state == RUN_DONE || run->state == RUN_DIVERGED)
            text_format(to, ",%.0f,%d,%d", run->examples, run->epochs_done, run->best_epoch);
        else
            text_append(to, ",,,", 3);
        for (int j = 0; j < results.figure_count; j++) {
            const double value = figure_of(run, results.figures[j]);
            text_format(to, isnan(value) ? "," : ",%.9g", value);
        }
        add_cell(to, run->why ? run->why : "");
        text_append(to, "\n", 1);
    }
}

void table_points_csv(struct text *to, const struct plan *plan, const struct results *results)
{
    const bool has_seeds = plan->sweep->seed_count > 1;
    add_cell(to, "rank");
    add_settings(to, plan, NULL);
    add_cell(to, "train examples");
    for (int i = 0; i < results->figure_count; i++) {
        add_cell(to, results->figures[i]);
        if (has_seeds)
            add_cell(to, arena_format(plan->sweep->arena, "%s deviation", results->figures[i]));
    }
    add_cell(to, "trouble");
    text_append(to, "\n", 1);
    for (int i = 0; i < results->count; i++) {
        const struct result *row = &results->rows[i];
        add_cell(to, row->rank ? arena_format(plan->sweep->arena, "%d", row->rank) : "-");
        add_settings(to, plan, &plan->runs[row->run]);
        text_format(to, row->examples > 0 ? ",%.0f" : ",", row->examples);
        for (int j = 0; j < results->figure_count; j++) {
            const struct statistic *figure = &row->figures[j];
            text_format(to, figure->count ? ",%.9g" : ",", figure->mean);
            if (has_seeds)
                text_format(to, figure->count ? ",%.9g" : ",", figure->deviation);
        }
        add_cell(to, table_trouble(plan, row));
        text_append(to, "\n", 1);
    }
}

void table_weights_csv(struct text *to, const struct plan *plan)
{
    add_cell(to, "run");
    add_settings(to, plan, NULL);
    if (plan->sweep->seed_count)
        add_cell(to, "seed");
    for (int i = 0; i < plan->weight_count; i++)
        add_cell(to, plan->weight_names[i]);
    text_append(to, "\n", 1);
    for (int i = 0; i < plan->run_count; i++) {
        const struct sweep_run *run = &plan->runs[i];
        if (run->state != RUN_DONE || !run->weights)
            continue;
        add_cell(to, arena_format(plan->sweep->arena, "%d", run->number));
        add_settings(to, plan, run);
        if (plan->sweep->seed_count)
            add_cell(to, run_seed(plan, run));
        for (int j = 0; j < plan->weight_count; j++)
            text_format(to, ",%.9g", run->weights[j]);
        text_append(to, "\n", 1);
    }
}
