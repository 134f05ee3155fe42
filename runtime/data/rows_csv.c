/* rows_csv.c - the rows of a split from one CSV file: which columns are inputs and targets, and their cells
 * as numbers or classes.
 *
 *     columns: { inputs: [age, bmi], targets: [y] }  +  diabetes.csv  ->  442 rows of 2 and 1 values
 *
 * Without `columns` the last ones are the targets and all others the inputs. The names that the first file
 * settles hold for all further files, in whatever order these have them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/csv.h"
#include "data/manifest_key.h"
#include "data/nearest.h"
#include "data/rows.h"
#include "problem.h"

/* A fault of a column: told at its place in the manifest if that names it, else at the header. */
static bool column_refuse(const struct dataset *data, const struct csv *csv, const struct yaml_node *node,
                          const char *sentence, struct problem *problem)
{
    if (node)
        return problem_at(problem, data->manifest.path, node->line, node->column, "'%.300s' %s",
                          csv->file.path, sentence);
    return problem_at(problem, csv->file.path, 1, 0, "%s", sentence);
}

static bool columns_check_count(const struct dataset *data, const struct csv *csv,
                                const struct yaml_node *node, const char *what, int found, int wanted,
                                struct problem *problem)
{
    char sentence[160], shape[64];
    if (found == wanted)
        return true;
    if (strcmp(what, "input") == 0)
        snprintf(sentence, sizeof sentence, "gives %d input column%s, but the network's input is %s", found,
                 found == 1 ? "" : "s", rows_print_shape(&data->input, shape, sizeof shape));
    else
        snprintf(sentence, sizeof sentence, "gives %d target column%s, but the network's output wants %d",
                 found, found == 1 ? "" : "s", wanted);
    return column_refuse(data, csv, node, sentence, problem);
}

