/* summary.c - what was found in the files, for the person who starts a training.
 *
 *     train 54000, test 10000 and validation 6000 examples of 28x28x1 in 10 classes, values 0 to 1 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/rows.h"

#define UNBALANCED 1.5 /* times as many in the most frequent class as in the rarest: then it is said */

/* "train 72, dev 2 and test 20", in the order of the manifest, what was drawn last. */
static void summary_add_splits(FILE *to, const struct dataset *data)
{
    for (int i = 0; i < data->split_count; i++) {
        const struct split *split = &data->splits[i];
        bool is_train = strcmp(split->name, "train") == 0;
        bool is_named_validation = data->validation.count > 0 && split->rows == data->validation.rows &&
                                   strcmp(split->name, "validation") != 0;
        fprintf(to, "%s%s %zu%s",
                i == 0                       ? ""
                : i == data->split_count - 1 ? " and "
                                             : ", ",
                split->name, is_train ? data->train.count : split->examples.count,
                is_named_validation ? " (validation)" : "");
    }
}

/* Range of the inputs as the network sees them. */
static void summary_add_range(FILE *to, const struct dataset *data)
{
    const struct normaliser *normaliser = &data->normaliser;
    double least = INFINITY, most = -INFINITY;
    for (int k = 0; k < data->input.channels; k++) {
        bool is_standardised = normaliser->input_count > 0;
        double mean = is_standardised ? normaliser->input_mean[k] : 0;
        double divisor = is_standardised ? normaliser->input_deviation[k] : 1;
        least = fmin(least, (data->least[k] * normaliser->scale - mean) / divisor);
        most = fmax(most, (data->most[k] * normaliser->scale - mean) / divisor);
    }
    fprintf(to, ", values %.4g to %.4g%s", least, most, normaliser->input_count > 0 ? " (standardized)" : "");
}

static void summary_add_targets(FILE *to, const struct dataset *data)
{
    double least = INFINITY, most = -INFINITY, sum = 0;
    size_t values = data->targets.count * data->targets.size;
    for (size_t i = 0; i < values; i++) {
        double value = store_value(&data->targets, i);
        least = fmin(least, value);
        most = fmax(most, value);
        sum += value;
    }
    bool is_one = data->target_size == 1;
    char shape[64];
    if (data->positions > 1)
        fprintf(to, ", targets of %s", rows_print_target(data, shape, sizeof shape));
    else if (data->target_count == 1)
        fprintf(to, ", target '%s'", data->target_names[0]);
    else
        fprintf(to, ", %d target%s", data->target_size, is_one ? "" : "s");
    if (data->output == OUTPUT_BERNOULLI)
        fprintf(to, " 1 in %.3g%%", 100 * sum / (double)values);
    else
        fprintf(to, " %.4g to %.4g%s", least, most,
                data->normaliser.target_count > 0 ? " (standardized)" : "");
}

static void summary_add_balance(FILE *to, const struct dataset *data)
{
    size_t *counts = memory_resize(NULL, (size_t)data->target_size, sizeof *counts);
    memset(counts, 0, (size_t)data->target_size * sizeof *counts);
    for (size_t i = 0; i < data->train.count; i++)
        counts[examples_read_class(&data->train, i)]++;
    int rarest = 0, commonest = 0;
    for (int k = 1; k < data->target_size; k++) {
        rarest = counts[k] < counts[rarest] ? k : rarest;
        commonest = counts[k] > counts[commonest] ? k : commonest;
    }
    if ((double)counts[commonest] > UNBALANCED * (double)counts[rarest]) {
        char numbers[2][16];
        snprintf(numbers[0], sizeof numbers[0], "%d", rarest);
        snprintf(numbers[1], sizeof numbers[1], "%d", commonest);
        fprintf(to, "\nclasses are unbalanced: %s has %zu, %s has %zu of the training examples",
                data->class_count ? data->class_names[rarest] : numbers[0], counts[rarest],
                data->class_count ? data->class_names[commonest] : numbers[1], counts[commonest]);
    }
    free(counts);
}

enum { GROUPS_SHOWN = 8 }; /* more groups of one column are only counted */

/* "groups by sex: 1 has 168, 2 has 151 of the training examples" */
static void summary_add_groups(FILE *to, const struct dataset *data, const struct grouping *grouping)
{
    size_t *counts = memory_resize(NULL, (size_t)grouping->count, sizeof *counts);
    memset(counts, 0, (size_t)grouping->count * sizeof *counts);
    for (size_t i = 0; i < data->train.count; i++)
        counts[examples_group(&data->train, grouping, i)]++;
    fprintf(to, "\ngroups by %s: ", grouping->column);
    if (grouping->count > GROUPS_SHOWN)
        fprintf(to, "%d", grouping->count);
    for (int k = 0; grouping->count <= GROUPS_SHOWN && k < grouping->count; k++)
        fprintf(to, "%s%s has %zu", k ? ", " : "", grouping->names[k], counts[k]);
    fprintf(to, grouping->count > GROUPS_SHOWN ? "" : " of the training examples");
    free(counts);
}

void rows_summarise(struct dataset *data)
{
    char shape[64], *text = NULL;
    size_t length;
    FILE *to = open_memstream(&text, &length);
    if (!to)
        memory_refuse(1, BUFSIZ);
    summary_add_splits(to, data);
    bool is_vector = data->input.is_vector;
    fprintf(to, " examples %s %s", is_vector ? "with" : "of",
            rows_print_shape(&data->input, shape, sizeof shape));
    bool is_map = data->output == OUTPUT_CATEGORICAL && data->targets.count > 0;
    if (data->classes)
        fprintf(to, " in %d classes", data->target_size);
    else if (is_map)
        fprintf(to, ", each of %dx%d positions in %d classes", data->target_height, data->target_width,
                data->target_size);
    summary_add_range(to, data);
    if (data->targets.count > 0 && !is_map)
        summary_add_targets(to, data);
    if (data->classes)
        summary_add_balance(to, data);
    for (int i = 0; i < data->manifest.group_count; i++)
        summary_add_groups(to, data, &data->groupings[i]);
    const bool is_whole = !ferror(to);
    if (fclose(to) != 0 || !is_whole)
        memory_refuse(1, length);
    free(data->summary);
    data->summary = text;
}

const char *dataset_summary(const struct dataset *data)
{
    return data->summary ? data->summary : "";
}
