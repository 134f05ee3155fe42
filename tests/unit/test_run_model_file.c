/* test_run_model_file.c - the preparation of data goes with the weights, digit by digit, and is believed only
 * when it fits. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run/model_file.h"
#include "run/safetensors.h"
#include "test_data_support.h"
#include "test_run_support.h"

TestSuite(run_model_file, .init = run_begin, .fini = run_end);

static struct dataset *open_data(void)
{
    struct problem problem = {{0}};
    run_write_data();
    struct dataset *data = data_open(&fake_model);
    cr_assert(dataset_divide(data, &fake_model, 1, &problem), "%s", problem.text);
    cr_assert(dataset_fit_normaliser(data, &fake_model, &problem), "%s", problem.text);
    return data;
}

Test(run_model_file, keeps_the_normaliser_to_the_last_digit)
{
    struct problem problem = {{0}};
    struct dataset *data = open_data();
    const struct normaliser *from = dataset_normaliser(data);
    struct fake *net = fake_create();
    struct model_file file;
    cr_assert(model_file_write("m.safetensors", &fake_model, net, data, UINT64_MAX, 3, &problem), "%s",
              problem.text);
    cr_assert(model_file_read("m.safetensors", &fake_model, net, &file, &problem), "%s", problem.text);
    cr_expect_eq(file.seed, UINT64_MAX);
    cr_expect_eq(file.normaliser.scale, from->scale);
    cr_assert_eq(file.normaliser.input_count, 3);
    cr_assert_eq(file.normaliser.target_count, 2);
    cr_expect_arr_eq(file.normaliser.input_mean, from->input_mean, 3 * sizeof(double));
    cr_expect_arr_eq(file.normaliser.input_deviation, from->input_deviation, 3 * sizeof(double));
    cr_expect_arr_eq(file.normaliser.target_mean, from->target_mean, 2 * sizeof(double));
    cr_expect_arr_eq(file.normaliser.target_deviation, from->target_deviation, 2 * sizeof(double));
    cr_assert_eq(file.normaliser.feature_count, 3);
    cr_expect_str_eq(file.normaliser.features[2], "c");
    cr_assert_eq(file.target_name_count, 2);
    cr_expect_str_eq(file.targets[1], "z");
    cr_expect_eq(file.class_count, 0);
    cr_expect_str_eq(json_string_value(json_object_get(file.metadata, "data_sha256")),
                     dataset_fingerprint(data));
    model_file_close(&file);
    dataset_close(data);
    free(net);
}

Test(run_model_file, weights_alone_are_enough)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    struct model_file file;
    cr_assert(safetensors_write("m.safetensors", &fake_model, net, NULL, &problem), "%s", problem.text);
    cr_assert(model_file_read("m.safetensors", &fake_model, net, &file, &problem), "%s", problem.text);
    cr_expect_eq(file.seed, 1);
    cr_expect_eq(file.normaliser.scale, 1);
    cr_expect_eq(file.normaliser.input_count, 0);
    model_file_close(&file);
    free(net);
}

/* A file with this metadata is refused with this message. */
static void expect_refused(const char *key, const char *value, const char *message)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    struct model_file file;
    json_t *metadata = json_pack("{s:s}", key, value);
    cr_assert(safetensors_write("m.safetensors", &fake_model, net, metadata, &problem), "%s", problem.text);
    cr_expect_not(model_file_read("m.safetensors", &fake_model, net, &file, &problem), "%s", value);
    cr_expect_str_eq(problem.text, message, "%s: %s", value, problem.text);
    json_decref(metadata);
    free(net);
}

/* The preparation of data that are taken as they are, with `value` for `key`; the caller frees it. */
static char *preparation_with(const char *key, const char *value)
{
    json_t *preparation =
        json_pack("{s:f, s:[], s:[], s:[], s:[], s:[], s:[], s:[]}", "scale", 1.0, "input_mean",
                  "input_deviation", "target_mean", "target_deviation", "features", "classes", "targets");
    json_object_set_new(preparation, key, json_loads(value, JSON_DECODE_ANY, NULL));
    char *text = json_dumps(preparation, JSON_COMPACT);
    json_decref(preparation);
    return text;
}

Test(run_model_file, takes_data_as_they_are)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    struct model_file file;
    char *text = preparation_with("scale", "0.5");
    json_t *metadata = json_pack("{s:s}", "preparation", text);
    cr_assert(safetensors_write("m.safetensors", &fake_model, net, metadata, &problem), "%s", problem.text);
    cr_assert(model_file_read("m.safetensors", &fake_model, net, &file, &problem), "%s", problem.text);
    cr_expect_eq(file.normaliser.scale, 0.5);
    model_file_close(&file);
    json_decref(metadata);
    free(text);
    free(net);
}

static const char misfit[] = "m.safetensors: error: is damaged: what it says about the preparation of the "
                             "data does not fit the network";

Test(run_model_file, refuses_a_preparation_that_does_not_fit)
{
    static const struct {
        const char *key, *value;
    } cases[] = {
        {"scale", "0"},
        {"scale", "\"1\""},
        {"scale", "null"},
        {"input_mean", "[1, 2, 3]"}, /* without deviations */
        {"input_mean", "[1, 2]"},
        {"input_mean", "{}"},
        {"target_mean", "[1, \"2\"]"},
        {"target_deviation", "[1, 1]"},
        {"features", "[\"a\", \"b\"]"},
        {"features", "[\"a\", \"b\", 3]"},
        {"features", "\"abc\""},
        {"targets", "[\"y\"]"},
        {"classes", "[\"one\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = preparation_with(cases[i].key, cases[i].value);
        expect_refused("preparation", text, misfit);
        free(text);
    }
}

Test(run_model_file, refuses_divisors_that_are_none)
{
    static const char *const divisors[] = {"[0, 1]", "[-1, 1]", "[null, 1]"};
    for (size_t i = 0; i < sizeof divisors / sizeof divisors[0]; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "{\"scale\":1,\"input_mean\":[],\"input_deviation\":[],\"target_mean\":[1,2],"
                 "\"target_deviation\":%s,\"features\":[],\"classes\":[],\"targets\":[]}",
                 divisors[i]);
        expect_refused("preparation", text, misfit);
    }
}

Test(run_model_file, refuses_a_preparation_that_is_no_object)
{
    static const char *const texts[] = {"", "[]", "{", "{}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect_refused("preparation", texts[i], misfit);
}

Test(run_model_file, refuses_a_seed_that_is_no_number)
{
    static const char *const seeds[] = {"", "one", "-1", "1.5", "18446744073709551616"};
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
        expect_refused("seed", seeds[i], "m.safetensors: error: is damaged: its seed is no number");
}
