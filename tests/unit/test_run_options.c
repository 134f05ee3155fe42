/* test_run_options.c - command lines that are read, and those that are refused, with what is said. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "run/options.h"
#include "test_run_support.h"

/* The line stays in memory as long as the options that point into it. */
static struct options read_line(const char *text)
{
    static struct command_line line;
    struct options options;
    command_line_split(&line, text);
    cr_assert_eq(options_read(&options, "fake", line.count, line.words), -1, "%s", text);
    return options;
}

static void expect_end(const char *text, int end, FILE **stream, const char *message)
{
    struct command_line line;
    struct options options;
    command_line_split(&line, text);
    capture_begin(stream);
    int found = options_read(&options, "fake", line.count, line.words);
    char *printed = capture_end(stream);
    cr_expect_eq(found, end, "%s: ended with %d", text, found);
    cr_expect_str_eq(printed, message, "%s: wanted:\n%s\ngot:\n%s", text, message, printed);
    free(printed);
}

Test(run_options, has_defaults)
{
    struct options options = read_line("train");
    cr_expect_eq(options.command, COMMAND_TRAIN);
    cr_expect_null(options.data);
    cr_expect_null(options.out);
    cr_expect_eq(options.epochs, 0);
    cr_expect_not(options.has_seed);
    cr_expect_eq(options.progress, PROGRESS_AUTO);
    options = read_line("evaluate --model m");
    cr_expect_str_eq(options.split, "test");
    options = read_line("bench");
    cr_expect_eq(options.seconds, 3);
}

Test(run_options, takes_values_behind_blanks_and_equals)
{
    struct options options =
        read_line("train --data d.yaml --epochs=7 --seed 18446744073709551615 --out=x=y --progress json");
    cr_expect_str_eq(options.data, "d.yaml");
    cr_expect_eq(options.epochs, 7);
    cr_expect(options.has_seed);
    cr_expect_eq(options.seed, UINT64_MAX);
    cr_expect_str_eq(options.out, "x=y");
    cr_expect_eq(options.progress, PROGRESS_JSON);
    options = read_line("bench --seconds 0.5");
    cr_expect_eq(options.seconds, 0.5);
}

Test(run_options, gathers_files_among_options)
{
    struct options options = read_line("predict a.csv --json b.png --model m --top 3 -- --c.csv -");
    cr_assert_eq(options.file_count, 4);
    cr_expect_str_eq(options.files[0], "a.csv");
    cr_expect_str_eq(options.files[1], "b.png");
    cr_expect_str_eq(options.files[2], "--c.csv");
    cr_expect_str_eq(options.files[3], "-");
    cr_expect_str_eq(options.model, "m");
    cr_expect(options.json);
    cr_expect_eq(options.top, 3);
}

Test(run_options, calibrates_on_validation_and_evaluates_on_test)
{
    cr_expect_str_eq(read_line("calibrate --model m").split, "validation");
    cr_expect_str_eq(read_line("calibrate --model m --split dev").split, "dev");
    cr_expect_str_eq(read_line("evaluate --model m").split, "test");
    cr_expect_float_eq(read_line("predict --model m --interval 97.5% a.csv").interval, 0.975, 1e-12);
}

