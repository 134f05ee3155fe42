/* rows_group.c - which group each row of a CSV belongs to, by the value of a column or the bin of a number.
 *
 *     group: sex                                 +  2, 1, 1   ->  names { "1", "2" }, of { 1, 0, 0 }
 *     group: { column: age, edges: [40, 60] }    +  59        ->  "40 <= age < 60" */
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "data/manifest_key.h"
#include "data/rows.h"
#include "problem.h"

static bool group_refuse(const struct dataset *data, const struct manifest_group *group, const char *sentence,
                         const char *end, struct problem *problem)
{
    return problem_at(problem, data->manifest.path, group->node->line, group->node->column,
                      "column '%.60s' %s%s", group->node->text, sentence, end);
}

bool groups_use_column(const struct dataset *data, const char *name)
{
    for (int i = 0; i < data->manifest.group_count; i++)
        if (strcmp(data->manifest.groups[i].node->text, name) == 0)
            return true;
    return false;
}

int *groups_find_columns(struct dataset *data, const struct csv *csv, struct problem *problem)
{
    const struct manifest *manifest = &data->manifest;
    size_t count = (size_t)manifest->group_count;
    int *columns = pool_get(&data->pool, (count + 1) * sizeof *columns);
    if (!data->groupings)
        data->groupings = pool_get(&data->pool, (count + 1) * sizeof *data->groupings);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *node = manifest->groups[i].node;
        columns[i] = rows_find_column(data, csv, node, node->text, problem);
        if (columns[i] < 0)
            return NULL;
        data->groupings[i].column = node->text;
    }
    return columns;
}

void groups_make_room(struct dataset *data, size_t count)
{
    for (int i = 0; i < data->manifest.group_count; i++)
        data->groupings[i].of = memory_resize(data->groupings[i].of, count, sizeof *data->groupings[i].of);
}

/* The number of edges that the value is not below. */
static int32_t bin_of(const struct manifest_group *group, double value)
{
    int32_t bin = 0;
    while (bin < group->edge_count && value >= group->limits[bin])
        bin++;
    return bin;
}

/* The number of a value in the order of first sight, or -1 and a problem: there are too many. */
static int32_t value_find(struct dataset *data, const struct manifest_group *group, struct grouping *grouping,
                          const char *text, struct problem *problem)
{
    for (int32_t i = 0; i < grouping->count; i++)
        if (strcmp(grouping->names[i], text) == 0)
            return i;
    if (grouping->count == GROUPS_MOST) {
        group_refuse(data, group, "has more than 100 values", ": these are no groups", problem);
        problem_help(problem, "cut a number at edges: group: { column: %.60s, edges: [40, 60] }",
                     group->node->text);
        return -1;
    }
    grouping->names = rows_add_text(data, grouping->names, grouping->count, text);
    return grouping->count++;
}

bool groups_read_row(struct dataset *data, const struct csv *csv, const int *columns, size_t row,
                     struct problem *problem)
{
    for (int i = 0; i < data->manifest.group_count; i++) {
        const struct manifest_group *group = &data->manifest.groups[i];
        const struct csv_cell *cell = &csv->cells[columns[i]];
        double number;
        if (!*cell->text || group->edge_count > 0) {
            if (!csv_read_number(csv, columns[i], &number, problem)) /* which tells an empty cell */
                return false;
            data->groupings[i].of[row] = bin_of(group, number);
            continue;
        }
        data->groupings[i].of[row] = value_find(data, group, &data->groupings[i], cell->text, problem);
        if (data->groupings[i].of[row] < 0)
            return false;
    }
    return true;
}

static void name_bins(struct dataset *data, const struct manifest_group *group, struct grouping *grouping)
{
    const char *column = group->node->text;
    int edges = group->edge_count;
    grouping->count = edges + 1;
    grouping->names = pool_get(&data->pool, (size_t)grouping->count * sizeof *grouping->names);
    grouping->names[0] = pool_print(&data->pool, "%s < %s", column, group->edges[0]);
    for (int i = 1; i < edges; i++)
        grouping->names[i] =
            pool_print(&data->pool, "%s <= %s < %s", group->edges[i - 1], column, group->edges[i]);
    grouping->names[edges] = pool_print(&data->pool, "%s >= %s", column, group->edges[edges - 1]);
}

struct value {
    const char *text;
    double number;
    int32_t first; /* its number in the order of first sight */
};

static int value_by_text(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    return strcmp(a->text, b->text);
}

static int value_by_number(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    return a->number != b->number ? (a->number < b->number ? -1 : 1) : value_by_text(left, right);
}

/* Values in an order that does not depend on that of the rows; 1 and 1.0 are one. */
static void sort_values(struct grouping *grouping, size_t rows)
{
    struct value values[GROUPS_MOST];
    int32_t place[GROUPS_MOST];
    const int found = grouping->count;
    bool are_numbers = true;
    for (int32_t i = 0; i < found; i++) {
        values[i] = (struct value){.text = grouping->names[i], .first = i};
        are_numbers &= text_is_number(values[i].text, &values[i].number);
    }
    qsort(values, (size_t)found, sizeof *values, are_numbers ? value_by_number : value_by_text);
    grouping->count = 0;
    for (int i = 0; i < found; i++) {
        if (i == 0 || !are_numbers || values[i].number != values[i - 1].number)
            grouping->names[grouping->count++] = values[i].text;
        place[values[i].first] = grouping->count - 1;
    }
    for (size_t row = 0; row < rows; row++)
        grouping->of[row] = place[grouping->of[row]];
}

static bool has_two(const struct grouping *grouping, size_t rows)
{
    for (size_t row = 1; row < rows; row++)
        if (grouping->of[row] != grouping->of[0])
            return true;
    return false;
}

bool groups_settle(struct dataset *data, struct problem *problem)
{
    size_t rows = data->inputs.count;
    for (int i = 0; i < data->manifest.group_count; i++) {
        const struct manifest_group *group = &data->manifest.groups[i];
        struct grouping *grouping = &data->groupings[i];
        if (group->edge_count > 0)
            name_bins(data, group, grouping);
        else
            sort_values(grouping, rows);
        if (!has_two(grouping, rows))
            return group_refuse(data, group, "puts every example into one group, ",
                                grouping->names[grouping->of[0]], problem);
    }
    return true;
}

const struct grouping *dataset_groupings(const struct dataset *data, int *count)
{
    *count = data->manifest.group_count;
    return data->groupings;
}
