/* manifest_group.c - the value of `group`: which columns divide the examples into groups, and where a number
 * is cut.
 *
 *     group: sex                                    ->  one group for each value of the column
 *     group: { column: age, edges: [40, 60] }       ->  below 40, from 40 to below 60, from 60
 *     group: [sex, { column: age, edges: [40] }]    ->  both, each on its own */
#include <string.h>

#include "data/manifest_key.h"
#include "data/pool.h"

static bool read_edge(struct manifest_reading *reading, const struct yaml_node *item,
                      struct manifest_group *group)
{
    double limit;
    int count = group->edge_count;
    if (!node_is(reading, item, YAML_SCALAR, "a number"))
        return false;
    if (!text_is_number(item->text, &limit))
        return node_refuse(reading, item, "'%.60s' is not a number", item->text);
    if (count > 0 && !(limit > group->limits[count - 1]))
        return node_refuse(reading, item, "edges must rise, but %s follows %s", item->text,
                           group->edges[count - 1]);
    group->edges[count] = item->text;
    group->limits[count] = limit;
    group->edge_count++;
    return true;
}

static bool read_edges(struct manifest_reading *reading, const struct yaml_node *value,
                       struct manifest_group *group)
{
    if (!node_is(reading, value, YAML_SEQUENCE, "a list of numbers: [40, 60]"))
        return false;
    if (value->count == 0)
        return node_refuse(reading, value, "the list is empty");
    if (value->count >= GROUPS_MOST)
        return node_refuse(reading, value, "%d edges make more than %d groups", value->count, GROUPS_MOST);
    group->edges = pool_get(reading->pool, (size_t)value->count * sizeof *group->edges);
    group->limits = pool_get(reading->pool, (size_t)value->count * sizeof *group->limits);
    for (int i = 0; i < value->count; i++)
        if (!read_edge(reading, value->items[i], group))
            return false;
    return true;
}

static bool read_parts(struct manifest_reading *reading, const struct yaml_node *value,
                       struct manifest_group *group)
{
    static const char *const keys[] = {"column", "edges"};
    for (int i = 0; i < value->count; i++) {
        int key = node_choose(reading, value->keys[i], "key", keys, 2);
        if (key < 0 || (key == 1 && !read_edges(reading, value->items[i], group)))
            return false;
    }
    group->node = yaml_find(value, "column");
    return group->node || node_refuse(reading, value, "'group' needs 'column'");
}

static bool read_group(struct manifest_reading *reading, const struct yaml_node *value)
{
    struct manifest *manifest = reading->manifest;
    struct manifest_group group = {.node = value};
    if (value->kind == YAML_MAPPING && !read_parts(reading, value, &group))
        return false;
    if (!node_is(reading, group.node, YAML_SCALAR, "the name of a column"))
        return false;
    for (int i = 0; i < manifest->group_count; i++)
        if (strcmp(manifest->groups[i].node->text, group.node->text) == 0)
            return node_refuse(reading, group.node, "'%.60s' stands in 'group' twice", group.node->text);
    manifest->groups =
        pool_grow(reading->pool, manifest->groups, manifest->group_count, sizeof *manifest->groups);
    manifest->groups[manifest->group_count++] = group;
    return true;
}

bool manifest_read_groups(struct manifest_reading *reading, const struct yaml_node *value)
{
    if (value->kind != YAML_SEQUENCE)
        return read_group(reading, value);
    if (value->count == 0)
        return node_refuse(reading, value, "the list is empty");
    for (int i = 0; i < value->count; i++)
        if (!read_group(reading, value->items[i]))
            return false;
    return true;
}
