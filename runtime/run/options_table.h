/* options_table.h - what a row of the tables of commands and options says, for the reader of the command
 * line. */
#ifndef NETC_RUN_OPTIONS_TABLE_H
#define NETC_RUN_OPTIONS_TABLE_H

#include <stddef.h>

#include "run/options.h"

struct command_row {
    const char *name;
    enum command command;
    const char *arguments, *summary;
};

enum option_type {
    OPTION_TEXT,
    OPTION_FLAG,
    OPTION_COUNT,
    OPTION_SEED,
    OPTION_SHARE,
    OPTION_INTERVAL,
    OPTION_POSITIVE, /* a number above 0, below 1e6 */
    OPTION_EVERY,
    OPTION_PROGRESS,
    OPTION_CHOICE,   /* one of the words of `value`, "fgsm|pgd": its number */
    OPTION_EPSILONS, /* numbers of 0 or more, with commas */
    OPTION_STEPS,    /* a count that is told apart from none */
    OPTION_LATER
};

struct option_row {
    const char *name;
    enum option_type type;
    int commands; /* that take it */
    size_t place; /* in struct options */
    const char *value, *summary;
};

enum { OPTION_ROWS_MOST = 128 }; /* of each table */

extern const struct command_row option_commands[];
extern const int option_command_count;
extern const struct option_row option_rows[];
extern const int option_row_count;

#endif
