/* test_run_commands.c - whole commands of a trainer on four examples: exit codes, and what is printed where.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "augment.h"
#include "run/safetensors.h"
#include "test_data_support.h"
#include "test_run_support.h"
#include "trainer.h"
#include "training.h"

static void begin(void)
{
    run_begin();
    run_write_data();
}

TestSuite(run_commands, .init = begin, .fini = run_end);

static void expect_printed(const char *line, int end, FILE **stream, const char *expected)
{
    char *printed = run_command(&fake_model, line, end, stream);
    cr_expect_str_eq(printed, expected, "%s: wanted:\n%s\ngot:\n%s", line, expected, printed);
    free(printed);
}

static void train_quietly(void)
{
    expect_printed("train --data data.yaml --out run --progress none", 0, &stdout, "");
}

Test(run_commands, train_tells_data_layers_epochs_and_figures)
{
    char *printed = run_command(&fake_model, "train --data data.yaml --epochs 1", 0, &stdout);
    static const char *const parts[] = {"train 4 and test 4 examples with 3 features",
                                        "\nlinear  dense 2               2                    8        12\n",
                                        "\n8 parameters, 12 FLOP forward per example\n",
                                        "\nepoch 1/1  loss ",
                                        "\n1 epoch done after ",
                                        "; the weights of epoch 1 are kept\n",
                                        "\ntest: 4 examples, loss ",
                                        "\nsaved in runs/fake-1\n"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        cr_expect(strstr(printed, parts[i]), "no '%s' in\n%s", parts[i], printed);
    free(printed);
    cr_expect_eq(access("runs/fake-1/model.safetensors", R_OK), 0);
}

Test(run_commands, train_writes_nothing_for_data_that_are_refused)
{
    data_write_text("data.csv", "a,b,c,y,z\n1,2,3,4,word\n");
    expect_printed("train --data data.yaml", 1, &stderr,
                   "data.csv:2:9: error: 'word' in column 'z' is not a finite number\n");
    cr_expect_neq(access("runs", F_OK), 0);
}

Test(run_commands, train_needs_data)
{
    expect_printed("train", 1, &stderr,
                   "fake: error: no data: the .net file names none\nhelp: give --data D.yaml\n");
}

Test(run_commands, evaluate_gives_json)
{
    train_quietly();
    char *printed = run_command(&fake_model,
                                "evaluate --data data.yaml --model run/model.safetensors --split test --json",
                                0, &stdout);
    json_t *object = json_loads(printed, 0, NULL);
    cr_assert(object, "%s", printed);
    cr_expect_str_eq(json_string_value(json_object_get(object, "split")), "test");
    cr_expect_eq(json_integer_value(json_object_get(object, "examples")), 4);
    cr_expect_gt(json_real_value(json_object_get(object, "rmse")), 0);
    json_decref(object);
    free(printed);
}

Test(run_commands, evaluate_names_a_split_that_is_not_there)
{
    train_quietly();
    expect_printed("evaluate --data data.yaml --model run/model.safetensors --split \"dev", 1, &stderr,
                   "data.yaml: error: the data have no split '\"dev'\n");
}

/* A network of zeros but for a bias of 2 predicts the mean and two deviations. */
Test(run_commands, predict_gives_the_units_of_the_data)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    net->param[LINEAR_BIAS_AT] = 2;
    json_t *metadata = json_pack(
        "{s:s}", "preparation",
        "{\"scale\":1,\"input_mean\":[],\"input_deviation\":[],\"target_mean\":[3,3.75],"
        "\"target_deviation\":[0.5,1],\"features\":[\"a\",\"b\",\"c\"],\"classes\":[],\"targets\":[]}");
    cr_assert(safetensors_write("w.safetensors", &fake_model, net, metadata, &problem), "%s", problem.text);
    data_write_text("new.csv", "c,a,b\n3,1,2\n");
    expect_printed("predict --model w.safetensors --json new.csv", 0, &stdout,
                   "{\"example\": \"new.csv:2\", \"mean\": [4.0, 3.75]}\n");
    expect_printed("predict --model w.safetensors new.csv", 0, &stdout, "new.csv:2  4  3.75\n");
    json_decref(metadata);
    free(net);
}

