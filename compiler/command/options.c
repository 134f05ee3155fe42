/* options.c - reads the command line against the tables of options_table.c; help and did-you-mean come from
 * them. */
#include "command/options_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/names.h"
#include "config.h"

static void print_program_help(void)
{
    printf("usage: netc COMMAND MODEL.net [options]\n\nnetc compiles a .net description of a neural network "
           "into C that trains it.\n\ncommands:\n");
    for (int i = 0; i < option_command_count; i++)
        printf("  %-8s %s\n", option_commands[i].name, option_commands[i].summary);
    printf("\nnetc COMMAND --help shows the options of a command.\n");
}

static void print_command_help(const struct command_row *row)
{
    printf("usage: netc %s %s\n\n%s\n\noptions:\n", row->name, row->arguments, row->summary);
    for (int i = 0; i < option_row_count; i++) {
        char left[64];
        if (!(option_rows[i].commands & (int)row->command) || option_rows[i].type == OPTION_LATER)
            continue;
        snprintf(left, sizeof left, "%s%s%s", option_rows[i].name, *option_rows[i].value ? " " : "",
                 option_rows[i].value);
        printf("  %-22s %s\n", left, option_rows[i].summary);
    }
    if (row->command == COMMAND_TRAIN)
        printf("\nAll other options go to the trainer: --data, --epochs, --seed, --out, --progress.\n");
}

static int told(const struct suggestion *suggestion)
{
    if (suggestion->nearest)
        fprintf(stderr, "help: did you mean '%s'?\n", suggestion->nearest);
    return 2;
}

static int refuse_command(const char *word)
{
    struct suggestion suggestion = suggestion_for(word);
    for (int i = 0; i < option_command_count; i++)
        suggestion_offer(&suggestion, option_commands[i].name);
    fprintf(stderr, "netc: unknown command '%s'\n", word);
    return told(&suggestion);
}

static const struct command_row *find_command(const char *word)
{
    for (int i = 0; i < option_command_count; i++)
        if (strcmp(option_commands[i].name, word) == 0)
            return &option_commands[i];
    return NULL;
}

/* The option that a word is, with its value where it is joined: --march=NAME, -Dname=value, -oFILE. */
static const struct option_row *find_option(const char *word, enum command command, const char **value)
{
    for (int i = 0; i < option_row_count; i++) {
        size_t length = strlen(option_rows[i].name);
        if (!(option_rows[i].commands & (int)command) || strncmp(word, option_rows[i].name, length) != 0)
            continue;
        bool is_short = option_rows[i].name[1] != '-' && length == 2;
        *value = NULL;
        if (!word[length])
            return &option_rows[i];
        if (option_rows[i].type == OPTION_FLAG)
            continue;
        if (word[length] == '=' && !is_short)
            *value = word + length + 1;
        else if (is_short)
            *value = word + length;
        if (*value)
            return &option_rows[i];
    }
    return NULL;
}

static int refuse_value(const struct option_row *row, const char *value, const char *const *known)
{
    struct suggestion suggestion = suggestion_for(value);
    fprintf(stderr, "netc: '%s' is no value for %s; it takes", value, row->name);
    for (int i = 0; known[i]; i++) {
        fprintf(stderr, "%s %s", i == 0 ? "" : known[i + 1] ? "," : " or", known[i]);
        suggestion_offer(&suggestion, known[i]);
    }
    fprintf(stderr, "\n");
    return told(&suggestion);
}

static bool is_in(const char *word, const char *const *known)
{
    for (; *known; known++)
        if (strcmp(word, *known) == 0)
            return true;
    return false;
}

static int set_define(struct arena *arena, struct options *options, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1]) {
        fprintf(stderr, "netc: -D wants NAME=VALUE, not '%s'\n", text);
        return 2;
    }
    options->overrides[options->override_count++] =
        (struct tree_override){arena_copy(arena, text, (size_t)(equals - text)), equals + 1};
    return -1;
}

static int set_seconds(struct options *options, const struct option_row *row, const char *value)
{
    char *end;
    const double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds > 0) || seconds > 3600) {
        fprintf(stderr, "netc: '%s' is no value for %s; it takes seconds, above 0 and at most 3600\n", value,
                row->name);
        return 2;
    }
    options->seconds = seconds;
    return -1;
}

static int set_count(struct options *options, const struct option_row *row, const char *text)
{
    char *end;
    const long number = strtol(text, &end, 10);
    if (end == text || *end || number < 1 || number > 1024) {
        fprintf(stderr, "netc: '%s' is no value for %s; it takes a number from 1 to 1024\n", text, row->name);
        return 2;
    }
    *(int *)((char *)options + row->place) = (int)number;
    return -1;
}

/* What is emitted is the same on all machines; the other commands may ask which this is. */
static const char *const *march_choices(enum command command)
{
    static const char *choices[8];
    const char *const *names = compile_march_names();
    size_t count = 0;
    while (names[count]) {
        choices[count] = names[count];
        count++;
    }
    choices[count] = command == COMMAND_EMIT ? NULL : "native";
    return choices;
}

