/* command.c - `NAME train --overfit-batch`: steps on one batch, until it is known by heart.
 *
 *     step  50/500  loss 0.1204  accuracy 98.44 %
 *     memorised after 70 steps: loss 0.0442, at first 3.0476; accuracy 100.00 %
 *
 * The rate stays that of the optimizer, nothing is augmented, nothing validated: what is left is whether the
 * network, its loss and its optimizer can learn at all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "overfit/overfit.h"
#include "run/figures.h"
#include "run/model_file.h"
#include "run/rate.h"
#include "run/run_folder.h"
#include "run/weights.h"

enum { STEPS = 500, MEASURED_EVERY = 10 };

static bool is_shown(const struct overfit *overfit)
{
    const enum progress_form form = overfit->session.observer.form;
    return form == PROGRESS_PLAIN || form == PROGRESS_BAR;
}

/* The first batch of the first epoch; of a balanced one, too. */
static void take_batch(struct overfit *overfit)
{
    struct training *run = &overfit->session.run;
    training_shuffle(run, 1);
    overfit->batch = batch_of(run->train, run->order, 0, overfit->session.model->settings.batch);
    overfit->rows = memory_resize(NULL, (size_t)overfit->batch.count, sizeof *overfit->rows);
    for (int n = 0; n < overfit->batch.count; n++)
        overfit->rows[n] = run->train->rows[batch_example(&overfit->batch, n)];
    overfit->examples = (struct examples){
        .data = run->train->data, .rows = overfit->rows, .count = (size_t)overfit->batch.count};
}

static void print_opening(const struct overfit *overfit)
{
    const struct session *session = &overfit->session;
    const struct model_settings *settings = &session->model->settings;
    if (!is_shown(overfit))
        return;
    printf("one batch of %d examples, again and again: a network that learns at all can learn it by heart\n",
           overfit->batch.count);
    printf("%s\n", dataset_summary(session->data));
    printf("optimizer %s at that rate", settings->optimizer);
    if (strcmp(settings->schedule, "constant") != 0)
        printf(", no schedule %s", settings->schedule);
    printf("; no %svalidation, no patience\n\n", settings->augment ? "augmentation, no " : "");
    session_print_initial(session);
}

static void measure(struct overfit *overfit)
{
    struct session *session = &overfit->session;
    overfit->now = (struct score){0};
    session->model->evaluate(session->net, &overfit->examples, &overfit->now);
    if (!isfinite(overfit->now.loss) || weights_find_not_finite(session->model, session->net))
        overfit->has_diverged = true;
}

static double figure_of(const struct overfit *overfit, const struct score *score)
{
    const struct metric *metric = metric_of(overfit->session.model);
    return metric_value(metric, score, dataset_normaliser(overfit->session.data));
}

static void show_measured(const struct overfit *overfit)
{
    const struct metric *metric = metric_of(overfit->session.model);
    if (overfit->session.observer.form == PROGRESS_JSON) {
        json_t *row = json_pack("{s:i, s:o, s:o}", "step", overfit->steps, "loss",
                                figures_json(score_loss(&overfit->now)), metric->name,
                                figures_json(figure_of(overfit, &overfit->now)));
        json_dumpf(row, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
        json_decref(row);
        printf("\n");
    } else if (is_shown(overfit)) {
        printf("step %*d/%d  loss %.4f  %s %.*f%s\n", snprintf(NULL, 0, "%d", overfit->most), overfit->steps,
               overfit->most, score_loss(&overfit->now), metric->name, metric->decimals,
               metric->scale * figure_of(overfit, &overfit->now), metric->unit);
    }
    fflush(stdout);
}

/* 0, 10, 20, 50, 100, 200, 500, … */
static bool is_round(int steps)
{
    while (steps >= 10 && steps % 10 == 0)
        steps /= 10;
    return steps == 0 || steps == 1 || steps == 2 || steps == 5;
}

static void overfit_run(struct overfit *overfit)
{
    struct session *session = &overfit->session;
    const double rate = rate_of(session->model);
    bool is_done = false;
    measure(overfit);
    overfit->first = overfit->half = overfit->now;
    show_measured(overfit);
    while (!is_done && !overfit->has_diverged) {
        const double loss =
            session->model->step(session->net, overfit->batch, (uint64_t)overfit->steps, rate);
        overfit->has_diverged = !isfinite(loss);
        const bool is_last = overfit->has_diverged || ++overfit->steps == overfit->most;
        if (!is_last && overfit->steps % MEASURED_EVERY)
            continue;
        measure(overfit);
        if (overfit->steps <= (overfit->most + 1) / 2)
            overfit->half = overfit->now;
        is_done = is_last || overfit_is_memorised(overfit);
        if (!overfit->has_diverged && (is_done || is_round(overfit->steps)))
            show_measured(overfit);
    }
}

static void print_closing(const struct overfit *overfit)
{
    const struct metric *metric = metric_of(overfit->session.model);
    const bool is_memorised = overfit_is_memorised(overfit);
    if (!is_shown(overfit))
        return;
    if (overfit->has_diverged) {
        printf("\nnot memorised: loss or weights were no longer finite after %d steps\n", overfit->steps);
    } else {
        printf("\n%s after %d steps: loss %.4f, at first %.4f; %s %.*f%s, at first %.*f%s\n",
               is_memorised ? "memorised" : "not memorised", overfit->steps, score_loss(&overfit->now),
               score_loss(&overfit->first), metric->name, metric->decimals,
               metric->scale * figure_of(overfit, &overfit->now), metric->unit, metric->decimals,
               metric->scale * figure_of(overfit, &overfit->first), metric->unit);
    }
    if (!is_memorised)
        overfit_print_advice(overfit);
}

/* Only where somebody asked for a folder: weights that know one batch are good for nothing. */
static bool save(struct overfit *overfit, struct problem *problem)
{
    struct session *session = &overfit->session;
    char model[sizeof session->folder + sizeof "/model.safetensors"];
    if (!session->options->out || overfit->has_diverged)
        return true;
    if (!run_folder_create("runs", session->model->name, session->options->out, session->folder,
                           sizeof session->folder, problem))
        return false;
    snprintf(model, sizeof model, "%s/model.safetensors", session->folder);
    if (!model_file_write(model, session->model, session->net, session->data, session->run.seed,
                          overfit->steps, problem))
        return false;
    if (is_shown(overfit))
        printf("saved in %s\n", session->folder);
    return true;
}

int command_overfit(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct overfit overfit = {.session = {.model = model, .options = options}};
    int end = EXIT_INPUT;
    if (run_folder_is_free(options->out, &problem) && session_open(&overfit.session, &problem) &&
        session_read_initial(&overfit.session, &problem)) {
        overfit.most = options->epochs ? options->epochs : STEPS;
        take_batch(&overfit);
        print_opening(&overfit);
        overfit_run(&overfit);
        print_closing(&overfit);
        if (!save(&overfit, &problem))
            command_failed(&problem);
        else if (overfit.has_diverged)
            end = EXIT_DIVERGED;
        else if (overfit_is_memorised(&overfit))
            end = EXIT_DONE;
    } else {
        command_failed(&problem);
    }
    free(overfit.rows);
    session_close(&overfit.session);
    return end;
}
