/* outcome.c - run.yaml of a run, as far as a sweep looks at it: how it ended, and every figure.
 *
 *     result: { status: complete, train: { loss: 0.13 } }    ->    RUN_DONE, "train loss" 0.13 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/files.h"
#include "formats/yaml_tree.h"
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

static void *get_from_arena(void *arena, size_t size)
{
    return arena_allocate(arena, size);
}

static const char *text_at(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = mapping && mapping->kind == YAML_MAPPING ? yaml_find(mapping, key) : NULL;
    return node && node->kind == YAML_SCALAR ? node->text : "";
}

static void add_figure(struct plan *plan, struct sweep_run *run, const char *name, double value)
{
    run->figures[run->figure_count++] = (struct figure){arena_format(plan->sweep->arena, "%s", name), value};
}

/* Every number of result: { train: { … }, validation: { … }, test: { … } }. */
static void read_figures(struct plan *plan, struct sweep_run *run, const struct yaml_node *result)
{
    static const char *const splits[] = {"train", "validation", "test"};
    struct arena *arena = plan->sweep->arena;
    int room = 0;
    for (int i = 0; i < 3; i++) {
        const struct yaml_node *split = yaml_find(result, splits[i]);
        room += split ? 2 * split->count : 0;
    }
    run->figures = ARENA_ARRAY(arena, struct figure, (size_t)room + 1);
    run->figure_count = 0;
    for (int i = 0; i < 3; i++) {
        const struct yaml_node *split = yaml_find(result, splits[i]);
        for (int j = 0; split && j < split->count; j++) {
            const char *name = split->keys[j]->text, *text = split->items[j]->text;
            if (split->items[j]->kind != YAML_SCALAR)
                continue;
            char *end;
            const double value = strtod(text, &end);
            if (end == text || *end)
                continue;
            add_figure(plan, run, arena_format(arena, "%s %s", splits[i], name), value);
            if (strcmp(name, "accuracy") == 0 && strcmp(plan->sweep->measure.figure, "error") == 0)
                add_figure(plan, run, arena_format(arena, "%s error", splits[i]), 1 - value);
        }
    }
}

static bool take_record(struct plan *plan, struct sweep_run *run, const struct yaml_node *root)
{
    const struct yaml_node *result = yaml_find(root, "result"), *data = yaml_find(root, "data");
    if (!result || result->kind != YAML_MAPPING)
        return false;
    const char *status = text_at(result, "status");
    if (!*status || strcmp(status, "interrupted") == 0)
        return false;
    run->state = strcmp(status, "diverged") == 0 ? RUN_DIVERGED : RUN_DONE;
    run->why = run->state == RUN_DIVERGED ? text_at(result, "end") : NULL;
    run->epochs_done = atoi(text_at(result, "epochs_done"));
    run->best_epoch = atoi(text_at(result, "best_epoch"));
    run->examples = strtod(text_at(data, "train"), NULL);
    read_figures(plan, run, result);
    return true;
}

bool outcome_read(struct plan *plan, struct sweep_run *run)
{
    struct arena *arena = plan->sweep->arena;
    size_t length = 0;
    struct yaml_fault fault = {0};
    const char *bytes = file_read(arena, arena_format(arena, "%s/run.yaml", run_folder(plan, run)), &length);
    const struct yaml_node *root =
        bytes ? yaml_parse(bytes, length, "a record", (struct yaml_memory){get_from_arena, arena}, &fault)
              : NULL;
    return root && root->kind == YAML_MAPPING && take_record(plan, run, root);
}
