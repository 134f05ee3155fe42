/* calibrate.c - `NAME calibrate`: a temperature at which the probabilities of a trained network mean what
 * they say, and thresholds that tell examples unlike the training data; both are kept in the model file.
 *
 *     logits of validation  ->  temperature 1.296, energy at most -5.6, log density at least -41
 *                           ->  M.safetensors, and report.html beside it */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/class_logits.h"
#include "run/commands.h"
#include "run/figures.h"
#include "run/trained.h"
#include "run_report/calibrated.h"

struct calibrating {
    const struct model *model;
    const struct options *options;
    struct trained *trained;
    const struct examples *examples; /* that are calibrated on */
    struct certainty certainty;      /* what is found */
    bool has_temperature;            /* there was one to be found */
    double unlike;                   /* share of the examples that would be told so */
};

struct measuring {
    struct calibrated_split *split;
    double temperature;
};

static void add_to_split(void *context, const real *logit, int classes, int target)
{
    const struct measuring *measuring = context;
    calibration_add(&measuring->split->before, logit, classes, target, 1);
    calibration_add(&measuring->split->after, logit, classes, target, measuring->temperature);
}

static void measure_split(const struct calibrating *calibrating, const char *name,
                          const struct examples *examples, struct calibrated *calibrated)
{
    struct calibrated_split *split = &calibrated->splits[calibrated->count++];
    struct measuring measuring = {split, calibrated->temperature};
    *split = (struct calibrated_split){.name = name, .examples = examples->count};
    class_logits_each(calibrating->model, calibrating->trained->net, examples, add_to_split, &measuring);
}

/* What is told of it, and shown. */
static struct calibrated measure(const struct calibrating *calibrating)
{
    const struct familiarity *familiarity = &calibrating->certainty.familiarity;
    const struct examples *test = dataset_split(calibrating->trained->data, "test");
    struct calibrated calibrated = {.temperature = familiarity->temperature,
                                    .familiarity = calibrating->certainty.has_thresholds ? familiarity : NULL,
                                    .unlike = calibrating->unlike};
    measure_split(calibrating, calibrating->options->split, calibrating->examples, &calibrated);
    if (test && test->count && test != calibrating->examples)
        measure_split(calibrating, "test", test, &calibrated);
    return calibrated;
}

/* A split that was drawn from the training file is only known again if that file is the same. */
static bool check_data(const struct calibrating *calibrating, struct problem *problem)
{
    const char *split = calibrating->options->split, *path = calibrating->options->model;
    const char *trained_on =
        json_string_value(json_object_get(calibrating->trained->file.metadata, "data_sha256"));
    if (!dataset_split_is_drawn(calibrating->trained->data, split))
        return true;
    if (!trained_on)
        return problem_at(problem, path, 0, 0,
                          "does not say what it was trained on: '%.60s' might hold examples of that", split);
    if (strcmp(trained_on, dataset_fingerprint(calibrating->trained->data)) == 0)
        return true;
    problem_at(problem, path, 0, 0,
               "was trained on other data: '%.60s' of these would hold examples that it was trained on",
               split);
    problem_help(problem, "give --data of its training, or a split with a file of its own");
    return false;
}

static bool find_examples(struct calibrating *calibrating, struct problem *problem)
{
    const char *manifest = calibrating->trained->manifest;
    const char *split = calibrating->options->split;
    const struct examples *examples = dataset_split(calibrating->trained->data, split);
    if (strcmp(split, "train") == 0) {
        problem_at(problem, manifest, 0, 0,
                   "the network fits 'train' better than what it has not seen: probabilities are calibrated "
                   "on other "
                   "examples");
        problem_help(problem, "'validation', which is what is taken when --split is left out, or 'test'");
        return false;
    }
    if (examples && examples->count) {
        calibrating->examples = examples;
        return check_data(calibrating, problem);
    }
    problem_at(problem, manifest, 0, 0, "the data have no split '%.60s'", split);
    if (strcmp(split, "validation") == 0)
        problem_help(problem,
                     "the .net file has no 'validate'; --split NAME takes other examples, such as 'test'");
    return false;
}

/* Thresholds for networks that tell one class an example. */
static void fit_thresholds(struct calibrating *calibrating, const struct calibration_rows *rows)
{
    struct familiarity *familiarity = &calibrating->certainty.familiarity;
    const struct examples *train = dataset_train(calibrating->trained->data);
    struct calibration_rows known = class_logits_gather(calibrating->model, calibrating->trained->net, train);
    density_fit(&familiarity->density, &known);
    free((void *)known.logits);
    free((void *)known.targets);
    struct familiarity_scores *scores = memory_resize(NULL, rows->count, sizeof *scores);
    for (size_t i = 0; i < rows->count; i++)
        scores[i] = familiarity_measure(familiarity, rows->logits + i * (size_t)rows->classes, rows->classes);
    familiarity_fit(familiarity, scores, rows->count);
    size_t unlike = 0;
    for (size_t i = 0; i < rows->count; i++)
        unlike += familiarity_is_unlike(familiarity, &scores[i]);
    calibrating->unlike = (double)unlike / (double)rows->count;
    calibrating->certainty.has_thresholds = true;
    free(scores);
}

