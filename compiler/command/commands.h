/* commands.h - one function for each command of netc; each returns the exit code. */
#ifndef NETC_COMMANDS_H
#define NETC_COMMANDS_H

#include "base/diagnostics.h"
#include "command/options.h"

enum { EXIT_GOOD = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_FAULT = 3 };

int command_check(struct arena *arena, const struct options *options);
int command_emit(struct arena *arena, const struct options *options);
int command_build(struct arena *arena, const struct options *options);
int command_train(struct arena *arena, const struct options *options);
int command_fmt(struct arena *arena, const struct options *options);
int command_explain(struct arena *arena, const struct options *options);
int command_graph(struct arena *arena, const struct options *options);
int command_diff(struct arena *arena, const struct options *options);
int command_tune(struct arena *arena, const struct options *options);
int command_compare(struct arena *arena, const struct options *options);
int command_sweep(struct arena *arena, const struct options *options);
int command_lsp(const struct options *options);

/* What the command line asks of the compiler. */
struct compile_options options_for_compiler(const struct options *options);
/* Prints what was told about the model, and returns the exit code for it. */
int report(const struct options *options, const struct diagnostics *diagnostics);
/* To standard output; tells when that fails. */
int print_text(const struct text *text);

#endif
