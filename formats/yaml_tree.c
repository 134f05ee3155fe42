/* yaml_tree.c - the events of libyaml, put together to a tree. */
#include "formats/yaml_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#define YAML_LEVELS 64
#define YAML_KEYS 1000 /* of one mapping: each new key is compared with all before it */

struct yaml_reading {
    const char *what;
    struct yaml_memory memory;
    struct yaml_fault *fault;
    yaml_parser_t parser;
    yaml_event_t event; /* the one looked at */
};

__attribute__((format(printf, 4, 5))) static bool fault_at(struct yaml_fault *fault, int line, int column,
                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fault->line = line;
    fault->column = column;
    vsnprintf(fault->sentence, sizeof fault->sentence, format, arguments);
    va_end(arguments);
    return false;
}

/* At the event at hand; `sentence` may name what the text is. */
__attribute__((format(printf, 2, 0))) static bool yaml_refuse(struct yaml_reading *reading,
                                                              const char *sentence)
{
    char text[200];
    yaml_mark_t at = reading->event.start_mark;
    snprintf(text, sizeof text, sentence, reading->what);
    return fault_at(reading->fault, (int)at.line + 1, (int)at.column + 1, "%s", text);
}

static bool yaml_next(struct yaml_reading *reading)
{
    yaml_event_delete(&reading->event);
    if (yaml_parser_parse(&reading->parser, &reading->event))
        return true;
    yaml_mark_t at = reading->parser.problem_mark;
    const char *reason = reading->parser.problem;
    return fault_at(reading->fault, (int)at.line + 1, (int)at.column + 1, "is not valid YAML: %s",
                    reason ? reason : "unknown reason");
}

static void *yaml_get(struct yaml_reading *reading, size_t size)
{
    return reading->memory.get(reading->memory.owner, size);
}

/* `list` with room for one more: doubles where count is a power of two. */
static void *yaml_grow(struct yaml_reading *reading, void *list, int count, size_t element)
{
    if (count & (count - 1))
        return list;
    void *longer = yaml_get(reading, (count > 0 ? 2 * (size_t)count : 1) * element);
    if (count > 0)
        memcpy(longer, list, (size_t)count * element);
    return longer;
}

static bool event_is_plain(struct yaml_reading *reading)
{
    const yaml_event_t *event = &reading->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_ALIAS_EVENT)
        return yaml_refuse(reading, "aliases (*name) are not allowed in %s");
    if (event->type == YAML_SCALAR_EVENT)
        anchor = event->data.scalar.anchor, tag = event->data.scalar.tag;
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        anchor = event->data.sequence_start.anchor, tag = event->data.sequence_start.tag;
    else if (event->type == YAML_MAPPING_START_EVENT)
        anchor = event->data.mapping_start.anchor, tag = event->data.mapping_start.tag;
    if (anchor)
        return yaml_refuse(reading, "anchors (&name) are not allowed in %s");
    if (tag)
        return yaml_refuse(reading, "tags (!name) are not allowed in %s");
    return true;
}

static struct yaml_node *yaml_parse_node(struct yaml_reading *reading, int level);

/* The key that the event is, checked to be a new one. */
static struct yaml_node *yaml_parse_key(struct yaml_reading *reading, const struct yaml_node *mapping)
{
    struct yaml_node *key = yaml_parse_node(reading, YAML_LEVELS);
    if (!key)
        return NULL;
    for (int i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key->text) == 0) {
            fault_at(reading->fault, key->line, key->column,
                     "key '%.60s' stands here a second time; the first is in line %d", key->text,
                     mapping->keys[i]->line);
            return NULL;
        }
    return key;
}

static bool yaml_parse_items(struct yaml_reading *reading, struct yaml_node *node, int level)
{
    yaml_event_type_t end = node->kind == YAML_MAPPING ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    for (;;) {
        if (!yaml_next(reading))
            return false;
        if (reading->event.type == end)
            return true;
        if (node->count >= YAML_KEYS && node->kind == YAML_MAPPING)
            return yaml_refuse(reading, "a mapping of more than 1000 keys cannot stand in %s");
        struct yaml_node *key = NULL;
        if (node->kind == YAML_MAPPING) {
            key = yaml_parse_key(reading, node);
            if (!key || !yaml_next(reading))
                return false;
        }
        struct yaml_node *item = yaml_parse_node(reading, level + 1);
        if (!item)
            return false;
        node->keys = yaml_grow(reading, node->keys, node->count, sizeof *node->keys);
        node->items = yaml_grow(reading, node->items, node->count, sizeof *node->items);
        node->keys[node->count] = key;
        node->items[node->count++] = item;
    }
}

/* The node that begins with the event at hand; keys, which may only be scalars, come with the last level. */
static struct yaml_node *yaml_parse_node(struct yaml_reading *reading, int level)
{
    if (!event_is_plain(reading))
        return NULL;
    struct yaml_node *node = yaml_get(reading, sizeof *node);
    node->line = (int)reading->event.start_mark.line + 1;
    node->column = (int)reading->event.start_mark.column + 1;
    if (reading->event.type == YAML_SCALAR_EVENT) {
        const char *text = (const char *)reading->event.data.scalar.value;
        size_t length = reading->event.data.scalar.length;
        if (memchr(text, 0, length)) {
            yaml_refuse(reading, "a text must not contain the character 0");
            return NULL;
        }
        const yaml_mark_t start = reading->event.start_mark, end = reading->event.end_mark;
        node->length =
            start.line == end.line && end.column > start.column ? (int)(end.column - start.column) : 1;
        node->text = memcpy(yaml_get(reading, length + 1), text, length);
        return node;
    }
    if (level >= YAML_LEVELS) {
        yaml_refuse(reading, "a list or mapping cannot stand here, or is nested too deep (64 levels)");
        return NULL;
    }
    node->kind = reading->event.type == YAML_MAPPING_START_EVENT ? YAML_MAPPING : YAML_SEQUENCE;
    return yaml_parse_items(reading, node, level) ? node : NULL;
}

static struct yaml_node *yaml_parse_document(struct yaml_reading *reading)
{
    if (!yaml_next(reading) || !yaml_next(reading)) /* the stream, then its first document */
        return NULL;
    if (reading->event.type != YAML_DOCUMENT_START_EVENT) {
        fault_at(reading->fault, 0, 0, "is empty");
        return NULL;
    }
    struct yaml_node *root = yaml_next(reading) ? yaml_parse_node(reading, 0) : NULL;
    if (!root || !yaml_next(reading) || !yaml_next(reading)) /* the document's end, then the stream's */
        return NULL;
    if (reading->event.type != YAML_STREAM_END_EVENT) {
        yaml_refuse(reading, "a second document is not allowed in %s");
        return NULL;
    }
    return root;
}

struct yaml_node *yaml_parse(const char *bytes, size_t length, const char *what, struct yaml_memory memory,
                             struct yaml_fault *fault)
{
    struct yaml_reading reading = {.what = what, .memory = memory, .fault = fault};
    struct yaml_node *root = NULL;
    if (yaml_parser_initialize(&reading.parser)) {
        yaml_parser_set_input_string(&reading.parser, (const unsigned char *)bytes, length);
        root = yaml_parse_document(&reading);
        yaml_event_delete(&reading.event);
        yaml_parser_delete(&reading.parser);
    } else {
        fault_at(fault, 0, 0, "cannot be read: libyaml does not start");
    }
    return root;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    for (int i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0)
            return mapping->items[i];
    return NULL;
}
