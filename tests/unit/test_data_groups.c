/* test_data_groups.c - columns that divide the examples into groups, and every fault of one at its place. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_data_support.h"

#define CSV "format: csv\ntrain: {file: a.csv}\n"
#define COUNT(list) (sizeof(list) / sizeof *(list))

static void begin(void)
{
    data_begin();
    data_write_text("a.csv", "age,sex,x,y\n59,2,1,5\n40,1,2,6\n7,10,3,7\n39.5,2.0,4,8\n60,1,5,9\n");
}

TestSuite(data_groups, .init = begin, .fini = data_end);

/* The groups of all examples, "2 1 10", as the columns of the manifest divide them. */
static void expect_groups(const struct dataset *data, int which, const char *column, const char *wanted)
{
    int count;
    char text[256] = "";
    const struct grouping *grouping = dataset_groupings(data, &count) + which;
    const struct examples *train = dataset_train(data);
    cr_assert_lt(which, count);
    cr_expect_str_eq(grouping->column, column);
    for (size_t i = 0; i < train->count; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s", i ? ", " : "",
                 grouping->names[examples_group(train, grouping, i)]);
    }
    cr_expect_str_eq(text, wanted);
}

static struct dataset *open_with(const char *columns, int features)
{
    char text[256];
    snprintf(text, sizeof text, CSV "columns: {%s}\n", columns);
    data_write_text("data.yaml", text);
    struct model model = data_model_vector(features, OUTPUT_SQUARED_ERROR, 1);
    return data_open(&model);
}

Test(data_groups, each_value_is_a_group_and_equal_numbers_are_one)
{
    struct dataset *data = open_with("inputs: [x], targets: [y], group: sex", 1);
    int count;
    expect_groups(data, 0, "sex", "2, 1, 10, 2, 1");
    const struct grouping *grouping = dataset_groupings(data, &count);
    cr_expect_eq(count, 1);
    cr_assert_eq(grouping->count, 3);
    cr_expect_str_eq(grouping->names[0], "1"); /* by size, not by their first character */
    cr_expect_str_eq(grouping->names[1], "2");
    cr_expect_str_eq(grouping->names[2], "10");
    dataset_close(data);
}

Test(data_groups, edges_cut_a_number_into_bins_that_begin_at_them)
{
    struct dataset *data = open_with("inputs: [x], targets: [y], group: {column: age, edges: [40, 60]}", 1);
    expect_groups(data, 0, "age", "40 <= age < 60, 40 <= age < 60, age < 40, age < 40, age >= 60");
    dataset_close(data);
}

Test(data_groups, a_list_divides_in_several_ways)
{
    struct dataset *data =
        open_with("inputs: [x], targets: [y], group: [{column: age, edges: [30]}, sex]", 1);
    expect_groups(data, 0, "age", "age >= 30, age >= 30, age < 30, age >= 30, age >= 30");
    expect_groups(data, 1, "sex", "2, 1, 10, 2, 1");
    dataset_close(data);
}

Test(data_groups, names_stand_in_the_order_of_bytes_and_hold_for_all_files)
{
    data_write_text("a.csv", "who,x,y\n\"w, old\",1,5\nm,2,6\n");
    data_write_text("b.csv", "x,y,who\n1,5,d\n2,6,m\n");
    data_write_text("data.yaml", CSV "test: {file: b.csv}\ncolumns: {targets: [y], group: who}\n");
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    struct dataset *data = data_open(&model);
    int count;
    const struct grouping *grouping = dataset_groupings(data, &count);
    cr_assert_eq(grouping->count, 3);
    cr_expect_str_eq(grouping->names[0], "d");
    cr_expect_str_eq(grouping->names[2], "w, old");
    cr_expect_eq(examples_group(dataset_split(data, "test"), grouping, 0), 0);
    cr_expect_eq(examples_group(dataset_split(data, "test"), grouping, 1), 1);
    cr_expect_eq(examples_group(dataset_train(data), grouping, 1), 1);
    dataset_close(data);
}

Test(data_groups, a_group_is_an_input_only_where_inputs_name_it)
{
    dataset_close(open_with("targets: [y], group: sex", 2));
    dataset_close(open_with("targets: [y], group: [sex, {column: age, edges: [30]}]", 1));
    dataset_close(open_with("inputs: [age, sex, x], targets: [y], group: sex", 3));
}

