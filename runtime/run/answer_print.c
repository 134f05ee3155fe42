/* answer_print.c - classes with their probabilities, means with their deviations or intervals, and doubts. */
#include "run/answer_print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics/coverage.h"
#include "run/figures.h"

/* NULL: they have none. */
static const char *const *class_names(const struct printing *printing)
{
    return printing->file->class_count ? printing->file->classes : NULL;
}

struct maps printing_maps(const struct printing *printing)
{
    return (struct maps){
        .model = printing->model, .names = class_names(printing), .top = printing->options->top};
}

const real *answer_map(const struct printing *printing, const struct answer *answer)
{
    for (int i = 0; i < printing->model->output_size; i++)
        printing->map[i] = (real)answer->value[i];
    return printing->map;
}

/* The class that is told: the most probable one, then those after it, equal ones in their order. */
static void print_top(const struct printing *printing, const struct answer *answer)
{
    const int classes = printing->model->target_size;
    int top = printing->options->top;
    top = top < 1 ? 1 : top < classes ? top : classes;
    char number[16];
    int last = answer->best;
    for (int i = 0; i < top; i++) {
        printf("  %s %.1f %%", figures_class_name(class_names(printing), last, number, sizeof number),
               100 * answer->value[last]);
        int next = -1;
        for (int k = 0; k < classes; k++) {
            const double p = answer->value[k], before = answer->value[last];
            const bool is_later = p < before || (p == before && k > last);
            if (is_later && k != answer->best && (next < 0 || p > answer->value[next]))
                next = k;
        }
        if (next < 0)
            break;
        last = next;
    }
}

static void print_class(const struct printing *printing, const struct answer *answer)
{
    if (answer->is_unlike)
        printf("  unlike the training data");
    else
        print_top(printing, answer);
}

/* The mean over its distributions: one, or one at each position of a picture. */
static double mean_of(const struct printing *printing, const double *doubts)
{
    double sum = 0;
    for (int r = 0; r < printing->answers->rows; r++)
        sum += doubts[r];
    return sum / printing->answers->rows;
}

static void print_doubt(const struct printing *printing, const struct answer *answer)
{
    if (answer->entropy)
        printf("  entropy %.3f, of which %.3f mutual information", mean_of(printing, answer->entropy),
               mean_of(printing, answer->information));
}

/* A real target in the units of the data. */
struct estimate {
    double mean, deviation, aleatoric, epistemic;
};

static struct estimate estimate_of(const struct printing *printing, const struct answer *answer, int k)
{
    const struct normaliser *normaliser = &printing->file->normaliser;
    const double unit = normaliser->target_count ? normaliser->target_deviation[k] : 1,
                 middle = normaliser->target_count ? normaliser->target_mean[k] : 0;
    return (struct estimate){.mean = answer->value[k] * unit + middle,
                             .deviation = answer_deviation(printing->answers, answer, k) * unit,
                             .aleatoric = answer_aleatoric(printing->answers, answer, k) * unit,
                             .epistemic = answer_epistemic(answer, k) * unit};
}

static bool has_deviation(const struct printing *printing)
{
    return printing->model->output == OUTPUT_NORMAL || printing->answers->samples > 0;
}

static void print_estimates(const struct printing *printing, const struct answer *answer)
{
    const double level = printing->options->interval;
    for (int k = 0; k < printing->model->target_size; k++) {
        const struct estimate estimate = estimate_of(printing, answer, k);
        const double half = level > 0 ? coverage_deviations(level) * estimate.deviation : 0;
        printf("  %.6g", estimate.mean);
        if (level > 0)
            printf("  %.6g to %.6g", estimate.mean - half, estimate.mean + half);
        else if (has_deviation(printing))
            printf(" ± %.4g", estimate.deviation);
    }
}

static void print_line(const struct printing *printing, const struct answer *answer)
{
    const struct model *model = printing->model;
    const struct maps maps = printing_maps(printing);
    if (model_positions(model) > 1)
        maps_print(&maps, answer_map(printing, answer));
    else if (model->output == OUTPUT_CATEGORICAL)
        print_class(printing, answer);
    else if (model->output == OUTPUT_BERNOULLI)
        for (int k = 0; k < model->target_size; k++)
            printf("  %.1f %%", 100 * answer->value[k]);
    else
        print_estimates(printing, answer);
    print_doubt(printing, answer);
}

