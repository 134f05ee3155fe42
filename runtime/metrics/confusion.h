/* confusion.h - which class was taken for which, and precision, recall, F1 and intersection over union of
 * each.
 *
 *     true 0 0 1 2, predicted 0 1 1 1   ->   class 1: precision 1/3, recall 1, F1 1/2, IoU 1/3
 *
 * Precision is the share of hits among what was predicted as a class, recall that among what is of it, F1
 * their harmonic mean; a share of nothing is NaN: a class that the split lacks has no recall. */
#ifndef NETC_METRICS_CONFUSION_H
#define NETC_METRICS_CONFUSION_H

#include <stdbool.h>
#include <stddef.h>

enum { CONFUSION_CLASSES = 2048 }; /* for more no pairs are counted: their table would have gigabytes */

/* Of one class: what is of it, what was predicted as it, and both. */
struct class_counts {
    size_t examples, predicted, hits;
};

struct confusion {
    int classes;
    struct class_counts *by_class; /* [classes] */
    size_t *pairs;                 /* [true][predicted]; NULL with too many classes */
};

void confusion_create(struct confusion *confusion, int classes);
void confusion_release(struct confusion *confusion);
/* Both must be below `classes`. */
void confusion_add(struct confusion *confusion, int target, int predicted);
/* Where several answers may be yes at once: that of class k. No pairs are counted. */
void confusion_add_answer(struct confusion *confusion, int k, bool target, bool predicted);
size_t confusion_pair(const struct confusion *confusion, int target, int predicted);

double class_precision(const struct class_counts *counts);
double class_recall(const struct class_counts *counts);
double class_f1(const struct class_counts *counts);  /* 2 hits / (examples + predicted) */
double class_iou(const struct class_counts *counts); /* Jaccard's: hits / (examples + predicted - hits) */
/* The mean of the classes that occur as target or prediction: scikit-learn's macro average. */
double confusion_macro_f1(const struct confusion *confusion);
double confusion_mean_iou(const struct confusion *confusion);

/* The pairs of different classes that were confused most often, the most frequent first, ties in the order of
 * the classes; at most `most` of them. Returns how many. */
struct confused_pair {
    int target, predicted;
    size_t count;
};
int confusion_most(const struct confusion *confusion, struct confused_pair *pairs, int most);

#endif
