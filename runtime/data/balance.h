/* balance.h - epochs in which every class, or every group, gives as many examples as any other.
 *
 *     90 of class 0, 10 of class 1   ->   an epoch of 100: all ten of class 1 five times, 50 of class 0;
 *                                         in the next epoch other 50
 *
 * An epoch stays as long as the training split: of n examples each of k parts gives n / k, and where that is
 * no whole number, n mod k of them, others in every epoch, give one more. A part takes each of its members as
 * often as fits, and draws the rest without replacement from seed and epoch alone. Of several groupings a
 * part is what their groups have in common; parts without a member do not count. */
#ifndef NETC_DATA_BALANCE_H
#define NETC_DATA_BALANCE_H

#include "dataset.h"
#include "model.h"
#include "sha256.h"

struct balance {
    struct examples examples; /* of the epoch drawn last; its memory stays */
    const struct examples *train;
    int parts;
    size_t *starts;    /* [parts + 1] of a part in `members` */
    uint32_t *members; /* [train->count] numbers in the training split, part by part */
    uint32_t *drawn;   /* [train->count] room for a part's order */
    uint32_t *rows;    /* [train->count] of `examples` */
    uint32_t *copies;
};

/* Parts of the training split as the model's settings want them. False and a problem where the data have
 * none; `balance` may be released then, too. */
bool balance_create(struct balance *balance, const struct dataset *data, const struct model *model,
                    struct problem *problem);
void balance_release(struct balance *balance);
/* SHA-256 of which examples belong to which part, as 64 hex digits: a manifest may change where its files do
 * not. */
void balance_print_hash(const struct balance *balance, char hex[SHA256_HEX]);
void balance_draw(struct balance *balance, uint64_t seed, int epoch);

#endif
