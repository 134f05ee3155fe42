/* divide.c - which rows train, which validate, which test.
 *
 *     train.csv of 442 rows, test: 20%, validate 10%  ->  train 319, validation 35, test 88 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/nearest.h"
#include "data/rows.h"
#include "data/split.h"
#include "problem.h"
#include "random.h"

/* Rows that a share or a count of the training split makes. 0 and a problem: nothing, or nothing left. */
static size_t divide_count(const struct dataset *data, const char *what, double share, int64_t count,
                           const struct yaml_node *place, struct problem *problem)
{
    size_t all = data->train.count;
    double wanted = share > 0 ? floor(share * (double)all + 0.5) : (double)count;
    int line = place ? place->line : 0, column = place ? place->column : 0;
    if (wanted < 1)
        problem_at(problem, data->manifest.path, line, column,
                   "%s: %g%% of %zu training examples is not one example", what, 100 * share, all);
    else if (wanted >= (double)all)
        problem_at(problem, data->manifest.path, line, column,
                   "%s: taking %.0f of %zu training examples leaves none to train on", what, wanted, all);
    else
        return (size_t)wanted;
    return 0;
}

/* Moves `wanted` rows of the training split into a new one. */
static void divide_draw(struct dataset *data, const char *name, size_t wanted, uint64_t seed,
                        const char *stream)
{
    size_t rest = data->train.count - wanted;
    struct split *split = &data->splits[data->split_count++];
    uint32_t *rows = pool_get(&data->pool, rest * sizeof *rows);
    *split = (struct split){.name = name, .rows = pool_get(&data->pool, wanted * sizeof *split->rows)};
    split_draw(&(struct split_draw){.rows = data->train.rows,
                                    .count = data->train.count,
                                    .wanted = wanted,
                                    .classes = data->classes,
                                    .class_count = data->target_size,
                                    .seed = seed,
                                    .stream = random_stream(stream)},
               split->rows, rows);
    split->examples = (struct examples){.data = data, .rows = split->rows, .count = wanted};
    data->train = (struct examples){.data = data, .rows = rows, .count = rest};
}

static bool divide_use_split(struct dataset *data, const char *name, struct problem *problem)
{
    const char **names = NULL;
    for (int i = 0; i < data->split_count; i++) {
        const struct split *split = &data->splits[i];
        bool is_train = strcmp(split->name, "train") == 0;
        if (!is_train && strcmp(split->name, name) == 0) {
            data->validation = split->examples;
            return true;
        }
        names = rows_add_text(data, names, i, split->name);
    }
    if (strcmp(name, "train") == 0)
        return problem_at(problem, data->manifest.path, 0, 0,
                          "validate %s: validation cannot be on the examples that train", name);
    problem_at(problem, data->manifest.path, 0, 0, "validate %.60s: the manifest names no such split", name);
    nearest_help(problem, name, names, data->split_count);
    return false;
}

bool dataset_divide(struct dataset *data, const struct model *model, uint64_t seed, struct problem *problem)
{
    const struct manifest *manifest = &data->manifest;
    const struct model_settings *settings = &model->settings;
    if (manifest->test) {
        size_t wanted =
            divide_count(data, "test", manifest->test_share, manifest->test_count, manifest->test, problem);
        if (wanted == 0)
            return false;
        divide_draw(data, "test", wanted, seed, "test");
    }
    if (settings->validate == VALIDATE_SPLIT && !divide_use_split(data, settings->validate_split, problem))
        return false;
    if (settings->validate == VALIDATE_SHARE || settings->validate == VALIDATE_COUNT) {
        double share = settings->validate == VALIDATE_SHARE ? settings->validate_share : 0;
        size_t wanted = divide_count(data, "validate", share, settings->validate_count, NULL, problem);
        if (wanted == 0)
            return false;
        divide_draw(data, "validation", wanted, seed, "validate");
        data->validation = data->splits[data->split_count - 1].examples;
    }
    rows_summarise(data);
    return true;
}

bool dataset_take_share(struct dataset *data, double share, uint64_t seed, struct problem *problem)
{
    const struct examples train = data->train;
    size_t wanted = (size_t)floor(share * (double)train.count + 0.5), taken = 0;
    if (wanted < 1)
        return problem_at(problem, data->manifest.path, 0, 0,
                          "a share of %g%% of %zu training examples is not one example", 100 * share,
                          train.count);
    uint32_t *order = memory_resize(NULL, train.count, sizeof *order);
    bool *is_taken = memory_resize(NULL, train.count, sizeof *is_taken);
    uint32_t *rows = pool_get(&data->pool, wanted * sizeof *rows);
    memset(is_taken, 0, train.count * sizeof *is_taken);
    split_rank(&(struct split_draw){.rows = train.rows,
                                    .count = train.count,
                                    .classes = data->classes,
                                    .class_count = data->target_size,
                                    .seed = seed,
                                    .stream = random_stream("share")},
               order);
    for (size_t i = 0; i < wanted; i++)
        is_taken[order[i]] = true;
    for (size_t i = 0; i < train.count; i++)
        if (is_taken[i])
            rows[taken++] = train.rows[i];
    free(is_taken);
    free(order);
    data->train = (struct examples){.data = data, .rows = rows, .count = wanted};
    data->share = share;
    rows_summarise(data);
    return true;
}

void dataset_keep_few(struct dataset *data, size_t most)
{
    if (data->validation.count > most)
        data->validation.count = most;
    for (int i = 0; i < data->split_count; i++)
        if (data->splits[i].examples.count > most)
            data->splits[i].examples.count = most;
}

double dataset_share(const struct dataset *data)
{
    return data->share > 0 ? data->share : 1;
}

const struct examples *dataset_train(const struct dataset *data)
{
    return &data->train;
}

const struct examples *dataset_validation(const struct dataset *data)
{
    return &data->validation;
}

const struct examples *dataset_split(const struct dataset *data, const char *name)
{
    if (strcmp(name, "train") == 0)
        return &data->train;
    if (strcmp(name, "validation") == 0 && data->validation.count > 0)
        return &data->validation;
    for (int i = 0; i < data->split_count; i++)
        if (strcmp(data->splits[i].name, name) == 0)
            return &data->splits[i].examples;
    return NULL;
}

bool dataset_split_is_drawn(const struct dataset *data, const char *name)
{
    const struct examples *examples = dataset_split(data, name);
    for (int i = 0; examples && i < data->manifest.split_count; i++)
        if (data->splits[i].examples.rows == examples->rows)
            return false;
    return examples != NULL;
}
