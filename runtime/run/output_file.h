/* output_file.h - a file that appears whole or not at all: written beside its name, flushed to disk, then
 * renamed. */
#ifndef NETC_RUN_OUTPUT_FILE_H
#define NETC_RUN_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct problem;

struct output_file {
    FILE *stream;         /* write here; errors are found when it is closed */
    char path[4096];      /* what it will be called */
    char temporary[4096]; /* what it is called until then */
};

/* A program that ends before a file is whole, for want of memory, leaves none behind. One at a time is open.
 */
bool output_file_open(struct output_file *file, const char *path, struct problem *problem);
/* Flushes and syncs what was written; as the other, it tells a fault and removes the temporary. */
bool output_file_sync(struct output_file *file, struct problem *problem);
/* Flushes, syncs file and folder, renames. On any fault removes the temporary and tells why. */
bool output_file_commit(struct output_file *file, struct problem *problem);
void output_file_abandon(struct output_file *file);
/* For contents that could not be made: the same, and `why` is told. Gives false. */
bool output_file_fail(struct output_file *file, const char *why, struct problem *problem);

#endif
