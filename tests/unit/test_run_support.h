/* test_run_support.h - a network by hand for the tests of a trainer's parts: linear 3 -> 2 in panels of 8
 * lanes, which is what it predicts, and a convolution 5x2x3x3 in panels of 4, which only has a penalty.
 *
 *     loss = mean over examples of |W x + b - y|^2 / 2  +  |edges|^2 / 2 */
#ifndef NETC_TEST_RUN_SUPPORT_H
#define NETC_TEST_RUN_SUPPORT_H

#include <stdio.h>

#include "model.h"
#include "problem.h"

/* Tensors in the order of the table, and where they lie in memory. */
enum { LINEAR_WEIGHT, LINEAR_BIAS, EDGES_WEIGHT, EDGES_BIAS, FAKE_TENSORS };
enum {
    LINEAR_WEIGHT_AT = 0,
    LINEAR_BIAS_AT = 24,
    EDGES_WEIGHT_AT = 32,
    EDGES_BIAS_AT = 176,
    FAKE_PARAMETERS = 184,
    FAKE_BATCH = 4,
    FAKE_ARENA = FAKE_BATCH * 5,
};

/* What is wrong with the backward pass. */
enum fake_flaw { FLAW_NONE, FLAW_SCALE, FLAW_NAN, FLAW_INFINITE, FLAW_INPUT };

struct fake {
    real param[FAKE_PARAMETERS], dparam[FAKE_PARAMETERS];
    real target[FAKE_BATCH][2];
    int count;              /* examples of the last gradient's batch */
    real arena[FAKE_ARENA]; /* [FAKE_BATCH][3] inputs, [FAKE_BATCH][2] results */
};

extern const struct model fake_model;
extern enum fake_flaw fake_flaw;

/* A zeroed network; the caller frees it. */
struct fake *fake_create(void);

/* Fixture: an empty folder that goes with the test, also when it holds folders. */
void run_begin(void);
void run_end(void);
/* The bytes of a file; the caller frees them. */
unsigned char *run_read(const char *path, size_t *length);

/* Four examples of three features and two targets, all standardised, as data.yaml and data.csv. */
void run_write_data(void);

/* A line as main gets it: "train --json" -> {"fake", "train", "--json", NULL}. */
struct command_line {
    char text[256];
    char *words[16];
    int count;
};
void command_line_split(struct command_line *command, const char *line);

/* What is printed on stdout or stderr between begin and end; the caller frees it. */
void capture_begin(FILE **stream);
char *capture_end(FILE **stream);
/* Runs `fake WORDS…`, which must exit with `end`; what it prints on `stream`. The caller frees it. */
char *run_command(const struct model *model, const char *line, int end, FILE **stream);

#endif
