/* attack.c - batch by batch and ε by ε: the inputs of a batch are moved within a probe's own calls, and what
 * the network then answers is scored. */
#include "attack/attack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/pool.h"
#include "probe.h"
#include "random.h"
#include "run/figures.h"

/* A batch under attack. */
struct siege {
    const struct attack *attack;
    const struct input_space *space;
    struct adversary adversary;
    size_t first;
    int count;
    bool is_new;         /* the next pass begins at the inputs of the data */
    real *clean, *moved; /* [batch][input size] */
    real *before;        /* [batch][output size] what was predicted of the clean ones */
    double *loss;        /* [batch] */
};

struct adversary attack_adversary(const struct attack *attack, double epsilon)
{
    const struct options *options = attack->options;
    struct adversary adversary = {.norm = options->norm == NORM_2 ? ADVERSARY_2 : ADVERSARY_INF,
                                  .epsilon = epsilon,
                                  .step = epsilon,
                                  .steps = 1};
    if (options->method == METHOD_FGSM || epsilon <= 0)
        return adversary;
    adversary.steps = options->steps;
    adversary.step =
        options->step_size > 0 ? options->step_size : adversary_usual_step(epsilon, options->steps);
    adversary.starts_anywhere = options->start == START_RANDOM;
    return adversary;
}

static struct probe_view row_of(const struct siege *siege, real *rows, int n)
{
    const int size = (int)siege->attack->size;
    return (struct probe_view){rows + (size_t)n * (size_t)size, 1, size, size};
}

/* The network gets the input as it is moved so far. */
static void give_input(void *context, int layer, int n, struct probe_view view)
{
    struct siege *siege = context;
    const struct options *options = siege->attack->options;
    if (layer != 0)
        return;
    const struct probe_view moved = row_of(siege, siege->moved, n);
    if (siege->is_new) {
        probe_copy(view, moved.at);
        adversary_start(&siege->adversary, siege->space, moved,
                        siege->clean + (size_t)n * siege->attack->size,
                        options->has_seed ? options->seed : siege->attack->trained.file.seed,
                        random_stream("adversary"), (uint32_t)(siege->first + (size_t)n));
    }
    probe_put(view, moved.at);
}

static void take_gradient(void *context, int layer, int n, struct probe_view gradient)
{
    struct siege *siege = context;
    if (layer == 0)
        adversary_step(&siege->adversary, siege->space, row_of(siege, siege->moved, n), gradient,
                       siege->clean + (size_t)n * siege->attack->size);
}

static void score_values(const struct siege *siege, struct score *score, double loss, const real *prediction)
{
    const struct model *model = siege->attack->model;
    const size_t length = (size_t)model->target_size * (size_t)model_positions(model);
    real *target = memory_resize(NULL, (size_t)siege->count * length, sizeof *target);
    for (int n = 0; n < siege->count; n++)
        examples_read_target(&siege->attack->examples, siege->first + (size_t)n, target + (size_t)n * length,
                             (int)length);
    if (model->output == OUTPUT_BERNOULLI)
        score_add_bernoulli(score, loss, prediction, target, siege->count, (int)length);
    else
        score_add_values(score, loss, prediction, model->output_size, target, siege->count,
                         model->target_size);
    free(target);
}

static void score_batch(const struct siege *siege, struct score *score, const real *prediction)
{
    const struct model *model = siege->attack->model;
    const int positions = model_positions(model);
    double loss = 0;
    for (int n = 0; n < siege->count; n++)
        loss += siege->loss[n];
    if (model->output != OUTPUT_CATEGORICAL) {
        score_values(siege, score, loss, prediction);
        return;
    }
    int32_t *target = memory_resize(NULL, (size_t)siege->count * (size_t)positions, sizeof *target);
    for (int n = 0; n < siege->count; n++)
        if (positions == 1)
            target[n] = examples_read_class(&siege->attack->examples, siege->first + (size_t)n);
        else
            examples_read_classes(&siege->attack->examples, siege->first + (size_t)n,
                                  target + (size_t)n * (size_t)positions, positions);
    if (positions == 1)
        score_add_categorical(score, loss, prediction, target, siege->count, model->target_size);
    else
        score_add_positions(score, loss, prediction, target, siege->count, positions, model->target_size);
    free(target);
}

