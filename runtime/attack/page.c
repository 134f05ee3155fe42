/* page.c - `attack --out FILE.html`: the curve over ε, the table, and the surest mistakes as pictures: the
 * input, what was added, and what the network took for something else. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "attack/attack.h"
#include "data/pool.h"
#include "problem.h"
#include "report/chart.h"
#include "report/png.h"
#include "run/figures.h"
#include "run/output_file.h"

struct attack_page {
    const struct attack *attack;
    struct html page;
    bool has_failed; /* a picture: for want of memory */
};

static double figure_of(const struct attack *attack, const struct attack_row *row)
{
    const struct metric *metric = metric_of(attack->model);
    return metric->scale * metric_value(metric, &row->score, &attack->trained.file.normaliser);
}

static const char *epsilon_text(const struct attack *attack)
{
    return dataset_input_space(attack->trained.data)->is_picture ? "ε, in the values of the data as scaled"
                                                                 : "ε, in the values that the network sees";
}

static void show_curves(struct attack_page *to)
{
    const struct attack *attack = to->attack;
    const bool is_share = metric_is_share(metric_of(attack->model));
    const size_t count = (size_t)attack->row_count;
    double *numbers = memory_resize(NULL, 3 * count, sizeof *numbers);
    double *epsilon = numbers, *figure = numbers + count, *loss = numbers + 2 * count;
    for (int i = 0; i < attack->row_count; i++) {
        epsilon[i] = attack->rows[i].epsilon;
        figure[i] = figure_of(attack, &attack->rows[i]);
        loss[i] = score_loss(&attack->rows[i].score);
    }
    struct chart_series line = {
        .mark = CHART_LINE, .colour = 0, .count = attack->row_count, .x = epsilon, .y = figure};
    struct chart_series points = line;
    points.mark = CHART_POINTS;
    struct chart_series series[] = {line, points};
    struct chart chart = {.title = is_share ? "Accuracy under attack" : "Error under attack",
                          .x_name = epsilon_text(attack),
                          .y_name = is_share ? "%" : "RMSE",
                          .has_zero = true,
                          .y_high = is_share ? 100 : 0,
                          .series = series,
                          .series_count = 2};
    html_figures_begin(&to->page);
    chart_print(&to->page, &chart);
    series[0].y = series[1].y = loss;
    chart.title = "Loss under attack";
    chart.y_name = "loss";
    chart.y_high = 0;
    chart_print(&to->page, &chart);
    html_figures_end(&to->page);
    free(numbers);
}

static void show_table(struct attack_page *to)
{
    const struct attack *attack = to->attack;
    const struct metric *metric = metric_of(attack->model);
    const struct html_column columns[] = {{"ε", true}, {metric->name, true}, {"loss", true}};
    html_table_begin(&to->page, NULL, columns, 3);
    for (int i = 0; i < attack->row_count; i++) {
        const struct attack_row *row = &attack->rows[i];
        html_row(&to->page);
        html_cell(&to->page, "%.6g", row->epsilon);
        html_cell(&to->page, "%.*f%s", metric->decimals, figure_of(attack, row), metric->unit);
        html_cell(&to->page, "%.4f", score_loss(&row->score));
    }
    html_table_end(&to->page);
}

static unsigned char sample_of(double share)
{
    return share > 0 ? (unsigned char)(share < 1 ? 255 * share + 0.5 : 255) : 0;
}

/* The input, or, with `less`, how far it was moved from that: grey where it was not. */
static bool draw(const struct attack *attack, const real *input, const real *less, struct picture *to)
{
    const struct input_space *space = dataset_input_space(attack->trained.data);
    const struct model_shape *shape = &attack->model->input;
    double largest = 0;
    if (!picture_create(to, shape->height, shape->width, shape->channels))
        return false;
    for (size_t i = 0; less && i < attack->size; i++)
        largest =
            fmax(largest, fabs((double)(input[i] - less[i]) / (double)space->unit[i % (size_t)space->count]));
    for (size_t i = 0; i < attack->size; i++) {
        const size_t k = i % (size_t)space->count;
        const double low = (double)space->low[k], high = (double)space->high[k];
        const double moved = less ? (double)(input[i] - less[i]) / (double)space->unit[k] : 0;
        to->samples[i] = less ? sample_of(0.5 + (largest > 0 ? moved / largest / 2 : 0))
                              : sample_of(high > low ? ((double)input[i] - low) / (high - low) : 0);
    }
    return true;
}

