/* test_run_maps.c - what a trainer tells of answers at the positions of a picture: one network by hand that
 * sees 2x2 positions in three classes, or yes and no. */
#include <criterion/criterion.h>
#include <math.h>
#include <spng.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/safetensors.h"
#include "score.h"
#include "test_data_support.h"
#include "test_run_support.h"

enum { HEIGHT = 2, WIDTH = 2, POSITIONS = HEIGHT * WIDTH, CLASSES = 3 };

static void begin(void)
{
    struct problem problem = {{0}};
    run_begin();
    struct fake *net = fake_create();
    cr_assert(safetensors_write("w.safetensors", &fake_model, net, NULL, &problem), "%s", problem.text);
    free(net);
    data_write_text("data.csv", "a,b,c,p,q,r,s\n1,2,3,2,2,0,1\n4,5,6,2,0,0,2\n");
    data_write_text("data.yaml", "format: csv\ntrain: { file: data.csv }\ntest: { file: data.csv }\n");
}

TestSuite(run_maps, .init = begin, .fini = run_end);

/* Behind the fake network, where its logits lie: the logarithms of what it predicts. */
enum { LOGITS = FAKE_BATCH * POSITIONS * CLASSES };
static const struct model_layer layers[] = {{.label = "z", .size = POSITIONS * CLASSES}, {.label = "output"}};

static void set_logits(void *net, int n, const real *probability, int count)
{
    real *logits = (real *)((struct fake *)net + 1) + n * count;
    for (int i = 0; i < count; i++)
        logits[i] = (real)log(fmax((double)probability[i], 1e-6));
}

/* Classes 2 2 over 0 1 in each example of the batch. */
static const real *predict_classes(void *net, const struct examples *examples, size_t first, int count)
{
    static const real probabilities[POSITIONS][CLASSES] = {
        {0, 0.25f, 0.75f}, {0, 0, 1}, {0.5f, 0.5f, 0}, {0.25f, 0.5f, 0.25f}};
    static real all[FAKE_BATCH][POSITIONS][CLASSES];
    (void)examples, (void)first;
    for (int n = 0; n < count; n++) {
        memcpy(all[n], probabilities, sizeof probabilities);
        set_logits(net, n, probabilities[0], POSITIONS * CLASSES);
    }
    return all[0][0];
}

static const real *predict_answers(void *net, const struct examples *examples, size_t first, int count)
{
    static real all[FAKE_BATCH][POSITIONS];
    (void)net, (void)examples, (void)first;
    for (int n = 0; n < count; n++)
        memcpy(all[n], (const real[POSITIONS]){0, 0.25f, 1, 0.5f}, sizeof all[n]);
    return all[0];
}

static void evaluate(void *net, const struct examples *examples, struct score *score)
{
    int32_t target[POSITIONS];
    for (size_t i = 0; i < examples->count; i++) {
        examples_read_classes(examples, i, target, POSITIONS);
        score_add_positions(score, 0.5, predict_classes(net, examples, i, 1), target, 1, POSITIONS, CLASSES);
    }
}

static struct model model_of_classes(void)
{
    struct model model = fake_model;
    model.output = OUTPUT_CATEGORICAL;
    model.target_size = CLASSES;
    model.output_size = POSITIONS * CLASSES;
    model.target_height = HEIGHT;
    model.target_width = WIDTH;
    model.predict = predict_classes;
    model.evaluate = evaluate;
    model.layers = layers;
    model.layer_count = 2;
    model.arena_size = LOGITS;
    model.memory = model.probe_memory = sizeof(struct fake) + LOGITS * sizeof(real);
    return model;
}

static struct model model_of_answers(void)
{
    struct model model = model_of_classes();
    model.output = OUTPUT_BERNOULLI;
    model.target_size = model.output_size = POSITIONS;
    model.predict = predict_answers;
    return model;
}

static void expect_printed(const struct model *model, const char *line, int status, FILE **stream,
                           const char *expected)
{
    char *printed = run_command(model, line, status, stream);
    cr_expect_str_eq(printed, expected, "%s", printed);
    free(printed);
}

Test(run_maps, a_line_has_the_share_of_each_class)
{
    const struct model model = model_of_classes();
    data_write_text("new.csv", "a,b,c\n3,1,2\n");
    expect_printed(&model, "predict --model w.safetensors new.csv", 0, &stdout,
                   "new.csv:2  2 50.0 %  0 25.0 %  1 25.0 %\n");
    expect_printed(&model, "predict --model w.safetensors --top 1 new.csv", 0, &stdout,
                   "new.csv:2  2 50.0 %\n");
    expect_printed(&model, "predict --model w.safetensors --json new.csv", 0, &stdout,
                   "{\"example\": \"new.csv:2\", \"share\": [0.25, 0.25, 0.5], \"map\": [[2, 2], [0, 1]]}\n");
}

