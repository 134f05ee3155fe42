/* familiarity.c - scores of logits, thresholds as order statistics, and the area under a ROC curve by ranks.
 */
#include "metrics/familiarity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"

const char *familiarity_score_name(enum familiarity_score score)
{
    static const char *const names[] = {"softmax", "energy", "density"};
    return names[score];
}

struct familiarity_scores familiarity_measure(const struct familiarity *familiarity, const real *logit,
                                              int classes)
{
    const double temperature = familiarity->temperature,
                 log_sum = calibration_log_sum(logit, classes, temperature);
    double largest = (double)logit[0];
    for (int k = 1; k < classes; k++)
        largest = fmax(largest, (double)logit[k]);
    return (struct familiarity_scores){
        {[SCORE_SOFTMAX] = exp(largest / temperature - log_sum),
         [SCORE_ENERGY] = temperature * log_sum,
         [SCORE_DENSITY] = familiarity->density.classes ? density_log(&familiarity->density, logit) : 0}};
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

bool familiarity_is_unlike(const struct familiarity *familiarity, const struct familiarity_scores *scores)
{
    for (int s = 0; s < FAMILIARITY_SCORES; s++)
        if (scores->of[s] < familiarity->together.of[s])
            return true;
    return false;
}

static size_t count_unlike(const struct familiarity *familiarity, const struct familiarity_scores *scores,
                           size_t count)
{
    size_t unlike = 0;
    for (size_t i = 0; i < count; i++)
        unlike += familiarity_is_unlike(familiarity, &scores[i]);
    return unlike;
}

/* Thresholds that `tail` examples lie below, by each score. */
static void set_together(struct familiarity *familiarity, double *const sorted[FAMILIARITY_SCORES],
                         size_t tail)
{
    familiarity->together = (struct familiarity_scores){
        {[SCORE_SOFTMAX] = -INFINITY,
         [SCORE_ENERGY] = sorted[SCORE_ENERGY][tail],
         [SCORE_DENSITY] = familiarity->density.classes ? sorted[SCORE_DENSITY][tail] : -INFINITY}};
}

void familiarity_fit(struct familiarity *familiarity, const struct familiarity_scores *scores, size_t count)
{
    double *sorted[FAMILIARITY_SCORES];
    const size_t most = count - (size_t)ceil(FAMILIARITY_KEEPS * (double)count);
    for (int s = 0; s < FAMILIARITY_SCORES; s++) {
        sorted[s] = memory_resize(NULL, count, sizeof(double));
        for (size_t i = 0; i < count; i++)
            sorted[s][i] = scores[i].of[s];
        qsort(sorted[s], count, sizeof(double), compare_doubles);
        familiarity->alone.of[s] = sorted[s][most];
    }
    if (!familiarity->density.classes)
        familiarity->alone.of[SCORE_DENSITY] = -INFINITY;
    size_t low = 0, high = most + 1; /* the longest tail that both together may cut off is in [low, high) */
    while (high - low > 1) {
        const size_t tail = low + (high - low) / 2;
        set_together(familiarity, sorted, tail);
        *(count_unlike(familiarity, scores, count) <= most ? &low : &high) = tail;
    }
    set_together(familiarity, sorted, low);
    for (int s = 0; s < FAMILIARITY_SCORES; s++)
        free(sorted[s]);
}

/* How many of the sorted numbers are below `limit`; with `or_equal` not above it. */
static size_t count_up_to(const double *sorted, size_t count, double limit, bool or_equal)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle] < limit || (or_equal && sorted[middle] == limit))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double familiarity_auroc(const double *familiar, size_t familiar_count, const double *strange,
                         size_t strange_count)
{
    double *sorted = memory_resize(NULL, strange_count + 1, sizeof *sorted), sum = 0;
    memcpy(sorted, strange, strange_count * sizeof *sorted);
    qsort(sorted, strange_count, sizeof *sorted, compare_doubles);
    for (size_t i = 0; i < familiar_count; i++)
        sum += (double)(count_up_to(sorted, strange_count, familiar[i], false) +
                        count_up_to(sorted, strange_count, familiar[i], true)) /
               2;
    free(sorted);
    return sum / (double)familiar_count / (double)strange_count;
}
