/* page_network.c - what a network is made of and what it looks for, whatever the input. */
#include <stdlib.h>
#include <string.h>

#include "data/pool.h"
#include "look/filters.h"
#include "look/look.h"

enum { UNIT_WIDTH = 140 };

static void show_filters(struct look *look, const struct model_tensor *tensor, const struct filters *filters)
{
    struct picture picture;
    char file[ALBUM_NAME], caption[600], part[160] = "";
    const int length = (int)strcspn(tensor->name, "."), shown = filters->shown_filters;
    const char *order = filters->is_one_tile  ? ""
                        : filters->is_upright ? ", a row for each, a column for each channel"
                                              : ", a column for each, a row for each channel";
    if (!filters_draw(&picture, filters, tensor, model_parameters(look->model, look->trained.net)))
        look->album.has_failed = true;
    if (!filters->is_one_tile && filters->shown_channels < filters->channels)
        snprintf(part, sizeof part, " The first %d are shown, with the first %d channels of each.", shown,
                 filters->shown_channels);
    else if (shown < filters->filters)
        snprintf(part, sizeof part, " The first %d are shown.", shown);
    snprintf(file, sizeof file, "filters-%.*s.png", length, tensor->name);
    snprintf(caption, sizeof caption, "%.*s: %d of %dx%dx%d%s.%s", length, tensor->name, filters->filters,
             tensor->height, tensor->width, filters->channels, order, part);
    look_show(look, &picture, 0, file, "weights of the filters", caption);
}

/* The next tensor from number `i` on that is worth a picture; tensor_count: none. */
static int next_filters(const struct model *model, int i, struct filters *filters)
{
    while (i < model->tensor_count && !filters_plan(filters, model, &model->tensors[i]))
        i++;
    return i;
}

/* Those of the first layer, and folded away those of all others. */
void look_at_filters(struct look *look)
{
    const struct model *model = look->model;
    struct html *page = &look->album.page;
    struct filters filters;
    int i = next_filters(model, 0, &filters);
    if (i == model->tensor_count)
        return;
    html_heading(page, "Filters");
    html_paragraph(page,
                   "A filter slides over what lies below it and answers where that looks like the filter: "
                   "red weights want bright, blue ones dark, white ones do not care. In the first layer "
                   "these are edges and spots, sometimes in colour; what the later ones combine is "
                   "better seen in what their layers give, above.");
    html_gallery_begin(page);
    show_filters(look, &model->tensors[i], &filters);
    html_gallery_end(page);
    i = next_filters(model, i + 1, &filters);
    if (i == model->tensor_count)
        return;
    html_fold_begin(page, "Filters of later layers", false);
    html_gallery_begin(page);
    for (; i < model->tensor_count; i = next_filters(model, i + 1, &filters))
        show_filters(look, &model->tensors[i], &filters);
    html_gallery_end(page);
    html_fold_end(page);
}

/* From its darkest to its brightest pixels: the pull towards 0 leaves these pictures faint. */
static bool draw_stretched(const struct map *input, struct picture *to)
{
    struct look_range range;
    look_range_create(&range, input->channels);
    for (int c = 0; c < input->channels; c++) {
        struct map channel;
        map_channel(&channel, input, c);
        range.low[c] = map_quantile(&channel, 0.005);
        range.high[c] = map_quantile(&channel, 0.995);
        map_release(&channel);
    }
    bool is_drawn = look_draw_input(input, &range, to);
    look_range_release(&range);
    return is_drawn;
}

/* Without a gradient at the start there is nothing to climb by. */
static void show_unit(struct look *look, const struct maximise_result *result, const char *file,
                      const char *name)
{
    struct picture picture;
    char caption[400];
    if (!draw_stretched(&result->input, &picture))
        look->album.has_failed = true;
    if (result->after > result->before)
        snprintf(caption, sizeof caption, "%.200s: %.3g → %.3g", name, result->before, result->after);
    else
        snprintf(caption, sizeof caption, "%.200s: stays silent", name);
    look_show(look, &picture, UNIT_WIDTH, file, "the picture that excites this unit", caption);
}

/* `count` units of a layer from number `first` on; those of the score layer have names. */
static void show_units(struct look *look, int layer, int first, int count)
{
    struct unit *units = memory_resize(NULL, (size_t)count, sizeof *units);
    struct maximise_result *results = memory_resize(NULL, (size_t)count, sizeof *results);
    for (int i = 0; i < count; i++)
        units[i] = (struct unit){layer, first + i};
    maximise(&look->insight, units, count, &look->range, look->seed, results);
    html_gallery_begin(&look->album.page);
    for (int i = 0; i < count; i++) {
        char file[ALBUM_NAME], number[32], name[32];
        bool is_class = layer == look->score_layer;
        snprintf(name, sizeof name, "unit %d", first + i);
        snprintf(file, sizeof file, "excites-%s-%d.png", look->model->layers[layer].label, first + i);
        show_unit(look, &results[i], file,
                  is_class ? look_class_name(look, first + i, number, sizeof number) : name);
        map_release(&results[i].input);
    }
    html_gallery_end(&look->album.page);
    free(units);
    free(results);
}

static void show_classes(struct look *look)
{
    int count = look->score_count < LOOK_CLASSES_MOST ? look->score_count : LOOK_CLASSES_MOST;
    int first = look->class >= 0 ? look->class : 0;
    html_heading(&look->album.page, "What excites each class most");
    html_paragraph(
        &look->album.page,
        "Beginning with faint noise, pixels were changed step by step so that the score of a class rose "
        "(activation maximisation). What comes out is what the network answers to, not what a person "
        "would draw: it is content with much less. The numbers are the score at first and at last; each "
        "picture is shown from its darkest to its brightest.");
    if (count < look->score_count && look->class < 0)
        html_note(&look->album.page, "The first %d of %d classes; --class NAME shows another.", count,
                  look->score_count);
    show_units(look, look->score_layer, first, look->class >= 0 ? 1 : count);
}

static void show_layer(struct look *look)
{
    const struct model_layer *layer = &look->model->layers[look->layer];
    char title[200];
    int first = look->unit >= 0 ? look->unit : 0, channels = layer->shape.channels;
    int count = look->unit >= 0 ? 1 : channels < LOOK_UNITS ? channels : LOOK_UNITS;
    snprintf(title, sizeof title, "What excites layer %.100s most", layer->label);
    html_heading(&look->album.page, title);
    html_paragraph(&look->album.page,
                   "The same for %s of %s (%s). A unit that gives nothing for the noise at the start has no "
                   "gradient to climb by and stays silent.",
                   layer->shape.height * layer->shape.width > 1
                       ? "the channels, by their mean over all places,"
                       : "the units",
                   layer->label, layer->kind);
    if (count < channels && look->unit < 0)
        html_note(&look->album.page, "The first %d of %d; --unit N shows another.", count, channels);
    show_units(look, look->layer, first, count);
}

void look_at_units(struct look *look)
{
    if (!look_has_pictures(look))
        return;
    if (look->score_layer >= 0)
        show_classes(look);
    if (look->layer > 0 && look->layer != look->score_layer)
        show_layer(look);
}
