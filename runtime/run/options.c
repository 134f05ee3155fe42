/* options.c - reads the command line against the tables of options_table.c. */
#include "run/options_table.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/nearest.h"

enum { RATES_LEAST = 10 }; /* that find-rate needs */

static const char *const progress_names[] = {"auto", "bar", "plain", "json", "none"};

static void suggest(const char *word, const char *const *names, int count)
{
    const char *nearest = nearest_name(word, names, count);
    if (nearest)
        fprintf(stderr, "help: did you mean '%s'?\n", nearest);
}

static void print_program_help(FILE *to, const char *name)
{
    fprintf(to, "usage: %s COMMAND [options]\n\ncommands:\n", name);
    for (int i = 0; i < option_command_count; i++)
        fprintf(to, "  %-10s %s\n", option_commands[i].name, option_commands[i].summary);
    fprintf(to, "\n%s COMMAND --help shows the options of a command.\n", name);
}

/* Bytes beyond the columns that a text takes: those that continue a character. */
static int bytes_beyond_columns(const char *text)
{
    int count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) == 0x80;
    return count;
}

static void print_command_help(const char *name, const struct command_row *row)
{
    printf("usage: %s %s %s\n\n%s\n", name, row->name, row->arguments, row->summary);
    const char *title = "\noptions:\n";
    for (int i = 0; i < option_row_count; i++) {
        char left[64];
        if (!(option_rows[i].commands & (int)row->command) || option_rows[i].type == OPTION_LATER)
            continue;
        snprintf(left, sizeof left, "%s %s", option_rows[i].name, option_rows[i].value);
        printf("%s  %-*s %s\n", title, 22 + bytes_beyond_columns(left), left, option_rows[i].summary);
        title = "";
    }
}

static int refuse_command(const char *name, const char *word)
{
    const char *names[OPTION_ROWS_MOST];
    for (int i = 0; i < option_command_count; i++)
        names[i] = option_commands[i].name;
    fprintf(stderr, "%s: unknown command '%s'\n", name, word);
    suggest(word, names, option_command_count);
    return 2;
}

static const struct command_row *find_command(const char *word)
{
    for (int i = 0; i < option_command_count; i++)
        if (strcmp(option_commands[i].name, word) == 0)
            return &option_commands[i];
    return NULL;
}

static bool read_whole(const char *text, unsigned long long most, unsigned long long *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *number <= most;
}

/* "60", "0.5s" or "10steps" */
static bool set_every(struct options *options, const char *text)
{
    char *end;
    options->checkpoint_seconds = 0;
    options->checkpoint_steps = 0;
    const double number = strtod(text, &end);
    if (end == text || !(number > 0) || number > 1e9)
        return false;
    if (strcmp(end, "steps") == 0) {
        options->checkpoint_steps = (int)number;
        return number == options->checkpoint_steps;
    }
    options->checkpoint_seconds = number;
    return !*end || strcmp(end, "s") == 0;
}

/* Which of "fgsm|pgd" the text is; -1: none. */
static int choice_of(const char *choices, const char *text)
{
    const size_t length = strlen(text);
    for (int i = 0; *choices; i++) {
        const size_t end = strcspn(choices, "|");
        if (end == length && strncmp(choices, text, end) == 0)
            return i;
        choices += end + (choices[end] == '|');
    }
    return -1;
}

/* "0.05,0.1" */
static bool set_epsilons(struct options *options, const char *text)
{
    options->epsilon_count = 0;
    for (;; text++) {
        char *end;
        const double number = strtod(text, &end);
        if (end == text || !(number >= 0) || !(number < 1e9) || options->epsilon_count == EPSILONS)
            return false;
        options->epsilons[options->epsilon_count++] = number;
        text = end;
        if (*text != ',')
            return !*text;
    }
}

static bool read_progress(const char *text, enum progress_form *form)
{
    for (int i = 0; i < 5; i++)
        if (strcmp(progress_names[i], text) == 0) {
            *form = (enum progress_form)i;
            return true;
        }
    return false;
}

