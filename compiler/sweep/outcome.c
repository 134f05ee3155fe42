/* outcome.c - run.yaml of a run, as far as a sweep looks at it: how it ended, and every figure.
 *
 *     result: { status: complete, train: { loss: 0.13 } }    ->    RUN_DONE, "train loss" 0.13 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/files.h"
#include "compare/run.h"
#include "sweep/results.h"

const char *run_folder(const struct plan *plan, const struct sweep_run *run)
{
    return arena_format(plan->sweep->arena, "%s/runs/%04d", plan->folder, run->number);
}

bool outcome_is_begun(const struct plan *plan, const struct sweep_run *run)
{
    const char *folder = run_folder(plan, run);
    return file_exists(arena_format(plan->sweep->arena, "%s/state", folder)) ||
           file_exists(arena_format(plan->sweep->arena, "%s/state.previous", folder));
}

static double number_at(const struct run *record, const char *name)
{
    const char *text = run_text(record, name);
    return text ? strtod(text, NULL) : 0;
}

static void add_figure(struct plan *plan, struct sweep_run *run, const char *name, double value)
{
    run->figures[run->figure_count++] = (struct figure){arena_format(plan->sweep->arena, "%s", name), value};
}

/* "train loss" of result.train.loss: a number of one of the splits; NULL for any other entry. */
static const char *figure_name(struct arena *arena, const struct entry *entry, double *value)
{
    static const char *const heads[] = {"result.train.", "result.validation.", "result.test."};
    char *end;
    *value = strtod(entry->text, &end);
    for (int i = 0; i < 3 && end != entry->text && !*end; i++) {
        const size_t length = strlen(heads[i]);
        if (strncmp(entry->name, heads[i], length) == 0 && !strchr(entry->name + length, '.'))
            return arena_format(arena, "%.*s %s", (int)(length - strlen("result.") - 1),
                                entry->name + strlen("result."), entry->name + length);
    }
    return NULL;
}

static void read_figures(struct plan *plan, struct sweep_run *run, const struct run *record)
{
    struct arena *arena = plan->sweep->arena;
    const bool wants_error = strcmp(plan->sweep->measure.figure, "error") == 0;
    run->figures = ARENA_ARRAY(arena, struct figure, 2 * (size_t)record->entry_count + 1);
    run->figure_count = 0;
    for (int i = 0; i < record->entry_count; i++) {
        double value;
        const char *name = figure_name(arena, &record->entries[i], &value),
                   *space = name ? strchr(name, ' ') : NULL;
        if (!name)
            continue;
        add_figure(plan, run, name, value);
        if (wants_error && strcmp(space, " accuracy") == 0)
            add_figure(plan, run, arena_format(arena, "%.*s error", (int)(space - name), name), 1 - value);
    }
}

static bool take_record(struct plan *plan, struct sweep_run *run, const struct run *record)
{
    const char *status = run_text(record, "result.status"), *end = run_text(record, "result.end");
    if (!status || strcmp(status, "interrupted") == 0)
        return false;
    run->state = strcmp(status, "diverged") == 0 ? RUN_DIVERGED : RUN_DONE;
    run->why = run->state == RUN_DIVERGED ? arena_format(plan->sweep->arena, "%s", end ? end : "") : NULL;
    run->epochs_done = (int)number_at(record, "result.epochs_done");
    run->best_epoch = (int)number_at(record, "result.best_epoch");
    run->examples = number_at(record, "data.train");
    read_figures(plan, run, record);
    return true;
}

bool outcome_read(struct plan *plan, struct sweep_run *run)
{
    struct arena *arena = arena_create();
    struct run record;
    const bool has_ended =
        run_read_record(arena, run_folder(plan, run), &record, diagnostics_create(arena)) &&
        take_record(plan, run, &record);
    arena_release(arena);
    return has_ended;
}
