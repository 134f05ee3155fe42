/* look.c - `NAME look`: a folder of pictures and a page about what a trained network sees in some inputs.
 *
 *     lenet5 look --model runs/lenet5-1/model.safetensors shirt.png
 *         ->    looks/lenet5-1/index.html, 1-gradient.png, filters-c1.png, … */
#include "look/look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "look/palette.h"
#include "run/commands.h"
#include "run/run_folder.h"

void look_show(struct look *look, struct picture *picture, int width, const char *file,
               const char *description, const char *caption)
{
    int shown = width > 0 ? width : picture->width;
    album_add(&look->album, picture, file);
    html_picture(&look->album.page, file, description, shown, "%s", caption);
}

static unsigned char sample_of(const struct map *input, const struct look_range *range, size_t i)
{
    int c = (int)(i % (size_t)input->channels);
    double low = range->low[c], high = range->high[c];
    double share = high > low ? (input->values[i] - low) / (high - low) : 0;
    return share > 0 ? (unsigned char)(share < 1 ? 255 * share + 0.5 : 255) : 0;
}

bool look_draw_input(const struct map *input, const struct look_range *range, struct picture *to)
{
    int channels = input->channels, tiles = channels == 1 || channels == 3 || channels == 4 ? 1 : channels;
    if (!picture_create(to, input->height, input->width * tiles, tiles > 1 ? 1 : channels))
        return false;
    for (size_t i = 0; i < map_size(input) && tiles == 1; i++)
        to->samples[i] = sample_of(input, range, i);
    for (size_t i = 0; i < map_size(input) && tiles > 1; i++) {
        int place = (int)(i / (size_t)channels), c = (int)(i % (size_t)channels);
        *picture_at(to, place / input->width, c * input->width + place % input->width) =
            sample_of(input, range, i);
    }
    return true;
}

/* A strip for each palette, which the page explains once. */
static void show_palette(struct look *look, const char *name, struct colour (*palette)(double), double low,
                         const char *caption)
{
    enum { WIDTH = 160, HEIGHT = 14 };
    struct picture strip;
    char file[64];
    if (!picture_create(&strip, HEIGHT, WIDTH, 3))
        look->album.has_failed = true;
    for (int y = 0; strip.samples && y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            struct colour colour = palette(low + (1 - low) * x / (WIDTH - 1));
            memcpy(picture_at(&strip, y, x), (unsigned char[]){colour.red, colour.green, colour.blue}, 3);
        }
    snprintf(file, sizeof file, "colours-%s.png", name);
    look_show(look, &strip, WIDTH, file, "colours", caption);
}

static void show_opening(struct look *look)
{
    struct html *page = &look->album.page;
    const size_t count = dataset_split(look->data, "predict")->count;
    html_paragraph(
        page,
        "Made by %s look. A trained network is a chain of layers; this page shows what each of them gives "
        "for an input, and which parts of the input the answer rests on.",
        look->model->name);
    if (count > (size_t)look->input_count)
        html_note(page, "The first %d of %zu inputs are shown.", look->input_count, count);
    if (!look_has_pictures(look))
        html_note(page, "The input of this network is a vector, not a picture: so there are no filters, no "
                        "Grad-CAM and no picture that excites a class; features take the place of pixels.");
    if (look->score_layer < 0)
        html_note(page,
                  "The output of this network is a picture: there is no class whose score could be traced "
                  "back, so gradients and Grad-CAM are left out.");
    html_gallery_begin(page);
    show_palette(look, "level", palette_level, 0, "0 to the largest: how strongly a unit answers");
    show_palette(look, "signed", palette_signed, -1, "below 0, 0, above 0: against and for");
    if (look->score_layer >= 0 && look_has_pictures(look))
        show_palette(look, "heat", palette_heat, 0, "little to much: what counts");
    html_gallery_end(page);
}

static bool look_open(struct look *look, struct problem *problem)
{
    const struct options *options = look->options;
    if (!run_folder_is_free(options->out, problem) ||
        !trained_open(&look->trained, look->model, options->model, problem) || !look_choose(look, problem))
        return false;
    look->data = dataset_open_inputs(options->files, options->file_count, look->model,
                                     &look->trained.file.normaliser, problem);
    if (!look->data || !insight_open(&look->insight, look->model, look->trained.net, problem))
        return false;
    size_t count = dataset_split(look->data, "predict")->count;
    look->input_count = count < LOOK_INPUTS_MOST ? (int)count : LOOK_INPUTS_MOST;
    look_find_range(look);
    return true;
}

/* What it is at, for who waits at a terminal. */
static void say(const char *what)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%.100s", what);
}

static void look_make(struct look *look)
{
    char title[200];
    snprintf(title, sizeof title, "What %.100s sees", look->model->name);
    album_begin(&look->album, title);
    show_opening(look);
    for (int i = 0; i < look->input_count; i++) {
        say(dataset_example_name(look->data, (size_t)i));
        look_at_input(look, (size_t)i);
    }
    say("filters");
    look_at_filters(look);
    say("what excites classes and units");
    look_at_units(look);
    say("");
}

static bool look_save(struct look *look, struct problem *problem)
{
    char folder[4096];
    bool was_there = look->options->out && access(look->options->out, F_OK) == 0;
    if (!run_folder_create("looks", look->model->name, look->options->out, folder, sizeof folder, problem))
        return false;
    if (!album_save(&look->album, folder, problem)) {
        if (!was_there)
            rmdir(folder);
        return false;
    }
    printf("%d pictures and index.html are in %s\n", look->album.file_count, folder);
    return true;
}

static void look_close(struct look *look)
{
    album_release(&look->album);
    insight_close(&look->insight);
    look_range_release(&look->range);
    dataset_close(look->data);
    trained_close(&look->trained);
}

int command_look(const struct model *model, const struct options *options)
{
    struct problem problem = {{0}};
    struct look look = {.model = model, .options = options, .seed = options->has_seed ? options->seed : 1};
    bool is_done = look_open(&look, &problem);
    if (is_done) {
        look_make(&look);
        is_done = look_save(&look, &problem);
    }
    look_close(&look);
    return is_done ? EXIT_DONE : command_failed(&problem);
}
