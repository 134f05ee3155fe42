/* record_yaml.c - run.yaml, written by libyaml. */
#include <string.h>
#include <yaml.h>

#include "run/record.h"

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

static void open_map(void *context, const char *name)
{
    struct emitting *to = context;
    yaml_event_t event;
    char text[512]; /* names of groups are from a file */
    if (name) {
        snprintf(text, sizeof text, "%s", name);
        emit_text(to, text, YAML_ANY_SCALAR_STYLE);
    }
    emit(to, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE), &event);
}

static void close_map(void *context)
{
    struct emitting *to = context;
    yaml_event_t event;
    emit(to, yaml_mapping_end_event_initialize(&event), &event);
}

static void emit_pair(void *context, const char *name, char *text)
{
    struct emitting *to = context;
    emit_scalar(to, name, YAML_PLAIN_SCALAR_STYLE);
    emit_text(to, text, YAML_ANY_SCALAR_STYLE);
}

static void emit_names(void *context, const char *name, const json_t *names)
{
    struct emitting *to = context;
    yaml_event_t event;
    emit_scalar(to, name, YAML_PLAIN_SCALAR_STYLE);
    emit(to, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE), &event);
    for (size_t i = 0; i < json_array_size(names); i++)
        emit_scalar(to, json_string_value(json_array_get(names, i)), YAML_ANY_SCALAR_STYLE);
    emit(to, yaml_sequence_end_event_initialize(&event), &event);
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
    const struct record_sink sink = {&emitting, open_map, close_map, emit_pair, emit_names};
    record_tell(record, &sink);
    close_map(&emitting);
    emit(&emitting, yaml_document_end_event_initialize(&event, 1), &event);
    emit(&emitting, yaml_stream_end_event_initialize(&event), &event);
    yaml_emitter_delete(&emitting.emitter);
    return emitting.is_good;
}
