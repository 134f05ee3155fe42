/* compile.h - the whole way of the compiler as one call: a .net file in, generated C out.
 *
 * The commands (command/) know only this and the diagnostics; they read options, write files and start
 * compilers. */
#ifndef NETC_COMPILE_H
#define NETC_COMPILE_H

#include <stdbool.h>

#include "ast/tree.h"
#include "base/text.h"
#include "emit/plain.h"

struct arena;
struct diagnostics;
struct graph;

enum compile_form { FORM_TILED, FORM_PLAIN };

struct compile_options {
    const char *path;                      /* of the .net file, "-" for standard input */
    const struct source *text;             /* the text where it is in memory already; NULL: path is read */
    const struct tree_override *overrides; /* -D name=value */
    int override_count;
    enum compile_form form; /* --plain */
    const char *march;      /* a name that compile_march_names lists */
    bool debug_numerics;    /* look for NaN and Inf behind every layer (--debug-numerics) */
    bool time_layers;       /* read the clock behind every part of a step (--time-layers) */
    bool probe;             /* gradients by the input and all results, in evaluation mode, too (--probe) */
    bool settings_at_start; /* for a trainer that reads its plain settings when it starts */
    const struct tuning *tuning; /* tiles as they were measured; NULL: by rule */
    const char *header_name;     /* what the C includes; NULL: NAME.h */
    bool as_json;                /* describe the checked network, for --json */
    const char *dump_after;      /* name of a pass whose graph is wanted (--dump-after), or NULL */
};

struct compiled {
    const struct source *source;   /* the .net text */
    const struct source **sources; /* it, and what it includes */
    int source_count;
    const char *name;   /* of the network; the generated files are called after it */
    const char *data;   /* default manifest as written, NULL without */
    struct text header; /* NAME.h */
    struct text code;   /* NAME.c */
    struct text json;   /* what --json asked for */
    struct text dump;   /* what --dump-after asked for */
    struct graph *graph;
    struct plain_settings settings; /* with settings_at_start code and header are the same for all of them */
};

/* Text to graph with every check but without emission: for `netc check`. False when errors were told. */
bool compile_check(struct arena *program, const struct compile_options *options,
                   struct diagnostics *diagnostics, struct compiled *result);
/* The same, and emission. A file that cannot be read is told as a diagnostic without a place. */
bool compile_emit(struct arena *program, const struct compile_options *options,
                  struct diagnostics *diagnostics, struct compiled *result);

/* The table of layers (label, kind, shape, parameters, FLOP, memory) with totals, for people. */
void compile_print_table(struct text *to, const struct compiled *compiled);
/* What runs in a step, in which order, on which threads, by which tiles. */
void compile_print_schedule(struct text *to, const struct compiled *compiled);

/* The network as it was checked, before any pass, with every default. */
void network_print_json(struct text *to, const struct graph *graph);
/* "conv 6 5x5 relu": how a trainer calls a layer. */
struct layer;
const char *compile_layer_text(const struct layer *layer);

/* NULL-terminated: x86-64-v3, x86-64-v4, armv8-a, portable. */
const char *const *compile_march_names(void);
/* NULL-terminated names of the passes, in order, for --dump-after. */
const char *const *compile_pass_names(void);

#endif
