/* test_run_observer.c - what the loop calls: permutations, lines and bars, figures in the data's units, the
 * first NaN. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "run/figures.h"
#include "run/observer.h"
#include "test_run_support.h"

enum { EXAMPLES = 100 };

/* A run of 10 epochs over 100 examples, with what it needs. */
struct stage {
    struct examples train;
    struct observer observer;
    struct training run;
    uint32_t order[EXAMPLES];
};

static const struct normaliser plain = {.scale = 1};

static void stage_open(struct stage *stage, enum progress_form form, const struct normaliser *normaliser)
{
    *stage = (struct stage){.train = {.count = EXAMPLES}};
    cr_assert(observer_create(&stage->observer, &fake_model, normaliser, form, 10));
    stage->run = (struct training){.model = &fake_model,
                                   .epochs = 10,
                                   .seed = 1,
                                   .train = &stage->train,
                                   .order = stage->order,
                                   .observer = &stage->observer};
}

Test(run_observer, order_is_a_permutation)
{
    struct stage stage;
    bool is_seen[EXAMPLES] = {false};
    size_t in_place = 0;
    stage_open(&stage, PROGRESS_NONE, &plain);
    training_shuffle(&stage.run, 1);
    for (uint32_t i = 0; i < EXAMPLES; i++) {
        cr_assert_lt(stage.order[i], EXAMPLES);
        is_seen[stage.order[i]] = true;
        in_place += stage.order[i] == i;
    }
    for (size_t i = 0; i < EXAMPLES; i++)
        cr_expect(is_seen[i], "%zu", i);
    cr_expect_lt(in_place, 10);
    observer_release(&stage.observer);
}

Test(run_observer, order_depends_on_seed_and_epoch_only)
{
    struct stage stage;
    uint32_t first[EXAMPLES];
    stage_open(&stage, PROGRESS_NONE, &plain);
    training_shuffle(&stage.run, 3);
    memcpy(first, stage.order, sizeof first);
    training_shuffle(&stage.run, 4);
    cr_expect_arr_neq(first, stage.order, sizeof first);
    training_shuffle(&stage.run, 3);
    cr_expect_arr_eq(first, stage.order, sizeof first);
    stage.run.seed = 2;
    training_shuffle(&stage.run, 3);
    cr_expect_arr_neq(first, stage.order, sizeof first);
    observer_release(&stage.observer);
}

/* The line of an epoch as printed, seconds cut off. */
static char *print_epoch(enum progress_form form, const struct normaliser *normaliser, double loss)
{
    struct stage stage;
    struct training_epoch row = {.epoch = 2,
                                 .rate = 0.25,
                                 .is_best = true,
                                 .train = {.examples = 2, .values = 2, .loss = loss, .squared_error = 8},
                                 .validation = {.examples = 1, .values = 1, .loss = 3, .squared_error = 9}};
    stage_open(&stage, form, normaliser);
    training_shuffle(&stage.run, 2);
    capture_begin(&stdout);
    training_epoch_done(&stage.run, &row);
    char *text = capture_end(&stdout);
    observer_release(&stage.observer);
    return text;
}

Test(run_observer, a_line_has_figures_in_the_units_of_the_data)
{
    double mean = 100, deviation = 10;
    const struct normaliser standardised = {
        .scale = 1, .target_count = 1, .target_mean = &mean, .target_deviation = &deviation};
    static const char expected[] = "epoch  2/10  loss 2.0000  rmse 20.0000   validation loss 3.0000  rmse "
                                   "30.0000 *   rate 0.25      ";
    char *text = print_epoch(PROGRESS_PLAIN, &standardised, 4);
    cr_expect_eq(strncmp(text, expected, sizeof expected - 1), 0, "%s", text);
    free(text);
}

Test(run_observer, json_has_no_nan)
{
    char *text = print_epoch(PROGRESS_JSON, &plain, NAN);
    json_t *object = json_loads(text, 0, NULL);
    cr_assert(object, "%s", text);
    cr_expect(json_is_null(json_object_get(object, "loss")));
    cr_expect_eq(json_number_value(json_object_get(object, "rmse")), 2);
    cr_expect_eq(json_number_value(json_object_get(object, "validation_rmse")), 3);
    cr_expect_eq(json_integer_value(json_object_get(object, "epoch")), 2);
    cr_expect(json_is_true(json_object_get(object, "best")));
    json_decref(object);
    free(text);
}

Test(run_observer, none_is_silent)
{
    char *text = print_epoch(PROGRESS_NONE, &plain, 4);
    cr_expect_str_empty(text);
    free(text);
}

/* The bar after half an epoch and 90 seconds. */
static char *print_bar(size_t columns)
{
    struct stage stage;
    char *text;
    size_t length;
    stage_open(&stage, PROGRESS_NONE, &plain);
    training_shuffle(&stage.run, 1);
    stage.observer.started = stage.observer.epoch_started = 1000;
    training_step_done(&stage.run, 1, 25, EXAMPLES / 2);
    FILE *to = open_memstream(&text, &length);
    observer_print_bar(&stage.run, 1, 1090, columns, to);
    fclose(to);
    observer_release(&stage.observer);
    return text;
}

Test(run_observer, bar_shows_what_is_left)
{
    char *text = print_bar(200);
    cr_expect_str_eq(text,
                     "\repoch 1/10 [############............] loss 0.5000  1 examples/s  28:30 left\033[K");
    free(text);
}