/* Keeps the example where it is among the surest so far. */
static void keep_strong(struct attack_row *row, const struct siege *siege, int n, struct attack_example found)
{
    const size_t size = siege->attack->size;
    int at = row->strong_count;
    while (at > 0 && row->strong[at - 1].after < found.after)
        at--;
    if (at == ATTACK_STRONG)
        return;
    struct attack_example *last = &row->strong[ATTACK_STRONG - 1];
    found.clean = row->strong_count == ATTACK_STRONG ? last->clean : memory_resize(NULL, size, sizeof(real));
    found.moved = row->strong_count == ATTACK_STRONG ? last->moved : memory_resize(NULL, size, sizeof(real));
    memcpy(found.clean, siege->clean + (size_t)n * size, size * sizeof(real));
    memcpy(found.moved, siege->moved + (size_t)n * size, size * sizeof(real));
    row->strong_count += row->strong_count < ATTACK_STRONG;
    memmove(row->strong + at + 1, row->strong + at,
            (size_t)(row->strong_count - 1 - at) * sizeof *row->strong);
    row->strong[at] = found;
}

static void find_strong(struct attack_row *row, const struct siege *siege, const real *prediction)
{
    const int classes = siege->attack->model->target_size;
    for (int n = 0; n < siege->count; n++) {
        const real *before = siege->before + (size_t)n * (size_t)classes,
                   *after = prediction + (size_t)n * (size_t)classes;
        const int target = examples_read_class(&siege->attack->examples, siege->first + (size_t)n);
        const int answer = score_most_probable(after, classes);
        if (score_most_probable(before, classes) != target || answer == target)
            continue;
        keep_strong(row, siege, n,
                    (struct attack_example){.number = siege->first + (size_t)n,
                                            .target = target,
                                            .answer = answer,
                                            .before = (double)before[target],
                                            .after = (double)after[answer]});
    }
}

static void attack_batch(struct siege *siege, struct attack_row *row)
{
    const struct attack *attack = siege->attack;
    const struct model *model = attack->model;
    struct probe probe = {.unit = PROBE_LOSS,
                          .context = siege,
                          .value = give_input,
                          .gradient = take_gradient,
                          .loss = siege->loss};
    siege->adversary = attack_adversary(attack, row->epsilon);
    siege->is_new = true;
    for (int i = 0; row->epsilon > 0 && i < siege->adversary.steps; i++) {
        model->probe(attack->trained.net, &attack->examples, siege->first, siege->count, &probe);
        siege->is_new = false;
    }
    probe.gradient = NULL;
    const real *prediction =
        model->probe(attack->trained.net, &attack->examples, siege->first, siege->count, &probe);
    score_batch(siege, &row->score, prediction);
    if (row == attack->rows)
        memcpy(siege->before, prediction, (size_t)siege->count * (size_t)model->output_size * sizeof(real));
    else if (attack->options->out && model->output == OUTPUT_CATEGORICAL && model_positions(model) == 1)
        find_strong(row, siege, prediction);
    if (row->moved)
        memcpy(row->moved + siege->first * attack->size, siege->moved,
               (size_t)siege->count * attack->size * sizeof(real));
}

static void show_progress(const struct attack *attack, size_t done)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (done < attack->examples.count)
        fprintf(stderr, "\r%3.0f %% ", 100.0 * (double)done / (double)attack->examples.count);
    else
        fprintf(stderr, "\r      \r");
}

void attack_run(struct attack *attack)
{
    const struct model *model = attack->model;
    const size_t batch = (size_t)model->settings.batch;
    struct siege siege = {.attack = attack, .space = dataset_input_space(attack->trained.data)};
    siege.clean = memory_resize(NULL, batch * attack->size, sizeof(real));
    siege.moved = memory_resize(NULL, batch * attack->size, sizeof(real));
    siege.before = memory_resize(NULL, batch * (size_t)model->output_size, sizeof(real));
    siege.loss = memory_resize(NULL, batch, sizeof(double));
    for (size_t first = 0; first < attack->examples.count; first += batch) {
        const size_t left = attack->examples.count - first;
        show_progress(attack, first);
        siege.first = first;
        siege.count = (int)(left < batch ? left : batch);
        for (int i = 0; i < attack->row_count; i++)
            attack_batch(&siege, &attack->rows[i]);
    }
    show_progress(attack, attack->examples.count);
    free(siege.clean);
    free(siege.moved);
    free(siege.before);
    free(siege.loss);
}
