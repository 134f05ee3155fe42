/* yaml.c - the events of libyaml, put together to a tree. */
#include <string.h>
#include <yaml.h>

#include "data/file.h"
#include "data/pool.h"
#include "data/yaml.h"
#include "problem.h"

#define YAML_BYTES (1u << 20)
#define YAML_LEVELS 64
#define YAML_KEYS 1000 /* of one mapping: each new key is compared with all before it */

struct yaml_reading {
    const char *path;
    struct pool *pool;
    struct problem *problem;
    yaml_parser_t parser;
    yaml_event_t event; /* the one looked at */
};

static bool yaml_refuse(struct yaml_reading *reading, const char *sentence)
{
    yaml_mark_t at = reading->event.start_mark;
    return problem_at(reading->problem, reading->path, (int)at.line + 1, (int)at.column + 1, "%s", sentence);
}

static bool yaml_next(struct yaml_reading *reading)
{
    yaml_event_delete(&reading->event);
    if (yaml_parser_parse(&reading->parser, &reading->event))
        return true;
    yaml_mark_t at = reading->parser.problem_mark;
    const char *reason = reading->parser.problem;
    return problem_at(reading->problem, reading->path, (int)at.line + 1, (int)at.column + 1,
                      "is not valid YAML: %s", reason ? reason : "unknown reason");
}

static bool event_is_plain(struct yaml_reading *reading)
{
    const yaml_event_t *event = &reading->event;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (event->type == YAML_ALIAS_EVENT)
        return yaml_refuse(reading, "aliases (*name) are not allowed in a data manifest");
    if (event->type == YAML_SCALAR_EVENT)
        anchor = event->data.scalar.anchor, tag = event->data.scalar.tag;
    else if (event->type == YAML_SEQUENCE_START_EVENT)
        anchor = event->data.sequence_start.anchor, tag = event->data.sequence_start.tag;
    else if (event->type == YAML_MAPPING_START_EVENT)
        anchor = event->data.mapping_start.anchor, tag = event->data.mapping_start.tag;
    if (anchor)
        return yaml_refuse(reading, "anchors (&name) are not allowed in a data manifest");
    if (tag)
        return yaml_refuse(reading, "tags (!name) are not allowed in a data manifest");
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
            problem_at(reading->problem, reading->path, key->line, key->column,
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
            return yaml_refuse(reading, "a mapping of more than 1000 keys is no data manifest");
        struct yaml_node *key = NULL;
        if (node->kind == YAML_MAPPING) {
            key = yaml_parse_key(reading, node);
            if (!key || !yaml_next(reading))
                return false;
        }
        struct yaml_node *item = yaml_parse_node(reading, level + 1);
        if (!item)
            return false;
        node->keys = pool_grow(reading->pool, node->keys, node->count, sizeof *node->keys);
        node->items = pool_grow(reading->pool, node->items, node->count, sizeof *node->items);
        node->keys[node->count] = key;
        node->items[node->count++] = item;
    }
}

/* The node that begins with the event at hand; keys, which may only be scalars, come with the last level. */
static struct yaml_node *yaml_parse_node(struct yaml_reading *reading, int level)
{
    if (!event_is_plain(reading))
        return NULL;
    struct yaml_node *node = pool_get(reading->pool, sizeof *node);
    node->line = (int)reading->event.start_mark.line + 1;
    node->column = (int)reading->event.start_mark.column + 1;
    if (reading->event.type == YAML_SCALAR_EVENT) {
        const char *text = (const char *)reading->event.data.scalar.value;
        size_t length = reading->event.data.scalar.length;
        if (memchr(text, 0, length)) {
            yaml_refuse(reading, "a text must not contain the character 0");
            return NULL;
        }
        node->text = pool_text(reading->pool, text, length);
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
        problem_at(reading->problem, reading->path, 0, 0, "is empty");
        return NULL;
    }
    struct yaml_node *root = yaml_next(reading) ? yaml_parse_node(reading, 0) : NULL;
    if (!root || !yaml_next(reading) || !yaml_next(reading)) /* the document's end, then the stream's */
        return NULL;
    if (reading->event.type != YAML_STREAM_END_EVENT) {
        yaml_refuse(reading, "a second document is not allowed in a data manifest");
        return NULL;
    }
    return root;
}

struct yaml_node *yaml_read(const char *path, struct pool *pool, struct problem *problem)
{
    struct file file;
    if (!file_read(&file, path, YAML_BYTES, NULL, problem))
        return NULL;
    struct yaml_reading reading = {.path = path, .pool = pool, .problem = problem};
    struct yaml_node *root = NULL;
    if (yaml_parser_initialize(&reading.parser)) {
        yaml_parser_set_input_string(&reading.parser, file.bytes, file.length);
        root = yaml_parse_document(&reading);
        yaml_event_delete(&reading.event);
        yaml_parser_delete(&reading.parser);
    } else {
        problem_at(problem, path, 0, 0, "cannot be read: libyaml does not start");
    }
    file_free(&file);
    return root;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    for (int i = 0; i < mapping->count; i++)
        if (strcmp(mapping->keys[i]->text, key) == 0)
            return mapping->items[i];
    return NULL;
}
