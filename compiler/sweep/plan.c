/* plan.c - the points of a grid or of draws; each checked and emitted, equal C emitted once.
 *
 *     λ.l1: [0.1, 1], batch: [32, 64]    ->    points 0.1/32, 0.1/64, 1/32, 1/64; trainers of 32 and of 64 */
#include "sweep/plan.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "command/commands.h"
#include "command/files.h"
#include "command/tuning_file.h"
#include "config.h"
#include "ir/graph.h"

enum { MOST_RUNS = 10000, MOST_TRIES = 100 };

static int at_least_one(int count)
{
    return count > 0 ? count : 1;
}

static struct span what_differs(const struct sweep *sweep)
{
    return sweep->axis_count   ? sweep->axes[0].span
           : sweep->seed_count ? sweep->seeds_span
                               : sweep->share_span;
}

static bool count_points(struct plan *plan)
{
    struct sweep *sweep = plan->sweep;
    double points = sweep->search == SEARCH_GRID ? 1 : sweep->draws;
    for (int i = 0; i < sweep->axis_count && sweep->search == SEARCH_GRID; i++)
        points *= sweep->axes[i].count;
    double runs = points * at_least_one(sweep->share_count) * at_least_one(sweep->seed_count);
    if (runs > MOST_RUNS)
        return sweep_refuse(sweep, E0703, what_differs(sweep), "these are %.0f runs; a sweep has at most %d",
                            runs, MOST_RUNS);
    plan->point_count = (int)points;
    plan->points = ARENA_ARRAY(sweep->arena, struct sweep_point, (size_t)points);
    for (int i = 0; i < plan->point_count; i++)
        plan->points[i].values = ARENA_ARRAY(sweep->arena, struct sweep_value, (size_t)sweep->axis_count + 1);
    return true;
}

/* The first axis changes least often. */
static void fill_grid(struct plan *plan)
{
    const struct sweep *sweep = plan->sweep;
    for (int i = 0; i < plan->point_count; i++)
        for (int j = sweep->axis_count - 1, rest = i; j >= 0; rest /= sweep->axes[j].count, j--)
            plan->points[i].values[j] = sweep->axes[j].values[rest % sweep->axes[j].count];
}

static bool is_drawn(const struct plan *plan, int count)
{
    const int axes = plan->sweep->axis_count;
    for (int i = 0; i < count; i++) {
        int same = 0;
        for (int j = 0; j < axes; j++)
            same += strcmp(plan->points[i].values[j].text, plan->points[count].values[j].text) == 0;
        if (same == axes)
            return true;
    }
    return false;
}

/* Every draw is a number of its own by counter; one that was drawn before is drawn again. */
static bool fill_draws(struct plan *plan)
{
    struct sweep *sweep = plan->sweep;
    uint64_t counter = 0;
    for (int i = 0; i < plan->point_count; i++) {
        int tries = 0;
        do {
            for (int j = 0; j < sweep->axis_count; j++)
                plan->points[i].values[j] = range_draw(sweep, &sweep->axes[j], counter);
            counter++;
        } while (is_drawn(plan, i) && ++tries < MOST_TRIES);
        if (tries == MOST_TRIES)
            return sweep_refuse(sweep, E0703, sweep->draws_span,
                                "there are hardly more than %d different points: draw fewer, or run a grid",
                                i);
    }
    return true;
}

/* Each value of a list alone, the others as in the model: what is wrong with it is told once, at it. */
static void check_values(struct plan *plan)
{
    struct sweep *sweep = plan->sweep;
    struct sweep_value *values = ARENA_ARRAY(sweep->arena, struct sweep_value, (size_t)sweep->axis_count + 1);
    for (int i = 0; i < sweep->axis_count; i++)
        for (int j = 0; j < sweep->axes[i].count; j++) {
            struct compiled compiled = {0};
            const int first = diagnostics_error_count(sweep->diagnostics);
            memcpy(values, plan->points[0].values, (size_t)sweep->axis_count * sizeof *values);
            values[i] = sweep->axes[i].values[j];
            const struct edited edited = edit_net(sweep, values);
            const struct compile_options options = {.path = sweep->model, .text = edited.source};
            if (first > 0 && diagnostics_is_full(sweep->diagnostics))
                return;
            compile_check(sweep->arena, &options, sweep->diagnostics, &compiled);
            edit_move_errors(&edited, first);
        }
}

