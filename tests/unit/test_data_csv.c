/* test_data_csv.c - CSV files as people and programs write them, and every fault at its line and column. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "test_data_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define MANIFEST "format: csv\ntrain: {file: a.csv}\n"

TestSuite(data_csv, .init = data_begin, .fini = data_end);

static struct dataset *open_csv(const char *manifest, const char *text, const struct model *model)
{
    data_write_text("data.yaml", manifest);
    data_write_text("a.csv", text);
    return data_open(model);
}

static void expect_input(const struct dataset *data, size_t i, double first, double second)
{
    real values[2];
    examples_read_input(dataset_train(data), i, values, 1, 2, 2);
    cr_expect_float_eq(values[0], first, 1e-6, "%g is not %g", (double)values[0], first);
    cr_expect_float_eq(values[1], second, 1e-6, "%g is not %g", (double)values[1], second);
}

static void expect_target(const struct dataset *data, size_t i, double wanted)
{
    real target;
    examples_read_target(dataset_train(data), i, &target, 1);
    cr_expect_float_eq(target, wanted, 1e-6);
}

Test(data_csv, last_columns_are_targets_unless_named)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct dataset *data = open_csv(MANIFEST, "a,b,y\n1,2,3\n-4e-1,.5,6\n", &model);
    expect_input(data, 1, -0.4, 0.5);
    expect_target(data, 1, 6);
    int count;
    cr_expect_str_eq(dataset_features(data, &count)[1], "b");
    cr_expect_eq(count, 2);
    cr_expect_str_eq(dataset_targets(data, &count)[0], "y");
    cr_expect_str_eq(dataset_summary(data),
                     "train 2 examples with 2 features, values -0.4 to 2, target 'y' 3 to 6");
    dataset_close(data);
}

Test(data_csv, columns_are_found_by_name_in_every_file)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("b.csv", "c,a,y,b\n9,1,3,2\n");
    struct dataset *data = open_csv("format: csv\ntrain: {file: a.csv}\ndev: {file: b.csv}\n"
                                    "columns: {inputs: [b, a], targets: [y]}\n",
                                    "a,b,y,z\n1,2,3,4\n", &model);
    real values[2];
    expect_input(data, 0, 2, 1);
    examples_read_input(dataset_split(data, "dev"), 0, values, 1, 2, 2);
    cr_expect_eq(values[0], 2);
    cr_expect_eq(values[1], 1);
    dataset_close(data);
}

Test(data_csv, reads_what_programs_write)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    static const char *const texts[] = {
        "a,b,y\r\n1,2,3\r\n4,5,6\r\n",        /* Windows */
        "\xef\xbb\xbf\x61;b;y\n1;2;3\n4;5;6", /* a byte order mark, semicolons, no last line end */
        "a\tb\ty\n1\t2\t3\n\n4\t 5 \t6\n\n",  /* tabs, blanks, empty lines */
        "\"a,1\", \"b\"\"2\",y\n\"1\", 2,3\n4,\"5\" ,6\n", /* quotes */
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct dataset *data = open_csv(MANIFEST, texts[i], &model);
        cr_expect_eq(dataset_train(data)->count, 2);
        expect_input(data, 0, 1, 2);
        expect_input(data, 1, 4, 5);
        expect_target(data, 1, 6);
        dataset_close(data);
    }
}

Test(data_csv, unquotes_names)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct dataset *data = open_csv(MANIFEST, "\"a,1\",\"b\"\"2\",y\n1,2,3\n", &model);
    int count;
    cr_expect_str_eq(dataset_features(data, &count)[0], "a,1");
    cr_expect_str_eq(dataset_features(data, &count)[1], "b\"2");
    dataset_close(data);
}

