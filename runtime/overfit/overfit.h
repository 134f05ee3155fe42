/* overfit.h - what the parts of `NAME train --overfit-batch` share: the one batch, and how well it is known.
 */
#ifndef NETC_OVERFIT_OVERFIT_H
#define NETC_OVERFIT_OVERFIT_H

#include "run/session.h"

struct overfit {
    struct session session;
    struct batch batch;       /* as training would begin with it */
    struct examples examples; /* the same, as a split */
    uint32_t *rows;           /* [batch.count] of `examples` */
    int most;                 /* steps, at most */
    int steps;                /* that were made */
    bool has_diverged;
    struct score first, half, now; /* before the first step, after half of all, after the last; dropout off */
};

/* Is the batch known by heart? Classes: all of them right (of pixels 99 %), and the loss at most a tenth of
 * what it was; numbers: at most 1 % of their variance is left over. */
bool overfit_is_memorised(const struct overfit *overfit);
/* What may stand in the way, a sentence each. */
void overfit_print_advice(const struct overfit *overfit);

#endif
