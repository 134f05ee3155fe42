/* record.h - how a network was trained, in full: the content of run.yaml, which its report shows, too.
 *
 *     record_pair(to, "batch", "%d", 64)    ->    "batch: 64" in run.yaml, a line of a table in report.html
 */
#ifndef NETC_RUN_RECORD_H
#define NETC_RUN_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "run/run_folder.h"

/* Who writes it. Maps nest. */
struct record_sink {
    void *context;
    void (*open)(void *context, const char *name);
    void (*close)(void *context);
    void (*pair)(void *context, const char *name, char *text);
    void (*names)(void *context, const char *name, const json_t *names); /* an array of strings */
};

void record_open(const struct record_sink *to, const char *name);
void record_close(const struct record_sink *to);
void record_pair(const struct record_sink *to, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Everything, in the order of run.yaml. */
void record_tell(const struct run_record *record, const struct record_sink *to);

/* run.yaml */
bool record_write(const struct run_record *record, FILE *to);

#endif
