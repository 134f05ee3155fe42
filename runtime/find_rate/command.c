/* command.c - `NAME find-rate`: one step of training for each rate of a growing row, and which rate their
 * losses speak for.
 *
 *     steepest fall of the loss at rate 0.021
 *     line 19: optimizer sgd rate=0.05 momentum=0.9
 *         try: optimizer sgd rate=0.021 momentum=0.9 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "augment.h"
#include "data/pool.h"
#include "find_rate/find_rate.h"
#include "run/figures.h"
#include "run/run_folder.h"

enum { STEPS = 100, MOST_TIMES = 10, SHOWN = 15 };
#define USUAL_LEFT 0.1 /* of momentum to 1, at which STEPS are enough */
/* A loss is averaged over about this part of the steps. */
enum { SMOOTHED_PART = 20 };

/* Where a step sees all examples as they are, its loss has no noise. */
static bool is_exact(const struct find_rate *find)
{
    const struct model *model = find->session.model;
    return find->session.run.train->count == (size_t)find->batch && !model->sample &&
           !model->settings.augment;
}

/* Momentum m sums up some 1 / (1 - m) steps; while they go by, the rate must stay about the same. */
static int usual_steps(const struct model *model)
{
    const char *momentum = strstr(model->settings.optimizer, " momentum=");
    const double left = momentum ? 1 - strtod(momentum + strlen(" momentum="), NULL) : 1;
    return (int)(STEPS * fmin(fmax(USUAL_LEFT / left, 1), MOST_TIMES) + 0.5);
}

static void curve_create(struct find_rate *find)
{
    const struct options *options = find->session.options;
    const enum model_output output = find->session.model->output;
    const int most = options->has_steps ? options->steps : usual_steps(find->session.model);
    find->curve = (struct rate_curve){
        .most = most,
        .low = options->from,
        .high = options->to,
        .keep = most > SMOOTHED_PART && !is_exact(find) ? 1 - (double)SMOOTHED_PART / most : 0,
        .may_be_negative = output == OUTPUT_NORMAL || output == OUTPUT_POISSON,
        .rate = memory_resize(NULL, (size_t)most, sizeof(double)),
        .loss = memory_resize(NULL, (size_t)most, sizeof(double)),
        .smooth = memory_resize(NULL, (size_t)most, sizeof(double)),
    };
}

static void curve_release(struct rate_curve *curve)
{
    free(curve->rate);
    free(curve->loss);
    free(curve->smooth);
}

/* For who waits at a terminal. */
static void say_step(const struct find_rate *find, bool is_last)
{
    const struct rate_curve *curve = &find->curve;
    if (!isatty(STDERR_FILENO))
        return;
    if (is_last)
        fprintf(stderr, "\r\033[K");
    else if (curve->count)
        fprintf(stderr, "\r\033[Kstep %d of %d: rate %.3g, loss %.4g", curve->count, curve->most,
                curve->rate[curve->count - 1], curve->loss[curve->count - 1]);
}

/* Epoch after epoch of the order that training has, until the rates end or the loss diverges. */
static void find_rate_run(struct find_rate *find)
{
    struct training *run = &find->session.run;
    const struct model *model = find->session.model;
    const struct augment *augment = model->settings.augment;
    bool goes_on = true;
    for (int epoch = 1; goes_on && find->curve.count < find->curve.most; epoch++) {
        training_shuffle(run, epoch);
        const struct examples examples =
            augment ? augment_examples(run->train, augment, run->seed, epoch) : *run->train;
        for (size_t first = 0; goes_on && first < examples.count && find->curve.count < find->curve.most;
             first += (size_t)model->settings.batch) {
            const struct batch batch = batch_of(&examples, run->order, first, model->settings.batch);
            const int step = find->curve.count;
            say_step(find, false);
            goes_on = rate_curve_add(&find->curve, model->step(find->session.net, batch, (uint64_t)step,
                                                               rate_curve_rate(&find->curve, step)));
        }
    }
    say_step(find, true);
}

const char *find_rate_end_text(const struct find_rate *find, char *text, size_t size)
{
    const struct rate_curve *curve = &find->curve;
    const int step = curve->end == RATES_DIVERGED ? curve->count - 1 : curve->count;
    *text = 0;
    if (curve->end != RATES_DONE)
        snprintf(text, size, "stopped at rate %.3g, after %d of %d steps: the loss is %s",
                 rate_curve_rate(curve, step), step, curve->most,
                 curve->end == RATES_NOT_FINITE ? "no longer finite" : "far above its least");
    return text;
}

const char *find_rate_place_text(const struct find_rate *find, char *text, size_t size)
{
    const struct rate_statement *statement = &find->statement;
    if (!statement->line)
        snprintf(text, size, "add to train { }");
    else
        snprintf(text, size, "instead of line %d%s%s: %s", statement->line, *statement->file ? " of " : "",
                 statement->file, statement->now);
    return text;
}

