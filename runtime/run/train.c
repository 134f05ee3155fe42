/* train.c - `NAME train`: data, first weights, the generated loop, the folder of the run, the figures at the
 * end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numerics.h"
#include "run/figures.h"
#include "run/run_folder.h"
#include "run/session.h"
#include "run/weights.h"

/* Network, history and names of initial tensors as the state has them. */
static bool resume(struct session *session, struct problem *problem)
{
    const struct state *state = &session->state;
    if (!state_fits(state, session->model, session->keeper.metadata, problem) ||
        !state_restore(state, session->net, &session->run, problem))
        return false;
    snprintf(session->folder, sizeof session->folder, "%s", session->options->resume);
    if (!*state_text(state, "init"))
        return true;
    session->initial_file = state_text(state, "init");
    const json_t *names = session->initial_names = json_loads(state_text(state, "init_tensors"), 0, NULL);
    session->initial = (struct safetensors_shared){json_incref(json_object_get(names, "taken")),
                                                   json_incref(json_object_get(names, "missing")),
                                                   json_incref(json_object_get(names, "unused"))};
    return true;
}

/* First weights and a new folder. */
static bool begin(struct session *session, struct problem *problem)
{
    return session_read_initial(session, problem) &&
           run_folder_create("runs", session->model->name, session->options->out, session->folder,
                             sizeof session->folder, problem);
}

static void keep_states(struct session *session)
{
    struct state_keeper *keeper = &session->keeper;
    const struct safetensors_shared *initial = &session->initial;
    keeper->model = session->model;
    keeper->net = session->net;
    keeper->run = &session->run;
    keeper->folder = session->folder;
    keeper->every_seconds = session->options->checkpoint_seconds;
    keeper->every_steps = (uint64_t)session->options->checkpoint_steps;
    keeper->written = session->run.is_resumed ? clock_seconds() : 0;
    json_object_set_new(keeper->metadata, "manifest", json_string(session->manifest));
    if (session->initial_file) {
        json_t *names = json_pack("{s:O, s:O, s:O}", "taken", initial->taken, "missing", initial->missing,
                                  "unused", initial->unused);
        char *text = json_dumps(names, JSON_COMPACT);
        json_object_set_new(keeper->metadata, "init", json_string(session->initial_file));
        json_object_set_new(keeper->metadata, "init_tensors", json_string(text ? text : ""));
        free(text);
        json_decref(names);
    }
    session->run.keeper = session->options->fast_dev_run ? NULL : keeper; /* nobody goes on with it */
}

static bool prepare(struct session *session, struct problem *problem)
{
    if (!session_open(session, problem))
        return false;
    session->keeper.metadata = state_identity(&session->run, session->data);
    bool is_ready = session->run.is_resumed ? resume(session, problem) : begin(session, problem);
    keep_states(session);
    return is_ready;
}

static void print_opening(const struct session *session)
{
    if (session->observer.form == PROGRESS_NONE || session->observer.form == PROGRESS_JSON)
        return;
    if (session->options->fast_dev_run)
        printf("a few batches of everything: what comes out shows that all works, and nothing else\n");
    printf("%s\n", dataset_summary(session->data));
    if (session->run.balance)
        printf("balanced: of %zu examples in an epoch each of %d %s gives %zu%s\n", session->run.train->count,
               session->balance.parts,
               session->model->settings.balance == BALANCE_CLASSES ? "classes" : "groups",
               session->run.train->count / (size_t)session->balance.parts,
               session->run.train->count % (size_t)session->balance.parts ? " or one more" : "");
    if (session->run.train->count < (size_t)session->model->settings.batch)
        printf("an epoch is one step: a batch has room for %d examples\n", session->model->settings.batch);
    printf("\n");
    print_layers(session->model);
    printf("\n");
    if (session->run.is_resumed)
        printf("resumed in epoch %d after %zu of %zu examples, from %s\n\n", session->run.at.epoch,
               session->run.at.first, session->run.train->count, session->state.path);
    else
        session_print_initial(session);
    fflush(stdout);
}

/* How many weights a penalty has made exactly 0. */
static void print_zeros(const struct session *session)
{
    const struct model *model = session->model;
    const real *parameters = model_parameters(model, session->net);
    for (int i = 0; i < model->tensor_count; i++) {
        const struct model_tensor *tensor = &model->tensors[i];
        bool is_weight = tensor->rank > 1 && model_tensor_is_learned(tensor);
        size_t zeros = is_weight ? weights_count_zeros(tensor, parameters) : 0;
        if (zeros)
            printf("%s: %zu of %zu weights are exactly 0\n", tensor->name, zeros, weights_count(tensor));
    }
}

