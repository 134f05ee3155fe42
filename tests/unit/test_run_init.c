/* test_run_init.c - `train --init M.safetensors`: which weights a run begins with. Training here changes
 * none, so the model file at its end has those of its beginning. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/safetensors.h"
#include "run/weights.h"
#include "test_data_support.h"
#include "test_run_support.h"
#include "trainer.h"

static void begin(void)
{
    run_begin();
    run_write_data();
}

TestSuite(run_init, .init = begin, .fini = run_end);

/* A model file with those tensors of a network whose number i in memory is i; the caller may rename some. */
static void write_weights(struct model model, int first, int count, const real *numbers)
{
    struct problem problem = {{0}};
    struct fake *net = fake_create();
    for (int i = 0; i < FAKE_PARAMETERS; i++)
        net->param[i] = numbers ? *numbers : (real)i;
    model.tensors += first;
    model.tensor_count = count;
    cr_assert(safetensors_write("w.safetensors", &model, net, NULL, &problem), "%s", problem.text);
    free(net);
}

static char *run_train(const char *line, int end, FILE **stream)
{
    struct command_line command;
    command_line_split(&command, line);
    capture_begin(stream);
    int found = trainer_main(&fake_model, command.count, command.words);
    char *printed = capture_end(stream);
    cr_expect_eq(found, end, "%s: exit %d, printed: %s", line, found, printed);
    return printed;
}

static void expect_refused(const char *message)
{
    char *printed =
        run_train("train --data data.yaml --out run --init w.safetensors --progress none", 1, &stderr);
    cr_expect_str_eq(printed, message, "wanted:\n%s\ngot:\n%s", message, printed);
    cr_expect_neq(access("run", F_OK), 0, "a folder was made");
    free(printed);
}

static void expect_part(const char *text, const char *part)
{
    cr_expect(strstr(text, part), "no '%s' in\n%s", part, text);
}

Test(run_init, takes_what_has_the_same_name_and_names_the_rest)
{
    struct problem problem = {{0}};
    struct model_tensor named[FAKE_TENSORS];
    struct model other = fake_model;
    memcpy(named, fake_model.tensors, sizeof named);
    named[EDGES_WEIGHT].name = "corners\x1b[2J.weight";
    other.tensors = named;
    write_weights(other, LINEAR_BIAS, 2, NULL); /* linear.bias and corners.weight */
    char *printed =
        run_train("train --data data.yaml --out run --init w.safetensors --progress plain", 0, &stdout);
    expect_part(printed, "\ninitial weights from w.safetensors\n"
                         "  taken: linear.bias\n"
                         "  not in the file, drawn from the seed: linear.weight edges.weight edges.bias\n"
                         "  not in the network, unused: corners?[2J.weight\n");
    free(printed);
    struct fake *drawn = fake_create(), *trained = fake_create();
    json_t *metadata;
    weights_initialise(&fake_model, drawn, 1);
    cr_assert(safetensors_read("run/model.safetensors", &fake_model, trained, &metadata, &problem), "%s",
              problem.text);
    json_decref(metadata);
    cr_expect_eq(trained->param[LINEAR_BIAS_AT], LINEAR_BIAS_AT);
    cr_expect_eq(trained->param[LINEAR_BIAS_AT + 1], LINEAR_BIAS_AT + 1);
    cr_expect_arr_eq(trained->param, drawn->param, LINEAR_BIAS_AT * sizeof(real), "linear.weight");
    cr_expect_arr_eq(trained->param + EDGES_WEIGHT_AT, drawn->param + EDGES_WEIGHT_AT,
                     (FAKE_PARAMETERS - EDGES_WEIGHT_AT) * sizeof(real), "edges");
    free(drawn);
    free(trained);
}

Test(run_init, is_recorded)
{
    size_t length;
    write_weights(fake_model, LINEAR_WEIGHT, 2, NULL);
    free(run_train("train --data data.yaml --out run --init w.safetensors --progress none", 0, &stdout));
    char *record = (char *)run_read("run/run.yaml", &length);
    expect_part(record, "\ninit:\n  file: w.safetensors\n  taken: [linear.weight, linear.bias]\n"
                        "  missing: [edges.weight, edges.bias]\n  unused: []\n");
    free(record);
    free(run_train("train --data data.yaml --out plain --progress none", 0, &stdout));
    record = (char *)run_read("plain/run.yaml", &length);
    cr_expect_null(strstr(record, "\ninit:"), "%s", record);
    free(record);
}

Test(run_init, another_shape_is_an_error_that_names_both)
{
    struct model_tensor wide[FAKE_TENSORS];
    struct model other = fake_model;
    memcpy(wide, fake_model.tensors, sizeof wide);
    wide[LINEAR_WEIGHT].channels = 2;
    other.tensors = wide;
    write_weights(other, LINEAR_WEIGHT, 2, NULL);
    expect_refused(
        "w.safetensors: error: is of another network: 'linear.weight' is 2x2 there and 2x3 here\n");
}

Test(run_init, a_file_that_shares_no_tensor_is_an_error)
{
    struct model_tensor renamed = fake_model.tensors[LINEAR_BIAS];
    struct model other = fake_model;
    renamed.name = "f.bias";
    other.tensors = &renamed;
    write_weights(other, 0, 1, NULL);
    expect_refused("w.safetensors: error: has no tensor of this network\n"
                   "help: tensors are found by name: it has 'f.bias', this network has 'linear.weight'\n");
}

Test(run_init, numbers_that_are_not_finite_are_refused)
{
    const real numbers[] = {(real)NAN, (real)INFINITY};
    for (int i = 0; i < 2; i++) {
        write_weights(fake_model, EDGES_BIAS, 1, &numbers[i]);
        expect_refused("w.safetensors: error: number 1 of 'edges.bias' is not finite, or too large for this "
                       "trainer\n");
    }
}

Test(run_init, a_file_that_is_none_is_refused)
{
    expect_refused("w.safetensors: error: cannot be read: No such file or directory\n");
    data_write_text("w.safetensors", "PK");
    expect_refused("w.safetensors: error: is no model file: it has only 2 bytes\n");
}