static int set_value(struct arena *arena, struct options *options, const struct option_row *row,
                     const char *value)
{
    static const char *const whens[] = {"auto", "always", "never", NULL}, *const forms[] = {"text", "json",
                                                                                            NULL};
    const char **text = (const char **)((char *)options + row->place);
    bool *flag = (bool *)((char *)options + row->place);
    switch (row->type) {
    case OPTION_FLAG:
        *flag = true;
        return -1;
    case OPTION_COUNT:
        return set_count(options, row, value);
    case OPTION_DEFINE:
        return set_define(arena, options, value);
    case OPTION_COLOR:
        if (!is_in(value, whens))
            return refuse_value(row, value, whens);
        if (strcmp(value, "auto") != 0)
            *flag = strcmp(value, "always") == 0;
        return -1;
    case OPTION_DIAGNOSTICS:
        if (!is_in(value, forms))
            return refuse_value(row, value, forms);
        *flag = strcmp(value, "json") == 0;
        return -1;
    case OPTION_MARCH:
        if (!is_in(value, march_choices(options->command)))
            return refuse_value(row, value, march_choices(options->command));
        break;
    case OPTION_PASS:
        if (!is_in(value, compile_pass_names()))
            return refuse_value(row, value, compile_pass_names());
        break;
    case OPTION_SECONDS:
        return set_seconds(options, row, value);
    case OPTION_TEXT:
        break;
    case OPTION_LATER:
        fprintf(stderr, "netc: %s is not supported yet\n", row->name);
        return 2;
    }
    *text = value;
    return -1;
}

static int refuse_option(const struct command_row *command, const char *word)
{
    struct suggestion suggestion = suggestion_for(word);
    for (int i = 0; i < option_row_count; i++)
        if (option_rows[i].commands & (int)command->command)
            suggestion_offer(&suggestion, option_rows[i].name);
    fprintf(stderr, "netc %s: unknown option '%s'\n", command->name, word);
    return told(&suggestion);
}

static bool is_model(const char *word)
{
    size_t length = strlen(word);
    return strcmp(word, "-") == 0 || (length > 4 && strcmp(word + length - 4, ".net") == 0);
}

/* A word that is no option: the model, or what the trainer is to get. */
static int take_word(struct options *options, const struct command_row *command, const char *word)
{
    bool is_train = command->command == COMMAND_TRAIN;
    if (command->command & TAKING_SEVERAL) {
        options->files[options->file_count++] = word;
        return -1;
    }
    if (!options->file && (!is_train || is_model(word))) {
        options->file = word;
        return -1;
    }
    if (is_train) {
        options->trainer[options->trainer_count++] = word;
        return -1;
    }
    fprintf(stderr, "netc %s: one file at a time, '%s' is too much\n", command->name, word);
    return 2;
}

static int read_word(struct arena *arena, struct options *options, const struct command_row *command,
                     char **argv, int argc, int *at)
{
    const char *word = argv[*at], *value;
    bool is_option = word[0] == '-' && word[1];
    const struct option_row *row = is_option ? find_option(word, command->command, &value) : NULL;
    if (row) {
        bool wants_value = row->type != OPTION_FLAG && row->type != OPTION_LATER;
        if (wants_value && !value && *at + 1 < argc)
            value = argv[++*at];
        if (wants_value && !value) {
            fprintf(stderr, "netc %s: %s needs a value: %s\n", command->name, row->name, row->value);
            return 2;
        }
        return set_value(arena, options, row, value);
    }
    if (is_option && command->command != COMMAND_TRAIN)
        return refuse_option(command, word);
    if (is_option) {
        options->trainer[options->trainer_count++] = word;
        return -1;
    }
    return take_word(options, command, word);
}

/* All behind the command. */
static int read_words(struct arena *arena, struct options *options, const struct command_row *command,
                      int argc, char **argv)
{
    bool only_words = false;
    for (int i = 2; i < argc; i++) {
        int end = -1;
        if (only_words) {
            end = take_word(options, command, argv[i]);
        } else if (strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (strcmp(argv[i], "--help") == 0) {
            print_command_help(command);
            end = 0;
        } else {
            end = read_word(arena, options, command, argv, argc, &i);
        }
        if (end >= 0)
            return end;
    }
    return -1;
}

int options_read(struct arena *arena, struct options *options, int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_program_help();
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("netc %s\n", NETC_VERSION);
        return 0;
    }
    const struct command_row *command = find_command(argv[1]);
    if (!command)
        return refuse_command(argv[1]);
    const char *no_color = getenv("NO_COLOR");
    *options = (struct options){.command = command->command,
                                .color = isatty(STDERR_FILENO) && !(no_color && *no_color)};
    options->overrides = ARENA_ARRAY(arena, struct tree_override, (size_t)argc);
    options->trainer = ARENA_ARRAY(arena, const char *, (size_t)argc);
    options->files = ARENA_ARRAY(arena, const char *, (size_t)argc);
    const int end = read_words(arena, options, command, argc, argv);
    if (end >= 0)
        return end;
    if (options->resume && options->output) {
        fprintf(stderr, "netc sweep: -o cannot stand beside --resume, which goes on in its own folder\n");
        return 2;
    }
    if (options->file || options->resume || (command->command & TAKING_SEVERAL))
        return -1;
    fprintf(stderr, "netc %s: which %s?\n", command->name,
            command->command == COMMAND_SWEEP ? "SWEEP.yaml" : "MODEL.net");
    return 2;
}