/* The coefficients of a small linear model, by the names of their columns. */
static void print_coefficients(const struct session *session)
{
    const struct model *model = session->model;
    const struct model_tensor *tensor = &model->tensors[0];
    const real *parameters = model_parameters(model, session->net);
    int count;
    const char *const *names = dataset_features(session->data, &count);
    if (tensor->rank != 2 || tensor->filters != 1 || model->tensor_count > 2 || count != tensor->channels ||
        count > 32)
        return;
    printf("\ncoefficients, of inputs as the network sees them:\n");
    for (int i = 0; i < count; i++)
        printf("  %-12s %14.6f\n", names[i],
               (double)parameters[tensor->offset + model_tensor_at(tensor, 0, i, 0, 0)]);
    if (model->tensor_count == 2)
        printf("  %-12s %14.6f\n", "(intercept)", (double)parameters[model->tensors[1].offset]);
}

static void print_test(const struct session *session)
{
    const struct metric *metric = metric_of(session->model);
    const struct score *score = &session->test;
    printf("test: %zu examples, loss %.4f, %s %.*f%s", score->examples, score_loss(score), metric->name,
           metric->decimals, metric->scale * metric_value(metric, score, dataset_normaliser(session->data)),
           metric->unit);
    if (!metric_is_share(metric))
        printf(", R^2 %.4f", score_r_squared(score));
    printf("\n");
}

static void print_closing(const struct session *session)
{
    const struct training *run = &session->run;
    char end[600];
    if (session->observer.form == PROGRESS_NONE || session->observer.form == PROGRESS_JSON)
        return;
    printf("\n%s after %.1f s; ", training_end_text(run, end, sizeof end), session->seconds);
    if (run->at.best_epoch)
        printf("the weights of epoch %d are kept\n", run->at.best_epoch);
    else
        printf("the first weights are kept\n");
    print_zeros(session);
    print_coefficients(session);
    if (session->test.examples)
        print_test(session);
    group_figures_print_short(&session->groups);
    printf("saved in %s\n", session->folder);
    if (run->end == TRAINING_INTERRUPTED && run->keeper)
        printf("%s train --resume %s goes on with it\n", session->model->name, session->folder);
}

/* Of the examples that training has seen least. */
static void measure_groups(struct session *session)
{
    const struct examples *test = dataset_split(session->data, "test");
    const char *split = test && test->count              ? "test"
                        : session->run.validation->count ? "validation"
                                                         : "train";
    group_figures_measure(&session->groups, session->model, session->net, session->data, split,
                          session->run.seed);
}

static int finish(struct session *session)
{
    struct problem problem = {{0}};
    const struct examples *test = dataset_split(session->data, "test");
    if (test && test->count)
        session->model->evaluate(session->net, test, &session->test);
    measure_groups(session);
    const struct run_record record = {.model = session->model,
                                      .run = &session->run,
                                      .observer = &session->observer,
                                      .data = session->data,
                                      .manifest = session->manifest,
                                      .initial_file = session->initial_file,
                                      .initial = &session->initial,
                                      .test = &session->test,
                                      .groups = &session->groups,
                                      .seconds = session->seconds};
    if (!run_folder_save(session->folder, &record, session->net, &problem))
        return command_failed(&problem);
    if (session->run.end != TRAINING_INTERRUPTED)
        state_remove(session->folder);
    print_closing(session);
    if (session->run.end != TRAINING_DIVERGED)
        return EXIT_DONE;
    fprintf(stderr,
            "%s: training stopped: %s\nhelp: a smaller rate, standardized inputs or a warm-up usually mend "
            "this\n",
            session->model->name, session->observer.divergence);
    return EXIT_DIVERGED;
}

int command_train(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct session session = {.model = model, .options = options};
    int end = EXIT_INPUT;
    if (options->debug_numerics && !&numerics_are_checked) {
        fprintf(stderr,
                "%s train: this trainer was built without --debug-numerics\nhelp: netc train %s.net "
                "--debug-numerics builds one with it and runs it\n",
                model->name, model->name);
        return EXIT_USAGE;
    }
    if (options->overfit_batch)
        return command_overfit(model, options);
    if (prepare(&session, &problem)) {
        print_opening(&session);
        interruption_watch();
        if (!session.run.is_resumed)
            session.observer.started = clock_seconds();
        model->train(session.net, &session.run);
        session.seconds = clock_seconds() - session.observer.started;
        end = finish(&session);
    } else {
        command_failed(&problem);
    }
    session_close(&session);
    return end;
}
