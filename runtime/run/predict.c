/* predict.c - `NAME predict`: one line for each example of the files.
 *
 *     shirt.png    shirt 83.1 %            street.csv:2    152.1 ± 53.4 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "run/answer_print.h"
#include "run/commands.h"
#include "run/trained.h"

static int width_of_names(const struct dataset *data, size_t count)
{
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        int length = (int)strlen(dataset_example_name(data, i));
        width = length > width && length <= 60 ? length : width;
    }
    return width;
}

static bool predict_all(struct printing *printing, struct answers *answers, void *net,
                        const struct dataset *data, struct problem *problem)
{
    const struct examples *examples = dataset_split(data, "predict");
    const struct maps maps = printing_maps(printing);
    const char *folder = printing->options->out;
    if (folder && !maps_folder_create(&maps, folder, data, examples->count, problem))
        return false;
    printing->width = width_of_names(data, examples->count);
    struct batch batch = {0};
    for (size_t first = 0; first < examples->count; first += (size_t)batch.count) {
        batch = batch_of(examples, NULL, first, printing->model->settings.batch);
        answers_take(answers, net, examples, first, batch.count);
        for (int n = 0; n < batch.count; n++) {
            const char *name = dataset_example_name(data, first + (size_t)n);
            const struct answer answer = answers_of(answers, n);
            if (folder && !maps_write(&maps, folder, name, answer_map(printing, &answer), problem))
                return false;
            answer_print(printing, name, &answer);
        }
    }
    return true;
}

static bool predict_files(const struct model *model, const struct options *options, struct trained *trained,
                          struct problem *problem)
{
    struct dataset *data =
        dataset_open_inputs(options->files, options->file_count, model, &trained->file.normaliser, problem);
    if (!data)
        return false;
    struct answers answers;
    answers_create(&answers, model, &trained->file.certainty, options->samples,
                   options->has_seed ? options->seed : trained->file.seed);
    struct printing printing = {
        .model = model, .options = options, .file = &trained->file, .answers = &answers};
    if (model_positions(model) > 1)
        printing.map = memory_resize(NULL, (size_t)model->output_size, sizeof(real));
    const bool is_done = predict_all(&printing, &answers, trained->net, data, problem);
    free(printing.map);
    answers_release(&answers);
    dataset_close(data);
    return is_done;
}

/* Why this network cannot do what an option asks for; NULL: it can. */
static const char *fault_of(const struct model *model, const struct options *options)
{
    if (options->out && model_positions(model) == 1)
        return "--out is for networks with an answer at each position of a picture";
    if (options->samples && !model->sample)
        return "--samples is for networks with dropout, of which this one has none: all samples would be "
               "alike";
    if (options->interval > 0 && model->output != OUTPUT_NORMAL)
        return "--interval is for networks with 'output normal', which tells how far a target strays from "
               "its mean";
    return NULL;
}

int command_predict(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct trained trained;
    const char *fault = fault_of(model, options);
    if (fault) {
        fprintf(stderr, "%s predict: %s\n", model->name, fault);
        return EXIT_USAGE;
    }
    if (!trained_open(&trained, model, options->model, &problem))
        return command_failed(&problem);
    const bool is_done = predict_files(model, options, &trained, &problem);
    trained_close(&trained);
    return is_done ? EXIT_DONE : command_failed(&problem);
}
