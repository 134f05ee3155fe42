/* sweep.c - `netc sweep SWEEP.yaml`: many trainings over settings, seeds and shares of the data.
 *
 *     SWEEP.yaml -> points -> trainers -> runs
 *                -> sweeps/NAME-1/{runs.csv, table.csv, sweep.html, best.net, runs/}
 *
 * Whatever ends it, --resume goes on to the same tables: which runs there are follows from the files alone,
 * and what is done from their folders. */
#include "sweep/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "command/commands.h"
#include "command/files.h"
#include "sweep/again.h"
#include "sweep/jobs.h"
#include "sweep/learning.h"
#include "sweep/page.h"
#include "sweep/table.h"

static double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int tell(const char *path, const char *why)
{
    fprintf(stderr, "netc sweep: '%s': %s\n", path, why);
    return EXIT_INPUT;
}

/* "lasso" of examples/lasso.sweep.yaml */
static const char *name_of(struct arena *arena, const char *path)
{
    const char *name = path_name(path);
    return arena_copy(arena, name, strcspn(name, "."));
}

/* DIR, or sweeps/NAME-1, NAME-2, …: a folder that was not there. NULL: told. */
static const char *make_folder(struct arena *arena, const struct options *options, const char *sweep)
{
    if (options->output) {
        if (mkdir(options->output, 0777) == 0)
            return options->output;
        tell(options->output, errno == EEXIST
                                  ? "is there already, and a sweep overwrites nothing; --resume goes on "
                                    "with one"
                                  : strerror(errno));
        return NULL;
    }
    const char *path = "sweeps";
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        for (int number = 1; number < 1000000; number++) {
            path = arena_format(arena, "sweeps/%s-%d", name_of(arena, sweep), number);
            if (mkdir(path, 0777) == 0)
                return path;
            if (errno != EEXIST)
                break;
        }
    tell(path, strerror(errno));
    return NULL;
}

/* Held as long as a process of the sweep lives, its trainers' as well. False: told. */
static bool lock_folder(struct arena *arena, const char *folder)
{
    const char *path = arena_format(arena, "%s/lock", folder);
    const int lock = open(path, O_RDWR | O_CREAT, 0666);
    if (lock < 0) {
        tell(path, strerror(errno));
        return false;
    }
    for (int tries = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; tries++) {
        if (errno != EWOULDBLOCK || tries == 100) {
            tell(folder, errno == EWOULDBLOCK ? "another netc works on this sweep" : strerror(errno));
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = 100000000},
                  NULL); /* trainers of a killed one save their states */
    }
    return true;
}