Test(data_csv, classes_are_numbers_or_names)
{
    struct model model = data_model_vector(2, OUTPUT_CATEGORICAL, 3);
    struct dataset *data =
        open_csv(MANIFEST "classes: [ant, bee, cat]\n", "a,b,y\n1,2,cat\n1,2,0\n1,2,1.0\n", &model);
    cr_expect_eq(examples_read_class(dataset_train(data), 0), 2);
    cr_expect_eq(examples_read_class(dataset_train(data), 1), 0);
    cr_expect_eq(examples_read_class(dataset_train(data), 2), 1);
    dataset_close(data);
    data = open_csv(MANIFEST "classes: [3, 1, 2]\n", "a,b,y\n1,2,2\n", &model);
    cr_expect_eq(examples_read_class(dataset_train(data), 0), 2);
    dataset_close(data);
    data_write_text("a.csv", "a,b,y\n1,2,0\n");
    data_expect_refused(&model, "a.csv:2:5: error: '0' in column 'y' is not one of the 3 classes\n"
                                "help: there are '3', '1' and '2'");
}

Test(data_csv, an_image_takes_its_values_in_rows)
{
    struct model model = data_model_image(1, 2, 1, 2);
    struct dataset *data = open_csv(MANIFEST, "p0,p1,y\n7,8,1\n", &model);
    expect_input(data, 0, 7, 8);
    dataset_close(data);
}

Test(data_csv, refuses_faulty_cells)
{
    static const struct refusal refusals[] = {
        {"a,b,y\n1,2,3\n1,abc,3\n", "a.csv:3:3: error: 'abc' in column 'b' is not a finite number"},
        {"a,b,y\n1,2\n", "a.csv:2:4: error: this line has 2 cells, but the header has 3"},
        {"\xc3\xa4,b,y\n\xc3\xa4,2\n", "a.csv:2:4: error: this line has 2 cells, but the header has 3"},
        {"a,b,y\n1,2,3,4\n", "a.csv:2:7: error: this line has 4 cells, but the header has 3"},
        {"a,b,y\n1,nan,3\n", "a.csv:2:3: error: 'nan' in column 'b' is not a finite number"},
        {"a,b,y\n1,2,-inf\n", "a.csv:2:5: error: '-inf' in column 'y' is not a finite number"},
        {"a,b,y\n1,1e999,3\n", "a.csv:2:3: error: '1e999' in column 'b' is not a finite number"},
        {"a,b,y\n1,0x10,3\n", "a.csv:2:3: error: '0x10' in column 'b' is not a finite number"},
        {"a,b,y\n1,1.2.3,3\n", "a.csv:2:3: error: '1.2.3' in column 'b' is not a finite number"},
        {"a,b,y\n1,,3\n", "a.csv:2:3: error: column 'b' is empty here"},
        {"a,\xc3\xa4,y\n\"\xc3\xa4\",2,x\n",
         "a.csv:2:1: error: '\xc3\xa4' in column 'a' is not a finite number"},
        {"a,b,y\n1,\"2,3\n", "a.csv:2:3: error: the quote that opens here is not closed on this line"},
        {"a,b,y\n1,\"2\" x,3\n", "a.csv:2:3: error: more text follows this quoted cell"},
        {"a;b;y\n1;0,05;3\n", "a.csv:2:3: error: '0,05' in column 'b' is not a finite number"},
    };
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("data.yaml", MANIFEST);
    data_expect_all_refused("a.csv", refusals, COUNT(refusals), &model);
}