static const struct {
    const char *line, *message;
} refused[] = {
    {"trian", "fake: unknown command 'trian'\nhelp: did you mean 'train'?\n"},
    {"xylophone", "fake: unknown command 'xylophone'\n"},
    {"find-rat", "fake: unknown command 'find-rat'\nhelp: did you mean 'find-rate'?\n"},
    {"find-rate --from 0",
     "fake find-rate: '0' is no value for --from\nhelp: it takes a number above 0 and below 1e6\n"},
    {"find-rate --to 1e6",
     "fake find-rate: '1e6' is no value for --to\nhelp: it takes a number above 0 and below 1e6\n"},
    {"find-rate --from 2 --to 2", "fake find-rate: --from 2 is not below --to 2\n"},
    {"find-rate --steps 9", "fake find-rate: --steps 9 are too few for a curve\nhelp: at least 10\n"},
    {"find-rate --resume x", "fake find-rate: unknown option '--resume'\n"},
    {"train --epoch 3", "fake train: unknown option '--epoch'\nhelp: did you mean '--epochs'?\n"},
    {"train --zzzzzzzzz", "fake train: unknown option '--zzzzzzzzz'\n"},
    {"train --model m", "fake train: unknown option '--model'\n"},
    {"train -e 3", "fake train: unknown option '-e'\n"},
    {"train --threads 0",
     "fake train: '0' is no value for --threads\nhelp: it takes a whole number from 1 to 1000000000\n"},
    {"train --checkpoint-every 10step", "fake train: '10step' is no value for --checkpoint-every\nhelp: "
                                        "it takes seconds, as in 60, or steps, as in 500steps\n"},
    {"train --checkpoint-every 1.5steps",
     "fake train: '1.5steps' is no value for --checkpoint-every\nhelp: it takes seconds, as in 60, or "
     "steps, as in 500steps\n"},
    {"train --checkpoint-every 0", "fake train: '0' is no value for --checkpoint-every\nhelp: it takes "
                                   "seconds, as in 60, or steps, as in 500steps\n"},
    {"train --resume=runs/x --init a.safetensors",
     "fake train: --init cannot stand beside --resume, which goes on with a run that has it\n"},
    {"train --time-limit 1h", "fake train: '--time-limit' is not supported yet\n"},
    {"train --data", "fake train: --data needs a value: D.yaml\n"},
    {"train --data=", "fake train: '' is no value for --data\nhelp: it takes D.yaml\n"},
    {"train --epochs 0",
     "fake train: '0' is no value for --epochs\nhelp: it takes a whole number from 1 to 1000000000\n"},
    {"train --epochs -1",
     "fake train: '-1' is no value for --epochs\nhelp: it takes a whole number from 1 to 1000000000\n"},
    {"train --epochs 1e3",
     "fake train: '1e3' is no value for --epochs\nhelp: it takes a whole number from 1 to 1000000000\n"},
    {"train --epochs 1000000001", "fake train: '1000000001' is no value for --epochs\nhelp: it takes a "
                                  "whole number from 1 to 1000000000\n"},
    {"train --seed 18446744073709551616", "fake train: '18446744073709551616' is no value for "
                                          "--seed\nhelp: it takes a whole number from 0 on\n"},
    {"train --seed +1", "fake train: '+1' is no value for --seed\nhelp: it takes a whole number from 0 on\n"},
    {"train --progress bars",
     "fake train: 'bars' is no value for --progress\nhelp: it takes auto, bar, plain, json or none\n"},
    {"train more", "fake train: 'more' is too much\n"},
    {"bench --seconds 0",
     "fake bench: '0' is no value for --seconds\nhelp: it takes a number above 0 and below 1e6\n"},
    {"bench --seconds nan",
     "fake bench: 'nan' is no value for --seconds\nhelp: it takes a number above 0 and below 1e6\n"},
    {"bench --seconds 1s",
     "fake bench: '1s' is no value for --seconds\nhelp: it takes a number above 0 and below 1e6\n"},
    {"evaluate", "fake evaluate: --model M.safetensors is missing\n"},
    {"evaluate --json=yes --model m", "fake evaluate: --json takes no value\n"},
    {"calibrate", "fake calibrate: --model M.safetensors is missing\n"},
    {"calibrate --model m --samples 3", "fake calibrate: unknown option '--samples'\n"},
    {"predict --model m --samples 0 a.csv",
     "fake predict: '0' is no value for --samples\nhelp: it takes a whole number from 1 to 1000000000\n"},
    {"predict --model m --interval 95 a.csv",
     "fake predict: '95' is no value for --interval\nhelp: it takes a percentage such as 95%, above 0% "
     "and below 100%\n"},
    {"predict --model m --interval 100% a.csv",
     "fake predict: '100%' is no value for --interval\nhelp: it takes a percentage such as 95%, above 0% "
     "and below 100%\n"},
    {"predict --model m --interval 0% a.csv",
     "fake predict: '0%' is no value for --interval\nhelp: it takes a percentage such as 95%, above 0% "
     "and below 100%\n"},
    {"predict --model m", "fake predict: no file to predict for\n"},
    {"train --fast-dev-run --share 10%",
     "fake train: --share cannot stand beside --fast-dev-run, which has a few batches of its own\n"},
    {"train --fast-dev-run --resume runs/x",
     "fake train: --resume cannot stand beside --fast-dev-run, which has a few batches of its own\n"},
    {"train --overfit-batch --fast-dev-run",
     "fake train: --fast-dev-run cannot stand beside --overfit-batch, which has one batch of its own\n"},
    {"train --overfit-batch --share 10%",
     "fake train: --share cannot stand beside --overfit-batch, which has one batch of its own\n"},
    {"train --overfit-batch --resume x",
     "fake train: --resume cannot stand beside --overfit-batch, which has one batch of its own\n"},
    {"look --model m", "fake look: no file to look at\n"},
    {"look --model m --unit 3 a.png", "fake look: --unit needs the --layer that it is of\n"},
    {"look --model m --clas 3 a.png", "fake look: unknown option '--clas'\nhelp: did you mean '--class'?\n"},
};

Test(run_options, refuses_with_exit_2)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        expect_end(refused[i].line, 2, &stderr, refused[i].message);
}

Test(run_options, help_names_what_a_command_takes)
{
    static const char bench[] =
        "usage: fake bench [options]\n\n"
        "examples a second of training steps on made-up data\n\noptions:\n"
        "  --json                 one JSON object a line\n"
        "  --seconds T            how long to measure: 3 when left out\n"
        "  --threads N            threads that compute together: as many as the machine has when left out\n";
    expect_end("bench --help", 0, &stdout, bench);
    expect_end("bench -h", 0, &stdout, bench);
    expect_end("--version", 0, &stdout, "fake, a trainer made by netc\n");
}

Test(run_options, no_command_shows_the_commands_as_an_error)
{
    struct command_line line;
    struct options options;
    command_line_split(&line, "");
    capture_begin(&stderr);
    int end = options_read(&options, "fake", line.count, line.words);
    char *printed = capture_end(&stderr);
    cr_expect_eq(end, 2);
    cr_expect(strstr(printed, "usage: fake COMMAND [options]\n"), "%s", printed);
    cr_expect(strstr(printed, "\n  evaluate "), "%s", printed);
    cr_expect(strstr(printed, "\n  find-rate "), "%s", printed);
    free(printed);
}
