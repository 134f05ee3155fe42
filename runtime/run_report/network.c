/* network.c - sections about what was trained: weights and layers, the record of the run, the .net text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "report/chart.h"
#include "run/commands.h"
#include "run/record.h"
#include "run/weights.h"
#include "run_report/sections.h"

enum { BINS = 40, HISTOGRAMS = 40 };

/* Of one tensor. */
struct spread {
    size_t count, zeros;
    double sum, square, least, most;
    double bins[BINS];
};

static void add_weight(void *context, size_t element, real *weight)
{
    struct spread *spread = context;
    const double value = (double)*weight;
    spread->least = element ? fmin(spread->least, value) : value;
    spread->most = element ? fmax(spread->most, value) : value;
    spread->count++;
    spread->zeros += *weight == 0;
    spread->sum += value;
    spread->square += value * value;
}

static void count_weight(void *context, size_t element, real *weight)
{
    struct spread *spread = context;
    const double span = spread->most - spread->least;
    const int bin = span > 0 ? (int)(((double)*weight - spread->least) / span * BINS) : BINS / 2;
    (void)element;
    spread->bins[bin < BINS ? bin : BINS - 1]++;
}

static void measure(struct spread *spread, const struct model_tensor *tensor, real *parameters)
{
    *spread = (struct spread){0};
    weights_for_each(tensor, parameters, add_weight, spread);
    weights_for_each(tensor, parameters, count_weight, spread);
}

static const char *size_text(const struct model_tensor *tensor, char *text, size_t size)
{
    if (tensor->rank == 4)
        snprintf(text, size, "%dx%dx%dx%d", tensor->filters, tensor->channels, tensor->height, tensor->width);
    else if (tensor->rank == 2)
        snprintf(text, size, "%dx%d", tensor->filters, tensor->channels * tensor->height * tensor->width);
    else
        snprintf(text, size, "%d", tensor->filters);
    return text;
}

static void print_tensors(struct html *page, const struct model *model, real *parameters)
{
    static const struct html_column columns[] = {{"tensor", false}, {"size", true},       {"norm", true},
                                                 {"mean", true},    {"deviation", true},  {"least", true},
                                                 {"largest", true}, {"exact zeros", true}};
    html_table_begin(page, NULL, columns, 8);
    for (int i = 0; i < model->tensor_count; i++) {
        const struct model_tensor *tensor = &model->tensors[i];
        struct spread spread;
        char size[64];
        measure(&spread, tensor, parameters);
        const double count = (double)spread.count, mean = spread.sum / count;
        html_row(page);
        html_cell(page, "%s%s", tensor->name, tensor->init & TENSOR_FROZEN ? " (frozen)" : "");
        html_cell(page, "%s", size_text(tensor, size, sizeof size));
        html_cell(page, "%.4g", sqrt(spread.square));
        html_cell(page, "%.3g", mean);
        html_cell(page, "%.3g", sqrt(fmax(0, spread.square / count - mean * mean)));
        html_cell(page, "%.3g", spread.least);
        html_cell(page, "%.3g", spread.most);
        html_cell(page, "%.1f %%", 100 * (double)spread.zeros / count);
    }
    html_table_end(page);
}

static void print_histogram(struct html *page, const struct model_tensor *tensor, real *parameters)
{
    struct spread spread;
    double middle[BINS];
    measure(&spread, tensor, parameters);
    if (!(spread.most > spread.least))
        return;
    for (int i = 0; i < BINS; i++)
        middle[i] = spread.least + (i + 0.5) * (spread.most - spread.least) / BINS;
    const struct chart_series bars = {
        .mark = CHART_BARS, .colour = 2, .count = BINS, .x = middle, .y = spread.bins};
    chart_print(page, &(struct chart){.title = tensor->name,
                                      .x_name = "weight",
                                      .is_y_whole = true,
                                      .series = &bars,
                                      .series_count = 1});
}