static bool write_settings(const struct plan *plan)
{
    struct arena *arena = plan->sweep->arena;
    static const char *const folders[] = {"runs", "settings", "logs", "trainers"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (!folder_make(arena_format(arena, "%s/%s", plan->folder, folders[i])))
            return tell(plan->folder, strerror(errno)) == EXIT_GOOD;
    for (int i = 0; i < plan->point_count; i++) {
        const char *path = arena_format(arena, "%s/settings/%04d.json", plan->folder, i + 1);
        if (!file_write(path, plan->points[i].settings, plan->points[i].settings_length))
            return false;
    }
    return true;
}

/* A new folder with the settings of every point, the plan last: without it there is no sweep to go on with.
 */
static bool begin(struct plan *plan)
{
    struct arena *arena = plan->sweep->arena;
    const struct text identity = plan_identity(plan);
    plan->folder = make_folder(arena, plan->options, plan->sweep->source->path);
    return plan->folder && lock_folder(arena, plan->folder) && write_settings(plan) &&
           file_write(arena_format(arena, "%s/plan.txt", plan->folder), identity.bytes, identity.length);
}

/* The line of `there` that is another one here, up to its colon; NULL: none. */
static const char *find_difference(struct arena *arena, const char *there, const char *here)
{
    while (*there || *here) {
        const size_t length = strcspn(there, "\n"), other = strcspn(here, "\n");
        if (length != other || memcmp(there, here, length) != 0)
            return arena_copy(arena, there, strcspn(there, ":\n"));
        there += length + (there[length] != 0);
        here += other + (here[other] != 0);
    }
    return NULL;
}

static bool go_on(struct plan *plan)
{
    struct arena *arena = plan->sweep->arena;
    plan->folder = plan->options->resume;
    const char *path = arena_format(arena, "%s/plan.txt", plan->folder);
    size_t length = 0;
    char *there = file_read(arena, path, &length);
    if (!there)
        return tell(path, strerror(errno)) == EXIT_GOOD;
    there[length] = 0;
    const char *what = find_difference(arena, there, plan_identity(plan).bytes);
    if (what) {
        fprintf(
            stderr,
            "netc sweep: '%s': the sweep cannot go on: %s is not what it was\nhelp: put it back, or begin "
            "another sweep\n",
            plan->folder, what);
        return false;
    }
    return lock_folder(arena, plan->folder) && write_settings(plan);
}

/* The file that a sweep was made from: --resume alone finds it in the plan. NULL: told. */
static const char *find_file(struct arena *arena, const struct options *options)
{
    static const char head[] = "sweep: ";
    if (options->file)
        return options->file;
    const char *path = arena_format(arena, "%s/plan.txt", options->resume);
    size_t length = 0;
    char *there = file_read(arena, path, &length);
    if (!there || length < strlen(head) || memcmp(there, head, strlen(head)) != 0) {
        tell(path, there ? "is no plan of a sweep" : strerror(errno));
        return NULL;
    }
    there[length] = 0;
    return arena_copy(arena, there + strlen(head), strcspn(there + strlen(head), "\n"));
}

static void tell_run(struct jobs *jobs, const struct sweep_run *run)
{
    const struct plan *plan = jobs->plan;
    struct arena *arena = plan->sweep->arena;
    const struct measure *measure = &plan->sweep->measure;
    const struct result row = {.point = run->point, .share = run->share, .run = (int)(run - plan->runs)};
    const char *name = arena_format(arena, "%s %s", measure->split, measure->figure),
               *seed = run_seed(plan, run);
    const char *label = results_label(plan, &row);
    printf("%4d/%d  %s%s%s%s", jobs->told, jobs->end, label, seed && *label ? " " : "", seed ? "seed=" : "",
           seed ? seed : "");
    for (int i = 0; i < run->figure_count && run->state == RUN_DONE; i++)
        if (strcmp(run->figures[i].name, name) == 0)
            printf("   %s %.5g", name, run->figures[i].value);
    if (run->why)
        printf("   %s: %s", run->state == RUN_DIVERGED ? "diverged" : "failed", run->why);
    printf("\n");
    fflush(stdout);
}

static void print_opening(const struct plan *plan, const struct jobs *jobs)
{
    const struct sweep *sweep = plan->sweep;
    printf("%d run%s of %s", jobs->end, jobs->end == 1 ? "" : "s", plan->trainers[0].building.compiled.name);
    if (plan->point_count > 1)
        printf(", %d points", plan->point_count);
    if (sweep->share_count > 1)
        printf(", %d shares of the data", sweep->share_count);
    if (sweep->seed_count > 1)
        printf(", %d seeds", sweep->seed_count);
    if (plan->rounds > 1)
        printf(" in the first of %d rounds", plan->rounds);
    printf("; %d trainer%s, %d run%s at a time on %d thread%s each, in %s\n\n", plan->trainer_count,
           plan->trainer_count == 1 ? "" : "s", jobs->most, jobs->most == 1 ? "" : "s", jobs->threads,
           jobs->threads == 1 ? "" : "s", plan->folder);
    fflush(stdout);
}

/* All rounds; false when one failed (told) or somebody wants an end. */
static bool run_rounds(struct plan *plan, struct jobs *jobs)
{
    int *points = ARENA_ARRAY(plan->sweep->arena, int, (size_t)plan->point_count + 1);
    int count = plan->point_count;
    for (int i = 0; i < count; i++)
        points[i] = i;
    for (int round = 0; round < plan->rounds && count > 0; round++) {
        jobs->first = plan->run_count;
        plan_add_runs(plan, points, count, round);
        jobs->end = plan->run_count;
        if (round == 0)
            print_opening(plan, jobs);
        else
            printf("\nround %d of %d: %d point%s with %s %s\n", round + 1, plan->rounds, count,
                   count == 1 ? "" : "s", plan->runs[jobs->first].budget,
                   plan->sweep->budget == BUDGET_SHARE ? "of the data" : "epochs");
        if (!jobs_run(jobs) || jobs->is_stopped)
            return false;
        plan->last_round = round;
        if (round + 1 == plan->rounds)
            break;
        count = rounds_keep(plan, round, points);
        if (count == 1) /* there is nothing left to choose */
            round = plan->rounds - 2;
    }
    return true;
}

/* What the best point is, how to train it, and what it changes. */
static bool keep_best(const struct plan *plan, const struct results *results)
{
    struct arena *arena = plan->sweep->arena;
    const struct result *best = results_best(results);
    if (!best) {
        printf("\nno point has a %s %s, so none is the best\n", plan->sweep->measure.split,
               plan->sweep->measure.figure);
        return true;
    }
    const struct edited edited = edit_net(plan->sweep, plan->points[best->point].values);
    const struct text lines = again_lines(plan, best), command = again_command(plan, best, AGAIN_FROM_HERE);
    const char *label = results_label(plan, best);
    printf("\nbest: %s%s%s %s\n", label, *label ? ", " : "", results->figures[results->measure],
           table_statistic(arena, &best->figures[results->measure], best->runs == 1));
    if (lines.length)
        printf("\nin the model, as in %s/best.net:\n%s", plan->folder, lines.bytes);
    printf("\n%s\n", command.bytes);
    return file_write(arena_format(arena, "%s/best.net", plan->folder), edited.source->bytes,
                      edited.source->length);
}

static bool write_tables(const struct plan *plan, const struct results *results)
{
    struct arena *arena = plan->sweep->arena;
    struct text runs = text_create(arena), points = text_create(arena), weights = text_create(arena);
    table_runs_csv(&runs, plan);
    table_points_csv(&points, plan, results);
    table_weights_csv(&weights, plan);
    return file_write(arena_format(arena, "%s/runs.csv", plan->folder), runs.bytes, runs.length) &&
           file_write(arena_format(arena, "%s/table.csv", plan->folder), points.bytes, points.length) &&
           (!plan->weight_count ||
            file_write(arena_format(arena, "%s/weights.csv", plan->folder), weights.bytes, weights.length)) &&
           page_write(plan, results);
}

static void print_learning(const struct plan *plan, const struct results *results)
{
    struct learning_curve *curves = NULL;
    const int count = learning_curves(plan, results, &curves);
    for (int i = 0; i < count; i++)
        printf("\n%s\n%s%s", learning_law(plan, results, &curves[i]),
               learning_outlook(plan->sweep->arena, &curves[i]), curves[i].has_law ? "\n" : "");
}

static int finish(struct plan *plan, const struct jobs *jobs, double seconds)
{
    struct arena *arena = plan->sweep->arena;
    if (!jobs->is_stopped)
        weights_read(plan);
    const struct results results = results_of(plan, plan->last_round);
    struct text table = text_create(arena);
    table_print_points(&table, plan, &results);
    printf("\n%s", table.bytes);
    if (jobs->is_stopped) {
        printf("\ninterrupted after %.1f s; netc sweep --resume %s goes on with it\n", seconds, plan->folder);
        return EXIT_GOOD;
    }
    print_learning(plan, &results);
    if (!keep_best(plan, &results) || !write_tables(plan, &results))
        return EXIT_INPUT;
    folder_remove(arena_format(arena, "%s/trainers", plan->folder));
    rmdir(arena_format(arena, "%s/logs", plan->folder)); /* where no run has failed */
    unlink(arena_format(arena, "%s/lock", plan->folder));
    printf("\n%d runs in %.1f s; saved in %s\n", plan->run_count, seconds, plan->folder);
    return results_best(&results) ? EXIT_GOOD : EXIT_INPUT;
}

static void place_trainers(struct plan *plan)
{
    for (int i = 0; i < plan->trainer_count; i++)
        plan->trainers[i].path = arena_format(plan->sweep->arena, "%s/trainers/%04d-%s", plan->folder, i + 1,
                                              plan->trainers[i].building.compiled.name);
}

/* As many runs at a time as threads for them there are. */
static int jobs_at_a_time(const struct options *options, int threads)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long most = options->jobs ? options->jobs : cores / threads;
    return most > 1 ? (int)most : 1;
}

int command_sweep(struct arena *arena, const struct options *options)
{
    const double start = clock_seconds();
    const char *path = find_file(arena, options);
    struct sweep sweep = {.arena = arena, .diagnostics = diagnostics_create(arena)};
    struct plan plan = {.sweep = &sweep, .options = options};
    struct jobs jobs = {.plan = &plan, .threads = options->threads ? options->threads : 1, .tell = tell_run};
    if (!path)
        return EXIT_INPUT;
    if (!sweep_read(&sweep, path) || !plan_make(&plan)) {
        report(options, sweep.diagnostics);
        return EXIT_INPUT;
    }
    struct toolchain toolchain;
    if (!toolchain_find(arena, options->cc, options->twice, &toolchain))
        return EXIT_INPUT;
    jobs.most = jobs_at_a_time(options, jobs.threads);
    if (!(options->resume ? go_on(&plan) : begin(&plan)))
        return EXIT_INPUT;
    place_trainers(&plan);
    if (!run_rounds(&plan, &jobs) && !jobs.is_stopped)
        return EXIT_INPUT;
    return finish(&plan, &jobs, clock_seconds() - start);
}
