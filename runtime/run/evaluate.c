/* evaluate.c - `NAME evaluate`: loss and metrics of trained weights on a split of the data. */
#include <stdio.h>
#include <stdlib.h>

#include "metrics/confusion.h"
#include "run/certainty_figures.h"
#include "run/commands.h"
#include "run/figures.h"
#include "run/group_figures.h"
#include "run/maps.h"
#include "run/predictions.h"
#include "run/trained.h"
#include "run/weights.h"

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

/* False and a problem: other data were named that cannot be compared with. */
static bool measure_certainty(struct certainty_figures *figures, const struct model *model,
                              const struct options *options, const struct trained *trained,
                              const struct examples *examples, struct problem *problem)
{
    certainty_figures_measure(figures, model, trained, examples);
    if (!options->unlike)
        return true;
    if (trained->file.certainty.has_thresholds)
        return certainty_figures_compare(figures, trained, options->unlike, problem);
    problem_at(problem, options->model, 0, 0, "does not say yet what is unlike the training data");
    problem_help(problem, "run '%s calibrate' on it", model->name);
    return false;
}

/* What is counted in passes of its own: by class or position, and by group. */
static void tell_parts(const struct model *model, const struct options *options,
                       const struct trained *trained, const struct dataset *data,
                       const struct examples *examples, json_t *object)
{
    int class_count;
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
}

static void tell_split(const struct model *model, const struct options *options,
                       const struct trained *trained, const struct dataset *data,
                       const struct examples *examples, const struct certainty_figures *certainty)
{
    const struct normaliser *normaliser = &trained->file.normaliser;
    struct score score = {0};
    model->evaluate(trained->net, examples, &score);
    if (!options->json) {
        print_figures(model, options, &score, normaliser);
        certainty_figures_print(certainty);
        tell_parts(model, options, trained, data, examples, NULL);
        certainty_figures_print_other(certainty, options->split);
        return;
    }
    json_t *object = make_json(model, options, &score, normaliser);
    certainty_figures_add_json(certainty, object);
    tell_parts(model, options, trained, data, examples, object);
    json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(object);
}

static bool evaluate_split(const struct model *model, const struct options *options,
                           const struct trained *trained, struct problem *problem)
{
    const struct examples *examples = trained_split(trained, model, options, problem);
    if (!examples)
        return false;
    struct certainty_figures certainty;
    const bool is_measured = measure_certainty(&certainty, model, options, trained, examples, problem);
    if (is_measured)
        tell_split(model, options, trained, trained->data, examples, &certainty);
    certainty_figures_release(&certainty);
    return is_measured;
}

int command_evaluate(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct trained trained;
    if (options->unlike && !model_has_class(model)) {
        fprintf(stderr, "%s evaluate: --unlike is for networks that tell one class for each example\n",
                model->name);
        return EXIT_USAGE;
    }
    if (!trained_open_with_data(&trained, model, options, &problem))
        return command_failed(&problem);
    const bool is_done = evaluate_split(model, options, &trained, &problem);
    trained_close(&trained);
    return is_done ? EXIT_DONE : command_failed(&problem);
}
