/* predict.c - `NAME predict`: one line for each example of the files.
 *
 *     shirt.png    shirt 83.1 %            street.csv:2    mean 152.1 ± 53.4 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/commands.h"
#include "run/figures.h"
#include "run/maps.h"
#include "run/trained.h"

struct printing {
    const struct model *model;
    const struct options *options;
    const struct model_file *file;
};

/* NULL: they have none. */
static const char *const *class_names(const struct printing *printing)
{
    return printing->file->class_count ? printing->file->classes : NULL;
}

static void print_top(const struct printing *printing, const real *probability)
{
    int classes = printing->model->target_size, top = printing->options->top;
    top = top < 1 ? 1 : top < classes ? top : classes;
    char number[16];
    double below =
        2; /* probabilities are taken from the largest down, equal ones in the order of the classes */
    int last = -1;
    for (int i = 0; i < top; i++) {
        int best = -1;
        for (int k = 0; k < classes; k++) {
            double p = (double)probability[k];
            bool is_next = p < below || (p == below && k > last);
            if (is_next && (best < 0 || p > (double)probability[best]))
                best = k;
        }
        if (best < 0)
            break;
        printf("  %s %.1f %%", figures_class_name(class_names(printing), best, number, sizeof number),
               100 * (double)probability[best]);
        below = (double)probability[best];
        last = best;
    }
}

static void print_values(const struct printing *printing, const real *prediction)
{
    for (int k = 0; k < printing->model->target_size; k++) {
        if (printing->model->output == OUTPUT_BERNOULLI) {
            printf("  %.1f %%", 100 * (double)prediction[k]);
            continue;
        }
        printf("  %.6g", figures_real(&printing->file->normaliser, prediction, k));
        if (figures_have_sigma(printing->model))
            printf(" ± %.4g", figures_sigma(printing->model, &printing->file->normaliser, prediction, k));
    }
}

static void add_json(const struct printing *printing, const real *prediction, json_t *object)
{
    const struct model *model = printing->model;
    bool is_class = model->output == OUTPUT_CATEGORICAL,
         is_probability = is_class || model->output == OUTPUT_BERNOULLI;
    char number[16];
    int best = 0;
    json_t *values = json_array(), *sigmas = json_array();
    for (int k = 0; k < model->target_size; k++) {
        best = prediction[k] > prediction[best] ? k : best;
        json_array_append_new(
            values, figures_json(is_probability ? (double)prediction[k]
                                                : figures_real(&printing->file->normaliser, prediction, k)));
        if (figures_have_sigma(model))
            json_array_append_new(sigmas, figures_json(figures_sigma(
                                              printing->model, &printing->file->normaliser, prediction, k)));
    }
    if (is_class)
        json_object_set_new(
            object, "class",
            json_string(figures_class_name(class_names(printing), best, number, sizeof number)));
    json_object_set_new(object, is_probability ? "probability" : "mean", values);
    if (figures_have_sigma(model))
        json_object_set(object, "sigma", sigmas);
    json_decref(sigmas);
}

static struct maps maps_of(const struct printing *printing)
{
    return (struct maps){
        .model = printing->model, .names = class_names(printing), .top = printing->options->top};
}

static void print_json(const struct printing *printing, const char *name, const real *prediction)
{
    json_t *object = json_object(), *title = json_string(name);
    json_object_set_new(object, "example", title ? title : json_null()); /* a name that is no UTF-8 */
    const struct maps maps = maps_of(printing);
    if (model_positions(printing->model) > 1)
        maps_add_json(&maps, prediction, object);
    else
        add_json(printing, prediction, object);
    char *text = json_dumps(object, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    printf("%s\n", text ? text : "{}");
    free(text);
    json_decref(object);
}

static void print_example(const struct printing *printing, const char *name, int width,
                          const real *prediction)
{
    if (printing->options->json) {
        print_json(printing, name, prediction);
        return;
    }
    printf("%-*s", width, name);
    const struct maps maps = maps_of(printing);
    if (model_positions(printing->model) > 1)
        maps_print(&maps, prediction);
    else if (printing->model->output == OUTPUT_CATEGORICAL)
        print_top(printing, prediction);
    else
        print_values(printing, prediction);
    printf("\n");
}

static bool predict_all(const struct printing *printing, void *net, const struct dataset *data,
                        struct problem *problem)
{
    const struct model *model = printing->model;
    const struct examples *examples = dataset_split(data, "predict");
    const struct maps maps = maps_of(printing);
    const char *folder = printing->options->out;
    if (folder && !maps_folder_create(&maps, folder, data, examples->count, problem))
        return false;
    int width = 0;
    for (size_t i = 0; i < examples->count; i++) {
        int length = (int)strlen(dataset_example_name(data, i));
        width = length > width && length <= 60 ? length : width;
    }
    for (size_t first = 0; first < examples->count; first += (size_t)model->settings.batch) {
        size_t left = examples->count - first;
        int count = left < (size_t)model->settings.batch ? (int)left : model->settings.batch;
        const real *prediction = model->predict(net, examples, first, count);
        for (int n = 0; n < count; n++, prediction += model->output_size) {
            const char *name = dataset_example_name(data, first + (size_t)n);
            if (folder && !maps_write(&maps, folder, name, prediction, problem))
                return false;
            print_example(printing, name, width, prediction);
        }
    }
    return true;
}

int command_predict(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct trained trained;
    if (options->out && model_positions(model) == 1) {
        fprintf(stderr, "%s predict: --out is for networks with an answer at each position of a picture\n",
                model->name);
        return EXIT_USAGE;
    }
    if (!trained_open(&trained, model, options->model, &problem))
        return command_failed(&problem);
    struct dataset *data =
        dataset_open_inputs(options->files, options->file_count, model, &trained.file.normaliser, &problem);
    int end = data ? EXIT_DONE : command_failed(&problem);
    if (data) {
        const struct printing printing = {model, options, &trained.file};
        if (!predict_all(&printing, trained.net, data, &problem))
            end = command_failed(&problem);
    }
    dataset_close(data);
    trained_close(&trained);
    return end;
}