static bool is_among(const char *name, const char **names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void names_from_node(struct dataset *data, const struct yaml_node *node, const char ***names,
                            int *count)
{
    for (int i = 0; i < node->count; i++) {
        *names = rows_add_text(data, *names, *count, node->items[i]->text);
        ++*count;
    }
}

/* Settles the names of the columns, by the manifest or by their places in this first file. */
static bool columns_settle(struct dataset *data, const struct csv *csv, struct problem *problem)
{
    const struct manifest *manifest = &data->manifest;
    int wanted = rows_target_columns(data), first = csv->column_count - wanted;
    if (manifest->targets)
        names_from_node(data, manifest->targets, &data->target_names, &data->target_count);
    else
        for (int i = first < 0 ? 0 : first; i < csv->column_count; i++)
            data->target_names = rows_add_text(data, data->target_names, data->target_count++, csv->names[i]);
    if (manifest->inputs)
        names_from_node(data, manifest->inputs, &data->feature_names, &data->feature_count);
    else
        for (int i = 0; i < csv->column_count; i++)
            if (!is_among(csv->names[i], data->target_names, data->target_count) &&
                !groups_use_column(data, csv->names[i]))
                data->feature_names =
                    rows_add_text(data, data->feature_names, data->feature_count++, csv->names[i]);
    if (!data->has_targets)
        data->target_count = 0; /* they were only to be told from the inputs */
    return columns_check_count(data, csv, manifest->targets, "target", data->target_count, wanted, problem) &&
           columns_check_count(data, csv, manifest->inputs, "input", data->feature_count,
                               (int)data->input_size, problem);
}

int rows_find_column(const struct dataset *data, const struct csv *csv, const struct yaml_node *node,
                     const char *name, struct problem *problem)
{
    int column = csv_find(csv, name);
    if (column >= 0 && *name)
        return column;
    char sentence[160] = "has a column without a name";
    if (*name)
        snprintf(sentence, sizeof sentence, "has no column '%.60s'", name);
    column_refuse(data, csv, node, sentence, problem);
    if (*name)
        nearest_or_list_help(problem, name, csv->names, csv->column_count);
    return -1;
}

/* The same of a list of names, which `node`, if any, has in the manifest; NULL and a problem. */
static int *columns_find(struct dataset *data, const struct csv *csv, const struct yaml_node *node,
                         const char *const *names, int count, struct problem *problem)
{
    int *columns = pool_get(&data->pool, (size_t)count * sizeof *columns);
    for (int i = 0; i < count; i++) {
        columns[i] = rows_find_column(data, csv, node ? node->items[i] : NULL, names[i], problem);
        if (columns[i] < 0)
            return NULL;
    }
    return columns;
}

/* A cell as number of its class: by its name, or 0 to count-1. Where names are numbers only names count. */
static bool cell_read_class(const struct dataset *data, const struct csv *csv, int column, int count,
                            double *class, struct problem *problem)
{
    const struct csv_cell *cell = &csv->cells[column];
    bool has_number_names = false;
    for (int i = 0; i < data->class_count; i++) {
        if (strcmp(data->class_names[i], cell->text) == 0) {
            *class = i;
            return true;
        }
        has_number_names |= text_is_number(data->class_names[i], class);
    }
    bool is_number = !has_number_names && text_is_number(cell->text, class);
    if (is_number && *class >= 0 && *class < count && *class == floor(*class))
        return true;
    if (is_number || data->class_count == 0) {
        problem_at(problem, csv->file.path, csv->line, cell->column,
                   "'%.40s' in column '%.60s' is not a class: these are 0 to %d", cell->text,
                   csv->names[column], count - 1);
        if (data->class_count == 0)
            problem_help(problem,
                         "where classes are called otherwise, the manifest lists them: classes: [%.40s, ...]",
                         cell->text);
        return false;
    }
    problem_at(problem, csv->file.path, csv->line, cell->column,
               "'%.40s' in column '%.60s' is not one of the %d classes", cell->text, csv->names[column],
               count);
    nearest_or_list_help(problem, cell->text, data->class_names, data->class_count);
    return false;
}

static bool row_read_targets(struct dataset *data, const struct csv *csv, const int *columns, size_t row,
                             double *to, struct problem *problem)
{
    double class;
    if (rows_have_class(data)) {
        if (!cell_read_class(data, csv, columns[0], data->target_size, &class, problem))
            return false;
        data->classes[row] = (int32_t) class;
        return true;
    }
    const int count = data->output == OUTPUT_CATEGORICAL ? data->target_size
                      : data->output == OUTPUT_BERNOULLI ? 2
                                                         : 0;
    for (int i = 0; i < rows_target_columns(data); i++) {
        if (count > 0 ? !cell_read_class(data, csv, columns[i], count, &to[i], problem)
                      : !csv_read_number(csv, columns[i], &to[i], problem))
            return false;
        const char *fault = rows_target_fault(data, to[i]);
        if (fault)
            return problem_at(problem, csv->file.path, csv->line, csv->cells[columns[i]].column,
                              "%g in column '%.60s' is no target: %s", to[i], csv->names[columns[i]], fault);
    }
    return true;
}

/* No more rows than this can follow: a row has a byte a column at least, and a line of its own. */
static size_t csv_most_rows(const struct csv *csv)
{
    size_t lines = 1;
    const char *end = (const char *)csv->file.bytes + csv->file.length;
    for (const char *c = csv->next; (c = memchr(c, '\n', (size_t)(end - c))); c++)
        lines++;
    size_t most = csv->file.length / (size_t)csv->column_count + 1;
    return lines < most ? lines : most;
}

/* Which columns of an open file are what. */
struct columns {
    const int *inputs;
    const int *targets; /* NULL: the rows have none, but names */
    const int *groups;  /* NULL: none */
};

/* All rows of an open file. */
static bool csv_load_rows(struct dataset *data, struct csv *csv, const struct columns *columns,
                          struct problem *problem)
{
    const int *inputs = columns->inputs, *targets = columns->targets;
    size_t first = data->inputs.count, most = csv_most_rows(csv), width = data->input_size;
    struct store read = {.size = width}, aims = {.size = (size_t)rows_target_columns(data)};
    bool has_values = targets && !rows_have_class(data);
    read.numbers = memory_resize(NULL, most, width * sizeof(double));
    if (has_values)
        aims.numbers = memory_resize(NULL, most, aims.size * sizeof(double));
    else if (targets)
        data->classes = memory_resize(data->classes, first + most, sizeof *data->classes);
    else
        data->names = memory_resize(data->names, first + most, sizeof *data->names);
    bool fits = true;
    if (columns->groups)
        groups_make_room(data, first + most);
    for (; fits && csv_next(csv, problem); read.count++) {
        for (size_t i = 0; fits && i < width; i++)
            fits = csv_read_number(csv, inputs[i], &read.numbers[read.count * width + i], problem);
        double *to = has_values ? aims.numbers + read.count * aims.size : NULL;
        if (fits && targets)
            fits = row_read_targets(data, csv, targets, first + read.count, to, problem);
        else if (fits)
            data->names[first + read.count] = pool_print(&data->pool, "%s:%d", csv->file.path, csv->line);
        if (fits && columns->groups)
            fits = groups_read_row(data, csv, columns->groups, first + read.count, problem);
    }
    fits = fits && !*problem->text;
    if (fits && read.count == 0)
        fits = problem_at(problem, csv->file.path, 0, 0, "has no examples: nothing follows its header");
    aims.count = read.count;
    if (fits)
        store_append(&data->inputs, &read);
    if (fits && has_values)
        store_append(&data->targets, &aims);
    store_free(&read);
    store_free(&aims);
    return fits;
}

bool rows_load_csv(struct dataset *data, const struct manifest_split *split, struct problem *problem)
{
    struct csv csv;
    const struct manifest *manifest = &data->manifest;
    if (!csv_open(&csv, split->inputs, &data->hash, &data->pool, problem))
        return false;
    int *groups = groups_find_columns(data, &csv, problem), *inputs = NULL, *targets = NULL;
    if (groups && (data->feature_count > 0 || columns_settle(data, &csv, problem)))
        inputs =
            columns_find(data, &csv, manifest->inputs, data->feature_names, data->feature_count, problem);
    if (inputs)
        targets =
            columns_find(data, &csv, manifest->targets, data->target_names, data->target_count, problem);
    const struct columns columns = {inputs, data->has_targets ? targets : NULL, groups};
    bool fits = targets && csv_load_rows(data, &csv, &columns, problem);
    csv_close(&csv);
    return fits;
}

static int *columns_in_order(struct dataset *data)
{
    int *columns = pool_get(&data->pool, data->input_size * sizeof *columns);
    for (int i = 0; i < (int)data->input_size; i++)
        columns[i] = i;
    return columns;
}

bool rows_load_csv_inputs(struct dataset *data, const char *path, struct problem *problem)
{
    struct csv csv;
    if (!csv_open(&csv, path, &data->hash, &data->pool, problem))
        return false;
    const struct normaliser *normaliser = &data->normaliser;
    int *inputs = NULL;
    if (normaliser->feature_count == (int)data->input_size)
        inputs = columns_find(data, &csv, NULL, normaliser->features, normaliser->feature_count, problem);
    else if (columns_check_count(data, &csv, NULL, "input", csv.column_count, (int)data->input_size, problem))
        inputs = columns_in_order(data);
    const struct columns columns = {.inputs = inputs};
    bool fits = inputs && csv_load_rows(data, &csv, &columns, problem);
    csv_close(&csv);
    return fits;
}
