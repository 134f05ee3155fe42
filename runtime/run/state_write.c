/* state_write.c - when a state is written, and how: beside its name, synced to disk, renamed; the one before
 * keeps another name, so that one of them is whole whenever power fails. */
#include "run/state.h"
#include "run/state_pieces.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/balance.h"
#include "data/manifest.h"
#include "problem.h"
#include "run/commands.h"
#include "run/model_file.h"
#include "run/output_file.h"
#include "sha256.h"

int state_list_pieces(const struct model *model, void *net, struct training *run, int rows,
                      struct state_piece pieces[STATE_PIECES])
{
    struct observer *observer = run->observer;
    int count = 0;
    for (int i = 0; i < model->piece_count; i++)
        pieces[count++] = (struct state_piece){model->pieces[i].name, (char *)net + model->pieces[i].at,
                                               model->pieces[i].size};
    pieces[count++] = (struct state_piece){"standing", &run->at, sizeof run->at};
    pieces[count++] = (struct state_piece){"history", observer->rows, (size_t)rows * sizeof *observer->rows};
    pieces[count++] =
        (struct state_piece){"seconds", observer->seconds, (size_t)rows * sizeof *observer->seconds};
    return count;
}

/* Name, place and panels of each tensor: a trainer that was compiled otherwise has others. */
static void add_layout(json_t *identity, const struct model *model)
{
    char hex[SHA256_HEX];
    struct sha256 hash;
    sha256_start(&hash);
    for (int i = 0; i < model->tensor_count; i++) {
        char line[256];
        const struct model_tensor *tensor = &model->tensors[i];
        int length = snprintf(line, sizeof line, "%s %zu %zu %d\n", tensor->name, tensor->offset,
                              tensor->size, tensor->panel);
        sha256_add(&hash, line, length < (int)sizeof line ? (size_t)length : sizeof line);
    }
    sha256_finish(&hash, hex);
    json_object_set_new(identity, "layout", json_string(hex));
}

/* Data of the same bytes, read otherwise, are other data. */
static void add_manifest(json_t *identity, const struct manifest *manifest)
{
    struct manifest_meaning meaning;
    for (int i = 0; manifest_tell_meaning(manifest, i, &meaning); i++) {
        char name[64];
        snprintf(name, sizeof name, STATE_MANIFEST "%s", meaning.key);
        json_object_set_new(identity, name, json_string(meaning.text));
    }
}

json_t *state_identity(const struct training *run, const struct dataset *data)
{
    const struct model *model = run->model;
    json_t *identity = json_object();
    char hash[SHA256_HEX];
    json_object_set_new(identity, "format", json_string(STATE_FORM));
    json_object_set_new(identity, "model", json_string(model->name));
    json_object_set_new(identity, "source", json_string(model_source_hash()));
    json_object_set_new(identity, "march", json_string(model->march));
    json_object_set_new(identity, "real", json_string(sizeof(real) == 4 ? "F32" : "F64"));
    json_object_set_new(identity, "abi", json_sprintf("%d", model->abi));
    add_layout(identity, model);
    json_object_set_new(identity, "seed", json_sprintf("%llu", (unsigned long long)run->seed));
    json_object_set_new(identity, "epochs", json_sprintf("%d", run->epochs));
    json_object_set_new(identity, "data", json_string(dataset_fingerprint(data)));
    add_manifest(identity, dataset_manifest(data));
    json_object_set_new(identity, "share", json_sprintf("%.15g%%", 100 * dataset_share(data)));
    json_object_set_new(identity, "train", json_sprintf("%zu", run->train->count));
    json_object_set_new(identity, "validation", json_sprintf("%zu", run->validation->count));
    if (run->balance) {
        balance_print_hash(run->balance, hash);
        json_object_set_new(identity, "balance", json_string(hash));
    }
    return identity;
}