/* Probabilities of four classes, two of them equal. */
static const real *predict_classes(void *net, const struct examples *examples, size_t first, int count)
{
    static const real probabilities[FAKE_BATCH][4] = {{0.25f, 0.125f, 0.5f, 0.125f}};
    (void)net, (void)examples, (void)first, (void)count;
    return probabilities[0];
}

Test(run_commands, predict_orders_classes_from_the_most_probable)
{
    struct model model = fake_model;
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    model.output = OUTPUT_CATEGORICAL;
    model.target_size = model.output_size = 4;
    model.predict = predict_classes;
    cr_assert(safetensors_write("w.safetensors", &model, net, NULL, &problem), "%s", problem.text);
    data_write_text("new.csv", "a,b,c\n3,1,2\n");
    char *printed = run_command(&model, "predict --model w.safetensors --top 9 new.csv", 0, &stdout);
    cr_expect_str_eq(printed, "new.csv:2  2 50.0 %  0 25.0 %  1 12.5 %  3 12.5 %\n", "%s", printed);
    free(printed);
    free(net);
}

static void expect_full_device(int buffering)
{
    FILE *full = fopen("/dev/full", "w"), *kept = stdout;
    setvbuf(full, NULL, buffering, 4096);
    struct command_line info;
    command_line_split(&info, "info");
    capture_begin(&stderr);
    stdout = full;
    int end = trainer_main(&fake_model, info.count, info.words);
    stdout = kept;
    char *printed = capture_end(&stderr);
    cr_expect_eq(end, 1);
    cr_expect_str_eq(printed, "fake: standard output cannot be written\n", "%s", printed);
    free(printed);
    fclose(full);
}

/* The fault shows when the last of it is flushed, or long before. */
Test(run_commands, a_full_device_is_no_success)
{
    expect_full_device(_IOFBF);
    expect_full_device(_IONBF);
}

Test(run_commands, training_survives_a_closed_output)
{
    struct command_line train;
    command_line_split(&train, "train --data data.yaml --out run");
    size_t length;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    close(STDOUT_FILENO);
    int end = trainer_main(&fake_model, train.count, train.words);
    fflush(stdout);
    /* Its number is taken, so that no file of the run can have had it. */
    cr_expect_eq(fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE, O_RDONLY);
    dup2(kept, STDOUT_FILENO);
    cr_expect_eq(end, 0);
    unsigned char *history = run_read("run/history.csv", &length);
    cr_expect_eq(strncmp((char *)history, "epoch,", 6), 0, "%s", (char *)history);
    free(history);
}

Test(run_commands, another_runtime_is_refused)
{
    struct model model = fake_model;
    model.abi = NETC_ABI + 1;
    char *printed = run_command(&model, "info", 3, &stderr);
    cr_expect(strstr(printed, "emit and build it again"), "%s", printed);
    free(printed);
}

/* What generated files and the runtime share. Whoever changes it raises NETC_ABI and EMIT_ABI, then this
 * line: otherwise a file of yesterday would run with a runtime of today, and read its tables at the wrong
 * places.
 */
Test(run_commands, layout_belongs_to_abi, .disabled = sizeof(void *) != 8)
{
    char found[256];
    snprintf(found, sizeof found,
             "ABI %d: model %zu train %zu settings %zu layer %zu tensor %zu score %zu examples %zu "
             "training %zu epoch %zu augment %zu",
             NETC_ABI, sizeof(struct model), offsetof(struct model, train), sizeof(struct model_settings),
             sizeof(struct model_layer), sizeof(struct model_tensor), sizeof(struct score),
             sizeof(struct examples), sizeof(struct training), sizeof(struct training_epoch),
             sizeof(struct augment));
    cr_expect_str_eq(found, "ABI 13: model 384 train 376 settings 144 layer 64 tensor 56 score 64 "
                            "examples 56 training 448 epoch 152 augment 40");
}

Test(run_commands, gradcheck_wants_double)
{
    expect_printed("gradcheck", 2, &stderr,
                   "fake: in float a gradient check proves nothing; build the trainer with --double\n");
}
