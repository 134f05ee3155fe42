/* problem.h - what went wrong with a file or its contents, told once, by the caller that knows what to do
 * about it.
 *
 * Functions that can fail return false (or NULL) and fill a problem; the commands print it and exit 1.
 *     data.csv:17:3: error: 'abc' is not a number */
#ifndef NETC_PROBLEM_H
#define NETC_PROBLEM_H

#include <stdbool.h>

struct problem {
    char text[1024]; /* "FILE:LINE:COL: error: sentence[\nhelp: sentence]", without a final newline; "" = none
                      */
};

/* Fills the problem and returns false, so that `return problem_at(…)` reads well. line or column 0 are left
 * out. */
bool problem_at(struct problem *problem, const char *path, int line, int column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Appends "\nhelp: sentence". */
void problem_help(struct problem *problem, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
