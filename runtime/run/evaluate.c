/* evaluate.c - `NAME evaluate`: loss and metrics of trained weights on a split of the data. */
#include <stdio.h>
#include <stdlib.h>

#include "metrics/confusion.h"
#include "run/commands.h"
#include "run/figures.h"
#include "run/group_figures.h"
#include "run/maps.h"
#include "run/predictions.h"
#include "run/trained.h"
#include "run/weights.h"

bool trained_open(struct trained *trained, const struct model *model, const char *path,
                  struct problem *problem)
{
    *trained = (struct trained){.net = weights_allocate_probed(model, 1, problem)};
    if (trained->net && model_file_read(path, model, trained->net, &trained->file, problem))
        return true;
    free(trained->net);
    trained->net = NULL;
    return false;
}

void trained_close(struct trained *trained)
{
    free(trained->net);
    model_file_close(&trained->file);
}

struct counting {
    const struct examples *examples;
    struct confusion confusion;
};

static void count_class(void *context, size_t example, const real *prediction)
{
    struct counting *counting = context;
    confusion_add(&counting->confusion, examples_read_class(counting->examples, example),
                  score_most_probable(prediction, counting->confusion.classes));
}

static void print_classes(const struct model *model, void *net, const struct examples *examples,
                          const char *const *names)
{
    struct counting counting = {.examples = examples};
    confusion_create(&counting.confusion, model->target_size);
    predictions_visit(model, net, examples, count_class, &counting);
    printf("\n  %-14s  precision     recall         F1  examples\n", "class");
    for (int k = 0; k < model->target_size; k++) {
        const struct class_counts *counts = &counting.confusion.by_class[k];
        char number[16];
        printf("  %-14s", figures_class_name(names, k, number, sizeof number));
        figures_print_share(class_precision(counts));
        figures_print_share(class_recall(counts));
        figures_print_share(class_f1(counts));
        printf("  %8zu\n", counts->examples);
    }
    printf("  %-14s                      ", "macro average");
    figures_print_share(confusion_macro_f1(&counting.confusion));
    printf("\n");
    confusion_release(&counting.confusion);
}

static json_t *make_json(const struct model *model, const struct options *options, const struct score *score,
                         const struct normaliser *normaliser)
{
    const struct metric *metric = metric_of(model);
    return json_pack("{s:s, s:I, s:o, s:o}", "split", options->split, "examples", (json_int_t)score->examples,
                     "loss", figures_json(score_loss(score)), metric->name,
                     figures_json(metric_value(metric, score, normaliser)));
}

static void print_figures(const struct model *model, const struct options *options, const struct score *score,
                          const struct normaliser *normaliser)
{
    const struct metric *metric = metric_of(model);
    printf("%s: %zu examples\nloss      %.6f\n", options->split, score->examples, score_loss(score));
    if (metric_is_share(metric)) {
        printf("accuracy  %.2f %%\nerror     %.2f %%\n", 100 * score_accuracy(score),
               100 - 100 * score_accuracy(score));
        return;
    }
    printf("RMSE      %.6g\nMAE       %.6g\nR^2       %.6f\n", metric_value(metric, score, normaliser),
           score->absolute_error / (double)score->values * figures_target_unit(normaliser),
           score_r_squared(score));
}

static int evaluate_split(const struct model *model, const struct options *options, struct trained *trained,
                          struct dataset *data, struct problem *problem)
{
    int class_count;
    if (!dataset_divide(data, model, trained->file.seed, problem))
        return command_failed(problem);
    dataset_use_normaliser(data, &trained->file.normaliser);
    const struct examples *examples = dataset_split(data, options->split);
    if (!examples || !examples->count) {
        problem_at(problem, options->data ? options->data : model->name, 0, 0, "the data have no split '%s'",
                   options->split);
        return command_failed(problem);
    }
    struct score score = {0};
    model->evaluate(trained->net, examples, &score);
    json_t *object = options->json ? make_json(model, options, &score, &trained->file.normaliser) : NULL;
    if (!object)
        print_figures(model, options, &score, &trained->file.normaliser);
    const char *const *names = dataset_classes(data, &class_count);
    const struct maps maps = {.model = model, .names = class_count ? names : NULL};
    if (model_positions(model) > 1 && !model->target_is_input)
        maps_evaluate(&maps, trained->net, examples, object);
    else if (model->output == OUTPUT_CATEGORICAL && !object && model->target_size <= 100)
        print_classes(model, trained->net, examples, maps.names);
    struct group_figures groups;
    group_figures_measure(&groups, model, trained->net, data, options->split, trained->file.seed);
    if (object && groups.count)
        json_object_set_new(object, "groups", group_figures_json(&groups));
    else
        group_figures_print(&groups);
    group_figures_release(&groups);
    if (object) {
        json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
        printf("\n");
        json_decref(object);
    }
    return EXIT_DONE;
}

int command_evaluate(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct trained trained;
    char path[4096];
    const char *manifest = find_manifest(model, options, path, sizeof path, &problem);
    if (!manifest || !trained_open(&trained, model, options->model, &problem))
        return command_failed(&problem);
    struct dataset *data = dataset_open(manifest, model, &problem);
    int end = data ? evaluate_split(model, options, &trained, data, &problem) : command_failed(&problem);
    dataset_close(data);
    trained_close(&trained);
    return end;
}
