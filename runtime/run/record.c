/* record.c - what a run was: settings, data, machine and final figures, told to whoever writes them.
 *
 *     settings: {batch: 64, …}    data: {sha256: …}    machine: {cpu: …}    result: {best_epoch: 12, …} */
#include "run/record.h"

#include <stdarg.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "augment.h"
#include "run/figures.h"
#include "run/group_figures.h"
#include "run/model_file.h"
#include "run/safetensors.h"
#include "run/threads.h"
#include "run_report/diagnosis.h"

void record_open(const struct record_sink *to, const char *name)
{
    to->open(to->context, name);
}

void record_close(const struct record_sink *to)
{
    to->close(to->context);
}

void record_pair(const struct record_sink *to, const char *name, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    to->pair(to->context, name, text);
}

static void record_names(const struct record_sink *to, const char *name, const json_t *names)
{
    to->names(to->context, name, names);
}

static void tell_augment(const struct record_sink *to, const struct augment *augment)
{
    static const char *const flips[] = {[FLIP_NONE] = "none",
                                        [FLIP_HORIZONTAL] = "horizontal",
                                        [FLIP_VERTICAL] = "vertical",
                                        [FLIP_BOTH] = "both"};
    record_open(to, "augment");
    record_pair(to, "shift", "%d", augment->shift);
    record_pair(to, "flip", "%s", flips[augment->flip]);
    record_pair(to, "rotate", "%g", augment->rotate);
    record_pair(to, "scale", "%g", augment->scale);
    record_pair(to, "cutout", "%d", augment->cutout);
    record_pair(to, "noise", "%g", augment->noise);
    record_close(to);
}

static void tell_settings(const struct record_sink *to, const struct run_record *record)
{
    const struct model_settings *settings = &record->model->settings;
    record_open(to, "settings");
    record_pair(to, "batch", "%d", settings->batch);
    record_pair(to, "epochs", "%d", record->run->epochs);
    record_pair(to, "seed", "%llu", (unsigned long long)record->run->seed);
    record_pair(to, "optimizer", "%s", settings->optimizer);
    record_pair(to, "schedule", "%s", settings->schedule);
    if (settings->augment)
        tell_augment(to, settings->augment);
    if (settings->balance != BALANCE_NONE)
        record_pair(to, "balance", "%s", settings->balance == BALANCE_CLASSES ? "classes" : "groups");
    if (settings->penalty[0])
        record_pair(to, "penalty", "%s", settings->penalty);
    if (settings->clip)
        record_pair(to, "clip", "%s", settings->clip);
    if (settings->average)
        record_pair(to, "average", "%s", settings->average);
    if (settings->adversarial)
        record_pair(to, "adversarial", "%s", settings->adversarial);
    if (settings->validate == VALIDATE_SHARE)
        record_pair(to, "validate", "%g%%", settings->validate_share * 100);
    if (settings->validate == VALIDATE_COUNT)
        record_pair(to, "validate", "%lld", (long long)settings->validate_count);
    if (settings->validate == VALIDATE_SPLIT)
        record_pair(to, "validate", "%s", settings->validate_split);
    if (settings->patience) {
        record_pair(to, "patience", "%d", settings->patience);
        record_pair(to, "min_delta", "%g", settings->min_delta);
        record_pair(to, "monitor", "%s", settings->monitor == MONITOR_ACCURACY ? "accuracy" : "loss");
    }
    record_close(to);
}

/* Where the first weights came from, other than from the seed. */
static void tell_initial(const struct record_sink *to, const struct run_record *record)
{
    if (!record->initial_file)
        return;
    record_open(to, "init");
    record_pair(to, "file", "%s", record->initial_file);
    record_names(to, "taken", record->initial->taken);
    record_names(to, "missing", record->initial->missing);
    record_names(to, "unused", record->initial->unused);
    record_close(to);
}

static void tell_data(const struct record_sink *to, const struct run_record *record)
{
    const struct examples *test = dataset_split(record->data, "test");
    record_open(to, "data");
    record_pair(to, "manifest", "%s", record->manifest);
    record_pair(to, "sha256", "%s", dataset_fingerprint(record->data));
    if (dataset_share(record->data) < 1)
        record_pair(to, "share", "%.15g%%", 100 * dataset_share(record->data));
    record_pair(to, "train", "%zu", record->run->train->count);
    record_pair(to, "validation", "%zu", record->run->validation->count);
    record_pair(to, "test", "%zu", test ? test->count : 0);
    record_close(to);
}

static void read_cpu(char *name, size_t size)
{
    char line[256];
    FILE *info = fopen("/proc/cpuinfo", "r");
    snprintf(name, size, "unknown");
    while (info && fgets(line, sizeof line, info)) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !colon)
            continue;
        line[strcspn(line, "\n")] = 0;
        snprintf(name, size, "%s", colon + 1 + strspn(colon + 1, " \t"));
        break;
    }
    if (info)
        fclose(info);
}

static void tell_machine(const struct record_sink *to, const struct model *model)
{
    struct utsname system;
    char cpu[256];
    read_cpu(cpu, sizeof cpu);
    record_open(to, "machine");
    record_pair(to, "cpu", "%s", cpu);
    record_pair(to, "cores", "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    if (uname(&system) == 0)
        record_pair(to, "system", "%s %s %s", system.sysname, system.release, system.machine);
    record_pair(to, "threads", "%d", threads_of(model));
    record_pair(to, "compiled_for", "%s", model->march);
    record_pair(to, "real", REAL_NAME);
    record_pair(to, "compiler", "%s", __VERSION__);
    record_pair(to, "runtime_abi", "%d", NETC_ABI);
    record_close(to);
}

static void tell_scores(const struct record_sink *to, const char *name, const struct score *score,
                        const struct run_record *record)
{
    if (!score->examples)
        return;
    const struct metric *metric = metric_of(record->model);
    record_open(to, name);
    record_pair(to, "loss", "%.9g", score_loss(score));
    record_pair(to, metric->name, "%.9g", metric_value(metric, score, dataset_normaliser(record->data)));
    record_close(to);
}

static void tell_result(const struct record_sink *to, const struct run_record *record)
{
    static const char *const status[] = {[TRAINING_COMPLETE] = "complete",
                                         [TRAINING_TIME] = "time",
                                         [TRAINING_PATIENCE] = "patience",
                                         [TRAINING_INTERRUPTED] = "interrupted",
                                         [TRAINING_DIVERGED] = "diverged"};
    char end[600];
    const struct training *run = record->run;
    record_open(to, "result");
    record_pair(to, "status", "%s", status[run->end]);
    record_pair(to, "end", "%s", training_end_text(run, end, sizeof end));
    record_pair(to, "epochs_done", "%d", run->at.epochs_done);
    record_pair(to, "best_epoch", "%d", run->at.best_epoch);
    record_pair(to, "steps", "%llu", (unsigned long long)run->steps);
    record_pair(to, "seconds", "%.3f", record->seconds);
    tell_scores(to, "train", &run->at.best.train, record);
    tell_scores(to, "validation", &run->at.best.validation, record);
    tell_scores(to, "test", record->test, record);
    record_pair(to, "diagnosis", "%s", record->diagnosis->name);
    record_close(to);
}

void record_tell(const struct run_record *record, const struct record_sink *to)
{
    record_pair(to, "net", "%s", record->model->name);
    record_pair(to, "net_sha256", "%s", model_source_hash());
    tell_settings(to, record);
    tell_initial(to, record);
    tell_data(to, record);
    tell_machine(to, record->model);
    tell_result(to, record);
    if (record->groups)
        group_figures_tell(record->groups, to);
}
