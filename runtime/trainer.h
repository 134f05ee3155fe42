/* trainer.h - the program around a generated network: `NAME train`, `NAME evaluate`, … */
#ifndef NETC_TRAINER_H
#define NETC_TRAINER_H

struct model;

/* The whole of main. Returns the exit code: 0 done, 1 the data or a file is wrong, 2 the command is wrong, 3
 * a fault of this program, 4 training went wrong (NaN, Inf) and the last good weights were kept. */
int trainer_main(const struct model *model, int argc, char **argv);

#endif
