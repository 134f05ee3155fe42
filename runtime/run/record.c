/* record.c - settings, data, machine and final figures as YAML, written by libyaml.
 *
 *     settings: {batch: 64, …}    data: {sha256: …}    machine: {cpu: …}    result: {best_epoch: 12, …} */
#include "run/threads.h"
#include "run/record.h"

#include <stdarg.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <yaml.h>

#include "augment.h"
#include "run/figures.h"
#include "run/model_file.h"
#include "run/safetensors.h"

struct emitting {
    yaml_emitter_t emitter;
    bool is_good;
};

/* `is_made`: what the event's initialisation said. */
static void emit(struct emitting *to, int is_made, yaml_event_t *event)
{
    to->is_good = is_made && yaml_emitter_emit(&to->emitter, event) && to->is_good;
}

/* False for a text that is no UTF-8. */
static bool try_scalar(struct emitting *to, const char *text, yaml_scalar_style_t style)
{
    yaml_event_t event;
    bool is_made = yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                                (int)strlen(text), 1, 1, style);
    if (is_made)
        emit(to, is_made, &event);
    return is_made;
}

static void emit_scalar(struct emitting *to, const char *text, yaml_scalar_style_t style)
{
    to->is_good = try_scalar(to, text, style) && to->is_good;
}

/* A text that is no UTF-8, such as an odd name of a file, must not cost the whole record: its bytes beyond
 * ASCII become '?'. */
static void emit_text(struct emitting *to, char *text, yaml_scalar_style_t style)
{
    if (try_scalar(to, text, style))
        return;
    for (char *at = text; *at; at++)
        *at = (unsigned char)*at < 128 ? *at : '?';
    emit_scalar(to, text, style);
}

static void open_map(struct emitting *to, const char *name)
{
    yaml_event_t event;
    if (name)
        emit_scalar(to, name, YAML_PLAIN_SCALAR_STYLE);
    emit(to, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE), &event);
}

static void close_map(struct emitting *to)
{
    yaml_event_t event;
    emit(to, yaml_mapping_end_event_initialize(&event), &event);
}

__attribute__((format(printf, 3, 4))) static void pair(struct emitting *to, const char *name,
                                                       const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    emit_scalar(to, name, YAML_PLAIN_SCALAR_STYLE);
    emit_text(to, text, YAML_ANY_SCALAR_STYLE);
}

static void emit_augment(struct emitting *to, const struct augment *augment)
{
    static const char *const flips[] = {[FLIP_NONE] = "none",
                                        [FLIP_HORIZONTAL] = "horizontal",
                                        [FLIP_VERTICAL] = "vertical",
                                        [FLIP_BOTH] = "both"};
    open_map(to, "augment");
    pair(to, "shift", "%d", augment->shift);
    pair(to, "flip", "%s", flips[augment->flip]);
    pair(to, "rotate", "%g", augment->rotate);
    pair(to, "scale", "%g", augment->scale);
    pair(to, "cutout", "%d", augment->cutout);
    pair(to, "noise", "%g", augment->noise);
    close_map(to);
}

static void emit_settings(struct emitting *to, const struct run_record *record)
{
    const struct model_settings *settings = &record->model->settings;
    open_map(to, "settings");
    pair(to, "batch", "%d", settings->batch);
    pair(to, "epochs", "%d", record->run->epochs);
    pair(to, "seed", "%llu", (unsigned long long)record->run->seed);
    pair(to, "optimizer", "%s", settings->optimizer);
    pair(to, "schedule", "%s", settings->schedule);
    if (settings->augment)
        emit_augment(to, settings->augment);
    if (settings->penalty[0])
        pair(to, "penalty", "%s", settings->penalty);
    if (settings->clip)
        pair(to, "clip", "%s", settings->clip);
    if (settings->average)
        pair(to, "average", "%s", settings->average);
    if (settings->validate == VALIDATE_SHARE)
        pair(to, "validate", "%g%%", settings->validate_share * 100);
    if (settings->validate == VALIDATE_COUNT)
        pair(to, "validate", "%lld", (long long)settings->validate_count);
    if (settings->validate == VALIDATE_SPLIT)
        pair(to, "validate", "%s", settings->validate_split);
    if (settings->patience) {
        pair(to, "patience", "%d", settings->patience);
        pair(to, "min_delta", "%g", settings->min_delta);
        pair(to, "monitor", "%s", settings->monitor == MONITOR_ACCURACY ? "accuracy" : "loss");
    }
    close_map(to);
}

