/* command.c - `NAME attack` from its options to a table, or a JSON object:
 *
 *     epsilon   accuracy      loss
 *     0          91.02 %    0.2571
 *     0.05       12.40 %    4.8810 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "attack/attack.h"
#include "data/pool.h"
#include "run/commands.h"
#include "run/figures.h"
#include "run/weights.h"

const char *attack_class_name(const struct attack *attack, int class, char *number, size_t size)
{
    int count;
    const char *const *names = dataset_classes(attack->trained.data, &count);
    return figures_class_name(count ? names : NULL, class, number, size);
}

bool attack_has_pictures(const struct attack *attack)
{
    const struct model_shape *input = &attack->model->input;
    return !input->is_vector && (input->channels == 1 || input->channels == 3);
}

static const char *const method_names[] = {[METHOD_FGSM] = "fgsm", [METHOD_PGD] = "pgd"};
static const char *const norm_names[] = {[NORM_INF] = "inf", [NORM_2] = "2"};

/* ε = 0 is always the first row. Equal ones are one. */
static void attack_make_rows(struct attack *attack)
{
    const struct options *options = attack->options;
    attack->rows = memory_resize(NULL, (size_t)options->epsilon_count + 1, sizeof *attack->rows);
    attack->rows[attack->row_count++] = (struct attack_row){0};
    for (double last = 0;;) {
        double next = INFINITY;
        for (int i = 0; i < options->epsilon_count; i++)
            if (options->epsilons[i] > last && options->epsilons[i] < next)
                next = options->epsilons[i];
        if (!isfinite(next))
            break;
        attack->rows[attack->row_count++] = (struct attack_row){.epsilon = last = next};
    }
    for (int i = 0; options->save && i < attack->row_count; i++)
        attack->rows[i].moved =
            memory_resize(NULL, attack->examples.count * attack->size, sizeof *attack->rows[i].moved);
}

static void attack_free_rows(struct attack *attack)
{
    for (int i = 0; i < attack->row_count; i++) {
        free(attack->rows[i].moved);
        for (int k = 0; k < attack->rows[i].strong_count; k++) {
            free(attack->rows[i].strong[k].clean);
            free(attack->rows[i].strong[k].moved);
        }
    }
    free(attack->rows);
}

static void print_table(const struct attack *attack)
{
    const struct options *options = attack->options;
    const struct metric *metric = metric_of(attack->model);
    const struct input_space *space = dataset_input_space(attack->trained.data);
    const struct normaliser *normaliser = &attack->trained.file.normaliser;
    printf("%s against %zu examples of %s, norm %s; epsilon in %s\n", method_names[options->method],
           attack->examples.count, options->split, norm_names[options->norm],
           space->is_picture         ? "the values of the data as scaled"
           : normaliser->input_count ? "the standardized values of the columns"
                                     : "the values of the columns");
    printf("  %-9s %10s %11s\n", "epsilon", metric->name, "loss");
    for (int i = 0; i < attack->row_count; i++) {
        const struct attack_row *row = &attack->rows[i];
        char figure[32];
        snprintf(figure, sizeof figure, "%.*f%s", metric->decimals,
                 metric->scale * metric_value(metric, &row->score, normaliser), metric->unit);
        printf("  %-9.6g %10s %11.4f\n", row->epsilon, figure, score_loss(&row->score));
    }
}

static void print_json(const struct attack *attack)
{
    const struct options *options = attack->options;
    const struct metric *metric = metric_of(attack->model);
    json_t *rows = json_array();
    for (int i = 0; i < attack->row_count; i++) {
        const struct attack_row *row = &attack->rows[i];
        json_array_append_new(
            rows, json_pack("{s:f, s:o, s:o}", "epsilon", row->epsilon, metric->name,
                            figures_json(metric_value(metric, &row->score, &attack->trained.file.normaliser)),
                            "loss", figures_json(score_loss(&row->score))));
    }
    json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:o}", "method", method_names[options->method], "norm",
                               norm_names[options->norm], "split", options->split, "examples",
                               (json_int_t)attack->examples.count, "rows", rows);
    if (options->method == METHOD_PGD)
        json_object_set_new(object, "steps", json_integer(options->steps));
    json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(object);
}

static int attack_split(struct attack *attack, struct problem *problem)
{
    const struct options *options = attack->options;
    const struct model *model = attack->model;
    const struct examples *examples = trained_split(&attack->trained, model, options, problem);
    if (!examples)
        return command_failed(problem);
    attack->examples = *examples;
    if (options->limit > 0 && (size_t)options->limit < examples->count)
        attack->examples.count = (size_t)options->limit;
    attack->size = (size_t)model->input.height * (size_t)model->input.width * (size_t)model->input.channels;
    attack_make_rows(attack);
    attack_run(attack);
    if (options->json)
        print_json(attack);
    else
        print_table(attack);
    bool is_written = (!options->out || attack_write_page(attack, options->out, problem)) &&
                      (!options->save || attack_save(attack, options->save, problem));
    attack_free_rows(attack);
    return is_written ? EXIT_DONE : command_failed(problem);
}

/* Exit code, or -1 to go on. */
static int attack_refuse(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    if (options->method == METHOD_FGSM && (options->has_steps || options->step_size > 0)) {
        fprintf(stderr, "%s attack: %s is of pgd: fgsm makes one step of epsilon\n", model->name,
                options->has_steps ? "--steps" : "--step-size");
        return EXIT_USAGE;
    }
    if (!model->probe) {
        problem_at(&problem, model->name, 0, 0, "this trainer has no gradients by its input");
        problem_help(&problem, "emit its C with --probe");
        return command_failed(&problem);
    }
    if (model->target_is_input) {
        problem_at(&problem, model->name, 0, 0,
                   "its target is its input: there is no answer that an attack could make wrong");
        return command_failed(&problem);
    }
    return -1;
}

int command_attack(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct attack attack = {.model = model, .options = options};
    int end = attack_refuse(model, options);
    if (end >= 0)
        return end;
    if (!trained_open_with_data(&attack.trained, model, options, &problem))
        return command_failed(&problem);
    end = attack_split(&attack, &problem);
    trained_close(&attack.trained);
    return end;
}
