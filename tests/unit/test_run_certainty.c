/* test_run_certainty.c - what calibration found goes into a model file and comes back digit by digit, changes
 * nothing else there, and is believed only when it fits. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/model_file.h"
#include "run/safetensors.h"
#include "test_run_support.h"

TestSuite(run_certainty, .init = run_begin, .fini = run_end);

static struct model model_of_classes(void)
{
    struct model model = fake_model;
    model.output = OUTPUT_CATEGORICAL;
    return model;
}

static void write_file(const struct model *model, struct fake *net)
{
    struct problem problem = {{0}};
    net->param[LINEAR_BIAS_AT] = 3.25f;
    json_t *metadata = json_pack("{s:s, s:s}", "format", "netc", "seed", "5");
    cr_assert(safetensors_write("m.safetensors", model, net, metadata, &problem), "%s", problem.text);
    json_decref(metadata);
}

static struct certainty make_certainty(void)
{
    struct certainty certainty = {.is_calibrated = true,
                                  .has_thresholds = true,
                                  .familiarity = {.temperature = 1 / 3.0,
                                                  .alone = {{0.1, 1 / 7.0, -1e300}},
                                                  .together = {{-INFINITY, 2, -3}}}};
    density_create(&certainty.familiarity.density, 2);
    struct density *density = &certainty.familiarity.density;
    for (int i = 0; i < 4; i++)
        density->mean[i] = i - 1 / 3.0;
    density->share[0] = 0.25, density->share[1] = 0.75;
    density->factor[0] = 1, density->factor[2] = -0.5, density->factor[3] = 1.5;
    density->factor[4] = 2, density->factor[6] = 0.3, density->factor[7] = 1e-9;
    return certainty;
}

Test(run_certainty, comes_back_to_the_last_digit)
{
    struct problem problem = {{0}};
    const struct model model = model_of_classes();
    struct fake *net = fake_create();
    struct model_file file;
    struct certainty written = make_certainty();
    write_file(&model, net);
    cr_assert(certainty_write(&written, "validation", "m.safetensors", &problem), "%s", problem.text);
    cr_assert(model_file_read("m.safetensors", &model, net, &file, &problem), "%s", problem.text);
    const struct familiarity *from = &written.familiarity, *to = &file.certainty.familiarity;
    cr_expect(file.certainty.is_calibrated && file.certainty.has_thresholds);
    cr_expect_eq(file.seed, 5);
    cr_expect_eq(to->temperature, from->temperature);
    cr_expect_arr_eq(to->alone.of, from->alone.of, sizeof from->alone.of);
    cr_expect_arr_eq(to->together.of, from->together.of, sizeof from->together.of);
    cr_assert_eq(to->density.classes, 2);
    cr_expect_arr_eq(to->density.share, from->density.share, 2 * sizeof(double));
    cr_expect_arr_eq(to->density.mean, from->density.mean, 4 * sizeof(double));
    cr_expect_arr_eq(to->density.factor, from->density.factor, 8 * sizeof(double));
    model_file_close(&file);
    certainty_release(&written);
    free(net);
}

/* The numbers of the tensors stand at the end of the file. */
Test(run_certainty, leaves_the_weights_as_they_are)
{
    struct problem problem = {{0}};
    const struct model model = model_of_classes();
    struct fake *net = fake_create();
    struct certainty certainty = make_certainty();
    size_t before_length, length, weights = 0;
    write_file(&model, net);
    for (int i = 0; i < model.tensor_count; i++) {
        const struct model_tensor *tensor = &model.tensors[i];
        weights += (size_t)tensor->filters * (size_t)tensor->channels * (size_t)tensor->height *
                   (size_t)tensor->width * sizeof(real);
    }
    unsigned char *before = run_read("m.safetensors", &before_length);
    for (int i = 0; i < 2; i++) /* a second calibration takes the place of the first */
        cr_assert(certainty_write(&certainty, "test", "m.safetensors", &problem), "%s", problem.text);
    unsigned char *after = run_read("m.safetensors", &length);
    cr_assert(weights > 0 && length > before_length && before_length > weights);
    cr_expect_arr_eq(after + length - weights, before + before_length - weights, weights);
    cr_expect_eq(length % 8, before_length % 8);
    free(before);
    free(after);
    certainty_release(&certainty);
    free(net);
}

