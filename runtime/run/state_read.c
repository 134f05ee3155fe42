/* state_read.c - a state from its file back into network and run, every byte of it checked first. */
#include "run/state.h"
#include "run/state_pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "problem.h"
#include "sha256.h"

const char *state_text(const struct state *state, const char *name)
{
    const char *text = json_string_value(json_object_get(state->metadata, name));
    return text ? text : "";
}

static bool check_whole(struct state *state, struct problem *problem)
{
    char hex[SHA256_HEX];
    struct sha256 hash;
    state->metadata = json_object_get(state->container.header, "__metadata__");
    if (strncmp(state_text(state, "format"), "netc state ", 11) != 0)
        return problem_at(problem, state->path, 0, 0, "is no state of a run");
    sha256_start(&hash);
    sha256_add(&hash, state->container.data, state->container.data_length);
    sha256_finish(&hash, hex);
    return strcmp(hex, state_text(state, "sha256")) == 0 ||
           problem_at(problem, state->path, 0, 0,
                      "is damaged: its data are not those that its header speaks of");
}

static bool open_one(struct state *state, const char *folder, const char *name, struct problem *problem)
{
    snprintf(state->path, sizeof state->path, "%.3900s/%s", folder, name);
    state->container = (struct container){.path = state->path, .what = "state"};
    if (container_open(&state->container, problem) && check_whole(state, problem))
        return true;
    container_release(&state->container);
    state->container = (struct container){0};
    return false;
}

static bool exists(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3900s/%s", folder, name);
    return access(path, F_OK) == 0;
}

bool state_open(struct state *state, const char *folder, struct problem *problem)
{
    memset(state, 0, sizeof *state);
    if (!exists(folder, "state") && !exists(folder, "state.previous")) {
        if (exists(folder, "run.yaml"))
            return problem_at(problem, folder, 0, 0, "this run is finished: there is nothing to resume");
        problem_at(problem, folder, 0, 0, exists(folder, ".") ? "has no state of a run" : "does not exist");
        problem_help(problem, "--resume wants the folder of a run that was interrupted, as runs/NAME-1");
        return false;
    }
    if (open_one(state, folder, "state", problem))
        return true;
    struct problem newest = *problem;
    if (!exists(folder, "state.previous") || !open_one(state, folder, "state.previous", problem)) {
        *problem = newest;
        return false;
    }
    fprintf(stderr, "%s\nthe state before that one is whole, and is taken\n", newest.text);
    return true;
}

/* One text of the identity; `what` is how the problem calls it. */
static bool text_fits(const struct state *state, const struct model *model, json_t *identity,
                      const char *name, const char *what, struct problem *problem)
{
    const char *then = state_text(state, name), *now = json_string_value(json_object_get(identity, name));
    if (strcmp(then, now ? now : "") == 0)
        return true;
    problem_at(problem, state->path, 0, 0, "%s: %s is %s now and was %s", model->name, what,
               now && *now ? now : "not given", *then ? then : "not given");
    problem_help(problem, "a run is resumed with the trainer, data and settings that it began with");
    return false;
}

/* A form of its own has other things in it: nothing else needs to be looked at. */
static bool form_fits(const struct state *state, struct problem *problem)
{
    const char *form = state_text(state, "format");
    if (strcmp(form, STATE_FORM) == 0)
        return true;
    problem_at(problem, state->path, 0, 0, "is a '%s', of another version of netc: this trainer has '%s'",
               form, STATE_FORM);
    problem_help(problem, "the trainer that began the run can finish it");
    return false;
}

/* In front of the numbers of examples, which may follow from it. */
static bool manifest_fits(const struct state *state, const struct model *model, json_t *identity,
                          struct problem *problem)
{
    const char *name;
    json_t *text;
    json_object_foreach(identity, name, text)
    {
        char what[96];
        const size_t front = strlen(STATE_MANIFEST);
        if (strncmp(name, STATE_MANIFEST, front) != 0)
            continue;
        snprintf(what, sizeof what, "'%.40s' of the data manifest", name + front);
        if (!text_fits(state, model, identity, name, what, problem))
            return false;
    }
    return true;
}

bool state_fits(const struct state *state, const struct model *model, json_t *identity,
                struct problem *problem)
{
    static const struct {
        const char *name, *what;
    } reasons[] = {
        {"model", "the network"},
        {"source", "the .net file (its SHA-256)"},
        {"march", "the machine that the trainer was compiled for"},
        {"real", "the type that it computes in"},
        {"abi", "the version of the runtime"},
        {"layout", "the trainer's layout of weights"},
        {"seed", "the seed"},
        {"epochs", "the number of epochs"},
        {"data", "the data (SHA-256 of all files)"},
        {"share", "the share of the training examples"},
        {"train", "the number of training examples"},
        {"validation", "the number of validation examples"},
        {"balance", "who belongs to the classes or groups that are balanced"},
    };
    if (!form_fits(state, problem) || !manifest_fits(state, model, identity, problem))
        return false;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (!text_fits(state, model, identity, reasons[i].name, reasons[i].what, problem))
            return false;
    return true;
}

static bool find_piece(const struct state *state, const struct state_piece *piece, size_t *from)
{
    size_t to;
    return container_offsets(json_object_get(state->container.header, piece->name), from, &to) &&
           to <= state->container.data_length && to - *from == piece->size;
}

/* Hashes tell what has rotted; a file that somebody made by hand must not lead out of bounds either. */
static bool stands_within(const struct training_standing *at, const struct training *run, int rows)
{
    const size_t count = run->train ? run->train->count : 0;
    return at->epoch >= 1 && at->epoch <= run->epochs && rows == at->epoch - 1 && at->first <= count;
}

bool state_restore(const struct state *state, void *net, struct training *run, struct problem *problem)
{
    struct state_piece pieces[STATE_PIECES];
    struct observer *observer = run->observer;
    size_t from, to;
    if (!container_offsets(json_object_get(state->container.header, "seconds"), &from, &to) ||
        (to - from) / sizeof *observer->seconds > (size_t)run->epochs)
        return problem_at(problem, state->path, 0, 0, "is damaged: it has a history of another length");
    const int rows = (int)((to - from) / sizeof *observer->seconds);
    int count = state_list_pieces(run->model, net, run, rows, pieces);
    for (int i = 0; i < count; i++)
        if (!find_piece(state, &pieces[i], &from))
            return problem_at(problem, state->path, 0, 0,
                              "is damaged, or of another trainer: '%s' does not fit", pieces[i].name);
    for (int i = 0; i < count; i++) {
        find_piece(state, &pieces[i], &from);
        memcpy(pieces[i].at, state->container.data + from, pieces[i].size);
    }
    if (!stands_within(&run->at, run, rows))
        return problem_at(problem, state->path, 0, 0, "is damaged: it stands nowhere within its run");
    observer->row_count = rows;
    observer->started = clock_seconds() - strtod(state_text(state, "elapsed"), NULL);
    return true;
}

void state_close(struct state *state)
{
    if (state->container.bytes)
        container_release(&state->container);
}