Test(run_maps, yes_and_no_have_the_share_of_yes)
{
    const struct model model = model_of_answers();
    data_write_text("new.csv", "a,b,c\n3,1,2\n");
    expect_printed(&model, "predict --model w.safetensors new.csv", 0, &stdout, "new.csv:2  25.0 %\n");
    expect_printed(
        &model, "predict --model w.safetensors --json new.csv", 0, &stdout,
        "{\"example\": \"new.csv:2\", \"share\": [0.25], \"probability\": [[0.0, 0.25], [1.0, 0.5]]}\n");
}

/* The targets are 2 2 0 1 and 2 0 0 2: of class 0 two positions in both, three in either. */
Test(run_maps, evaluate_tells_the_overlap_of_each_class)
{
    const struct model model = model_of_classes();
    expect_printed(&model, "evaluate --data data.yaml --model w.safetensors", 0, &stdout,
                   "test: 2 examples\n"
                   "loss      0.500000\n"
                   "accuracy  75.00 %\n"
                   "error     25.00 %\n"
                   "NLL       2.232077\n"
                   "ECE       0.312500\n"
                   "Brier     0.562499\n"
                   "mean IoU  58.89 %\n"
                   "\n"
                   "  class                 IoU     recall  positions\n"
                   "  0                 66.67 %    66.67 %    37.50 %\n"
                   "  1                 50.00 %   100.00 %    12.50 %\n"
                   "  2                 60.00 %    75.00 %    50.00 %\n");
    expect_printed(&model, "evaluate --json --data data.yaml --model w.safetensors", 0, &stdout,
                   "{\"split\": \"test\", \"examples\": 2, \"loss\": 0.5, \"accuracy\": 0.75, "
                   "\"nll\": 2.23207735, \"ece\": 0.312499813, \"brier\": 0.562499313, \"temperature\": 1.0, "
                   "\"mean_iou\": 0.588888889, \"iou\": [0.666666667, 0.5, 0.6]}\n");
}

/* The samples of a PNG file, as they are or as red, green and blue. */
static void expect_png(const char *path, int format, const unsigned char *samples, size_t length)
{
    unsigned char found[64];
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    spng_ctx *png = spng_ctx_new(0);
    cr_assert_eq(spng_set_png_file(png, file), 0);
    cr_assert_eq(spng_decode_image(png, found, sizeof found, format, 0), 0);
    cr_expect_arr_eq(found, samples, length);
    spng_ctx_free(png);
    fclose(file);
}

Test(run_maps, pictures_have_the_class_as_sample_and_colours_of_their_own)
{
    static const unsigned char red[3] = {128, 0, 0}, green[3] = {0, 128, 0};
    unsigned char colours[POSITIONS * 3] = {0};
    const struct model model = model_of_classes();
    memcpy(colours, green, 3);
    memcpy(colours + 3, green, 3);
    memcpy(colours + 9, red, 3);
    data_write_text("new.csv", "a,b,c\n3,1,2\n4,2,1\n");
    free(run_command(&model, "predict --out masks --model w.safetensors new.csv", 0, &stdout));
    expect_png("masks/new.csv-2.png", SPNG_FMT_PNG, (const unsigned char[]){2, 2, 0, 1}, POSITIONS);
    expect_png("masks/new.csv-3.png", SPNG_FMT_RGB8, colours, sizeof colours);
    expect_printed(
        &model, "predict --out masks --model w.safetensors new.csv", 1, &stderr,
        "masks: error: is there already, and nothing is overwritten\nhelp: give --out another name\n");
}

Test(run_maps, pictures_of_yes_and_no_are_grey)
{
    const struct model model = model_of_answers();
    data_write_text("new.csv", "a,b,c\n3,1,2\n");
    free(run_command(&model, "predict --out masks --model w.safetensors new.csv", 0, &stdout));
    expect_png("masks/new.csv-2.png", SPNG_FMT_PNG, (const unsigned char[]){0, 64, 255, 128}, POSITIONS);
}

Test(run_maps, pictures_that_cannot_be_are_refused)
{
    const struct model model = model_of_classes();
    data_write_text("new.csv", "a,b,c\n3,1,2\n");
    expect_printed(&model, "predict --out masks --model w.safetensors new.csv ./new.csv", 1, &stderr,
                   "new.csv-2: error: two examples would be written as new.csv-2.png\n");
    cr_expect_neq(access("masks", F_OK), 0);
    expect_printed(&fake_model, "predict --out masks --model w.safetensors new.csv", 2, &stderr,
                   "fake predict: --out is for networks with an answer at each position of a picture\n");
}
