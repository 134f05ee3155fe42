/* test_data_normaliser.c - statistics of the training split, and values read with them. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "test_data_support.h"

TestSuite(data_normaliser, .init = data_begin, .fini = data_end);

/* Two features, 1 2 3 6 and a constant; targets 10 20 30 40. */
static struct dataset *open_fitted(const char *standardize)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct problem problem = {0};
    char manifest[256];
    snprintf(manifest, sizeof manifest, "format: csv\ntrain: {file: a.csv}\n%s", standardize);
    data_write_text("data.yaml", manifest);
    data_write_text("a.csv", "a,b,y\n1,0.1,10\n2,0.1,20\n3,0.1,30\n6,0.1,40\n");
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem), "%s", problem.text);
    cr_assert(dataset_fit_normaliser(data, &model, &problem), "%s", problem.text);
    return data;
}

static void expect_fit(const struct dataset *data, double mean, double divisor)
{
    const struct normaliser *normaliser = dataset_normaliser(data);
    cr_assert_eq(normaliser->input_count, 2);
    cr_expect_float_eq(normaliser->input_mean[0], mean, 1e-12);
    cr_expect_float_eq(normaliser->input_deviation[0], divisor, 1e-12);
    cr_expect_eq(normaliser->input_mean[1], 0.1);
    cr_expect_eq(normaliser->input_deviation[1], 1);
    real values[2];
    examples_read_input(dataset_train(data), 3, values, 1, 2, 2);
    cr_expect_float_eq(values[0], (6 - mean) / divisor, 1e-6);
    cr_expect_eq(values[1], 0);
}

Test(data_normaliser, deviation)
{
    struct dataset *data = open_fitted("standardize: inputs\n");
    expect_fit(data, 3, sqrt(14 / 4.0));
    cr_expect_str_eq(dataset_summary(data), "train 4 examples with 2 features, values -1.069 to 1.604 "
                                            "(standardized), target 'y' 10 to 40");
    dataset_close(data);
}

Test(data_normaliser, norm)
{
    struct dataset *data = open_fitted("standardize: {inputs: norm}\n");
    expect_fit(data, 3, sqrt(14));
    dataset_close(data);
}

Test(data_normaliser, range)
{
    struct dataset *data = open_fitted("standardize: {inputs: range}\n");
    expect_fit(data, 1, 5);
    dataset_close(data);
}

Test(data_normaliser, scale_comes_first)
{
    struct dataset *data = open_fitted("scale: 10\nstandardize: {inputs: range}\n");
    cr_expect_float_eq(dataset_normaliser(data)->input_mean[0], 10, 1e-12);
    cr_expect_float_eq(dataset_normaliser(data)->input_deviation[0], 50, 1e-12);
    real values[2];
    examples_read_input(dataset_train(data), 1, values, 1, 2, 2);
    cr_expect_float_eq(values[0], 0.2, 1e-6);
    dataset_close(data);
}

Test(data_normaliser, targets)
{
    struct dataset *data = open_fitted("standardize: {targets: deviation}\n");
    const struct normaliser *normaliser = dataset_normaliser(data);
    cr_expect_eq(normaliser->input_count, 0);
    cr_assert_eq(normaliser->target_count, 1);
    cr_expect_float_eq(normaliser->target_mean[0], 25, 1e-12);
    cr_expect_float_eq(normaliser->target_deviation[0], sqrt(125), 1e-12);
    real target;
    examples_read_target(dataset_train(data), 0, &target, 1);
    cr_expect_float_eq(target, -15 / sqrt(125), 1e-6);
    dataset_close(data);
}

Test(data_normaliser, only_the_training_split_counts)
{
    struct model model = data_model_vector(2, OUTPUT_SQUARED_ERROR, 1);
    struct problem problem = {0};
    data_write_text("b.csv", "a,b,y\n1000,0,0\n");
    struct dataset *data = open_fitted("standardize: inputs\ntest: {file: b.csv}\n");
    expect_fit(data, 3, sqrt(14 / 4.0));
    dataset_close(data);
    model.settings.validate = VALIDATE_COUNT;
    model.settings.validate_count = 1;
    data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem));
    real left;
    double sum = 0;
    for (size_t i = 0; i < 3; i++) {
        real values[2];
        examples_read_input(dataset_train(data), i, values, 1, 2, 2);
        sum += values[0];
        cr_expect_eq(values[1], 0, "the mean of three times 0.1 is rounded");
    }
    cr_expect_float_eq(sum, 0, 1e-6);
    examples_read_target(dataset_validation(data), 0, &left, 1);
    cr_expect(left >= 10 && left <= 40);
    dataset_close(data);
}

Test(data_normaliser, images_have_one_mean_a_channel)
{
    static const unsigned sizes[4] = {2, 1, 2, 2}, count = 2;
    static const unsigned char pixels[8] = {0, 10, 2, 10, 4, 30, 6, 30}, labels[2] = {0, 1};
    unsigned char bytes[64];
    struct model model = data_model_image(1, 2, 2, 2);
    struct problem problem = {0};
    data_write("x.idx", bytes, data_make_idx(bytes, 8, 4, sizes, pixels, sizeof pixels));
    data_write("y.idx", bytes, data_make_idx(bytes, 8, 1, &count, labels, sizeof labels));
    data_write_text("data.yaml",
                    "format: idx\ntrain: {inputs: x.idx, targets: y.idx}\nstandardize: inputs\n");
    struct dataset *data = data_open(&model);
    cr_assert(dataset_divide(data, &model, 1, &problem) && dataset_fit_normaliser(data, &model, &problem));
    const struct normaliser *normaliser = dataset_normaliser(data);
    cr_assert_eq(normaliser->input_count, 2);
    cr_expect_float_eq(normaliser->input_mean[0], 3, 1e-12);
    cr_expect_float_eq(normaliser->input_mean[1], 20, 1e-12);
    cr_expect_float_eq(normaliser->input_deviation[0], sqrt(5), 1e-12);
    cr_expect_float_eq(normaliser->input_deviation[1], 10, 1e-12);
    real values[4];
    examples_read_input(dataset_train(data), 1, values, 1, 4, 4);
    cr_expect_float_eq(values[2], 3 / sqrt(5), 1e-6);
    cr_expect_float_eq(values[3], 1, 1e-6);
    dataset_close(data);
}

Test(data_normaliser, that_of_a_model_replaces_the_data_s_own)
{
    struct dataset *data = open_fitted("standardize: inputs\n");
    struct normaliser kept = {
        .scale = 1, .input_count = 2, .input_mean = (double[]){1, 0}, .input_deviation = (double[]){2, 1}};
    dataset_use_normaliser(data, &kept);
    kept.input_mean[0] = 77; /* it was copied */
    real values[2];
    examples_read_input(dataset_train(data), 3, values, 1, 2, 2);
    cr_expect_float_eq(values[0], 2.5, 1e-6);
    cr_expect_float_eq(values[1], 0.1, 1e-6);
    dataset_close(data);
}