Test(data_csv, refuses_faulty_files)
{
    static const struct refusal refusals[] = {
        {"", "a.csv: error: is empty"},
        {"\n\r\n", "a.csv: error: is empty"},
        {"a,b,y\n", "a.csv: error: has no examples: nothing follows its header"},
        {"1,2,3\n4,5,6\n", "a.csv:1:1: error: the first line must name the columns, but it has only numbers\n"
                           "help: put a line of names such as a,b,c before it"},
        {"a,b,a\n1,2,3\n", "a.csv:1:5: error: column 'a' stands in the header twice"},
        {"a,,y\n1,2,3\n", "a.csv:1: error: has a column without a name"},
        {"a,b\"c,\"y\n", "a.csv:1:7: error: the quote that opens here is not closed on this line"},
        {"a\"b,y\"z\n1,2\n", "a.csv:1: error: gives 1 input column, but the network's input is 2 features"},
        {"a,y\n1,2\n", "a.csv:1: error: gives 1 input column, but the network's input is 2 features"},
        {"y\n1\n", "a.csv:1: error: gives 0 input columns, but the network's input is 2 features"},
        {"a,b,c,y\n1,2,3,4\n",
         "a.csv:1: error: gives 3 input columns, but the network's input is 2 features"},
    };
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("data.yaml", MANIFEST);
    data_expect_all_refused("a.csv", refusals, COUNT(refusals), &model);
    data_write("a.csv", "a,b,y\n1,2\0,3\n", 13);
    data_expect_refused(&model, "a.csv: error: is not a CSV file: it contains the byte 0");
    data_write("a.csv", "\x1f\x8b\b\0", 4);
    data_expect_refused(&model, "a.csv: error: is not a CSV file: it contains the byte 0\n"
                                "help: it is compressed: gunzip it first");
    data_write("a.csv",
               "\xff\xfe"
               "a\0,\0b\0",
               8);
    data_expect_refused(&model, "a.csv: error: is not a CSV file: it contains the byte 0\n"
                                "help: it is text in UTF-16: save it as UTF-8");
}

Test(data_csv, lists_some_of_many_columns)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("data.yaml", MANIFEST "columns: {inputs: [age, bmi]}\n");
    data_write_text("a.csv", "p0,p1,p2,p3,p4,p5,p6,p7,p8,p9\n0,1,2,3,4,5,6,7,8,9\n");
    data_expect_refused(&model, "data.yaml:3:20: error: 'a.csv' has no column 'age'\n"
                                "help: there are 'p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7' and 2 more");
    data_write_text("a.csv", "p0;p1\n0;1\n");
    data_expect_refused(&model, "data.yaml:3:20: error: 'a.csv' has no column 'age'\n"
                                "help: there are 'p0' and 'p1'");
    data_write_text("a.csv", "weight\n0\n");
    data_expect_refused(&model, "data.yaml:3:20: error: 'a.csv' has no column 'age'\n"
                                "help: there is only 'weight'");
}

Test(data_csv, refuses_columns_at_their_place_in_the_manifest)
{
    static const struct refusal refusals[] = {
        {MANIFEST "columns: {inputs: [age, bmx], targets: [y]}\n",
         "data.yaml:3:25: error: 'a.csv' has no column 'bmx'\nhelp: did you mean 'bmi'?"},
        {MANIFEST "columns: {inputs: [age], targets: [y]}\n",
         "data.yaml:3:19: error: 'a.csv' gives 1 input column, but the network's input is 2 features"},
        {MANIFEST "columns: {targets: [bmi, y]}\n",
         "data.yaml:3:20: error: 'a.csv' gives 2 target columns, but the network's output wants 1"},
        {MANIFEST "columns: {group: sexx}\n",
         "data.yaml:3:18: error: 'a.csv' has no column 'sexx'\nhelp: there are 'age', 'bmi' and 'y'"},
        {MANIFEST "standardize: {targets: deviation}\nclasses: [a, b]\n",
         "data.yaml:4:10: error: 'classes' are named, but the network's output is no class"},
    };
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    data_write_text("a.csv", "age,bmi,y\n1,2,3\n");
    data_expect_all_refused("data.yaml", refusals, COUNT(refusals), &model);
}

