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
#include "run_report/history.h"
#include "run_report/report.h"

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
    if (!wanted || access(wanted, F_OK) != 0 || is_empty_folder(wanted))
        return true;
    problem_at(problem, wanted, 0, 0, "is there already, and nothing is overwritten");
    problem_help(problem, "give --out another name");
    return false;
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

static bool save_history(const char *path, const struct run_record *record, struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    observer_write_history(record->observer, file.stream);
    return output_file_commit(&file, problem);
}

static bool save_record(const char *path, const struct run_record *record, struct problem *problem)
{
    struct output_file file;
    if (!output_file_open(&file, path, problem))
        return false;
    if (record_write(record, file.stream))
        return output_file_commit(&file, problem);
    return output_file_fail(&file, "cannot be written", problem);
}

bool run_folder_save(const char *path, const struct run_record *record, void *net, struct problem *problem)
{
    char model[4096], history_path[4096], record_path[4096], report[4096];
    struct history history;
    struct diagnosis diagnosis;
    struct run_record judged = *record;
    snprintf(model, sizeof model, "%s/model.safetensors", path);
    snprintf(history_path, sizeof history_path, "%s/history.csv", path);
    snprintf(record_path, sizeof record_path, "%s/run.yaml", path);
    snprintf(report, sizeof report, "%s/report.html", path);
    history_create(&history, record);
    diagnosis_make(&diagnosis, &history);
    judged.history = &history;
    judged.diagnosis = &diagnosis;
    const bool is_saved = model_file_write(model, record->model, net, record->data, record->run->seed,
                                           record->run->at.best_epoch, problem) &&
                          save_history(history_path, record, problem) &&
                          save_record(record_path, &judged, problem) &&
                          report_write(report, &judged, net, problem);
    history_release(&history);
    return is_saved;
}
