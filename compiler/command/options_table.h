/* options_table.h - what a row of the tables of commands and options says, for the reader of the command
 * line. */
#ifndef NETC_COMMAND_OPTIONS_TABLE_H
#define NETC_COMMAND_OPTIONS_TABLE_H

#include <stddef.h>

#include "command/options.h"

struct command_row {
    const char *name;
    enum command command;
    const char *arguments, *summary;
};

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
    int commands; /* that take it */
    size_t place; /* in struct options */
    const char *value, *summary;
};

/* Commands that take several files, or names. */
#define TAKING_SEVERAL (COMMAND_FMT | COMMAND_EXPLAIN | COMMAND_DIFF | COMMAND_LSP | COMMAND_COMPARE)

extern const struct command_row option_commands[];
extern const int option_command_count;
extern const struct option_row option_rows[];
extern const int option_row_count;

#endif
