/* overlap.c - counts of positions, and the shares made of them. */
#include "metrics/overlap.h"

#include <math.h>
#include <stdlib.h>

#include "score.h"

struct overlap overlap_create(int classes)
{
    return (struct overlap){.classes = calloc((size_t)classes, sizeof(struct overlap_class)),
                            .count = classes};
}

void overlap_release(struct overlap *overlap)
{
    free(overlap->classes);
    *overlap = (struct overlap){0};
}

void overlap_add_classes(struct overlap *overlap, const real *probability, const int32_t *target,
                         int positions)
{
    for (int p = 0; p < positions; p++, probability += overlap->count) {
        const int found = score_most_probable(probability, overlap->count);
        overlap->classes[found].found++;
        overlap->classes[target[p]].there++;
        overlap->classes[found].both += found == target[p];
    }
    overlap->positions += (size_t)positions;
}

void overlap_add_answers(struct overlap *overlap, const real *probability, const real *target, int positions)
{
    for (int i = 0; i < positions * overlap->count; i++) {
        struct overlap_class *class = &overlap->classes[i % overlap->count];
        const bool is_found = probability[i] > (real)0.5, is_there = target[i] > (real)0.5;
        class->found += is_found;
        class->there += is_there;
        class->both += is_found && is_there;
    }
    overlap->positions += (size_t)positions;
}

double overlap_iou(const struct overlap_class *class)
{
    const size_t either = class->found + class->there - class->both;
    return either ? (double)class->both / (double)either : NAN;
}

double overlap_recall(const struct overlap_class *class)
{
    return class->there ? (double)class->both / (double)class->there : NAN;
}

double overlap_mean_iou(const struct overlap *overlap)
{
    double sum = 0;
    int count = 0;
    for (int k = 0; k < overlap->count; k++) {
        const double iou = overlap_iou(&overlap->classes[k]);
        sum += isnan(iou) ? 0 : iou;
        count += !isnan(iou);
    }
    return count ? sum / count : NAN;
}