void section_weights(struct html *page, const struct reported *reported)
{
    const struct model *model = reported->record->model;
    real *parameters = model_parameters(model, reported->net);
    int shown = 0, left = 0;
    if (!model->tensor_count)
        return;
    html_heading(page, "Weights");
    print_tensors(page, model, parameters);
    html_figures_begin(page);
    for (int i = 0; i < model->tensor_count; i++) {
        const bool is_weight = model->tensors[i].rank > 1 && weights_count(&model->tensors[i]) >= 8;
        if (is_weight && shown < HISTOGRAMS) {
            print_histogram(page, &model->tensors[i], parameters);
            shown++;
        } else {
            left += is_weight;
        }
    }
    html_figures_end(page);
    if (left)
        html_note(page, "Histograms of the first %d weights; %d more have none here.", shown, left);
}

void section_layers(struct html *page, const struct reported *reported)
{
    static const struct html_column columns[] = {
        {"layer", false}, {"kind", false}, {"shape", true}, {"parameters", true}, {"FLOP", true}};
    const struct model *model = reported->record->model;
    int64_t parameters = 0, flop = 0;
    char text[64], parameters_text[32];
    html_heading(page, "Layers");
    html_table_begin(page, NULL, columns, 5);
    for (int i = 0; i < model->layer_count; i++) {
        const struct model_layer *layer = &model->layers[i];
        parameters += layer->parameters;
        flop += layer->flop;
        html_row(page);
        html_cell(page, "%s", layer->label);
        html_cell(page, "%s", layer->kind);
        html_cell(page, "%s", shape_text(&layer->shape, text, sizeof text));
        snprintf(parameters_text, sizeof parameters_text, "%lld", (long long)layer->parameters);
        html_cell(page, "%s", layer->parameters ? parameters_text : "");
        html_cell(page, "%s", layer->flop ? flop_text((double)layer->flop, text, sizeof text) : "");
    }
    html_table_end(page);
    html_note(page, "%lld parameters, %s FLOP forward per example, %s in training for batches of %d.",
              (long long)parameters, flop_text((double)flop, text, sizeof text),
              bytes_text((double)model->memory, (char[64]){0}, 64), model->settings.batch);
}

/* The record as lists of pairs: a map of the outermost level has a title, those within put their names before
 * those of their pairs. */
struct listing {
    struct html *page;
    char inner[256];   /* "by sex " within groups */
    size_t starts[16]; /* of the names in it */
    int depth;
};

static void open_list(void *context, const char *name)
{
    struct listing *listing = context;
    const size_t length = strlen(listing->inner);
    if (listing->depth == 0) {
        html_pairs_end(listing->page);
        html_pairs_begin(listing->page, name);
    } else {
        snprintf(listing->inner + length, sizeof listing->inner - length, "%s ", name);
    }
    listing->starts[listing->depth++] = length;
}

static void close_list(void *context)
{
    struct listing *listing = context;
    listing->inner[listing->starts[--listing->depth]] = 0;
}

static void list_pair(void *context, const char *name, char *text)
{
    const struct listing *listing = context;
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", listing->inner, name);
    for (char *at = whole; *at; at++)
        *at = *at == '_' ? ' ' : *at;
    html_fact(listing->page, whole, "%s", text);
}

static void list_names(void *context, const char *name, const json_t *names)
{
    size_t length = 1;
    for (size_t i = 0; i < json_array_size(names); i++)
        length += strlen(json_string_value(json_array_get(names, i))) + 1;
    char *text = memory_resize(NULL, length, 1), *at = text;
    *at = 0;
    for (size_t i = 0; i < json_array_size(names); i++)
        at += sprintf(at, "%s%s", i ? " " : "", json_string_value(json_array_get(names, i)));
    list_pair(context, name, text);
    free(text);
}

void section_record(struct html *page, const struct reported *reported)
{
    struct listing listing = {.page = page};
    const struct record_sink sink = {&listing, open_list, close_list, list_pair, list_names};
    html_heading(page, "Record");
    html_figures_begin(page);
    html_pairs_begin(page, "network");
    record_tell(reported->record, &sink);
    html_pairs_end(page);
    html_figures_end(page);
}

void section_text(struct html *page, const struct reported *reported)
{
    (void)reported;
    if (!model_source.length)
        return;
    html_heading(page, model_source.path);
    html_listing(page, model_source.text);
}
