/* split.c - how many of each class (largest remainder), then which (Fisher-Yates); or all of them in an
 * order.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "data/split.h"
#include "random.h"

struct stratum {
    uint32_t *members; /* [size] places in draw->rows */
    size_t size;
    size_t quota; /* of them are drawn */
    uint64_t remainder;
    int class;
};

static int stratum_by_remainder(const void *left, const void *right)
{
    const struct stratum *a = left, *b = right;
    if (a->remainder != b->remainder)
        return a->remainder > b->remainder ? -1 : 1;
    return a->class - b->class;
}

/* Shares rounded down, and one more for those that lost most by it, until the total is as wanted. */
static void split_share_out(const struct split_draw *draw, struct stratum *strata, int count)
{
    size_t given = 0;
    for (int k = 0; k < count; k++) {
        uint64_t share = (uint64_t)draw->wanted * strata[k].size;
        strata[k].quota = (size_t)(share / draw->count);
        strata[k].remainder = share % draw->count;
        given += strata[k].quota;
    }
    qsort(strata, (size_t)count, sizeof *strata, stratum_by_remainder);
    for (int k = 0; given < draw->wanted; k++, given++)
        strata[k].quota++;
}

/* Brings the first `quota` members of a random order to the front. Numbers depend on the class alone. */
static void stratum_shuffle(const struct split_draw *draw, struct stratum *stratum)
{
    uint32_t element = 0, *members = stratum->members;
    for (size_t i = 0; i < stratum->quota; i++) {
        size_t other = i + random_below(draw->seed, draw->stream, (uint32_t)stratum->class, &element,
                                        (uint32_t)(stratum->size - i));
        uint32_t member = members[i];
        members[i] = members[other];
        members[other] = member;
    }
}

static int class_of(const struct split_draw *draw, size_t i)
{
    return draw->classes ? draw->classes[draw->rows[i]] : 0;
}

static void split_fill_strata(const struct split_draw *draw, struct stratum *strata, int count,
                              uint32_t *members)
{
    for (size_t i = 0; i < draw->count; i++)
        strata[class_of(draw, i)].size++;
    for (int k = 0; k < count; k++) {
        strata[k].class = k;
        strata[k].members = members;
        members += strata[k].size;
        strata[k].size = 0;
    }
    for (size_t i = 0; i < draw->count; i++) {
        struct stratum *stratum = &strata[class_of(draw, i)];
        stratum->members[stratum->size++] = (uint32_t)i;
    }
}

/* Member number `rank` of its class, which has `size`. */
struct ranked {
    uint32_t place;
    uint32_t rank, size;
    int class;
};

/* By (rank + 1/2) / size, exactly; classes that are equally far in their order. */
static int ranked_compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    uint64_t first = (2 * (uint64_t)a->rank + 1) * b->size, second = (2 * (uint64_t)b->rank + 1) * a->size;
    return first != second ? (first < second ? -1 : 1) : a->class - b->class;
}

void split_rank(const struct split_draw *draw, uint32_t *order)
{
    int count = draw->classes ? draw->class_count : 1;
    struct stratum *strata = memory_resize(NULL, (size_t)count, sizeof *strata);
    uint32_t *members = memory_resize(NULL, draw->count, sizeof *members);
    struct ranked *ranked = memory_resize(NULL, draw->count, sizeof *ranked), *at = ranked;
    memset(strata, 0, (size_t)count * sizeof *strata);
    split_fill_strata(draw, strata, count, members);
    for (int k = 0; k < count; k++) {
        strata[k].quota = strata[k].size;
        stratum_shuffle(draw, &strata[k]);
        for (size_t i = 0; i < strata[k].size; i++)
            *at++ = (struct ranked){strata[k].members[i], (uint32_t)i, (uint32_t)strata[k].size, k};
    }
    qsort(ranked, draw->count, sizeof *ranked, ranked_compare);
    for (size_t i = 0; i < draw->count; i++)
        order[i] = ranked[i].place;
    free(ranked);
    free(members);
    free(strata);
}

void split_draw(const struct split_draw *draw, uint32_t *taken, uint32_t *rest)
{
    int count = draw->classes ? draw->class_count : 1;
    struct stratum *strata = memory_resize(NULL, (size_t)count, sizeof *strata);
    uint32_t *members = memory_resize(NULL, draw->count, sizeof *members);
    bool *is_taken = memory_resize(NULL, draw->count, sizeof *is_taken);
    memset(strata, 0, (size_t)count * sizeof *strata);
    memset(is_taken, 0, draw->count * sizeof *is_taken);
    split_fill_strata(draw, strata, count, members);
    split_share_out(draw, strata, count);
    for (int k = 0; k < count; k++) {
        stratum_shuffle(draw, &strata[k]);
        for (size_t i = 0; i < strata[k].quota; i++)
            is_taken[strata[k].members[i]] = true;
    }
    for (size_t i = 0; i < draw->count; i++)
        *(is_taken[i] ? taken++ : rest++) = draw->rows[i];
    free(is_taken);
    free(members);
    free(strata);
}