/* Sets one option from its text; false when the text is no such value. */
static bool set_value(struct options *options, const struct option_row *row, const char *text)
{
    void *place = (char *)options + row->place;
    unsigned long long whole;
    char *end;
    switch (row->type) {
    case OPTION_TEXT:
        *(const char **)place = text;
        return *text != 0;
    case OPTION_COUNT:
        if (!read_whole(text, 1000000000, &whole) || whole < 1)
            return false;
        *(int *)place = (int)whole;
        return true;
    case OPTION_SEED:
        options->has_seed = true;
        if (!read_whole(text, UINT64_MAX, &whole))
            return false;
        *(uint64_t *)place = whole;
        return true;
    case OPTION_SHARE:
    case OPTION_INTERVAL:
        *(double *)place = strtod(text, &end) / 100;
        return end != text && strcmp(end, "%") == 0 && *(double *)place > 0 &&
               (row->type == OPTION_SHARE ? *(double *)place <= 1 : *(double *)place < 1);
    case OPTION_POSITIVE:
        *(double *)place = strtod(text, &end);
        return end != text && !*end && *(double *)place > 0 && *(double *)place < 1e6;
    case OPTION_EVERY:
        return set_every(options, text);
    case OPTION_CHOICE:
        *(int *)place = choice_of(row->value, text);
        return *(int *)place >= 0;
    case OPTION_EPSILONS:
        return set_epsilons(options, text);
    case OPTION_STEPS:
        options->has_steps = read_whole(text, 1000000, &whole) && whole > 0;
        options->steps = (int)whole;
        return options->has_steps;
    case OPTION_PROGRESS:
        return read_progress(text, place);
    case OPTION_FLAG:
        *(bool *)place = true;
        return true;
    case OPTION_LATER:
        break;
    }
    return false;
}

static const struct option_row *find_option(const char *word, size_t length, enum command command)
{
    for (int i = 0; i < option_row_count; i++)
        if (strlen(option_rows[i].name) == length && strncmp(option_rows[i].name, word, length) == 0 &&
            (option_rows[i].commands & (int)command))
            return &option_rows[i];
    return NULL;
}

static int refuse_option(const char *name, const struct command_row *command, const char *word, size_t length)
{
    const char *names[OPTION_ROWS_MOST];
    int count = 0;
    char written[128];
    snprintf(written, sizeof written, "%.*s", (int)(length < 100 ? length : 100), word);
    for (int i = 0; i < option_row_count; i++)
        if (option_rows[i].commands & (int)command->command)
            names[count++] = option_rows[i].name;
    fprintf(stderr, "%s %s: unknown option '%s'\n", name, command->name, written);
    suggest(written, names, count);
    return 2;
}

/* "help: one of fgsm|pgd; did you mean 'fgsm'?" */
static void suggest_choice(const char *word, const char *choices)
{
    char text[64];
    const char *names[8];
    int count = 0;
    snprintf(text, sizeof text, "%s", choices);
    for (char *name = strtok(text, "|"); name && count < 8; name = strtok(NULL, "|"))
        names[count++] = name;
    fprintf(stderr, "help: it is one of %s\n", choices);
    suggest(word, names, count);
}

/* What an option would take in the place of a value that it does not. */
static void explain_value(const struct option_row *row, const char *value)
{
    static const char *const takes[] = {
        [OPTION_COUNT] = "a whole number from 1 to 1000000000",
        [OPTION_SEED] = "a whole number from 0 on",
        [OPTION_SHARE] = "a percentage such as 10%, above 0% and at most 100%",
        [OPTION_INTERVAL] = "a percentage such as 95%, above 0% and below 100%",
        [OPTION_POSITIVE] = "a number above 0 and below 1e6",
        [OPTION_EVERY] = "seconds, as in 60, or steps, as in 500steps",
        [OPTION_PROGRESS] = "auto, bar, plain, json or none",
        [OPTION_STEPS] = "a whole number from 1 to 1000000",
    };
    if (row->type == OPTION_CHOICE)
        suggest_choice(value, row->value);
    else if (row->type == OPTION_EPSILONS)
        fprintf(stderr, "help: numbers of 0 or more, with commas between them, at most %d\n", EPSILONS);
    else if (row->type == OPTION_TEXT)
        fprintf(stderr, "help: it takes %s\n", row->value);
    else
        fprintf(stderr, "help: it takes %s\n", takes[row->type]);
}

/* One option at argv[*at]; moves *at over a value of its own. -1: fine. */
static int read_option(struct options *options, const char *name, const struct command_row *command,
                       char **argv, int argc, int *at)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const struct option_row *row = find_option(word, length, command->command);
    if (!row)
        return refuse_option(name, command, word, length);
    if (row->type == OPTION_LATER) {
        fprintf(stderr, "%s %s: '%s' is not supported yet\n", name, command->name, row->name);
        return 2;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (row->type != OPTION_FLAG && !value && *at + 1 < argc)
        value = argv[++*at];
    if (row->type != OPTION_FLAG && !value) {
        fprintf(stderr, "%s %s: %s needs a value: %s\n", name, command->name, row->name, row->value);
        return 2;
    }
    if (row->type == OPTION_FLAG && equals) {
        fprintf(stderr, "%s %s: %s takes no value\n", name, command->name, row->name);
        return 2;
    }
    if (!set_value(options, row, value)) {
        fprintf(stderr, "%s %s: '%s' is no value for %s\n", name, command->name, value, row->name);
        explain_value(row, value);
        return 2;
    }
    return -1;
}

