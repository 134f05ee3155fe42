/* confusion.c - counts of targets and predictions, and shares of them. */
#include "metrics/confusion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"

static void *zeroed(size_t count, size_t size)
{
    return memset(memory_resize(NULL, count, size), 0, count * size);
}

void confusion_create(struct confusion *confusion, int classes)
{
    const size_t count = (size_t)classes;
    *confusion = (struct confusion){.classes = classes};
    confusion->by_class = zeroed(count, sizeof *confusion->by_class);
    if (classes <= CONFUSION_CLASSES)
        confusion->pairs = zeroed(count * count, sizeof *confusion->pairs);
}

void confusion_release(struct confusion *confusion)
{
    free(confusion->by_class);
    free(confusion->pairs);
    *confusion = (struct confusion){0};
}

static size_t *pair_at(const struct confusion *confusion, int target, int predicted)
{
    return &confusion->pairs[(size_t)target * (size_t)confusion->classes + (size_t)predicted];
}

void confusion_add(struct confusion *confusion, int target, int predicted)
{
    confusion->by_class[target].examples++;
    confusion->by_class[predicted].predicted++;
    confusion->by_class[target].hits += target == predicted;
    if (confusion->pairs)
        ++*pair_at(confusion, target, predicted);
}

void confusion_add_answer(struct confusion *confusion, int k, bool target, bool predicted)
{
    confusion->by_class[k].examples += target;
    confusion->by_class[k].predicted += predicted;
    confusion->by_class[k].hits += target && predicted;
}

size_t confusion_pair(const struct confusion *confusion, int target, int predicted)
{
    return *pair_at(confusion, target, predicted);
}

static double share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

double class_precision(const struct class_counts *counts)
{
    return share(counts->hits, counts->predicted);
}

double class_recall(const struct class_counts *counts)
{
    return share(counts->hits, counts->examples);
}

double class_f1(const struct class_counts *counts)
{
    return share(2 * counts->hits, counts->examples + counts->predicted);
}

double class_iou(const struct class_counts *counts)
{
    return share(counts->hits, counts->examples + counts->predicted - counts->hits);
}

/* Of the classes that have that share. */
static double mean_of(const struct confusion *confusion, double (*of)(const struct class_counts *counts))
{
    double sum = 0;
    size_t occurring = 0;
    for (int k = 0; k < confusion->classes; k++) {
        const double figure = of(&confusion->by_class[k]);
        if (!isnan(figure)) {
            sum += figure;
            occurring++;
        }
    }
    return occurring ? sum / (double)occurring : NAN;
}

double confusion_macro_f1(const struct confusion *confusion)
{
    return mean_of(confusion, class_f1);
}

double confusion_mean_iou(const struct confusion *confusion)
{
    return mean_of(confusion, class_iou);
}

/* Each pair finds its place among the best so far. */
int confusion_most(const struct confusion *confusion, struct confused_pair *pairs, int most)
{
    int count = 0;
    for (int i = 0; confusion->pairs && i < confusion->classes; i++)
        for (int j = 0; j < confusion->classes; j++) {
            const size_t number = i == j ? 0 : confusion_pair(confusion, i, j);
            int at = count;
            while (at > 0 && pairs[at - 1].count < number)
                at--;
            if (number == 0 || at == most)
                continue;
            count += count < most;
            memmove(&pairs[at + 1], &pairs[at], (size_t)(count - 1 - at) * sizeof *pairs);
            pairs[at] = (struct confused_pair){i, j, number};
        }
    return count;
}