static void emit_names(struct emitting *to, const char *name, const json_t *names)
{
    yaml_event_t event;
    emit_scalar(to, name, YAML_PLAIN_SCALAR_STYLE);
    emit(to, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE), &event);
    for (size_t i = 0; i < json_array_size(names); i++)
        emit_scalar(to, json_string_value(json_array_get(names, i)), YAML_ANY_SCALAR_STYLE);
    emit(to, yaml_sequence_end_event_initialize(&event), &event);
}

/* Where the first weights came from, other than from the seed. */
static void emit_initial(struct emitting *to, const struct run_record *record)
{
    if (!record->initial_file)
        return;
    open_map(to, "init");
    pair(to, "file", "%s", record->initial_file);
    emit_names(to, "taken", record->initial->taken);
    emit_names(to, "missing", record->initial->missing);
    emit_names(to, "unused", record->initial->unused);
    close_map(to);
}

static void emit_data(struct emitting *to, const struct run_record *record)
{
    const struct examples *test = dataset_split(record->data, "test");
    open_map(to, "data");
    pair(to, "manifest", "%s", record->manifest);
    pair(to, "sha256", "%s", dataset_fingerprint(record->data));
    pair(to, "train", "%zu", record->run->train->count);
    pair(to, "validation", "%zu", record->run->validation->count);
    pair(to, "test", "%zu", test ? test->count : 0);
    close_map(to);
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

static void emit_machine(struct emitting *to, const struct model *model)
{
    struct utsname system;
    char cpu[256];
    read_cpu(cpu, sizeof cpu);
    open_map(to, "machine");
    pair(to, "cpu", "%s", cpu);
    pair(to, "cores", "%ld", sysconf(_SC_NPROCESSORS_ONLN));
    if (uname(&system) == 0)
        pair(to, "system", "%s %s %s", system.sysname, system.release, system.machine);
    pair(to, "threads", "%d", threads_of(model));
    pair(to, "compiled_for", "%s", model->march);
    pair(to, "real", REAL_NAME);
    pair(to, "compiler", "%s", __VERSION__);
    pair(to, "runtime_abi", "%d", NETC_ABI);
    close_map(to);
}

static void emit_scores(struct emitting *to, const char *name, const struct score *score,
                        const struct run_record *record)
{
    if (!score->examples)
        return;
    const struct metric *metric = metric_of(record->model);
    open_map(to, name);
    pair(to, "loss", "%.9g", score_loss(score));
    pair(to, metric->name, "%.9g", metric_value(metric, score, dataset_normaliser(record->data)));
    close_map(to);
}

static void emit_result(struct emitting *to, const struct run_record *record)
{
    char end[600];
    const struct training *run = record->run;
    open_map(to, "result");
    pair(to, "end", "%s", training_end_text(run, end, sizeof end));
    pair(to, "epochs_done", "%d", run->at.epochs_done);
    pair(to, "best_epoch", "%d", run->at.best_epoch);
    pair(to, "steps", "%llu", (unsigned long long)run->steps);
    pair(to, "seconds", "%.3f", record->seconds);
    emit_scores(to, "train", &run->at.best.train, record);
    emit_scores(to, "validation", &run->at.best.validation, record);
    emit_scores(to, "test", record->test, record);
    close_map(to);
}

bool record_write(const struct run_record *record, FILE *to)
{
    struct emitting emitting = {.is_good = true};
    yaml_event_t event;
    if (!yaml_emitter_initialize(&emitting.emitter))
        return false;
    yaml_emitter_set_output_file(&emitting.emitter, to);
    yaml_emitter_set_unicode(&emitting.emitter, 1);
    yaml_emitter_set_width(&emitting.emitter, -1);
    emit(&emitting, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING), &event);
    emit(&emitting, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1), &event);
    open_map(&emitting, NULL);
    pair(&emitting, "net", "%s", record->model->name);
    pair(&emitting, "net_sha256", "%s", model_source_hash());
    emit_settings(&emitting, record);
    emit_initial(&emitting, record);
    emit_data(&emitting, record);
    emit_machine(&emitting, record->model);
    emit_result(&emitting, record);
    close_map(&emitting);
    emit(&emitting, yaml_document_end_event_initialize(&event, 1), &event);
    emit(&emitting, yaml_stream_end_event_initialize(&event), &event);
    yaml_emitter_delete(&emitting.emitter);
    return emitting.is_good;
}
