/* certainty_figures.c - sums over a split, and over other data, as lines and as JSON. */
#include "run/certainty_figures.h"

#include <stdio.h>
#include <stdlib.h>

#include "data/pool.h"
#include "problem.h"
#include "run/class_logits.h"
#include "run/figures.h"
#include "run/predictions.h"

static void split_create(struct familiar_split *split, size_t count)
{
    for (int s = 0; s < FAMILIARITY_SCORES; s++)
        split->of[s] = memory_resize(NULL, count, sizeof(double));
}

static void split_add(struct familiar_split *split, const struct familiarity *familiarity, const real *logit,
                      int classes)
{
    const struct familiarity_scores scores = familiarity_measure(familiarity, logit, classes);
    for (int s = 0; s < FAMILIARITY_SCORES; s++) {
        split->of[s][split->count] = scores.of[s];
        split->below[s] += scores.of[s] < familiarity->alone.of[s];
    }
    split->unlike += familiarity_is_unlike(familiarity, &scores);
    split->count++;
}

static void add_target(void *context, const real *logit, int classes, int target)
{
    struct certainty_figures *figures = context;
    const struct familiarity *familiarity = &figures->certainty->familiarity;
    calibration_add(&figures->calibration, logit, classes, target, familiarity->temperature);
    if (figures->certainty->has_thresholds)
        split_add(&figures->own, familiarity, logit, classes);
}

struct covering {
    struct certainty_figures *figures;
    const struct examples *examples;
    real *targets;
};

static void add_interval(void *context, size_t example, const real *prediction)
{
    struct covering *covering = context;
    const struct model *model = covering->figures->model;
    examples_read_target(covering->examples, example, covering->targets, model->target_size);
    for (int k = 0; k < model->target_size; k++)
        coverage_add(&covering->figures->coverage, (double)covering->targets[k], (double)prediction[k],
                     model->sigma > 0 ? model->sigma : (double)prediction[model->target_size + k]);
}

void certainty_figures_measure(struct certainty_figures *figures, const struct model *model,
                               const struct trained *trained, const struct examples *examples)
{
    *figures = (struct certainty_figures){.model = model, .certainty = &trained->file.certainty};
    if (figures->certainty->has_thresholds)
        split_create(&figures->own, examples->count);
    if (model_has_classes(model))
        class_logits_each(model, trained->net, examples, add_target, figures);
    if (model->output != OUTPUT_NORMAL || model->target_is_input)
        return;
    struct covering covering = {figures, examples,
                                memory_resize(NULL, (size_t)model->target_size, sizeof(real))};
    predictions_visit(model, trained->net, examples, add_interval, &covering);
    free(covering.targets);
}

struct comparing {
    struct certainty_figures *figures;
    void *net;
};

static void add_other(void *context, size_t example, const real *prediction)
{
    const struct comparing *comparing = context;
    struct certainty_figures *figures = comparing->figures;
    (void)prediction;
    split_add(&figures->other, &figures->certainty->familiarity,
              prediction_logits(figures->model, comparing->net, example), figures->model->target_size);
}

/* Values are brought to the scale of its own manifest, then prepared as those of training were. */
static bool compare(struct certainty_figures *figures, const struct trained *trained, struct dataset *data,
                    const struct model *model, struct problem *problem)
{
    struct normaliser normaliser = trained->file.normaliser;
    normaliser.scale = dataset_normaliser(data)->scale;
    if (!dataset_divide(data, model, trained->file.seed, problem))
        return false;
    dataset_use_normaliser(data, &normaliser);
    const struct examples *test = dataset_split(data, "test");
    const bool has_test = test && test->count;
    const struct examples *examples = has_test ? test : dataset_train(data);
    figures->other_split = has_test ? "test" : "train";
    split_create(&figures->other, examples->count);
    predictions_visit(figures->model, trained->net, examples, add_other,
                      &(struct comparing){figures, trained->net});
    return true;
}

bool certainty_figures_compare(struct certainty_figures *figures, const struct trained *trained,
                               const char *path, struct problem *problem)
{
    struct model unlabelled = *figures->model;
    unlabelled.target_is_input = true; /* so that data need no targets */
    unlabelled.settings.validate = VALIDATE_NONE;
    struct dataset *data = dataset_open(path, &unlabelled, problem);
    const bool is_done = data && compare(figures, trained, data, &unlabelled, problem);
    dataset_close(data);
    figures->other_path = path;
    return is_done;
}

