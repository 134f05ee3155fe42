/* options.c - reads the command line against one table; help and did-you-mean come from it. */
#include "command/options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/names.h"
#include "config.h"

struct command_row {
    const char *name;
    enum command command; /* 0: not supported yet */
    const char *arguments, *summary;
};

static const struct command_row commands[] = {
    {"train", COMMAND_TRAIN, "MODEL.net [--data D.yaml] [options] [trainer options]",
     "emit, compile and run: the whole way"},
    {"build", COMMAND_BUILD, "MODEL.net [-o BINARY] [options]", "emit and compile one standalone trainer"},
    {"emit", COMMAND_EMIT, "MODEL.net [-o FILE.c] [options]", "the generated C alone: NAME.c and NAME.h"},
    {"check", COMMAND_CHECK, "MODEL.net [options]", "errors, or the table of layers"},
    {"fmt", COMMAND_FMT, "[-w | -d | --check] [MODEL.net…]",
     "the text in its one layout; of standard input without a file"},
    {"explain", COMMAND_EXPLAIN, "[NAME…]", "the language's own text about a kind, key, word or error code"},
    {"diff", COMMAND_DIFF, "OLD.net NEW.net [options]", "what changed in meaning; exit 1 where anything did"},
    {"graph", COMMAND_GRAPH, "MODEL.net [-o FILE.dot|FILE.svg]", "the network as Graphviz text, or drawn"},
    {"sweep", COMMAND_SWEEP, "SWEEP.yaml [-o DIR] [--jobs N] [options], or --resume DIR",
     "many trainings over settings, seeds and shares of the data"},
    {"compare", COMMAND_COMPARE, "RUN… [-o FILE.html]",
     "runs side by side: settings that differ, final figures, curves"},
    {"lsp", COMMAND_LSP, "", "the language server, for editors: speaks on standard input and output"},
    {"tune", COMMAND_TUNE, "MODEL.net [options]",
     "measures register tiles on this machine, and keeps the fastest in MODEL.tune.yaml"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

enum option_type {
    OPTION_TEXT,
    OPTION_FLAG,
    OPTION_COUNT,
    OPTION_DEFINE,
    OPTION_COLOR,
    OPTION_DIAGNOSTICS,
    OPTION_MARCH,
    OPTION_PASS,
    OPTION_SECONDS,
    OPTION_LATER
};

struct option_row {
    const char *name;
    enum option_type type;
    int commands;
    size_t place;
    const char *value, *summary;
};

#define PLACE(member) offsetof(struct options, member)
#define COMPILING (COMMAND_BUILD | COMMAND_TRAIN | COMMAND_SWEEP)
#define ALL                                                                                                  \
    (COMMAND_CHECK | COMMAND_EMIT | COMMAND_BUILD | COMMAND_TRAIN | COMMAND_TUNE | COMMAND_GRAPH |           \
     COMMAND_DIFF)
#define TAKING_SEVERAL (COMMAND_FMT | COMMAND_EXPLAIN | COMMAND_DIFF | COMMAND_LSP | COMMAND_COMPARE)
#define TELLING (ALL | COMMAND_FMT | COMMAND_COMPARE | COMMAND_SWEEP)

static const struct option_row rows[] = {
    {"-o", OPTION_TEXT, COMMAND_EMIT | COMMAND_BUILD | COMMAND_GRAPH, PLACE(output), "FILE",
     "where to write; - is standard output (emit, graph)"},
    {"-o", OPTION_TEXT, COMMAND_COMPARE, PLACE(output), "FILE.html",
     "also as a page with curves; - is standard output, instead of the table"},
    {"-o", OPTION_TEXT, COMMAND_SWEEP, PLACE(output), "DIR",
     "a new folder for it; sweeps/NAME-1, NAME-2, … when left out"},
    {"--jobs", OPTION_COUNT, COMMAND_SWEEP, PLACE(jobs), "N",
     "runs at a time; as many as the machine has cores for when left out"},
    {"--threads", OPTION_COUNT, COMMAND_SWEEP, PLACE(threads), "N", "threads of each run: 1 when left out"},
    {"--resume", OPTION_TEXT, COMMAND_SWEEP, PLACE(resume), "DIR",
     "go on with the sweep in this folder, to the same tables"},
    {"-D", OPTION_DEFINE, ALL, 0, "NAME=VALUE", "use this value for a let"},
    {"--plain", OPTION_FLAG, COMMAND_EMIT | COMPILING, PLACE(plain), "",
     "the textbook's loops instead of tiles"},
    {"--march", OPTION_MARCH, COMMAND_CHECK | COMMAND_EMIT | COMPILING | COMMAND_TUNE, PLACE(march), "NAME",
     "x86-64-v3 (check's and emit's default), x86-64-v4, armv8-a, portable; build and train: native"},
    {"--header", OPTION_FLAG, COMMAND_EMIT, PLACE(header), "", "only NAME.h"},
    {"--debug-numerics", OPTION_FLAG, COMMAND_EMIT | COMPILING, PLACE(debug_numerics), "",
     "stop at the first NaN or Inf of any layer, forward or backward, and name it"},
    {"--time-layers", OPTION_FLAG, COMMAND_EMIT | COMMAND_BUILD, PLACE(time_layers), "",
     "read the clock behind every part of a step: `bench` then tells where the time goes"},
    {"--probe", OPTION_FLAG, COMMAND_EMIT, PLACE(probe), "",
     "also what look and attack call: gradients by the input and by every result"},
    {"--dump-after", OPTION_PASS, COMMAND_EMIT, PLACE(dump_after), "PASS",
     "print the graph after a pass: fuse, backward, schedule, memory"},
    {"-MD", OPTION_FLAG, COMMAND_EMIT, PLACE(wants_depfile), "", "write a Make rule beside the C"},
    {"-MF", OPTION_TEXT, COMMAND_EMIT, PLACE(depfile), "FILE.d", "write it there"},
    {"--cc", OPTION_TEXT, COMPILING | COMMAND_TUNE, PLACE(cc), "CC",
     "C compiler; else $CC, cc, gcc or clang"},
    {"--cflags", OPTION_TEXT, COMPILING | COMMAND_TUNE, PLACE(cflags), "FLAGS", "more flags for it"},
    {"--double", OPTION_FLAG, COMPILING, PLACE(twice), "", "compute in double instead of float"},
    {"--seconds", OPTION_SECONDS, COMMAND_TUNE, PLACE(seconds), "T",
     "how long each of five measurements of a trainer takes: 0.5 when left out"},
    {"--schedule", OPTION_FLAG, COMMAND_CHECK, PLACE(schedule), "",
     "also what runs when in a step, on which threads"},
    {"--quiet", OPTION_FLAG, COMMAND_CHECK, PLACE(quiet), "", "errors only"},
    {"--json", OPTION_FLAG, COMMAND_DIFF | COMMAND_CHECK, PLACE(as_json), "",
     "for programs: the changes, or the network with every default"},
    {"--stdio", OPTION_FLAG, COMMAND_LSP, PLACE(on_streams), "", "what it does anyway; some editors say so"},
    {"-w", OPTION_FLAG, COMMAND_FMT, PLACE(in_place), "", "rewrite the files that differ"},
    {"-d", OPTION_FLAG, COMMAND_FMT, PLACE(as_diff), "", "print what would change, as a unified diff"},
    {"--check", OPTION_FLAG, COMMAND_FMT, PLACE(only_check), "",
     "print the names of files that differ; exit 1 if any does, 2 if one cannot be read"},
    {"--color", OPTION_COLOR, TELLING, PLACE(color), "WHEN", "auto, always or never"},
    {"--diagnostics", OPTION_DIAGNOSTICS, TELLING, PLACE(json_diagnostics), "FORM", "text or json"},
    {"--standalone", OPTION_LATER, COMMAND_EMIT | COMMAND_BUILD, 0, "", ""},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void print_program_help(void)
{
    printf("usage: netc COMMAND MODEL.net [options]\n\nnetc compiles a .net description of a neural network "
           "into C that trains it.\n\ncommands:\n");
    for (int i = 0; i < COMMANDS; i++)
        if (commands[i].command)
            printf("  %-8s %s\n", commands[i].name, commands[i].summary);
    printf("\nnetc COMMAND --help shows the options of a command.\n");
}

static void print_command_help(const struct command_row *row)
{
    printf("usage: netc %s %s\n\n%s\n\noptions:\n", row->name, row->arguments, row->summary);
    for (int i = 0; i < ROWS; i++) {
        char left[64];
        if (!(rows[i].commands & (int)row->command) || rows[i].type == OPTION_LATER)
            continue;
        snprintf(left, sizeof left, "%s%s%s", rows[i].name, *rows[i].value ? " " : "", rows[i].value);
        printf("  %-22s %s\n", left, rows[i].summary);
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
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, word) == 0) {
            fprintf(stderr, "netc: '%s' is not supported yet\n", word);
            return 2;
        }
        suggestion_offer(&suggestion, commands[i].name);
    }
    fprintf(stderr, "netc: unknown command '%s'\n", word);
    return told(&suggestion);
}

static const struct command_row *find_command(const char *word)
{
    for (int i = 0; i < COMMANDS; i++)
        if (commands[i].command && strcmp(commands[i].name, word) == 0)
            return &commands[i];
    return NULL;
}

/* The option that a word is, with its value where it is joined: --march=NAME, -Dname=value, -oFILE. */
static const struct option_row *find_option(const char *word, enum command command, const char **value)
{
    for (int i = 0; i < ROWS; i++) {
        size_t length = strlen(rows[i].name);
        if (!(rows[i].commands & (int)command) || strncmp(word, rows[i].name, length) != 0)
            continue;
        bool is_short = rows[i].name[1] != '-' && length == 2;
        *value = NULL;
        if (!word[length])
            return &rows[i];
        if (rows[i].type == OPTION_FLAG)
            continue;
        if (word[length] == '=' && !is_short)
            *value = word + length + 1;
        else if (is_short)
            *value = word + length;
        if (*value)
            return &rows[i];
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
    for (int i = 0; i < ROWS; i++)
        if (rows[i].commands & (int)command->command)
            suggestion_offer(&suggestion, rows[i].name);
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
    bool only_words = false;
    for (int i = 2; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words) {
            int end = take_word(options, command, argv[i]);
            if (end >= 0)
                return end;
            continue;
        }
        if (strcmp(argv[i], "--help") == 0) {
            print_command_help(command);
            return 0;
        }
        int end = read_word(arena, options, command, argv, argc, &i);
        if (end >= 0)
            return end;
    }
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