static json_t *make_header(const struct state_keeper *keeper, const struct state_piece *pieces, int count)
{
    const struct training *run = keeper->run;
    char hex[SHA256_HEX];
    struct sha256 hash;
    json_t *header = json_object(), *metadata = json_copy(keeper->metadata);
    size_t offset = 0;
    sha256_start(&hash);
    for (int i = 0; i < count; i++)
        sha256_add(&hash, pieces[i].at, pieces[i].size);
    sha256_finish(&hash, hex);
    json_object_set_new(metadata, "epoch", json_sprintf("%d", run->at.epoch));
    json_object_set_new(metadata, "examples", json_sprintf("%zu", run->at.first));
    json_object_set_new(metadata, "elapsed", json_sprintf("%.3f", training_seconds(run)));
    json_object_set_new(metadata, "sha256", json_string(hex));
    json_object_set_new(header, "__metadata__", metadata);
    for (int i = 0; i < count; i++) {
        const size_t end = offset + pieces[i].size;
        json_object_set_new(header, pieces[i].name,
                            json_pack("{s:s, s:[I], s:[II]}", "dtype", "U8", "shape",
                                      (json_int_t)pieces[i].size, "data_offsets", (json_int_t)offset,
                                      (json_int_t)end));
        offset = end;
    }
    return header;
}

/* The newest becomes the one before, under both names for a moment: it is never without one. */
static void keep_previous(const char *path)
{
    char previous[4096];
    snprintf(previous, sizeof previous, "%.4000s.previous", path);
    if (access(path, F_OK) != 0)
        return;
    unlink(previous);
    if (link(path, previous) != 0)
        rename(path, previous); /* a file system without links */
}

static bool write_state(const struct state_keeper *keeper, struct problem *problem)
{
    struct state_piece pieces[STATE_PIECES];
    const struct observer *observer = keeper->run->observer;
    int count = state_list_pieces(keeper->model, keeper->net, keeper->run, observer->row_count, pieces);
    struct output_file file;
    char path[4096];
    snprintf(path, sizeof path, "%.3900s/state", keeper->folder);
    if (!output_file_open(&file, path, problem))
        return false;
    json_t *header = make_header(keeper, pieces, count);
    bool is_made = container_write_header(header, file.stream);
    json_decref(header);
    if (!is_made)
        return output_file_fail(&file, "its header cannot be made", problem);
    for (int i = 0; i < count; i++)
        fwrite(pieces[i].at, 1, pieces[i].size, file.stream);
    if (!output_file_sync(&file, problem))
        return false;
    keep_previous(path);
    return output_file_commit(&file, problem);
}

/* A run goes on without a state: it has its weights, and may find room for the next one. Not so with the
 * first, in front of all steps: where that cannot be written, nor could the result. */
static void keep(struct state_keeper *keeper)
{
    struct problem problem = {{0}};
    const bool is_first = keeper->written == 0;
    keeper->written = clock_seconds();
    keeper->steps = 0;
    if (write_state(keeper, &problem) || keeper->has_failed)
        return;
    if (is_first) {
        fprintf(stderr, "%s\n", problem.text);
        rmdir(keeper->folder);
        exit(EXIT_INPUT);
    }
    keeper->has_failed = true;
    fprintf(stderr, "%s\nhelp: the run goes on, but could not be resumed from here\n", problem.text);
}

void state_keep_epoch(struct state_keeper *keeper)
{
    enum { SHORT = 1 }; /* seconds */
    if (keeper->written == 0 || keeper->every_steps || clock_seconds() - keeper->written >= SHORT)
        keep(keeper);
}

void state_keep_step(struct state_keeper *keeper, bool is_last)
{
    keeper->steps++;
    bool is_due = keeper->every_steps ? keeper->steps >= keeper->every_steps
                                      : clock_seconds() - keeper->written >= keeper->every_seconds;
    if (is_due || is_last)
        keep(keeper);
}

/* What a kill in the middle of a write left: state.XXXXXX. */
static void remove_unfinished(const char *folder)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[4096];
        if (strncmp(entry->d_name, "state.", 6) != 0 || strlen(entry->d_name) != 12)
            continue;
        snprintf(path, sizeof path, "%.3700s/%.200s", folder, entry->d_name);
        unlink(path);
    }
    if (entries)
        closedir(entries);
}

void state_remove(const char *folder)
{
    remove_unfinished(folder);
    static const char *const names[] = {"state", "state.previous"};
    for (int i = 0; i < 2; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%.3900s/%s", folder, names[i]);
        unlink(path);
    }
}