Test(data_csv, refuses_targets_of_another_kind)
{
    struct model model = data_model_vector(2, OUTPUT_CATEGORICAL, 3);
    data_write_text("data.yaml", MANIFEST);
    data_write_text("a.csv", "a,b,y\n1,2,3\n");
    data_expect_refused(
        &model, "a.csv:2:5: error: '3' in column 'y' is not a class: these are 0 to 2\n"
                "help: where classes are called otherwise, the manifest lists them: classes: [3, ...]");
    data_write_text("a.csv", "a,b,y\n1,2,0.5\n");
    data_expect_refused(
        &model, "a.csv:2:5: error: '0.5' in column 'y' is not a class: these are 0 to 2\n"
                "help: where classes are called otherwise, the manifest lists them: classes: [0.5, ...]");
    data_write_text("a.csv", "a,b,y\n1,2,ant\n");
    data_expect_refused(
        &model, "a.csv:2:5: error: 'ant' in column 'y' is not a class: these are 0 to 2\n"
                "help: where classes are called otherwise, the manifest lists them: classes: [ant, ...]");
    data_write_text("data.yaml", MANIFEST "classes: [ant, bee, cat]\n");
    data_write_text("a.csv", "a,b,y\n1,2,bea\n");
    data_expect_refused(&model, "a.csv:2:5: error: 'bea' in column 'y' is not one of the 3 classes\n"
                                "help: did you mean 'bee'?");
    data_write_text("data.yaml", MANIFEST "standardize: {targets: deviation}\n");
    data_expect_refused(&model, "data.yaml:3:14: error: only real targets can be standardized, not classes, "
                                "0/1, counts or the input");
}

Test(data_csv, counts_are_not_negative)
{
    struct model model = data_model_vector(2, OUTPUT_POISSON, 1);
    real target;
    struct dataset *data = open_csv(MANIFEST, "a,b,y\n1,2,0\n1,2,7\n", &model);
    examples_read_target(dataset_train(data), 1, &target, 1);
    cr_expect_eq(target, 7);
    dataset_close(data);
    data_write_text("a.csv", "a,b,y\n1,2,3\n1,2,-1\n");
    data_expect_refused(&model,
                        "a.csv:3:5: error: -1 in column 'y' is no target: output poisson wants 0 or more");
}

Test(data_csv, single_files_are_inputs_only)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct normaliser plain = {.scale = 2};
    struct problem problem = {0};
    const char *paths[] = {"a.csv", "b.csv"};
    data_write_text("a.csv", "a,b\n1,2\n\n3,4\n");
    data_write_text("b.csv", "a,b\n5,6\n");
    struct dataset *data = dataset_open_inputs(paths, 2, &model, &plain, &problem);
    cr_assert(data, "%s", problem.text);
    const struct examples *examples = dataset_split(data, "predict");
    real values[2];
    cr_assert_eq(examples->count, 3);
    examples_read_input(examples, 2, values, 1, 2, 2);
    cr_expect_eq(values[1], 12);
    cr_expect_str_eq(dataset_example_name(data, 1), "a.csv:4");
    cr_expect_str_eq(dataset_example_name(data, 2), "b.csv:2");
    dataset_close(data);
    data_write_text("b.csv", "a,b,y\n5,6,7\n");
    problem.text[0] = 0;
    cr_expect_null(dataset_open_inputs(paths, 2, &model, &plain, &problem));
    cr_expect_str_eq(problem.text,
                     "b.csv:1: error: gives 3 input columns, but the network's input is 2 features");
}

Test(data_csv, single_files_have_the_columns_of_training)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct problem problem = {0};
    const char *path = "b.csv";
    struct dataset *trained = open_csv(MANIFEST, "age,bmi,y\n1,2,3\n", &model);
    cr_assert(dataset_fit_normaliser(trained, &model, &problem));
    data_write_text("b.csv", "y,bmi,name,age\n0,5,Ann,6\n");
    struct dataset *data = dataset_open_inputs(&path, 1, &model, dataset_normaliser(trained), &problem);
    cr_assert(data, "%s", problem.text);
    real values[2];
    examples_read_input(dataset_split(data, "predict"), 0, values, 1, 2, 2);
    cr_expect_eq(values[0], 6);
    cr_expect_eq(values[1], 5);
    dataset_close(data);
    data_write_text("b.csv", "ages,bmi\n5,6\n");
    cr_expect_null(dataset_open_inputs(&path, 1, &model, dataset_normaliser(trained), &problem));
    cr_expect_str_eq(problem.text, "b.csv:1: error: has no column 'age'\nhelp: did you mean 'ages'?");
    dataset_close(trained);
}
