/* mistakes.c - the examples that a network is most wrong about, as pictures or as rows; and of a network
 * whose target is its input the copies beside their inputs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/figures.h"
#include "run_report/sections.h"
#include "run_report/thumb.h"

enum { ROWS = 12, FEATURES = 6, COPIES = 6 };

static real *read_input(const struct tested *tested, size_t example)
{
    const struct model_shape *input = &tested->model->input;
    const size_t size = (size_t)input->height * (size_t)input->width * (size_t)input->channels;
    real *values = memory_resize(NULL, size, sizeof *values);
    examples_read_input(tested->examples, example, values, input->height, input->width * input->channels,
                        input->width * input->channels);
    return values;
}

static void print_pictures(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    html_gallery_begin(page);
    for (int i = 0; i < tested->mistake_count; i++) {
        const struct mistake *mistake = &tested->mistakes[i];
        char one[16], other[16], description[256];
        const char *target = figures_class_name(reported->class_names, mistake->target, one, sizeof one);
        const char *predicted =
            figures_class_name(reported->class_names, mistake->predicted, other, sizeof other);
        real *values = read_input(tested, mistake->example);
        char *address = thumb_of(tested->model, tested->normaliser, values, NULL);
        snprintf(description, sizeof description, "example %zu", mistake->example);
        page->lacks_memory = page->lacks_memory || !address;
        html_picture(page, address ? address : "", description, thumb_width(tested->model),
                     "%s,\ntaken for %s\n%.1f %%", target, predicted, 100 * mistake->probability);
        free(address);
        free(values);
    }
    html_gallery_end(page);
}

/* In the units of the data. */
static double feature_of(const struct tested *tested, const real *values, int k)
{
    const struct normaliser *normaliser = tested->normaliser;
    const double value = (double)values[k];
    return (normaliser->input_count ? value * normaliser->input_deviation[k] + normaliser->input_mean[k]
                                    : value) /
           normaliser->scale;
}

static void print_rows(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    const struct normaliser *normaliser = tested->normaliser;
    const int features = normaliser->feature_count < FEATURES ? normaliser->feature_count : FEATURES;
    struct html_column columns[4 + FEATURES] = {
        {"example", true}, {"true", false}, {"predicted", false}, {"probability", true}};
    for (int k = 0; k < features; k++)
        columns[4 + k] = (struct html_column){normaliser->features[k], true};
    html_table_begin(page, NULL, columns, 4 + features);
    for (int i = 0; i < tested->mistake_count && i < ROWS; i++) {
        const struct mistake *mistake = &tested->mistakes[i];
        char one[16], other[16];
        real *values = read_input(tested, mistake->example);
        html_row(page);
        html_cell(page, "%zu", mistake->example);
        html_cell(page, "%s", figures_class_name(reported->class_names, mistake->target, one, sizeof one));
        html_cell(page, "%s",
                  figures_class_name(reported->class_names, mistake->predicted, other, sizeof other));
        html_cell(page, "%.1f %%", 100 * mistake->probability);
        for (int k = 0; k < features; k++)
            html_cell(page, "%.4g", feature_of(tested, values, k));
        free(values);
    }
    html_table_end(page);
}

void section_mistakes(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    if (!tested || tested->kind != TESTED_CLASSES || model_positions(tested->model) > 1)
        return;
    html_heading(page, "Most confident mistakes");
    if (!tested->mistake_count) {
        html_paragraph(page, "None: all %zu examples of the %s split are right.", tested->examples->count,
                       tested->split);
        return;
    }
    if (thumb_is_possible(tested->model))
        print_pictures(page, reported);
    else
        print_rows(page, reported);
    html_note(page, "Of the %s split: what each is, what it was taken for, and with which probability.",
              tested->split);
}

static void print_copy(struct html *page, const struct reported *reported, size_t example)
{
    const struct tested *tested = reported->tested;
    const struct model *model = tested->model;
    const int size = model->target_size;
    real *values = read_input(tested, example);
    const real *copy = model->predict(reported->net, tested->examples, example, 1);
    char *address = thumb_of(model, tested->normaliser, values, copy);
    double squared = 0;
    for (int i = 0; i < size; i++)
        squared += pow((double)copy[i] - (double)values[i], 2);
    page->lacks_memory = page->lacks_memory || !address;
    html_picture(page, address ? address : "", "input and copy", 2 * thumb_width(model), "MSE %.4g",
                 squared / size);
    free(address);
    free(values);
}

void section_copies(struct html *page, const struct reported *reported)
{
    const struct tested *tested = reported->tested;
    if (!tested || tested->kind != TESTED_COPIES || !thumb_is_possible(tested->model))
        return;
    html_heading(page, "Copies");
    html_paragraph(
        page,
        "Inputs of the %s split, each beside what the network made of it: the first, and those with "
        "the largest mean squared error.",
        tested->split);
    html_gallery_begin(page);
    for (size_t i = 0; i < COPIES && i < tested->examples->count; i++)
        print_copy(page, reported, i);
    html_gallery_end(page);
    html_gallery_begin(page);
    for (int i = 0; i < COPIES && i < tested->mistake_count; i++)
        print_copy(page, reported, tested->mistakes[i].example);
    html_gallery_end(page);
}
