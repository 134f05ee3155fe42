/* options.h - the command line of a trainer: `lenet5 train --data d.yaml --epochs 5` -> struct options.
 *
 * One table has every option with the commands that take it; help texts and did-you-mean come from it. */
#ifndef NETC_RUN_OPTIONS_H
#define NETC_RUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum command {
    COMMAND_INFO = 1,
    COMMAND_TRAIN = 2,
    COMMAND_EVALUATE = 4,
    COMMAND_PREDICT = 8,
    COMMAND_GRADCHECK = 16,
    COMMAND_BENCH = 32,
    COMMAND_LOOK = 64,
    COMMAND_ATTACK = 128,
    COMMAND_CALIBRATE = 256,
    COMMAND_FIND_RATE = 512,
};

/* Of attack. */
enum { METHOD_FGSM, METHOD_PGD };
enum { NORM_INF, NORM_2 };
enum { START_RANDOM, START_INPUT };
enum { EPSILONS = 64 };

enum progress_form { PROGRESS_AUTO, PROGRESS_BAR, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NONE };

struct options {
    enum command command;
    const char *data;          /* --data; NULL: the model's */
    const char *model;         /* --model */
    const char *init;          /* --init; NULL: the seed alone decides */
    bool debug_numerics;       /* --debug-numerics */
    const char *settings;      /* --settings; NULL: they are compiled in */
    const char *resume;        /* --resume; NULL: a new run */
    double checkpoint_seconds; /* --checkpoint-every; 0: by steps */
    int checkpoint_steps;      /* the same, in steps; 0: by time */
    const char *out;           /* --out; NULL: runs/NAME-1, …; of predict: no pictures */
    const char *split;         /* --split of evaluate and calibrate */
    int epochs;                /* --epochs; 0: the model's */
    bool fast_dev_run;         /* --fast-dev-run */
    bool overfit_batch;        /* --overfit-batch */
    double share;              /* --share of the training examples; 0: all */
    bool has_seed;
    uint64_t seed;
    enum progress_form progress;
    int top;                   /* --top of predict; 0: left out */
    int samples;               /* --samples of predict; 0: none */
    double interval;           /* --interval of predict, 0 … 1; 0: none */
    const char *unlike;        /* --unlike of evaluate; NULL: no other data */
    bool json;                 /* --json */
    const char *class;         /* --class of look; NULL: what is predicted */
    const char *layer, *unit;  /* --layer and --unit of look; NULL: none */
    double seconds;            /* --seconds of bench */
    int method, norm, start;   /* of attack: METHOD_…, NORM_…, START_… */
    double epsilons[EPSILONS]; /* --epsilon, in the order of the command line */
    int epsilon_count;
    bool has_steps;
    int steps;                /* --steps of pgd and find-rate */
    double from, to;          /* --from and --to of find-rate */
    double step_size;         /* --step-size of pgd; 0: the usual one */
    int limit;                /* --limit; 0: the whole split */
    const char *save;         /* --save; NULL: nowhere */
    int threads;              /* --threads; 0: as many as there are */
    const char *const *files; /* what stands without an option, for predict and look */
    int file_count;
};

/* Fills the options. Returns -1 to go on, else the exit code to end with (help was printed, or an error
 * told). */
int options_read(struct options *options, const char *name, int argc, char **argv);

#endif