/* The three side by side, enlarged; NULL without memory. */
static char *draw_example(const struct attack *attack, const struct attack_example *example, int *width)
{
    const struct model_shape *shape = &attack->model->input;
    const int times = shape->width < 96 ? 96 / shape->width : 1, gap = 6;
    const real *inputs[] = {example->clean, example->moved, example->moved};
    struct picture strip = {0};
    *width = 3 * shape->width * times + 2 * gap;
    bool is_good = picture_create(&strip, shape->height * times, *width, 4);
    for (int i = 0; i < 3 && is_good; i++) {
        struct picture small = {0}, large = {0};
        is_good = draw(attack, inputs[i], i == 1 ? example->clean : NULL, &small) &&
                  picture_enlarge(&large, &small, times);
        if (is_good)
            picture_place(&strip, &large, 0, i * (shape->width * times + gap));
        picture_release(&small);
        picture_release(&large);
    }
    char *address = is_good ? png_data_uri(&strip) : NULL;
    picture_release(&strip);
    return address;
}

static void show_example(struct attack_page *to, const struct attack_example *example)
{
    char target[16], answer[16];
    int width;
    char *address = draw_example(to->attack, example, &width);
    const char *was = attack_class_name(to->attack, example->target, target, sizeof target);
    const char *became = attack_class_name(to->attack, example->answer, answer, sizeof answer);
    if (address)
        html_picture(&to->page, address, "the input, what was added, and both together", width,
                     "%s (%.1f %%) → %s (%.1f %%)", was, 100 * example->before, became, 100 * example->after);
    else
        to->has_failed = true;
    free(address);
}

static void show_strongest(struct attack_page *to)
{
    const struct attack *attack = to->attack;
    bool has_any = false;
    for (int i = 0; i < attack->row_count; i++) {
        const struct attack_row *row = &attack->rows[i];
        if (!row->strong_count || !attack_has_pictures(attack))
            continue;
        if (!has_any) {
            html_heading(&to->page, "The surest mistakes");
            html_paragraph(&to->page,
                           "Of the examples that were right and are wrong now, those with the most probable "
                           "wrong answer: the input, what was added to it (grey: nothing; black and white: "
                           "the most), and what the network was then shown.");
        }
        has_any = true;
        char title[64];
        snprintf(title, sizeof title, "ε = %.6g", row->epsilon);
        html_subheading(&to->page, title);
        html_gallery_begin(&to->page);
        for (int k = 0; k < row->strong_count; k++)
            show_example(to, &row->strong[k]);
        html_gallery_end(&to->page);
    }
}

static void show_opening(struct attack_page *to)
{
    const struct attack *attack = to->attack;
    const struct options *options = attack->options;
    const struct adversary adversary = attack_adversary(attack, 1);
    const char *start = adversary.starts_anywhere ? "a random place within ε" : "the input";
    html_paragraph(
        &to->page,
        "%zu examples of %s, each moved by at most ε to where its loss is larger; %s of the change is what "
        "ε bounds.",
        attack->examples.count, options->split,
        options->norm == NORM_2 ? "the Euclidean length" : "the largest number");
    if (options->method == METHOD_FGSM)
        html_note(&to->page, "Fast gradient sign method: one step of ε%s.",
                  options->norm == NORM_2 ? " along the gradient" : " along the sign of the gradient");
    else if (options->step_size > 0)
        html_note(&to->page, "Projected gradient descent: %d steps of %.6g from %s.", adversary.steps,
                  options->step_size, start);
    else
        html_note(&to->page, "Projected gradient descent: %d steps of %.3g ε from %s.", adversary.steps,
                  adversary.step, start);
}

bool attack_write_page(const struct attack *attack, const char *path, struct problem *problem)
{
    struct attack_page to = {.attack = attack};
    struct output_file file;
    char title[256];
    if (!output_file_open(&file, path, problem))
        return false;
    snprintf(title, sizeof title, "%.100s under attack", attack->model->name);
    html_begin(&to.page, file.stream, title);
    show_opening(&to);
    show_curves(&to);
    show_table(&to);
    show_strongest(&to);
    if (html_end(&to.page) && !to.has_failed)
        return output_file_commit(&file, problem);
    return output_file_fail(&file, "there is no memory for its pictures", problem);
}
