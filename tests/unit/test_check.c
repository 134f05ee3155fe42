/* test_check.c - tree to graph: shapes, names, first weights, penalties, settings of training. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "layers/catalogue.h"
#include "test_middle_support.h"

/* The shape that one statement makes of an 11x8x3 image, as text. */
static const char *shape_after(const char *statement)
{
    struct text text =
        text_create(checked_graph("net n {\n input 2\n f: dense 2\n output categorical\n}\n")->arena);
    text_format(&text, "net n {\n input 11x8x3\n x: %s\n f: dense 2\n output categorical\n}\n", statement);
    struct graph *graph = checked_graph(text.bytes);
    struct text shape = text_create(graph->arena);
    shape_print(&shape, find_layer(graph, "x")->output->shape);
    return shape.bytes;
}

Test(check, shapes_follow_the_window_rule)
{
    cr_expect_str_eq(shape_after("conv 6 3x3"), "9x6x6");
    cr_expect_str_eq(shape_after("conv 6 3 pad=1"), "11x8x6");
    cr_expect_str_eq(shape_after("conv 6 3x3 stride=2"), "5x3x6");
    cr_expect_str_eq(shape_after("conv 6 5x3 pad=same"), "11x8x6");
    cr_expect_str_eq(shape_after("conv 6 3x3 pad=same stride=2"), "6x4x6");
    cr_expect_str_eq(shape_after("conv 6 3x3 pad=valid"), "9x6x6");
    cr_expect_str_eq(shape_after("conv 6 3x3 pad=[0, 1, 2, 3]"), "11x10x6");
    cr_expect_str_eq(shape_after("conv filters=2 kernel=11x8"), "1x1x2");
    cr_expect_str_eq(shape_after("maxpool 2x2"), "5x4x3");
    cr_expect_str_eq(shape_after("maxpool 3x2 stride=1"), "9x7x3");
    cr_expect_str_eq(shape_after("avgpool 3 stride=2 pad=1"), "6x4x3");
    cr_expect_str_eq(shape_after("dense 7"), "7");
    cr_expect_str_eq(shape_after("flatten"), "264");
    cr_expect_str_eq(shape_after("dropout 0.5"), "11x8x3");
}

Test(check, same_padding_puts_the_smaller_half_in_front)
{
    struct graph *graph = checked_graph(
        "net n {\n input 8x8x1\n c: conv 2 4x4 pad=same\n f: dense 2\n output categorical\n}\n");
    const struct setting *pad = layer_setting(find_layer(graph, "c"), "pad");
    cr_expect_eq(pad->integer[0], 1);
    cr_expect_eq(pad->integer[1], 1);
    cr_expect_eq(pad->integer[2], 2);
    cr_expect_eq(pad->integer[3], 2);
}

Test(check, layers_without_a_label_are_called_after_what_they_follow)
{
    struct graph *graph = checked_graph(
        "net n {\n input 16x16x1\n dropout 0.1\n c1: conv 2 3x3 relu\n maxpool 2x2\n maxpool 2x2\n"
        " relu\n f: dense 2\n output categorical\n}\n");
    static const char *const names[] = {"input",        "input_dropout", "c1", "c1_relu", "c1_maxpool",
                                        "c1_maxpool_2", "c1_relu_2",     "f",  "output"};
    cr_assert_eq(graph->layer_count, 9);
    for (int i = 0; i < 9; i++)
        cr_expect_str_eq(graph->layers[i]->name, names[i]);
}

Test(check, he_before_a_relu_and_glorot_elsewhere)
{
    struct graph *graph =
        checked_graph("net n {\n input 4\n a: dense 3 relu\n b: dense 3\n leaky_relu\n c: dense 3 tanh\n"
                      " d: dense 3 init=zero relu\n e: dense 3 init=he\n output categorical\n}\n");
    cr_expect_eq(find_layer(graph, "a")->weight->init, PARAMETER_HE);
    cr_expect_eq(find_layer(graph, "b")->weight->init, PARAMETER_HE);
    cr_expect_eq(find_layer(graph, "c")->weight->init, PARAMETER_GLOROT);
    cr_expect_eq(find_layer(graph, "d")->weight->init, PARAMETER_ZERO);
    cr_expect_eq(find_layer(graph, "e")->weight->init, PARAMETER_HE);
}

Test(check, a_layers_own_penalty_wins_and_biases_have_none)
{
    struct graph *graph =
        checked_graph("net n {\n input 4\n a: dense 3\n b: dense 3 l1=0 l2=0.5\n output categorical\n}\n"
                      "train {\n λ l1=0.25 l2=2e-3\n}\n");
    const struct layer *a = find_layer(graph, "a"), *b = find_layer(graph, "b");
    cr_expect_eq(a->weight->l1, 0.25);
    cr_expect_eq(a->weight->l2, 2e-3);
    cr_expect_eq(b->weight->l1, 0);
    cr_expect_eq(b->weight->l2, 0.5);
    cr_expect_not(a->bias->is_penalised);
}

Test(check, training_has_the_defaults_of_the_language)
{
    const struct training *training =
        &checked_graph("net n {\n input 4\n f: dense 3\n output categorical\n}\n")->training;
    cr_expect_eq(training->batch, 32);
    cr_expect_eq(training->epochs, 10);
    cr_expect_eq(training->seed, 1);
    cr_expect_str_eq(training->optimizer->name, "sgd");
    cr_expect_str_eq(training->schedule->name, "constant");
    cr_expect_eq(training->validate, VALIDATION_NONE);
    cr_expect_eq(training->patience, 0);
}

Test(check, validate_takes_a_share_a_count_or_a_name)
{
    const char *format = "net n {\n input 4\n f: dense 3\n output categorical\n}\ntrain {\n validate %s\n "
                         "patience 3 min_delta=0.5 monitor=accuracy\n}\n";
    struct text text =
        text_create(checked_graph("net n {\n input 4\n f: dense 3\n output categorical\n}\n")->arena);
    static const char *const written[] = {"10%", "5000", "dev"};
    static const enum validate_kind kinds[] = {VALIDATION_SHARE, VALIDATION_COUNT, VALIDATION_SPLIT};
    for (int i = 0; i < 3; i++) {
        text.length = 0;
        const char *at = strstr(format, "%s");
        text_append(&text, format, (size_t)(at - format));
        text_format(&text, "%s%s", written[i], at + 2);
        const struct training *training = &checked_graph(text.bytes)->training;
        cr_expect_eq(training->validate, kinds[i]);
        cr_expect_eq(training->patience, 3);
        cr_expect_eq(training->min_delta, 0.5);
        cr_expect(training->monitor_accuracy);
    }
}

Test(check, a_learned_deviation_takes_half_of_the_last_layer)
{
    struct graph *graph = checked_graph("net n {\n input 4\n f: dense 6\n output normal\n}\n");
    const struct layer *output = find_layer(graph, "output");
    cr_expect_eq(output->target_size, 3);
    cr_expect_eq(output->prediction_size, 6);
    graph = checked_graph("net n {\n input 4\n f: dense 6\n output normal sigma=0.5\n}\n");
    cr_expect_eq(find_layer(graph, "output")->target_size, 6);
}
