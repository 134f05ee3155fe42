/* attack.h - `NAME attack`: how a trained network answers when its inputs are moved against it.
 *
 *     lenet5 attack --model M --epsilon 0.05,0.1 --method pgd
 *         ->    accuracy over ε, and the examples that were led astray most surely */
#ifndef NETC_ATTACK_H
#define NETC_ATTACK_H

#include "adversary.h"
#include "dataset.h"
#include "model.h"
#include "run/options.h"
#include "run/trained.h"
#include "score.h"

enum { ATTACK_STRONG = 6 }; /* examples that are kept of each ε */

/* An example that was right and is wrong now, the surest first. */
struct attack_example {
    size_t number; /* in the split */
    int target, answer;
    double before, after; /* probability of the target at first, of the answer now */
    real *clean, *moved;  /* [input size] as the network sees them */
};

/* One ε. */
struct attack_row {
    double epsilon;
    struct score score;
    struct attack_example strong[ATTACK_STRONG];
    int strong_count;
    real *moved; /* [examples][input size] for --save; else NULL */
};

struct attack {
    const struct model *model;
    const struct options *options;
    struct trained trained;
    struct examples examples; /* of the split, as many as --limit lets */
    size_t size;              /* numbers of an input */
    struct attack_row *rows;  /* [row_count] the first is ε = 0, the others ascend */
    int row_count;
};

/* Fills the scores of all rows, and what they keep. */
void attack_run(struct attack *attack);
struct adversary attack_adversary(const struct attack *attack, double epsilon);
/* The name of a class, or its number. */
const char *attack_class_name(const struct attack *attack, int class, char *number, size_t size);
/* Have the inputs a form that can be shown? */
bool attack_has_pictures(const struct attack *attack);

/* page.c and save.c: --out and --save. */
bool attack_write_page(const struct attack *attack, const char *path, struct problem *problem);
bool attack_save(const struct attack *attack, const char *path, struct problem *problem);

#endif
