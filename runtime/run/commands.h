/* commands.h - one function for each command of a trainer; each returns the exit code. */
#ifndef NETC_RUN_COMMANDS_H
#define NETC_RUN_COMMANDS_H

#include "model.h"
#include "problem.h"
#include "run/options.h"

int command_info(const struct model *model, const struct options *options);
int command_train(const struct model *model, const struct options *options);
/* train --overfit-batch */
int command_overfit(const struct model *model, const struct options *options);
int command_evaluate(const struct model *model, const struct options *options);
int command_predict(const struct model *model, const struct options *options);
int command_look(const struct model *model, const struct options *options);
int command_attack(const struct model *model, const struct options *options);
int command_calibrate(const struct model *model, const struct options *options);
int command_find_rate(const struct model *model, const struct options *options);
int command_gradcheck(const struct model *model, const struct options *options);
int command_bench(const struct model *model, const struct options *options);

enum { EXIT_DONE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_FAULT = 3, EXIT_DIVERGED = 4 };

/* Prints the problem on standard error and returns EXIT_INPUT. */
int command_failed(const struct problem *problem);
/* The table of layers with totals, as `info` and `train` show it. */
void print_layers(const struct model *model);
/* Bytes for people: "3.85 MiB". */
const char *bytes_text(double bytes, char *text, size_t size);
/* "833 k" */
const char *flop_text(double flop, char *text, size_t size);
/* "14x14x6", or "120" for a vector */
const char *shape_text(const struct model_shape *shape, char *text, size_t size);
/* --data, else the manifest that the .net file names, relative to its folder; NULL and a problem without
 * either. */
const char *find_manifest(const struct model *model, const struct options *options, char *path, size_t size,
                          struct problem *problem);

#endif
