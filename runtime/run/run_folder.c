/* run_folder.c - the folder of a run, and the files in it. */
#include "run/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem.h"
#include "run/model_file.h"
#include "run/output_file.h"
#include "run/record.h"

static bool is_empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    if (!folder)
        return false;
    for (struct dirent *entry; (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count == 0;
}

bool run_folder_is_free(const char *wanted, struct problem *problem)
{
    return !wanted || access(wanted, F_OK) != 0 || is_empty_folder(wanted) ||
           problem_at(problem, wanted, 0, 0, "is there already, and nothing is overwritten");
}

bool run_folder_create(const char *parent, const char *name, const char *wanted, char *path, size_t size,
                       struct problem *problem)
{
    if (wanted) {
        int length = snprintf(path, size, "%s", wanted);
        if (length < 0 || length > 3900) /* its files have longer paths */
            return problem_at(problem, wanted, 0, 0, "the path is too long");
        if (mkdir(path, 0777) == 0)
            return true;
        if (errno == EEXIST)
            return run_folder_is_free(path, problem);
        return problem_at(problem, path, 0, 0, "cannot be made: %s", strerror(errno));
    }
    if (mkdir(parent, 0777) != 0 && errno != EEXIST)
        return problem_at(problem, parent, 0, 0, "cannot be made: %s", strerror(errno));
    for (int number = 1; number < 1000000; number++) {
        snprintf(path, size, "%s/%s-%d", parent, name, number);
        if (mkdir(path, 0777) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    return problem_at(problem, path, 0, 0, "cannot be made: %s", strerror(errno));
}

const char *training_end_text(const struct training *run, char *text, size_t size)
{
    switch (run->end) {
    case TRAINING_COMPLETE:
        snprintf(text, size, run->epochs == 1 ? "%d epoch done" : "all %d epochs done", run->epochs);
        break;
    case TRAINING_PATIENCE:
        snprintf(text, size, "no improvement for %d epoch%s", run->model->settings.patience,
                 run->model->settings.patience == 1 ? "" : "s");
        break;
    case TRAINING_TIME:
        snprintf(text, size, "the limit of time is reached after %d epoch%s", run->at.epochs_done,
                 run->at.epochs_done == 1 ? "" : "s");
        break;
    case TRAINING_INTERRUPTED:
        snprintf(text, size, "interrupted in epoch %d", run->at.epochs_done + 1);
        break;
    case TRAINING_DIVERGED:
        snprintf(text, size, "%s", ((const struct observer *)run->observer)->divergence);
        break;
    }
    return text;
}

bool run_folder_save(const char *path, const struct run_record *record, void *net, struct problem *problem)
{
    char file_path[4096];
    struct output_file file;
    snprintf(file_path, sizeof file_path, "%s/model.safetensors", path);
    if (!model_file_write(file_path, record->model, net, record->data, record->run->seed,
                          record->run->at.best_epoch, problem))
        return false;
    snprintf(file_path, sizeof file_path, "%s/history.csv", path);
    if (!output_file_open(&file, file_path, problem))
        return false;
    observer_write_history(record->observer, file.stream);
    if (!output_file_commit(&file, problem))
        return false;
    snprintf(file_path, sizeof file_path, "%s/run.yaml", path);
    if (!output_file_open(&file, file_path, problem))
        return false;
    if (!record_write(record, file.stream)) {
        output_file_abandon(&file);
        return problem_at(problem, file_path, 0, 0, "cannot be written");
    }
    return output_file_commit(&file, problem);
}