Test(data_groups, the_summary_counts_them)
{
    struct dataset *data = open_with("inputs: [x], targets: [y], group: sex", 1);
    cr_expect(strstr(dataset_summary(data), "\ngroups by sex: 1 has 2, 2 has 2, 10 has 1 of the training "
                                            "examples"));
    dataset_close(data);
}

Test(data_groups, faults_of_the_manifest)
{
    static const struct refusal refusals[] = {
        {CSV "columns: {group: [sex, sex]}\n", "data.yaml:3:24: error: 'sex' stands in 'group' twice"},
        {CSV "columns: {group: []}\n", "data.yaml:3:18: error: the list is empty"},
        {CSV "columns: {group: {edges: [1]}}\n", "data.yaml:3:18: error: 'group' needs 'column'"},
        {CSV "columns: {group: {column: [sex]}}\n",
         "data.yaml:3:27: error: expected the name of a column, not a list"},
        {CSV "columns: {group: {column: age, edges: 40}}\n",
         "data.yaml:3:39: error: expected a list of numbers: [40, 60], not a single value"},
        {CSV "columns: {group: {column: age, edges: []}}\n", "data.yaml:3:39: error: the list is empty"},
        {CSV "columns: {group: {column: age, edges: [40, sixty]}}\n",
         "data.yaml:3:44: error: 'sixty' is not a number"},
        {CSV "columns: {group: {column: age, edges: [60, 40]}}\n",
         "data.yaml:3:44: error: edges must rise, but 40 follows 60"},
        {CSV "columns: {group: {column: age, edges: [40, 40.0]}}\n",
         "data.yaml:3:44: error: edges must rise, but 40.0 follows 40"},
        {CSV "columns: {group: {column: age, edge: [40]}}\n",
         "data.yaml:3:32: error: unknown key 'edge'\nhelp: did you mean 'edges'?"},
    };
    struct model model = data_model_vector(3, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_groups, faults_of_the_column)
{
    static const struct refusal refusals[] = {
        {CSV "columns: {group: agee}\n",
         "data.yaml:3:18: error: 'a.csv' has no column 'agee'\nhelp: did you mean 'age'?"},
        {CSV "columns: {inputs: [x], targets: [y], group: {column: age, edges: [100]}}\n",
         "data.yaml:3:54: error: column 'age' puts every example into one group, age < 100"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_groups, faults_of_the_cells)
{
    static const struct refusal refusals[] = {
        {"sex,x,y\n1,2,3\n,2,3\n", "a.csv:3:1: error: column 'sex' is empty here"},
        {"sex,x,y\nm,2,3\nm,4,5\n",
         "data.yaml:3:45: error: column 'sex' puts every example into one group, m"},
        {"sex,x,y\n1,2,3\n1.0,2,3\n",
         "data.yaml:3:45: error: column 'sex' puts every example into one group, 1"},
    };
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("data.yaml", CSV "columns: {inputs: [x], targets: [y], group: sex}\n");
    data_expect_all_refused("a.csv", refusals, COUNT(refusals), &model);
    data_write_text("data.yaml",
                    CSV "columns: {inputs: [x], targets: [y], group: {column: sex, edges: [1.5]}}\n");
    data_write_text("a.csv", "sex,x,y\n1,2,3\ntwo,2,3\n");
    data_expect_refused(&model, "a.csv:3:1: error: 'two' in column 'sex' is not a finite number");
}

/* 101 ages. */
Test(data_groups, too_many_values_are_no_groups)
{
    struct model model = data_model_vector(1, OUTPUT_SQUARED_ERROR, 1);
    char text[4096] = "age,y\n";
    for (int i = 0; i < 101; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d,1\n", i % 100);
    data_write_text("a.csv", text);
    data_write_text("data.yaml", CSV "columns: {inputs: [age], targets: [y], group: age}\n");
    dataset_close(data_open(&model));
    strcat(text, "100,1\n");
    data_write_text("a.csv", text);
    data_expect_refused(&model,
                        "data.yaml:3:47: error: column 'age' has more than 100 values: these are no groups\n"
                        "help: cut a number at edges: group: { column: age, edges: [40, 60] }");
}