static uint64_t hash_text(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

static bool is_same_text(const struct text *left, const struct text *right)
{
    return left->length == right->length && memcmp(left->bytes, right->bytes, left->length) == 0;
}

/* The trainer of what was emitted: one that is there, or a new one. */
static int find_trainer(struct plan *plan, const struct building *building)
{
    const struct compiled *compiled = &building->compiled;
    const uint64_t hash =
        hash_text(hash_text(0xcbf29ce484222325u, compiled->header.bytes, compiled->header.length),
                  compiled->code.bytes, compiled->code.length);
    for (int i = 0; i < plan->trainer_count; i++) {
        const struct compiled *other = &plan->trainers[i].building.compiled;
        if (plan->trainers[i].hash == hash && is_same_text(&compiled->header, &other->header) &&
            is_same_text(&compiled->code, &other->code))
            return i;
    }
    plan->trainers[plan->trainer_count] = (struct sweep_trainer){.building = *building, .hash = hash};
    return plan->trainer_count++;
}

/* What the trainer reads at start. False: told. */
static bool write_settings(struct plan *plan, struct sweep_point *point, const struct building *building)
{
    const struct compiled *compiled = &building->compiled;
    const struct text text = building_text(building->arena, compiled);
    json_t *settings = json_object(), *layers = json_array();
    bool is_whole = true;
    for (int i = 0; i < compiled->settings.count; i++)
        is_whole = json_object_set_new(settings, compiled->settings.list[i].name,
                                       json_string(compiled->settings.list[i].text)) == 0 &&
                   is_whole;
    for (int i = 0; i < compiled->graph->layer_count; i++)
        is_whole =
            json_array_append_new(layers, json_string(compile_layer_text(compiled->graph->layers[i]))) == 0 &&
            is_whole;
    json_t *file = json_pack("{s:s, s:s, s:s%, s:o, s:o}", "path", path_name(plan->sweep->net->path),
                             "folder", building_folder(building->arena, compiled), "net", text.bytes,
                             text.length, "settings", settings, "layers", layers);
    char *bytes = file && is_whole ? json_dumps(file, JSON_INDENT(1) | JSON_PRESERVE_ORDER) : NULL;
    json_decref(file);
    if (!bytes)
        return sweep_refuse(plan->sweep, E0703, plan->sweep->model_span,
                            "'%s' cannot be swept: its path is no UTF-8, or there is no memory",
                            plan->sweep->model);
    point->settings_length = strlen(bytes);
    point->settings = arena_copy(plan->sweep->arena, bytes, point->settings_length);
    free(bytes);
    return true;
}

static bool emit_point(struct plan *plan, struct sweep_point *point)
{
    struct sweep *sweep = plan->sweep;
    struct arena *arena = arena_create();
    struct sweep own = *sweep;
    own.arena = arena; /* for this text alone, unless it stays */
    const int first = diagnostics_error_count(sweep->diagnostics), trainers = plan->trainer_count;
    const struct edited edited = edit_net(&own, point->values);
    struct building building = {.arena = arena,
                                .options = plan->options,
                                .march = building_march(plan->options),
                                .settings_at_start = true};
    struct compile_options options = options_for_compiler(plan->options);
    options.path = sweep->model;
    options.text = edited.source;
    options.settings_at_start = true;
    options.march = building.march;
    options.tuning = plan->tuning;
    if (!compile_emit(arena, &options, sweep->diagnostics, &building.compiled)) {
        edit_move_errors(&edited, first);
        return false;
    }
    if (!demand_check_point(plan, point, building.compiled.graph))
        return false;
    if (!write_settings(plan, point, &building))
        return false;
    point->trainer = find_trainer(plan, &building);
    if (plan->trainer_count == trainers)
        arena_release(arena);
    return true;
}

/* The first point that the language refuses ends it: the others are likely to be refused for the same. */
static bool emit_points(struct plan *plan)
{
    const char *model = plan->sweep->model, *march = building_march(plan->options);
    if (!tuning_read(plan->sweep->arena, model, march, &plan->tuning) ||
        !tuning_fits(plan->sweep->arena, model, march, plan->sweep->graph))
        return false;
    plan->trainers = ARENA_ARRAY(plan->sweep->arena, struct sweep_trainer, (size_t)plan->point_count + 1);
    for (int i = 0; i < plan->point_count; i++)
        if (!emit_point(plan, &plan->points[i]))
            return false;
    return true;
}

bool plan_make(struct plan *plan)
{
    struct sweep *sweep = plan->sweep;
    if (!places_find(sweep) || !demand_check(sweep) || !count_points(plan))
        return false;
    if (sweep->search == SEARCH_GRID)
        fill_grid(plan);
    else if (!fill_draws(plan))
        return false;
    check_values(plan);
    if (diagnostics_error_count(sweep->diagnostics) || !emit_points(plan))
        return false;
    plan->rounds = sweep->search == SEARCH_HALVING ? rounds_count(sweep) : 1;
    return true;
}

void plan_add_runs(struct plan *plan, const int *points, int count, int round)
{
    const struct sweep *sweep = plan->sweep;
    const int shares = at_least_one(sweep->share_count), seeds = at_least_one(sweep->seed_count);
    const int more = count * shares * seeds, chain = shares * seeds;
    const int along = sweep->axis_count ? sweep->axes[sweep->axis_count - 1].count : 1;
    if (plan->run_count + more > plan->run_room) {
        plan->run_room = 2 * (plan->run_count + more);
        struct sweep_run *runs = ARENA_ARRAY(sweep->arena, struct sweep_run, (size_t)plan->run_room);
        if (plan->run_count)
            memcpy(runs, plan->runs, (size_t)plan->run_count * sizeof *runs);
        plan->runs = runs;
    }
    for (int i = 0; i < more; i++) {
        struct sweep_run *run = &plan->runs[plan->run_count];
        const int point = points[i / chain];
        *run = (struct sweep_run){.number = plan->run_count + 1,
                                  .point = point,
                                  .share = i / seeds % shares,
                                  .seed = i % seeds,
                                  .round = round,
                                  .budget = rounds_budget(sweep, round),
                                  .before = sweep->is_warm && point % along ? plan->run_count - chain : -1};
        plan->run_count++;
    }
}

const char *run_share(const struct plan *plan, const struct sweep_run *run)
{
    const struct sweep *sweep = plan->sweep;
    if (run->budget && sweep->budget == BUDGET_SHARE)
        return run->budget;
    return sweep->share_count ? sweep->shares[run->share].text : NULL;
}

const char *run_seed(const struct plan *plan, const struct sweep_run *run)
{
    return plan->sweep->seed_count ? plan->sweep->seeds[run->seed].text : NULL;
}

const struct sweep_run *run_predecessor(const struct plan *plan, const struct sweep_run *run)
{
    const struct sweep_run *before = run->before >= 0 ? &plan->runs[run->before] : NULL;
    while (before && before->state != RUN_DONE)
        before = before->before >= 0 ? &plan->runs[before->before] : NULL;
    return before;
}

struct text plan_identity(const struct plan *plan)
{
    const struct sweep *sweep = plan->sweep;
    const struct options *options = plan->options;
    struct text text = text_create(sweep->arena);
    char path[4096];
    uint64_t points = 0xcbf29ce484222325u, trainers = points;
    for (int i = 0; i < plan->point_count; i++)
        points = hash_text(points, plan->points[i].settings, plan->points[i].settings_length);
    for (int i = 0; i < plan->trainer_count; i++)
        trainers = hash_text(trainers, (const char *)&plan->trainers[i].hash, sizeof plan->trainers[i].hash);
    text_format(&text, "sweep: %s\n", realpath(sweep->source->path, path) ? path : sweep->source->path);
    text_format(
        &text, "sweep's text: %016llx\n",
        (unsigned long long)hash_text(0xcbf29ce484222325u, sweep->source->bytes, sweep->source->length));
    text_format(&text, "model: %016llx\n", (unsigned long long)points);
    text_format(&text, "generated C: %016llx, netc %s\n", (unsigned long long)trainers, NETC_VERSION);
    text_format(&text, "options: %s%s%s%s%s\n", building_march(options), options->twice ? " --double" : "",
                options->plain ? " --plain" : "", options->cflags ? " --cflags " : "",
                options->cflags ? options->cflags : "");
    return text;
}