static void refuse(const struct model *model, struct fake *net, const char *text)
{
    struct problem problem = {{0}};
    struct model_file file;
    cr_assert(safetensors_set_metadata("m.safetensors", "calibration", text, &problem), "%s", problem.text);
    cr_expect_not(model_file_read("m.safetensors", model, net, &file, &problem), "%s", text);
    cr_expect(strstr(problem.text, "m.safetensors: error: is damaged: what it says about its calibration"),
              "%s", problem.text);
}

Test(run_certainty, what_does_not_fit_is_refused)
{
    const struct model model = model_of_classes();
    struct fake *net = fake_create();
    write_file(&model, net);
    refuse(&model, net, "");
    refuse(&model, net, "[]");
    refuse(&model, net, "{}");
    refuse(&model, net, "{\"temperature\": 0}");
    refuse(&model, net, "{\"temperature\": -1}");
    refuse(&model, net, "{\"temperature\": 1e999}");
    refuse(&model, net, "{\"temperature\": \"1\"}");
    refuse(&model, net, "{\"temperature\": 1, \"least\": 3}");
    refuse(&model, net, "{\"temperature\": 1, \"least\": {}}");
    refuse(&model, net, "{\"temperature\": 1, \"least\": {\"energy\": \"1\"}, \"least_alone\": {}}");
#define DENSITY(share, mean, factor)                                                                         \
    "{\"temperature\": 1, \"least\": {}, \"least_alone\": {}, \"density\": {\"share\": " share               \
    ", \"mean\": " mean ", \"factor\": " factor "}}"
    refuse(&model, net, DENSITY("[1]", "[0, 0, 0, 0]", "[1, 0, 1, 1, 0, 1]"));
    refuse(&model, net, DENSITY("[1, 0]", "[0, 0, 0]", "[1, 0, 1, 1, 0, 1]"));
    refuse(&model, net, DENSITY("[1, 0]", "[0, 0, 0, 0]", "[1, 0, 1, 1, 0]"));
    refuse(&model, net, DENSITY("[1, 0]", "[0, 0, 0, 0]", "[1, 0, 0, 1, 0, 1]"));
    refuse(&model, net, DENSITY("[0, 0]", "[0, 0, 0, 0]", "[1, 0, 1, 1, 0, 1]"));
    refuse(&model, net, DENSITY("[1, -1]", "[0, 0, 0, 0]", "[1, 0, 1, 1, 0, 1]"));
    struct problem problem = {{0}};
    struct model_file file;
    cr_assert(safetensors_set_metadata("m.safetensors", "calibration",
                                       DENSITY("[1, 0]", "[0, 0, 0, 0]", "[1, 0, 1, 1, 0, 1]"), &problem));
    cr_assert(model_file_read("m.safetensors", &model, net, &file, &problem), "%s", problem.text);
    model_file_close(&file);
    refuse(&fake_model, net, "{\"temperature\": 1}"); /* no classes */
    free(net);
}

Test(run_certainty, a_file_that_is_none_is_left_alone)
{
    struct problem problem = {{0}};
    FILE *file = fopen("m.safetensors", "w");
    fputs("text", file);
    fclose(file);
    cr_expect_not(safetensors_set_metadata("m.safetensors", "a", "b", &problem));
    size_t length;
    unsigned char *bytes = run_read("m.safetensors", &length);
    cr_expect_eq(length, 4);
    free(bytes);
    cr_expect_not(safetensors_set_metadata("absent.safetensors", "a", "b", &problem));
    cr_expect(strstr(problem.text, "cannot be read"), "%s", problem.text);
}
