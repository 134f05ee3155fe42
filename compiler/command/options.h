/* options.h - netc's command line: `netc emit --plain -D width=32 model.net` -> struct options. One table has
 * every option with the commands that take it. */
#ifndef NETC_COMMAND_OPTIONS_H
#define NETC_COMMAND_OPTIONS_H

#include <stdbool.h>

#include "compile.h"

enum command {
    COMMAND_CHECK = 1,
    COMMAND_EMIT = 2,
    COMMAND_BUILD = 4,
    COMMAND_TRAIN = 8,
    COMMAND_FMT = 16,
    COMMAND_EXPLAIN = 32,
    COMMAND_GRAPH = 64,
    COMMAND_DIFF = 128,
    COMMAND_LSP = 256,
    COMMAND_COMPARE = 1024,
    COMMAND_TUNE = 2048,
    COMMAND_SWEEP = 512,
};

struct options {
    enum command command;
    const char *file;   /* MODEL.net, or - */
    const char **files; /* of fmt, diff and compare, which take several; the names of explain */
    int file_count;
    const char *output;      /* -o; NULL: after the net's name */
    const char *march;       /* --march; NULL: the command's default */
    const char *cc, *cflags; /* --cc, --cflags */
    const char *dump_after;  /* --dump-after */
    double seconds;          /* of tune: --seconds */
    const char *depfile;     /* -MF */
    bool wants_depfile;      /* -MD */
    bool plain, header, probe, debug_numerics, time_layers, quiet, schedule, twice; /* twice: --double */
    bool in_place, as_diff, only_check; /* of fmt: -w, -d, --check */
    bool as_json;                       /* of diff: --json */
    bool on_streams;                    /* of lsp: --stdio, which it does anyway */
    int jobs, threads;                  /* of sweep: --jobs, --threads; 0: as left out */
    const char *resume;                 /* of sweep: --resume; NULL: a new one */
    bool json_diagnostics;              /* --diagnostics=json */
    bool color;                         /* resolved from --color, NO_COLOR and the terminal */
    struct tree_override *overrides;
    int override_count;
    const char **trainer; /* of train: what goes on to the trainer */
    int trainer_count;
};

/* Fills the options. Returns -1 to go on, else the exit code to end with (help was printed, or an error
 * told). */
int options_read(struct arena *arena, struct options *options, int argc, char **argv);

#endif