static void fit(struct calibrating *calibrating)
{
    struct certainty *certainty = &calibrating->certainty;
    struct calibration_rows rows =
        class_logits_gather(calibrating->model, calibrating->trained->net, calibrating->examples);
    calibrating->has_temperature = calibration_fit(&rows, &certainty->familiarity.temperature);
    certainty->is_calibrated = true;
    if (model_has_class(calibrating->model))
        fit_thresholds(calibrating, &rows);
    free((void *)rows.logits);
    free((void *)rows.targets);
}

static void print_split(const struct calibrated_split *split)
{
    const struct calibration *all[] = {&split->before, &split->after};
    for (int i = 0; i < 2; i++)
        printf("  %-12s %-7s %9.4f %9.4f %9.4f\n", i ? "" : split->name, i ? "after" : "before",
               calibration_nll(all[i]), calibration_ece(all[i]), calibration_brier(all[i]));
}

static json_t *split_json(const struct calibrated_split *split)
{
    const struct calibration *all[] = {&split->before, &split->after};
    json_t *object = json_pack("{s:I}", "examples", (json_int_t)split->examples);
    for (int i = 0; i < 2; i++)
        json_object_set_new(object, i ? "after" : "before",
                            json_pack("{s:f, s:f, s:f}", "nll", calibration_nll(all[i]), "ece",
                                      calibration_ece(all[i]), "brier", calibration_brier(all[i])));
    return object;
}

static void print_thresholds(const struct calibrating *calibrating)
{
    const struct familiarity *familiarity = &calibrating->certainty.familiarity;
    printf("\nunlike the training data is what has an energy above %.6g",
           certainty_shown(SCORE_ENERGY, familiarity->together.of[SCORE_ENERGY]));
    if (familiarity->density.classes)
        printf("\nor a log density below %.6g", familiarity->together.of[SCORE_DENSITY]);
    printf(": %.2f %% of %s\n", 100 * calibrating->unlike, calibrating->options->split);
}

static void print_found(const struct calibrating *calibrating, const struct calibrated *calibrated,
                        const char *report)
{
    const struct options *options = calibrating->options;
    printf("temperature %.6g, by the %zu examples of %s\n", calibrated->temperature,
           calibrating->examples->count, options->split);
    if (!calibrating->has_temperature)
        printf("none has the least NLL: on these examples the network is always right, or never better than "
               "chance; "
               "it stays 1\n");
    printf("\n  %-20s %9s %9s %9s\n", "", "NLL", "ECE", "Brier");
    for (int i = 0; i < calibrated->count; i++)
        print_split(&calibrated->splits[i]);
    if (calibrating->certainty.has_thresholds)
        print_thresholds(calibrating);
    printf("\nkept in %s%s%s\n", options->model, *report ? ", shown in " : "", report);
}

static void print_json(const struct calibrating *calibrating, const struct calibrated *calibrated)
{
    const struct familiarity *familiarity = &calibrating->certainty.familiarity;
    json_t *splits = json_object();
    for (int i = 0; i < calibrated->count; i++)
        json_object_set_new(splits, calibrated->splits[i].name, split_json(&calibrated->splits[i]));
    json_t *object = json_pack("{s:f, s:s, s:o}", "temperature", familiarity->temperature, "fitted_to",
                               calibrating->options->split, "splits", splits);
    if (calibrating->certainty.has_thresholds) {
        json_t *unlike = json_pack("{s:f, s:f}", "share", calibrating->unlike, "energy_above",
                                   certainty_shown(SCORE_ENERGY, familiarity->together.of[SCORE_ENERGY]));
        if (familiarity->density.classes)
            json_object_set_new(unlike, "log_density_below",
                                json_real(familiarity->together.of[SCORE_DENSITY]));
        json_object_set_new(object, "unlike", unlike);
    }
    json_dumpf(object, stdout, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(object);
}

static bool calibrate(struct calibrating *calibrating, struct problem *problem)
{
    const struct options *options = calibrating->options;
    if (!find_examples(calibrating, problem))
        return false;
    fit(calibrating);
    const struct calibrated calibrated = measure(calibrating);
    char report[CALIBRATED_PATH];
    if (!certainty_write(&calibrating->certainty, options->split, options->model, problem) ||
        !calibrated_show(&calibrated, options->model, report, problem))
        return false;
    if (options->json)
        print_json(calibrating, &calibrated);
    else
        print_found(calibrating, &calibrated, report);
    return true;
}

int command_calibrate(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct trained trained;
    if (!model_has_classes(model)) {
        fprintf(stderr,
                "%s calibrate: this network's answers are no classes, so that there are no probabilities\n",
                model->name);
        return EXIT_USAGE;
    }
    if (!trained_open_with_data(&trained, model, options, &problem))
        return command_failed(&problem);
    struct calibrating calibrating = {.model = model, .options = options, .trained = &trained};
    const bool is_done = calibrate(&calibrating, &problem);
    certainty_release(&calibrating.certainty);
    trained_close(&trained);
    return is_done ? EXIT_DONE : command_failed(&problem);
}
