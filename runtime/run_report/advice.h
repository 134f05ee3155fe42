/* advice.h - a remedy in the words of a network and its .net text.
 *
 *     REMEDY_DROPOUT   ->   raise dropout (line 11: dropout 0.2)
 *                      ->   add "dropout 0.3" behind f5 (line 9: f5: dense 120 relu) */
#ifndef NETC_RUN_REPORT_ADVICE_H
#define NETC_RUN_REPORT_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "dataset.h"
#include "model.h"
#include "run_report/diagnosis.h"

struct advised {
    const struct model *model;
    const struct normaliser *normaliser;
    size_t examples;  /* in the training split */
    int epochs;       /* of the run: the model's, or --epochs */
    const char *text; /* the .net text; "": unknown */
};

/* False where it has no sense for this network: then `to` is "". */
bool advice_text(const struct advised *advised, enum remedy remedy, char *to, size_t size);

#endif