Test(run_observer, bar_never_fills_the_last_column)
{
    for (size_t columns = 1; columns <= 80; columns++) {
        char *text = print_bar(columns);
        size_t shown = strlen(text) - strlen("\r\033[K");
        cr_expect_lt(shown, columns, "%zu of %zu columns", shown, columns);
        free(text);
    }
}

Test(run_observer, history_has_a_row_for_each_epoch)
{
    struct stage stage;
    struct training_epoch row = {.epoch = 1,
                                 .rate = 0.25,
                                 .is_best = true,
                                 .train = {.examples = 2, .values = 2, .loss = 4, .squared_error = 8}};
    char *text;
    size_t length;
    stage_open(&stage, PROGRESS_NONE, &plain);
    training_epoch_done(&stage.run, &row);
    row.epoch = 2;
    row.is_best = false;
    row.validation = (struct score){.examples = 1, .values = 1, .loss = 3, .squared_error = 9};
    training_epoch_done(&stage.run, &row);
    stage.observer.seconds[0] = stage.observer.seconds[1] = 0.5;
    FILE *to = open_memstream(&text, &length);
    observer_write_history(&stage.observer, to);
    fclose(to);
    cr_expect_str_eq(text, "epoch,train_loss,train_rmse,validation_loss,validation_rmse,rate,seconds,best\n"
                           "1,2,2,,,0.25,0.500,1\n"
                           "2,2,2,3,3,0.25,0.500,0\n");
    free(text);
    observer_release(&stage.observer);
}

static void expect_divergence(struct fake *net, const char *message)
{
    struct stage stage;
    stage_open(&stage, PROGRESS_NONE, &plain);
    training_diverged(&stage.run, net, 2, 41, 3);
    cr_expect_eq(stage.run.end, TRAINING_DIVERGED);
    cr_expect_str_eq(stage.observer.divergence, message, "%s", stage.observer.divergence);
    observer_release(&stage.observer);
}

Test(run_observer, divergence_names_weights_first_then_the_first_value)
{
    struct fake *net = fake_create();
    expect_divergence(net, "the loss is not finite in step 41 (epoch 2), though all layers are");
    net->arena[FAKE_BATCH * 3 + 3 * 2] = (real)NAN; /* a fourth example, which this batch has not */
    expect_divergence(net, "the loss is not finite in step 41 (epoch 2), though all layers are");
    net->arena[FAKE_BATCH * 3 + 1] = (real)INFINITY;
    expect_divergence(net, "'linear' is the first layer whose result is not finite, in step 41 (epoch 2)");
    net->arena[4] = (real)NAN;
    expect_divergence(net, "'input' is the first layer whose result is not finite, in step 41 (epoch 2)");
    net->param[EDGES_WEIGHT_AT] = (real)NAN;
    expect_divergence(net, "'edges.weight' is no longer finite after step 40 (epoch 2)");
    free(net);
}

Test(run_observer, weights_hold_as_long_as_they_are_finite)
{
    struct stage stage;
    struct fake *net = fake_create();
    stage_open(&stage, PROGRESS_NONE, &plain);
    cr_expect(training_weights_hold(&stage.run, net, 2, 40));
    cr_expect_eq(stage.run.end, TRAINING_COMPLETE);
    net->param[LINEAR_BIAS_AT] = (real)INFINITY;
    cr_expect_not(training_weights_hold(&stage.run, net, 2, 40));
    cr_expect_str_eq(stage.observer.divergence, "'linear.bias' is no longer finite after step 40 (epoch 2)");
    observer_release(&stage.observer);
    free(net);
}

Test(run_observer, first_interrupt_stops_after_the_batch)
{
    struct stage stage;
    stage_open(&stage, PROGRESS_NONE, &plain);
    interruption_watch();
    cr_expect(training_step_done(&stage.run, 1, 1, 4));
    raise(SIGINT);
    cr_expect_not(training_step_done(&stage.run, 1, 1, 4));
    observer_release(&stage.observer);
}

Test(run_observer, second_interrupt_ends_at_once, .exit_code = 130)
{
    interruption_watch();
    raise(SIGINT);
    raise(SIGTERM);
    cr_assert_fail("still there");
}

Test(run_observer, figures_suit_the_output)
{
    struct model model = fake_model;
    struct score score = {.examples = 4, .values = 4, .correct = 3, .squared_error = 16};
    double means[] = {0, 0}, deviations[] = {10, 20};
    struct normaliser normaliser = {
        .scale = 1, .target_count = 1, .target_mean = means, .target_deviation = deviations};
    cr_expect_str_eq(metric_of(&model)->name, "rmse");
    cr_expect_eq(metric_value(metric_of(&model), &score, &plain), 2);
    cr_expect_eq(metric_value(metric_of(&model), &score, &normaliser), 20);
    normaliser.target_count = 2; /* two units: none for both */
    cr_expect_eq(metric_value(metric_of(&model), &score, &normaliser), 2);
    model.output = OUTPUT_BERNOULLI;
    cr_expect_str_eq(metric_of(&model)->name, "accuracy");
    cr_expect_eq(metric_value(metric_of(&model), &score, &plain), 0.75);
    model.output = OUTPUT_CATEGORICAL;
    cr_expect(metric_is_share(metric_of(&model)));
}