static json_t *array_of(const double *numbers, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(array, figures_json(numbers[i]));
    return array;
}

static void add_class(const struct printing *printing, const struct answer *answer, json_t *object)
{
    char number[16];
    json_t *nearest =
        json_string(figures_class_name(class_names(printing), answer->best, number, sizeof number));
    json_object_set_new(object, "class", answer->is_unlike ? json_null() : json_incref(nearest));
    if (answer->scores) {
        json_object_set_new(object, "unlike", json_boolean(answer->is_unlike));
        json_object_set(object, "nearest", nearest);
        json_object_set_new(object, "energy", figures_json(-answer->scores->of[SCORE_ENERGY]));
        if (printing->file->certainty.familiarity.density.classes)
            json_object_set_new(object, "log_density", figures_json(answer->scores->of[SCORE_DENSITY]));
    }
    json_decref(nearest);
}

/* Of several yes or no one for each. */
static void add_doubt(const struct printing *printing, const struct answer *answer, json_t *object)
{
    const bool is_list = printing->model->output == OUTPUT_BERNOULLI && model_positions(printing->model) == 1;
    const int rows = printing->answers->rows;
    if (!answer->entropy)
        return;
    json_object_set_new(object, "entropy",
                        is_list ? array_of(answer->entropy, rows)
                                : figures_json(mean_of(printing, answer->entropy)));
    json_object_set_new(object, "mutual_information",
                        is_list ? array_of(answer->information, rows)
                                : figures_json(mean_of(printing, answer->information)));
}

static void add_estimates(const struct printing *printing, const struct answer *answer, json_t *object)
{
    const double level = printing->options->interval;
    json_t *means = json_array(), *sigmas = json_array(), *aleatoric = json_array(),
           *epistemic = json_array(), *intervals = json_array();
    for (int k = 0; k < printing->model->target_size; k++) {
        const struct estimate estimate = estimate_of(printing, answer, k);
        const double half = level > 0 ? coverage_deviations(level) * estimate.deviation : 0;
        json_array_append_new(means, figures_json(estimate.mean));
        json_array_append_new(sigmas, figures_json(estimate.deviation));
        json_array_append_new(aleatoric, figures_json(estimate.aleatoric));
        json_array_append_new(epistemic, figures_json(estimate.epistemic));
        json_array_append_new(intervals, json_pack("[o, o]", figures_json(estimate.mean - half),
                                                   figures_json(estimate.mean + half)));
    }
    json_object_set(object, "mean", means);
    if (has_deviation(printing))
        json_object_set(object, "sigma", sigmas);
    if (printing->answers->samples && printing->model->output == OUTPUT_NORMAL)
        json_object_set(object, "aleatoric", aleatoric);
    if (printing->answers->samples)
        json_object_set(object, "epistemic", epistemic);
    if (level > 0)
        json_object_set(object, "interval", intervals);
    json_t *const made[] = {means, sigmas, aleatoric, epistemic, intervals};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        json_decref(made[i]);
}

static void add_json(const struct printing *printing, const struct answer *answer, json_t *object)
{
    const struct model *model = printing->model;
    const struct maps maps = printing_maps(printing);
    if (model_positions(model) > 1) {
        maps_add_json(&maps, answer_map(printing, answer), object);
    } else if (model_has_class(model)) {
        add_class(printing, answer, object);
        json_object_set_new(object, "probability", array_of(answer->value, model->target_size));
    } else if (model->output == OUTPUT_BERNOULLI) {
        json_object_set_new(object, "probability", array_of(answer->value, model->target_size));
    } else {
        add_estimates(printing, answer, object);
    }
    add_doubt(printing, answer, object);
}

static void print_json(const struct printing *printing, const char *name, const struct answer *answer)
{
    json_t *object = json_object(), *title = json_string(name);
    json_object_set_new(object, "example", title ? title : json_null()); /* a name that is no UTF-8 */
    add_json(printing, answer, object);
    char *text = json_dumps(object, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("%s\n", text ? text : "{}");
    free(text);
    json_decref(object);
}

void answer_print(const struct printing *printing, const char *name, const struct answer *answer)
{
    if (printing->options->json) {
        print_json(printing, name, answer);
        return;
    }
    printf("%-*s", printing->width, name);
    print_line(printing, answer);
    printf("\n");
}