void certainty_figures_release(struct certainty_figures *figures)
{
    for (int s = 0; s < FAMILIARITY_SCORES; s++) {
        free(figures->own.of[s]);
        free(figures->other.of[s]);
    }
}

static double share_of(size_t part, const struct familiar_split *split)
{
    return split->count ? (double)part / (double)split->count : 0;
}

void certainty_figures_print(const struct certainty_figures *figures)
{
    const struct calibration *calibration = &figures->calibration;
    if (calibration->examples) {
        printf("NLL       %.6f", calibration_nll(calibration));
        if (figures->certainty->is_calibrated)
            printf("   at temperature %.4g", figures->certainty->familiarity.temperature);
        printf("\nECE       %.6f\nBrier     %.6f\n", calibration_ece(calibration),
               calibration_brier(calibration));
    }
    if (figures->own.count)
        printf("unlike    %.2f %%   told unlike the training data\n",
               100 * share_of(figures->own.unlike, &figures->own));
    for (int level = 0; figures->coverage.targets && level < COVERAGE_LEVELS; level++)
        printf("%s%.2f %% in the %.0f %% interval\n", level ? "          " : "coverage  ",
               100 * coverage_share(&figures->coverage, level), 100 * coverage_levels[level].share);
}

static bool takes_part(const struct certainty_figures *figures, enum familiarity_score score)
{
    return score != SCORE_DENSITY || figures->certainty->familiarity.density.classes > 0;
}

static double auroc_of(const struct certainty_figures *figures, enum familiarity_score score)
{
    return familiarity_auroc(figures->own.of[score], figures->own.count, figures->other.of[score],
                             figures->other.count);
}

void certainty_figures_print_other(const struct certainty_figures *figures, const char *split)
{
    static const char *const titles[] = {"largest softmax", "energy", "log density"};
    const struct familiar_split *own = &figures->own, *other = &figures->other;
    if (!other->count)
        return;
    printf("\n%zu examples of %s, split %s\n  %-16s  %7s  told unlike: %s  other\n", other->count,
           figures->other_path, figures->other_split, "by", "AUROC", split);
    for (enum familiarity_score s = 0; s < FAMILIARITY_SCORES; s++)
        if (takes_part(figures, s))
            printf("  %-16s  %7.4f  %*.2f %% %6.2f %%\n", titles[s], auroc_of(figures, s), 15,
                   100 * share_of(own->below[s], own), 100 * share_of(other->below[s], other));
    printf("  %-16s  %7s  %*.2f %% %6.2f %%   what predict goes by\n",
           takes_part(figures, SCORE_DENSITY) ? "energy or density" : "energy", "", 15,
           100 * share_of(own->unlike, own), 100 * share_of(other->unlike, other));
}

static json_t *other_json(const struct certainty_figures *figures)
{
    json_t *auroc = json_object();
    for (enum familiarity_score s = 0; s < FAMILIARITY_SCORES; s++)
        if (takes_part(figures, s))
            json_object_set_new(auroc, familiarity_score_name(s), figures_json(auroc_of(figures, s)));
    return json_pack("{s:s, s:s, s:I, s:o, s:f}", "data", figures->other_path, "split", figures->other_split,
                     "examples", (json_int_t)figures->other.count, "auroc", auroc, "told_unlike",
                     share_of(figures->other.unlike, &figures->other));
}

void certainty_figures_add_json(const struct certainty_figures *figures, json_t *object)
{
    const struct calibration *calibration = &figures->calibration;
    if (calibration->examples) {
        json_object_set_new(object, "nll", figures_json(calibration_nll(calibration)));
        json_object_set_new(object, "ece", figures_json(calibration_ece(calibration)));
        json_object_set_new(object, "brier", figures_json(calibration_brier(calibration)));
        json_object_set_new(object, "temperature", figures_json(figures->certainty->familiarity.temperature));
    }
    if (figures->own.count)
        json_object_set_new(object, "told_unlike",
                            figures_json(share_of(figures->own.unlike, &figures->own)));
    if (figures->coverage.targets) {
        json_t *coverage = json_object();
        for (int level = 0; level < COVERAGE_LEVELS; level++) {
            char name[8];
            snprintf(name, sizeof name, "%.0f%%", 100 * coverage_levels[level].share);
            json_object_set_new(coverage, name, figures_json(coverage_share(&figures->coverage, level)));
        }
        json_object_set_new(object, "coverage", coverage);
    }
    if (figures->other.count)
        json_object_set_new(object, "unlike", other_json(figures));
}
