/* options_table.c - the commands of netc and their options, a row each: the only place that knows them. */
#include "command/options_table.h"

const struct command_row option_commands[] = {
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
const int option_command_count = sizeof option_commands / sizeof option_commands[0];

#define PLACE(member) offsetof(struct options, member)
#define COMPILING (COMMAND_BUILD | COMMAND_TRAIN | COMMAND_SWEEP)
#define ALL                                                                                                  \
    (COMMAND_CHECK | COMMAND_EMIT | COMMAND_BUILD | COMMAND_TRAIN | COMMAND_TUNE | COMMAND_GRAPH |           \
     COMMAND_DIFF)
#define TELLING (ALL | COMMAND_FMT | COMMAND_COMPARE | COMMAND_SWEEP)

const struct option_row option_rows[] = {
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
const int option_row_count = sizeof option_rows / sizeof option_rows[0];
