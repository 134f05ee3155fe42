/* classes.c - the section of networks that tell classes: which was taken for which. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/figures.h"
#include "run_report/sections.h"

enum { MATRIX_MOST = 25, CLASSES_MOST = 50, PAIRS_MOST = 20 };

static const char *name_of(const struct reported *reported, int k, char *number, size_t size)
{
    return figures_class_name(reported->class_names, k, number, size);
}

/* "0.914", or a dash for a share of nothing. */
static void share_cell(struct html *page, double share)
{
    if (isnan(share))
        html_cell(page, "–");
    else
        html_cell(page, "%.3f", share);
}

/* Grounds are as strong as the root of a cell's share of its row, so that rare mistakes are seen. */
static void print_matrix(struct html *page, const struct reported *reported)
{
    const struct confusion *confusion = &reported->tested->confusion;
    const int count = confusion->classes;
    char numbers[MATRIX_MOST][16];
    const char *names[MATRIX_MOST] = {0};
    size_t most = 0;
    for (int k = 0; k < count; k++) {
        names[k] = name_of(reported, k, numbers[k], sizeof numbers[k]);
        most = confusion->by_class[k].examples > most ? confusion->by_class[k].examples : most;
    }
    html_matrix_begin(page, most > 99999 ? "Confusion, % of a row" : "Confusion", "true \\ predicted", names,
                      count);
    for (int i = 0; i < count; i++) {
        const size_t row = confusion->by_class[i].examples;
        html_matrix_row(page, names[i]);
        for (int j = 0; j < count; j++) {
            const size_t pair = confusion_pair(confusion, i, j);
            const double share = row ? (double)pair / (double)row : 0;
            if (most > 99999)
                html_matrix_cell(page, sqrt(share), "%.1f", 100 * share);
            else
                html_matrix_cell(page, sqrt(share), "%zu", pair);
        }
    }
    html_matrix_end(page);
}

static void print_pairs(struct html *page, const struct reported *reported)
{
    static const struct html_column columns[] = {
        {"true", false}, {"taken for", false}, {"times", true}, {"of", true}};
    const struct confusion *confusion = &reported->tested->confusion;
    struct confused_pair pairs[PAIRS_MOST];
    const int count = confusion_most(confusion, pairs, PAIRS_MOST);
    if (!count)
        return;
    html_table_begin(page, "Confused most often", columns, 4);
    for (int i = 0; i < count; i++) {
        char one[16], other[16];
        html_row(page);
        html_cell(page, "%s", name_of(reported, pairs[i].target, one, sizeof one));
        html_cell(page, "%s", name_of(reported, pairs[i].predicted, other, sizeof other));
        html_cell(page, "%zu", pairs[i].count);
        html_cell(page, "%zu", confusion->by_class[pairs[i].target].examples);
    }
    html_table_end(page);
}

/* A class and its F1, for sorting; one without comes last. */
struct ranked {
    int class;
    double f1;
};

static int compare_f1(const void *one, const void *other)
{
    const struct ranked *a = one, *b = other;
    return a->f1 < b->f1 ? -1 : a->f1 > b->f1 ? 1 : a->class - b->class;
}

/* Of very many classes those that do worst. */
static void print_classes(struct html *page, const struct reported *reported)
{
    static const struct html_column columns[] = {{"class", false}, {"precision", true}, {"recall", true},
                                                 {"F1", true},     {"examples", true},  {"IoU", true}};
    const struct tested *tested = reported->tested;
    const bool has_iou = model_positions(tested->model) > 1, is_part = tested->classes > CLASSES_MOST;
    struct ranked *order = memory_resize(NULL, (size_t)tested->classes, sizeof *order);
    for (int k = 0; k < tested->classes; k++) {
        const double f1 = class_f1(&tested->confusion.by_class[k]);
        order[k] = (struct ranked){k, isnan(f1) ? 2 : f1};
    }
    if (is_part)
        qsort(order, (size_t)tested->classes, sizeof *order, compare_f1);
    html_table_begin(page, is_part ? "The classes with the lowest F1" : "By class", columns, has_iou ? 6 : 5);
    for (int i = 0; i < tested->classes && i < CLASSES_MOST; i++) {
        const struct class_counts *counts = &tested->confusion.by_class[order[i].class];
        const size_t either = counts->examples + counts->predicted - counts->hits;
        char number[16];
        html_row(page);
        html_cell(page, "%s", name_of(reported, order[i].class, number, sizeof number));
        share_cell(page, class_precision(counts));
        share_cell(page, class_recall(counts));
        share_cell(page, class_f1(counts));
        html_cell(page, "%zu", counts->examples);
        if (has_iou)
            share_cell(page, either ? (double)counts->hits / (double)either : NAN);
    }
    html_table_end(page);
    free(order);
}

static void print_missing(struct html *page, const struct tested *tested)
{
    int missing = 0;
    for (int k = 0; k < tested->classes; k++)
        missing += tested->confusion.by_class[k].examples == 0;
    if (missing)
        html_note(page, "%d of %d classes %s no example in the %s split: their recall is unknown.", missing,
                  tested->classes, missing == 1 ? "has" : "have", tested->split);
}

void section_classes(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    if (!tested || (tested->kind != TESTED_CLASSES && tested->kind != TESTED_LABELS))
        return;
    html_heading(page, tested->kind == TESTED_LABELS ? "Labels" : "Classes");
    html_paragraph(page, "%zu %s of the %s split, macro F1 %.4f.", tested->examples->count,
                   model_positions(tested->model) > 1 ? "pictures" : "examples", tested->split,
                   confusion_macro_f1(&tested->confusion));
    html_tables_begin(page);
    if (tested->kind == TESTED_CLASSES && tested->classes <= MATRIX_MOST)
        print_matrix(page, reported);
    else if (tested->kind == TESTED_CLASSES)
        print_pairs(page, reported);
    print_classes(page, reported);
    html_tables_end(page);
    print_missing(page, tested);
}
