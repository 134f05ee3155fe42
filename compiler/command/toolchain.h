/* toolchain.h - the C compiler and the runtime that a trainer is built with. */
#ifndef NETC_COMMAND_TOOLCHAIN_H
#define NETC_COMMAND_TOOLCHAIN_H

#include <stdbool.h>

#include "base/text.h"

struct arena;

/* A growing list of words for a program to run. */
struct arguments {
    const char **words; /* NULL-terminated */
    int count;
};
void arguments_add(struct arena *arena, struct arguments *arguments, const char *word);
/* The words of a text as a shell splits them: blanks, quotes, backslashes; no expansion. */
void arguments_split(struct arena *arena, struct arguments *arguments, const char *text);
/* Runs a program; returns its exit code, or -1 when it could not be started or was killed. */
int arguments_run(const struct arguments *arguments);
/* The same, with what it prints on standard output. */
int arguments_output(struct arena *arena, const struct arguments *arguments, struct text *output);

struct toolchain {
    struct arguments cc; /* the compiler, with the options that stand in $CC */
    const char *version; /* what it prints of itself, whole */
    bool is_clang;
    bool has_openmp;     /* else trainers have one thread */
    bool is_chosen;      /* by --cc or $CC: when it fails, that is the user's matter */
    const char *include; /* folder of the runtime's headers */
    const char *library; /* libnetc_runtime.a or libnetc_runtime_double.a */
    const char *extra;   /* flags that the runtime was built with and trainers need too (sanitizers); "" */
};

/* Tells on standard error what is missing and how to get it. */
bool toolchain_find(struct arena *arena, const char *cc, bool twice, struct toolchain *toolchain);
/* x86-64-v4, x86-64-v3, armv8-a or portable: what this machine runs best. */
const char *toolchain_native_march(void);
/* All flags for a target, NULL-terminated list appended to `arguments`. */
void toolchain_flags(struct arena *arena, const struct toolchain *toolchain, const char *march, bool twice,
                     const char *cflags, struct arguments *arguments);

#endif