static void print_opening(const struct find_rate *find)
{
    const struct model_settings *settings = &find->session.model->settings;
    printf("%s\n\n", dataset_summary(find->session.data));
    session_print_initial(&find->session);
    printf("%d rates from %.3g to %.3g, each for one step of %d examples; optimizer %s, its rate aside",
           find->curve.most, find->curve.low, find->curve.high, find->batch, settings->optimizer);
    if (strcmp(settings->schedule, "constant") != 0)
        printf(", no schedule %s", settings->schedule);
    printf("\n\n");
}

static void print_rows(const struct find_rate *find)
{
    const struct rate_curve *curve = &find->curve;
    const int every = (curve->count + SHOWN - 1) / SHOWN;
    printf("  %10s %12s\n", "rate", curve->keep > 0 ? "loss, smooth" : "loss");
    for (int i = 0; i < curve->count; i++)
        if (i % every == 0 || i == curve->count - 1)
            printf("  %10.3g %12.5g\n", curve->rate[i], curve->smooth[i]);
}

static void print_finding(const struct find_rate *find)
{
    const struct rate_curve *curve = &find->curve;
    char text[300];
    if (*find_rate_end_text(find, text, sizeof text))
        printf("%s\n", text);
    if (!find->finding.has_fallen) {
        printf("no rate is suggested: the loss falls at none of them by more than its noise\n");
        return;
    }
    printf("the loss is least, %.4g, at rate %.2g (a tenth of that: %.2g), and rises from rate %.2g on\n",
           curve->smooth[find->finding.least], curve->rate[find->finding.least],
           curve->rate[find->finding.least] / 10, curve->rate[find->finding.edge]);
    printf("suggested: rate %.2g, where it falls fastest between a tenth and a third of that\n",
           find->finding.suggested);
    printf("\n%s\n    %s\n", find_rate_place_text(find, text, sizeof text), find->statement.then);
}

static void print_json(const struct find_rate *find, const char *folder)
{
    const struct rate_curve *curve = &find->curve;
    static const char *const ends[] = {
        [RATES_DONE] = "done", [RATES_DIVERGED] = "diverged", [RATES_NOT_FINITE] = "not finite"};
    const struct rate_finding *finding = &find->finding;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:s, s:i, s:o, s:s}", "suggested",
        finding->has_fallen ? json_real(finding->suggested) : json_null(), "least_loss",
        figures_json(curve->smooth[finding->least]), "least_at", figures_json(curve->rate[finding->least]),
        "rises_at", figures_json(curve->rate[finding->edge]), "end", ends[curve->end], "steps", curve->count,
        "last_rate", figures_json(curve->rate[curve->count - 1]), "folder", folder);
    json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(object);
}

static void judge(struct find_rate *find)
{
    find->finding = rate_curve_finish(&find->curve);
    if (find->finding.has_fallen)
        rate_state(find->session.model, model_source.text ? model_source.text : "", find->finding.suggested,
                   &find->statement);
}

static bool save(struct find_rate *find, struct problem *problem)
{
    char *folder = find->session.folder;
    const char *wanted = find->session.options->out;
    const bool was_there = wanted && access(wanted, F_OK) == 0;
    if (!run_folder_create("rates", find->session.model->name, wanted, folder, sizeof find->session.folder,
                           problem))
        return false;
    if (find_rate_save(find, folder, problem))
        return true;
    if (!was_there)
        rmdir(folder);
    return false;
}

static int find_rate(struct find_rate *find, struct problem *problem)
{
    struct session *session = &find->session;
    const bool is_json = session->options->json;
    const size_t count = session->run.train->count;
    find->batch = session->model->settings.batch;
    if (count < (size_t)find->batch)
        find->batch = (int)count;
    curve_create(find);
    if (!is_json)
        print_opening(find);
    find_rate_run(find);
    judge(find);
    if (!find->curve.count) {
        fprintf(stderr, "%s find-rate: the loss is not finite before the first step\n", session->model->name);
        return EXIT_DIVERGED;
    }
    if (!save(find, problem))
        return command_failed(problem);
    if (is_json) {
        print_json(find, session->folder);
        return EXIT_DONE;
    }
    print_rows(find);
    printf("\n");
    print_finding(find);
    printf("\nrates.csv and index.html are in %s\n", session->folder);
    return EXIT_DONE;
}

int command_find_rate(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct find_rate find = {.session = {.model = model, .options = options}};
    const bool is_ready = run_folder_is_free(options->out, &problem) &&
                          session_open(&find.session, &problem) &&
                          session_read_initial(&find.session, &problem);
    const int end = is_ready ? find_rate(&find, &problem) : command_failed(&problem);
    curve_release(&find.curve);
    session_close(&find.session);
    return end;
}