static int check_rates(const struct options *options, const char *name)
{
    if (!(options->from < options->to)) {
        fprintf(stderr, "%s find-rate: --from %g is not below --to %g\n", name, options->from, options->to);
        return 2;
    }
    if (options->has_steps && options->steps < RATES_LEAST) {
        fprintf(stderr, "%s find-rate: --steps %d are too few for a curve\nhelp: at least %d\n", name,
                options->steps, RATES_LEAST);
        return 2;
    }
    return -1;
}

/* What is of a run that is only tried. */
static bool stands_alone(const struct options *options, const char *name)
{
    const char *other = options->resume ? "--resume" : options->share > 0 ? "--share" : NULL;
    const char *what = NULL;
    if (options->overfit_batch) {
        other = options->fast_dev_run ? "--fast-dev-run" : other;
        what = "--overfit-batch, which has one batch of its own";
    } else if (options->fast_dev_run) {
        what = "--fast-dev-run, which has a few batches of its own";
    }
    if (!what || !other)
        return true;
    fprintf(stderr, "%s train: %s cannot stand beside %s\n", name, other, what);
    return false;
}

static int check_complete(const struct options *options, const char *name, const struct command_row *command)
{
    bool takes_files = options->command == COMMAND_PREDICT || options->command == COMMAND_LOOK;
    bool wants_model = takes_files || options->command == COMMAND_EVALUATE ||
                       options->command == COMMAND_CALIBRATE || options->command == COMMAND_ATTACK;
    if (wants_model && !options->model) {
        fprintf(stderr, "%s %s: --model M.safetensors is missing\n", name, command->name);
        return 2;
    }
    if (options->command == COMMAND_ATTACK && !options->epsilon_count) {
        fprintf(stderr, "%s %s: --epsilon E[,E…] is missing\n", name, command->name);
        return 2;
    }
    if (options->command == COMMAND_FIND_RATE && check_rates(options, name) >= 0)
        return 2;
    if (options->resume && (options->out || options->init)) {
        fprintf(stderr, "%s %s: %s cannot stand beside --resume, which goes on with a run that has it\n",
                name, command->name, options->out ? "--out" : "--init");
        return 2;
    }
    if (!stands_alone(options, name))
        return 2;
    if (options->unit && !options->layer) {
        fprintf(stderr, "%s %s: --unit needs the --layer that it is of\n", name, command->name);
        return 2;
    }
    if (takes_files && !options->file_count) {
        fprintf(stderr, "%s %s: no file to %s\n", name, command->name,
                options->command == COMMAND_LOOK ? "look at" : "predict for");
        return 2;
    }
    if (!takes_files && options->file_count) {
        fprintf(stderr, "%s %s: '%s' is too much\n", name, command->name, options->files[0]);
        return 2;
    }
    return -1;
}

static bool asks_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int options_read(struct options *options, const char *name, int argc, char **argv)
{
    *options = (struct options){.seconds = 3, .checkpoint_seconds = 60, .steps = 10, .from = 1e-6, .to = 10};
    if (argc < 2 || asks_help(argv[1])) {
        print_program_help(argc < 2 ? stderr : stdout, name);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("%s, a trainer made by netc\n", name);
        return 0;
    }
    const struct command_row *command = find_command(argv[1]);
    if (!command)
        return refuse_command(name, argv[1]);
    options->command = command->command;
    const char **files = (const char **)argv; /* files move to the front as they are met */
    bool only_files = false;
    for (int i = 2; i < argc; i++) {
        if (!only_files && asks_help(argv[i])) {
            print_command_help(name, command);
            return 0;
        }
        if (!only_files && strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (only_files || argv[i][0] != '-' || !argv[i][1]) {
            files[options->file_count++] = argv[i];
        } else {
            int end = read_option(options, name, command, argv, argc, &i);
            if (end >= 0)
                return end;
        }
    }
    options->files = files;
    if (!options->split)
        options->split = options->command == COMMAND_CALIBRATE ? "validation" : "test";
    return check_complete(options, name, command);
}
