/* train.h - the statements of train { }, between train.c, which reads them, and train_together.c. */
#ifndef NETC_CHECK_TRAIN_H
#define NETC_CHECK_TRAIN_H

#include "check/check.h"

/* Where each kind of statement stands, so that a second one is told; by the kinds' names. */
struct train_statements {
    const struct tree_statement *all[32];
    int count;
};

/* NULL: there is none of that kind. */
const struct tree_statement *train_find_statement(const struct train_statements *seen, const char *kind);
/* Tells what is wrong with statements that are right alone. */
void train_check_together(struct check *check, const struct train_statements *seen);

#endif
