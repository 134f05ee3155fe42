/* session.c - from options to data, network and first weights. */
#include "run/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/weights.h"

/* Of --fast-dev-run: batches of an epoch, and of validation and test; epochs. */
enum { FEW_BATCHES = 3, FEW_OTHERS = 2, FEW_EPOCHS = 2 };

/* Enough to go through everything once. */
static bool take_few(struct session *session, struct problem *problem)
{
    const double batch = session->model->settings.batch,
                 share = FEW_BATCHES * batch / (double)dataset_train(session->data)->count;
    dataset_keep_few(session->data, (size_t)(FEW_OTHERS * batch));
    return share >= 1 || dataset_take_share(session->data, share, session->run.seed, problem);
}

static bool open_data(struct session *session, struct problem *problem)
{
    const struct model *model = session->model;
    const char *resumed = session->options->data ? "" : state_text(&session->state, "manifest");
    const char *manifest = *resumed ? resumed
                                    : find_manifest(model, session->options, session->manifest,
                                                    sizeof session->manifest, problem);
    if (!manifest)
        return false;
    if (manifest != session->manifest)
        snprintf(session->manifest, sizeof session->manifest, "%s", manifest);
    const char *taken = state_text(&session->state, "share");
    const double share = session->options->share > 0 ? session->options->share : strtod(taken, NULL) / 100;
    const uint64_t seed = session->run.seed;
    session->data = dataset_open(session->manifest, model, problem);
    return session->data && dataset_divide(session->data, model, seed, problem) &&
           (!(share > 0 && share < 1) || dataset_take_share(session->data, share, seed, problem)) &&
           (!session->options->fast_dev_run || take_few(session, problem)) &&
           dataset_fit_normaliser(session->data, model, problem);
}

/* Opens the state of --resume; seed and epochs are its own where the command line has none. */
static bool take_state(struct session *session, struct problem *problem)
{
    struct training *run = &session->run;
    const struct options *options = session->options;
    if (!state_open(&session->state, options->resume, problem))
        return false;
    run->is_resumed = true;
    if (!options->has_seed)
        run->seed = strtoull(state_text(&session->state, "seed"), NULL, 10);
    const long epochs = strtol(state_text(&session->state, "epochs"), NULL, 10);
    if (!options->epochs && epochs > 0 && epochs <= 1000000000)
        run->epochs = (int)epochs;
    return true;
}

bool session_open(struct session *session, struct problem *problem)
{
    const struct model *model = session->model;
    struct training *run = &session->run;
    run->model = model;
    const int epochs = session->options->fast_dev_run ? FEW_EPOCHS : model->settings.epochs;
    run->epochs = session->options->epochs ? session->options->epochs : epochs;
    run->seed = session->options->has_seed ? session->options->seed : model->settings.seed;
    run->at = (struct training_standing){.epoch = 1, .least = INFINITY, .lowest = INFINITY};
    if (session->options->resume && !take_state(session, problem))
        return false;
    if (!open_data(session, problem))
        return false;
    run->train = dataset_train(session->data);
    run->validation = dataset_validation(session->data);
    if (model->settings.balance != BALANCE_NONE) {
        if (!balance_create(&session->balance, session->data, model, problem))
            return false;
        run->balance = &session->balance;
        run->train = &session->balance.examples;
    }
    session->net = weights_allocate(model, run->seed, problem);
    run->order = malloc((run->train->count + 1) * sizeof *run->order);
    if (!session->net || !run->order ||
        !observer_create(&session->observer, model, dataset_normaliser(session->data),
                         session->options->progress, run->epochs))
        return session->net ? problem_at(problem, model->name, 0, 0, "there is no memory for the run")
                            : false;
    run->observer = &session->observer;
    weights_initialise(model, session->net, run->seed);
    return true;
}

bool session_read_initial(struct session *session, struct problem *problem)
{
    session->initial_file = session->options->init;
    return !session->initial_file || safetensors_read_shared(session->initial_file, session->model,
                                                             session->net, &session->initial, problem);
}

/* "  taken: c1.weight c1.bias"; a name from a file must not steer the terminal. */
static void print_names(const char *what, const json_t *names)
{
    if (!json_array_size(names))
        return;
    printf("%s:", what);
    for (size_t i = 0; i < json_array_size(names); i++) {
        printf(" ");
        for (const char *at = json_string_value(json_array_get(names, i)); *at; at++)
            printf("%c", (unsigned char)*at < ' ' || *at == 127 ? '?' : *at);
    }
    printf("\n");
}

void session_print_initial(const struct session *session)
{
    if (!session->initial_file)
        return;
    printf("initial weights from %s\n", session->initial_file);
    print_names("  taken", session->initial.taken);
    print_names("  not in the file, drawn from the seed", session->initial.missing);
    print_names("  not in the network, unused", session->initial.unused);
    printf("\n");
}

void session_close(struct session *session)
{
    group_figures_release(&session->groups);
    observer_release(&session->observer);
    safetensors_shared_release(&session->initial);
    json_decref(session->initial_names);
    json_decref(session->keeper.metadata);
    state_close(&session->state);
    balance_release(&session->balance);
    free(session->run.order);
    free(session->net);
    dataset_close(session->data);
}
